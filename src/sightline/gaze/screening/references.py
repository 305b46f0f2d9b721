"""What is measured, what the literature says is usual, and the limits drawn from it, for every figure of a report.

Limits on the range of gaze are in *measured* degrees of the eye in the head. On 11 series of webcam pictures with known
points on a screen (irises 10 to 14 px wide, the head free) a degree of vertical gaze read 1.1 to 2.3 times as large as
a degree of horizontal gaze, in the median 1.6; on drawn faces with irises of 30 px about as large. So what is called
restricted lies far below the usual range, and what is called normal as far as the criteria ask the targets to be.
"""

from __future__ import annotations

from typing import Final

from sightline.gaze.movements.main_sequence import NORMAL_SDS, VERTICAL
from sightline.gaze.screening.values import Measure

_MDS_PSP: Final = "Hoglinger et al. 2017, Mov Disord 32:853-864"
_LEE_2019: Final = "Lee et al. 2019, Eye 33:1145-1151"
_HUAMAN_1993: Final = "Huaman & Sharpe 1993, Invest Ophthalmol Vis Sci 34:2588-2595"
_VIDEO_2022: Final = "Video-oculographic biomarkers in PSP, 2022, Parkinsonism Relat Disord 99:84-90"

# O1, range.

_USUAL_RANGE: Final = (
    "Health: 28 +- 8 degrees up and 47 +- 8 down at 5 to 91 years; 33 up and 33 down in the elderly, measured with "
    "search coils. Upward gaze declines with age."
)
_RANGE: Final = (_USUAL_RANGE, f"{_LEE_2019}; {_HUAMAN_1993}")
RANGE_UP: Final = Measure("O1", "range upward", "deg", *_RANGE)
RANGE_DOWN: Final = Measure("O1", "range downward", "deg", *_RANGE)
RANGE_VERTICAL: Final = Measure("O1", "vertical range", "deg", *_RANGE)
# A sixth of what the elderly reach. The rule that clients know asks for less still: 0.06 openings are about 3 degrees.
RESTRICTED_BELOW_DEG: Final = 5.0
# The criteria ask for targets more than 20 degrees from the primary position.
NORMAL_FROM_DEG: Final = 20.0

RANGE_HORIZONTAL: Final = Measure(
    "O1", "horizontal range", "deg", "Health: 44 +- 7 degrees to either side, at 5 to 91 years.", _LEE_2019
)
# Less than 10 degrees to a side does not show that the task was followed: nothing is then compared with it.
HORIZONTAL_FROM_DEG: Final = 20.0
HORIZONTAL_REACHED_DEG: Final = 10.0

RANGE_RATIO: Final = Measure(
    "O1",
    "vertical against horizontal range",
    "",
    "Health: about 0.85, 0.75 in the elderly. In PSP vertical gaze is limited more than horizontal gaze.",
    f"{_LEE_2019}; {_HUAMAN_1993}; {_MDS_PSP}",
)
# In health (28 + 47) / 88 = 0.85 and 66 / 88 = 0.75 in the elderly; a third of it is restricted.
RESTRICTED_RATIO: Final = 0.25
NORMAL_RATIO: Final = 0.75

# O2, saccades.

PEAK_VELOCITY: Final = Measure(
    "O2",
    "vertical peak velocity against the main sequence",
    "",
    "Health: the main sequence, for 10 degrees up or down 303 +- 50 degrees/s. In PSP slowed, vertical more than "
    "horizontal; vertical peak velocity alone finds 55 % of patients against Parkinson's disease at a specificity of "
    "99 %.",
    "Bahill, Clark & Stark 1975, Math Biosci 24:191-204; Hopf et al. 2018, PLoS ONE 13:e0204008; "
    f"{_VIDEO_2022} (51 PSP, 113 PD, 40 controls); {_MDS_PSP}",
)
NORMAL_VELOCITY_RATIO: Final = 1 - NORMAL_SDS * VERTICAL.relative_sd
# Three standard deviations of healthy people under their mean.
SLOW_VELOCITY_RATIO: Final = 1 - 3 * VERTICAL.relative_sd

AMPLITUDE_VELOCITY: Final = Measure(
    "O2",
    "vertical amplitude x peak velocity",
    "deg^2/s",
    "It separates PSP from Parkinson's disease with a sensitivity of 84 % and a specificity of 95 %, at a limit that "
    "holds for that study's task and recorder only: none is applied here.",
    _VIDEO_2022,
)

# O3, square-wave jerks and lids.

JERKS: Final = Measure(
    "O3",
    "square-wave jerks of 1 degree and more",
    "per minute",
    "Health: most under 1 degree; of 0.5 degrees and more 7 +- 11 a minute, over 9 a minute abnormal in the young. "
    "PSP: up to 3 to 4 degrees, more than 10 a minute.",
    f"{_MDS_PSP}; Abadi & Gowen 2004, Vision Res 44:2675-2690; Herishanu & Sharpe 1981, Invest Ophthalmol Vis Sci "
    "20:268-272",
)
JERKS_ABNORMAL_PER_MIN: Final = 10.0
JERK_LEAST_DEG: Final = 1.0
JERK_LARGEST_DEG: Final = 4.0

CLOSURE: Final = Measure(
    "O3",
    "longest closure of the lids",
    "s",
    "Health: 0.2 % of blinks keep the lids shut for 0.5 s or longer. 'Apraxia of eyelid opening': no voluntary opening "
    "after a closure.",
    f"Ousler et al. 2014, Clin Ophthalmol 8:869-874; {_MDS_PSP}",
)

REOPENING: Final = Measure(
    "O3",
    "median time of reopening after a blink",
    "s",
    "Health: the lids open 40 to 47 % slower than they close; a whole blink takes up to about half a second. In PSP "
    "opening is slowed.",
    "Sforza et al. 2008, Ophthalmic Physiol Opt 28:345-353; Stern, Walrath & Goldstein 1984, Psychophysiology "
    "21:22-33; Bologna et al. 2009, Brain 132:502-510",
)
REOPENING_NORMAL_S: Final = 0.5

# Blinks.

BLINK_RATE: Final = Measure(
    "blink_rate",
    "blinks",
    "per minute",
    "Health: 8 to 21 a minute in silent primary gaze, 17 at rest, 26 in conversation, 4.5 while reading. PSP 3.0, "
    "Parkinson's disease 12.5.",
    "Doughty 2001, Optom Vis Sci 78:712-725; Bentivoglio et al. 1997, Mov Disord 12:1028-1034; Golbe et al. 1989, "
    "Mov Disord 4:297-302",
)
BLINK_RATE_LOW_PER_MIN: Final = 8.0
