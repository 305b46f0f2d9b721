"""Lines of known width are measured finer than the pixels, and the uncertainty is honest."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from sightline.crack import widths
from sightline.crack.blur import USUAL_BLUR
from sightline.crack.edge_blur import Blur
from sightline.crack.widths import MeasuredWidths, Stretch
from tests.crack.lines import line, photo

KNOWN = Blur(0.8, 0.02, 1.0)
measure_widths = partial(widths.measure_widths, most_px=6000)


def measured(width: float, blur: Blur = KNOWN, *, angle: float = 10, off: float = 0, seen: float = 0) -> MeasuredWidths:
    image = photo(width, angle_deg=angle)
    (found,) = measure_widths(image, [[Stretch(line(angle) + off, seen or width + 2)]], blur)
    assert found is not None
    return found


@pytest.mark.parametrize("angle", [0, 10, 38, 80])
@pytest.mark.parametrize("width", [1.5, 2.2, 4, 9])
def test_a_line(width: float, angle: float) -> None:
    found = measured(width, angle=angle)
    mean = np.average(found.widths_px, weights=found.lengths_px)
    assert mean == pytest.approx(width, abs=0.12 if width < 3 else 0.06)
    assert abs(mean - width) <= 3 * np.hypot(found.common_px.mean(), found.noise_px.mean() / 3)
    assert found.lengths_px.sum() == pytest.approx(150, abs=2)
    assert found.seen == 1


def test_the_line_may_be_seen_beside_its_place_and_too_wide() -> None:
    found = measured(4, off=1.2, seen=8)
    assert found.widths_px.mean() == pytest.approx(4, abs=0.06)


def test_what_is_not_known_of_the_blur_is_said() -> None:
    sure, unsure = measured(2), measured(2, USUAL_BLUR)
    assert unsure.common_px.mean() > 3 * sure.common_px.mean()
    assert unsure.widths_px.mean() == pytest.approx(2, abs=2 * unsure.common_px.mean())


def test_a_wide_line_tells_the_blur_to_a_narrow_one() -> None:
    narrow, wide = photo(1.7, blur_px=1.2), photo(12, blur_px=1.2)
    image = np.concatenate([narrow, wide], axis=1)
    aside = np.array([narrow.shape[1], 0])
    thin, broad = Stretch(line(10), 4), Stretch(line(10) + aside, 14)
    (alone,) = measure_widths(image, [[thin]], USUAL_BLUR)
    beside, _ = measure_widths(image, [[thin], [broad]], USUAL_BLUR)
    assert alone is not None
    assert beside is not None
    assert beside.widths_px.mean() == pytest.approx(1.7, abs=0.15)
    assert abs(alone.widths_px.mean() - 1.7) < 2 * alone.common_px.mean()
    assert beside.common_px.mean() < alone.common_px.mean()


def test_what_is_not_known_of_the_tone_is_said() -> None:
    sure, unsure = measured(9), measured(9, Blur(0.8, 0.02, 1.0, 0.2))
    (wrong,) = measure_widths(photo(9), [[Stretch(line(10), 11)]], Blur(0.8, 0.02, 0.8))
    assert wrong is not None
    assert unsure.common_px.mean() > 2 * sure.common_px.mean()
    assert wrong.widths_px.mean() == pytest.approx(9, abs=2 * unsure.common_px.mean())


def test_a_pale_line_is_as_wide() -> None:
    (found,) = measure_widths(photo(5, ink=0.3, noise=3), [[Stretch(line(10), 7)]], KNOWN)
    assert found is not None
    assert found.widths_px.mean() == pytest.approx(5, abs=0.15)


def test_several_lines_at_once_are_as_each_alone() -> None:
    image = photo(3)
    stretch, wide = Stretch(line(10), 5), Stretch(line(10), 30)
    alone = measure_widths(image, [[stretch]], KNOWN)[0]
    together = measure_widths(image, [[stretch], [], [wide], [stretch]], KNOWN)
    assert together[1] is None
    assert alone is not None
    for number in (0, 3):
        same = together[number]
        assert same is not None
        assert same.widths_px == pytest.approx(alone.widths_px, abs=0.02)


def test_where_there_is_no_line_nothing_is_measured() -> None:
    (found,) = measure_widths(photo(0, noise=4), [[Stretch(line(10), 5)]], KNOWN)
    assert found is None or found.seen < 0.5


def test_a_line_that_leaves_the_photo() -> None:
    (found,) = measure_widths(photo(4), [[Stretch(line(10, half_length_px=200), 6)]], KNOWN)
    assert found is not None
    assert found.widths_px.mean() == pytest.approx(4, abs=0.1)


def test_a_stretch_that_is_too_short() -> None:
    assert measure_widths(photo(4), [[Stretch(line(10)[:4], 6)]], KNOWN) == [None]


def test_of_a_long_crack_pieces_are_measured() -> None:
    (whole,) = measure_widths(photo(4), [[Stretch(line(10), 6)]], KNOWN)
    (part,) = widths.measure_widths(photo(4), [[Stretch(line(10), 6)]], KNOWN, most_px=50)
    assert whole is not None
    assert part is not None
    assert part.lengths_px.sum() < whole.lengths_px.sum() / 2
    assert part.widths_px.mean() == pytest.approx(4, abs=0.1)
