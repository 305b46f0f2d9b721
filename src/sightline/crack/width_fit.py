"""A crack's width from the light across it, finer than the pixels.

Across a crack the light of the wall, b0 + b1 d at the distance d, falls by the share D between the crack's edges, which
the photo has blurred: (b0 + b1 d) (1 - D B(d)), where B is a box of the crack's width behind the blur. Where the crack
is much wider than the blur, its edges show the width by themselves, and its darkness and the blur as well. Where it is
not, wide and pale looks much like narrow and dark, and both of them more blurred. But a crack is about as dark and as
blurred all along, and the cracks of a photo are much alike: so both are found for all of them together (see
`width_shared`). What the photo leaves open, an expectation fills: the more it matters, the larger the uncertainty that
comes out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.crack.edge_blur import Blur
from sightline.crack.edge_model import (
    Floats,
    blurred_step,
    normal_equations,
    robust_weights,
    row_quantile,
    seen_deviation,
    where_risen,
)
from sightline.crack.tone import middle_of_values
from sightline.crack.width_shared import Expected, Shared, Solved, solve_shared

_ROUNDS = 14
_SETTLED, _SETTLED_PX = 0.5, 0.008
"""The rounds end when so many of the widths and all that is shared move by less: some widths go to and fro for ever, by
less than their uncertainty, while outliers gain and lose weight."""

_USUAL_DARKNESS = np.array([np.log(0.85), 0.25])
"""Of the wall's light, what a crack swallows, as a logarithm, and 1 sigma: of 50 wide cracks in photos of walls and
concrete the middle half swallows 0.59 to 0.88. Narrow ones, which this matters for, are deeper for their width."""

_SURE = 0.03
"""A crack tells its darkness by itself where its logarithm is so sure."""

_ALIKE, _LEAST_DIFFERENCE, _MANY = 0.12, 0.04, 3
"""Cracks of one photo differ in the logarithm of their darkness by about so much, 1 sigma; where so many tell theirs,
by what these do, but never by less than the second."""

_BLUR_ALIKE_PX = 0.015
"""Cracks of one photo differ in their blur by about so much, 1 sigma: as much as a lens whose blur is no Gaussian lets
edges differ."""

_WINDOW_SPREAD = 0.04
"""The windows of one crack differ in the logarithm of their darkness by about so much, 1 sigma."""

_MOST_DARKNESS = np.log(1.02)
"""A crack gives no light back; a little more allows for what the power of the photo's values got wrong."""

_LEAST_WIDTH_PX = 0.1

_CORRELATION = 2.0
"""A wall's grain is as large as a few pixels: samples are worth half as many that know nothing of each other."""

_LEAST_NOISE = 0.01
"""Of the wall's light: no photo follows the model closer, however little noise it shows."""

_DARKEST = 1e-4
"""Added to that: a hundredth of the first step of an 8-bit picture."""

_ALIKE_ALONG = 0.02
"""Of the wall's light, 1 sigma in a bin of the profile: errors that are the same in all windows of a crack, so that
more windows do not make them smaller. A JPEG of quality 85 leaves 0.01 across a line, alike over a pixel, which is four
bins: as much as twice that which differs from bin to bin."""

_MODEL_PX = 0.02
"""1 sigma of a width, for a blur that is no Gaussian and edges that are not straight."""

_STEPS = np.array([1.0, 0.5, np.inf, np.inf, 0.1])
"""The most that width, middle, light, slope and a window's own darkness move in a round."""

_SHARED_STEPS = np.array([0.2, 0.15])
_SHARED_LIMITS = np.array([[np.log(0.02), 0.3], [_MOST_DARKNESS, 6.0]])
"""The most that a crack's darkness and blur move in a round, and between what; no photo is sharper."""


