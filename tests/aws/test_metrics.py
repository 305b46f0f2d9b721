"""Lines in CloudWatch's embedded metric format."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from sightline.aws.metrics import emit_metrics


def emitted(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The one line."""
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    line: dict[str, Any] = json.loads(out)
    return line


def test_a_line_follows_cloudwatchs_schema(capsys: pytest.CaptureFixture[str]) -> None:
    before_ms = time.time() * 1000 - 1
    emit_metrics("gaze", "analyze_video", {"frames": 3, "duration_s": 0.5}, model_version="1")
    line = emitted(capsys)

    assert before_ms <= line["_aws"]["Timestamp"] <= time.time() * 1000
    assert isinstance(line["_aws"]["Timestamp"], int)
    assert line["_aws"]["CloudWatchMetrics"] == [
        {
            "Namespace": "Sightline",
            "Dimensions": [["function", "action"]],
            "Metrics": [{"Name": "duration_s", "Unit": "Seconds"}],
        },
        {
            "Namespace": "Sightline",
            "Dimensions": [["function"]],
            "Metrics": [{"Name": "frames", "Unit": "Count"}],
        },
    ]
    assert {name: value for name, value in line.items() if name != "_aws"} == {
        "function": "gaze",
        "action": "analyze_video",
        "frames": 3,
        "duration_s": 0.5,
        "model_version": "1",
    }


@pytest.mark.parametrize(
    ("name", "unit"),
    [("frames_per_s", "Count/Second"), ("video_bytes", "Bytes"), ("init_s", "Seconds"), ("errors", "Count")],
)
def test_the_name_tells_the_unit(capsys: pytest.CaptureFixture[str], name: str, unit: str) -> None:
    emit_metrics("crack", "health", {name: 1})

    assert emitted(capsys)["_aws"]["CloudWatchMetrics"][0]["Metrics"] == [{"Name": name, "Unit": unit}]


def test_errors_are_counted_by_their_code_and_nothing_else_is(capsys: pytest.CaptureFixture[str]) -> None:
    emit_metrics("crack", "detect_crack", {"errors": 1, "duration_s": 0.1}, error_code="too_large")
    line = emitted(capsys)

    assert line["error_code"] == "too_large"
    assert line["_aws"]["CloudWatchMetrics"][1] == {
        "Namespace": "Sightline",
        "Dimensions": [["function", "error_code"]],
        "Metrics": [{"Name": "errors", "Unit": "Count"}],
    }


def test_every_dimension_and_every_metric_has_its_value(capsys: pytest.CaptureFixture[str]) -> None:
    emit_metrics("crack", "detect_crack", {"errors": 1, "duration_s": 0.1}, error_code="too_large")
    line = emitted(capsys)

    for directive in line["_aws"]["CloudWatchMetrics"]:
        assert all(isinstance(line[name], str) for names in directive["Dimensions"] for name in names)
        assert all(isinstance(line[metric["Name"]], int | float) for metric in directive["Metrics"])


def test_properties_never_hide_a_dimension_or_a_figure(capsys: pytest.CaptureFixture[str]) -> None:
    emit_metrics("crack", "health", {"frames": 1}, frames="many", _aws="?")
    line = emitted(capsys)

    assert line["frames"] == 1
    assert line["_aws"]["CloudWatchMetrics"]


def test_what_json_cannot_say_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="frames_per_s"):
        emit_metrics("gaze", "analyze_video", {"frames_per_s": float("inf"), "frames": 1})
    assert capsys.readouterr().out == ""
