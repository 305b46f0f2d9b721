"""What a figure of a report shows, without how it is drawn: the picture and the page draw the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sightline.gaze.screening.values import DISCLAIMER, Span

if TYPE_CHECKING:
    from sightline.gaze.report import GazeReport

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

# Okabe & Ito's colours, which the colour-blind tell apart (jfly.uni-koeln.de/color).
BLACK: Final = "#000000"
ORANGE: Final = "#E69F00"
SKY: Final = "#56B4E9"
GREEN: Final = "#009E73"
BLUE: Final = "#0072B2"
VERMILION: Final = "#D55E00"
PURPLE: Final = "#CC79A7"

LEFT_EYE: Final = ("left eye", VERMILION)
RIGHT_EYE: Final = ("right eye", BLUE)

TARGET_COLOURS: Final = {"up": SKY, "down": ORANGE, "left": GREEN, "right": PURPLE}
"""The centre is named and not tinted: it is what the others stand out from."""

# What a gap is called, its colour, and the pattern it is filled with: told apart without colour, too.
GAPS: Final[dict[str, tuple[str, str, str]]] = {
    "no_frames": ("no frames", "#BDBDBD", "x"),
    "no_face": ("no face", "#9E9E9E", "/"),
    "doubtful_face": ("doubtful face", "#C9A66B", "\\"),
    "face_too_small": ("face too small", "#D7CCC8", "."),
    "turned_away": ("head turned away", "#B39DDB", "|"),
    "too_dark": ("too dark", "#78909C", "-"),
    "blurred": ("blurred", "#A5D6A7", "+"),
}
OTHER_GAP: Final = ("#CFD8DC", "")
AROUND_BLINK: Final = ("gaze not read around a blink", "#E4E4E4", "")
NO_IRIS: Final = ("iris not seen", "#F0E0A8", "/")

LONGEST_STEP: Final = 2.5
"""Usual intervals: a longer step between two frames is a gap in the recording."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Stretches of time that nothing was measured in, for one reason."""

    reason: str
    colour: str
    pattern: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FigureData:
    """Everything a figure shows.

    Attributes:
        time_s: (n,) of the frames.
        left_aperture, right_aperture: opening of the lids over the eye's width.
        vertical_deg, horizontal_deg: eye in head, NaN in blinks and where a frame cannot be used.
        usual_s: the usual time between two frames.
        gaps: by reason, the one that takes the most time first.
        masked: where gaze is not read although lids are.
        blinks: the moment of each blink, and whether it was a partial one.
        closures: from when to when the lids stayed shut.
        saccades: from onset to offset.
        targets: what was asked for and when.
    """

    time_s: Floats
    left_aperture: Floats
    right_aperture: Floats
    vertical_deg: Floats
    horizontal_deg: Floats
    usual_s: float
    gaps: tuple[Gap, ...]
    masked: tuple[Gap, ...]
    blinks: tuple[tuple[float, bool], ...]
    closures: tuple[Span, ...]
    saccades: tuple[Span, ...]
    targets: tuple[tuple[str, float, float], ...]

    @property
    def axis_s(self) -> Span:
        """From when to when the axis of time goes."""
        ends = [end for _, _, end in self.targets]
        return float(min([0.0, *self.time_s[:1]])), float(max([1e-3, *self.time_s[-1:], *ends]))


def figure_data(report: GazeReport) -> FigureData:
    """Collect what a figure shows of a report."""
    frames = report.frames
    readable = frames.usable & ~frames.blink_mask
    step = float(np.median(np.diff(frames.time_s))) if len(frames) > 1 else 0.0
    return FigureData(
        time_s=frames.time_s,
        left_aperture=frames.left.aperture,
        right_aperture=frames.right.aperture,
        vertical_deg=np.where(readable, frames.gaze_v_deg, np.nan),
        horizontal_deg=np.where(readable, frames.gaze_h_deg, np.nan),
        usual_s=step,
        gaps=_gaps(frames.time_s, frames.gate, step),
        masked=tuple(
            Gap(*kind, _spans(frames.time_s, mask, step))
            for kind, mask in (
                (AROUND_BLINK, frames.usable & frames.blink_mask),
                (NO_IRIS, readable & ~np.isfinite(frames.gaze_v_deg)),
            )
            if mask.any()
        ),
        blinks=tuple((b.closed_s, b.kind == "partial_blink") for b in report.blinks if b.kind != "long_closure"),
        closures=tuple((blink.onset_s, blink.offset_s) for blink in report.blinks if blink.kind == "long_closure"),
        saccades=tuple((saccade.onset_s, saccade.offset_s) for saccade in report.saccades),
        targets=tuple((item.target, item.start_s, item.end_s) for item in report.screening.responses),
    )


