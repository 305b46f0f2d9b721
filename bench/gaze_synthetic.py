"""How well the reported vertical range of gaze meets that of animated faces, whose eyes move as we say.

    python bench/gaze_synthetic.py

Targets: range within 15 % of the truth; a roll of 20 degrees changes it by less than 5 %, blinks by less than 5 %; a
steady gaze is no movement.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import gaze_data
import numpy as np
from goals import HEADERS, Goal, yes_or_no
from rich.table import Table
from synthetic_eye import BLUE, DARK
from synthetic_face import SyntheticFace, write_clip
from synthetic_motion import Performance, TrueBlink, Truth, jumps, still, sweep

from sightline.gaze import analyze_video
from sightline.gaze.report import GazeReport
from sightline.gaze.screening import Target
from sightline.gaze.vertical import vertical_gaze

LOOKS: Final = Performance(
    duration_s=7.0,
    gaze_v_deg=jumps([(0, 0), (1, 15), (2, 0), (3, -15), (4, 0)]),
    gaze_h_deg=jumps([(0, 0), (5, 15), (5.7, -15), (6.4, 0)]),
)
"""Up, down, to both sides, each held for about a second."""

BLINKS: Final = tuple(TrueBlink(onset) for onset in (0.4, 1.4, 2.4, 3.4, 4.4, 6.5))
PROTOCOL: Final = (
    Target(0.0, 1.0, "center"),
    Target(1.0, 2.0, "up"),
    Target(2.0, 3.0, "center"),
    Target(3.0, 4.0, "down"),
    Target(4.0, 5.0, "center"),
)

VGA: Final = {"width_px": 640, "height_px": 480, "iris_diameter_px": 30.0}
SMALL: Final = {"width_px": 320, "height_px": 240, "iris_diameter_px": 14.0}
PHONE: Final = {"width_px": 720, "height_px": 1280, "iris_diameter_px": 40.0}

CLIPS: Final[dict[str, tuple[Performance, dict[str, Any]]]] = {
    "looks": (LOOKS, VGA),
    "looks, with blinks": (replace(LOOKS, blinks=BLINKS), VGA),
    "looks, rolled by 20": (replace(LOOKS, roll_deg=still(20.0)), VGA),
    "looks, rolled by -20": (replace(LOOKS, roll_deg=still(-20.0)), VGA),
    "looks, swaying by 10": (replace(LOOKS, roll_deg=sweep(10.0, 3.1)), VGA),
    "looks, drifting and nearing": (
        replace(LOOKS, drift_x_px=sweep(15.0, 5.0), drift_y_px=sweep(8.0, 3.7), zoom=lambda t: 1 + 0.03 * np.sin(t)),
        VGA,
    ),
    "looks, light changing": (replace(LOOKS, light=lambda t: 0.8 + 0.2 * np.cos(t)), VGA),
    "looks, noisy": (replace(LOOKS, noise=8.0), VGA),
    "looks, frames variable": (replace(LOOKS, timing_jitter=0.5, blinks=BLINKS), VGA),
    "looks, 60 frames a second": (replace(LOOKS, fps=60.0), VGA),
    "looks, blue eyes": (LOOKS, VGA | {"colours": BLUE}),
    "looks, dark eyes": (LOOKS, VGA | {"colours": DARK}),
    "looks, 320x240": (LOOKS, SMALL),
    "looks, 320x240, noisy": (replace(LOOKS, noise=8.0), SMALL),
    "looks, phone": (LOOKS, PHONE),
    "sweep by 20": (replace(LOOKS, gaze_v_deg=sweep(20.0, 3.5), gaze_h_deg=still()), VGA),
    "sweep by 10": (replace(LOOKS, gaze_v_deg=sweep(10.0, 3.5), gaze_h_deg=still()), VGA),
    "sweep by 5": (replace(LOOKS, gaze_v_deg=sweep(5.0, 3.5), gaze_h_deg=still()), VGA),
    "steady": (replace(LOOKS, gaze_v_deg=still(), gaze_h_deg=still()), VGA),
    "steady, with blinks": (replace(LOOKS, gaze_v_deg=still(), gaze_h_deg=still(), blinks=BLINKS), VGA),
}


OF_TRUTH: Final = Goal(least=0.85, most=1.15)
OF_PLAIN: Final = Goal(least=0.95, most=1.05)
LIKE_PLAIN: Final = "looks, with blinks", "looks, rolled by 20", "looks, rolled by -20"
"""Clips whose range is to be that of the plain clip, "looks"."""

DEVELOPMENT: Final = "All clips were looked at in development; the portrait is a single one."


@dataclass(frozen=True, slots=True)
class Row:
    """One clip: ranges as played and as reported in degrees, vertical peak to peak in openings, blinks."""

    clip: str
    true_vertical_deg: float
    vertical_deg: float | None
    by_targets_deg: float | None
    true_horizontal_deg: float
    horizontal_deg: float | None
    peak_to_peak: float | None
    noise_deg: float | None
    moved: bool
    true_blinks: int
    blinks: int

    @property
    def ratio(self) -> float | None:
        """Reported over true vertical range."""
        return self.vertical_deg / self.true_vertical_deg if self.vertical_deg and self.true_vertical_deg else None


def judged(row: Row, plain_deg: float | None) -> tuple[str, str]:
    """What a clip is to reach, and whether it does; `plain_deg` is the range reported of the plain clip."""
    if not row.true_vertical_deg:
        return "not moved", yes_or_no(not row.moved)
    met = OF_TRUTH.met(row.ratio)
    if row.clip not in LIKE_PLAIN:
        return "truth +- 15 %", yes_or_no(met)
    close = bool(row.vertical_deg and plain_deg) and OF_PLAIN.met((row.vertical_deg or 0) / (plain_deg or 1))
    return "truth +- 15 %, plain +- 5 %", yes_or_no(met and close)


def measure(names: tuple[str, ...] = tuple(CLIPS)) -> list[Row]:
    """Animate each clip, write it as a video, analyse it."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            performance, camera = CLIPS[name]
            path = Path(folder) / "clip.mp4"
            truth = write_clip(SyntheticFace(performance, **camera), path)
            rows.append(_row(name, truth, analyze_video(path, workers=1)))
    return rows


