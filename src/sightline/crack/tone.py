"""From the values of a photo to light.

Cameras store about the root of the light (sRGB, IEC 61966-2-1), but a lens blurs the light itself: measured in stored
values, every dark line is too narrow. A picture that a program has blurred or reduced was often blurred in its values.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

_CODED = np.arange(256) / 255
_SRGB = np.where(_CODED <= 0.04045, _CODED / 12.92, ((_CODED + 0.055) / 1.055) ** 2.4)


@cache
def light_of(share: float) -> NDArray[np.float32]:
    """(256,), rising from 0 to 1: the light of each value of a photo.

    Args:
        share: 1 where values follow sRGB, 0 where they are what was blurred, in between for something in between.
    """
    table: NDArray[np.float32] = ((1 - share) * _CODED + share * _SRGB).astype(np.float32)
    table.flags.writeable = False
    return table


def middle_of_values(light: NDArray[np.float64], shade: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much of the step from a shade to a light has risen where its sRGB values are half risen.

    Args:
        light: of any shape, 0 to 1.
        shade: of the same; where both are alike it is half.
    """
    low, high = np.interp(shade, _SRGB, _CODED), np.interp(light, _SRGB, _CODED)
    middle = np.interp((low + high) / 2, _CODED, _SRGB)
    risen: NDArray[np.float64] = (middle - shade + 1e-6) / (light - shade + 2e-6)
    return risen
