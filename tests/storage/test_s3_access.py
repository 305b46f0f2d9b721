"""Where the way to a bucket comes from: the environment, a profile, or the local address of a started snapshot."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from sightline.errors import MissingExtraError, NotReadyError
from sightline.storage.s3 import S3BlobStore
from sightline.storage.s3_access import open_bucket
from tests.clouds.ministack import Ministack

BUCKET = "sightline-test"


@pytest.fixture
def keys(cloud_environment: Ministack, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """A user's keys, which are not in the environment."""
    cloud_environment.make_bucket(BUCKET)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    found = cloud_environment.environment
    return found["AWS_ACCESS_KEY_ID"], found["AWS_SECRET_ACCESS_KEY"]


def works(store: S3BlobStore) -> bool:
    store.put("a", b"x", "text/plain")
    return store.get("a") == b"x"


def test_the_endpoint_of_s3_goes_before_the_one_of_all(
    cloud_environment: Ministack, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud_environment.make_bucket(BUCKET)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", cloud_environment.url)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")

    assert works(S3BlobStore(BUCKET))


def test_a_region_that_is_missing(cloud_environment: Ministack, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    with pytest.raises(NotReadyError, match="AWS_REGION"):
        S3BlobStore(BUCKET)


def test_on_aws_the_bucket_is_part_of_the_host(cloud_environment: Ministack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")

    store = S3BlobStore(BUCKET)
    assert store.presign_get("a.jpg", expires_s=60).startswith(f"https://{BUCKET}.s3.us-west-1.amazonaws.com/a.jpg?")
    assert str(open_bucket(BUCKET).config["virtual_hosted_style_request"]) == "true"
    assert str(open_bucket("a.bucket.with.dots").config["virtual_hosted_style_request"]) == "false"


def test_credentials_that_are_missing(keys: tuple[str, str]) -> None:
    with pytest.raises(NotReadyError, match="AWS_ACCESS_KEY_ID"):
        S3BlobStore(BUCKET)


def test_a_key_alone_is_no_credential(keys: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys[0])
    with pytest.raises(NotReadyError, match="AWS_SECRET_ACCESS_KEY"):
        S3BlobStore(BUCKET)


def test_credentials_of_a_profile(keys: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "credentials").write_text(f"[work]\naws_access_key_id = {keys[0]}\naws_secret_access_key = {keys[1]}\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_PROFILE", "work")

    assert works(S3BlobStore(BUCKET))


def test_credentials_of_a_function_started_from_a_snapshot(
    keys: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with credentials_at_a_local_address(*keys) as url:
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", url)
        monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "token-of-lambda")

        assert works(S3BlobStore(BUCKET))


def test_s3_without_its_library(cloud_environment: Ministack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    with pytest.raises(MissingExtraError, match=r"sightline\[aws\]"):
        S3BlobStore(BUCKET)


@contextmanager
def credentials_at_a_local_address(key: str, secret: str) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            allowed = self.headers.get("Authorization") == "token-of-lambda"
            expiration = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
            answer = {"AccessKeyId": key, "SecretAccessKey": secret, "Token": "", "Expiration": expiration}
            body = json.dumps(answer).encode()
            self.send_response_only(200 if allowed else 403)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/credentials"
        finally:
            server.shutdown()
            thread.join()
