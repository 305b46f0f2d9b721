"""What the addresses of every blob store promise, as tests: a backend's test file inherits them."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit, urlunsplit

import pytest

from sightline.errors import BadInputError
from sightline.storage.blobs import BlobStore
from tests.conftest import PATIENCE_S
from tests.jobs.handlers import until


@dataclass(frozen=True)
class Answer:
    """What came back, with the headers' names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Send = Callable[..., Answer]
"""Sends a request as somebody without credentials: method, address, body, headers."""


def send_to(url: str, method: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
    """Send a request to an absolute address, with these headers and what HTTP itself demands."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=PATIENCE_S)
    try:
        connection.request(method, f"{parts.path}?{parts.query}", body or None, dict(headers or {}))
        answer = connection.getresponse()
        names = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, names, answer.read())
    finally:
        connection.close()


class AddressContract:
    """Needs the fixtures `store`, an empty `BlobStore`, and `send`."""

    def test_an_address_to_fetch_one_blob(self, store: BlobStore, send: Send) -> None:
        store.put("users/a.b@example.com/x+y=1.jpg", b"\xff\xd8 picture", "image/jpeg")
        store.put("users/other.jpg", b"other", "image/jpeg")
        address = store.presign_get("users/a.b@example.com/x+y=1.jpg", expires_s=60)

        answer = send("GET", address)
        assert (answer.status, answer.body) == (200, b"\xff\xd8 picture")
        assert answer.headers["content-type"] == "image/jpeg"
        assert send("GET", store.presign_get("users/missing.jpg", expires_s=60)).status == 404
        other = urlsplit(store.presign_get("users/other.jpg", expires_s=60))
        assert send("GET", urlunsplit(other._replace(query=urlsplit(address).query))).status == 403
        assert send("GET", urlunsplit(other._replace(query=other.query[:-4] + "0000"))).status == 403
        assert send("PUT", address, b"x" * 10, {"Content-Type": "image/jpeg"}).status == 403
        assert store.get("users/other.jpg") == b"other"

    def test_an_address_that_takes_one_blob(self, store: BlobStore, send: Send) -> None:
        put = store.presign_put("users/u/raw_video.mp4", content_type="video/mp4", size_bytes=10, expires_s=60)
        assert store.list() == ()
        assert 0 < (put.expires_at - datetime.now(UTC)).total_seconds() <= 60

        assert send("PUT", put.url, b"0123456789", put.headers).status == 200
        assert store.get("users/u/raw_video.mp4") == b"0123456789"
        assert store.head("users/u/raw_video.mp4").content_type == "video/mp4"
        assert send("PUT", put.url, b"9876543210", put.headers).status == 200  # a client may try again
        assert store.get("users/u/raw_video.mp4") == b"9876543210"

    def test_an_address_takes_nothing_but_what_it_was_made_for(self, store: BlobStore, send: Send) -> None:
        put = store.presign_put("users/u/raw_video.mp4", content_type="video/mp4", size_bytes=10, expires_s=60)
        other_key = put.url.replace("raw_video", "new_video")
        tampered = put.url.replace("xpires=", "xpires=9")

        assert send("PUT", put.url, b"0123456789", {"Content-Type": "text/html"}).status == 403
        assert send("PUT", put.url, b"0123456789", {}).status == 403
        assert send("PUT", put.url, b"01234567890", put.headers).status == 403
        assert send("PUT", put.url, b"012345678", put.headers).status == 403
        assert send("PUT", other_key, b"0123456789", put.headers).status == 403
        assert send("PUT", tampered, b"0123456789", put.headers).status in (400, 403)
        assert send("GET", put.url).status == 403
        assert store.list() == ()

    def test_an_address_ends(self, store: BlobStore, send: Send) -> None:
        store.put("a.txt", b"x", "text/plain")
        put = store.presign_put("a.txt", content_type="text/plain", size_bytes=3, expires_s=1)
        get = store.presign_get("a.txt", expires_s=1)  # the later one: where it has ended, the other has

        until(lambda: send("GET", get).status == 403)
        assert send("PUT", put.url, b"new", put.headers).status == 403
        assert store.get("a.txt") == b"x"

    @pytest.mark.parametrize("content_type", ["", "video", "video/", "video/mp4\r\nX-A: b", "video/mp4; a=b", "*/*"])
    def test_an_address_is_bound_to_a_real_content_type(self, store: BlobStore, content_type: str) -> None:
        with pytest.raises(BadInputError, match="content type"):
            store.presign_put("a.mp4", content_type=content_type, size_bytes=1, expires_s=60)

    def test_an_address_is_bound_to_a_real_length_and_time(self, store: BlobStore) -> None:
        with pytest.raises(BadInputError, match="size_bytes"):
            store.presign_put("a.mp4", content_type="video/mp4", size_bytes=-1, expires_s=60)
        for expires_s in (0, -1, 604_801):
            with pytest.raises(ValueError, match="expires_s"):
                store.presign_put("a.mp4", content_type="video/mp4", size_bytes=1, expires_s=expires_s)
            with pytest.raises(ValueError, match="expires_s"):
                store.presign_get("a.mp4", expires_s=expires_s)
