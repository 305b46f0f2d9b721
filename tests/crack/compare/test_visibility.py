"""What one photo shows of a crack that was found in the other."""

from __future__ import annotations

import numpy as np
import pytest

from sightline.crack.compare.lines import crack_lines
from sightline.crack.compare.sampling import Brightness
from sightline.crack.compare.strips import View, along, centred
from sightline.crack.compare.visibility import ABSENT, DOUBTFUL, OUTSIDE, VISIBLE, Sight, look
from tests.crack.compare.painted import LONG, MATRIX, SHORT, Crack, photo, registration, report, wall

REGISTRATION = registration()


def sight(after: np.ndarray, other: np.ndarray, crack: Crack = LONG, *, error: float = 0.5) -> Sight:
    """What `other`, the before photo, shows of a crack of the after photo."""
    own = View(Brightness(after), lambda points: points, 1.0)
    lines = centred(crack_lines(report([crack], MATRIX).instances[0]), own)
    there = View(Brightness(other), REGISTRATION.to_before, 1.03)
    return look(lines, own, there, error_px=error, softer_px2=0.09)


def shares(found: Sight) -> list[float]:
    return [float(np.mean(found.status == status)) for status in range(4)]


AFTER = photo(wall([LONG]), MATRIX, seed=2)


def test_a_crack_that_is_there_is_visible() -> None:
    found = sight(AFTER, photo(wall([LONG])))
    assert shares(found)[VISIBLE] > 0.97
    assert np.median(found.amplitude) == pytest.approx(1, abs=0.4)
    assert np.median(found.likeness) > 0.8


def test_a_crack_that_is_not_there_is_absent() -> None:
    found = sight(AFTER, photo(wall()))
    assert shares(found)[ABSENT] > 0.95
    assert np.median(found.amplitude) < 0.15
    assert np.median(found.noise) < 0.1


def test_a_part_is_told_from_the_rest() -> None:
    found = sight(AFTER, photo(wall([SHORT])))
    assert shares(found)[VISIBLE] == pytest.approx(0.42, abs=0.06)
    assert shares(found)[ABSENT] == pytest.approx(0.58, abs=0.06)


def test_it_is_looked_for_as_far_as_the_registration_may_be_off() -> None:
    moved = np.roll(photo(wall([LONG])), 4, axis=0)
    assert shares(sight(AFTER, moved, error=2.0))[VISIBLE] > 0.9


@pytest.mark.parametrize("gain", [0.4, 1.3])
def test_light_changes_nothing(gain: float) -> None:
    assert shares(sight(AFTER, photo(wall([LONG]), gain=gain)))[VISIBLE] > 0.95
    assert shares(sight(AFTER, photo(wall(), gain=gain)))[ABSENT] > 0.9


def test_noise_that_would_hide_it_leaves_it_doubtful() -> None:
    faint = Crack(LONG.points, width=1.5, depth=0.12)
    after = photo(wall([faint], roughness=2.0), MATRIX, seed=2)
    found = sight(after, photo(wall(roughness=2.0), noise=30), faint)
    assert shares(found)[DOUBTFUL] > 0.6
    assert shares(found)[VISIBLE] < 0.1


@pytest.mark.parametrize("softer", [0.0, 3.0, 40.0])
def test_however_soft_the_other_photo_is_said_to_be(softer: float) -> None:
    own = View(Brightness(AFTER), lambda points: points, 1.0)
    lines = crack_lines(report([LONG], MATRIX).instances[0])
    there = View(Brightness(photo(wall(), blur=min(softer, 9.0))), REGISTRATION.to_before, 1.03)
    found = look(lines, own, there, error_px=0.5, softer_px2=softer**2)
    assert shares(found)[VISIBLE] < 0.05
    assert np.isfinite(found.amplitude).all()


def test_beyond_the_photo_is_outside() -> None:
    found = sight(AFTER, photo(wall([LONG]))[:, :200])
    assert shares(found)[OUTSIDE] > 0.5


def test_a_shade_s_edge_is_no_ridge() -> None:
    luma = wall()
    luma[:, 330:] *= 0.6
    edge = Crack([[230, 60], [230, 180], [230, 300]])
    assert np.median(sight(photo(luma, MATRIX, seed=2), photo(wall()), edge).ridge) < 0.3
    assert np.median(sight(AFTER, photo(wall())).ridge) > 0.7


def test_darkness_over_darkness_is_width_over_width() -> None:
    found = sight(
        photo(wall([Crack(LONG.points, width=6.0)]), MATRIX), photo(wall([LONG])), Crack(LONG.points, width=6)
    )
    use = found.status == VISIBLE
    assert found.dark_there[use].sum() / found.dark[use].sum() == pytest.approx(4 / 6, abs=0.06)


def test_means_along_a_line_stay_on_their_branch() -> None:
    lines = crack_lines(report([LONG]).instances[0])
    count = len(lines)
    values = np.arange(count, dtype=np.float64)
    mean = along(values, lines, 3)
    assert mean[10] == 10
    assert mean[0] == pytest.approx(1.5)
    assert mean[-1] == pytest.approx(count - 2.5)


def test_the_line_is_moved_onto_the_dark() -> None:
    own = View(Brightness(photo(wall([LONG]))), lambda points: points, 1.0)
    lines = crack_lines(report([Crack(np.add(LONG.points, (0, 2)))]).instances[0])
    moved = centred(lines, own)
    true = crack_lines(report([LONG]).instances[0]).points
    off = [np.hypot(*(each.points[:, None] - true).transpose(2, 0, 1)).min(axis=1) for each in (lines, moved)]
    assert np.median(off[0]) > 1.3
    assert np.median(off[1]) < 0.6
