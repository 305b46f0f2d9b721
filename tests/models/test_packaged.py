"""A packaged model is what its card says it is, or the service is not ready."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from sightline.errors import NotReadyError
from sightline.models import packaged
from sightline.models.packaged import packaged_model

MODEL = b"not really a model"


def package(folder: Path, card: Any, model: bytes = MODEL) -> Path:
    (folder / "crack.onnx").write_bytes(model)
    (folder / "crack.json").write_text(card if isinstance(card, str) else json.dumps(card))
    return folder


def good_card() -> dict[str, Any]:
    return {"name": "crack", "version": "1.0", "sha256": sha256(MODEL).hexdigest()}


def test_a_model_comes_with_its_card(tmp_path: Path) -> None:
    model = packaged_model("crack", folder=package(tmp_path, good_card()))
    assert model.path.read_bytes() == MODEL
    assert model.card == good_card()
    assert model.sha256 == sha256(MODEL).hexdigest()


def test_a_card_may_name_another_file(tmp_path: Path) -> None:
    (tmp_path / "crack.task").write_bytes(MODEL)
    (tmp_path / "crack.json").write_text(json.dumps(good_card() | {"file": "crack.task"}))
    assert packaged_model("crack", folder=tmp_path).path == tmp_path / "crack.task"


def test_a_card_leads_to_no_other_folder(tmp_path: Path) -> None:
    (tmp_path / "outside.task").write_bytes(MODEL)
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "crack.json").write_text(json.dumps(good_card() | {"file": "../outside.task"}))
    with pytest.raises(NotReadyError, match="'crack' is not there"):
        packaged_model("crack", folder=folder)


def test_another_file_than_the_cards_is_refused(tmp_path: Path) -> None:
    folder = package(tmp_path, good_card(), MODEL + b"!")
    with pytest.raises(NotReadyError, match=r"crack\.onnx is not the file its card describes: SHA-256 "):
        packaged_model("crack", folder=folder)


@pytest.mark.parametrize("card", ["{", "[]", "{}", "null", '"text"'])
def test_a_card_that_cannot_be_read_is_said_to_be_so(tmp_path: Path, card: str) -> None:
    with pytest.raises(NotReadyError, match=r"card crack\.json of the packaged model cannot be read"):
        packaged_model("crack", folder=package(tmp_path, card))


@pytest.mark.parametrize("missing", ["crack.onnx", "crack.json"])
def test_a_missing_file_is_said_to_be_so_without_the_folder(tmp_path: Path, missing: str) -> None:
    (package(tmp_path, good_card()) / missing).unlink()
    with pytest.raises(NotReadyError, match="'crack' is not there") as caught:
        packaged_model("crack", folder=tmp_path)
    assert str(tmp_path) not in caught.value.message


def test_what_this_package_brings_is_intact() -> None:
    cards = sorted(packaged._FOLDER.glob("*.json"))
    if not cards:
        pytest.skip("no model is packaged yet")
    for card in cards:
        assert packaged_model(card.stem).card["name"]
