"""How many saccades are found, and whether their peak velocity lies where we say, in an eye tracker's recordings.

    python bench/gaze_saccades.py [--data FOLDER]

The recordings are those of `eye_movement_1khz`: three people looking at points, 1000 Hz, every sample labelled by an
expert. The same setting is used for every person and rate; nothing is told of the labels.

**Resampling.** "camera": the mean over each frame's time, as a sensor that is exposed all the time; a frame with a lost
sample in it is lost. "point": one sample a frame, as a very short exposure. Each at four phases, added up.

**Matching.** Labels stay as they are at 1000 Hz. A detection (onset to offset) matches a labelled saccade if they
overlap or at most one sample interval lies between them; both lists are gone through in order of time, and each is
matched once. All labelled saccades count, however small; every other detection is false, also where an expert marked a
blink or could not tell what he saw. The F1 "where labelled" leaves out such detections; it is given for comparison.

**Baseline.** A velocity, over 20 ms or one interval, above 20 deg/s: of 10, 20, 30 and 50 the best at 1000 Hz.

**Peak velocity.** The true one is the highest speed in the labelled saccade at 1000 Hz, from the slope of a
quadratic over 11 ms (Savitzky-Golay). "in bounds" is the share of matched saccades that have it between the bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import gaze_data
import numpy as np
from goals import HEADERS, NO_GOAL, Goal
from numpy.typing import NDArray
from rich.table import Table

from sightline.gaze.movements import Saccade, detect_saccades
from sightline.gaze.movements.series import gaze_array, stretches
from sightline.gaze.movements.velocity import steps

Floats = NDArray[np.float64]
Span = tuple[float, float]

TRACKER_HZ: Final = 1000
RATES_HZ: Final = (1000, 240, 120, 60, 30, 15)
PHASES: Final = (0.0, 0.25, 0.5, 0.75)
SACCADE, BLINK, UNKNOWN = 2, 5, 0
BASELINE_DEG_S: Final = 20.0
GOALS: Final = {1000: Goal(least=0.85), 60: Goal(least=0.82), 30: Goal(least=0.74)}
"""F1 of all three people, by frames a second, in either sampling."""

DEVELOPMENT: Final = "All three recordings were looked at in development; there is no check half."


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """One person's gaze at 1000 Hz, (n,) each, and the labelled saccades in seconds."""

    person: str
    time_s: Floats
    x_deg: Floats
    y_deg: Floats
    label: NDArray[np.uint8]
    saccades: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One method on one person at one rate; velocities are of what matched, of our method only."""

    person: str
    rate_hz: int
    sampling: str
    method: str
    found: int
    false: int
    missed: int
    false_where_labelled: int
    in_bounds: int = 0
    measured: int = 0

    @property
    def f1(self) -> float:
        return 2 * self.found / max(1, 2 * self.found + self.false + self.missed)

    @property
    def f1_where_labelled(self) -> float:
        return 2 * self.found / max(1, 2 * self.found + self.false_where_labelled + self.missed)


def measure(data: Path) -> list[Row]:
    """Every person, rate, sampling and method; the phases of one are added up."""
    return [
        _row(recording, rate, sampling, method)
        for recording in recordings(data / "gaze" / "eye_movement_1khz")
        for rate in RATES_HZ
        for sampling in (("point",) if rate == TRACKER_HZ else ("camera", "point"))
        for method in ("ours", "velocity threshold")
    ]


def recordings(folder: Path) -> Iterator[Recording]:
    for path in sorted(folder.glob("*.npy")):
        table = np.load(path)
        x, y = (table[name].astype(np.float64) for name in "xy")
        edges = np.flatnonzero(np.diff(table["evt"])) + 1
        spans = zip([0, *edges], [*edges, len(table)], strict=True)
        saccades = tuple(
            (float(table["t"][first]), float(table["t"][end - 1]))
            for first, end in spans
            if table["evt"][first] == SACCADE
        )
        yield Recording(path.stem.rpartition("_")[2], table["t"], x, y, table["evt"], saccades)


def resampled(recording: Recording, rate_hz: int, sampling: str, phase: float) -> tuple[Floats, Floats, Floats]:
    """Times, x and y at a lower rate; `phase` is the first frame's start in intervals."""
    columns = (recording.time_s, recording.x_deg, recording.y_deg)
    if rate_hz == TRACKER_HZ:
        return columns
    every = TRACKER_HZ / rate_hz
    edges = np.arange(phase * every, len(recording.time_s), every).round().astype(int)
    if sampling == "point":
        return recording.time_s[edges], recording.x_deg[edges], recording.y_deg[edges]
    frames = list(pairwise(edges))
    time, x, y = (np.array([column[first:end].mean() for first, end in frames]) for column in columns)
    return time, x, y


