# shellcheck shell=bash
# What the other scripts share; sourced, not run.

# Print the first Python of at least 3.11 that really runs (a shim may exist for a version that is not installed), or
# SIGHTLINE_PYTHON and no other where that is set.
find_python() {
  local candidate candidates=(python3.13 python3.12 python3.11 python3 python)
  [ -z "${SIGHTLINE_PYTHON:-}" ] || candidates=("$SIGHTLINE_PYTHON")
  for candidate in "${candidates[@]}"; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      echo "$candidate"
      return
    fi
  done
  echo "Sightline needs Python 3.11 or newer; none was found: ${candidates[*]}." >&2
  return 1
}

# Debian and Ubuntu split venv off from Python; install it where we may.
ensure_venv_module() {
  "$1" -c 'import ensurepip, venv' >/dev/null 2>&1 && return
  local package
  package="$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "== $package"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package" >/dev/null && return
  fi
  echo "Python's venv module is missing: install the package $package." >&2
  return 1
}

# fill_venv FOLDER LOCK: a virtual environment with exactly what LOCK names; made again when the lock changes.
fill_venv() {
  local folder="$1" lock="$2" python
  cmp -s "$lock" "$folder/made-from.lock" && return
  python="$(find_python)"
  ensure_venv_module "$python"
  echo "== $folder from $lock ($("$python" -V))"
  rm -rf "$folder"
  "$python" -m venv "$folder"
  echo '*' > "$folder/.gitignore"
  # The lock is complete, and pip takes a requirement with extras (`boto3-stubs[s3]`) for one that it does not name.
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$lock"
  cp "$lock" "$folder/made-from.lock"
}

# make_venv FOLDER LOCK: the same with this package, editable; installed again when pyproject.toml changes.
make_venv() {
  local folder="$1" lock="$2"
  fill_venv "$folder" "$lock"
  if ! cmp -s pyproject.toml "$folder/installed-from.toml"; then
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
    cp pyproject.toml "$folder/installed-from.toml"
  fi
}

# fill_node_modules FOLDER: exactly what the folder's package-lock.json names; where npm is missing, what needs it is
# skipped.
fill_node_modules() {
  local folder="$1"
  command -v npm >/dev/null || return 0
  cmp -s "$folder/package-lock.json" "$folder/node_modules/made-from.json" && return
  npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --silent
  cp "$folder/package-lock.json" "$folder/node_modules/made-from.json"
}

# debian_packages NAMES: install them where we may; fails where we may not.
debian_packages() {
  [ "$(id -u)" = 0 ] && grep -qs '^ID=debian' /etc/os-release || return 1
  echo "== $*"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# npm brings what some tests need: a compiler, and axe-core.
ensure_npm() {
  command -v npm >/dev/null || debian_packages nodejs npm || echo "No npm here: the tests that need it are skipped." >&2
}

# The browser that the pages are tested in is the system's. (Ubuntu's package is a door to a shop of its own, so it is
# installed on Debian alone.) What drives it brings a Node of its own, which needs a library that not every system has.
ensure_browser() {
  local found="" candidate
  for candidate in chromium chromium-browser google-chrome; do
    ! command -v "$candidate" >/dev/null || found="$candidate"
  done
  [ -n "$found" ] || debian_packages chromium || echo "No Chromium here and none to be had: its tests are skipped." >&2
  .venv/bin/playwright --version >/dev/null 2>&1 || debian_packages libatomic1 ||
    echo "Playwright does not run here: .venv/bin/playwright --version says why." >&2
}
