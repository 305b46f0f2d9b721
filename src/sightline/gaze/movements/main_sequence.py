"""The main sequence: how fast a healthy saccade of a given size is, and how long it lasts.

Peak velocity follows `V (1 - exp(-A / c))` (Bahill, Clark & Stark, Math Biosci 24:191, 1975; in this form Baloh et al.,
Neurology 25:1065, 1975). V and c are our least-squares fit to the means that Hopf et al. (PLoS ONE 13(9):e0204008,
2018) measured with a camera at 220 Hz on 100 healthy people of 6 to 76 years:

    horizontal  5 deg: 213 +- 29 deg/s   15 deg: 352 +- 50   30 deg: 455 +- 67     (the fit: 196, 373, 445)
    vertical    5 deg: 208 +- 36         10 deg: 303 +- 50   20 deg: 391 +- 71     (the fit: 204, 308, 389)

They found no change with age. Infrared systems and search coils differ from these by some 10 %, and so do filters
(Bahill, Brockenbrough & Troost, IOVS 21:116, 1981): the figures judge what is far from normal, not what is near. Below
5 deg the curve is drawn on without data; trackers of the pupil show small saccades there that are twice as fast.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple


class MainSequence(NamedTuple):
    """Saturation and constant of the curve, and the spread between people as a part of its value."""

    saturation_deg_s: float
    constant_deg: float
    relative_sd: float

    def __call__(self, amplitude_deg: float) -> float:
        return self.saturation_deg_s * -math.expm1(-abs(amplitude_deg) / self.constant_deg)


HORIZONTAL: Final = MainSequence(462.0, 9.07, 0.143)
VERTICAL: Final = MainSequence(418.0, 7.49, 0.174)

NORMAL_SDS: Final = 2.0
"""The normal range is the mean and two standard deviations to either side: 95 % of healthy people."""

BASE_DURATION_S: Final = 0.021
DURATION_PER_DEG_S: Final = 0.0022
"""A saccade lasts 21 ms and 2.2 ms for each degree (Carpenter, Movements of the Eyes, 2nd ed., 1988)."""


def expected_peak_velocity_deg_s(amplitude_deg: float, *, vertical: bool = False) -> float:
    """Mean peak velocity of healthy people for a saccade of `amplitude_deg` (its sign does not count)."""
    return (VERTICAL if vertical else HORIZONTAL)(amplitude_deg)


def expected_duration_s(amplitude_deg: float) -> float:
    """Mean duration of a healthy saccade of `amplitude_deg` (its sign does not count)."""
    return BASE_DURATION_S + DURATION_PER_DEG_S * abs(amplitude_deg)
