"""The widths of the cracks of a photo, from its own pixels along their centre lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.crack.edge_blur import Blur
from sightline.crack.edge_model import Floats
from sightline.crack.profiles import Points, profile_offsets, sample_pixels
from sightline.crack.tone import light_of
from sightline.crack.width_fit import Windows, fit_widths

_WINDOW = 15
"""Stations, about a pixel apart, that are measured together: fewer are noisy, over more a crack changes."""

_PIECE = 45.0
"""Pixels: a crack of which only a part is measured is cut in pieces of this length, which are evenly spread. Stations
farther apart would not do: between them the line that the model saw moves off the crack and back."""

_LEAST_STATIONS = 6

_PER_WIDTH = 8
"""Stations over a length as long as the crack is wide: a wide one needs no finer look."""

_MARGIN_PX = 6.0
"""So much of the wall is looked at on either side, beyond the crack as the model saw it."""

_MOST_REACH_PX = 80.0

_OFF_PX = 2.0
"""The line that the model saw lies within so much of the crack's edges."""

_LEAST_BIN_PX, _REACH_PER_BIN_PX = 0.25, 16.0
"""Samples are gathered over a quarter of a pixel of the distance, over more where the crack is wide and they are many.
Over half a pixel a line of 1.5 px would be measured 0.05 px too wide."""

_LEAST_CONTRAST = 1.0
"""How dark a crack must look over the noise of a pixel; less is not seen."""

_LEAST_SURE = 0.5
"""A width whose 1 sigma is more than half of it is none: the crack is hidden there, or lost beside something darker."""

_WIDEST = 0.75
"""Of what was looked at: where a crack would fill more, what was seen is a change of the wall's brightness."""

_SMOOTHED = 9
"""Stations: the crack's middle is taken over so many."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a crack where widths can be measured, without junctions and ends: its centre line and seen width."""

    points: Points
    width_px: float


@dataclass(frozen=True, slots=True)
class MeasuredWidths:
    """Widths along one crack.

    Attributes:
        points, tangents: (j, 2) where they are, in photo pixels, and which way the crack goes there.
        lengths_px: (j,) the length of crack that each stands for.
        widths_px: (j,).
        noise_px: (j,) 1 sigma of each by itself.
        common_px: (j,) 1 sigma that all share: of the crack's darkness and of the photo's blur.
        seen: the share of the places looked at where the crack was dark enough to be measured; the others are left out.
    """

    points: Points
    tangents: Points
    lengths_px: Floats
    widths_px: Floats
    noise_px: Floats
    common_px: Floats
    seen: float


def measure_widths(
    image: NDArray[np.uint8], cracks: Sequence[Sequence[Stretch]], blur: Blur, *, most_px: float
) -> list[MeasuredWidths | None]:
    """Measure the widths of cracks; None where a crack has no stretch that is long enough.

    Args:
        image: RGB uint8 (H, W, 3).
        cracks: the stretches of each crack, in pixels of the photo.
        blur: of the photo.
        most_px: where all stretches together are longer, only pieces of about this length together are measured.
    """
    total = sum(_length(stretch.points) for stretches in cracks for stretch in stretches)
    found: list[MeasuredWidths | None] = [None] * len(cracks)
    classes: dict[float, dict[int, list[_Sampled]]] = {}
    for number, stretches in enumerate(cracks):
        pieces = [piece for stretch in stretches for piece in _pieces(stretch, max(1, round(total / most_px)))]
        sampled = [part for piece in pieces if (part := _sampled(image, piece, blur)) is not None]
        if sampled:
            bin_px = _LEAST_BIN_PX * 2 ** int(max(part.reach_px for part in sampled) / _REACH_PER_BIN_PX)
            classes.setdefault(bin_px, {})[number] = sampled
    for bin_px, members in classes.items():
        for number, widths in zip(members, _measured(list(members.values()), bin_px, blur), strict=True):
            found[number] = widths
    return found


def _pieces(stretch: Stretch, every: int) -> list[Stretch]:
    """Each so manieth piece of a stretch, or the stretch itself where it is too short or all is to be measured."""
    count = int(_length(stretch.points) / _PIECE)
    if every == 1 or count < 2:
        return [stretch]
    piece_of = np.minimum((_along(stretch.points) / _PIECE).astype(int), count - 1)
    chosen = range(every // 2 if every // 2 < count else 0, count, every)
    return [Stretch(stretch.points[piece_of == number], stretch.width_px) for number in chosen]


def _along(line: Points) -> Floats:
    """(n,) how far each point of a line is from its first."""
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])


