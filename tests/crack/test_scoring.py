"""The region scorer: features mean what their names say, and the card is checked."""

from __future__ import annotations

import numpy as np
import pytest

from sightline.crack.engine import Region
from sightline.crack.scoring import FEATURES, Scorer, region_features
from tests.crack.tiny_net import tiny_card


def features_of(mask: np.ndarray, level: float = 0.9, judge: float = 0.7) -> dict[str, float]:
    probability = np.where(mask, level, 0.01).astype(np.float32)
    judges = np.full((mask.shape[0] // 16, mask.shape[1] // 16), judge, np.float32)
    region = Region(0, 0, mask.astype(np.float32))
    return dict(zip(FEATURES, region_features(region, probability, judges, int(mask.sum())), strict=True))


def line(slope: float) -> np.ndarray:
    mask = np.zeros((160, 160), bool)
    for x in range(20, 140):
        y = round(20 + slope * (x - 20))
        mask[y : y + 3, x] = True
    return mask


def test_probabilities_are_logits_of_the_regions_own_pixels() -> None:
    found = features_of(line(0.4), level=0.9, judge=0.7)
    assert found["mean_probability"] == pytest.approx(np.log(9), abs=1e-3)
    assert found["mean_judge"] == pytest.approx(np.log(0.7 / 0.3), abs=1e-3)
    assert found["elsewhere"] == 0.0


def test_a_line_is_slender_and_straight_a_blob_is_neither() -> None:
    blob = np.zeros((160, 160), bool)
    blob[60:90, 60:90] = True
    assert features_of(line(0.4))["slenderness"] > features_of(blob)["slenderness"] + 2
    assert features_of(line(0.4))["straightness"] < features_of(blob)["straightness"] - 2


def test_only_lines_along_the_frame_are_upright() -> None:
    assert features_of(line(0.0))["uprightness"] > 0.9
    assert features_of(line(0.5))["uprightness"] < 0.1


def test_a_single_pixel_has_finite_features() -> None:
    mask = np.zeros((32, 32), bool)
    mask[5, 5] = True
    assert np.isfinite(list(features_of(mask).values())).all()


def test_confidence_is_a_probability_that_rises_with_the_evidence() -> None:
    scorer = Scorer.from_card(tiny_card()["scorer"])
    weak, strong = (np.zeros(len(FEATURES)) for _ in range(2))
    weak[0], strong[0] = -2.0, 2.0
    assert 0 < scorer.confidence(weak) < 0.5 < scorer.confidence(strong) < 1


def test_a_card_with_other_features_is_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        Scorer.from_card(tiny_card()["scorer"] | {"features": ["colour"]})
