"""How sure it is that a followed face is a human one, whose landmarks lie where they are said to lie.

Landmark nets see a face in a cartoon and in a rendered eyeball. Three things tell these from people: the landmark
net's own doubt, the detector's (it looks at the whole picture and was trained on other examples), and the size of the
irises. Human irises differ by 4 % (Rufer, Schroder and Erb, Cornea 24, 2005), and faces by about as much.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

IRIS_CM: Final = 1.17
"""Diameter of the iris on the canonical face; also the median of 50 clips, which reach from 1.10 to 1.20."""

_WITHIN: Final = 0.08
_FALLS_OVER: Final = 0.06
"""The logarithm of that size may be off by so much, and beyond it is less and less likely, on a normal curve of this
width: a clip of a cartoon has 1.63 cm, one of a rendered eyeball 1.03."""

_SCORE_FROM, _SCORE_TO = 0.5, 0.65
"""The detector reports nothing under the first; on real faces it says 0.71 or more, on the eyeball 0.57 as a rule."""


def certainty(presence: Floats, score: Floats, iris_cm: float) -> Floats:
    """0..1 for each frame, NaN without a face.

    The size of the irises is the person's and so the clip's; the detector's doubt counts at its largest of the frame's
    and the clip's median: a face that is doubtful most of the time is so when it looks better.

    Args:
        presence: (n,) what the landmark net says, 0..1, NaN without a face.
        score: (n,) what the detector said when it last looked, 0..1.
        iris_cm: diameter of the open eyes' irises on the canonical face, the clip's median.
    """
    excess = max(0.0, abs(float(np.log(iris_cm / IRIS_CM))) - _WITHIN) / _FALLS_OVER
    typical = np.median(score[np.isfinite(score)]) if np.isfinite(score).any() else np.nan
    seen = ((np.minimum(score, typical) - _SCORE_FROM) / (_SCORE_TO - _SCORE_FROM)).clip(0, 1)
    return np.asarray(presence * seen * np.exp(-(excess**2) / 2))
