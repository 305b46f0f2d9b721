"""How much a photo blurs, and how its values follow the light: both are needed to tell a narrow line's width.

Both show in edges that are known to be sharp: across an edge the light rises as the blur's integral does, alike on
either side of the middle. Taken at a slant, an edge is known finer than the pixels (Reichenbach, Park and Narayanswamy,
Characterizing digital image acquisition devices, Optical Engineering 30, 1991).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sightline.crack.edge_model import Floats, normal_equations, rise, robust_weights, slope, widening
from sightline.crack.profiles import sample_pixels
from sightline.crack.scale.homography import project
from sightline.crack.tone import light_of

if TYPE_CHECKING:
    from sightline.crack.scale.plane import PlaneScale

_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Of `light_of`: which one makes the two sides of the edges alike."""

_LEAST_REACH_PX, _MOST_REACH_PX = 3.0, 6.0
"""Edges are looked at so far to either side: a phone's blur has ended there, and less does not show both sides."""

_EVEN = 0.8
"""Share of a marker's module that is surely of one colour beside an edge that is known to a pixel."""

_CORNER = 0.08
"""Share of a card's side that its corner takes at most (3.18 of 53.98 mm), and a little more."""

_LEAST_STATIONS, _MOST_STATIONS = 8, 24
"""Along an edge: less does not average the noise, more takes time for nothing."""

_LEAST_EDGES, _MOST_EDGES = 4, 24

_FIRST_ROUNDS, _ROUNDS = 5, 5

_LEAST_SIGMA_PX, _FIRST_SIGMA_PX, _MOST_SIGMA_PX = 0.2, 0.75, 3.0

_BIN_PX = 0.25
"""Once an edge's course is known its samples are gathered over so much of the distance."""

_LEAST_STEP = 0.1
"""Of the values' range: less is lost in the noise of the picture."""

_WORST_FIT = 0.06
"""Of an edge's height, the residuals' root mean square: more is no single step between two even surfaces."""

_LEAST_NOISE = 0.005
"""Of the values' range: what their rounding alone leaves."""

_MODEL_PX = 0.015
"""What a Gaussian leaves open, as an error of its width: lenses and sharpening by cameras have shapes of their own."""


@dataclass(frozen=True, slots=True)
class Blur:
    """A photo's blur.

    Attributes:
        sigma_px: of the Gaussian that is nearest to it; the pixel's own width comes on top.
        uncertainty_px: of that, 1 sigma.
        share: how the photo's values follow the light, see `light_of`.
    """

    sigma_px: float
    uncertainty_px: float
    share: float


USUAL_BLUR = Blur(0.85, 0.25, 1.0)
"""What is taken where a photo shows no edge that is known to be sharp: cameras and phones write photos of 0.5 (as sharp
as pixels allow) to 1.3 px."""


def blur_of(image: NDArray[np.uint8], scale: PlaneScale | None) -> Blur:
    """The blur of a photo, by the edges of the marker or the card in it; the usual one where it shows none.

    Args:
        image: RGB uint8 (H, W, 3).
        scale: what was found in the photo.
    """
    if scale is None or scale.kind == "points":
        return USUAL_BLUR
    edges, clear_px = _marker_edges(scale) if scale.kind == "marker" else _card_edges(scale)
    reach_px = min(_MOST_REACH_PX, clear_px)
    blur = blur_of_edges(image, edges, reach_px=reach_px) if reach_px >= _LEAST_REACH_PX else None
    return blur or USUAL_BLUR


def _marker_edges(scale: PlaneScale) -> tuple[Floats, float]:
    """The sides of all codes in the photo, (n, 2, 2), and how far from them nothing else begins, in pixels."""
    from sightline.crack.scale.board import BOARDS
    from sightline.crack.scale.codes import CELLS

    outline = scale.points_mm(scale.outline)
    size = np.hypot(*(outline[[1, 2]] - outline[[0, 1]]).T)
    board = min(BOARDS, key=lambda one: abs(one.size_mm[0] - size[0]) + abs(one.size_mm[1] - size[1]))
    sides = np.stack([board.corners_mm, np.roll(board.corners_mm, -1, axis=1)], axis=2).reshape(-1, 2)
    to_photo = np.linalg.inv(scale.to_mm).astype(np.float64)
    edges = project(to_photo, sides).reshape(-1, 2, 2)
    module_px = float(np.hypot(*(edges[:, 1] - edges[:, 0]).T).min()) / CELLS
    return edges, _EVEN * module_px


