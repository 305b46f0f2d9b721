from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sightline.cli.exit_codes import ExitCode
from sightline.errors import BadInputError
from sightline.evidence.keys import SigningKey, make_key
from sightline.evidence.manifest import Format
from sightline.evidence.seal import seal
from tests.cli.conftest import Run
from tests.evidence.samples import FORMATS, document, manifest, photo

KEY = make_key()


@pytest.fixture(autouse=True)
def wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "public.pem"
    path.write_text(KEY.public.to_pem())
    return path


def put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def report(folder: Path, signer: SigningKey | None = KEY) -> Path:
    return put(folder / "report.html", seal(document("html"), "html", manifest(), signer))


def one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("kind", FORMATS)
def test_a_report_that_holds_ends_with_zero(run: Run, tmp_path: Path, key_file: Path, kind: Format) -> None:
    path = put(tmp_path / "report", seal(document(kind), kind, manifest(), KEY))
    ran = run("verify", path, put(tmp_path / "renamed.jpg", photo()), "--key", key_file)

    assert ran.exit_code == ExitCode.OK
    assert "Nothing was changed since the report was signed by the key that was given" in one_line(ran.stdout)
    assert KEY.fingerprint in ran.stdout
    assert ran.stdout.startswith(
        "crack-inspection inspection-1, made at 2026-05-06T12:00:00+00:00 by Sightline 0.1.0\n"
    )
    assert "now called renamed.jpg" in ran.stdout


def test_without_a_key_it_says_that_it_does_not_know_whose_it_is(run: Run, tmp_path: Path) -> None:
    ran = run("verify", report(tmp_path))

    assert ran.exit_code == ExitCode.OK
    assert "by whoever holds this key" in ran.stdout
    assert "unproven" in ran.stdout
    assert "not given" in ran.stdout


def test_a_change_is_named_and_ends_with_one(run: Run, tmp_path: Path) -> None:
    path = report(tmp_path)
    ran = run("verify", put(path, path.read_bytes().replace(b"One crack", b"No crack")))

    assert ran.exit_code == ExitCode.SOME_FAILED
    assert "text Findings" in ran.stdout
    assert "The report is NOT what was sealed." in ran.stdout


def test_another_key_ends_with_one(run: Run, tmp_path: Path, key_file: Path) -> None:
    ran = run("verify", report(tmp_path, make_key()), "--key", key_file)

    assert ran.exit_code == ExitCode.SOME_FAILED
    assert "NOT signed by the key that was given" in ran.stdout


def test_another_original_ends_with_one(run: Run, tmp_path: Path) -> None:
    ran = run("verify", report(tmp_path), put(tmp_path / "wall.jpg", photo(7)))

    assert ran.exit_code == ExitCode.SOME_FAILED
    assert "The report is what was sealed, but NOT all files that were handed over are." in ran.stdout


def test_unsigned_is_said_and_ends_with_one(run: Run, tmp_path: Path) -> None:
    ran = run("verify", report(tmp_path, None))

    assert ran.exit_code == ExitCode.SOME_FAILED
    assert "The report is unsigned" in ran.stdout


def test_a_report_without_a_seal_ends_with_one(run: Run, tmp_path: Path) -> None:
    ran = run("verify", put(tmp_path / "page.html", document("html")))

    assert ran.exit_code == ExitCode.SOME_FAILED
    assert "Nothing is known of this report" in ran.stdout


def test_json_is_one_object_and_nothing_else(run: Run, tmp_path: Path) -> None:
    ran = run("verify", report(tmp_path), "--json")
    found = json.loads(ran.stdout)

    assert (ran.exit_code, ran.stderr) == (ExitCode.OK, "")
    assert found["holds"] is True
    assert found["trusted"] is None
    assert found["fingerprint"] == KEY.fingerprint
    assert found["manifest"]["subject"] == "inspection-1"
    assert {check["subject"] for check in found["checks"]} >= {"signature", "key", "seal", "document", "results"}


def test_what_is_no_report_or_no_key_is_refused(run: Run, tmp_path: Path) -> None:
    for arguments in (("photo.jpg",), ("missing.pdf",), (report(tmp_path), "--key", "missing.pem")):
        (tmp_path / "photo.jpg").write_bytes(photo())
        assert isinstance(run("verify", *arguments).exception, BadInputError)


def test_nothing_in_a_report_reaches_the_terminal_as_a_command(run: Run, tmp_path: Path) -> None:
    page = document("html").replace(b"<h2>Findings", b"<h2>Find\x1b[2Jings")
    path = put(tmp_path / "report.html", seal(page, "html", manifest(), KEY))
    ran = run("verify", put(path, path.read_bytes().replace(b"One crack", b"No crack")))

    assert "\x1b" not in ran.stdout
    assert "Find?[2Jings" in ran.stdout


def test_the_console_script_ends_with_its_code(tmp_path: Path) -> None:
    path = report(tmp_path)
    codes = []
    for name in (path, tmp_path / "missing.pdf"):
        ran = subprocess.run([sys.executable, "-m", "sightline", "verify", name], capture_output=True, check=False)
        codes.append(ran.returncode)

    assert codes == [ExitCode.OK, ExitCode.USAGE]