def headline(report: GazeReport) -> str:
    """The summary's main figures in a line."""
    summary = report.summary
    frames = report.frames
    duration_s = float(frames.time_s[-1] - frames.time_s[0]) if len(frames) else 0.0
    parts = [
        f"{duration_s:.1f} s, {len(frames)} frames at {report.meta.fps:.1f}/s",
        f"{_counted(summary['blink_count'], 'blink')}{_number(summary['blink_rate_per_min'], ' ({:.1f} a minute)')}",
        _counted(len(report.saccades), "saccade"),
        f"vertical peak to peak {summary['vertical_peak_to_peak']:.3f}",
        f"vertical range{_number(report.vertical.vertical_range_deg, ' {:.1f}°') or ' unknown'}",
        f"horizontal range{_number(report.vertical.horizontal_range_deg, ' {:.1f}°') or ' unknown'}",
    ]
    return "  ·  ".join(parts)


def verdict_line(report: GazeReport) -> str:
    """The verdict and its reason."""
    return f"Screening: {report.screening.verdict.replace('_', ' ')}. {report.screening.psp_rule_reason}"


def footer(report: GazeReport) -> str:
    """What every figure says at its foot."""
    return f"{DISCLAIMER} Landmarks: {report.model.name} {report.model.version}."


def _counted(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def _number(value: float | None, form: str) -> str:
    return "" if value is None else form.format(value)


def _gaps(time_s: Floats, gate: NDArray[np.str_], step_s: float) -> tuple[Gap, ...]:
    """Where frames are gated or missing, by reason, the one that takes the most time first."""
    spans = {code: _spans(time_s, gate == code, step_s) for code in np.unique(gate).tolist() if code}
    missing = np.flatnonzero(np.diff(time_s) > LONGEST_STEP * step_s)
    if len(missing):
        spans["no_frames"] = tuple((float(time_s[row]) + step_s, float(time_s[row + 1])) for row in missing)
    gaps = []
    for code, found in spans.items():
        reason, colour, pattern = GAPS.get(code, (code.replace("_", " "), *OTHER_GAP))
        gaps.append(Gap(reason, colour, pattern, found))
    return tuple(sorted(gaps, key=lambda gap: -sum(end - start for start, end in gap.spans)))


def _spans(time_s: Floats, mask: Mask, step_s: float) -> tuple[Span, ...]:
    """From the first frame of each stretch of a mask until the one after its last."""
    edges = np.flatnonzero(np.diff(mask, prepend=False, append=False))
    return tuple((float(time_s[start]), float(time_s[end - 1]) + step_s) for start, end in edges.reshape(-1, 2))


def thinned(time_s: Floats, values: Floats, usual_s: float, most: int) -> tuple[Floats, Floats]:
    """A line of about `most` points at most that looks the same: the smallest and the largest value of each bin stay.

    A gap in the recording breaks the line, and so does a bin without a value.

    Args:
        time_s: (n,) rising.
        values: (n,), NaN where there is none.
        usual_s: the usual time between two frames.
        most: the number of points to draw.
    """
    breaks = np.flatnonzero(np.diff(time_s) > LONGEST_STEP * usual_s)
    time, line = np.insert(time_s, breaks + 1, time_s[breaks] + usual_s), np.insert(values, breaks + 1, np.nan)
    if len(time) <= most:
        return time, line
    bins = np.array_split(np.arange(len(time)), max(1, most // 2))
    keep = np.unique(np.concatenate([_ends(line, rows) for rows in bins]))
    return time[keep], line[keep]


def _ends(line: Floats, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    finite = rows[np.isfinite(line[rows])]
    if not len(finite):
        return rows[:1]
    return np.array([finite[np.argmin(line[finite])], finite[np.argmax(line[finite])]])


def within(time_s: Floats, spans: Sequence[Span]) -> Mask:
    """Bool (n,): the moments that lie in one of the spans, their ends included."""
    inside = np.zeros(len(time_s), np.bool_)
    for start, end in spans:
        first, last = np.searchsorted(time_s, [start, end])
        inside[max(int(first) - 1, 0) : int(last) + 1] = True
    return inside


def limits(values: Sequence[Floats], least: float) -> tuple[float, float]:
    """The range of an axis that shows all but single outliers, at least `least` to either side of the middle."""
    finite = np.concatenate([part[np.isfinite(part)] for part in values]) if values else np.empty(0)
    low, high = np.percentile(finite, [0.2, 99.8]) if len(finite) else (0.0, 0.0)
    middle, half = (low + high) / 2, max((high - low) / 2 * 1.15, least)
    return float(middle - half), float(middle + half)
