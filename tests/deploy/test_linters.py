"""The linters of AWS's templates find no fault, as the deploy command runs them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.clouds.server import ROOT

TOOLS = ROOT / ".venv-deploy" / "bin"

needs_tools = pytest.mark.skipif(
    not TOOLS.exists(), reason="needs the environment .venv-deploy (scripts/test makes it)"
)


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    # Nobody is signed in, and no region is known: the linters ask no AWS.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@needs_tools
def test_the_template_has_no_fault() -> None:
    done = run("scripts/deploy", "validate")
    assert done.returncode == 0, done.stderr
    assert "find no fault" in done.stdout


@needs_tools
def test_a_fault_in_the_template_is_told(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text("Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n    Properties: {VisibilityTimeout: a while}\n")
    done = run("scripts/deploy", "validate", "--template", path)
    assert done.returncode == 1
    assert "cfn-lint finds fault" in done.stderr
    assert "'a while' is not of type 'integer'" in done.stderr


@needs_tools
def test_the_template_is_written_as_the_other_yaml() -> None:
    done = run(TOOLS / "yamllint", "--strict", "deploy/template.yaml")
    assert done.returncode == 0, done.stdout


@needs_tools
@pytest.mark.parametrize("arguments", [("--help",), ("rollback", "--help")])
def test_help_needs_no_credentials(arguments: tuple[str, ...]) -> None:
    done = run("scripts/deploy", *arguments)
    assert done.returncode == 0
    assert "--dry-run" in done.stdout


@needs_tools
def test_without_credentials_it_says_how_to_sign_in() -> None:
    nobody = {"AWS_EC2_METADATA_DISABLED": "true", "HOME": "/nonexistent", "PATH": os.environ["PATH"]}
    done = subprocess.run(
        ["scripts/deploy", "--skip-lint", "--region", "eu-west-1"],
        cwd=ROOT, env=nobody, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Sign in with" in done.stderr
    assert "Traceback" not in done.stderr


@needs_tools
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--stack", "Über"), "--stack is 'Über'"),
        (("--release", "a b"), "--release is 'a b'"),
        (("--image-uri", "registry/image:latest", "--only", "crack"), "by digest"),
        (("--image-uri", "registry/image@sha256:" + "0" * 64), "which function?"),
        (("--zip-file", "gaze=a.zip", "--only", "crack"), "--only crack leaves it out"),
        (("--zip-file", "a.zip", "--only", "crack", "--package", "image"), "--package image"),
        (("--set", "GazeApiKey"), "NAME=VALUE"),
        (("--set", "NoSuchThing=1"), "no parameter NoSuchThing"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_done(arguments: tuple[str, ...], told: str) -> None:
    done = run(TOOLS / "python", "deploy/deploy.py", *arguments, "--skip-lint")
    assert done.returncode == 1
    assert told in done.stderr
