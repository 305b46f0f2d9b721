"""How much sharp edges are blurred, and how a photo's values follow the light.

Across an edge the light rises as the blur's integral does, alike on either side of the middle. Taken at a slant, an
edge is known finer than the pixels (Reichenbach, Park and Narayanswamy, Characterizing digital image acquisition
devices, Optical Engineering 30, 1991).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.crack.edge_model import Floats, blurred_step, normal_equations, robust_weights, seen_deviation
from sightline.crack.profiles import sample_pixels
from sightline.crack.tone import light_of

_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Of `light_of`: which one makes the two sides of the edges alike."""

_MOST_REACH_PX = 6.0
"""Edges are looked at so far to either side: a phone's blur has ended there."""

_EVEN = 0.8
"""At first, while the blur is not known, so far to the next edge: that is of one colour, or nearly."""

_TAIL, _LEAST_REACH = 2.5, 2.0
"""Then as far as the next edge's blur does not come, in its standard deviations; at least so many must be left, or the
edge's sides are not seen. A tail that is taken for this edge's own side makes the blur too small: by 0.03 px in a photo
whose modules are 7 px wide, and a line of 1.5 px then looks a quarter of a pixel too wide."""

_LEAST_STATIONS, _MOST_STATIONS = 8, 24
"""Along an edge: less does not average the noise, more takes time for nothing."""

_LEAST_EDGES, _MOST_EDGES = 4, 48

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

USUAL_SHARE = np.array([1.0, 0.25])
"""Of `light_of`, and 1 sigma: cameras follow sRGB but for some contrast; pictures that a program blurred are few."""

_CORRELATION = 4.0
"""Samples a quarter of a pixel apart share the errors of pixels: they are worth so many times less."""

_MODEL_PX = 0.015
"""What a Gaussian leaves open, as an error of its width: lenses and sharpening by cameras have shapes of their own."""


@dataclass(frozen=True, slots=True)
class Blur:
    """A photo's blur.

    Attributes:
        sigma_px: of the Gaussian that is nearest to it; the pixel's own width comes on top.
        uncertainty_px: of that, 1 sigma.
        share: how the photo's values follow the light, see `light_of`.
        share_uncertainty: of that, 1 sigma.
    """

    sigma_px: float
    uncertainty_px: float
    share: float
    share_uncertainty: float = 0.0


def blur_of_edges(image: NDArray[np.uint8], edges: Floats, clear_px: Floats | None = None) -> Blur | None:
    """The blur by straight, sharp edges between even surfaces.

    Args:
        image: RGB uint8 (H, W, 3).
        edges: (n, 2, 2), each from x, y to x, y, right to about a pixel.
        clear_px: (n, 2), how far it is to the next edge left and right of each (y points down); None: far.

    Returns:
        None where too few of the edges can be used.
    """
    clear_px = np.full((len(edges), 2), np.inf) if clear_px is None else clear_px
    usable = _usable(image, edges, clear_px)
    if len(usable) < _LEAST_EDGES:
        return None
    samples = _sampled(image, edges[usable], np.minimum(_EVEN * clear_px[usable], _MOST_REACH_PX))
    start, _ = _fit(samples, _started(samples), share=1.0, rounds=_FIRST_ROUNDS)
    deviation = float(seen_deviation(np.median(start[:, 4])))
    reach_px = np.minimum(clear_px[usable] - _TAIL * deviation, _MOST_REACH_PX)
    seen = reach_px.min(axis=1) >= _LEAST_REACH * deviation
    if np.count_nonzero(seen) < _LEAST_EDGES:
        return None
    samples, start = _gathered(samples, start, reach_px, seen), start[seen]
    start[:, 2:4] = 0
    fits = [_fit(samples, start, share, rounds=_ROUNDS) for share in _SHARES]
    height = np.abs(start[:, 1] - start[:, 0])
    clean = (height > _LEAST_STEP) & (np.max([misfit for _, misfit in fits], axis=0) < _WORST_FIT * height)
    if np.count_nonzero(clean) < _LEAST_EDGES:
        return None
    worth = float(np.count_nonzero(samples.weight[clean])) / _CORRELATION
    share, share_uncertainty = _likely([float(np.mean(misfit[clean] ** 2)) for _, misfit in fits], worth)
    sigmas = [[state[edge, 4] for state, _ in fits] for edge in np.flatnonzero(clean)]
    at_share = np.array([np.interp(share, _SHARES, of_edge) for of_edge in sigmas])
    sigma = float(np.median(at_share))
    spread = 1.4826 * float(np.median(np.abs(at_share - sigma)))
    uncertainty = float(np.hypot(_MODEL_PX, 1.25 * spread / np.sqrt(len(at_share))))
    return Blur(sigma, uncertainty, share, share_uncertainty)


@dataclass(frozen=True, slots=True)
class _Samples:
    """Values of the photo (0..1) across edges, (edges, k): `weight` is 0 where there is none.

    `away` is the distance from where the edge should be, `along` goes from -1 to 1 along it.
    """

    away: Floats
    along: Floats
    values: Floats
    weight: Floats


