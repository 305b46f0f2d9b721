"""What a recording says about the eye signs of progressive supranuclear palsy: a screening aid, no diagnosis."""

from sightline.gaze.screening.protocol import Target, parse_protocol
from sightline.gaze.screening.statement import screen
from sightline.gaze.screening.values import DISCLAIMER, Evidence, Screening, TargetResponse

__all__ = ["DISCLAIMER", "Evidence", "Screening", "Target", "TargetResponse", "parse_protocol", "screen"]