def _row(name: str, truth: Truth, report: GazeReport) -> Row:
    vertical, asked = report.vertical, vertical_gaze(report.frames, PROTOCOL)
    return Row(
        clip=name,
        true_vertical_deg=float(np.ptp(truth.gaze_v_deg)),
        vertical_deg=vertical.vertical_range_deg,
        by_targets_deg=asked.vertical_range_deg if name.startswith("looks") else None,
        true_horizontal_deg=float(np.ptp(truth.gaze_h_deg)),
        horizontal_deg=vertical.horizontal_range_deg,
        peak_to_peak=vertical.peak_to_peak,
        noise_deg=vertical.noise_deg,
        moved=vertical.vertical_moved,
        true_blinks=len(truth.blinks),
        blinks=len(report.blinks),
    )


def table(rows: list[Row]) -> Table:
    """The rows for people, each vertical range also against the one of the plain clip."""
    plain = next((row.vertical_deg for row in rows if row.clip == "looks"), None)
    shown = Table(
        "clip", "true v", "reported v", "of truth", "of plain", "at targets", "true h", "reported h", "p2p", "noise",
        "moved", "blinks", *HEADERS, title="Animated faces: vertical range of gaze, degrees", caption=DEVELOPMENT,
    )  # fmt: skip
    for row in rows:
        looks = row.vertical_deg is not None and plain and row.clip.startswith("looks")
        shown.add_row(
            row.clip,
            f"{row.true_vertical_deg:.1f}",
            _text(row.vertical_deg, ".1f"),
            _text(row.ratio, ".3f"),
            f"{row.vertical_deg / plain:.3f}" if looks and row.vertical_deg and plain else "-",
            _text(row.by_targets_deg, ".1f"),
            f"{row.true_horizontal_deg:.1f}",
            _text(row.horizontal_deg, ".1f"),
            _text(row.peak_to_peak, ".3f"),
            _text(row.noise_deg, ".2f"),
            "yes" if row.moved else "no",
            f"{row.blinks} of {row.true_blinks}",
            *judged(row, plain),
        )
    return shown


def _text(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)


def tables() -> list[Table]:
    return [table(measure())]


if __name__ == "__main__":
    gaze_data.show(tables())