@dataclass(frozen=True, slots=True)
class _Sampled:
    """The photo across a stretch: stations, and the light of the pixels near them by the distance from its middle."""

    points: Points
    tangents: Points
    step_px: float
    reach_px: float
    away: Floats
    light: Floats

    @property
    def window_count(self) -> int:
        return max(1, len(self.points) // _WINDOW)

    @property
    def window(self) -> NDArray[np.intp]:
        """(n,) the window that each station is in."""
        return np.arange(len(self.points)) * self.window_count // len(self.points)


def _sampled(image: NDArray[np.uint8], stretch: Stretch, blur: Blur) -> _Sampled | None:
    """None where the stretch is too short."""
    distance = _along(stretch.points)
    step = max(1.0, stretch.width_px / _PER_WIDTH)
    count = round(distance[-1] / step)
    if count < _LEAST_STATIONS:
        return None
    at = (np.arange(count) + 0.5) * distance[-1] / count
    points = _smoothed(np.stack([np.interp(at, distance, stretch.points[:, axis]) for axis in (0, 1)], axis=1))
    tangents = _smoothed(np.gradient(points, axis=0))
    tangents /= np.maximum(np.hypot(*tangents.T), 1e-9)[:, None]
    normals = tangents[:, ::-1] * [-1, 1]
    reach = min(0.6 * stretch.width_px + _MARGIN_PX, _MOST_REACH_PX)
    away, light = sample_pixels(image, points, normals, half_width_px=reach, tone=light_of(blur.share))
    off = _middle(light.astype(np.float64), profile_offsets(reach, 1.0), stretch.width_px / 2 + _OFF_PX)
    return _Sampled(points, tangents, float(distance[-1] / count), reach, away - off[:, None], light.astype(np.float64))


def _middle(light: Floats, offsets: Floats, core_px: float) -> Floats:
    """Where the crack's middle lies at each station, (n,), in pixels from the line that the model saw."""
    even = _smoothed(np.nan_to_num(light, nan=float(np.nanmedian(light))))
    wall = np.quantile(even, 0.7, axis=1)
    shade = np.where(np.abs(offsets) <= core_px, wall[:, None] - even, 0).clip(0)
    dark = (shade - shade.max(axis=1, keepdims=True) / 2).clip(0)
    middle = (dark * offsets).sum(axis=1) / np.maximum(dark.sum(axis=1), 1e-9)
    return _smoothed(middle[:, None])[:, 0]


def _smoothed(values: Floats) -> Floats:
    """Means over `_SMOOTHED` stations, (n, k); the ends are mirrored in their last value, so that slopes go on."""
    reach = min(_SMOOTHED // 2, len(values) - 1)
    before, after = 2 * values[:1] - values[reach:0:-1], 2 * values[-1:] - values[-2 : -2 - reach : -1]
    total = np.concatenate([np.zeros_like(values[:1]), before, values, after]).cumsum(axis=0)
    means: Floats = (total[2 * reach + 1 :] - total[: -2 * reach - 1]) / (2 * reach + 1)
    return means


def _measured(cracks: list[list[_Sampled]], bin_px: float, blur: Blur) -> list[MeasuredWidths | None]:
    """The widths of cracks that are gathered in bins of one size."""
    parts = [part for crack in cracks for part in crack]
    owner = np.repeat(np.arange(len(cracks)), [sum(part.window_count for part in crack) for crack in cracks])
    windows = _gathered(parts, owner, bin_px)
    fit = fit_widths(windows, blur)
    points, tangents = (_by_window([getattr(part, name) for part in parts], parts) for name in ("points", "tangents"))
    lengths = np.concatenate([np.bincount(part.window) * part.step_px for part in parts])
    span = np.repeat([2 * part.reach_px for part in parts], [part.window_count for part in parts])
    sure = (fit.uncertainty_px <= _LEAST_SURE * fit.width_px) & (fit.width_px <= _WIDEST * span)
    seen = sure & (fit.contrast >= _LEAST_CONTRAST)
    measured: list[MeasuredWidths | None] = []
    for number in range(len(cracks)):
        own = seen & (owner == number)
        if not own.any():
            measured.append(None)
            continue
        measured.append(
            MeasuredWidths(
                points=points[own],
                tangents=tangents[own],
                lengths_px=lengths[own],
                widths_px=fit.width_px[own],
                noise_px=fit.uncertainty_px[own],
                common_px=fit.common_px[own],
                seen=float(seen[owner == number].mean()),
            )
        )
    return measured


def _gathered(parts: list[_Sampled], owner: NDArray[np.intp], bin_px: float) -> Windows:
    """All stations' samples in bins of their distance, a row for each window."""
    reach = int(max(part.reach_px for part in parts) / bin_px) + 2
    count, bins = len(owner), 2 * reach + 1
    first = np.cumsum([0, *(part.window_count for part in parts)])
    cells, samples = [], []
    for part, start in zip(parts, first[:-1].tolist(), strict=True):
        bin_of = np.rint(part.away / bin_px).astype(np.intp) + reach
        known = np.isfinite(part.light) & (bin_of >= 0) & (bin_of < bins)
        row = np.broadcast_to((start + part.window)[:, None], bin_of.shape)
        cells.append((row * bins + bin_of)[known])
        samples.append(np.stack([part.away[known], part.light[known]]))
    cell, (away, light) = np.concatenate(cells), np.concatenate(samples, axis=1)
    weight = np.bincount(cell, minlength=count * bins).reshape(count, bins)
    mean_away, mean_light = (
        np.bincount(cell, values, count * bins).reshape(count, bins) / np.maximum(weight, 1) for values in (away, light)
    )
    return Windows(mean_away, mean_light, weight.astype(np.float64), owner)


def _by_window(values: list[Points], parts: list[_Sampled]) -> Points:
    """Means over each window, (j, 2)."""
    means = [
        np.stack([np.bincount(part.window, value[:, axis]) for axis in (0, 1)], axis=1)
        / np.bincount(part.window)[:, None]
        for value, part in zip(values, parts, strict=True)
    ]
    return np.concatenate(means)


def _length(line: Points) -> float:
    return float(_along(line)[-1])
