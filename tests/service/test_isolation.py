from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sightline.errors import TooLargeError
from sightline.service.isolation import CrashError, run_isolated
from sightline.telemetry import request_id
from tests.conftest import PATIENCE_S
from tests.jobs.handlers import until

WORK = "tests.service.isolated_work:"


class Stopped(Exception):  # noqa: N818
    pass


def run(name: str, check: Callable[[], None] = lambda: None, stall_s: float = PATIENCE_S, **arguments: Any) -> Any:
    return run_isolated(WORK + name, arguments, progress=lambda done, total: None, check=check, stall_s=stall_s)


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody asked about yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def pids_in(folder: Path) -> list[int]:
    until((folder / "pids").exists)
    return [int(pid) for pid in (folder / "pids").read_text().split()]


def test_it_runs_in_another_process_and_answers() -> None:
    seen: list[tuple[int, int]] = []
    arguments = {"n": 1, "눈": ["a", None, 0.5]}
    token = request_id.set("abc-1")
    answer = run_isolated(
        WORK + "echo", arguments, progress=lambda done, total: seen.append((done, total)), check=lambda: None
    )

    request_id.reset(token)

    assert answer["arguments"] == arguments
    assert answer["request_id"] == "abc-1"
    assert answer["pid"] != os.getpid()
    assert seen[0] == (1, 3)
    assert seen[-1] == (3, 3)


def test_an_error_of_the_family_comes_through_as_it_is() -> None:
    with pytest.raises(TooLargeError, match="at most 8 bytes"):
        run("refuse")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("be_killed", "SIGSEGV"),
        ("leave", "exit code 3"),
        ("blunder", "ZeroDivisionError"),
        ("nan", "ValueError"),
        ("no_such_function", "AttributeError"),
    ],
)
def test_a_crash_harms_nobody_and_is_told(name: str, words: str) -> None:
    with pytest.raises(CrashError, match=words) as caught:
        run(name)
    assert "secret" not in str(caught.value)


def test_a_silence_is_a_hang() -> None:
    with pytest.raises(CrashError, match="nothing for 1 s"):
        run("hang", stall_s=1)


def test_what_check_raises_ends_it_with_all_that_it_started(tmp_path: Path) -> None:
    def check() -> None:
        if (tmp_path / "pids").exists():
            raise Stopped

    with pytest.raises(Stopped):
        run("go_on", check, folder=str(tmp_path))
    pids = pids_in(tmp_path)
    until(lambda: not any(map(alive, pids)))


def test_it_does_not_outlive_a_parent_that_is_killed(tmp_path: Path) -> None:
    code = f"from tests.service.test_isolation import run\nrun('go_on', folder={json.dumps(str(tmp_path))})"
    parent = subprocess.Popen([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)})
    pids = pids_in(tmp_path)
    assert all(map(alive, pids))
    parent.kill()
    parent.wait()

    until(lambda: not any(map(alive, pids)))
