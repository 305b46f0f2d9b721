"""What of a crack only its own photo shows, told against the wall's texture, which both photos show.

On a rough wall a crack hardly stands out of either photo by itself. But where the photos are registered and equally
soft, the texture is the same in both and goes when one is taken from the other; what is left is what has changed, and
the grain. The matched filter is linear, so its two answers are taken from each other instead of the pixels. How much
texture is left is measured beside the crack, so that photos whose texture differs (other light, rough plaster from
another side) claim no more than they can.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.lines import CrackLines
from sightline.crack.compare.matched import MatchedFilter, blurred
from sightline.crack.compare.sampling import Floats

_LEAST_BLUR = 0.05
"""Steps: less changes nothing."""


class Difference:
    """Two straightened photos of one crack, one taken from the other.

    Args:
        mine: (n, k) the strip of the photo that the crack was found in.
        theirs: the strip of the other one.
        search: steps that the strips may be off sideways.
        softer: variance of the blur by which the other photo is softer, in steps squared; negative where it is sharper.
        contrast: of this photo against the other one.
    """

    def __init__(self, mine: Floats, theirs: Floats, search: int, softer: float, contrast: float) -> None:
        sigma = float(np.sqrt(abs(softer)))
        self._mine: NDArray[np.floating] = blurred(mine, sigma) if softer > 0 and sigma > _LEAST_BLUR else mine
        self._theirs: NDArray[np.floating] = blurred(theirs, sigma) if softer < 0 and sigma > _LEAST_BLUR else theirs
        self._search = search
        self._contrast = contrast

    def only_here(
        self, matched: MatchedFilter, lines: CrackLines, window: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The share of the crack that only its own photo shows, and one standard deviation of its noise, (n,) each.

        Args:
            matched: the crack's filter, behind the blur of the softer photo.
            lines: where the crack is.
            window: stations to either side that are taken together.
        """
        here = matched.amplitudes(self._mine, lines, window)
        there = self._contrast * matched.amplitudes(self._theirs, lines, window)
        left = here - np.roll(there, self._shift(here, there, matched.half), axis=1)
        return left[:, left.shape[1] // 2], matched.spread(left, lines, window, self._search)

    def _shift(self, here: NDArray[np.float64], there: NDArray[np.float64], half: int) -> int:
        """By how many steps the other answer must move for the wall beside the crack to be alike."""
        offsets = np.abs(np.arange(here.shape[1]) - here.shape[1] // 2)
        beside = (offsets > self._search + 2 * half) & (offsets <= offsets[0] - self._search)
        shifts = range(-self._search, self._search + 1)
        apart = [np.abs(here - np.roll(there, shift, axis=1))[:, beside] for shift in shifts]
        medians = [np.median(each[np.isfinite(each)]) if np.isfinite(each).any() else np.inf for each in apart]
        return shifts[int(np.argmin(medians))]
