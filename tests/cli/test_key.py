from __future__ import annotations

from pathlib import Path

import pytest

from sightline.cli.exit_codes import ExitCode
from sightline.errors import NotReadyError
from sightline.evidence.keys import KEY_FILE, load_key, load_public_key, make_key
from tests.cli.conftest import Run


def test_the_data_folder_s_key_is_made_once_and_shown(run: Run, tmp_path: Path) -> None:
    first, second = (run("key", "--data", "there") for _ in range(2))
    kept = load_key(tmp_path / "there" / KEY_FILE)

    assert first.exit_code == ExitCode.OK
    assert first.stdout == second.stdout == kept.public.to_pem()
    assert load_public_key(first.stdout) == kept.public
    assert first.stderr == f"Fingerprint: {kept.fingerprint}\n"


def test_the_setting_goes_before_the_data_folder(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = make_key()
    monkeypatch.setenv("SIGHTLINE_SIGNING_KEY", key.to_pem())

    assert run("key", "--data", "there").stdout == key.public.to_pem()
    assert not (tmp_path / "there").exists()


def test_results_in_a_bucket_have_no_key_of_their_own(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESULT_BUCKET", "results")
    ran = run("key")

    assert isinstance(ran.exception, NotReadyError)
    assert "SIGHTLINE_SIGNING_KEY" in ran.exception.message
