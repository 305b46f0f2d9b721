"""What an invocation leaves in log and metrics."""

from __future__ import annotations

import json
import logging
from types import SimpleNamespace
from typing import Any

import pytest

from sightline.aws import invocation as module
from sightline.aws.invocation import invocation
from sightline.errors import TooLargeError
from sightline.telemetry import request_id, steps_s, timed

CONTEXT = SimpleNamespace(aws_request_id="8cf93fe2-a75a-40a8-bd19-e7f94938c02f")


@pytest.fixture(autouse=True)
def new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_seen_one", False)


def line(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    out: dict[str, Any] = json.loads(capsys.readouterr().out)
    return out


def test_an_invocation_counts_itself(capsys: pytest.CaptureFixture[str]) -> None:
    with invocation("crack", CONTEXT) as this:
        this.action = "detect_crack"
        this.figures["photo_bytes"] = 12
        this.properties["model_version"] = "1.0"
        with timed("decode"):
            pass
        with timed("decode"):
            pass
    seen = line(capsys)

    assert seen["function"] == "crack"
    assert seen["action"] == "detect_crack"
    assert (seen["invocations"], seen["errors"], seen["cold_start"], seen["photo_bytes"]) == (1, 0, 1, 12)
    assert 0 <= seen["decode_s"] <= seen["duration_s"]
    assert seen["model_version"] == "1.0"
    assert seen["request_id"] == CONTEXT.aws_request_id
    names = {metric["Name"] for part in seen["_aws"]["CloudWatchMetrics"] for metric in part["Metrics"]}
    assert names == {"invocations", "errors", "cold_start", "duration_s", "decode_s", "photo_bytes"}


def test_the_first_one_is_cold(capsys: pytest.CaptureFixture[str]) -> None:
    for cold in (1, 0, 0):
        with invocation("crack", CONTEXT) as this:
            assert this.cold is bool(cold)
        assert line(capsys)["cold_start"] == cold


def test_the_log_carries_lambdas_id_until_the_end() -> None:
    with invocation("crack", CONTEXT):
        assert request_id.get() == CONTEXT.aws_request_id
        assert steps_s.get() == {}
    assert request_id.get() is None
    assert steps_s.get() is None


@pytest.mark.parametrize(
    ("error", "code"),
    [(TooLargeError("no"), "too_large"), (ZeroDivisionError("no"), "internal"), (SystemExit(), "internal")],
)
def test_what_is_raised_is_counted_by_its_code_and_goes_on(
    capsys: pytest.CaptureFixture[str], error: BaseException, code: str
) -> None:
    with pytest.raises(type(error)), invocation("gaze", CONTEXT):
        raise error
    seen = line(capsys)

    assert (seen["action"], seen["errors"], seen["error_code"]) == ("unknown", 1, code)
    assert request_id.get() is None


def test_an_error_that_is_answered_is_counted_too(capsys: pytest.CaptureFixture[str]) -> None:
    with invocation("crack", CONTEXT) as this:
        this.error_code = "bad_input"

    assert line(capsys)["error_code"] == "bad_input"


def test_a_test_event_without_a_context_is_no_reason_to_fail(capsys: pytest.CaptureFixture[str]) -> None:
    with invocation("crack", None):
        logging.getLogger(__name__).info("said")

    assert line(capsys)["request_id"] is None
