"""The command line in this process, on the fake engine and in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sightline.cli.app import app
from sightline.service import setup
from tests.conftest import FakeEngine

Run = Callable[..., Result]


@pytest.fixture
def run(engine: FakeEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `sightline` with arguments; relative paths are below `tmp_path`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(setup, "load_crack_engine", lambda _: engine)

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    return run
