"""The template's stack, end to end: plain HTTP clients, API Gateway and Function URL, S3 and its events, SQS, the
functions on AWS's own runtime, DynamoDB. The models are the packaged ones.

What ministack lacks is named in `tests.deploy.conftest`; a gateway's own errors are read off the template there.
"""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from sightline.service.eye_tracking import ACTIONS
from tests.aws.conftest import FACE_FRAMES
from tests.aws.deployed import CRACK_BUCKET, USER, Deployed
from tests.aws.gaze_world import BUCKET, metrics
from tests.clouds.emulator import needs_emulator
from tests.service.faces import CSV_HEAD

pytestmark = needs_emulator


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_an_upload_and_all_that_follows_from_it(stack: Deployed, face_clip: bytes) -> None:
    before = datetime.now(UTC).timestamp()
    answered = list(stack.gaze.answered)
    created = stack.announced(face_clip, file_name="me.mov", parameters={"step": 2})
    folder = f"users/{USER}/eye/{created['analysis_id']}"
    assert created["s3_key"] == f"{folder}/raw_video.mp4"
    assert stack.status(created)["state"] == "awaiting_upload"
    assert stack.upload(created, face_clip) == 200
    standing = stack.until("done", created)  # nobody has said `submit`: the event of the bucket does

    result = standing["result"]
    assert (standing["progress"], standing["attempts"], standing["reason"]) == (1.0, 1, None)
    assert (result["analysis_id"], result["status"]) == (created["analysis_id"], "success")
    assert result["summary"]["frames_processed"] == FACE_FRAMES // 2
    assert result["summary"].keys() >= {"psp_suspected", "blink_count", "vertical_peak_to_peak", "fps", "video_meta"}
    assert result["video_path"] == f"s3://{BUCKET}/{folder}/raw_video.mp4"
    assert result["csv_path"] == f"s3://{BUCKET}/{folder}/analysis_results.csv"

    csv = stack.client.get(result["downloads"]["csv"])
    assert (csv.status_code, csv.headers["content-type"]) == (200, "text/csv")
    assert csv.content == stack.world.get(f"{folder}/analysis_results.csv")
    head, *rows = csv.text.splitlines()
    assert head.startswith(CSV_HEAD)
    assert len(rows) == FACE_FRAMES // 2

    item = dict(stack.world.item(created["analysis_id"]))
    assert (item["analysisId"], item["testType"]) == ({"S": created["analysis_id"]}, {"S": "eye-tracking"})
    assert (item["userId"], item["status"]) == ({"S": USER}, {"S": "success"})
    assert before - 1 <= int(item["timestamp"]["N"]) <= datetime.now(UTC).timestamp()
    summary = item["results"]["M"]["summary"]["M"]
    assert summary["frames_processed"] == {"N": str(FACE_FRAMES // 2)}
    assert float(summary["vertical_peak_to_peak"]["N"]) == result["summary"]["vertical_peak_to_peak"]
    assert summary["psp_suspected"] == {"BOOL": result["summary"]["psp_suspected"]}
    ours = {"s3Key", "createdAt", "ownFields"}  # a shown field keeps its name; these are more
    assert item.keys() == {"analysisId", "testType", "userId", "timestamp", "results", "status"} | ours

    names = {"raw_video.mp4", "analysis_results.csv", "report.json"}
    assert stack.world.stored() == {f"{folder}/{name}" for name in names}
    bodies = [record["body"] for event in stack.gaze.events for record in event["Records"]]
    # The bucket's event and the job's message: results announce nothing.
    assert len([body for body in bodies if created["analysis_id"] in body]) == 2
    assert all(count > earlier for count, earlier in zip(stack.gaze.answered, answered, strict=True))
    assert USER not in stack.gaze.log()

    assert stack.ask("delete_analysis", "somebody_else", analysis_id=created["analysis_id"])[0] == 404
    status, answer = stack.ask("delete_analysis", analysis_id=created["analysis_id"])
    assert (status, answer["status"]) == (200, "deleted")
    assert stack.ask("get_status", analysis_id=created["analysis_id"])[0] == 404
    assert (stack.world.stored(), stack.world.items()) == (set(), [])
    assert (stack.world.receive(), stack.world.receive(stack.world.dead_letter_url)) == ([], [])


def test_an_upload_other_than_announced_is_refused_by_the_bucket(stack: Deployed, face_clip: bytes) -> None:
    created = stack.announced(face_clip)

    assert stack.upload(created, face_clip[:-1]) == 403
    assert stack.upload(created, face_clip + b"1") == 403
    assert stack.upload(created, b"") == 403
    assert stack.upload(created, face_clip, **{"Content-Type": "text/html"}) == 403
    elsewhere = created["upload"]["url"].replace(f"/{USER}/", "/somebody_else/")
    assert stack.upload({"upload": created["upload"] | {"url": elsewhere}}, face_clip) == 403
    assert stack.client.get(created["upload"]["url"]).status_code == 403
    status, answer = stack.ask("submit", analysis_id=created["analysis_id"])
    assert (status, answer["code"]) == (409, "not_uploaded")
    assert (stack.world.stored(), stack.gaze.events) == (set(), [])
    assert stack.upload(created, face_clip) == 200
    assert stack.until("done", created)["attempts"] == 1


def test_every_action_through_the_rest_api(stack: Deployed, face_clip: bytes, face_jpeg: bytes) -> None:
    picture = {"file_data": text(face_jpeg)}
    stack.world.put(f"users/{USER}/in/face.jpg", face_jpeg)
    stack.world.put(f"users/{USER}/in/face.mp4", face_clip)
    status, image = stack.ask("analyze_image", **picture)
    assert (status, image["status"], image["result"]["detected"]) == (200, "success", True)
    assert {"left", "right", "eye_open", "v_offset", "blink_prob", "landmarks"} <= image["result"].keys()
    status, video = stack.ask("analyze_video", file_data=text(face_clip), file_name="video.mp4", parameters={"step": 3})
    assert (status, video["summary"]["frames_processed"]) == (200, FACE_FRAMES // 3)
    status, stored_image = stack.ask("process_s3_file", s3_key=f"users/{USER}/in/face.jpg")
    assert (status, stored_image["result"]["eye_open"]) == (200, image["result"]["eye_open"])
    status, stored = stack.ask("process_s3_file", s3_key=f"users/{USER}/in/face.mp4", parameters={"step": 3})
    assert (status, stored["summary"]) == (200, video["summary"])
    created = stack.announced(face_clip)
    status, accepted = stack.ask("submit", s3_key=f"users/{USER}/in/face.mp4", parameters={"step": 3})
    assert (status, accepted["status"]) == (202, "accepted")
    assert stack.until("done", accepted)["result"]["summary"] == video["summary"]
    for each in (image, video, stored_image, stored, created, accepted):
        assert stack.ask("delete_analysis", analysis_id=each["analysis_id"])[0] == 200

    assert stack.world.stored() == {f"users/{USER}/in/face.jpg", f"users/{USER}/in/face.mp4"}  # the user's own
    assert stack.world.items() == []
    assert {line["action"] for instance in stack.gaze.all for line in metrics(instance)} >= {*ACTIONS, "job"}


@pytest.mark.parametrize("path", ["", "/", "/health", "/some/older/path"])
def test_every_route_of_the_rest_api(stack: Deployed, path: str) -> None:
    url = stack.api_url + path
    health = stack.client.get(url)
    asked = stack.client.options(url, headers={"Origin": "https://a.example", "Access-Control-Request-Method": "POST"})
    posted = stack.client.post(url, json={"action": "get_status", "user_id": USER, "analysis_id": "none"})

    assert (health.status_code, health.json()["status"]) == (200, "healthy")
    assert (asked.status_code, asked.content) == (204, b"")
    assert (posted.status_code, posted.json()["code"]) == (404, "not_found")
    for response in (health, asked, posted):
        assert response.headers.get_list("access-control-allow-origin") == ["*"]
    assert "POST" in asked.headers["access-control-allow-methods"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no body"),
        (b"{", "no JSON"),
        (b"[1]", "JSON object with an 'action'"),
        (b"7", "JSON object with an 'action'"),
        (b"\x00\x00\x00\x20ftypisom" + bytes(range(256)), "no JSON"),
        (b'{"action": "drop_table"}', "one of analyze_image"),
        (b'{"action": "analyze_video", "file_data": "!"}', "no base64"),
        (b'{"action": "analyze_video", "user_id": "../u2", "file_data": "AAAA"}', "user_id"),
        (b'{"action": "analyze_image", "file_data": "bm8gcGljdHVyZQ=="}', "picture"),
        (b'{"action": "process_s3_file", "s3_key": "users/u1/../u2/face.mp4"}', "s3_key"),
    ],
)
def test_bad_bodies_through_the_rest_api(stack: Deployed, body: bytes, words: str) -> None:
    response = stack.client.post(stack.api_url, content=body)
    answer = response.json()

    assert (response.status_code, answer["code"], answer["status"]) == (400, "bad_input", "error")
    assert words in answer["error"]
    assert response.headers["access-control-allow-origin"] == "*"
    assert (stack.world.stored(), stack.world.items()) == (set(), [])


def test_every_route_of_the_function_url(stack: Deployed, cracked: bytes) -> None:
    client, url = stack.client, stack.crack_url
    guides = {"status": "healthy", "message": "AI server is running", "model_loaded": True}
    for path in ("/", "/health"):
        assert client.get(url + path).json().items() >= guides.items()
    answer = client.post(f"{url}/detect-crack", files={"file": ("wall.jpg", cracked, "image/jpeg")})
    found = answer.json()
    path = f"/result/{found['file_id']}"

    assert (answer.status_code, found["has_crack"], found["result_url"]) == (
        200,
        True,
        f"https://{stack.crack_host}{path}",
    )
    types = {"": "image/jpeg", "/mask.png": "image/png", "/report.json": "application/json"}
    for name, content_type in types.items():
        for method in ("GET", "HEAD"):
            response = client.request(method, url + path + name)
            assert (response.status_code, response.headers["content-type"]) == (200, content_type)
    assert client.get(f"{url}{path}/report.json").json()["confidence"] == found["confidence"]
    assert len(objects(stack)) == 4  # with its record
    assert found["file_id"] not in stack.crack.log()
    assert [client.request(method, url + path).status_code for method in ("DELETE", "DELETE", "GET")] == [204, 404, 404]
    assert objects(stack) == set()
    assert client.get(f"{url}/nothing").json()["code"] == "not_found"
    assert client.get(f"{url}/detect-crack").status_code == 405


def objects(stack: Deployed) -> set[str]:
    listed = stack.world.cloud.client("s3").list_objects_v2(Bucket=CRACK_BUCKET)
    return {entry["Key"] for entry in listed.get("Contents", [])}


def test_a_browser_before_the_function_url(stack: Deployed) -> None:
    """The URL's own setting answers it; ministack does so as well."""
    origin = {"Origin": "https://a.example"}
    asked = stack.client.options(
        f"{stack.crack_url}/detect-crack", headers=origin | {"Access-Control-Request-Method": "POST"}
    )
    answer = stack.client.get(f"{stack.crack_url}/result/none", headers=origin)

    assert "POST" in asked.headers["access-control-allow-methods"]
    assert asked.headers.get_list("access-control-allow-origin") == ["*"]
    assert answer.status_code == 404
    assert answer.headers.get_list("access-control-allow-origin") == ["*"]  # once, or a browser refuses it


def form(content: bytes, name: str = "file") -> dict[str, Any]:
    return {"files": {name: ("wall.jpg", content)}}


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"content": bytes(range(256))},
        {"json": {"file": "wall.jpg"}},
        {"data": {"file": "wall.jpg"}},
        {"content": b"--x\r\n", "headers": {"Content-Type": "multipart/form-data"}},
        {"content": b"--x\r\nContent-Disp", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        form(b""),
        form(bytes(range(256))),
        form(b"\xff\xd8\xff\xe0 no picture"),
        form(b"\xff\xd8", "another_field"),
    ],
    ids=["nothing", "binary", "json", "form", "no boundary", "cut off", "empty", "noise", "no jpeg", "other field"],
)
def test_bad_bodies_through_the_function_url(stack: Deployed, sent: dict[str, Any]) -> None:
    response = stack.client.post(f"{stack.crack_url}/detect-crack", **sent)

    assert response.status_code == 400, response.text
    answer = json.loads(response.text)
    assert (answer["code"], bool(answer["error"])) == ("bad_input", True)
    assert objects(stack) == set()
