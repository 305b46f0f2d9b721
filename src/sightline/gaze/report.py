"""What an analysis of a video says: plain, frozen values; what clients read is made from them in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sightline.gaze.blinks import Blink, blink_rate_per_min, closed_share, observed_s
from sightline.gaze.csv import csv_text
from sightline.gaze.face.nets import ModelInfo
from sightline.gaze.frames import Frames
from sightline.gaze.gates import QualityNote
from sightline.gaze.movements import Fixation, Saccade, SquareWaveJerk
from sightline.gaze.plain import json_ready
from sightline.gaze.screening import DISCLAIMER, Screening
from sightline.gaze.vertical import VerticalGaze

if TYPE_CHECKING:
    from sightline.media.video import VideoMeta

BlinkRule = Literal["personal_baseline", "fixed_threshold"]


@dataclass(frozen=True, slots=True, eq=False)
class GazeReport:
    """What was seen in one video.

    Attributes:
        meta: the video as its container describes it.
        frames: what was measured, a row for each frame that was looked at.
        blinks, saccades, fixations, square_wave_jerks: events in order of time.
        blink_rule: which rule counted the blinks.
        vertical: range of gaze.
        screening: what all this says about progressive supranuclear palsy.
        quality: why the video supports an answer less than it should; empty where it does.
        filters: what was done to the signals before events were looked for, in words.
        warnings: what was wrong with the file.
        model: which landmark model spoke.
    """

    meta: VideoMeta
    frames: Frames
    blinks: tuple[Blink, ...]
    blink_rule: BlinkRule
    saccades: tuple[Saccade, ...]
    fixations: tuple[Fixation, ...]
    square_wave_jerks: tuple[SquareWaveJerk, ...]
    vertical: VerticalGaze
    screening: Screening
    quality: tuple[QualityNote, ...]
    filters: tuple[str, ...]
    warnings: tuple[str, ...]
    model: ModelInfo

    @property
    def blink_count(self) -> int:
        """Blinks of at least one eye; partial ones and long closures are counted beside it."""
        return sum(blink.kind == "blink" for blink in self.blinks)

    @property
    def summary(self) -> dict[str, Any]:
        """The figures that existing clients read, by their names, and the main ones of ours; JSON-ready."""
        frames, vertical = self.frames, self.vertical
        observed_for_s = observed_s(frames.time_s, frames.usable)
        document = {
            "frames_processed": len(frames),
            "psp_suspected": self.screening.psp_suspected,
            "psp_rule_reason": self.screening.psp_rule_reason,
            "blink_count": self.blink_count,
            "blink_rate_per_min": blink_rate_per_min(self.blinks, observed_for_s),
            # Clients read numbers here: where nothing was seen there was no movement either, and the verdict says why.
            "vertical_peak_to_peak": vertical.peak_to_peak or 0.0,
            "vertical_offset_std": vertical.offset_std or 0.0,
            "fps": self.meta.fps,
            "duration_sec_est": self.meta.duration_s,
            "video_meta": self.meta_dict(),
            "verdict": self.screening.verdict,
            "frames_with_face": int(frames.detected.sum()),
            "usable_share": float(np.mean(frames.usable)) if len(frames) else 0.0,
            "blink_rule": self.blink_rule,
            "partial_blink_count": sum(blink.kind == "partial_blink" for blink in self.blinks),
            "long_closure_count": sum(blink.kind == "long_closure" for blink in self.blinks),
            "closed_share": closed_share(self.blinks, observed_for_s),
            "saccade_count": len(self.saccades),
            "square_wave_jerk_count": len(self.square_wave_jerks),
            "vertical_range_deg": vertical.vertical_range_deg,
            "horizontal_range_deg": vertical.horizontal_range_deg,
            "disclaimer": DISCLAIMER,
        }
        ready: dict[str, Any] = json_ready(document)
        return ready

    def meta_dict(self) -> dict[str, Any]:
        """The video's own description, without the time of every frame."""
        meta = self.meta
        return {
            "width_px": meta.width_px,
            "height_px": meta.height_px,
            "rotation_deg": meta.rotation_deg,
            "frame_count": meta.frame_count,
            "fps": meta.fps,
            "duration_s": meta.duration_s,
            "variable_frame_rate": meta.variable_frame_rate,
            "container": meta.container,
            "codec": meta.codec,
        }

    def to_csv(self) -> str:
        """A row for each frame: the columns that existing clients know, then ours. What was not seen is empty."""
        return csv_text(self.frames)

    def to_dict(self) -> dict[str, Any]:
        """Everything but the frames' columns (`to_csv`), JSON-ready."""
        return {
            "summary": self.summary,
            "blinks": json_ready(self.blinks),
            "saccades": json_ready(self.saccades),
            "fixations": json_ready(self.fixations),
            "square_wave_jerks": json_ready(self.square_wave_jerks),
            "vertical": json_ready(self.vertical),
            "screening": self.screening.to_dict(),
            "quality": json_ready(self.quality),
            "filters": list(self.filters),
            "warnings": list(self.warnings),
            "model": json_ready(self.model),
            "disclaimer": DISCLAIMER,
        }
