"""Log lines are JSON objects that carry the request they belong to."""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from sightline.telemetry import configure_logging, log_event, request_id

_logger = logging.getLogger("sightline.tests")


@pytest.fixture(autouse=True)
def own_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_an_event_is_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    log_event(_logger, "photo_analysed", duration_s=0.25, crack_count=2, cached=False)
    (line,) = lines(capsys)
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "info",
        "logger": "sightline.tests",
        "event": "photo_analysed",
        "duration_s": 0.25,
        "crack_count": 2,
        "cached": False,
    }


def test_the_request_is_named_while_it_lasts(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    token = request_id.set("r-1")
    log_event(_logger, "inside")
    request_id.reset(token)
    log_event(_logger, "outside")
    assert [line.get("request_id") for line in lines(capsys)] == ["r-1", None]


def test_lines_of_other_libraries_have_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    logging.getLogger("uvicorn.error").info("Started server process [%d]", 7)
    (line,) = lines(capsys)
    assert (line["logger"], line["event"]) == ("uvicorn.error", "Started server process [7]")


def test_warnings_of_libraries_are_log_lines(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("old", DeprecationWarning, stacklevel=1)
        logging.captureWarnings(False)
    (line,) = lines(capsys)
    assert (line["logger"], line["level"]) == ("py.warnings", "warning")


def test_the_level_holds(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("warning")
    log_event(_logger, "quiet")
    log_event(_logger, "heard", level=logging.ERROR)
    assert [line["event"] for line in lines(capsys)] == ["heard"]


def test_a_bug_leaves_its_traceback_on_the_same_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    try:
        raise ZeroDivisionError("a bug")
    except ZeroDivisionError:
        _logger.exception("unexpected")
    (line,) = lines(capsys)
    assert "ZeroDivisionError: a bug" in line["traceback"]
