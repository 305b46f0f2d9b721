"""The emulator behaves as Lambda does where tests of the functions rely on it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clouds.emulator import FunctionError, LambdaEmulator, needs_emulator
from tests.conftest import PATIENCE_S

pytestmark = needs_emulator
FUNCTIONS = Path(__file__).parent / "functions"


@pytest.fixture
def emulator() -> Iterator[LambdaEmulator]:
    with LambdaEmulator(
        "probe.handler", folder=FUNCTIONS, environment={"GREETING": "안녕"}, memory_mb=1769
    ) as emulator:
        yield emulator


def test_a_function_is_told_what_lambda_tells_it(emulator: LambdaEmulator, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = emulator.invoke({"environment": ["GREETING", "AWS_REGION", "LAMBDA_TASK_ROOT", "HOME"]})

    assert seen["request_id"]
    assert seen["memory_mb"] == "1769"
    assert 0 < seen["remaining_ms"] <= PATIENCE_S * 1000
    assert seen["folder"] == str(FUNCTIONS)
    assert seen["environment"] == {
        "GREETING": "안녕",
        "AWS_REGION": "eu-west-1",
        "LAMBDA_TASK_ROOT": str(FUNCTIONS),
        "HOME": None,
    }


def test_invocations_share_one_process_and_its_init(emulator: LambdaEmulator) -> None:
    first, second = emulator.invoke({}), emulator.invoke({})

    assert first["process"] == second["process"]
    assert emulator.log().count("init\n") == 1
    assert emulator.log().count("invoked\n") == 2
    assert emulator.invoke(["안녕", None]) == ["안녕", None]


def test_a_function_that_raises_is_an_error_and_lives_on(emulator: LambdaEmulator) -> None:
    process = emulator.invoke({})["process"]
    with pytest.raises(FunctionError, match="ValueError: a reason") as caught:
        emulator.invoke({"fail": "a reason"})

    assert (caught.value.kind, caught.value.message) == ("ValueError", "a reason")
    assert "probe.py" in "".join(caught.value.stack)
    assert emulator.invoke({})["process"] == process


def test_a_function_that_ends_is_started_again(emulator: LambdaEmulator) -> None:
    process = emulator.invoke({})["process"]
    with pytest.raises(FunctionError, match=r"Runtime\.ExitError.*status 3"):
        emulator.invoke({"exit": 3})

    assert emulator.invoke({})["process"] != process


def test_a_function_can_be_killed_in_the_middle(emulator: LambdaEmulator) -> None:
    failures: list[FunctionError] = []

    def invoke() -> None:
        with pytest.raises(FunctionError) as caught:
            emulator.invoke({"sleep_s": PATIENCE_S})
        failures.append(caught.value)

    thread = threading.Thread(target=invoke)
    thread.start()
    deadline = time.monotonic() + PATIENCE_S
    while "invoked" not in emulator.log():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)
    emulator.kill_function()
    thread.join(PATIENCE_S)

    assert [failure.kind for failure in failures] == ["Runtime.ExitError"]
    assert emulator.invoke({})["process"]


def test_a_function_that_takes_too_long_is_stopped() -> None:
    with LambdaEmulator("probe.handler", folder=FUNCTIONS, timeout_s=1) as emulator:
        with pytest.raises(FunctionError, match="timed out after 1"):
            emulator.invoke({"sleep_s": PATIENCE_S})
        assert emulator.invoke({})["process"]


def test_a_handler_that_cannot_be_imported_is_told() -> None:
    with (
        LambdaEmulator("missing.handler", folder=FUNCTIONS) as emulator,
        pytest.raises(FunctionError, match="missing"),
    ):
        emulator.invoke({})


def test_the_peak_of_memory_is_the_functions(emulator: LambdaEmulator) -> None:
    emulator.invoke({})
    before_mb = emulator.peak_mb()
    assert emulator.invoke({"allocate_bytes": 100_000_000})["allocated"] == 100_000_000

    assert before_mb + 90 < emulator.peak_mb() < before_mb + 200


def test_requests_side_by_side_wait_for_each_other(emulator: LambdaEmulator) -> None:
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(emulator.invoke({})["process"])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)

    assert len(answers) == 4
    assert len(set(answers)) == 1


def test_nothing_is_left_running_or_lying(emulator: LambdaEmulator) -> None:
    with LambdaEmulator("probe.handler", folder=FUNCTIONS) as other:
        process = other.invoke({})["process"]
        scratch = other._scratch

    assert not Path(f"/proc/{process}").exists() or _is_zombie(process)
    assert not scratch.exists()
    assert Path(f"/proc/{emulator.invoke({})['process']}").exists()


def _is_zombie(process: int) -> bool:
    return "State:\tZ" in Path(f"/proc/{process}/status").read_text()
