"""Bytecode that Lambda takes without looking, and libraries without debug symbols."""

from __future__ import annotations

import marshal
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from packages.compiling import compile_bytecode, find_python, strip_libraries

UNCHECKED_HASH = 0b01
"""The flags of a `.pyc` (PEP 552): made by the source's hash, which nobody is to look at."""


def test_bytecode_is_found_without_looking_at_the_source(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("NAME = 'value'\n")

    compile_bytecode(tmp_path, sys.executable)

    (made,) = tmp_path.rglob("*.pyc")
    data = made.read_bytes()
    assert int.from_bytes(data[4:8], "little") == UNCHECKED_HASH
    assert marshal.loads(data[16:]).co_filename == "/var/task/module.py"


def test_bytecode_is_the_same_each_time(tmp_path: Path) -> None:
    made = []
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "module.py").write_text("LETTERS = frozenset('abcdefgh')\ndef f(a, b=('x', 'y')): return a in b\n")
        compile_bytecode(folder, sys.executable)
        made += [path.read_bytes() for path in folder.rglob("*.pyc")]

    assert made[0] == made[1]


def test_a_module_that_does_not_compile_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def\n")

    with pytest.raises(RuntimeError, match=r"broken\.py"):
        compile_bytecode(tmp_path, sys.executable)


def test_only_lambdas_python_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shim = tmp_path / "python3.12"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    found = find_python()

    assert found == (sys.executable if sys.version_info[:2] == (3, 12) else None)


@pytest.mark.skipif(shutil.which("strip") is None, reason="needs strip (binutils)")
def test_a_library_is_named_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "lib.so.1").write_text("no library")

    with pytest.raises(RuntimeError, match=r"lib\.so\.1"):
        strip_libraries(tmp_path)


@pytest.mark.skipif(shutil.which("strip") is None, reason="needs strip (binutils)")
def test_a_stripped_library_still_loads(tmp_path: Path) -> None:
    import simplejpeg

    folder = Path(simplejpeg.__file__).parent
    shutil.copytree(folder, tmp_path / "simplejpeg")

    assert "strip" in str(strip_libraries(tmp_path))

    code = "import simplejpeg; print(simplejpeg.__file__)"
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert str(tmp_path) in ran.stdout


def test_without_the_tool_nothing_is_stripped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert strip_libraries(tmp_path) is None
