"""The deploy command against an emulated AWS, with the template as it is but for what the emulator lacks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from releases import doors, flow, stack, template

import deploy
from tests.clouds.cloud import Cloud
from tests.clouds.fixtures import in_cloud
from tests.clouds.ministack import Ministack

NOT_EMULATED = {
    "CrackDurationAlarm": "ministack 1.5 refuses alarms on metric math",
    "GazeDurationAlarm": "ministack 1.5 refuses alarms on metric math",
    "CrackBucketPolicy": "it turns plain HTTP away, which ministack speaks (test_policies.py shows it)",
    "GazeBucketPolicy": "it turns plain HTTP away, which ministack speaks (test_policies.py shows it)",
}
"""Resources that are left out for ministack, and why. Everything else is deployed as it stands. What ministack takes
but does nothing with: reserved concurrency, gateway responses, encryption, lifecycle and ownership of buckets."""

Deploy = Callable[..., int]


def for_ministack() -> dict[str, Any]:
    """The template without `NOT_EMULATED`, and with a number where ministack cannot compare a parameter's text."""
    shortened = template.load()
    for name in NOT_EMULATED:
        del shortened["Resources"][name]
    scaling = shortened["Resources"]["GazeJobs"]["Properties"]["ScalingConfig"]
    assert scaling == {"MaximumConcurrency": {"Ref": "GazeJobConcurrency"}}
    scaling["MaximumConcurrency"] = shortened["Parameters"]["GazeJobConcurrency"]["Default"]
    return shortened


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """An emulator is ready in milliseconds: no pauses between two looks, no time to settle."""
    monkeypatch.setattr(stack, "_POLL_S", 0.02)
    monkeypatch.setattr(doors, "_BUSY_PAUSE_S", 0.2)
    monkeypatch.setattr(flow, "_VERSION_POLL_S", 0.02)
    monkeypatch.setattr(flow, "_SETTLE_S", 0.0)
    monkeypatch.setattr(flow, "_NEW_SETTLE_S", 0.0)


@pytest.fixture
def deployer(tmp_path: Path, at_once: None) -> Callable[[Cloud], Deploy]:
    """The deploy command, in this process, for a cloud."""
    path = tmp_path / "template.json"
    path.write_text(json.dumps(for_ministack()))

    def for_cloud(cloud: Cloud) -> Deploy:
        # The emulator plays both addresses by a path; AWS does by a host of their own.
        places = ["--crack-url", f"{cloud.url}/_aws/lambda-url/{{id}}"]
        places += ["--gaze-url", f"{cloud.url}/_aws/execute-api/{{id}}/dev"]
        return lambda *arguments: deploy.main([*arguments, "--skip-lint", "--template", str(path), *places])

    return for_cloud


@pytest.fixture
def run_deploy(ministack: Ministack, deployer: Callable[[Cloud], Deploy]) -> Iterator[Deploy]:
    """The deploy command against an empty AWS; returns the exit code."""
    with in_cloud(ministack):
        yield deployer(ministack)


def aliases(cloud: Cloud, function: str) -> Mapping[str, str]:
    """The version that each alias of a function is at."""
    found = cloud.client("lambda").list_aliases(FunctionName=function)["Aliases"]
    return {alias["Name"]: alias["FunctionVersion"] for alias in found}
