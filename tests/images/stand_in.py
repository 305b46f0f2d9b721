"""A stand-in for AWS's base image `public.ecr.aws/lambda/python:3.12`, where that one cannot be pulled.

Ubuntu 24.04 with its own Python 3.12, laid out like AWS's: Python in `/var/lang`, AWS's client of the runtime
(awslambdaric) in `/var/runtime`, the function in `/var/task`. It shows that a Dockerfile builds and that its image runs
read-only, as a user without rights, in little memory. It does not show that the libraries fit Amazon Linux 2023, for
Ubuntu's glibc is newer (2.39, not 2.34): there is `scripts/check-wheels` for that.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import urllib.request
from pathlib import Path
from typing import Final

from packages.wheels import install

from tests.images.buildah import Buildah

NAME: Final = "public.ecr.aws/lambda/python:3.12"
PYTHON: Final = "/var/lang/bin/python"
TASK_ROOT: Final = "/var/task"
ENVIRONMENT: Final = {
    "LANG": "C.UTF-8",
    "PATH": "/var/lang/bin:/usr/local/bin:/usr/bin:/bin:/opt/bin",
    "LAMBDA_TASK_ROOT": TASK_ROOT,
    "LAMBDA_RUNTIME_DIR": "/var/runtime",
    "PYTHONPATH": "/var/runtime",
}

_MIRROR: Final = "http://archive.ubuntu.com/ubuntu"
_KEYRING: Final = "/pool/main/u/ubuntu-keyring/ubuntu-keyring_2023.11.28.1_all.deb"
_KEYRING_SHA256: Final = "36de43b15853ccae0028e9a767613770c704833f82586f28eb262f0311adb8a8"
"""Debian knows no keys of Ubuntu's; with these its packages are checked like any others."""
_PACKAGES: Final = "python3.12-venv,libstdc++6,ca-certificates"
_RUNTIME: Final = ("awslambdaric", "simplejson", "snapshot-restore-py")
_CERTIFICATES: Final = Path("/etc/ssl/certs/ca-certificates.crt")


def ensure(buildah: Buildah, scratch: Path, lock: Path) -> None:
    """Make the stand-in under AWS's name, unless it is there already; `lock` says which awslambdaric."""
    recipe = hashlib.sha256(Path(__file__).read_bytes() + _part_of(lock).encode()).hexdigest()[:16]
    made = f"localhost/stand-in:{recipe}"
    if not buildah.has(made):
        with buildah.container("scratch") as container:
            _fill(container.folder, scratch, lock)
            container.configure(
                *(f"--env={name}={value}" for name, value in ENVIRONMENT.items()), f"--workingdir={TASK_ROOT}"
            )
            container.commit(made)
    buildah.run("tag", made, NAME)


def _fill(root: Path, scratch: Path, lock: Path) -> None:
    keyring = _fetch_keyring(scratch)
    options = ["--quiet", "--variant=minbase", "--components=main,universe", f"--include={_PACKAGES}"]
    subprocess.run(["mmdebstrap", *options, f"--keyring={keyring}", "noble", str(root), _MIRROR], check=True)
    subprocess.run(["chroot", str(root), "python3.12", "-m", "venv", "/var/lang"], check=True)
    (root / TASK_ROOT.lstrip("/")).mkdir()
    wanted = scratch / "runtime.lock"
    wanted.write_text(_part_of(lock))
    install(wanted, root / "var" / "runtime")
    if _CERTIFICATES.is_file():  # pip inside is to trust whom this machine trusts
        shutil.copyfile(_CERTIFICATES, root / _CERTIFICATES.relative_to("/"))


def _fetch_keyring(scratch: Path) -> Path:
    with urllib.request.urlopen(_MIRROR + _KEYRING) as response:
        data: bytes = response.read()
    if hashlib.sha256(data).hexdigest() != _KEYRING_SHA256:
        raise RuntimeError(f"{_MIRROR}{_KEYRING} is not the file that it was")
    package = scratch / "ubuntu-keyring.deb"
    package.write_bytes(data)
    subprocess.run(["dpkg-deb", "--extract", str(package), str(scratch / "keyring")], check=True)
    return scratch / "keyring" / "usr" / "share" / "keyrings" / "ubuntu-archive-keyring.gpg"


def _part_of(lock: Path) -> str:
    """The lines of a lock that are about the runtime's packages, with their hashes."""
    blocks = re.split(r"^(?=\S)", lock.read_text(), flags=re.MULTILINE)
    return "".join(block for block in blocks if block.split("==")[0] in _RUNTIME)
