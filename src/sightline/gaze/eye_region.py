"""What only the picture around the eyes can tell: how light it is and how sharp."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sightline.media.frames import VideoFrame

_OUTER_CANTHI: Final = (33, 263)
_SPAN_PX: Final = 64
"""From outer canthus to outer canthus in the patch: an iris is then some 8 px across, whatever the picture's size."""

_WIDTH_PX, _HEIGHT_PX = 76, 44
_LUMA: Final = np.array([0.299, 0.587, 0.114], np.float32)
"""ITU-R BT.601."""

_ROUNDING: Final = 1 / 12
"""Variance that whole grey levels add to each pixel: without it a badly blurred patch would look full of detail."""

_EYES_AT: Final = (38.0, 26.0)
"""The patch reaches from the brows to under the eyes: brows are there in a blink too."""


def light_and_sharpness(frame: VideoFrame, landmarks: NDArray[np.floating]) -> tuple[float, float]:
    """Mean luma around the eyes, 0..255, and how fine the detail is there.

    Sharpness is the size of second differences over that of first ones, each as root mean square, along the eyes or
    across them, whichever is less: the mean spatial frequency of the detail, in radians for each pixel of the patch. It
    does not depend on contrast or brightness, and a hand that shakes in one direction lowers it. Noise raises it.
    """
    patch = frame.crop(_patch_matrix(landmarks), _WIDTH_PX, _HEIGHT_PX) @ _LUMA
    return float(patch.mean()), min(_detail(patch), _detail(np.ascontiguousarray(patch.T)))


def _patch_matrix(landmarks: NDArray[np.floating]) -> NDArray[np.float64]:
    """(2, 3), from points of the patch to points of the picture."""
    (x0, y0), (x1, y1) = landmarks[_OUTER_CANTHI, :2].tolist()
    ux, uy = (x1 - x0) / _SPAN_PX, (y1 - y0) / _SPAN_PX
    x, y = _EYES_AT
    return np.array([[ux, -uy, (x0 + x1) / 2 - x * ux + y * uy], [uy, ux, (y0 + y1) / 2 - x * uy - y * ux]])


def _detail(patch: NDArray[np.float32]) -> float:
    slope = np.diff(patch)
    bend = np.diff(slope)
    rise = float(np.vdot(slope, slope)) / slope.size - 2 * _ROUNDING
    turn = float(np.vdot(bend, bend)) / bend.size - 6 * _ROUNDING
    return sqrt(max(turn, 0.0) / rise) if rise > 0 else 0.0
