"""Movements of the eyes in a series of gaze angles: saccades, fixations and square-wave jerks, one method per file."""

from sightline.gaze.movements.fixations import Fixation, detect_fixations
from sightline.gaze.movements.limits import DetectionLimits, detection_limits
from sightline.gaze.movements.saccades import Saccade, detect_saccades
from sightline.gaze.movements.square_wave_jerks import (
    SquareWaveJerk,
    detect_square_wave_jerks,
)

__all__ = [
    "DetectionLimits",
    "Fixation",
    "Saccade",
    "SquareWaveJerk",
    "detect_fixations",
    "detect_saccades",
    "detect_square_wave_jerks",
    "detection_limits",
]
