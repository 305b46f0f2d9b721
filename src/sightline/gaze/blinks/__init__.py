"""Blinks: where they are in the series of the lids' openings, how long and how complete, and what they hide."""

from sightline.gaze.blinks.blink import Blink, BlinkKind, Eyes
from sightline.gaze.blinks.detection import detect_blinks
from sightline.gaze.blinks.fixed_rule import fixed_rule_blinks
from sightline.gaze.blinks.mask import blink_mask
from sightline.gaze.blinks.rate import blink_rate_per_min, closed_share, observed_s

__all__ = [
    "Blink",
    "BlinkKind",
    "Eyes",
    "blink_mask",
    "blink_rate_per_min",
    "closed_share",
    "detect_blinks",
    "fixed_rule_blinks",
    "observed_s",
]
