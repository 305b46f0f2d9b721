"""A crack's width from the light across it, finer than the pixels.

Across a crack the light of the wall, b0 + b1 d at the distance d, falls by the share D between the crack's edges, which
the photo has blurred: (b0 + b1 d) (1 - D B(d)), where B is a box of the crack's width behind the blur. Where the crack
is much wider than the blur, its edges show the width by themselves. Where it is not, wide and pale looks much like
narrow and dark: the product of width and darkness is known well, either alone is not. But a crack is about as dark all
along, so the darkness is one unknown for all of its windows (each may differ from it a little), and the windows'
equations are solved together with it (by elimination, as in bundle adjustment: Triggs and others, Bundle adjustment, a
modern synthesis, 1999, section 6.1). What the photo leaves open, an expectation of the darkness fills: the more it
matters, the larger the uncertainty that comes out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.crack.edge_model import EdgeShape, Floats, normal_equations, rise, robust_weights, row_quantile

_ROUNDS, _ROUNDS_AGAIN = 14, 3
_LEAST_BLUR_PX = 0.3
_SETTLED, _SETTLED_PX = 0.5, 0.008
"""The rounds end when so many of the widths and all darknesses move by less: some widths go to and fro for ever, by
less than their uncertainty, while outliers gain and lose weight."""

_USUAL_DARKNESS = np.array([np.log(0.85), 0.25])
"""Of the wall's light, what a crack swallows, as a logarithm, and 1 sigma: of 50 wide cracks in photos of walls and
concrete the middle half swallows 0.59 to 0.88. Narrow ones, which this matters for, are deeper for their width."""

_SURE, _WIDE = 0.03, 5.0
"""A crack tells its darkness by itself where that is so sure and it is so many times wider than the blur."""

_ALIKE, _LEAST_DIFFERENCE, _MANY = 0.12, 0.04, 3
"""Cracks of one photo differ in the logarithm of their darkness by about so much, 1 sigma; where so many tell theirs,
by what these do, but never by less than the second."""

_WINDOW_SPREAD = 0.04
"""The windows of one crack differ in the logarithm of their darkness by about so much, 1 sigma."""

_MOST_DARKNESS = np.log(1.02)
"""A crack gives no light back; a little more allows for what the power of the photo's values got wrong."""

_LEAST_WIDTH_PX, _LEAST_DARKNESS = 0.1, np.log(0.02)

_CORRELATION = 2.0
"""A wall's grain is as large as a few pixels: samples are worth half as many that know nothing of each other."""

_LEAST_NOISE = 0.01
"""Of the wall's light: no photo follows the model closer, however little noise it shows."""

_DARKEST = 1e-4
"""Added to that: a hundredth of the first step of an 8-bit picture."""

_MODEL_PX = 0.02
"""1 sigma of a width, for a blur that is no Gaussian and edges that are not straight."""

_STEPS, _DARKNESS_STEP = np.array([1.0, 0.5, np.inf, np.inf, 0.1]), 0.2
"""The most that width, middle, light, slope and a window's own darkness, and a crack's, move in a round."""


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
        common_px: (j,) 1 sigma that a crack's windows share: of its darkness and of the photo's blur.
        contrast: (j,) how dark the crack looks in the window, over the noise of a sample.
    """

    width_px: Floats
    uncertainty_px: Floats
    common_px: Floats
    contrast: Floats


def fit_widths(windows: Windows, sigma_px: float, sigma_uncertainty_px: float) -> WidthFit:
    """Fit the model above to all windows of all cracks of a photo.

    Args:
        windows: at least one.
        sigma_px: of the photo's blur.
        sigma_uncertainty_px: 1 sigma of that.
    """
    shape = EdgeShape(sigma_px)
    found = _solved(windows, _start(windows, sigma_px), shape, _USUAL_DARKNESS, _ROUNDS)
    expected = _expected(windows, found, sigma_px)
    if expected is not _USUAL_DARKNESS:
        found = _solved(windows, (found.state, found.darkness), shape, expected, _ROUNDS)
    width = found.state[:, 0]
    other_blurs = [EdgeShape(max(sigma_px + sign * sigma_uncertainty_px, _LEAST_BLUR_PX)) for sign in (-1, 1)]
    again = [_solved(windows, (found.state, found.darkness), other, expected, _ROUNDS_AGAIN) for other in other_blurs]
    blur_px = np.max([np.abs(other.state[:, 0] - width) for other in again], axis=0)
    darkness_px = found.last.per_darkness * np.sqrt(found.last.darkness_variance)[windows.owner]
    risen, _ = shape(width / 2)
    depth = np.exp(found.darkness[windows.owner] + found.state[:, 4]) * (2 * risen - 1) * found.state[:, 2]
    return WidthFit(
        width_px=width,
        uncertainty_px=np.sqrt(found.last.own_variance),
        common_px=np.sqrt(darkness_px**2 + blur_px**2 + _MODEL_PX**2),
        contrast=depth / found.noise,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    state: Floats
    darkness: Floats
    noise: Floats
    last: _Solved


def _expected(windows: Windows, found: _Found, sigma_px: float) -> Floats:
    """The darkness to expect of a crack and its spread: that of the photo's wide cracks, where there are any."""
    widths = _median_by_owner(found.state[:, 0], windows.owner)
    sure = (np.sqrt(found.last.darkness_variance) < _SURE) & (widths > _WIDE * sigma_px)
    if not sure.any():
        return _USUAL_DARKNESS
    known = found.darkness[sure]
    middle = float(np.median(known))
    differ = 1.4826 * float(np.median(np.abs(known - middle))) if len(known) >= _MANY else _ALIKE
    return np.array([middle, max(differ, _LEAST_DIFFERENCE)])


