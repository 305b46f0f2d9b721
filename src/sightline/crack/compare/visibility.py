"""Does the other photo show this crack? Told for every stretch: visible, not there, or it could not have been seen.

The photo that the crack was found in says what it looks like: its profile, the darkness across it. Blurred as the other
photo is softer, this is what the other photo should show at the mapped place. How much of it is there is the amplitude
of that profile in the other photo (a matched filter): about 1 where the crack is as it was, about 0 where it is not.
The same filter, moved sideways off the crack, tells what noise and texture of the wall make of it: only where a crack
would stand out of those is a missing one said to be missing. On a rough wall hardly any would; there the difference of
both photos, in which the texture they share is gone, has the last word (`difference`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.appearance import (
    MOST_LIGHT,
    PROFILE_OVER,
    WINDOW,
    darkness,
    light_beside,
    likeness_within,
    ridge_share,
    roughness,
)
from sightline.crack.compare.difference import Difference
from sightline.crack.compare.lines import CrackLines
from sightline.crack.compare.matched import FREE, MatchedFilter
from sightline.crack.compare.sampling import Floats
from sightline.crack.compare.strips import View, along

OUTSIDE, DOUBTFUL, VISIBLE, ABSENT = range(4)
"""What the other photo says of a station."""

Amounts = NDArray[np.float64]
"""One for each station, (n,)."""

Answer = tuple[NDArray[np.intp], Amounts, Amounts]
"""Status, amplitude and noise of every station, (n,) each."""

_WINDOWS = (WINDOW, 4 * WINDOW)
"""Stations to either side; the longer window is asked where the shorter one cannot tell: a faint crack needs it."""

# Amplitudes and their multiples of the noise. Where nothing had changed, nine amplitudes in ten were over 0.7; where a
# crack was not there before, nine in ten were under 0.25. Noise is not normal: a wall's streaks reach four of its
# standard deviations now and then.
_SEEN, _SEEN_SIGMAS = 0.35, 4.0
"""At least this much of a crack is a crack that is there."""

_TRACE, _TRACE_SIGMAS = 0.12, 7.0
"""Less of it is too where it is beyond doubt: it was a third as wide then."""

_MISSED, _MISSED_SIGMAS = 0.25, 4.0
"""Less than this is no crack, if it does not stand out of the noise either."""

_RESOLVED_SIGMAS = 5.0
"""Only where all of the crack would stand out of the noise by this much may it be called missing."""

_MOST_BLUR = 8.0
"""Steps: behind more of it nothing that a model calls a crack is left."""

_LEAST_LEVELS = 2.0
"""Grey levels of luma that the crack should make: a JPEG of 8 bits keeps no fewer, and shows no noise then either."""

_UNLIKE, _UNLIKE_MISSED = 0.4, 0.45
"""Where both photos are less alike than this within the dark, what the other one shows there is not this crack; then
even this much of an amplitude is none of its."""


# The share of a crack that only its own photo shows. Where it was new nine in ten were over 0.6, and its profile was
# unlike the other photo's (correlations under 0.5); where nothing had changed nine in ten were under 0.2. A crack too
# fine for the other photo is missing there too, but what is left of it is alike.
_GONE, _GONE_LIKENESS = 0.65, 0.55
_GONE_UNLIKE = 0.4
"""Where both photos are unlike each other, so much will do."""

_SHARED = 0.35
"""With less of it only in its own photo a crack is in both."""

_GONE_NOISE, _SHARED_NOISE, _GONE_SIGMAS = 0.2, 0.12, 5.0
"""Of the difference, at most, and how far above it what is gone must lie."""


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What the other photo shows of a crack, station by station.

    Attributes:
        status: (n,) OUTSIDE, DOUBTFUL, VISIBLE or ABSENT.
        amplitude: (n,) how much of the crack is there.
        noise: (n,) one standard deviation of what the amplitude is where there is no crack.
        own_noise: (n,) the same in the photo that the crack was found in, where the amplitude is 1.
        ridge: (n,) 1 where the crack is darker than both its sides, 0 where it is the edge of a shade.
        likeness: (n,) correlation of what both photos show within the dark: over 0.85 where both show the same, under
            0.4 where they do not.
        texture: (n,) the same of the texture alone, without the profile.
        light: (n,) luma of the wall beside the crack in the other photo.
        roughness: (n,) how much rougher the wall is beside the crack in the other photo than in its own.
        dark, dark_there: (n,) how much light the crack takes, in this photo and in the other: its depth as a share of
            the wall's luma, summed across it, in steps. Blur does not change it; NaN where it lies partly outside, or
            the wall is so bright that the photo cuts it off.
    """

    status: NDArray[np.intp]
    amplitude: NDArray[np.float64]
    noise: NDArray[np.float64]
    own_noise: NDArray[np.float64]
    ridge: NDArray[np.float64]
    likeness: NDArray[np.float64]
    texture: NDArray[np.float64]
    light: NDArray[np.float64]
    roughness: NDArray[np.float64]
    dark: NDArray[np.float64]
    dark_there: NDArray[np.float64]


