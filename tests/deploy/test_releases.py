"""Releases on an emulated CloudFormation and Lambda: what gets traffic, and what does not."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.clouds.ministack import Ministack
from tests.deploy.conftest import Deploy, aliases
from tests.deploy.stand_ins import Illness, crack_zip

FUNCTION = "fairstay-ai-lambda"


class Crack:
    """The crack function, deployed alone with stand-ins for its code."""

    def __init__(self, cloud: Ministack, run: Deploy, folder: Path) -> None:
        self.cloud, self._run, self._folder = cloud, run, folder

    def release(self, name: str, illness: Illness = "none", *more: str) -> int:
        zip_file = crack_zip(self._folder, name, illness)
        return self._run("--only", "crack", "--zip-file", zip_file, "--release", name, *more)

    def roll_back(self) -> int:
        return self._run("rollback", "--only", "crack")

    @property
    def aliases(self) -> dict[str, str]:
        return dict(aliases(self.cloud, FUNCTION))

    def answering(self) -> str:
        """The release that whoever calls the public address gets."""
        found = self.cloud.client("lambda").get_function_url_config(FunctionName=FUNCTION, Qualifier="live")
        name = found["FunctionUrl"].split("//")[1].split(".")[0]
        with urllib.request.urlopen(f"{self.cloud.url}/_aws/lambda-url/{name}/") as response:
            return str(json.load(response)["release"])

    def parameters(self) -> dict[str, str]:
        found = self.cloud.client("cloudformation").describe_stacks(StackName="sightline")["Stacks"][0]["Parameters"]
        return {each["ParameterKey"]: each["ParameterValue"] for each in found}


@pytest.fixture
def crack(ministack: Ministack, run_deploy: Deploy, tmp_path: Path) -> Crack:
    return Crack(ministack, run_deploy, tmp_path)


def test_the_first_release_answers_at_its_address(crack: Crack, capsys: pytest.CaptureFixture[str]) -> None:
    assert crack.release("one") == 0
    assert crack.answering() == "one"
    assert crack.aliases == {"live": "1"}
    assert "crack: https://" in capsys.readouterr().out.splitlines()[-1]


def test_each_release_takes_the_traffic_and_keeps_the_one_before(crack: Crack) -> None:
    for name in ("one", "two", "three"):
        assert crack.release(name) == 0
        assert crack.answering() == name
    assert crack.aliases == {"live": "3", "previous": "2"}
    versions = crack.cloud.client("lambda").list_versions_by_function(FunctionName=FUNCTION)["Versions"]
    assert [each["Version"] for each in versions] == ["$LATEST", "2", "3"]  # the first is nobody's any more


def test_a_release_by_the_same_name_is_one_more_version(crack: Crack) -> None:
    for version in ("1", "2", "3"):
        assert crack.release("same") == 0
        assert crack.aliases["live"] == version


def test_a_version_that_fails_by_its_number_gets_no_traffic(crack: Crack, capsys: pytest.CaptureFixture[str]) -> None:
    crack.release("one")
    assert crack.release("two", "everywhere") == 1
    assert crack.answering() == "one"
    assert crack.aliases == {"live": "1"}
    told = capsys.readouterr()
    assert "Traffic goes to" not in told.out
    assert "fails its smoke test" in told.err
    assert "unhealthy" in told.err
    assert "crack version 1 answers as before" in told.err

    assert crack.release("three") == 0
    assert crack.aliases == {"live": "3", "previous": "1"}


def test_a_version_that_fails_at_its_address_gives_the_traffic_back(
    crack: Crack, capsys: pytest.CaptureFixture[str]
) -> None:
    crack.release("one")
    crack.release("two")
    assert crack.release("three", "at its address") == 1
    assert crack.answering() == "two"
    assert crack.aliases == {"live": "2", "previous": "1"}
    told = capsys.readouterr()
    assert "Traffic goes to crack version 3" in told.out
    assert "Traffic is back at crack version 2" in told.err


def test_a_first_release_that_fails_says_that_nothing_was_before(
    crack: Crack, capsys: pytest.CaptureFixture[str]
) -> None:
    assert crack.release("one", "everywhere") == 1
    assert "there is none to go back to" in capsys.readouterr().err
    assert crack.release("two") == 0  # and the next one mends it
    assert crack.answering() == "two"


def test_a_rollback_goes_to_the_version_before_and_a_second_one_comes_back(crack: Crack) -> None:
    crack.release("one")
    crack.release("two")
    assert crack.roll_back() == 0
    assert crack.answering() == "one"
    assert crack.aliases == {"live": "1", "previous": "2"}
    assert crack.roll_back() == 0
    assert crack.answering() == "two"


def test_a_rollback_needs_a_version_before(crack: Crack, capsys: pytest.CaptureFixture[str]) -> None:
    assert crack.roll_back() == 1
    assert "There is no stack sightline in us-west-1" in capsys.readouterr().err
    crack.release("one")
    assert crack.roll_back() == 1
    assert "no version before" in capsys.readouterr().err


def test_a_dry_run_changes_nothing(crack: Crack, capsys: pytest.CaptureFixture[str]) -> None:
    cloudformation, s3 = crack.cloud.client("cloudformation"), crack.cloud.client("s3")
    assert crack.release("one", "none", "--dry-run") == 0
    assert "CrackFunction" in capsys.readouterr().out
    assert (
        cloudformation.list_stacks(StackStatusFilter=["REVIEW_IN_PROGRESS", "CREATE_COMPLETE"])["StackSummaries"] == []
    )
    assert s3.list_buckets()["Buckets"] == []

    crack.release("one")
    before = crack.parameters()
    assert crack.release("two", "none", "--dry-run") == 0
    assert crack.parameters() == before
    assert crack.aliases == {"live": "1"}


def test_what_was_set_once_stays_set(crack: Crack) -> None:
    crack.release("one", "none", "--set", "CrackMemoryMb=1769", "--set", "CrackRetentionDays=30")
    crack.release("two")
    assert crack.parameters()["CrackMemoryMb"] == "1769"
    found = crack.cloud.client("lambda").get_function_configuration(FunctionName=FUNCTION, Qualifier="live")
    assert (found["MemorySize"], found["Timeout"], found["EphemeralStorage"]["Size"]) == (1769, 300, 512)


def test_a_zip_does_not_become_an_image(crack: Crack, capsys: pytest.CaptureFixture[str]) -> None:
    crack.release("one")
    uri = f"000000000000.dkr.ecr.us-west-1.amazonaws.com/fairstay-mvp-ai@sha256:{'0' * 64}"
    assert crack._run("--only", "crack", "--image-uri", uri) == 1
    assert "crack is deployed as zip" in capsys.readouterr().err
    assert crack.answering() == "one"


def test_what_failed_in_aws_is_told(crack: Crack, capsys: pytest.CaptureFixture[str]) -> None:
    crack.cloud.make_bucket("sightline-crack-000000000000-us-west-1")
    assert crack.release("one") == 1
    told = capsys.readouterr().err
    assert "already exists" in told
    assert "Choose other names" in told


def test_an_address_that_asks_for_a_signature_is_tested_with_one(crack: Crack) -> None:
    assert crack.release("one", "none", "--set", "CrackUrlAuth=AWS_IAM") == 0
    with pytest.raises(urllib.error.HTTPError, match="403"):
        crack.answering()


def test_who_is_not_signed_in_is_told_so(
    crack: Crack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    assert crack.release("one") == 1
    assert "does not accept these credentials" in capsys.readouterr().err
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    assert crack.release("one") == 1
    assert "AWS does not know who you are" in capsys.readouterr().err