def _solved(windows: Windows, start: tuple[Floats, Floats], shape: EdgeShape, expected: Floats, rounds: int) -> _Found:
    state, darkness = start
    for _ in range(rounds):
        jacobian, residuals = _linearised(windows, state, darkness[windows.owner], shape)
        weights, deviation = robust_weights(residuals, windows.weight, _LEAST_NOISE * np.abs(state[:, 2]) + _DARKEST)
        noise = _median_by_owner(deviation, windows.owner)[windows.owner]
        matrix, right = normal_equations(jacobian, residuals, weights / (_CORRELATION * noise**2)[:, None])
        solved = _shared(matrix, right, state, darkness, windows.owner, expected)
        state = state + np.clip(solved.steps, -_STEPS, _STEPS)
        state[:, 0] = np.maximum(state[:, 0], _LEAST_WIDTH_PX)
        darkness = darkness + solved.darkness_step
        moves = np.quantile(np.abs(solved.steps[:, 0]), _SETTLED) + np.abs(solved.darkness_step).max()
        if moves < _SETTLED_PX:
            break
    return _Found(state, darkness, noise, solved)


@dataclass(frozen=True, slots=True)
class _Solved:
    steps: Floats
    darkness_step: Floats
    own_variance: Floats
    per_darkness: Floats
    darkness_variance: Floats


def _shared(
    matrix: Floats, right: Floats, state: Floats, darkness: Floats, owner: NDArray[np.intp], expected: Floats
) -> _Solved:
    """Solve for all windows' own unknowns and each crack's darkness together."""
    coupling = matrix[:, :, 4].copy()  # a crack's darkness and a window's own act alike
    own = matrix + 1e-12 * np.eye(5)
    own[:, 4, 4] += 1 / _WINDOW_SPREAD**2
    right = right.copy()
    right_darkness = right[:, 4].copy()
    right[:, 4] -= state[:, 4] / _WINDOW_SPREAD**2
    inverse = np.linalg.inv(own)
    alone = (inverse @ right[..., None])[..., 0]
    follows = (inverse @ coupling[..., None])[..., 0]
    count = len(darkness)
    curvature = np.bincount(owner, matrix[:, 4, 4] - (coupling * follows).sum(axis=1), count) + 1 / expected[1] ** 2
    pull = np.bincount(owner, right_darkness - (coupling * alone).sum(axis=1), count)
    wanted = (pull + (expected[0] - darkness) / expected[1] ** 2) / curvature
    moved = np.clip(darkness + np.clip(wanted, -_DARKNESS_STEP, _DARKNESS_STEP), _LEAST_DARKNESS, _MOST_DARKNESS)
    darkness_step = moved - darkness
    return _Solved(
        steps=alone - follows * darkness_step[owner][:, None],
        darkness_step=darkness_step,
        own_variance=inverse[:, 0, 0].astype(np.float64),
        per_darkness=-follows[:, 0],
        darkness_variance=1 / curvature,
    )


def _linearised(windows: Windows, state: Floats, darkness: Floats, shape: EdgeShape) -> tuple[Floats, Floats]:
    """The derivatives by width, middle, light, slope and the window's darkness, (j, k, 5), and the residuals (j, k)."""
    width, middle, light, tilt, own = (column[:, None] for column in state.T)
    dark = np.exp(np.minimum(darkness[:, None] + own, _MOST_DARKNESS))
    away = windows.away - middle
    (risen_left, steep_left), (risen_right, steep_right) = shape(away + width / 2), shape(away - width / 2)
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
    share = np.maximum(2 * rise(width / 2, sigma_px) - 1, 0.3)
    darkness = np.log(np.clip(_median_by_owner(depth / share, windows.owner), 0.1, 0.95))
    return np.stack([width, middle, np.maximum(wall, 1e-3), zero, zero], axis=1), darkness


def _median_by_owner(values: Floats, owner: NDArray[np.intp]) -> Floats:
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    return np.array([np.median(part) for part in np.split(values, starts[1:])])
