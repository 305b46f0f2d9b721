"""POST /gaze/videos and the job that it makes."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from sightline.jobs.queue import DAY_S
from sightline.service.retention import Retention
from sightline.settings import Settings
from sightline.web.app import create_app
from tests.conftest import OTHER_ID, PATIENCE_S, FakeEngine
from tests.jobs.contract import Clock
from tests.jobs.handlers import until
from tests.service.faces import CSV_HEAD, SUMMARY, VIDEO, FakeVideoAnalysis
from tests.web.conftest import fake_gaze

FILES = {
    "csv": ("analysis_results.csv", "text/csv; charset=utf-8"),
    "report": ("report.json", "application/json"),
    "figure_png": ("figure.png", "image/png"),
    "figure_html": ("figure.html", "text/html; charset=utf-8"),
    "report_pdf": ("report.pdf", "application/pdf"),
    "report_html": ("report.html", "text/html; charset=utf-8"),
}


def post(client: TestClient, video: bytes = VIDEO, headers: dict[str, str] | None = None, **fields: str) -> Any:
    return client.post("/gaze/videos", files={"file": ("face.mp4", video)}, data=fields, headers=headers)


def ended(client: TestClient, job_id: str) -> Any:
    def state() -> str:
        said: str = client.get(f"/gaze/jobs/{job_id}").json()["state"]
        return said

    until(lambda: state() in ("done", "failed"))
    return client.get(f"/gaze/jobs/{job_id}").json()


def test_a_video_is_accepted_as_a_job(faces: TestClient, analysis: FakeVideoAnalysis) -> None:
    analysis.hold.clear()
    response = post(faces)
    answer = response.json()

    assert response.status_code == 202
    assert UUID(answer["job_id"]).version == 4
    assert response.headers["location"] == f"http://testserver/gaze/jobs/{answer['job_id']}"
    assert answer["links"] == {"self": response.headers["location"]}
    assert answer["state"] in ("queued", "running")
    assert (answer["progress"], answer["result"], answer["reason"], answer["code"]) == (0, None, None, None)


def test_a_job_tells_how_far_it_is(faces: TestClient, analysis: FakeVideoAnalysis) -> None:
    analysis.hold.clear()
    address = post(faces).headers["location"]
    until(lambda: faces.get(address).json()["frames_done"] > 0)
    answer = faces.get(address).json()

    assert (answer["state"], answer["progress"]) == ("running", 0.4)
    assert (answer["frames_done"], answer["frames_total"]) == (40, 100)
    assert answer["frames_per_s"] > 0
    assert answer["started_at"] >= answer["created_at"]


def test_a_finished_job_has_a_result_and_links(faces: TestClient) -> None:
    answer = ended(faces, post(faces, user_id="u1").json()["job_id"])

    assert (answer["state"], answer["progress"], answer["reason"]) == ("done", 1.0, None)
    assert answer["result"]["summary"] == SUMMARY
    assert answer["result"]["screening"]["verdict"] == "insufficient_data"
    assert answer["result"]["video"] == {"sha256": sha256(VIDEO).hexdigest(), "size_bytes": len(VIDEO)}
    assert set(answer["links"]) == {"self", *FILES}
    for link, (name, content_type) in FILES.items():
        url = answer["links"][link]
        assert url == f"{answer['links']['self']}/{name}"
        response = faces.get(url)
        assert (response.status_code, response.headers["content-type"]) == (200, content_type)
        assert "private" in response.headers["cache-control"]
        head = faces.head(url)
        assert (head.status_code, head.content) == (200, b"")
        if link not in ("report_pdf", "report_html"):  # made anew for each request, with its own time
            assert head.headers["content-length"] == str(len(response.content))
    assert faces.get(answer["links"]["csv"]).text.startswith(CSV_HEAD)
    assert faces.get(answer["links"]["report"]).json()["summary"] == SUMMARY


@pytest.mark.parametrize("link", ["figure_html", "report_html"])
def test_a_page_of_ours_can_reach_nothing(faces: TestClient, link: str) -> None:
    policy = faces.get(ended(faces, post(faces).json()["job_id"])["links"][link]).headers["content-security-policy"]

    assert "sandbox allow-scripts" in policy
    assert "default-src 'none'" in policy
    assert "allow-same-origin" not in policy


def test_a_failed_job_has_its_reason(faces: TestClient) -> None:
    answer = ended(faces, post(faces, b"no video").json()["job_id"])

    assert (answer["state"], answer["code"], answer["result"]) == ("failed", "bad_input", None)
    assert "no video" in answer["reason"]
    assert set(answer["links"]) == {"self"}
    assert answer["finished_at"]


def test_wishes_are_json_in_text_fields_or_in_blobs(faces: TestClient, analysis: FakeVideoAnalysis) -> None:
    protocol = [{"start_s": 1.5, "end_s": 3, "target": "up"}]
    ended(faces, post(faces, parameters='{"step": 2}', protocol=json.dumps(protocol)).json()["job_id"])
    blobs: dict[str, tuple[str, bytes, str]] = {
        "file": ("face.mp4", VIDEO, "video/mp4"),
        "parameters": ("blob", b'{"step": 2}', "application/json"),
        "protocol": ("blob", json.dumps(protocol).encode(), "application/json"),
    }
    response = faces.post("/gaze/videos", files=blobs)
    ended(faces, response.json()["job_id"])

    assert [wanted.options.step for wanted in analysis.wanted] == [2, 2]
    assert [list(wanted.protocol) for wanted in analysis.wanted] == [protocol, protocol]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"parameters": "step=2"}, "parameters is no JSON"),
        ({"parameters": "[" * 60_000}, "parameters is no JSON"),
        ({"parameters": "[2]"}, "parameters should be an object"),
        ({"parameters": '{"step": 0}'}, "step is 0"),
        ({"parameters": '{"vpp_thresh": NaN}'}, "vpp_thresh"),
        ({"parameters": '{"stepp": 1}'}, "stepp"),
        ({"protocol": "up"}, "protocol is no JSON"),
        ({"protocol": '[{"start_s": 3, "end_s": 1, "target": "up"}]'}, "protocol[0].end_s"),
        ({"user_id": "../other"}, "user_id"),
        ({"user_id": "눈"}, "user_id"),
        ({"keep_days": "0"}, "keep_days is '0': it should be a whole number from 1 to 3650"),
        ({"keep_days": "soon"}, "keep_days is 'soon'"),
    ],
)
def test_a_wish_that_cannot_be_is_named_before_anything_is_kept(
    faces: TestClient, settings: Settings, fields: dict[str, str], words: str
) -> None:
    response = faces.post("/gaze/videos", files={"file": ("face.mp4", VIDEO)}, data=fields)

    assert (response.status_code, response.json()["code"]) == (400, "bad_input")
    assert words in response.json()["error"]
    assert not list((settings.results_dir / "files").iterdir())


def test_what_holds_no_video_is_a_bad_request(faces: TestClient) -> None:
    video = ("a.mp4", VIDEO)
    responses = [
        faces.post("/gaze/videos"),
        faces.post("/gaze/videos", json={"file": "abc"}),
        faces.post("/gaze/videos", content=VIDEO, headers={"content-type": "video/mp4"}),
        faces.post("/gaze/videos", data={"file": "text"}),
        faces.post("/gaze/videos", files={"video": video}),
        faces.post("/gaze/videos", files={"file": ("a.mp4", b"")}),
        faces.post("/gaze/videos", files={"file": video, "parameters": ("blob", b"\xff\xfe")}),
    ]
    for response in responses:
        assert (response.status_code, response.json()["code"]) == (400, "bad_input"), response.text


def test_the_limit_on_bytes_holds_and_is_named(
    settings: Settings, engine: FakeEngine, analysis: FakeVideoAnalysis
) -> None:
    settings = settings.model_copy(update={"max_video_bytes": 200_000})
    with TestClient(create_app(settings, engine, fake_gaze(settings, analysis))) as client:
        exact = VIDEO + bytes(200_000 - len(VIDEO))
        assert post(client, exact).status_code == 202
        for more in (1, 1_000_000):
            response = post(client, exact + bytes(more))
            assert (response.status_code, response.json()["code"]) == (413, "too_large")
            assert "0.2 MB" in response.json()["error"]


def test_the_same_upload_under_one_idempotency_key_is_one_job(faces: TestClient, analysis: FakeVideoAnalysis) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    first = post(faces, headers=key).json()["job_id"]
    ended(faces, first)
    again = post(faces, headers=key)

    assert (again.status_code, again.json()["job_id"], again.json()["state"]) == (202, first, "done")
    assert analysis.calls == 1
    other = post(faces, VIDEO + b"1", headers=key)
    assert (other.status_code, other.json()["code"]) == (400, "bad_input")
    assert post(faces).json()["job_id"] != first
    assert post(faces, headers={"Idempotency-Key": "a" * 300}).status_code == 400


def test_the_same_upload_for_another_time_is_another_upload(faces: TestClient) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    first = post(faces, headers=key, keep_days="7").json()["job_id"]

    assert post(faces, headers=key, keep_days="07").json()["job_id"] == first
    for refused in (post(faces, headers=key, keep_days="30"), post(faces, headers=key)):
        assert (refused.status_code, "Idempotency-Key" in refused.json()["error"]) == (400, True)


def test_a_job_tells_when_it_expires_and_is_gone_then(
    settings: Settings, engine: FakeEngine, analysis: FakeVideoAnalysis
) -> None:
    clock = Clock()
    with TestClient(create_app(settings, engine, fake_gaze(settings, analysis, clock))) as client:
        always, week = post(client).json(), post(client, keep_days="7").json()
        assert always["expires_at"] is None
        assert week["expires_at"] == "2026-03-08T12:00:00+00:00"
        links = ended(client, week["job_id"])["links"]
        assert client.get(links["self"]).json()["expires_at"] == week["expires_at"]
        clock.pass_s(7 * DAY_S)

        assert {client.get(url).status_code for url in links.values()} == {404}
        assert client.delete(links["self"]).status_code == 404
        assert ended(client, always["job_id"])["state"] == "done"
    with TestClient(create_app(settings, engine, fake_gaze(settings, analysis, clock))):
        folder = settings.results_dir / "files/users/anonymous/eye"
        until(lambda: [path.name for path in folder.iterdir()] == [always["job_id"]])


def test_a_server_s_own_limit_is_told_and_kept_to(
    settings: Settings, engine: FakeEngine, analysis: FakeVideoAnalysis
) -> None:
    settings = settings.model_copy(update={"retention_days": 30})
    with TestClient(create_app(settings, engine, fake_gaze(settings, analysis, Clock()))) as client:
        assert post(client).json()["expires_at"] == "2026-03-31T12:00:00+00:00"
        assert post(client, keep_days="1").json()["expires_at"] == "2026-03-02T12:00:00+00:00"
        refused = post(client, keep_days="31")
        assert (refused.status_code, refused.json()["code"]) == (400, "bad_input")
        assert "keep_days is '31': it should be a whole number from 1 to 30" in refused.json()["error"]


def test_where_a_bucket_deletes_all_after_one_time_no_other_is_promised(gaze_app: FastAPI) -> None:
    gaze_app.state.gaze = replace(gaze_app.state.gaze, retention=Retention(30, each=False))
    with TestClient(gaze_app) as client:
        assert post(client, keep_days="30").status_code == 202
        refused = post(client, keep_days="7")

    assert (refused.status_code, refused.json()["code"]) == (400, "bad_input")
    assert "keeps every video for 30 days" in refused.json()["error"]


@pytest.mark.parametrize("job_id", ["missing", OTHER_ID, "%2e%2e", "..%2F..%2Fetc%2Fpasswd", "a" * 5000, "%00"])
def test_unknown_jobs_are_not_found(faces: TestClient, job_id: str) -> None:
    addresses = [f"/gaze/jobs/{job_id}", *(f"/gaze/jobs/{job_id}/{name}" for name, _ in FILES.values())]
    for response in [*map(faces.get, addresses), faces.delete(addresses[0])]:
        assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_a_deleted_job_is_gone(faces: TestClient, settings: Settings) -> None:
    links = ended(faces, post(faces, user_id="someone").json()["job_id"])["links"]
    response = faces.delete(links["self"])

    assert (response.status_code, response.content) == (204, b"")
    assert {faces.get(url).status_code for url in links.values()} == {404}
    assert faces.delete(links["self"]).status_code == 404
    assert not list((settings.results_dir / "files").iterdir())


def test_a_running_job_can_be_deleted(faces: TestClient, analysis: FakeVideoAnalysis, settings: Settings) -> None:
    analysis.hold.clear()
    job_id = post(faces).json()["job_id"]
    until(lambda: analysis.calls == 1)
    assert faces.delete(f"/gaze/jobs/{job_id}").status_code == 204
    until(lambda: not list((settings.results_dir / "files").iterdir()))

    analysis.hold.set()
    assert ended(faces, post(faces).json()["job_id"])["state"] == "done"


def test_jobs_and_results_outlive_the_server(
    settings: Settings, engine: FakeEngine, analysis: FakeVideoAnalysis
) -> None:
    with TestClient(create_app(settings, engine, fake_gaze(settings, analysis))) as client:
        done = post(client).json()["job_id"]
        before = ended(client, done)
        analysis.hold.clear()
        interrupted = post(client).json()["job_id"]
        until(lambda: analysis.calls == 2)
    analysis.hold.set()
    with TestClient(create_app(settings, engine, fake_gaze(settings, analysis))) as client:
        assert client.get(f"/gaze/jobs/{done}").json() == before
        assert client.get(before["links"]["csv"]).status_code == 200
        assert ended(client, interrupted)["state"] == "done"


def test_more_than_may_wait_are_told_to_come_back(
    settings: Settings, engine: FakeEngine, analysis: FakeVideoAnalysis
) -> None:
    settings = settings.model_copy(update={"job_queue_limit": 1, "job_workers": 0})
    with TestClient(create_app(settings, engine, fake_gaze(settings, analysis))) as client:
        assert post(client).status_code == 202
        response = post(client)

    assert (response.status_code, response.json()["code"]) == (503, "busy")
    assert int(response.headers["retry-after"]) >= 1


def test_photos_do_not_wait_for_videos(faces: TestClient, analysis: FakeVideoAnalysis, cracked_jpeg: bytes) -> None:
    analysis.hold.clear()
    jobs = [post(faces).json()["job_id"] for _ in range(5)]
    until(lambda: analysis.calls == 1)

    assert faces.get("/health").status_code in (200, 503)
    photo = faces.post("/detect-crack", files={"file": ("a.jpg", cracked_jpeg)})
    assert (photo.status_code, photo.json()["has_crack"]) == (200, True)
    analysis.hold.set()
    assert {ended(faces, job_id)["state"] for job_id in jobs} == {"done"}


def test_addresses_name_the_public_url(settings: Settings, engine: FakeEngine, analysis: FakeVideoAnalysis) -> None:
    settings = settings.model_copy(update={"public_url": "https://example.com/ai"})
    with TestClient(create_app(settings, engine, fake_gaze(settings, analysis))) as client:
        response = post(client)

    assert response.headers["location"].startswith("https://example.com/ai/gaze/jobs/")


def test_uploads_at_a_time_are_bounded(faces: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = faces.app.state.gaze.gaze.jobs  # type: ignore[attr-defined]
    go, inside = threading.Event(), threading.Semaphore(0)

    def wait() -> None:
        inside.release()
        assert go.wait(PATIENCE_S)

    monkeypatch.setattr(jobs, "check_room", wait)
    answers: list[int] = []
    threads = [threading.Thread(target=lambda: answers.append(post(faces).status_code)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert inside.acquire(timeout=PATIENCE_S)
    refused = post(faces)
    go.set()
    for thread in threads:
        thread.join()

    assert (refused.status_code, refused.json()["code"]) == (503, "busy")
    assert refused.headers["retry-after"]
    assert len(answers) == 8