def _card_edges(scale: PlaneScale) -> tuple[Floats, float]:
    """The same of a card, without its round corners."""
    edges = np.stack([scale.outline, np.roll(scale.outline, -1, axis=0)], axis=1)
    forth = edges[:, 1] - edges[:, 0]
    edges = np.stack([edges[:, 0] + _CORNER * forth, edges[:, 1] - _CORNER * forth], axis=1)
    return edges, _MOST_REACH_PX


def blur_of_edges(image: NDArray[np.uint8], edges: Floats, *, reach_px: float = _MOST_REACH_PX) -> Blur | None:
    """The blur by straight, sharp edges between even surfaces.

    Args:
        image: RGB uint8 (H, W, 3).
        edges: (n, 2, 2), each from x, y to x, y, right to about a pixel.
        reach_px: there is no other edge nearer than this.

    Returns:
        None where too few of the edges can be used.
    """
    samples = _sampled(image, edges, reach_px)
    if samples is None:
        return None
    start, _ = _fit(samples, _started(samples, reach_px), share=1.0, rounds=_FIRST_ROUNDS)
    samples = _gathered(samples, start, reach_px)
    start[:, 2:4] = 0
    fits = [_fit(samples, start, share, rounds=_ROUNDS) for share in _SHARES]
    height = np.abs(start[:, 1] - start[:, 0])
    clean = (height > _LEAST_STEP) & (np.max([misfit for _, misfit in fits], axis=0) < _WORST_FIT * height)
    if np.count_nonzero(clean) < _LEAST_EDGES:
        return None
    misfits = [float(np.mean(misfit[clean] ** 2)) for _, misfit in fits]
    share = _lowest(misfits)
    sigmas = [[state[edge, 4] for state, _ in fits] for edge in np.flatnonzero(clean)]
    at_share = np.array([np.interp(share, _SHARES, of_edge) for of_edge in sigmas])
    sigma = float(np.median(at_share))
    spread = 1.4826 * float(np.median(np.abs(at_share - sigma)))
    return Blur(sigma, float(np.hypot(_MODEL_PX, 1.25 * spread / np.sqrt(len(at_share)))), share)


@dataclass(frozen=True, slots=True)
class _Samples:
    """Values of the photo (0..1) across edges, (edges, k): `weight` is 0 where there is none.

    `away` is the distance from where the edge should be, `along` goes from -1 to 1 along it.
    """

    away: Floats
    along: Floats
    values: Floats
    weight: Floats


