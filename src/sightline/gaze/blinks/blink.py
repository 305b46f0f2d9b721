"""What is said about one closure of the lids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BlinkKind = Literal["blink", "partial_blink", "long_closure"]
Eyes = Literal["both", "left", "right"]


@dataclass(frozen=True, slots=True)
class Blink:
    """A closure of one eye or of both.

    Onset and offset are the moments at which a fifth of the way down is gone and at which a fifth is left on the way
    back, between the frames by straight lines: so they do not hang on the frame rate, nor on the slow end of a
    reopening.

    Attributes:
        onset_s, closed_s, offset_s: when it began, was lowest, and was over, on the axis of the frames' times.
        duration_s: from onset to offset.
        closing_s, reopening_s: from the onset until four fifths of the way down, and from there to the offset.
        completeness: 0..1, the way that the lids went against a full closure of this person in this clip.
        eyes: which of them took part, the person's own left or right.
        kind: "blink"; "partial_blink", less than half of a full closure; "long_closure", a second or more.
        first_frame, last_frame: rows of the series, both included, in which the lids were between onset and offset.
        truncated: the clip's edge or a gap cuts it, so that its times and completeness are bounds.
    """

    onset_s: float
    closed_s: float
    offset_s: float
    duration_s: float
    closing_s: float
    reopening_s: float
    completeness: float
    eyes: Eyes
    kind: BlinkKind
    first_frame: int
    last_frame: int
    truncated: bool
