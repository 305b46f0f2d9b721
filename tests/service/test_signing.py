"""Who signs reports."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from sightline.errors import BadInputError, NotReadyError
from sightline.evidence.keys import KEY_FILE, make_key
from sightline.service.signing import Signer
from sightline.settings import Settings


def test_the_data_folder_has_a_key_of_its_own_that_stays(settings: Settings) -> None:
    first, second = Signer(settings).key, Signer(settings).key

    assert first is not None
    assert second is not None
    assert first.fingerprint == second.fingerprint
    assert (settings.results_dir / KEY_FILE).exists()


def test_the_key_of_the_settings_goes_first(settings: Settings, tmp_path: Path) -> None:
    made = make_key()
    (tmp_path / "key.pem").write_text(made.to_pem())
    for given in (made.to_pem(), str(tmp_path / "key.pem")):
        found = Signer(settings.model_copy(update={"signing_key": SecretStr(given), "result_bucket": "results"})).key
        assert found is not None
        assert found.fingerprint == made.fingerprint
    assert not (settings.results_dir / KEY_FILE).exists()


def test_where_no_folder_lasts_reports_stay_unsigned(settings: Settings) -> None:
    assert Signer(settings.model_copy(update={"result_bucket": "results"})).key is None
    assert Signer(settings, durable=False).key is None


@pytest.mark.parametrize("given", ["no/such/key.pem", "", "a\0b", "M" * 5000, "-----BEGIN PRIVATE KEY-----\nMC4C\n"])
def test_a_key_that_cannot_be_used_is_told_at_the_start(settings: Settings, given: str) -> None:
    with pytest.raises(BadInputError, match="SIGHTLINE_SIGNING_KEY"):
        Signer(settings.model_copy(update={"signing_key": SecretStr(given)}))


def test_a_secret_without_its_first_line_is_not_told(settings: Settings) -> None:
    secret = make_key().to_pem().splitlines()[1]
    with pytest.raises(BadInputError, match="SIGHTLINE_SIGNING_KEY") as caught:
        Signer(settings.model_copy(update={"signing_key": SecretStr(secret)}))

    told: BaseException | None = caught.value
    while told is not None:
        assert secret not in str(told)
        told = told.__cause__ or told.__context__


def test_a_broken_key_in_the_data_folder_is_no_fault_of_whoever_wants_a_report(settings: Settings) -> None:
    settings.results_dir.mkdir(parents=True, exist_ok=True)
    (settings.results_dir / KEY_FILE).write_text("not a key")
    with pytest.raises(NotReadyError, match="data folder"):
        _ = Signer(settings).key