@dataclass(frozen=True, slots=True)
class Windows:
    """Light across short stretches of cracks, gathered by the distance from their middle.

    Attributes:
        away, light, weight: (j, k) mean distance in pixels, mean light and number of the samples in each bin.
        owner: (j,) the crack that a window is on, in ascending order from 0 without gaps.
    """

    away: Floats
    light: Floats
    weight: Floats
    owner: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class WidthFit:
    """The widths found.

    Attributes:
        width_px: (j,) of each window.
        uncertainty_px: (j,) 1 sigma of each by itself.
        common_px: (j,) 1 sigma that a crack's windows share: of its darkness, of its blur, of the photo's tone, and of
            what is wrong alike in all of them.
        contrast: (j,) how dark the crack looks in the window, over the noise of a sample.
    """

    width_px: Floats
    uncertainty_px: Floats
    common_px: Floats
    contrast: Floats


def fit_widths(windows: Windows, blur: Blur) -> WidthFit:
    """Fit the model above to all windows of all cracks of a photo.

    Args:
        windows: at least one.
        blur: of the photo, as far as it is known.
    """
    state, shared, solved, noise, alike = _solved(windows, blur)
    own = shared[windows.owner]
    follows = solved.per_shared[:, 0]
    of_shared = np.einsum("js,jst,jt->j", follows, solved.covariance[windows.owner], follows)
    own_variance = solved.own_covariance[:, 0, 0]
    light, dark = state[:, 2], np.exp(np.minimum(own[:, 0] + state[:, 4], 0))
    of_tone = blur.share_uncertainty * _moved_by_tone(light, dark, own[:, 1])
    risen, _, _ = blurred_step(state[:, 0] / 2, own[:, 1])
    return WidthFit(
        width_px=state[:, 0],
        uncertainty_px=np.sqrt(own_variance),
        common_px=np.sqrt(of_shared + alike * own_variance + of_tone**2 + _MODEL_PX**2),
        contrast=light * dark * (2 * risen - 1) / noise,
    )


def _moved_by_tone(light: Floats, dark: Floats, sigma_px: Floats) -> Floats:
    """By how much a width changes where the photo's values, not its light, were blurred: (j,) in pixels."""
    moved: Floats = 2 * where_risen(middle_of_values(light, light * (1 - dark))) * seen_deviation(sigma_px)
    return moved


def _solved(windows: Windows, blur: Blur) -> tuple[Floats, Floats, Solved, Floats, Floats]:
    """Returns:
    The windows' own unknowns (j, 5), the cracks' (n, 2), the last round, a sample's noise (j,), and what errors that
    are alike along a crack add to its variance, relative to that (j,).
    """
    usual, spread = _USUAL_DARKNESS
    mean, deviation = np.array([usual, blur.sigma_px]), np.array([spread, blur.uncertainty_px])
    state, darkness = _start(windows, blur.sigma_px)
    shared = Shared(np.stack([darkness, np.full_like(darkness, blur.sigma_px)], axis=1), mean)
    samples = windows.weight.sum(axis=1) / np.maximum((windows.weight > 0).sum(axis=1), 1)
    difference = _ALIKE
    for _ in range(_ROUNDS):
        matrix, right, noise = _equations(windows, state, shared.of_crack[windows.owner])
        alike = samples * (_ALIKE_ALONG * state[:, 2] / noise) ** 2 / _CORRELATION
        expected = Expected(mean, deviation, np.array([difference, _BLUR_ALIKE_PX]))
        worth = 1 / (1 + np.bincount(windows.owner, alike))
        solved = solve_shared(matrix, right, windows.owner, worth, shared, expected, _SHARED_STEPS)
        state = state + np.clip(solved.steps, -_STEPS, _STEPS)
        state[:, 0] = np.maximum(state[:, 0], _LEAST_WIDTH_PX)
        of_crack = np.clip(solved.shared.of_crack, *_SHARED_LIMITS)
        moves = np.quantile(np.abs(solved.steps[:, 0]), _SETTLED) + np.abs(of_crack - shared.of_crack).max()
        shared = Shared(of_crack, solved.shared.of_photo)
        difference = _difference(of_crack[:, 0], solved.covariance[:, 0, 0])
        if moves < _SETTLED_PX:
            break
    return state, shared.of_crack, solved, noise, alike


