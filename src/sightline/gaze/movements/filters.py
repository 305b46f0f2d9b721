"""Smoothing that fits the frame rate, for curves that people look at and for ranges.

Saccades are looked for in the gaze as it is: their detector averages by itself as far as the noise asks for. What is
shown is freed of spikes of one frame, and smoothed only where a filter is short against a saccade. The smoother is a
quadratic through the samples about each one (Savitzky & Golay, Anal Chem 36:1627, 1964), fitted to their actual times:
frames that come late do not bend it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sightline.gaze.movements.series import interval_s, stretches
from sightline.gaze.movements.velocity import spread

Floats = NDArray[np.float64]

WINDOW_S: Final = 0.02
"""A quadratic over 20 ms keeps what is below some 55 Hz, which a saccade's velocity needs; a longer one blunts the peak
(Nystrom & Holmqvist, Behav Res Methods 42:188, 2010, use the same)."""

FEWEST_SAMPLES: Final = 5
"""A quadratic through three samples smooths nothing, and through four hardly anything."""

SPIKE_SDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Smoothing:
    """How a series is smoothed: over `samples` samples (1: not at all), and that in words for the report."""

    samples: int
    words: str


def smoothing_for(time_s: Floats) -> Smoothing:
    """The smoothing that fits the frame rate of rising times (n,)."""
    every = interval_s(time_s)
    if not every > 0:
        return Smoothing(1, "gaze: no smoothing, there are too few frames")
    rate = f"{1 / every:.0f} frames/s"
    spikes = "spikes of one frame replaced by the median of three"
    samples = 2 * round(WINDOW_S / every / 2) + 1
    if samples < FEWEST_SAMPLES:
        return Smoothing(1, f"gaze: {spikes}; no smoothing at {rate}, it would blunt saccades")
    return Smoothing(
        samples, f"gaze: {spikes}; quadratic (Savitzky-Golay) over {1000 * WINDOW_S:.0f} ms, {samples} frames at {rate}"
    )


def smooth(time_s: Floats, values: Floats) -> Floats:
    """A column (n,) without spikes and smoothed as `smoothing_for` says; gaps (NaN) stay as they are."""
    samples = smoothing_for(time_s).samples
    result = np.array(values, np.float64)
    for run in stretches(time_s, result[:, None]):
        part = without_spikes(result[run])
        result[run] = local_quadratic(time_s[run], part, samples) if len(part) >= samples > 1 else part
    return result


def without_spikes(values: Floats) -> Floats:
    """Samples (k,) that stand out alone, by `SPIKE_SDS` of the noise, replaced by the median with their neighbours."""
    if len(values) < 3:
        return values
    middle = values.copy()
    middle[1:-1] = np.median(np.stack([values[:-2], values[1:-1], values[2:]]), axis=0)
    noise = spread(np.diff(values)[:, None])[0] / np.sqrt(2)
    return np.where(np.abs(values - middle) > SPIKE_SDS * noise, middle, values)


def local_quadratic(time_s: Floats, values: Floats, samples: int) -> Floats:
    """Least-squares quadratic through the `samples` (odd) samples about each one, at its time.

    At the ends, through the first or last `samples` ones. With equal steps this is the Savitzky-Golay filter.

    Args:
        time_s: (k,) rising, k >= samples.
        values: (k,) finite.
        samples: 3 or more, odd.
    """
    count = len(values)
    first = np.clip(np.arange(count) - samples // 2, 0, count - samples)
    window = first[:, None] + np.arange(samples)
    since = (time_s[window] - time_s[:, None]) / (time_s[window[:, -1]] - time_s[window[:, 0]])[:, None]
    powers = since[:, :, None] ** np.arange(3)
    normal = powers.transpose(0, 2, 1) @ powers
    moments = powers.transpose(0, 2, 1) @ values[window][:, :, None]
    return np.asarray(np.linalg.solve(normal, moments)[:, 0, 0])
