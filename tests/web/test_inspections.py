"""Walls over time, through the web: POST /inspections and all that lies below it."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from fastapi.responses import Response
from PIL import Image
from starlette.testclient import TestClient

from sightline.evidence.keys import load_public_key
from sightline.service import gallery
from sightline.settings import Settings
from sightline.web import inspection_routes as routes
from sightline.web.app import create_app
from sightline.web.inspection_parts import kept_file
from tests.conftest import OTHER_ID, PATIENCE_S, FakeEngine, encoded, wall
from tests.jobs.handlers import until
from tests.service import walls as made_up

pytestmark = pytest.mark.usefixtures("quick_comparison")


@pytest.fixture
def address(client: TestClient) -> str:
    return begun(client, "Bedroom")


def begun(client: TestClient, name: str) -> str:
    response = client.post("/inspections", json={"wall": name})
    assert response.status_code == 201
    location: str = response.headers["location"]
    return location


def sent(client: TestClient, address: str, photo: bytes, stage: str = "check-in", **fields: str) -> dict[str, Any]:
    response = client.post(f"{address}/photos?stage={stage}", files={"file": ("벽.jpg", photo)}, data=fields)
    assert response.status_code == 201, response.text
    answer: dict[str, Any] = response.json()
    return answer


def test_an_inspection_is_begun(client: TestClient) -> None:
    asked = {"wall": "침실", "remarks": "Booking 1042", "reference": "none"}
    response = client.post("/inspections", json=asked)
    answer = response.json()

    assert response.status_code == 201
    assert (answer["wall"], answer["remarks"], answer["reference"]) == ("침실", "Booking 1042", {"kind": "none"})
    assert answer["links"]["self"] == response.headers["location"]
    assert answer["links"]["self"] == f"http://testserver/inspections/{answer['inspection_id']}"
    assert set(answer["links"]) == {"self", "photos", "report_pdf", "report_html", "report_json"}


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b"{}", b'{"wall": 3}', b'{"wall": "a", "x": 1}', b"[" * 9999])
def test_what_is_no_inspection_is_refused(client: TestClient, body: bytes) -> None:
    response = client.post("/inspections", content=body)

    assert (response.status_code, response.json()["code"]) == (400, "bad_input")


def test_a_long_body_is_not_read(client: TestClient) -> None:
    assert client.post("/inspections", content=b" " * 200_000).status_code == 413


def test_a_photo_comes_with_its_findings(client: TestClient, address: str, cracked_jpeg: bytes) -> None:
    answer = sent(client, address, cracked_jpeg, taken_at="2026-03-01T14:30:00+09:00")

    assert answer["links"]["self"] == f"{address}/photos/{answer['photo_id']}"
    assert (answer["stage"], answer["name"]) == ("check-in", "벽.jpg")
    assert (answer["taken_at"], answer["taken_at_from"]) == ("2026-03-01T14:30:00+09:00", "sender")
    assert (answer["has_crack"], answer["crack_count"]) == (True, 1)
    assert answer["bounding_boxes"] == [answer["instances"][0]["box"]]
    assert answer["sha256"] == hashlib.sha256(cracked_jpeg).hexdigest()
    assert client.get(answer["links"]["self"]).json() == answer


def test_the_same_photo_again_is_the_same_photo(client: TestClient, address: str, cracked_jpeg: bytes) -> None:
    first = sent(client, address, cracked_jpeg)
    again = client.post(f"{address}/photos?stage=check-in", files={"image": ("other.jpg", cracked_jpeg)})

    assert again.status_code == 200
    assert again.json() == first
    assert again.headers["location"] == first["links"]["self"]
    assert len(client.get(address).json()["photos"]) == 1


def test_the_stage_may_be_a_field_of_the_form(client: TestClient, address: str, cracked_jpeg: bytes) -> None:
    response = client.post(f"{address}/photos", files={"file": ("a.jpg", cracked_jpeg)}, data={"stage": "check-out"})

    assert response.json()["stage"] == "check-out"


@pytest.mark.parametrize(
    ("query", "fields", "words"),
    [
        ("", {}, "stage is missing"),
        ("?stage=a%20b", {}, "stage is 'a b'"),
        ("?stage=a", {"taken_at": "yesterday"}, "taken_at is 'yesterday'"),
        ("?stage=a", {"reference": "coin"}, "reference is 'coin'"),
    ],
)
def test_wrong_fields_are_named(
    client: TestClient, address: str, cracked_jpeg: bytes, query: str, fields: dict[str, str], words: str
) -> None:
    response = client.post(f"{address}/photos{query}", files={"file": ("a.jpg", cracked_jpeg)}, data=fields)

    assert (response.status_code, response.json()["code"]) == (400, "bad_input")
    assert words in response.json()["error"]


@pytest.mark.parametrize("photo", [b"", b"no picture"])
def test_bad_photos_are_refused(client: TestClient, address: str, photo: bytes) -> None:
    response = client.post(f"{address}/photos?stage=a", files={"file": ("a.jpg", photo)})

    assert (response.status_code, response.json()["code"]) == (400, "bad_input")


def test_the_original_comes_back_bit_for_bit(client: TestClient, address: str) -> None:
    photo = encoded(wall(), "PNG")
    links = sent(client, address, photo)["links"]
    original, annotated = client.get(links["original"]), client.get(links["annotated"])

    assert original.content == photo
    assert original.headers["content-type"] == "image/png"
    assert "sandbox" in original.headers["content-security-policy"]
    assert original.headers["x-content-type-options"] == "nosniff"
    assert "private" in original.headers["cache-control"]
    assert Image.open(BytesIO(annotated.content)).format == "JPEG"


def test_photos_stand_in_order_of_time_with_their_comparisons(client: TestClient, address: str) -> None:
    times = {1: "2026-03-03T00:00:00Z", 2: "2026-03-01T00:00:00Z", 3: "2026-03-02T00:00:00Z"}
    ids = {
        cracks: sent(client, address, encoded(wall(cracks=cracks)), taken_at=time)["photo_id"]
        for cracks, time in times.items()
    }
    answer = client.get(address).json()
    pairs = [(each["before_photo_id"], each["after_photo_id"]) for each in answer["comparisons"]]

    assert [photo["photo_id"] for photo in answer["photos"]] == [ids[2], ids[3], ids[1]]
    assert pairs == [(ids[2], ids[3]), (ids[3], ids[1]), (ids[2], ids[1])]
    assert [photo["crack_count"] for photo in answer["photos"]] == [2, 3, 1]
    for comparison in answer["comparisons"]:
        assert comparison["refusal"]["code"] == "other_wall"
        picture = client.get(comparison["links"]["picture"])
        assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
    wrong_way = f"{address}/comparisons/{ids[1]}/{ids[2]}/picture.jpg"
    assert client.get(wrong_way).status_code == 404


def test_a_picture_is_there_before_anybody_asked_for_the_comparison(client: TestClient, address: str) -> None:
    before, after = (sent(client, address, encoded(wall(cracks=count)))["photo_id"] for count in (0, 1))

    assert client.get(f"{address}/comparisons/{before}/{after}/picture.jpg").status_code == 200


def test_a_picture_is_in_the_readers_language(client: TestClient, address: str) -> None:
    before, after = (sent(client, address, encoded(wall(cracks=count)))["photo_id"] for count in (0, 1))
    picture = f"{address}/comparisons/{before}/{after}/picture.jpg"
    english, korean = (client.get(picture, params={"lang": lang}) for lang in ("en", "ko"))
    preferred = client.get(picture, headers={"Accept-Language": "ko-KR,ko;q=0.9,en;q=0.8"})

    assert [answer.headers["content-language"] for answer in (english, korean, preferred)] == ["en", "ko", "ko"]
    assert "Accept-Language" in preferred.headers["vary"]
    assert preferred.content == korean.content
    assert client.get(picture).content == english.content
    assert english.content != korean.content
    assert client.get(picture, params={"lang": "fr"}).status_code == 422


def test_a_report_that_a_new_photo_takes_away_is_made_again(
    client: TestClient, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(client, address, encoded(wall()), "check-in")
    assert client.get(f"{address}/report.json").status_code == 200

    def photo_arrives(*arguments: Any) -> Response:
        monkeypatch.setattr(routes, "kept_file", kept_file)
        sent(client, address, encoded(wall(cracks=2)), "check-out")
        return kept_file(*arguments)

    monkeypatch.setattr(routes, "kept_file", photo_arrives)
    sent(client, address, encoded(wall(cracks=1)), "later")
    report = client.get(f"{address}/report.json")

    assert (report.status_code, len(report.json()["photos"])) == (200, 3)


def test_who_asks_waits_for_no_comparison(client: TestClient, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = (sent(client, address, encoded(wall(cracks=count)), f"day-{count}") for count in range(3))
    monkeypatch.setattr(gallery, "compare_pair", lambda *_: pytest.fail("compared"))
    monkeypatch.setattr(gallery.Gallery, "seen", lambda *_: pytest.fail("decoded"))
    found = client.get(address).json()

    assert len(found["comparisons"]) == 3
    for before, after in ((first, second), (second, third), (first, third)):
        picture = client.get(f"{address}/comparisons/{before['photo_id']}/{after['photo_id']}/picture.jpg")
        assert picture.status_code == 200


def test_photos_sent_at_the_same_time_are_all_there(client: TestClient, address: str) -> None:
    files = [encoded(wall(cracks=count)) for count in range(4)]
    with ThreadPoolExecutor(4) as senders:
        answers = list(senders.map(lambda photo: sent(client, address, photo), files))

    listed = client.get(address).json()["photos"]
    assert {photo["photo_id"] for photo in listed} == {answer["photo_id"] for answer in answers}


@pytest.mark.parametrize(
    ("ending", "content_type"), [("pdf", "application/pdf"), ("html", "text/html"), ("json", "application/json")]
)
def test_reports(client: TestClient, address: str, cracked_jpeg: bytes, ending: str, content_type: str) -> None:
    sent(client, address, cracked_jpeg)
    korean = client.get(f"{address}/report.{ending}", headers={"Accept-Language": "ko-KR,en;q=0.5"})
    english = client.get(f"{address}/report.{ending}?lang=en", headers={"Accept-Language": "ko"})

    assert korean.status_code == english.status_code == 200
    assert korean.headers["content-type"].startswith(content_type)
    assert (korean.headers["content-language"], english.headers["content-language"]) == ("ko", "en")
    assert client.get(f"{address}/report.{ending}?lang=ko").content == korean.content
    policy = korean.headers.get("content-security-policy", "")
    assert policy.startswith("sandbox allow-scripts; default-src 'none'") == (ending == "html")
    assert korean.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["", "/report.json"])
def test_what_the_next_photo_changes_is_not_shown_from_a_cache(
    client: TestClient, address: str, cracked_jpeg: bytes, path: str
) -> None:
    sent(client, address, cracked_jpeg)

    assert client.get(f"{address}{path}").headers["cache-control"] == "private, no-cache"


def test_the_key_that_signs_is_public(client: TestClient, address: str, cracked_jpeg: bytes) -> None:
    sent(client, address, cracked_jpeg)
    signed_by = client.get(f"{address}/report.json").json()["evidence"]["manifest"]["signed_by"]
    response = client.get("/signing-key.pem")

    assert load_public_key(response.text).fingerprint == signed_by
    assert "PRIVATE" not in response.text


def test_reports_that_do_not_exist(client: TestClient, address: str, cracked_jpeg: bytes) -> None:
    assert client.get(f"{address}/report.pdf").status_code == 404  # no photos yet
    sent(client, address, cracked_jpeg)
    assert client.get(f"{address}/report.docx").status_code == 422
    assert client.get(f"{address}/report.pdf?lang=fr").status_code == 422
    assert client.get(f"/inspections/{uuid4()}/report.pdf").status_code == 404


def test_removed_photos_and_inspections_leave_tombstones(client: TestClient, address: str, cracked_jpeg: bytes) -> None:
    photo = sent(client, address, cracked_jpeg)["links"]
    assert client.delete(photo["self"]).status_code == 204
    for link in photo.values():
        response = client.get(link)
        assert (response.status_code, response.json()["code"]) == (410, "gone")
    assert client.get(address).json()["photos"] == []
    sent(client, address, cracked_jpeg)
    assert client.delete(address).status_code == 204
    inspection_id = address.rpartition("/")[2]
    for gone in (address, photo["self"], photo["original"], f"{address}/report.pdf"):
        response = client.get(gone)
        assert response.status_code == 410
        assert response.json()["tombstone"]["inspection_id"] == inspection_id
        assert response.json()["tombstone"]["photo_count"] == 1
    assert client.delete(address).status_code == 410
    refused = client.post(f"{address}/photos?stage=a", files={"file": ("a.jpg", cracked_jpeg)})
    assert refused.status_code == 410


@pytest.mark.parametrize("wrong", ["missing", OTHER_ID, "%2e%2e", "..%2F..%2Fetc", "{ID}", "{id}%00"])
def test_other_ids_find_nothing(client: TestClient, address: str, cracked_jpeg: bytes, wrong: str) -> None:
    sent(client, address, cracked_jpeg)
    inspection_id = address.rpartition("/")[2]
    path = "/inspections/" + wrong.format(id=inspection_id, ID=inspection_id.upper())
    for below in ("", "/report.pdf", f"/photos/{uuid4()}", f"/photos/{uuid4()}/original"):
        assert client.get(path + below).status_code == 404
    assert client.delete(path).status_code == 404
    assert client.get(address).status_code == 200


def test_another_server_on_the_same_data_finds_it_all(settings: Settings, cracked_jpeg: bytes) -> None:
    with TestClient(create_app(settings, FakeEngine())) as one, TestClient(create_app(settings, FakeEngine())) as other:
        address = begun(one, "Bedroom")
        photo = sent(one, address, cracked_jpeg)
        assert other.get(address).json()["photos"] == [photo]
        report = other.get(f"{address}/report.json")
        assert one.get(f"{address}/report.json").content == report.content


def test_without_a_model_what_is_there_stays_readable(
    settings: Settings, clean_jpeg: bytes, cracked_jpeg: bytes
) -> None:
    with TestClient(create_app(settings, FakeEngine())) as client:
        address = begun(client, "Bedroom")
        for photo in (clean_jpeg, cracked_jpeg):
            sent(client, address, photo)
    without = settings.model_copy(update={"model_path": "missing.onnx"})
    with TestClient(create_app(without)) as client:
        assert len(client.get(address).json()["comparisons"]) == 1
        refused = client.post(f"{address}/photos?stage=a", files={"file": ("a.jpg", encoded(wall(cracks=3)))})
        assert (refused.status_code, refused.json()["code"]) == (503, "not_ready")


def test_a_full_queue_is_told_before_the_photo_is_sent(settings: Settings, cracked_jpeg: bytes) -> None:
    engine = FakeEngine()
    app = create_app(settings.model_copy(update={"queue_limit": 0}), engine)
    with TestClient(app) as client, ThreadPoolExecutor(1) as sender:
        app.state.services.photos.model.wait(PATIENCE_S)
        address = begun(client, "Bedroom")
        engine.hold.clear()
        first = sender.submit(sent, client, address, cracked_jpeg)
        until(lambda: engine.running == 1)
        busy = client.post(f"{address}/photos?stage=a", files={"file": ("a.jpg", cracked_jpeg)})
        engine.hold.set()
        assert first.result()["has_crack"]
    assert (busy.status_code, busy.json()["code"]) == (503, "busy")


def test_no_id_is_logged(
    client: TestClient, address: str, cracked_jpeg: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    sent(client, address, cracked_jpeg)
    client.get(address)

    assert address.rpartition("/")[2] not in str([record.__dict__.get("fields") for record in caplog.records])


def test_photos_of_a_real_wall(client: TestClient, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # compare in earnest
    sent(client, address, made_up.photo(cracks=1), "check-in")
    sent(client, address, made_up.photo(cracks=2, shift=12), "check-out")
    (comparison,) = client.get(address).json()["comparisons"]

    assert comparison["comparable"]
    assert comparison["counts"]["new"] == 1
    (new,) = (change for change in comparison["changes"] if change["kind"] == "new")
    assert new["box_after"]["width"] > 300
