"""A package from its lock to its zip, with a wheel of a few lines in place of hundreds of megabytes."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import package
import pytest
from package import PackageError, build_zip, main, unpack
from packages import pruning
from packages.compiling import find_python
from packages.products import FUNCTIONS, Function, Product

from tests.deploy.packages.tiny_wheel import look_only_into, make_lock, make_wheel


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A crack function that needs one small library, and the rules that find something in it."""
    look_only_into(monkeypatch, tmp_path)
    lock = make_lock(tmp_path, make_wheel(tmp_path, "tiny"))
    for name in ("aws/crack.py", "models/crack.onnx", "models/face_landmarker.task", "cli/app.py"):
        file = tmp_path / "sightline" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    monkeypatch.setattr(package, "SOURCES", tmp_path / "sightline")
    monkeypatch.setitem(FUNCTIONS, "crack", Function(lock=lock, handler=FUNCTIONS["crack"].handler))
    about = {"*/tests/*", "*.dist-info/RECORD", "sightline/cli/*", "sightline/models/face_landmark*"}
    chosen = tuple(rule for rule in pruning.rules("crack") if rule.pattern in about)
    monkeypatch.setattr(pruning, "rules", lambda product: chosen)


def test_a_zip_has_the_handler_the_code_the_libraries_and_their_licences(tiny: None, tmp_path: Path) -> None:
    built = build_zip("crack", tmp_path / "out/crack.zip")

    with zipfile.ZipFile(built.path) as packed:
        names = set(packed.namelist())
        unpacked_bytes = sum(entry.file_size for entry in packed.infolist())
    assert {
        "lambda_handler.py", "sightline/aws/crack.py", "sightline/models/crack.onnx", "tiny/__init__.py",
        "tiny-1.0.dist-info/licenses/LICENSE", "LICENSE", "NOTICE",
    } <= names  # fmt: skip
    assert not [name for name in names if "tests" in name or "/cli/" in name or "face_landmark" in name]
    assert built.unpacked_bytes == unpacked_bytes == sum(built.parts.values())
    assert {"lambda_handler", "sightline", "tiny", "licences, metadata"} == set(built.parts)


def test_the_same_files_make_the_same_zip(tiny: None, tmp_path: Path) -> None:
    first, second = (build_zip("crack", tmp_path / f"{turn}.zip") for turn in range(2))

    assert first.sha256 == second.sha256
    assert first.path.read_bytes() == second.path.read_bytes()


def test_a_package_over_lambdas_limit_is_refused(tiny: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "LIMIT_BYTES", 1000)

    with pytest.raises(PackageError, match=r"the crack package has \d+ bytes, Lambda takes 1000"):
        build_zip("crack", tmp_path / "crack.zip")
    assert not (tmp_path / "crack.zip").exists()


def test_a_rule_that_has_outlived_its_library_is_an_error(
    tiny: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "rules", lambda product: (pruning.Rule("gone/*", "what once was"),))

    with pytest.raises(PackageError, match=r"find nothing in crack: gone/\*"):
        build_zip("crack", tmp_path / "crack.zip")


def test_a_folder_with_something_in_it_is_left_alone(tiny: None, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/file").write_text("")

    with pytest.raises(PackageError, match="mine is not empty"):
        unpack("crack", tmp_path / "mine")


def test_a_wheel_that_is_missing_is_named(tiny: None, tmp_path: Path) -> None:
    FUNCTIONS["crack"].lock.write_text("absent==1.0 --hash=sha256:" + "0" * 64)

    with pytest.raises(PackageError, match=r"the crack package cannot be made: pip cannot install(.|\n)*absent==1\.0"):
        build_zip("crack", tmp_path / "crack.zip")


def test_the_command_builds_and_tells(
    tiny: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["package", "crack", "--out", str(tmp_path / "out")])

    assert main() == 0

    shown = capsys.readouterr().out
    assert "together" in shown
    assert f"{tmp_path}/out/crack.zip" in shown


def test_the_command_tells_what_is_wrong_in_a_line(
    tiny: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    FUNCTIONS["crack"].lock.write_text("absent==1.0 --hash=sha256:" + "0" * 64)
    monkeypatch.setattr(sys, "argv", ["package", "crack", "--check-wheels"])

    assert main() == 1
    assert capsys.readouterr().err.startswith("package: pip cannot install tiny.lock")


def test_a_package_without_bytecode_says_so(
    tiny: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(package, "find_python", lambda: None)

    contents = unpack("crack", tmp_path / "task")

    assert not list(contents.folder.rglob("*.pyc"))
    assert "no bytecode" in contents.notes[1]
    assert "each cold start compiles" in capsys.readouterr().err


@pytest.mark.skipif(find_python() is None, reason="needs a Python 3.12, whose bytecode Lambda reads")
def test_a_package_has_bytecode_of_every_module(tiny: None, tmp_path: Path) -> None:
    folder = unpack("crack", tmp_path / "task").folder

    assert len(list(folder.rglob("*.cpython-312.pyc"))) == len(list(folder.rglob("*.py")))


@pytest.mark.parametrize("product", list(FUNCTIONS))
def test_the_files_that_the_functions_are_made_of_exist(product: Product) -> None:
    assert FUNCTIONS[product].lock.is_file()
    assert FUNCTIONS[product].handler.is_file()
