"""What is true of a change in a pair: how large it is in each photo, and whether it could be seen there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pair_light import Shot
from pair_views import Points, View, grey, sample
from scipy.ndimage import gaussian_filter, map_coordinates, maximum_filter

Plane = NDArray[np.float32]

VISIBLE_SNR = 3.0
"""Peak contrast over local noise from which a line is resolvable: Rose's criterion asks 3 to 5 of a detail."""

HIDDEN_SNR = 1.0
"""Below it, per pixel, the line drowns in the texture: nobody may say that it was not there before."""

VISIBLE_LEVELS = 6.0
"""Grey levels of contrast that outlive JPEG and an 8-bit picture."""

VISIBLE_WIDTH_PX = 1.2
"""Projected width: a narrower line is rather a change of tone."""

VISIBLE_LENGTH_PX = 40.0
"""Projected length of what changed: shorter marks are told from stains by nobody."""


@dataclass(frozen=True, slots=True)
class Sight:
    """How well one photo shows a crack, or would show it.

    Attributes:
        snr: median along the line of peak contrast over local noise.
        contrast: median peak contrast in grey levels, darker is positive.
        width_px: mean projected width.
        length_px: projected length of what lies in the photo.
        inside: share of the line that lies in the photo, 0..1.
    """

    snr: float
    contrast: float
    width_px: float
    length_px: float
    inside: float

    @property
    def clear(self) -> bool:
        """Whether the rule of this module calls it resolvable."""
        return (
            self.snr >= VISIBLE_SNR
            and self.contrast >= VISIBLE_LEVELS
            and self.width_px >= VISIBLE_WIDTH_PX
            and self.length_px >= VISIBLE_LENGTH_PX
        )

    @property
    def hopeless(self) -> bool:
        """Whether it could certainly not have been seen: then no photo may say that it was not there."""
        return self.inside < 0.05 or self.snr < HIDDEN_SNR or self.width_px < 0.4


class Look:
    """How one photo shows the crack that is the difference between two grey layers of the wall.

    The difference is carried through the photo's geometry, light and blur, without noise; the noise is measured in
    the photo itself after what it shows of the crack is taken off again.
    """

    def __init__(
        self,
        view: View,
        shot: Shot,
        grid: Points,
        photo: NDArray[np.uint8],
        layers: tuple[Plane, Plane, Plane],
        lines: Points,
    ) -> None:
        """`layers` are the wall's grey without the crack, with the whole crack, and as it was photographed, (H, W).

        Only the part of the photo around `lines`, the crack's segments (m, 2, 2) in wall pixels, is made.
        """
        self.view = view
        part = _around(view, lines)
        self.corner = part[1].start, part[0].start
        shot = shot.window(part)
        bare, full, own = (shot.lit(sample(layer, view.scale, grid[part])) for layer in layers)
        self.dark = maximum_filter(shot.blurred(bare - full), 3)
        clean = grey(photo[part]) + shot.blurred(bare - own)
        ripple = clean - gaussian_filter(clean, 4)
        self.noise = np.sqrt(gaussian_filter(ripple**2, 14)) + 0.3

    def at(self, segments: Points, widths: NDArray[np.float64]) -> Sight:
        """How well the line of these segments (m, 2, 2) and full widths (m,), in wall pixels, is shown."""
        placed = self.view.to_view(segments.mean(1))
        held = self.view.inside(placed, 3)
        ends = self.view.to_view(segments[:, 0]), self.view.to_view(segments[:, 1])
        lengths = np.linalg.norm(ends[1] - ends[0], axis=1)
        projected = projected_widths(self.view, segments, widths)
        if held.sum() < 3:
            return Sight(0.0, 0.0, float(projected.mean()), 0.0, float(held.mean()))
        where = placed[held, 1] - 0.5 - self.corner[1], placed[held, 0] - 0.5 - self.corner[0]
        peaks = map_coordinates(self.dark, where, order=0, mode="nearest")
        noises = map_coordinates(self.noise, where, order=1, mode="nearest")
        return Sight(
            snr=float(np.median(peaks / noises)),
            contrast=float(np.median(peaks)),
            width_px=float(projected[held].mean()),
            length_px=float(lengths[held].sum()),
            inside=float(held.mean()),
        )


def _around(view: View, lines: Points) -> tuple[slice, slice]:
    """The rows and columns of the photo within 50 px of the lines; a corner of it where they lie outside."""
    placed = view.to_view(lines.reshape(-1, 2))
    placed = placed[view.inside(placed)]
    if not len(placed):
        return slice(0, 100), slice(0, 100)
    low = np.clip(placed.min(0).astype(int) - 50, 0, None)
    high = placed.max(0).astype(int) + 51
    return slice(int(low[1]), int(high[1])), slice(int(low[0]), int(high[0]))


def projected_widths(view: View, segments: Points, widths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Photo pixels across the line at each segment, (m,): the part at right angles to it, for a slant shears."""
    along = segments[:, 1] - segments[:, 0]
    along = along / np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    normal = np.stack([-along[:, 1], along[:, 0]], 1) * widths[:, None] / 2
    middle = segments.mean(1)
    across = view.to_view(middle + normal) - view.to_view(middle - normal)
    heading = view.to_view(middle + along) - view.to_view(middle - along)
    heading /= np.maximum(np.linalg.norm(heading, axis=1, keepdims=True), 1e-9)
    return np.asarray(np.abs(heading[:, 0] * across[:, 1] - heading[:, 1] * across[:, 0]))
