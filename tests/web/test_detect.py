"""POST /detect-crack: what deployed clients rely on, and what we add."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

import pytest
from PIL import Image
from starlette.testclient import TestClient

from sightline.settings import Settings
from sightline.web.app import create_app
from sightline.web.schemas import DetectAnswer
from tests.conftest import FakeEngine, encoded, wall


def post(client: TestClient, data: bytes, field: str = "file", **headers: str) -> Any:
    return client.post("/detect-crack", files={field: ("wall.jpg", data, "image/jpeg")}, headers=headers)


@pytest.mark.parametrize("field", ["file", "image"])
def test_a_cracked_wall(client: TestClient, cracked_jpeg: bytes, field: str) -> None:
    response = post(client, cracked_jpeg, field)
    answer = response.json()

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    UUID(answer["file_id"])
    assert answer["has_crack"] is True
    assert 0.5 < answer["confidence"] <= 1
    assert answer["result_url"] == f"http://testserver/result/{answer['file_id']}"
    assert answer["image_url"] == f"/result/{answer['file_id']}"
    assert answer["crack_count"] == len(answer["bounding_boxes"]) == 1
    assert set(answer["bounding_boxes"][0]) == {"x", "y", "width", "height"}


def test_boxes_are_whole_pixels_of_the_photo_the_most_confident_first(client: TestClient) -> None:
    answer = post(client, encoded(wall(640, 480, cracks=3), "PNG")).json()
    boxes = answer["bounding_boxes"]

    assert answer["crack_count"] == len(boxes) == 3
    assert all(type(value) is int for box in boxes for value in box.values())
    assert [box["y"] > boxes[-1]["y"] for box in boxes] == [True, True, False]  # the fake is surest of the lowest
    confidences = [crack["confidence"] for crack in answer["instances"]]
    assert confidences == sorted(confidences, reverse=True)
    assert answer["confidence"] == confidences[0]
    assert [crack["box"] for crack in answer["instances"]] == boxes
    for box in boxes:
        assert (60 <= box["x"] <= 85, box["width"] >= 470) == (True, True)


def test_a_clean_wall_has_confidence_zero_and_no_boxes(client: TestClient, clean_jpeg: bytes) -> None:
    answer = post(client, clean_jpeg).json()

    assert (answer["has_crack"], answer["confidence"]) == (False, 0.0)
    assert (answer["crack_count"], answer["bounding_boxes"], answer["instances"]) == (0, [], [])
    assert client.get(answer["image_url"]).status_code == 200


def test_richer_fields(client: TestClient, cracked_jpeg: bytes) -> None:
    answer = post(client, cracked_jpeg, **{"X-Request-ID": "abc-1"}).json()
    crack = answer["instances"][0]

    assert (answer["width_px"], answer["height_px"]) == (320, 240)
    assert answer["model"] == {"name": "fake", "version": "0", "sha256": "0" * 64}
    assert "not a structural assessment" in answer["disclaimer"]
    assert answer["request_id"] == "abc-1"
    assert isinstance(answer["quality"], list)
    assert crack["length_px"] > 150
    assert 0 < crack["mean_width_px"] <= crack["max_width_px"] < 30
    assert len(crack["outline"][0]) >= 3
    assert DetectAnswer.model_validate(answer).model_dump(mode="json") == answer


def test_the_answer_and_the_stored_report_agree(client: TestClient, cracked_jpeg: bytes) -> None:
    answer = post(client, cracked_jpeg).json()
    report = client.get(answer["report_url"]).json()

    assert {key for key in answer if key in report} >= {"file_id", "has_crack", "confidence", "model", "quality"}
    for key in report.keys() & answer.keys():
        assert report[key] == answer[key], key


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_every_format_whatever_the_part_says_it_is(client: TestClient, kind: str) -> None:
    data = encoded(wall(), kind)

    for content_type in ("application/octet-stream", "text/plain", "image/png", ""):
        response = client.post("/detect-crack", files={"file": ("x", data, content_type)})
        assert (response.status_code, response.json()["has_crack"]) == (200, True)


def test_a_photo_is_seen_upright(client: TestClient) -> None:
    file, exif = BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(wall(320, 240)).save(file, "JPEG", exif=exif)
    answer = post(client, file.getvalue()).json()

    assert (answer["width_px"], answer["height_px"]) == (240, 320)
    assert answer["bounding_boxes"][0]["height"] > answer["bounding_boxes"][0]["width"]


def test_other_fields_beside_the_photo_do_no_harm(client: TestClient, cracked_jpeg: bytes) -> None:
    response = client.post("/detect-crack", files={"image": ("a.jpg", cracked_jpeg)}, data={"room": "7", "note": "벽"})

    assert response.status_code == 200


def test_an_empty_field_beside_a_photo_does_no_harm(client: TestClient, cracked_jpeg: bytes) -> None:
    response = client.post("/detect-crack", files={"file": ("", b""), "image": ("a.jpg", cracked_jpeg)})

    assert response.status_code == 200


def no_photo(client: TestClient) -> list[Any]:
    """Requests without a photo, each with a word of what is wrong."""
    jpeg = ("a.jpg", encoded(wall()))
    multipart = {"content-type": "multipart/form-data; boundary=x"}
    return [
        client.post("/detect-crack"),
        client.post("/detect-crack", json={"file": "abc"}),
        client.post("/detect-crack", data={"file": "abc"}),
        client.post("/detect-crack", content=jpeg[1], headers={"content-type": "image/jpeg"}),
        client.post("/detect-crack", files={"photo": jpeg}),
        client.post("/detect-crack", files={"file": ("a.jpg", b"")}),
        client.post("/detect-crack", files={"file": ("", b"")}),
        client.post("/detect-crack", files={"file": (None, "text")}),
        client.post("/detect-crack", files={"file": ("a.jpg", b"no picture")}),
        client.post("/detect-crack", files={"file": ("a.jpg", jpeg[1][:200])}),
        client.post("/detect-crack", files={"file": ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")}),
        client.post("/detect-crack", files={"file": ("a.gif", b"GIF89a")}),
        client.post("/detect-crack", content=b"", headers=multipart),
        client.post("/detect-crack", content=b"--y\r\n\r\n", headers=multipart),
        client.post("/detect-crack", content=b"--x\r\nno header\r\n\r\nabc\r\n--x--\r\n", headers=multipart),
        client.post("/detect-crack", content=b"--x\r\nA: b\r\n\r\nabc\r\n--x--\r\n", headers=multipart),
        client.post("/detect-crack", content=b"abc", headers={"content-type": "multipart/form-data"}),
        client.post("/detect-crack", files=[("file", jpeg)] * 9),
    ]


def test_what_holds_no_picture_is_a_bad_request(client: TestClient, settings: Settings) -> None:
    for response in no_photo(client):
        answer = response.json()
        assert response.status_code == 400, answer
        assert set(answer) - {"reason_code"} == {"error", "code"}
        assert answer["code"] == "bad_input"
        assert len(answer["error"]) > 10
    assert not list((settings.results_dir / "files").iterdir())


def test_the_error_says_what_came_instead(client: TestClient) -> None:
    cases: dict[str, Any] = {
        "No photo": {"photo": ("a.jpg", b"x")},
        "no bytes": {"file": ("a.jpg", b"")},
        "carries text": {"file": (None, "text")},
    }
    for words, files in cases.items():
        assert words in client.post("/detect-crack", files=files).json()["error"]


def test_public_url_goes_before_the_host_of_the_request(
    settings: Settings, engine: FakeEngine, cracked_jpeg: bytes
) -> None:
    public = settings.model_copy(update={"public_url": "https://example.com/ai"})
    with TestClient(create_app(public, engine)) as client:
        answer = post(client, cracked_jpeg, host="evil.example").json()

    assert answer["result_url"] == f"https://example.com/ai/result/{answer['file_id']}"
    assert urljoin("https://example.com/ai/", answer["image_url"]) == answer["result_url"]
    assert answer["report_url"].startswith("https://example.com/ai/result/")


@pytest.mark.parametrize("host", ["ai.example.com", "ai.example.com:8080", "[::1]:8000", "127.0.0.1"])
def test_addresses_name_the_host_that_was_asked(client: TestClient, cracked_jpeg: bytes, host: str) -> None:
    answer = post(client, cracked_jpeg, host=host).json()

    assert answer["result_url"] == f"http://{host}/result/{answer['file_id']}"
    assert urljoin(f"http://{host}", answer["image_url"]) == answer["result_url"]


def test_forwarded_headers_of_just_anybody_are_not_believed(client: TestClient, cracked_jpeg: bytes) -> None:
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"}

    assert post(client, cracked_jpeg, **headers).json()["result_url"].startswith("http://testserver/")


def test_the_contract_s_example_is_a_valid_answer() -> None:
    example = DetectAnswer.model_config["json_schema_extra"]
    assert isinstance(example, dict)
    [fields] = json.loads(json.dumps(example["examples"]))
    assert DetectAnswer.model_validate(fields).confidence == 0.85


def test_without_a_scale_there_are_no_millimetres(client: TestClient, cracked_jpeg: bytes) -> None:
    answer = post(client, cracked_jpeg).json()
    (crack,) = answer["instances"]

    assert answer["scale"] is None
    assert crack["profile_mean_width_px"] == pytest.approx(crack["mean_width_px"], rel=0.3)
    assert {name for name, value in crack.items() if value is None} == {
        "length_mm", "length_uncertainty_mm", "mean_width_mm", "max_width_mm", "width_uncertainty_mm",
    }  # fmt: skip


def test_two_points_give_millimetres(client: TestClient, cracked_jpeg: bytes) -> None:
    reference = json.dumps({"points": [[10, 10], [210, 10]], "distance_mm": 100})
    response = client.post("/detect-crack", files={"file": cracked_jpeg}, data={"reference": reference})
    answer = response.json()
    (crack,) = answer["instances"]

    assert response.status_code == 200
    assert answer["scale"]["kind"] == "points"
    assert answer["scale"]["mm_per_px"] == pytest.approx(0.5)
    assert crack["length_mm"] == pytest.approx(crack["length_px"] / 2, rel=0.02)
    assert crack["mean_width_mm"] == pytest.approx(crack["profile_mean_width_px"] / 2, rel=0.02)
    stored = client.get(f"/result/{answer['file_id']}/report.json").json()
    assert stored["scale"] == answer["scale"]


@pytest.mark.parametrize("reference", ["marker", "card", "a banana", '{"points": [[0, 0]]}'])
def test_a_reference_that_is_not_there_or_unknown_is_refused(
    client: TestClient, cracked_jpeg: bytes, reference: str
) -> None:
    response = client.post("/detect-crack", files={"file": cracked_jpeg}, data={"reference": reference})

    assert response.status_code == 400
    assert response.json()["code"] == "bad_input"
