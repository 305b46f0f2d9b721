"""What Lambda lets through, and how an answer that it would not is replaced."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from sightline.aws.web_answer import MAX_ANSWER_BYTES, MAX_FILE_BYTES, error_code_of, refusal, sendable, without_cors
from sightline.errors import NotFoundError, TooLargeError


def answer(body: str, *, coded: bool = False, status: int = 200) -> dict[str, Any]:
    headers = {"content-type": "text/plain", "access-control-allow-origin": "*", "x-request-id": "1"}
    return {"statusCode": status, "headers": headers, "body": body, "isBase64Encoded": coded}


def test_the_largest_file_that_is_sent_fits() -> None:
    whole = answer(base64.b64encode(bytes(MAX_FILE_BYTES)).decode(), coded=True)

    assert sendable(whole) is whole
    assert len(json.dumps(whole)) < MAX_ANSWER_BYTES


@pytest.mark.parametrize(
    "body", ["a" * MAX_ANSWER_BYTES, "벽" * (MAX_ANSWER_BYTES // 6), '"' * (MAX_ANSWER_BYTES // 2)]
)
def test_what_lambda_would_cut_off_becomes_an_error_that_says_so(body: str) -> None:
    replaced = sendable(answer(body))

    assert replaced["statusCode"] == 413
    assert json.loads(replaced["body"])["code"] == "too_large"
    assert str(MAX_ANSWER_BYTES) in replaced["body"]


def test_text_is_measured_as_it_travels() -> None:
    whole = answer("벽" * 1_000_000)

    assert len(json.dumps(whole)) < MAX_ANSWER_BYTES
    assert sendable(whole) is whole


def test_cors_headers_go_and_others_stay() -> None:
    assert without_cors(answer(""))["headers"] == {"content-type": "text/plain", "x-request-id": "1"}


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (200, "{}", None),
        (307, "", None),
        (404, '{"error": "no", "code": "not_found"}', "not_found"),
        (503, '{"status": "starting", "model_loaded": false}', "not_ready"),
        (404, "", "http_404"),
        (500, "Internal Server Error", "http_500"),
        (400, "[]", "http_400"),
        (422, '{"detail": 1}', "http_422"),
    ],
)
def test_the_code_of_an_answered_error(status: int, body: str, code: str | None) -> None:
    assert error_code_of(answer(body, status=status)) == code


def test_a_refusal_has_the_form_of_every_error() -> None:
    made = refusal(413, TooLargeError("너무 큽니다"))

    assert json.loads(made["body"]) == {"error": "너무 큽니다", "code": "too_large"}
    assert error_code_of(made) == "too_large"
    assert error_code_of(refusal(404, NotFoundError("no"))) == "not_found"
