from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from sightline.cloud.clients import client, close_clients
from sightline.errors import NotReadyError
from tests.clouds.ministack import Ministack


@pytest.fixture
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """An environment without any AWS in it, and no file or machine that could tell."""
    for name, value in {
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }.items():
        monkeypatch.setenv(name, value)
    close_clients()
    yield monkeypatch
    close_clients()


@pytest.fixture
def all_set(nothing_set: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        nothing_set.setenv(name, "x")
    nothing_set.setenv("AWS_REGION", "ap-northeast-2")
    return nothing_set


def test_it_finds_the_cloud_of_the_environment(cloud_environment: Ministack) -> None:
    table = cloud_environment.make_table("some-table")

    assert client("dynamodb").list_tables()["TableNames"] == [table]


def test_threads_share_one_client_of_each_service(all_set: pytest.MonkeyPatch) -> None:
    with ThreadPoolExecutor(8) as pool:
        clients = set(pool.map(lambda _: id(client("sqs")), range(8)))

    assert len(clients) == 1
    assert client("sqs") is not client("dynamodb")


def test_a_closed_client_is_made_again_from_the_environment_as_it_is(all_set: pytest.MonkeyPatch) -> None:
    assert client("sqs").meta.region_name == "ap-northeast-2"
    all_set.setenv("AWS_REGION", "us-west-1")
    assert client("sqs").meta.region_name == "ap-northeast-2"
    close_clients()

    assert client("sqs").meta.region_name == "us-west-1"


@pytest.mark.parametrize("name", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_either_name_of_the_region_will_do(all_set: pytest.MonkeyPatch, name: str) -> None:
    all_set.delenv("AWS_REGION")
    all_set.setenv(name, "eu-west-1")

    assert client("dynamodb").meta.region_name == "eu-west-1"


def test_waiting_is_bounded(all_set: pytest.MonkeyPatch) -> None:
    config = client("dynamodb").meta.config

    assert (config.connect_timeout, config.read_timeout) == (2, 5)
    assert config.retries == {"mode": "standard", "total_max_attempts": 3}


@pytest.mark.parametrize(
    ("endpoint", "bucket", "address"),
    [
        (None, "results", "https://results.s3.ap-northeast-2.amazonaws.com/a"),
        (None, "my.results", "https://s3.ap-northeast-2.amazonaws.com/my.results/a"),
        ("http://localhost:9", "results", "http://localhost:9/results/a"),
    ],
)
def test_addresses_of_files(all_set: pytest.MonkeyPatch, endpoint: str | None, bucket: str, address: str) -> None:
    if endpoint:
        all_set.setenv("AWS_ENDPOINT_URL", endpoint)
    url = client("s3").generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a"})

    assert url.startswith(f"{address}?X-Amz-Algorithm=AWS4-HMAC-SHA256&")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("AWS_REGION", "", "AWS_REGION is not set"),
        ("AWS_ACCESS_KEY_ID", "", "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"),
        ("AWS_SECRET_ACCESS_KEY", "", "AWS_SECRET_ACCESS_KEY"),
        ("AWS_PROFILE", "missing", "missing"),
        ("AWS_ENDPOINT_URL", "no address", "no address"),
        ("AWS_REGION", "no region", "no region"),
    ],
)
def test_what_is_missing_or_wrong_is_said(all_set: pytest.MonkeyPatch, name: str, value: str, words: str) -> None:
    if value:
        all_set.setenv(name, value)
    else:
        all_set.delenv(name)
    with pytest.raises(NotReadyError, match=words):
        client("dynamodb")


def test_botocore_is_loaded_when_the_cloud_is_used_and_not_before() -> None:
    program = (
        "import sys, sightline.storage.dynamodb, sightline.jobs.sqs\n"
        "print([name for name in sys.modules if name.partition('.')[0] in ('botocore', 'obstore')])"
    )
    found = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)

    assert found.stdout == "[]\n"
