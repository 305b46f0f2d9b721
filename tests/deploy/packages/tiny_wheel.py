"""Wheels of a few lines, a lock that names them, and pip that finds them and nothing else: no network."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

METADATA = "Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\nRequires-Python: >=3.12\n"


def make_wheel(folder: Path, name: str, tag: str = "py3-none-any") -> Path:
    """A wheel with one module, its tests, a command's entry, and a licence."""
    path = folder / f"{name}-1.0-{tag}.whl"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{name}/__init__.py", "def answer() -> int:\n    return 42\n")
        wheel.writestr(f"{name}/tests/test_{name}.py", "raise AssertionError\n")
        wheel.writestr(f"{info}/METADATA", METADATA.format(name=name))
        wheel.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        wheel.writestr(f"{info}/licenses/LICENSE", "Do what you like.\n")
        wheel.writestr(f"{info}/RECORD", "")
    return path


def make_lock(folder: Path, *wheels: Path, sha256: str | None = None) -> Path:
    """A lock of these wheels, by their hashes or by another one."""
    lock = folder / "tiny.lock"
    lines = []
    for wheel in wheels:
        digest = sha256 or hashlib.sha256(wheel.read_bytes()).hexdigest()
        lines.append(f"{wheel.name.split('-')[0]}==1.0 \\\n    --hash=sha256:{digest}\n")
    lock.write_text("".join(lines))
    return lock


def look_only_into(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Keep pip off the network and away from what this machine has configured."""
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
