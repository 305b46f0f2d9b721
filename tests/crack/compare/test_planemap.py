"""Maps through lenses and bends: there and back, and fitted from places."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sightline.crack.compare.bending import fit_bend
from sightline.crack.compare.homography import Points
from sightline.crack.compare.lens import MOST, Lens
from sightline.crack.compare.planemap import PlaneMap
from sightline.crack.compare.robust import refit, refit_lenses

SIZE = (800, 600)
ASKEW = np.array([[0.9, 0.1, 20.0], [-0.08, 1.0, 15.0], [1e-4, -5e-5, 1.0]])
GRID = np.stack(np.meshgrid(np.linspace(30, 770, 14), np.linspace(30, 570, 11)), -1).reshape(-1, 2)


def plane(before: float = 0.0, after: float = 0.0) -> PlaneMap:
    return PlaneMap(ASKEW, Lens(SIZE, before), Lens(SIZE, after))


@given(st.floats(-MOST, MOST), st.floats(0, 1.2), st.floats(0, 6.3))
def test_a_lens_can_be_undone(k: float, radius: float, angle: float) -> None:
    point = radius * np.array([[np.cos(angle), np.sin(angle)]])
    lens = Lens(SIZE, k)
    np.testing.assert_allclose(lens.straightened(lens.bent(point)), point, atol=1e-9)


@given(st.floats(-0.08, 0.08), st.floats(-0.08, 0.08))
def test_there_and_back_is_where_one_was(before: float, after: float) -> None:
    found = plane(before, after)
    np.testing.assert_allclose(found.to_before(found.to_after(GRID)), GRID, atol=1e-4)


def test_scale_is_the_root_of_the_areas_change() -> None:
    doubled = PlaneMap(np.diag([2.0, 2.0, 1.0]), Lens(SIZE), Lens((1600, 1200)))
    np.testing.assert_allclose(doubled.scale_at(GRID), 2)
    bent = PlaneMap(np.diag([2.0, 2.0, 1.0]), Lens(SIZE, 0.05), Lens((1600, 1200), 0.05))
    np.testing.assert_allclose(bent.scale_at(GRID), 2, rtol=1e-4)  # what one lens does the other undoes


def noisy(points: Points, spread: float, wrong: int) -> Points:
    """Places found to a fraction of a pixel, and some found anywhere."""
    rng = np.random.default_rng(5)
    found = points + rng.normal(0, spread, points.shape)
    found[rng.choice(len(points), wrong, replace=False)] += rng.uniform(-20, 20, (wrong, 2))
    return found


def test_a_map_is_fitted_though_places_are_found_wrongly() -> None:
    guess = ASKEW + np.array([[0, 0, 3.0], [0, 0, -2.0], [0, 0, 0]])
    matrix = refit(guess, GRID, noisy(plane().to_after(GRID), 0.2, 40), np.ones(len(GRID)), limits=(10.0, 4.0, 2.0))
    away = np.hypot(*(PlaneMap(matrix, Lens(SIZE), Lens(SIZE)).to_after(GRID) - plane().to_after(GRID)).T)
    assert away.max() < 0.2


def test_both_lenses_are_found() -> None:
    true = plane(-0.04, 0.02)
    after = noisy(true.to_after(GRID), 0.1, 20)
    found = refit_lenses(plane(), GRID, after, np.ones(len(GRID)), limits=(20.0, 8.0, 2.0), pixel=1.0)
    away = np.hypot(*(found.to_after(GRID) - true.to_after(GRID)).T)
    assert away.max() < 0.3


def test_few_places_leave_the_lenses_as_they_are() -> None:
    assert refit_lenses(plane(), GRID[:20], GRID[:20], np.ones(20), limits=(5.0,), pixel=1.0) is not None
    kept = refit_lenses(plane(), GRID[:20], GRID[:20], np.ones(20), limits=(5.0,), pixel=1.0)
    assert kept.is_flat


def test_a_bulge_is_found_and_noise_is_not() -> None:
    flat = plane().to_after(GRID)
    across = (flat - 400) / 400
    bulge = np.column_stack([3 * across[:, 0] * across[:, 1] ** 2, 2 * across[:, 1] ** 3])
    noise = np.random.default_rng(3).normal(0, 0.2, flat.shape)
    bend = fit_bend(flat, flat + bulge + noise, np.ones(len(flat)), SIZE, pixel=1.0)
    assert bend is not None
    assert np.hypot(*(bend(flat) - bulge).T).max() < 0.5
    assert fit_bend(flat, flat + noise, np.ones(len(flat)), SIZE, pixel=1.0) is None


def test_a_bent_map_goes_there_and_back() -> None:
    flat = plane().to_after(GRID)
    bulge = np.column_stack([4 * ((flat[:, 0] - 400) / 400) ** 2, np.zeros(len(flat))])
    bend = fit_bend(flat, flat + bulge, np.ones(len(flat)), SIZE, pixel=1.0)
    found = PlaneMap(ASKEW, Lens(SIZE), Lens(SIZE), bend)
    assert not found.is_flat
    np.testing.assert_allclose(found.to_before(found.to_after(GRID)), GRID, atol=1e-3)
