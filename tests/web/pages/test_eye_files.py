"""The video of a result, whole and in parts, as players ask for it."""

from __future__ import annotations

import gzip
import json

import pytest
from starlette.testclient import TestClient

from sightline.web.pages.eye_files import byte_range, video_type
from tests.service.faces import VIDEO
from tests.web.pages.test_eye_pages import ended, sent


def test_the_video_comes_as_it_was_sent(faces: TestClient) -> None:
    answer = faces.get(f"/app/eyes/{ended(faces, sent(faces))}/video")

    assert (answer.status_code, answer.content) == (200, VIDEO)
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-length"] == str(len(VIDEO))
    assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("video", [VIDEO, b"no video"])
def test_no_browser_keeps_the_page_of_a_video_that_may_be_deleted(faces: TestClient, video: bytes) -> None:
    answer = faces.get(f"/app/eyes/{ended(faces, sent(faces, video))}")

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store")


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-", 0, len(VIDEO) - 1), ("bytes=10-19", 10, 19), ("bytes=-5", len(VIDEO) - 5, len(VIDEO) - 1)],
)
def test_a_part_of_the_video(faces: TestClient, asked: str, first: int, last: int) -> None:
    answer = faces.get(f"/app/eyes/{ended(faces, sent(faces))}/video", headers={"Range": asked})

    assert answer.status_code == 206
    assert answer.content == VIDEO[first : last + 1]
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(VIDEO)}"


def test_a_part_behind_the_end(faces: TestClient) -> None:
    answer = faces.get(f"/app/eyes/{ended(faces, sent(faces))}/video", headers={"Range": f"bytes={len(VIDEO)}-"})

    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(VIDEO)}")


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "bytes=-", "bytes=abc", "bytes=" + "9" * 30 + "-", "lines=1-2"])
def test_what_is_asked_for_in_another_form_is_answered_whole(faces: TestClient, asked: str) -> None:
    answer = faces.get(f"/app/eyes/{ended(faces, sent(faces))}/video", headers={"Range": asked})

    assert (answer.status_code, answer.content) == (200, VIDEO)
    assert "content-range" not in answer.headers


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("", (0, 99)),
        ("bytes=0-0", (0, 0)),
        ("Bytes=2-3", (2, 3)),
        ("bytes=90-500", (90, 99)),
        ("bytes=-500", (0, 99)),
        ("bytes=-0", None),
        ("bytes=100-", None),
        ("bytes=7-3", None),
        ("bytes=-", (0, 99)),
        ("bytes=0-1,5-6", (0, 99)),
        ("lines=1-2", (0, 99)),
        ("bytes=" + "9" * 30 + "-", (0, 99)),
    ],
)
def test_what_a_range_asks_for(header: str, span: tuple[int, int] | None) -> None:
    assert byte_range(header, 100) == span


@pytest.mark.parametrize(
    ("head", "content_type"),
    [
        (b"\0\0\0\x18ftypmp42", "video/mp4"),
        (b"\0\0\0\x14ftypqt  ", "video/mp4"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", "video/webm"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska", "video/x-matroska"),
        (b"RIFF\0\0\0\0AVI ", "video/x-msvideo"),
        (b"GIF89a", "image/gif"),
        (b"anything", "application/octet-stream"),
    ],
)
def test_the_type_is_told_by_the_bytes(head: bytes, content_type: str) -> None:
    assert video_type(head) == content_type


def test_frames_come_compressed_to_who_can_read_it(faces: TestClient) -> None:
    address = f"/app/eyes/{ended(faces, sent(faces))}/frames.json"
    plain = faces.get(address, headers={"Accept-Encoding": "identity"})
    packed = faces.get(address)

    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.json() == packed.json()
    assert packed.headers["cache-control"] == "private, no-store"
    assert json.loads(gzip.decompress(gzip.compress(plain.content)))["time"] == [0.0]
