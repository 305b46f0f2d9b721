from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import sightline
from sightline.cli import app as cli
from sightline.cli.exit_codes import MEANING, ExitCode
from sightline.errors import BadInputError, MissingExtraError, NotReadyError, TooLargeError
from tests.cli.conftest import Run

HEAVY = {
    *("numpy", "onnxruntime", "diplib", "PIL", "fastapi", "starlette", "uvicorn", "sqlite3", "asyncio"),
    *("av", "ai_edge_litert", "matplotlib", "plotly", "reportlab", "jinja2", "cryptography"),
}


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--version"],
        ["--help"],
        *(
            [command, "--help"]
            for command in ("crack", "compare", "report", "verify", "key", "marker", "gaze", "serve")
        ),
    ],
)
def test_asking_for_help_loads_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\ntry:\n from sightline.cli.app import main; main()\nfinally:\n print(*sys.modules, file=sys.stderr)"
    )
    ran = python(code, *arguments)

    assert ran.returncode == 0, ran.stderr
    loaded = set(ran.stderr.split())
    assert not HEAVY & loaded
    assert arguments != ["--version"] or "pydantic" not in loaded


def test_version_is_the_package_s() -> None:
    ran = subprocess.run([sys.executable, "-m", "sightline", "--version"], capture_output=True, text=True, check=True)

    assert ran.stdout == f"{sightline.__version__}\n"


def test_help_shows_the_commands_and_every_exit_code(run: Run) -> None:
    shown = run("--help").stdout

    assert "crack" in shown
    assert "gaze" in shown
    assert "serve" in shown
    for code, meaning in MEANING.items():
        assert f"{code.value}: {meaning}"[:40] in shown
    assert set(MEANING) == set(ExitCode)


@pytest.mark.parametrize(
    "arguments", [["--nothing"], ["nothing"], ["crack"], ["crack", "a", "--out"], ["gaze"], ["serve", "--port", "x"]]
)
def test_wrong_usage(run: Run, arguments: list[str]) -> None:
    ran = run(*arguments)

    assert ran.exit_code == ExitCode.USAGE
    assert ran.stdout == ""
    assert ran.stderr


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotReadyError("no model"), ExitCode.NOT_READY),
        (MissingExtraError("no extra"), ExitCode.NOT_READY),
        (BadInputError("a setting"), ExitCode.USAGE),
        (TooLargeError("a photo"), ExitCode.SOME_FAILED),
    ],
)
def test_an_error_of_ours_is_one_line_and_an_exit_code(
    error: Exception, code: ExitCode, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit) as caught:
        cli.main()

    assert caught.value.code == code
    assert capsys.readouterr().err == f"sightline: {error}\n"


def test_a_setting_out_of_its_range_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_MAX_PIXELS", "-1")

    with pytest.raises(BadInputError, match="SIGHTLINE_MAX_PIXELS"):
        raise run("crack", "a.jpg").exception or AssertionError


def test_the_documentation_has_the_same_exit_codes() -> None:
    page = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")

    for code, meaning in MEANING.items():
        assert f"| {code.value} | {meaning} |" in page