def _difference(darkness: Floats, variance: Floats) -> float:
    """By how much the darkness of a photo's cracks differs, 1 sigma: by those that tell theirs, where they are many."""
    known = darkness[variance < _SURE**2]
    if len(known) < _MANY:
        return _ALIKE
    return max(_LEAST_DIFFERENCE, 1.4826 * float(np.median(np.abs(known - np.median(known)))))


def _equations(windows: Windows, state: Floats, shared: Floats) -> tuple[Floats, Floats, Floats]:
    """The normal equations of all windows, their own unknowns before the shared ones, and a sample's noise (j,)."""
    jacobian, residuals = _linearised(windows, state, shared)
    weights, deviation = robust_weights(residuals, windows.weight, _LEAST_NOISE * np.abs(state[:, 2]) + _DARKEST)
    noise = _median_by_owner(deviation, windows.owner)[windows.owner]
    matrix, right = normal_equations(jacobian, residuals, weights / (_CORRELATION * noise**2)[:, None])
    both = np.array([0, 1, 2, 3, 4, 4, 5])  # a crack's darkness and a window's own act alike
    matrix, right = matrix[:, both[:, None], both], right[:, both]
    matrix[:, range(5), range(5)] += 1e-12
    matrix[:, 4, 4] += 1 / _WINDOW_SPREAD**2
    right[:, 4] -= state[:, 4] / _WINDOW_SPREAD**2
    return matrix, right, noise


def _linearised(windows: Windows, state: Floats, shared: Floats) -> tuple[Floats, Floats]:
    """The residuals (j, k) and the model's derivatives (j, k, 6): by width, middle, light, slope, darkness and blur."""
    width, middle, light, tilt, own = (column[:, None] for column in state.T)
    dark = np.exp(np.minimum(shared[:, :1] + own, _MOST_DARKNESS))
    away, sigma = windows.away - middle, shared[:, 1:]
    (risen_left, steep_left, wider_left), (risen_right, steep_right, wider_right) = (
        blurred_step(away + sign * width / 2, sigma) for sign in (1, -1)
    )
    box = risen_left - risen_right
    wall, passed = light + tilt * windows.away, 1 - dark * box
    shade = wall * dark
    jacobian = np.stack(
        [
            -shade * (steep_left + steep_right) / 2,
            shade * (steep_left - steep_right),
            passed,
            windows.away * passed,
            -shade * box,
            -shade * (wider_left - wider_right),
        ],
        axis=2,
    )
    return jacobian, windows.light - wall * passed


def _start(windows: Windows, sigma_px: float) -> tuple[Floats, Floats]:
    """First values: widths from the area of darkness over the depth of each window's profile."""
    used = windows.weight > 0
    wall = row_quantile(windows.light, used, 0.7)
    shade = np.where(used, 1 - windows.light / np.maximum(wall, 1e-3)[:, None], 0).clip(0, 1)
    depth = np.maximum(np.sort(shade, axis=1)[:, -2:].mean(axis=1), 0.02)
    dark = np.where(shade > depth[:, None] / 2, 1.0, 0.0)
    inner = dark * shade
    middle = (inner * windows.away).sum(axis=1) / np.maximum(inner.sum(axis=1), 1e-9)
    inside = np.where(used, windows.away, 0)
    seen = (inside.max(axis=1) - inside.min(axis=1)) * dark.sum(axis=1) / np.maximum(used.sum(axis=1), 1)
    width = np.sqrt(np.maximum(seen**2 - (2 * sigma_px) ** 2, 1.0))
    zero = np.zeros_like(width)
    share = np.maximum(2 * blurred_step(width / 2, sigma_px)[0] - 1, 0.3)
    darkness = np.log(np.clip(_median_by_owner(depth / share, windows.owner), 0.1, 0.95))
    return np.stack([width, middle, np.maximum(wall, 1e-3), zero, zero], axis=1), darkness


def _median_by_owner(values: Floats, owner: NDArray[np.intp]) -> Floats:
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    return np.array([np.median(part) for part in np.split(values, starts[1:])])
