from __future__ import annotations

import json

import pytest

from sightline.aws.answers import cors_headers, error_answer, proxy_answer
from sightline.errors import BusyError, NotUploadedError, TooLargeError

ORIGIN = "https://app.example"


def test_an_answer_as_a_gateway_reads_it() -> None:
    answer = proxy_answer(202, {"reason": "눈"}, {"X-Request-ID": "r"})

    assert (answer["statusCode"], answer["isBase64Encoded"]) == (202, False)
    assert answer["headers"] == {"Content-Type": "application/json", "X-Request-ID": "r"}
    assert json.loads(answer["body"]) == {"reason": "눈"}
    assert proxy_answer(204, None, {}) == {"statusCode": 204, "headers": {}, "body": "", "isBase64Encoded": False}


def test_a_number_that_json_cannot_say_never_leaves() -> None:
    with pytest.raises(ValueError, match="JSON"):
        proxy_answer(200, {"fps": float("nan")}, {})


def test_which_pages_may_read_an_answer() -> None:
    for origin in (None, ORIGIN):
        assert cors_headers(origin, ("*",))["Access-Control-Allow-Origin"] == "*"
    allowed = cors_headers(ORIGIN, ("https://other.example", ORIGIN))
    assert allowed["Access-Control-Allow-Origin"] == ORIGIN
    assert "POST" in allowed["Access-Control-Allow-Methods"]
    assert "Retry-After" in allowed["Access-Control-Expose-Headers"]
    for origin in (None, "https://evil.example"):
        assert cors_headers(origin, (ORIGIN,)) == {"Vary": "Origin"}


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [(TooLargeError("a"), 413, "too_large"), (NotUploadedError("a"), 409, "not_uploaded")],
)
def test_errors_have_the_form_and_status_of_the_web(error: Exception, status: int, code: str) -> None:
    assert error_answer(error) == (status, {"error": "a", "code": code, "status": "error"}, {})


def test_busy_says_when_to_come_back() -> None:
    assert error_answer(BusyError("a", retry_after_s=60))[2] == {"Retry-After": "60"}


def test_a_bug_is_told_without_its_text() -> None:
    status, document, _ = error_answer(KeyError("users/u1/secret"))
    assert (status, document["code"]) == (500, "internal")
    assert "secret" not in str(document)
