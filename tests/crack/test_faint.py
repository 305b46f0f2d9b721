"""What is too faint to be reported of one photo, kept for comparing it with another."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sightline.crack.detector import detect_cracks
from sightline.crack.engine import Region
from sightline.crack.faint import without, worth_a_look
from sightline.crack.net import NetEngine
from tests.crack.tiny_net import tiny_card, write_tiny_net


def wall() -> NDArray[np.uint8]:
    image = np.full((200, 300, 3), 254, np.uint8)
    image[100:105, 100:200] = 10
    return image


def strict(folder: Path) -> NetEngine:
    """An engine that is never sure enough."""
    return NetEngine.from_file(write_tiny_net(folder / "strict.onnx", tiny_card() | {"least_confidence": 0.99999}))


def test_what_is_not_sure_enough_is_faint(tmp_path: Path) -> None:
    evidence = strict(tmp_path).examine(wall())
    assert evidence.regions == ()
    ((region, confidence),) = evidence.faint()
    assert 0.1 < confidence < 0.99999
    rows, _ = np.nonzero(region.coverage >= 0.5)
    assert abs(region.y + rows.mean() - 102) < 3


def test_what_is_reported_is_not_faint_as_well(tmp_path: Path) -> None:
    evidence = NetEngine.from_file(write_tiny_net(tmp_path / "tiny.onnx")).examine(wall())
    assert len(evidence.regions) == 1
    assert evidence.faint() == ()


def test_a_report_has_it_only_where_it_is_asked_for(tmp_path: Path) -> None:
    engine = strict(tmp_path)
    assert detect_cracks(wall(), engine=engine).faint == ()
    report = detect_cracks(wall(), engine=engine, faint=True)
    assert not report.has_crack
    assert [round(crack.length_px, -1) for crack in report.faint] == [100]
    assert "faint" not in report.to_dict()


def test_regions_are_cut_out_with_a_rim() -> None:
    probability = np.full((40, 60), 0.3, np.float32)
    left = without(((Region(10, 20, np.ones((1, 20), np.float32)), 0.9),), probability)
    assert not left[18:23, 10:30].any()
    assert (left[30:] == np.float32(0.3)).all()
    assert (without((), probability) == probability).all()


def test_only_the_surest_and_longest_are_worth_a_look() -> None:
    regions = tuple((Region(0, 40 * row, np.ones((2, 30), np.float32)), row / 20) for row in range(12))
    short = Region(0, 600, np.ones((8, 8), np.float32))
    kept = worth_a_look((*regions, (short, 0.99)))
    assert [confidence for _, confidence in kept] == [row / 20 for row in range(11, 3, -1)]
