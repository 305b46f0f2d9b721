"""Our own engine: scale, tiles, regions, confidence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.crack.engines import load_engine
from sightline.crack.net import NetEngine
from sightline.errors import NotReadyError
from sightline.models.onnx import open_session
from sightline.models.packaged import packaged_model
from tests.crack.tiny_net import tiny_card, write_tiny_net
from training.scout import write_judge_part


@pytest.fixture
def engine(tmp_path: Path) -> NetEngine:
    return NetEngine.from_file(write_tiny_net(tmp_path / "tiny.onnx"))


def wall(height: int, width: int) -> NDArray[np.uint8]:
    """A bright wall with one dark horizontal stroke across its middle third, a sixtieth of it thick."""
    image = np.full((height, width, 3), 240, np.uint8)
    image[height // 2 : height // 2 + max(4, height // 60), width // 3 : 2 * width // 3] = 10
    return image


@pytest.mark.parametrize("size", [(96, 128), (100, 131), (480, 640), (1500, 2000)])
def test_the_stroke_is_found_where_it_is(engine: NetEngine, size: tuple[int, int]) -> None:
    height, width = size
    evidence = engine.examine(wall(height, width))
    (region, confidence), *others = evidence.regions
    assert not others
    scale = height / evidence.probability.shape[0]
    # Reduced, the stroke's edge pixels are part wall: they are as dark as they are covered.
    assert confidence > (0.9 if scale == 1 else 0.8)
    rows, columns = np.nonzero(region.coverage >= 0.5)
    assert scale * (region.y + rows.mean()) == pytest.approx(height / 2, abs=height / 60)
    assert scale * (region.x + columns.min()) == pytest.approx(width / 3, abs=2 * scale)
    assert scale * (region.x + columns.max()) == pytest.approx(2 * width / 3, abs=2 * scale)


def test_small_photos_keep_their_size_and_large_ones_are_reduced(engine: NetEngine) -> None:
    assert engine.maps(wall(100, 131))[0].shape == (100, 131)
    mask, judge = engine.maps(wall(1500, 2000))
    assert mask.shape == (384, 512)
    assert judge.shape == (24, 32)


def test_a_clean_wall_has_no_regions(engine: NetEngine) -> None:
    assert engine.examine(np.full((200, 300, 3), 230, np.uint8)).regions == ()


def test_a_region_below_the_least_confidence_is_not_reported(tmp_path: Path) -> None:
    path = write_tiny_net(tmp_path / "strict.onnx", tiny_card() | {"least_confidence": 0.99999})
    assert NetEngine.from_file(path).examine(wall(200, 300)).regions == ()


def test_the_setting_can_name_a_net_of_our_own(tmp_path: Path) -> None:
    engine = load_engine(write_tiny_net(tmp_path / "own.onnx"))
    assert isinstance(engine, NetEngine)
    assert engine.info.name == "tiny"
    assert len(engine.info.sha256) == 64


def test_a_card_for_other_features_is_refused(tmp_path: Path) -> None:
    card = tiny_card()
    card["scorer"]["features"] = ["colour"]
    with pytest.raises(NotReadyError, match=r"old\.onnx.*colour"):
        NetEngine.from_file(write_tiny_net(tmp_path / "old.onnx", card))


def test_the_packaged_scout_is_the_packaged_nets() -> None:
    assert packaged_model("crack_scout").card["of"] == packaged_model("crack").sha256


def test_the_packaged_model_loads_and_names_itself() -> None:
    info = NetEngine.packaged().info
    assert info.name == "sightline-crack"
    assert len(info.sha256) == 64


@pytest.fixture
def scouted(tmp_path: Path) -> NetEngine:
    """The tiny net with a scout: its own judge."""
    path = write_tiny_net(tmp_path / "tiny.onnx")
    write_judge_part(path, tmp_path / "scout.onnx")
    return NetEngine(open_session(path), tiny_card(), "", scout=open_session(tmp_path / "scout.onnx"))


def test_a_closer_look_finds_what_a_look_at_everything_finds(engine: NetEngine, scouted: NetEngine) -> None:
    photo = wall(1500, 2000)
    photo[photo == 240] = 254  # paler than the scout suspects
    everywhere, closer = engine.examine(photo), scouted.examine(photo)
    assert closer.probability.shape == everywhere.probability.shape
    np.testing.assert_allclose(
        np.where(closer.probability > 0, closer.probability, everywhere.probability),
        everywhere.probability,
        atol=1e-4,
    )
    assert 0 < np.count_nonzero(closer.probability) < closer.probability.size / 2
    ((region, confidence),) = everywhere.regions
    ((closer_region, closer_confidence),) = closer.regions
    assert (closer_region.x, closer_region.y) == (region.x, region.y)
    np.testing.assert_allclose(closer_region.coverage, region.coverage, atol=1e-3)
    assert closer_confidence == pytest.approx(confidence, abs=1e-3)


def test_where_the_scout_suspects_nothing_the_net_does_not_look(
    scouted: NetEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scouted, "_run", pytest.fail)
    evidence = scouted.examine(np.full((1500, 2000, 3), 254, np.uint8))
    assert evidence.regions == ()
    assert evidence.probability.shape == (384, 512)


def test_a_photo_of_one_tile_is_looked_at_whole(engine: NetEngine, scouted: NetEngine) -> None:
    assert (scouted.maps(wall(200, 256))[0] == engine.maps(wall(200, 256))[0]).all()
    assert (scouted.maps(wall(200, 256))[0] > 0).all()
