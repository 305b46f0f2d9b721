"""The pages for eyes as the server sends them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from sightline.errors import BadInputError
from sightline.jobs.queue import DAY_S
from sightline.service.retention import Retention
from sightline.settings import Settings
from sightline.web.app import create_app
from tests.conftest import FakeEngine
from tests.jobs.contract import Clock
from tests.jobs.handlers import until
from tests.service.faces import PICTURE, VIDEO, FakeVideoAnalysis
from tests.web.conftest import fake_gaze

NOBODYS = "00000000-0000-4000-8000-000000000000"
AS_BROWSER = {"Accept": "text/html"}


def sent(client: TestClient, video: bytes = VIDEO, **fields: str) -> str:
    job: str = client.post("/gaze/videos", files={"file": ("face.mp4", video)}, data=fields).json()["job_id"]
    return job


def ended(client: TestClient, job: str) -> str:
    until(lambda: client.get(f"/gaze/jobs/{job}").json()["state"] in ("done", "failed"))
    return job


def choices(page: str) -> list[tuple[str, str, str]]:
    """Value, mark and words of each choice of how long a video is kept."""
    return re.findall(r'<option value="(\d*)"( selected)?>([^<]+)</option>', page)


def events(text: str) -> list[tuple[str, Any]]:
    """The events of a stream, as a browser reads them."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines())
        if "event" in fields:
            found.append((fields["event"], json.loads(fields["data"])))
    return found


def test_nothing_can_be_sent_before_consent(faces: TestClient) -> None:
    page = faces.get("/app/eyes").text

    assert '<fieldset id="ways" class="grid-2 eyes-ways" disabled' in page
    assert 'id="consent" type="checkbox" autocomplete="off">' in page  # and not checked
    assert "kept on this server for as long as you choose here" in page


def test_how_long_it_is_kept_is_chosen_beside_consent(faces: TestClient) -> None:
    english, korean = (choices(faces.get("/app/eyes", params={"lang": lang}).text) for lang in ("en", "ko"))

    assert english == [
        ("1", "", "for 1 day"),
        ("7", "", "for 7 days"),
        ("30", " selected", "for 30 days"),
        ("", "", "until I delete them"),
    ]
    assert [text for _, _, text in korean] == ["1일", "7일", "30일", "직접 삭제할 때까지"]


def test_only_what_the_server_s_limit_allows_can_be_chosen(
    settings: Settings, engine: FakeEngine, analysis: FakeVideoAnalysis
) -> None:
    settings = settings.model_copy(update={"retention_days": 14})
    with TestClient(create_app(settings, engine, fake_gaze(settings, analysis))) as client:
        found = choices(client.get("/app/eyes").text)

    assert found == [("1", "", "for 1 day"), ("7", "", "for 7 days"), ("14", " selected", "for 14 days")]


@pytest.mark.parametrize(("days", "text"), [(30, "for 30 days, or until"), (None, "until you delete them")])
def test_where_there_is_no_choice_a_sentence_tells(gaze_app: FastAPI, days: int | None, text: str) -> None:
    gaze_app.state.gaze = replace(gaze_app.state.gaze, retention=Retention(days, each=False))
    with TestClient(gaze_app) as client:
        page = client.get("/app/eyes").text

    assert "<select" not in page
    assert f"kept on this server {text}" in page


@pytest.mark.parametrize(("state", "video"), [("running", VIDEO), ("done", VIDEO), ("failed", b"no video")])
def test_every_page_of_a_video_tells_the_day_on_which_it_goes(
    settings: Settings, engine: FakeEngine, analysis: FakeVideoAnalysis, state: str, video: bytes
) -> None:
    if state == "running":
        analysis.hold.clear()
    with TestClient(create_app(settings, engine, fake_gaze(settings, analysis, Clock()))) as client:
        address = f"/app/eyes/{sent(client, video, keep_days='7')}"
        always = f"/app/eyes/{sent(client, video)}"
        until(lambda: f'data-state="{state}"' in client.get(address).text)
        english, korean = (client.get(address, params={"lang": lang}).text for lang in ("en", "ko"))
        without = client.get(always).text

    assert 'data-expires="2026-03-08T12:00:00+00:00"' in english
    assert "will be deleted automatically on 8 March 2026" in english
    assert "2026년 3월 8일에 자동으로 삭제됩니다" in korean
    assert "data-expires" not in without
    assert "are kept until you delete them" in without


def test_a_video_that_has_expired_has_no_page(
    settings: Settings, engine: FakeEngine, analysis: FakeVideoAnalysis
) -> None:
    clock = Clock()
    with TestClient(create_app(settings, engine, fake_gaze(settings, analysis, clock))) as client:
        job = ended(client, sent(client, keep_days="1"))
        clock.pass_s(DAY_S)

        for what in ("", "/events", "/video", "/frames.json"):
            assert client.get(f"/app/eyes/{job}{what}").status_code == 404


def test_a_job_under_way_has_a_page_that_follows_it(faces: TestClient, analysis: FakeVideoAnalysis) -> None:
    analysis.hold.clear()
    job = sent(faces)
    page = faces.get(f"/app/eyes/{job}").text

    assert f'data-job="{job}"' in page
    assert "Your video is being analysed" in page
    assert 'id="remove"' in page


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ("Insufficient data: this recording supports no statement", "no diagnosis", "kept until you delete")),
        ("ko", ("자료 부족: 이 녹화로는 판단할 수 없습니다", "진단도 의료기기도 아닙니다", "직접 삭제할 때까지")),
    ],
)
def test_a_result_says_what_it_means_and_that_it_is_no_diagnosis(
    faces: TestClient, language: str, texts: tuple[str, ...]
) -> None:
    page = faces.get(f"/app/eyes/{ended(faces, sent(faces))}", params={"lang": language}).text

    assert f'<html lang="{language}">' in page
    for text in texts:
        assert text in page


