"""The wheels that run on Lambda's Python 3.12, whatever this machine is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

PYTHON_VERSION: Final = "3.12"

PLATFORMS: Final = (
    "manylinux_2_34_x86_64",  # Amazon Linux 2023 has glibc 2.34 and runs what was built for it or for an older one
    "manylinux_2_28_x86_64",
    "manylinux_2_27_x86_64",
    "manylinux_2_26_x86_64",
    "manylinux_2_17_x86_64",
    "manylinux2014_x86_64",
)


def install(lock: Path, folder: Path, *, dry_run: bool = False) -> None:
    """Install into `folder` exactly what `lock` names, by its hashes; with `dry_run`, only find out whether it can be.

    Raises:
        RuntimeError: pip could not do it, with what it wrote: no wheel for the platform, or another hash.
    """
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet"]
    command += ["--no-deps", "--require-hashes", "--only-binary=:all:", "--no-compile", "--target", str(folder)]
    command += ["--implementation", "cp", "--python-version", PYTHON_VERSION]
    # The lock was solved for that Python, but `pip install` measures some packages by the Python it runs on itself.
    command += ["--ignore-requires-python"]
    for platform in PLATFORMS:
        command += ["--platform", platform]
    if dry_run:
        command += ["--dry-run", "--ignore-installed"]
    # A user's configuration may ask for a place to install to, which pip does not allow beside a target.
    environment = {**os.environ, "PIP_USER": "0"}
    ran = subprocess.run([*command, "-r", str(lock)], env=environment, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        raise RuntimeError(f"pip cannot install {lock.name} for {PLATFORMS[0]}:\n{ran.stderr.strip()}")