def _usable(image: NDArray[np.uint8], edges: Floats, clear_px: Floats) -> NDArray[np.intp]:
    """Which edges lie in the photo as a whole and are long enough; evenly chosen among all where they are many."""
    height, width = image.shape[:2]
    inside = ((edges > _MOST_REACH_PX) & (edges < np.array([width, height]) - _MOST_REACH_PX)).all(axis=(1, 2))
    usable = np.flatnonzero(inside & (_lengths(edges) >= _LEAST_STATIONS + 2 * _ends(clear_px)))
    return usable[np.unique(np.linspace(0, len(usable) - 1, min(_MOST_EDGES, len(usable))).astype(np.intp))]


def _lengths(edges: Floats) -> Floats:
    lengths: Floats = np.hypot(*(edges[:, 1] - edges[:, 0]).T)
    return lengths


def _ends(clear_px: Floats) -> Floats:
    """(n,) how much is left out at both ends of each edge, where it blurs with the next."""
    ends: Floats = np.minimum(clear_px.min(axis=1), _MOST_REACH_PX)
    return ends


def _sampled(image: NDArray[np.uint8], edges: Floats, reach_px: Floats) -> _Samples:
    """The photo across edges, (n, 2) so far to the left and the right of each."""
    start, forth, length = edges[:, 0], edges[:, 1] - edges[:, 0], _lengths(edges)
    along: Floats = np.linspace(-1, 1, _MOST_STATIONS)
    at = 0.5 + 0.5 * along * (1 - 2 * _ends(reach_px) / length)[:, None]
    points = start[:, None] + at[..., None] * forth[:, None]
    normals = np.repeat((forth[:, ::-1] * [-1, 1] / length[:, None])[:, None], _MOST_STATIONS, axis=1)
    away, values = sample_pixels(
        image, points.reshape(-1, 2), normals.reshape(-1, 2), half_width_px=_MOST_REACH_PX, tone=light_of(0.0)
    )
    rows = len(edges)
    along = np.broadcast_to(along[None, :, None], (rows, _MOST_STATIONS, away.shape[1])).reshape(rows, -1)
    across, light = (each.reshape(rows, -1).astype(np.float64) for each in (away, values))
    return _Samples(across, along, light, _within(across, reach_px).astype(np.float64))


def _within(away: Floats, reach_px: Floats) -> NDArray[np.bool_]:
    within: NDArray[np.bool_] = (away >= -reach_px[:, :1]) & (away <= reach_px[:, 1:])
    return within


def _started(samples: _Samples) -> Floats:
    """First values for `_fit`, (edges, 5)."""
    away = np.where(samples.weight > 0, samples.away, np.nan)
    outer = np.nanmin(away, axis=1) / 2, np.nanmax(away, axis=1) / 2
    low = np.nanmedian(np.where(away < outer[0][:, None], samples.values, np.nan), axis=1)
    high = np.nanmedian(np.where(away > outer[1][:, None], samples.values, np.nan), axis=1)
    zero = np.zeros_like(low)
    return np.stack([low, high, zero, zero, zero + _FIRST_SIGMA_PX], axis=1)


def _gathered(samples: _Samples, state: Floats, reach_px: Floats, seen: NDArray[np.bool_]) -> _Samples:
    """The samples of those edges that are seen, in bins of their distance from the edge as it was found."""
    away = (samples.away - state[:, 2:3] - state[:, 3:4] * samples.along)[seen]
    used, values = _within(away, reach_px[seen]), samples.values[seen]
    half = int(_MOST_REACH_PX / _BIN_PX) + 1
    bins, rows = 2 * half + 1, len(away)
    cell = np.rint(away / _BIN_PX).astype(np.intp) + half + np.arange(rows)[:, None] * bins
    weight = np.bincount(cell[used], minlength=rows * bins).reshape(rows, bins)
    means = [
        np.bincount(cell[used], each[used], rows * bins).reshape(rows, bins) / np.maximum(weight, 1)
        for each in (away, values)
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
        risen, per_px, per_blur = blurred_step(off, sigma)
        steep, wider = per_px * height, per_blur * height
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


def _likely(misfits: list[float], worth: float) -> tuple[float, float]:
    """The share that the misfits at `_SHARES` and what is usual make the likeliest, and 1 sigma of it.

    Args:
        misfits: mean squares of residuals.
        worth: how many independent samples they are of.
    """
    shares = np.linspace(0, 1, 101)
    misfit = np.interp(shares, _SHARES, misfits)
    usual, spread = USUAL_SHARE
    against = worth / 2 * np.log(misfit) + 0.5 * ((shares - usual) / spread) ** 2
    likely = np.exp(against.min() - against)
    likely /= likely.sum()
    best = float(shares[likely.argmax()])
    return best, float(np.sqrt(likely @ (shares - best) ** 2))
