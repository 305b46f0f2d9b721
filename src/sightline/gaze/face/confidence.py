"""How sure it is that what is followed is a real face."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

_IRISES: Final = [468, 469, 471, 473, 474, 476]
"""Centre and the ends of the horizontal diameter, of the person's right and left iris."""

_SCORES: Final = (0.5, 0.7)
"""Detector scores of no and of full trust: a rendered eyeball reaches 0.55 (median), real faces 0.87 and more, and
0.75 where the picture cuts forehead and chin off."""

_PUPILS_OVER_IRIS: Final = (4.1, 4.6)
"""Distance of the pupils over the iris's diameter, of no and of full trust. In adults the pupils are 63.4 mm apart (SD
3.8, Dodgson 2004) and an iris measures 11.7 mm (SD 0.4, Rufer 2005), so that under 4.5 lies about one in a hundred;
the 28 people measured here are at 4.7 to 5.9, drawn faces, whose eyes are larger, lower (4.3)."""


def confidence(landmarks_px: NDArray[np.floating], presence: float, score: float) -> float:
    """0 to 1: the landmark net's word for it, weighed by the detector's and by whether the eyes are a human's.

    The landmark net alone is sure of a drawn face, and of a rendered eyeball half the time.

    Args:
        landmarks_px: (478, 3).
        presence: 0 to 1, from the landmark net.
        score: 0 to 1, from the detector.
    """
    return presence * _ramp(score, *_SCORES) * _ramp(pupils_over_iris(landmarks_px), *_PUPILS_OVER_IRIS)


def pupils_over_iris(landmarks_px: NDArray[np.floating]) -> float:
    """How many iris diameters the pupils are apart; depth counts in, so that it holds for a turned head too."""
    points = landmarks_px[_IRISES].tolist()  # plain floats: NumPy's calls would take longer than the arithmetic
    (right, *right_ends), (left, *left_ends) = points[:3], points[3:]
    diameters = sum(math.dist(start[:2], end[:2]) for start, end in (right_ends, left_ends))
    return 2 * math.dist(right, left) / max(diameters, 1e-6)


def _ramp(value: float, none: float, full: float) -> float:
    return min(max((value - none) / (full - none), 0.0), 1.0)
