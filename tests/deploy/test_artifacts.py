"""Where code lies before a function takes it: an emulated S3 and ECR, and a stand-in for the program that builds."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from releases.account import Account
from releases.artifacts import push_image, upload_zip
from releases.targets import CRACK, DeployError

from tests.clouds.fixtures import in_cloud
from tests.clouds.ministack import Ministack

# What `docker push` leaves in the registry; what it is called with goes to a file.
_DOCKER = """#!{python}
import os, sys
from botocore.session import Session
with open({log!r}, "a") as log:
    print(*sys.argv[1:], file=log)
if sys.argv[1] == "build" and {broken}:
    sys.exit("no space left on device")
if sys.argv[1] == "push":
    repository, tag = sys.argv[-1].split("/", 1)[1].split(":")
    client = Session().create_client("ecr", region_name=os.environ["AWS_REGION"])
    client.put_image(repositoryName=repository, imageTag=tag, imageManifest={manifest!r})
    client.close()
"""


@pytest.fixture
def account(ministack: Ministack) -> Iterator[Account]:
    with in_cloud(ministack), closing(Account("us-west-1")) as account:
        yield account


@pytest.fixture
def told() -> list[str]:
    return []


def docker(folder: Path, monkeypatch: pytest.MonkeyPatch, *, broken: bool = False) -> Path:
    """Put a stand-in for docker before everything else; returns what it logs to."""
    manifest = json.dumps({"schemaVersion": 2, "layers": []})
    log, program = folder / "log", folder / "docker"
    program.write_text(_DOCKER.format(python=sys.executable, log=str(log), broken=broken, manifest=manifest))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return log


def test_a_zip_lies_under_what_is_in_it_in_a_private_bucket(
    account: Account, ministack: Ministack, tmp_path: Path, told: list[str]
) -> None:
    path = tmp_path / "function.zip"
    path.write_bytes(b"a zip")
    bucket, key = upload_zip(account, "gaze", path, told.append)
    assert (bucket, key) == (
        "sightline-code-000000000000-us-west-1",
        f"gaze/{hashlib.sha256(b'a zip').hexdigest()}.zip",
    )
    s3 = ministack.client("s3")
    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == b"a zip"
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True}

    told.clear()
    assert upload_zip(account, "gaze", path, told.append) == (bucket, key)
    assert told == []  # nothing is sent twice


def test_a_zip_that_is_not_there_is_told(account: Account, tmp_path: Path, told: list[str]) -> None:
    with pytest.raises(DeployError, match="cannot be read"):
        upload_zip(account, "gaze", tmp_path / "missing.zip", told.append)


def test_an_image_is_pushed_and_named_by_digest(
    account: Account, ministack: Ministack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: list[str]
) -> None:
    log = docker(tmp_path, monkeypatch)
    uri = push_image(account, CRACK, "r1", told.append)
    found = ministack.client("ecr").describe_images(repositoryName="fairstay-mvp-ai")["imageDetails"][0]
    assert uri.endswith(f"/fairstay-mvp-ai@{found['imageDigest']}")
    build, login, push = log.read_text().splitlines()
    assert build.startswith("build --provenance=false --platform linux/amd64 -f ")
    assert "crack.Dockerfile" in build
    assert "--password-stdin" in login
    assert push.endswith("/fairstay-mvp-ai:r1")
    policy = ministack.client("ecr").get_repository_policy(repositoryName="fairstay-mvp-ai")["policyText"]
    assert "lambda.amazonaws.com" in policy


def test_a_build_that_fails_is_told(
    account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: list[str]
) -> None:
    docker(tmp_path, monkeypatch, broken=True)
    with pytest.raises(DeployError, match="no space left on device"):
        push_image(account, CRACK, "r1", told.append)


def test_without_a_builder_it_says_what_else_there_is(
    account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: list[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DeployError, match="--package zip needs none"):
        push_image(account, CRACK, "r1", told.append)
