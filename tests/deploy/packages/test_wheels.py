"""Installing for another machine: by hash, and for Amazon Linux 2023 only."""

from __future__ import annotations

from pathlib import Path

import pytest
from packages.wheels import install

from tests.deploy.packages.tiny_wheel import look_only_into, make_lock, make_wheel


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    look_only_into(monkeypatch, tmp_path)


@pytest.mark.parametrize(
    "tag", ["py3-none-any", "cp312-cp312-manylinux_2_34_x86_64", "cp310-abi3-manylinux_2_17_x86_64"]
)
def test_what_runs_there_is_installed_whatever_python_this_is(tag: str, tmp_path: Path) -> None:
    lock = make_lock(tmp_path, make_wheel(tmp_path, "tiny", tag))

    install(lock, tmp_path / "task")

    assert (tmp_path / "task/tiny/__init__.py").is_file()
    assert not list((tmp_path / "task").rglob("*.pyc"))


@pytest.mark.parametrize(
    "tag", ["cp312-cp312-manylinux_2_35_x86_64", "cp311-cp311-manylinux_2_17_x86_64", "cp312-cp312-win_amd64"]
)
def test_what_does_not_run_there_is_refused(tag: str, tmp_path: Path) -> None:
    lock = make_lock(tmp_path, make_wheel(tmp_path, "tiny", tag))

    with pytest.raises(RuntimeError, match=r"tiny\.lock for manylinux_2_34_x86_64(.|\n)*tiny==1\.0"):
        install(lock, tmp_path / "task")


def test_another_file_than_the_lock_names_is_refused(tmp_path: Path) -> None:
    lock = make_lock(tmp_path, make_wheel(tmp_path, "tiny"), sha256="0" * 64)

    with pytest.raises(RuntimeError, match="THESE PACKAGES DO NOT MATCH THE HASHES"):
        install(lock, tmp_path / "task")


def test_a_dry_run_leaves_nothing(tmp_path: Path) -> None:
    lock = make_lock(tmp_path, make_wheel(tmp_path, "tiny"))

    install(lock, tmp_path / "task", dry_run=True)

    assert not list(tmp_path.glob("task/*"))
