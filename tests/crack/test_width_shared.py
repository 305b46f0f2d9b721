"""Solved level by level, the unknowns are what the equations of all levels at once say."""

from __future__ import annotations

import numpy as np
import pytest

from sightline.crack.edge_model import Floats
from sightline.crack.width_shared import Expected, Shared, Solved, solve_shared

OWN, SHARED = 3, 2
OWNER = np.array([0, 0, 0, 1, 1])
CRACKS = 2
NOW = Shared(np.array([[0.3, -0.2], [0.1, 0.4]]), np.array([0.1, 0.05]))
EXPECTED = Expected(np.array([-0.1, 0.2]), np.array([0.5, 0.3]), np.array([0.2, 0.1]))
FREELY = np.array([np.inf, np.inf])


def equations() -> tuple[Floats, Floats]:
    rng = np.random.default_rng(1)
    jacobian = rng.normal(size=(len(OWNER), 12, OWN + SHARED))
    turned = jacobian.transpose(0, 2, 1)
    return turned @ jacobian, (turned @ rng.normal(size=(len(OWNER), 12, 1)))[..., 0]


def solved(worth: Floats, expected: Expected = EXPECTED, most: Floats = FREELY) -> Solved:
    return solve_shared(*equations(), OWNER, worth, NOW, expected, most)


def all_at_once() -> tuple[Floats, Floats]:
    """Steps of the windows' own, the cracks' and the photo's unknowns, and their covariance."""
    matrix, right = equations()
    count = OWN * len(OWNER) + SHARED * (CRACKS + 1)
    whole, side = np.zeros((count, count)), np.zeros(count)
    of_crack = [OWN * len(OWNER) + SHARED * crack + np.arange(SHARED) for crack in range(CRACKS + 1)]
    for window, crack in enumerate(OWNER):
        at = np.concatenate([OWN * window + np.arange(OWN), of_crack[crack]])
        whole[np.ix_(at, at)] += matrix[window]
        side[at] += right[window]
    for crack in range(CRACKS):
        for part in range(SHARED):
            here, there = of_crack[crack][part], of_crack[CRACKS][part]
            tie, apart = 1 / EXPECTED.differ[part] ** 2, NOW.of_photo[part] - NOW.of_crack[crack, part]
            whole[[here, there], [here, there]] += tie
            whole[[here, there], [there, here]] -= tie
            side[[here, there]] += tie * apart * np.array([1, -1])
    hold = 1 / EXPECTED.deviation**2
    whole[of_crack[CRACKS], of_crack[CRACKS]] += hold
    side[of_crack[CRACKS]] += hold * (EXPECTED.mean - NOW.of_photo)
    steps: Floats = np.linalg.solve(whole, side).astype(np.float64)
    return steps, np.linalg.inv(whole).astype(np.float64)


def test_it_is_the_solution_of_all_equations() -> None:
    found = solved(np.ones(CRACKS))
    steps, covariance = all_at_once()
    windows, shared = np.split(steps, [OWN * len(OWNER)])
    assert found.steps.ravel() == pytest.approx(windows)
    assert (found.shared.of_crack - NOW.of_crack).ravel() == pytest.approx(shared[: SHARED * CRACKS])
    assert found.shared.of_photo - NOW.of_photo == pytest.approx(shared[SHARED * CRACKS :])
    second = OWN * len(OWNER) + SHARED + np.arange(SHARED)
    assert found.covariance[1] == pytest.approx(covariance[np.ix_(second, second)])
    of_window = found.own_covariance[4] + found.per_shared[4] @ found.covariance[1] @ found.per_shared[4].T
    fifth = OWN * 4 + np.arange(OWN)
    assert of_window == pytest.approx(covariance[np.ix_(fifth, fifth)])


def test_what_counts_for_nothing_leaves_what_is_expected() -> None:
    found = solved(np.full(CRACKS, 1e-12))
    assert found.shared.of_photo == pytest.approx(EXPECTED.mean)
    assert found.shared.of_crack == pytest.approx(np.tile(EXPECTED.mean, (CRACKS, 1)))
    assert found.covariance[0] == pytest.approx(np.diag(EXPECTED.deviation**2 + EXPECTED.differ**2))


def test_steps_are_limited() -> None:
    most = np.array([0.01, 0.02])
    found = solved(np.ones(CRACKS), most=most)
    assert (np.abs(found.shared.of_crack - NOW.of_crack) <= most + 1e-12).all()
