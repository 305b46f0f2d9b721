"""Cracks followed beyond the ends that a model gave them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.crack.compare.lines import CrackLines, crack_lines
from sightline.crack.compare.sampling import Brightness
from sightline.crack.compare.strips import View
from sightline.crack.compare.tracing import traced
from tests.crack.compare.painted import Crack, photo, report, wall

STRAIGHT = Crack([[60, 180], [260, 180]])
PART = Crack([[100, 180], [230, 180]])


def followed(image: NDArray[np.uint8], seen: Crack, *others: Crack) -> CrackLines:
    view = View(Brightness(image), lambda points: points, 1.0)
    lines, *known = (crack_lines(report([crack]).instances[0]) for crack in (seen, *others))
    return traced(lines, view, np.concatenate([each.points for each in (lines, *known)]))


def spans(lines: CrackLines) -> tuple[float, float]:
    return float(lines.points[:, 0].min()), float(lines.points[:, 0].max())


def test_both_ends_are_followed_as_far_as_the_crack_goes() -> None:
    image = photo(wall([STRAIGHT]))
    lines = followed(image, PART)
    assert spans(lines)[0] == pytest.approx(60, abs=8)
    assert spans(lines)[1] == pytest.approx(260, abs=8)
    assert np.abs(lines.points[:, 1] - 180).max() < 4
    assert lines.length == pytest.approx(200, abs=16)
    assert (np.diff(lines.points[:, 0]) * np.sign(lines.points[-1, 0] - lines.points[0, 0]) > -1).all()
    assert np.hypot(*lines.normals.T) == pytest.approx(1, abs=1e-6)
    assert len(lines.widths) == len(lines.branch) == len(lines.weights) == len(lines)


def test_a_bend_is_followed() -> None:
    bent = Crack([[60, 180], [200, 180], [240, 205]])
    assert followed(photo(wall([bent])), Crack([[60, 180], [195, 180]])).points[:, 1].max() > 190


def test_where_the_crack_ends_the_path_ends() -> None:
    whole = followed(photo(wall([STRAIGHT], roughness=10)), STRAIGHT)
    assert whole.length == pytest.approx(200, abs=14)


def test_another_crack_is_not_followed() -> None:
    image = photo(wall([STRAIGHT]))
    lines = followed(image, Crack([[60, 180], [150, 180]]), Crack([[170, 180], [260, 180]]))
    assert spans(lines)[1] < 172


def test_the_edge_of_a_shade_is_not_followed() -> None:
    luma = wall([PART])
    luma[282:, 330:] *= 0.6  # a shade begins where the crack ends, its edge along the crack's line
    assert spans(followed(photo(luma), PART))[1] < 245


def test_the_rim_of_the_photo_stops_it() -> None:
    lines = followed(photo(wall([Crack([[300, 180], [560, 180]])])), Crack([[300, 180], [440, 180]]))
    assert spans(lines)[1] <= 480
