"""A report with everything in it that a figure shows, drawn without a picture."""

from __future__ import annotations

from dataclasses import fields, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from sightline.gaze.frames import Frames
from tests.gaze.screening.clips import PROTOCOL, Blink, Model, Note, Saccade, Vertical, following, screened

if TYPE_CHECKING:
    from sightline.gaze.report import GazeReport


def _lids(frames: Frames, blinks: list[Blink], noise_deg: float) -> Frames:
    """The frames with the lids down and gaze masked in the blinks."""
    depth = np.zeros(len(frames))
    for blink in blinks:
        middle, width = (blink.onset_s + blink.offset_s) / 2, (blink.offset_s - blink.onset_s) / 4
        full = 0.12 if blink.kind == "partial_blink" else 0.27
        depth = np.maximum(depth, full * np.exp(-(np.abs((frames.time_s - middle) / width) ** 4)))
    noise = np.random.default_rng(5).normal(0, noise_deg, (2, len(frames)))
    lids = [
        replace(frames.left, aperture=height - depth + row) for height, row in zip((0.33, 0.31), noise, strict=True)
    ]
    mask = np.zeros(len(frames), np.bool_)
    for blink in blinks:
        mask |= (frames.time_s >= blink.onset_s - 0.1) & (frames.time_s < blink.offset_s + 0.1)
    return replace(
        frames, left=lids[0], right=lids[1], aperture=(lids[0].aperture + lids[1].aperture) / 2, blink_mask=mask
    )


def drawn_report(
    *, gates: tuple[tuple[float, float, str], ...] = ((4.7, 5.6, "no_face"), (13.2, 13.9, "turned_away"))
) -> GazeReport:
    """Somebody who follows the protocol of 18 s, blinks, closes the eyes, and leaves the picture for a while."""
    blinks = [Blink(1.1, 1.4), Blink(6.9, 7.2), Blink(9.2, 9.45, "partial_blink"), Blink(15.1, 15.4)]
    blinks.append(Blink(16.2, 17.4, "long_closure"))
    frames = _lids(following({"up": 26, "down": 23, "left": 24, "right": 22}, noise_deg=0.5), blinks, 0.006)
    for start, end, code in gates:
        gone = (frames.time_s >= start) & (frames.time_s < end)
        frames.gate[gone] = code
        if code == "no_face":
            for eye in (frames.left, frames.right):
                eye.aperture[gone] = np.nan
    kept = (frames.time_s < 10.9) | (frames.time_s >= 11.6)
    frames = _rows(frames, kept)
    saccades = [Saccade(entry["start_s"] + 0.2, 0, 18) for entry in PROTOCOL]
    screening = screened(
        frames, blinks=blinks, saccades=saccades, quality=[Note("<b>The picture</b> is dark & small.")]
    )
    report: Any = SimpleNamespace(
        frames=frames,
        blinks=tuple(SimpleNamespace(closed_s=(b.onset_s + b.offset_s) / 2, **b.__dict__) for b in blinks),
        saccades=tuple(saccades),
        screening=screening,
        vertical=SimpleNamespace(vertical_range_deg=32.0, **Vertical().__dict__),
        meta=SimpleNamespace(fps=30.0, duration_s=18.0),
        model=Model(),
        summary={"blink_count": 3, "blink_rate_per_min": 10.0, "vertical_peak_to_peak": 0.31},
    )
    return cast("GazeReport", report)


def _rows(frames: Frames, kept: Any) -> Frames:
    """Some of the rows."""
    columns: dict[str, Any] = {}
    for field in fields(frames):
        column = getattr(frames, field.name)
        columns[field.name] = (
            column[kept]
            if isinstance(column, np.ndarray)
            else replace(column, **{eye.name: getattr(column, eye.name)[kept] for eye in fields(column)})
        )
    return Frames(**columns)
