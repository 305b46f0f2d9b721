"""What can be said of a saccade's peak velocity at a given frame rate, and what cannot.

The mean velocity between two samples is never above the peak, so the fastest one, less its noise, is a lower bound; a
camera that integrates over its exposure only lowers it further. Three upper bounds hold, and the least is taken:

- People make no faster saccades of this size (`FASTEST`).
- The peak is at most three times the mean velocity over what surely lies in the saccade: peak over mean is 1.6 in
  health and above 3 only in some large saccades in PSP (Garbutt et al., Ann NY Acad Sci 1004:337, 2003).
- A mean over a time h hides at most a part of the peak. Near the top a velocity profile is a parabola; for one that
  lasts D, the mean over h falls short by (h / D)^2 / 3 if the peak lies in its middle and by four times that if the
  peak lies between two samples. A peak half as wide as the saccade is allowed for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from sightline.gaze.movements.main_sequence import MainSequence

SAMPLES_NEEDED: Final = 4.0
"""A peak velocity is measured where the saccade lasts so many time bases of the velocity: by the parabola above the
value is then 2 to 8 % low."""

PEAK_OVER_MEAN: Final = 3.0

FASTEST: Final = MainSequence(750.0, 7.0, 0.0)
"""The fastest saccades that trackers of the pupil show: 100 deg/s for each degree in small ones, which the lens's
overshoot swells, and 750 deg/s in large ones. 97 % of the 372 saccades in the EyeLink recordings lie below."""

FILTER_SHARE: Final = 0.05
"""Two sound filters differ by this much in what they call the peak (Bahill, Brockenbrough & Troost, IOVS 21:116, 1981)."""

NOISE_SDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class PeakVelocity:
    """Peak velocity in deg/s: the value where it is measurable, and the bounds in any case."""

    value_deg_s: float | None
    lower_deg_s: float
    upper_deg_s: float
    note: str


def peak_velocity(
    *,
    fastest_deg_s: float,
    fastest_noise_deg_s: float,
    amplitude_deg: float,
    amplitude_noise_deg: float,
    span_s: float,
    base_s: float,
    interval_s: float,
) -> PeakVelocity:
    """Bound a peak velocity.

    Args:
        fastest_deg_s: highest velocity in the saccade's direction, over a time base of `base_s`.
        fastest_noise_deg_s: standard deviation of a velocity over `base_s`.
        amplitude_deg: size of the saccade.
        amplitude_noise_deg: its standard deviation.
        span_s: from the last sample before the saccade to the first one after it.
        base_s: time base of the velocity.
        interval_s: time between samples.
    """
    chosen = math.sqrt(2 * math.log(max(1.0, span_s / base_s)))  # by how much the highest of several is too high
    noise, slack = NOISE_SDS * fastest_noise_deg_s, NOISE_SDS * amplitude_noise_deg
    lower = max(
        (1 - FILTER_SHARE) * (fastest_deg_s - noise - chosen * fastest_noise_deg_s),
        (amplitude_deg - slack) / span_s,
        0.0,
    )
    upper = FASTEST(amplitude_deg + slack)
    surely = span_s - 2 * interval_s
    if surely > 0:
        upper = min(upper, PEAK_OVER_MEAN * (amplitude_deg + slack) / surely)
    lasting = span_s - interval_s
    measurable = lasting >= SAMPLES_NEEDED * base_s
    if measurable:
        hidden = 4 / 3 * (2 * base_s / lasting) ** 2
        upper = min(upper, (1 + FILTER_SHARE) * (fastest_deg_s + noise) / (1 - hidden))
    upper = max(upper, lower)
    rate = f"{1 / interval_s:.0f} frames a second"
    bounds = f"between {lower:.0f} and {upper:.0f} deg/s"
    if measurable:
        return PeakVelocity(fastest_deg_s, lower, upper, f"measured at {rate}: {bounds}")
    note = (
        f"not measurable at {rate}: the saccade lasts about {1000 * lasting:.0f} ms, "
        f"{1000 * SAMPLES_NEEDED * base_s:.0f} ms are needed; it lies {bounds}"
    )
    return PeakVelocity(None, lower, upper, note)