def threshold_spans(time_s: Floats, x_deg: Floats, y_deg: Floats) -> list[Span]:
    """The baseline's saccades."""
    time, gaze = gaze_array(time_s, x_deg, y_deg)
    spans = []
    for run in stretches(time, gaze):
        if run.stop - run.start > 1:
            seen = steps(time[run], gaze[run], max(1, round(0.02 / float(np.median(np.diff(time))))))
            fast = np.hypot(*seen.step_deg.T) / seen.base_s > BASELINE_DEG_S
            edges = np.flatnonzero(np.diff(np.r_[0, fast.astype(int), 0])) + run.start
            spans += [(float(time[first]), float(time[end])) for first, end in edges.reshape(-1, 2)]
    return spans


def matches(labels: Sequence[Span], found: Sequence[Span], tolerance_s: float) -> list[tuple[int, int]]:
    """Pairs of indices, both lists in order of time."""
    pairs, label, detection = [], 0, 0
    while label < len(labels) and detection < len(found):
        if labels[label][1] + tolerance_s < found[detection][0]:
            label += 1
        elif found[detection][1] + tolerance_s < labels[label][0]:
            detection += 1
        else:
            pairs.append((label, detection))
            label, detection = label + 1, detection + 1
    return pairs


def _row(recording: Recording, rate_hz: int, sampling: str, method: str) -> Row:
    total = np.zeros(6, int)
    for phase in PHASES if rate_hz != TRACKER_HZ else PHASES[:1]:
        series = resampled(recording, rate_hz, sampling, phase)
        saccades = detect_saccades(*series) if method == "ours" else ()
        spans = [(s.onset_s, s.offset_s) for s in saccades] if method == "ours" else threshold_spans(*series)
        pairs = matches(recording.saccades, spans, 1 / rate_hz)
        paired = {detection for _, detection in pairs}
        false = [span for number, span in enumerate(spans) if number not in paired]
        told = sum(not _untold(recording, span) for span in false)
        bounds = [_bounds(recording, label, saccades[number]) for label, number in pairs] if saccades else []
        counts = (len(pairs), len(false), len(recording.saccades) - len(pairs), told)
        total += (*counts, sum(inside for inside, _ in bounds), sum(measured for _, measured in bounds))
    return Row(recording.person, rate_hz, sampling, method, *total.tolist())


def _untold(recording: Recording, span: Span) -> bool:
    """The span touches what the expert called a blink or could not tell."""
    first, last = np.searchsorted(recording.time_s, span)
    return bool(np.isin(recording.label[first : last + 1], (BLINK, UNKNOWN)).any())


def _bounds(recording: Recording, label: int, saccade: Saccade) -> tuple[bool, bool]:
    """The true peak velocity lies in the saccade's bounds; it was measured."""
    first, last = np.searchsorted(recording.time_s, recording.saccades[label])
    slope = np.arange(5, -6, -1) / 110 * TRACKER_HZ
    near = slice(first - 5, last + 6)
    true = np.hypot(*(np.convolve(c[near], slope, "valid") for c in (recording.x_deg, recording.y_deg))).max()
    inside = saccade.peak_velocity_lower_deg_s <= true <= saccade.peak_velocity_upper_deg_s
    return bool(inside), saccade.peak_velocity_deg_s is not None


def added(rows: Sequence[Row]) -> Row:
    """Several people's rows as one."""
    first = rows[0]
    names = ("found", "false", "missed", "false_where_labelled", "in_bounds", "measured")
    sums = [sum(getattr(row, name) for row in rows) for name in names]
    return Row("all", first.rate_hz, first.sampling, first.method, *sums)


def table(rows: list[Row]) -> Table:
    """A row for each rate, sampling and method: the F1 of each person and of all, and more of all."""
    people = sorted({row.person for row in rows})
    columns: list[tuple[str, Callable[[Row], str]]] = [
        ("F1", lambda row: f"{row.f1:.3f}"),
        ("precision", lambda row: f"{row.found / max(1, row.found + row.false):.3f}"),
        ("recall", lambda row: f"{row.found / max(1, row.found + row.missed):.3f}"),
        ("F1 where labelled", lambda row: f"{row.f1_where_labelled:.3f}"),
        ("peak in bounds", lambda row: f"{row.in_bounds / max(1, row.found):.3f}" if row.method == "ours" else ""),
        ("peak measured", lambda row: f"{row.measured / max(1, row.found):.2f}" if row.method == "ours" else ""),
    ]
    shown = Table(
        "rate, Hz", "sampling", "method", *people, *(name for name, _ in columns), *HEADERS,
        title="Saccades, F1", caption=DEVELOPMENT,
    )  # fmt: skip
    for key in dict.fromkeys((row.rate_hz, row.sampling, row.method) for row in rows):
        group = [row for row in rows if (row.rate_hz, row.sampling, row.method) == key]
        whole = added(group)
        each = [f"{next(row for row in group if row.person == person).f1:.3f}" for person in people]
        goal = GOALS.get(whole.rate_hz) if whole.method == "ours" else None
        judged = goal.cells(whole.f1) if goal else NO_GOAL
        shown.add_row(str(key[0]), key[1], key[2], *each, *(show(whole) for _, show in columns), *judged)
    return shown


def tables(data: Path) -> list[Table]:
    return [table(measure(data))]


if __name__ == "__main__":
    gaze_data.command(__doc__, tables)