def _sampled(image: NDArray[np.uint8], edges: Floats, reach_px: float) -> _Samples | None:
    """The photo across those edges that lie in it as a whole and are long enough; None where they are too few."""
    height, width = image.shape[:2]
    inside = ((edges > reach_px) & (edges < np.array([width, height]) - reach_px)).all(axis=(1, 2))
    lengths = np.hypot(*(edges[:, 1] - edges[:, 0]).T)
    usable = np.flatnonzero(inside & (lengths >= _LEAST_STATIONS + 2 * reach_px))
    if len(usable) < _LEAST_EDGES:
        return None
    usable = usable[:: -(-len(usable) // _MOST_EDGES)]
    start, forth, length = edges[usable, 0], edges[usable, 1] - edges[usable, 0], lengths[usable]
    along = np.linspace(-1, 1, _MOST_STATIONS)
    at = 0.5 + 0.5 * along * (1 - 2 * reach_px / length)[:, None]
    points = start[:, None] + at[..., None] * forth[:, None]
    normals = np.repeat((forth[:, ::-1] * [-1, 1] / length[:, None])[:, None], _MOST_STATIONS, axis=1)
    away, values = sample_pixels(
        image, points.reshape(-1, 2), normals.reshape(-1, 2), half_width_px=reach_px, tone=light_of(0.0)
    )
    rows = len(usable)
    along = np.broadcast_to(along[None, :, None], (rows, _MOST_STATIONS, away.shape[1])).reshape(rows, -1)
    return _Samples(
        away.reshape(rows, -1).astype(np.float64),
        along,
        values.reshape(rows, -1).astype(np.float64),
        np.ones_like(along),
    )


def _started(samples: _Samples, reach_px: float) -> Floats:
    """First values for `_fit`, (edges, 5)."""
    sides = [np.where(sign * samples.away > reach_px / 2, samples.values, np.nan) for sign in (-1, 1)]
    low, high = (np.nanmedian(side, axis=1) for side in sides)
    zero = np.zeros_like(low)
    return np.stack([low, high, zero, zero, zero + _FIRST_SIGMA_PX], axis=1)


def _gathered(samples: _Samples, state: Floats, reach_px: float) -> _Samples:
    """The samples in bins of their distance from the edge as it was found."""
    away = samples.away - state[:, 2:3] - state[:, 3:4] * samples.along
    half = int(reach_px / _BIN_PX)
    bins = 2 * half + 1
    cell = np.clip(np.rint(away / _BIN_PX).astype(np.intp) + half, 0, bins - 1) + np.arange(len(away))[:, None] * bins
    weight = np.bincount(cell.ravel(), minlength=len(away) * bins).reshape(len(away), bins)
    means = [
        np.bincount(cell.ravel(), values.ravel(), len(away) * bins).reshape(len(away), bins) / np.maximum(weight, 1)
        for values in (away, samples.values)
    ]
    return _Samples(means[0], np.zeros_like(means[0]), means[1], weight.astype(np.float64))


def _fit(samples: _Samples, start: Floats, share: float, *, rounds: int) -> tuple[Floats, Floats]:
    """Fit a blurred step of light to the values across each edge.

    The step's sides are told as values, not as light: they stay what they are for another share.

    Returns:
        The two sides, the middle, the tilt and the blur, (edges, 5), and the root mean square of the residuals.
    """
    table = light_of(share).astype(np.float64)
    coded = np.arange(256) / 255
    state = start.copy()
    state[:, :2] = np.interp(state[:, :2], coded, table)
    limits = np.array([np.inf, np.inf, 1.0, 1.0, 0.25])
    for _ in range(rounds):
        first, second, middle, tilt, sigma = (column[:, None] for column in state.T)
        height, off = second - first, samples.away - middle - tilt * samples.along
        risen, steep, wider = rise(off, sigma), slope(off, sigma) * height, widening(off, sigma) * height
        light = first + height * risen
        residuals = samples.values - np.interp(light, table, coded)
        per_light = np.interp(light, table, np.gradient(coded, table))
        jacobian = np.stack([1 - risen, risen, -steep, -steep * samples.along, wider], axis=2) * per_light[..., None]
        used, _ = robust_weights(residuals, samples.weight, np.full(len(state), _LEAST_NOISE))
        matrix, right = normal_equations(jacobian, residuals, used)
        step = np.linalg.solve(matrix + 1e-9 * np.eye(5), right[..., None])[..., 0]
        state += np.clip(step, -limits, limits)
        state[:, :2] = np.clip(state[:, :2], 0, 1)
        state[:, 4] = np.clip(state[:, 4], _LEAST_SIGMA_PX, _MOST_SIGMA_PX)
    state[:, :2] = np.interp(state[:, :2], table, coded)
    return state, np.sqrt((used * residuals**2).sum(axis=1) / used.sum(axis=1))


def _lowest(misfits: list[float]) -> float:
    """The share of the least misfit, by a parabola through the best of `_SHARES` and its neighbours."""
    best = min(max(int(np.argmin(misfits)), 1), len(misfits) - 2)
    left, middle, right = misfits[best - 1 : best + 2]
    bend = left - 2 * middle + right
    move = (left - right) / (2 * bend) if bend > 0 else np.sign(left - right)
    share = _SHARES[best] + float(np.clip(move, -1, 1)) * (_SHARES[1] - _SHARES[0])
    return float(np.clip(share, 0, 1))
