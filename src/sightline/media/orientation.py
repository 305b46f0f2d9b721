"""How a stored picture has to be turned to stand upright, as arrays and as coordinates."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Orientation:
    """The way from the stored to the upright picture: first swap the axes, then mirror left-right and top-bottom."""

    swap: bool = False
    mirror_x: bool = False
    mirror_y: bool = False

    @property
    def rotation_deg(self) -> int:
        """By how much the stored picture is turned clockwise: 0, 90, 180 or 270 (a mirroring is left aside)."""
        if self.swap:
            return 90 if self.mirror_x else 270
        return 180 if self.mirror_y else 0

    def turned(self, width: int, height: int) -> tuple[int, int]:
        """Width and height of the upright picture from those of the stored one, or the other way round."""
        return (height, width) if self.swap else (width, height)

    def turn(self, pixels: NDArray[Any]) -> NDArray[Any]:
        """A stored picture (H, W, ...), upright; a view."""
        if self.swap:
            pixels = pixels.swapaxes(0, 1)
        return pixels[:: -1 if self.mirror_y else 1, :: -1 if self.mirror_x else 1]

    def to_stored(self, matrix: NDArray[np.float64], width: int, height: int) -> NDArray[np.float64]:
        """Let a (2, 3) matrix that leads to points of an upright picture of that size lead to the stored one's."""
        if self == UPRIGHT:
            return matrix
        stored = matrix.copy()
        if self.mirror_x:
            stored[0] = np.array([0, 0, width]) - stored[0]
        if self.mirror_y:
            stored[1] = np.array([0, 0, height]) - stored[1]
        return stored[::-1] if self.swap else stored


UPRIGHT: Final = Orientation()


def orientation_of(display_matrix: bytes) -> Orientation:
    """Read a display matrix, as MP4 and MKV carry it and FFmpeg hands it on (`libavutil/display.h`).

    Nine 32-bit integers a, b, u, c, d, v, x, y, w, of which the upright point is (a p + c q + x, b p + d q + y).
    Angles between are taken for the nearest quarter turn.
    """
    a, b, _, c, d, *_ = struct.unpack("=9i", display_matrix[:36])
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return Orientation(swap=False, mirror_x=a < 0, mirror_y=d < 0)
    return Orientation(swap=True, mirror_x=c < 0, mirror_y=b < 0)