def look(
    lines: CrackLines, own: View, other: View, *, error_px: float, softer_px2: float | None, contrast: float = 1.0
) -> Sight:
    """Look at a crack's place in the other photo.

    Args:
        lines: where the crack is in its own photo.
        own: the photo that it was found in.
        other: the photo to look at.
        error_px: how far off the mapped place may be (one standard deviation), in pixels of the own photo.
        softer_px2: variance of the blur by which the other photo is softer, in pixels of the own photo squared;
            negative where it is sharper, None where that is not known.
        contrast: of the own photo against the other one.
    """
    half = int(np.clip(np.ceil(np.quantile(lines.widths, 0.9) / lines.step * 0.65), 1, 6)) + 2
    search = int(np.ceil((2.5 * error_px + 0.5) / lines.step)) + 1
    softer = 0.0 if softer_px2 is None else softer_px2 / lines.step**2
    blurs = _blurs(float(np.sqrt(max(softer, 0.0))), other.scale, known=softer_px2 is not None)
    reach = search + 3 * (half + int(np.ceil(1.5 * max(blurs)))) + FREE  # the widest filter, clear of the crack
    mine, theirs = own.strip(lines, reach), other.strip(lines, reach)
    profile = -along(np.nan_to_num(mine), lines, PROFILE_OVER)
    slack = max(1, int(np.ceil(2 * error_px / lines.step)))
    likeness = likeness_within(mine, theirs, lines, slack=slack, texture_only=False)
    filters = [MatchedFilter.of(profile, blur, half) for blur in blurs]
    answer = _statuses(filters, theirs, lines, search, likeness)
    if softer_px2 is not None:
        difference = Difference(mine, theirs, search, softer, contrast)
        for window in _WINDOWS:
            _compared(answer, difference.only_here(filters[0], lines, window), likeness)
    status, amplitude, noise = answer
    light = light_beside(theirs, half)
    status[(status == ABSENT) & ((light > MOST_LIGHT) | (filters[-1].depth(lines, WINDOW) * light < _LEAST_LEVELS))] = (
        DOUBTFUL
    )
    middle = slice(reach - search - half, reach + search + half + 1)
    status[~np.isfinite(theirs[:, middle]).all(axis=1)] = OUTSIDE
    return Sight(
        status=status,
        amplitude=amplitude,
        noise=noise,
        own_noise=MatchedFilter.of(profile, 0.0, half).noise(mine, lines, WINDOW, search),
        ridge=ridge_share(profile, lines, half),
        likeness=likeness,
        texture=likeness_within(mine, theirs, lines, slack=slack, texture_only=True),
        light=light,
        roughness=roughness(theirs, lines) / np.maximum(roughness(mine, lines), 1e-4),
        dark=darkness(mine, half),
        dark_there=darkness(theirs, half + int(np.ceil(blurs[0])) + search // 2),
    )


def _blurs(softer: float, scale: float, *, known: bool) -> tuple[float, ...]:
    """The blurs, in steps, with which the crack is looked for: the measured one and what it may be beyond that.

    Where it was not measured, a photo may be as soft as its own pixels and lens allow.
    """
    pixel = 1 / min(1.0, scale)
    blurs = (softer, 1.4 * softer + 0.8) if known else (0.0, 1.2 * pixel, 3.0 * pixel)
    return tuple(min(blur, _MOST_BLUR) for blur in blurs)


def _statuses(filters: list[MatchedFilter], strip: Floats, lines: CrackLines, search: int, likeness: Amounts) -> Answer:
    """Status, amplitude and noise, (n,) each, of the window that could tell."""
    status = np.full(len(lines), DOUBTFUL)
    amplitude, noise = np.zeros(len(lines)), np.full(len(lines), np.inf)
    for window in _WINDOWS:
        found = [one.found(strip, lines, window, search) for one in filters]
        amplitudes, noises = (np.stack(part) for part in zip(*found, strict=True))
        untold = status == DOUBTFUL
        amplitude[untold], noise[untold] = amplitudes.max(axis=0)[untold], noises.max(axis=0)[untold]
        status[untold] = _told(amplitudes, noises, likeness)[untold]
    return status, amplitude, noise


def _compared(answer: Answer, only_here: tuple[Amounts, Amounts], likeness: Amounts) -> None:
    """Overrule an answer where the difference of the photos is beyond doubt."""
    status, amplitude, noise = answer
    gone, spread = only_here
    unlike = (gone > _GONE) & (likeness < _GONE_LIKENESS) | (gone > _GONE_UNLIKE) & (likeness < _UNLIKE)
    absent = unlike & (gone > _GONE_SIGMAS * spread) & (spread < _GONE_NOISE)
    shared = (np.abs(gone) < _SHARED) & (spread < _SHARED_NOISE) & (likeness > _UNLIKE) & (status != VISIBLE)
    status[absent], status[shared] = ABSENT, VISIBLE
    told = absent | shared
    amplitude[told], noise[told] = 1 - gone[told], spread[told]


def _told(amplitudes: NDArray[np.float64], noises: NDArray[np.float64], likeness: Amounts) -> NDArray[np.intp]:
    """The status that amplitudes and noises (blurs, n) speak for: a crack is missing only if it is with every blur.

    Something dark of another shape than the crack's is neither: a streak or a joint that happens to lie there.
    """
    sigmas = amplitudes / noises
    visible = (amplitudes > _SEEN) & (sigmas > _SEEN_SIGMAS) | (amplitudes > _TRACE) & (sigmas > _TRACE_SIGMAS)
    resolved = noises < 1 / _RESOLVED_SIGMAS
    missing = (amplitudes < _MISSED) & (sigmas < _MISSED_SIGMAS) & resolved
    missing |= (amplitudes < _UNLIKE_MISSED) & resolved & (likeness < _UNLIKE)
    strange = resolved.all(axis=0) & (likeness < _UNLIKE)
    seen = visible.any(axis=0) & ~strange
    return np.where(seen, VISIBLE, np.where(missing.all(axis=0), ABSENT, DOUBTFUL))
