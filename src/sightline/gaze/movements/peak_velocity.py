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
from typing import Final, NamedTuple

from sightline.gaze.movements.main_sequence import MainSequence

SAMPLES_NEEDED: Final = 4.0
"""A peak velocity is measured where the saccade lasts so many time bases of the velocity: by the parabola above the
value is then 2 to 8 % low."""

PEAK_OVER_MEAN: Final = 3.0

FASTEST: Final = MainSequence(750.0, 7.0, 0.0)
"""The fastest saccades that trackers of the pupil show: 100 deg/s for each degree in small ones, which the lens's
overshoot swells, and 750 deg/s in large ones. With `OVERSHOOT_DEG`, 96 % of 372 saccades in the EyeLink recordings lie
below."""

OVERSHOOT_DEG: Final = 0.5
"""A saccade may have gone so far beyond where the gaze settles 0.1 s later."""

FILTER_SHARE: Final = 0.05
"""Two sound filters differ by this much in what they call the peak (see Bahill, Brockenbrough & Troost, IOVS 21:116,
1981)."""

NOISE_SDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class PeakVelocity:
    """Peak velocity in deg/s: the value where it is measurable, and the bounds in any case."""

    value_deg_s: float | None
    lower_deg_s: float
    upper_deg_s: float
    note: str


class Measured(NamedTuple):
    """A quantity and the standard deviation of its noise."""

    value: float
    noise: float


def peak_velocity(
    *,
    fastest: Measured,
    amplitude: Measured,
    travel: Measured,
    span_s: float,
    clear_s: float,
    base_s: float,
    interval_s: float,
) -> PeakVelocity:
    """Bound a peak velocity.

    Args:
        fastest: deg/s, highest velocity in the saccade's direction over a time base of `base_s`; with the noise of any.
        amplitude: deg, between the levels before and after the saccade.
        travel: deg, from the last sample before the saccade to the first one after it, in its direction.
        span_s: time between these two samples.
        clear_s: the part of it from the first to the last interval whose velocity is clear of the noise.
        base_s: time base of the velocity.
        interval_s: time between samples.
    """
    chosen = math.sqrt(2 * math.log(max(1.0, span_s / base_s)))  # by how much the highest of several is too high
    noise, largest = NOISE_SDS * fastest.noise, amplitude.value + NOISE_SDS * amplitude.noise
    lower = max(
        (1 - FILTER_SHARE) * (fastest.value - noise - chosen * fastest.noise),
        (travel.value - NOISE_SDS * travel.noise) / span_s,
        0.0,
    )
    upper = FASTEST(largest + OVERSHOOT_DEG)
    surely = clear_s - 2 * interval_s
    if surely > 0:
        upper = min(upper, PEAK_OVER_MEAN * largest / surely)
    lasting = clear_s - interval_s
    measurable = lasting >= SAMPLES_NEEDED * base_s
    if measurable:
        hidden = 4 / 3 * (2 * base_s / lasting) ** 2
        upper = min(upper, (1 + FILTER_SHARE) * (fastest.value + noise) / (1 - hidden))
    upper = max(upper, lower)
    rate = f"{1 / interval_s:.0f} frames a second"
    bounds = f"between {lower:.0f} and {upper:.0f} deg/s"
    if measurable:
        return PeakVelocity(fastest.value, lower, upper, f"measured at {rate}: {bounds}")
    note = (
        f"not measurable at {rate}: the saccade lasts at most {1000 * span_s:.0f} ms, "
        f"{1000 * (SAMPLES_NEEDED * base_s + interval_s):.0f} ms are needed; it lies {bounds}"
    )
    return PeakVelocity(None, lower, upper, note)
