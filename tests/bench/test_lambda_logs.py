"""What a log costs is counted as CloudWatch counts it."""

from __future__ import annotations

import pytest
from lambda_logs import log_bytes, metric_series

from sightline.aws.metrics import emit_metrics


def test_each_combination_of_dimensions_is_a_metric(capsys: pytest.CaptureFixture[str]) -> None:
    emit_metrics("gaze", "submit", {"invocations": 1, "duration_s": 0.2})
    emit_metrics("gaze", "submit", {"invocations": 1, "duration_s": 0.3})
    assert len(metric_series(capsys.readouterr().out.splitlines())) == 2
    emit_metrics("gaze", "submit", {"invocations": 1, "errors": 1}, error_code="busy")
    assert len(metric_series(capsys.readouterr().out.splitlines())) == 3


def test_other_lines_are_no_metrics() -> None:
    assert metric_series(["START RequestId: 1", '{"event": "request"}', '{"broken']) == frozenset()


def test_the_emulators_own_lines_are_not_paid_for() -> None:
    assert log_bytes(["START RequestId: 1", "22 Nov (rapid) INVOKE START"]) == 19
