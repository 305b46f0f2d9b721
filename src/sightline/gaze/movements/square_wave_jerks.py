"""Square-wave jerks: a small horizontal saccade away from where one looks, and soon after another one back.

Jerks are 0.5 to 5 deg, and the eye stays away for about 200 ms (Herishanu & Sharpe, IOVS 20:268, 1981; Leigh & Zee, The
Neurology of Eye Movements, 5th ed.). That the two saccades are opposite, alike in size and horizontal is how
Otero-Millan et al. (J Neurosci 31:4379, 2011) tell them objectively; in PSP they are larger and more nearly horizontal
than in health. Whether their rate means anything depends on what the series lets one see: see
`limits.detection_limits`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sightline.gaze.movements.saccades import Saccade

SMALLEST_JERK_DEG: Final = 0.3
LARGEST_JERK_DEG: Final = 5.0
"""Below lie microsaccades, above macro square-wave jerks and looks to the side."""

SHORTEST_AWAY_S: Final = 0.05
LONGEST_AWAY_S: Final = 0.4
"""Time between the two saccades. A look to the side and back takes longer than twice a saccade's latency, 0.4 s."""

LEAST_ALIKE: Final = 0.5
"""The smaller of the two is at least this part of the larger one."""

HORIZONTAL_DEG: Final = 30.0
"""Each of the two is at most so far from horizontal; the noise of a webcam turns a jerk of 1 deg by up to this."""


@dataclass(frozen=True, slots=True)
class SquareWaveJerk:
    """One jerk: from the onset of the saccade away to the offset of the saccade back; `away_s` lies between the two.

    `amplitude_deg` is the mean of both, `to_right` tells that the first went to the right of the picture.
    """

    onset_s: float
    offset_s: float
    duration_s: float
    away_s: float
    amplitude_deg: float
    to_right: bool


def detect_square_wave_jerks(saccades: Sequence[Saccade]) -> tuple[SquareWaveJerk, ...]:
    """The jerks among saccades that come in order of time; no saccade belongs to two jerks, and none spans a gap."""
    jerks: list[SquareWaveJerk] = []
    number = 0
    while number + 1 < len(saccades):
        away, back = saccades[number], saccades[number + 1]
        if _is_jerk(away, back):
            jerks.append(
                SquareWaveJerk(
                    onset_s=away.onset_s,
                    offset_s=back.offset_s,
                    duration_s=back.offset_s - away.onset_s,
                    away_s=back.onset_s - away.offset_s,
                    amplitude_deg=(away.amplitude_deg + back.amplitude_deg) / 2,
                    to_right=away.horizontal_deg > 0,
                )
            )
            number += 1
        number += 1
    return tuple(jerks)


def _is_jerk(away: Saccade, back: Saccade) -> bool:
    small, large = sorted((away.amplitude_deg, back.amplitude_deg))
    return (
        away.stretch == back.stretch
        and SHORTEST_AWAY_S <= back.onset_s - away.offset_s <= LONGEST_AWAY_S
        and SMALLEST_JERK_DEG <= small <= large <= LARGEST_JERK_DEG
        and small >= LEAST_ALIKE * large
        and away.horizontal_deg * back.horizontal_deg < 0
        and _is_horizontal(away)
        and _is_horizontal(back)
    )


def _is_horizontal(saccade: Saccade) -> bool:
    return abs(saccade.vertical_deg) <= math.tan(math.radians(HORIZONTAL_DEG)) * abs(saccade.horizontal_deg)