def test_a_result_offers_its_files(faces: TestClient) -> None:
    job = ended(faces, sent(faces))
    page = faces.get(f"/app/eyes/{job}").text

    names = ("report.pdf?lang=en", "report.pdf?lang=ko", "report.html?lang=en", "analysis_results.csv", "figure.png")
    for name in names:
        assert f'href="/gaze/jobs/{job}/{name}"' in page
        assert faces.get(f"/gaze/jobs/{job}/{name}").status_code == 200


def test_a_failed_job_tells_why_in_the_users_words(faces: TestClient, analysis: FakeVideoAnalysis) -> None:
    analysis.errors.append(BadInputError("stream 0 has <no> frames"))
    job = ended(faces, sent(faces))
    english = faces.get(f"/app/eyes/{job}?lang=en").text
    korean = faces.get(f"/app/eyes/{job}?lang=ko").text

    assert "It could not be read as a video." in english
    assert "동영상으로 읽을 수 없습니다." in korean
    assert 'lang="en">stream 0 has &lt;no&gt; frames' in korean
    assert 'id="remove"' in korean


@pytest.mark.parametrize("job", [NOBODYS, "no-id"])
@pytest.mark.parametrize("what", ["", "/events", "/video", "/frames.json"])
def test_what_is_not_there_is_not_found(faces: TestClient, job: str, what: str) -> None:
    answer = faces.get(f"/app/eyes/{job}{what}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_browser_gets_a_page_where_nothing_is(faces: TestClient) -> None:
    answer = faces.get(f"/app/eyes/{NOBODYS}", headers=AS_BROWSER)

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


def test_everything_of_a_deleted_video_is_gone(faces: TestClient, settings: Settings) -> None:
    job = ended(faces, sent(faces))
    assert faces.delete(f"/gaze/jobs/{job}").status_code == 204

    for what in ("", "/events", "/video", "/frames.json"):
        assert faces.get(f"/app/eyes/{job}{what}").status_code == 404
    assert not [file for file in (settings.results_dir / "files").rglob("*") if file.is_file()]


def test_events_end_with_the_result(faces: TestClient) -> None:
    answer = faces.get(f"/app/eyes/{ended(faces, sent(faces))}/events")

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.startswith("retry: ")
    [(name, standing)] = events(answer.text)
    assert name == "job"
    assert (standing["state"], standing["progress"]) == ("done", 1.0)


def test_events_follow_a_job(faces: TestClient, analysis: FakeVideoAnalysis) -> None:
    analysis.hold.clear()
    job = sent(faces)
    until(lambda: faces.get(f"/gaze/jobs/{job}").json()["frames_done"] > 0)
    told = []
    with faces.stream("GET", f"/app/eyes/{job}/events") as answer:
        analysis.hold.set()  # the client reads the stream to its end before it hands out the first line
        told = events("".join(answer.iter_text()))

    assert [standing["state"] for _, standing in told][-1] == "done"
    assert told[0][1]["frames_total"] == 100


def test_events_say_that_a_job_was_deleted(
    faces: TestClient, analysis: FakeVideoAnalysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sightline.web.pages.events.LOOK_EVERY_S", 0.01)
    analysis.hold.clear()
    job = sent(faces)
    jobs = faces.app.state.gaze.gaze.jobs  # type: ignore[attr-defined]
    get, seen = jobs.get, []

    def get_once(job_id: str) -> Any:
        seen.append(job_id)
        if len(seen) == 2:
            jobs.delete(job_id)
        return get(job_id)

    monkeypatch.setattr(jobs, "get", get_once)
    assert events(faces.get(f"/app/eyes/{job}/events").text)[-1] == ("gone", {})


def test_a_stream_does_not_last(
    faces: TestClient, analysis: FakeVideoAnalysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sightline.web.pages.events.STREAM_LASTS_S", 0.0)
    analysis.hold.clear()
    told = events(faces.get(f"/app/eyes/{sent(faces)}/events").text)

    assert [name for name, _ in told] == ["job"]
    assert told[0][1]["state"] in ("queued", "running")


def test_a_look_through_the_camera_keeps_nothing(faces: TestClient, settings: Settings) -> None:
    before = sorted(settings.results_dir.rglob("*.jpg"))
    answer = faces.post("/app/eyes/check", content=PICTURE, headers={"Content-Type": "image/jpeg"})

    assert answer.json()["face"] is True
    assert set(answer.json()) == {"face", "faces", "iris_px", "gate"}  # no landmarks: they say whose face it is
    assert answer.headers["cache-control"] == "no-store"
    assert sorted(settings.results_dir.rglob("*.jpg")) == before
    assert faces.post("/app/eyes/check", content=PICTURE + b"empty").json() == {"face": False}


@pytest.mark.parametrize(("body", "status"), [(b"", 400), (b"no picture", 400), (b"\xff" * 4_000_001, 413)])
def test_what_is_no_picture_of_a_camera_is_refused(faces: TestClient, body: bytes, status: int) -> None:
    assert faces.post("/app/eyes/check", content=body).status_code == status
