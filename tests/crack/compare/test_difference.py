"""What only one of two photos shows, on a wall so rough that neither shows a crack well by itself."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.crack.compare.appearance import WINDOW
from sightline.crack.compare.difference import Difference
from sightline.crack.compare.lines import CrackLines, crack_lines
from sightline.crack.compare.matched import MatchedFilter
from sightline.crack.compare.sampling import Brightness, Floats
from sightline.crack.compare.strips import View, along
from tests.crack.compare.painted import LONG, Crack, photo, report, wall

HALF, REACH, SEARCH = 5, 40, 2
PALE = Crack(LONG.points, width=4.0, depth=0.3)


def strip(image: NDArray[np.uint8], lines: CrackLines) -> Floats:
    return View(Brightness(image), lambda points: points, 1.0).strip(lines, REACH)


def only_here(after: NDArray[np.uint8], before: NDArray[np.uint8], **settings: float) -> tuple[float, float, float]:
    """Median share, its noise, and the noise that the filter has without the other photo."""
    lines = crack_lines(report([PALE]).instances[0])
    mine, theirs = strip(after, lines), strip(before, lines)
    matched = MatchedFilter.of(-along(mine, lines, 4), 0.0, HALF)
    difference = Difference(mine, theirs, SEARCH, settings.get("softer", 0.0), settings.get("contrast", 1.0))
    share, noise = difference.only_here(matched, lines, WINDOW)
    alone = matched.noise(theirs, lines, WINDOW, SEARCH)
    return float(np.median(share)), float(np.median(noise)), float(np.median(alone))


def test_shared_texture_goes_and_a_new_crack_is_left() -> None:
    share, noise, alone = only_here(photo(wall([PALE], roughness=16), seed=2), photo(wall(roughness=16)))
    assert share == pytest.approx(1.0, abs=0.15)
    assert noise < 0.3 * alone


def test_of_a_crack_in_both_photos_nothing_is_left() -> None:
    luma = wall([PALE], roughness=16)
    share, noise, _ = only_here(photo(luma, seed=2), photo(luma))
    assert abs(share) < 0.15
    assert noise < 0.15


def test_photos_some_pixels_off_are_brought_together_by_what_lies_beside_the_crack() -> None:
    luma = wall([PALE], roughness=16)
    share, noise, _ = only_here(photo(luma, seed=2), np.roll(photo(luma), 1, axis=1))
    assert abs(share) < 0.25
    assert noise < 0.3


def test_texture_that_differs_is_noise() -> None:
    _, noise, alone = only_here(photo(wall([PALE], roughness=16), seed=2), photo(wall(roughness=16, seed=9)))
    assert noise > 0.8 * alone


@pytest.mark.parametrize(("softer", "blurred"), [(4.0, "theirs"), (-4.0, "mine")])
def test_a_softer_photo_is_met_with_the_same_blur(softer: float, blurred: str) -> None:
    luma = wall([PALE], roughness=16)
    sharp, soft = photo(luma, seed=2), photo(luma, blur=2.0)
    mine, theirs = (sharp, soft) if blurred == "theirs" else (soft, sharp)
    _, noise, _ = only_here(mine, theirs, softer=softer)
    _, unmet, _ = only_here(mine, theirs)
    assert noise < unmet
