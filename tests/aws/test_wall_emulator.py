"""Walls over time in the crack function as it is deployed: its real model, AWS's own runtime, results in a bucket."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sightline.evidence.keys import SigningKey, make_key
from sightline.evidence.verify import verify
from tests.aws.lambda_events import body_of, form, function_url, json_of
from tests.aws.test_wall_function import pair_form
from tests.clouds.emulator import LambdaEmulator, needs_emulator
from tests.clouds.ministack import Ministack
from tests.service import walls

pytestmark = needs_emulator
HANDLER = "lambda_handler.handler"
BUCKET = "sightline-results"
BEFORE, AFTER = walls.wandering(cracks=1), walls.wandering(cracks=2, shift=12)
"""A wall with one crack, and later with two."""


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return make_key()


@pytest.fixture
def environment(ministack: Ministack, key: SigningKey) -> dict[str, str]:
    ministack.make_bucket(BUCKET)
    one_line = key.to_pem().replace("\n", "\\n")
    return ministack.environment | {"RESULT_BUCKET": BUCKET, "SIGHTLINE_SIGNING_KEY": one_line}


@pytest.fixture
def function(environment: dict[str, str]) -> Iterator[LambdaEmulator]:
    with LambdaEmulator(HANDLER, environment=environment) as emulator:
        yield emulator


def ask(function: LambdaEmulator, method: str, path: str, body: bytes | None = None, query: str = "") -> dict[str, Any]:
    answer: dict[str, Any] = function.invoke(function_url(method, path, body) | {"rawQueryString": query})
    return answer


def got(function: LambdaEmulator, path: str, query: str = "") -> bytes:
    answer = ask(function, "GET", path, query=query)
    assert answer["statusCode"] == 200, answer
    return body_of(answer)


def begun(function: LambdaEmulator) -> str:
    """The path of a new inspection."""
    answer = ask(function, "POST", "/inspections", json.dumps({"wall": "침실 북쪽 벽"}).encode())
    assert answer["statusCode"] == 201, answer
    return f"/inspections/{json_of(answer)['inspection_id']}"


def sent(function: LambdaEmulator, path: str, photo: bytes, stage: str) -> dict[str, Any]:
    answer = ask(function, "POST", f"{path}/photos", form(photo), f"stage={stage}")
    assert answer["statusCode"] == 201, answer
    found: dict[str, Any] = json_of(answer)
    return found


def test_two_photos_in_one_call(function: LambdaEmulator, key: SigningKey, tmp_path: Path) -> None:
    answer = ask(function, "POST", "/compare", pair_form(BEFORE, AFTER))
    found = json_of(answer)
    path = f"/compare/{found['comparison_id']}"
    (tmp_path / "report.json").write_bytes(got(function, f"{path}/report.json"))
    (tmp_path / "before.jpg").write_bytes(BEFORE)

    assert answer["statusCode"] == 200
    assert (found["comparable"], found["counts"]["new"], found["counts"]["unchanged"]) == (True, 1, 1)
    assert got(function, f"{path}/picture.jpg").startswith(b"\xff\xd8\xff")
    assert verify(tmp_path / "report.json", originals=[tmp_path / "before.jpg"], key=key.public).trusted
    assert ask(function, "DELETE", path)["statusCode"] == 204
    assert ask(function, "GET", f"{path}/report.json")["statusCode"] == 404


def test_an_inspection_from_its_first_photo_to_its_tombstone(
    function: LambdaEmulator, environment: dict[str, str], ministack: Ministack, key: SigningKey, tmp_path: Path
) -> None:
    path = begun(function)
    photos = [sent(function, path, photo, stage) for photo, stage in ((BEFORE, "check-in"), (AFTER, "check-out"))]
    found = json.loads(got(function, path))
    (comparison,) = found["comparisons"]

    assert comparison["counts"]["new"] == 1
    assert [photo["photo_id"] for photo in found["photos"]] == [photo["photo_id"] for photo in photos]
    assert len(found["tracks"]) == 2
    picture = f"{path}/comparisons/{photos[0]['photo_id']}/{photos[1]['photo_id']}/picture.jpg"
    assert got(function, picture).startswith(b"\xff\xd8\xff")
    originals = [tmp_path / "in.jpg", tmp_path / "out.jpg"]
    for photo, file, data in zip(photos, originals, (BEFORE, AFTER), strict=True):
        file.write_bytes(got(function, f"{path}/photos/{photo['photo_id']}/original"))
        assert file.read_bytes() == data
    with LambdaEmulator(HANDLER, environment=environment) as other:  # whatever instance is asked
        for name, query in (("pdf", "lang=ko"), ("html", "lang=en"), ("json", "")):
            report = tmp_path / f"report.{name}"
            report.write_bytes(got(other, f"{path}/{report.name}", query))
            assert verify(report, originals=originals, key=key.public).trusted, name
        assert ask(other, "DELETE", f"{path}/photos/{photos[0]['photo_id']}")["statusCode"] == 204
        assert json.loads(got(other, path))["comparisons"] == []
        assert ask(other, "DELETE", path)["statusCode"] == 204
    gone = ask(function, "GET", f"{path}/report.pdf")
    left = ministack.client("s3").list_objects_v2(Bucket=BUCKET)["Contents"]

    assert (gone["statusCode"], json_of(gone)["code"]) == (410, "gone")
    assert set(json_of(gone)["tombstone"]["last_manifest_sha256"]) == {"pdf", "html", "json"}
    assert [each["Key"] for each in left] == [f"records{path.replace('/inspections', '/inspection')}.json"]


def test_the_key_that_reports_are_signed_with(function: LambdaEmulator, key: SigningKey) -> None:
    assert got(function, "/signing-key.pem").decode() == key.public.to_pem()


def test_what_is_wrong_is_told_as_everywhere(function: LambdaEmulator) -> None:
    path = begun(function)
    for answer, status, code in (
        (ask(function, "POST", "/inspections", b'{"wall": ""}'), 400, "bad_input"),
        (ask(function, "POST", f"{path}/photos", form(BEFORE)), 400, "bad_input"),
        (ask(function, "POST", f"{path}/photos", form(b"no picture"), "stage=a"), 400, "bad_input"),
        (ask(function, "POST", "/compare", form(BEFORE, "before")), 400, "bad_input"),
        (ask(function, "GET", f"{path}/report.pdf"), 404, "not_found"),
        (ask(function, "GET", "/inspections/3f2b8c1e-6d0a-4b7e-9f65-0c1d2e3f4a5b"), 404, "not_found"),
    ):
        assert (answer["statusCode"], json_of(answer)["code"]) == (status, code), answer
