"""What makes a function start faster: bytecode ready made, and libraries without their debug symbols."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from packages.wheels import PYTHON_VERSION

LAMBDA_TASK_ROOT: Final = "/var/task"
"""Where Lambda unpacks a function: the file names in tracebacks."""


def find_python() -> str | None:
    """A Python of Lambda's version, whose bytecode Lambda can read; None where there is none."""
    for candidate in (sys.executable, shutil.which(f"python{PYTHON_VERSION}")):
        if candidate is None:
            continue
        ask = [candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        ran = subprocess.run(ask, capture_output=True, text=True, check=False)
        if ran.stdout.strip() == PYTHON_VERSION:  # a shim may exist for a version that is not installed
            return candidate
    return None


def compile_bytecode(folder: Path, python: str) -> None:
    """Compile every module in `folder`, to files that are the same each time.

    A function's folder is read-only: without them, each cold start compiles all that it imports. Lambda need not look
    whether a module is newer than its bytecode, hence "unchecked".

    Raises:
        RuntimeError: A module does not compile, with its name.
    """
    command = [python, "-S", "-m", "compileall", "-q", "-f", "--invalidation-mode", "unchecked-hash"]
    command += ["-s", str(folder), "-p", LAMBDA_TASK_ROOT, str(folder)]
    ran = subprocess.run(
        command, env={**os.environ, "PYTHONHASHSEED": "0"}, capture_output=True, text=True, check=False
    )
    if ran.returncode != 0:
        raise RuntimeError(f"not everything compiles under {python}:\n{ran.stdout}{ran.stderr}".strip())


def strip_libraries(folder: Path) -> str | None:
    """Remove debug symbols from shared libraries in `folder`; the tool's version, or None where there is no tool.

    Raises:
        RuntimeError: The tool refuses a library, with its name.
    """
    tool = shutil.which("strip")
    if tool is None:
        return None
    libraries = sorted(path for path in folder.rglob("*.so*") if path.is_file())
    if libraries:
        command = [tool, "--strip-debug", "--enable-deterministic-archives", *map(str, libraries)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        if ran.returncode != 0:
            raise RuntimeError(f"{tool} refuses a library:\n{ran.stderr.strip()}")
    version = subprocess.run([tool, "--version"], capture_output=True, text=True, check=True)
    return version.stdout.splitlines()[0]
