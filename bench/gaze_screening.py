"""Is anybody suspected who was not asked to look up and down? The old rule and ours, on clips of people at ease.

    python bench/gaze_screening.py [--data FOLDER]

The old rule suspects whoever's `vertical_peak_to_peak` is below 0.06. Ours is asked twice: without a protocol, and with
one that is made up (centre, up, centre, down, centre, left, centre, right, an eighth of the clip each), which nobody in
the clips has heard of. People who look about as they like obey none of it, and nobody may be suspected for that.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import gaze_data
from gaze_data import Measured
from goals import HEADERS, NO_GOAL, Goal
from rich.table import Table

from sightline.gaze.analysis import interpret
from sightline.gaze.options import GazeOptions
from sightline.gaze.report import GazeReport
from sightline.gaze.screening import parse_protocol

MADE_UP: Final = "center", "up", "center", "down", "center", "left", "center", "right"
VERDICTS: Final = "suspected", "not_suspected", "insufficient_data"
NOBODY: Final = Goal(most=0.0, words="nobody suspected")
DEVELOPMENT: Final = "All clips were looked at in development; the rules of the verdict rest on the literature."


@dataclass(frozen=True, slots=True)
class Row:
    """A clip: what the old rule goes by, and our verdicts with their reasons."""

    clip: str
    peak_to_peak: float | None
    suspected_by_old_rule: bool
    unasked: str
    made_up: str
    made_up_reason: str


def measure(data: Path) -> list[Row]:
    """Every clip of a face under `data`."""
    return [_row(path.stem, gaze_data.measured(path)) for path in gaze_data.clips_in(data)]


def _row(name: str, clip: Measured) -> Row:
    unasked, made_up = _report(clip, ()), _report(clip, MADE_UP)
    seen = unasked.vertical.peak_to_peak
    return Row(
        clip=name,
        peak_to_peak=seen,
        suspected_by_old_rule=seen is not None and seen < GazeOptions().vpp_thresh,
        unasked=unasked.screening.verdict,
        made_up=made_up.screening.verdict,
        made_up_reason=made_up.screening.psp_rule_reason,
    )


def _report(clip: Measured, asked: tuple[str, ...]) -> GazeReport:
    """What the library says where the clip's time is shared out evenly among what was asked for."""
    end_s = float(clip.meta.frame_times_s[-1])
    each_s = end_s / max(len(asked), 1)
    protocol = [{"start_s": n * each_s, "end_s": (n + 1) * each_s, "target": target} for n, target in enumerate(asked)]
    targets = parse_protocol(protocol or None)
    straight = [(target.start_s, target.end_s) for target in targets if target.target == "center"]
    return interpret(clip.frames(straight), clip.meta, options=GazeOptions(), targets=targets)


def table(rows: list[Row]) -> Table:
    """One row for each rule; below, whoever got any other verdict than "insufficient data"."""
    shown = Table("rule", "clips", *VERDICTS, *HEADERS, title="Screening of people at ease", caption=DEVELOPMENT)
    old = sum(row.suspected_by_old_rule for row in rows)
    shown.add_row("vertical_peak_to_peak < 0.06 (old)", str(len(rows)), str(old), str(len(rows) - old), "0", *NO_GOAL)
    for name, verdicts in (
        ("ours, no protocol", Counter(row.unasked for row in rows)),
        ("ours, a made-up protocol", Counter(row.made_up for row in rows)),
    ):
        counts = (str(verdicts[verdict]) for verdict in VERDICTS)
        shown.add_row(name, str(len(rows)), *counts, *NOBODY.cells(verdicts["suspected"]))
    decided = [row for row in rows if row.made_up != "insufficient_data" or row.unasked != "insufficient_data"]
    if decided:
        shown.add_section()
    for row in decided:
        shown.add_row(f"{row.clip}: {row.unasked}, made up: {row.made_up} ({row.made_up_reason})")
    return shown


def tables(data: Path) -> list[Table]:
    return [table(measure(data))]


if __name__ == "__main__":
    gaze_data.command(__doc__, tables)
