"""The frames of a result for the player: the columns it draws, out of the stored table, without parsing a number."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import Any, Final

from sightline.gaze.figure_data import LONGEST_STEP

_EYE: Final = {
    "iris_x": "iris_cx",
    "iris_y": "iris_cy",
    "diameter": "iris_diameter_px",
    "opening": "opening_px",
    "width": "width_px",
    "offset_x": "offset_x_px",
    "offset_y": "offset_y_px",
    "gaze_h": "gaze_h_deg",
    "gaze_v": "gaze_v_deg",
    "aperture": "eye_open",
}
"""The player's name of each column of one eye, and the table's."""

_BOTH: Final = {"time": "time_sec", "roll": "roll_deg", "gaze_h": "gaze_h_deg", "gaze_v": "gaze_v_deg"}

_EVENTS: Final = {
    "blinks": ("onset_s", "closed_s", "offset_s", "kind", "eyes"),
    "saccades": ("onset_s", "offset_s", "amplitude_deg", "direction_deg"),
    "square_wave_jerks": ("onset_s", "offset_s"),
}
"""What the player shows of each kind of event."""

Span = tuple[float, float]


def frames_json(table: str, report: Mapping[str, Any]) -> bytes:
    """What the player needs, as JSON; what was not seen is null.

    Args:
        table: `GazeReport.to_csv()`, as it is stored.
        report: `GazeReport.to_dict()`, as it is stored.
    """
    header, *rows = csv.reader(table.splitlines())
    columns = dict(zip(header, zip(*rows, strict=True), strict=False))
    count = len(rows)
    times = [float(moment) for moment in columns.get("time_sec", ())]
    step_s = median(later - before for before, later in pairwise(times)) if count > 1 else 0.0
    gates, blink = columns.get("gate", ("",) * count), columns.get("blink", ("0",) * count)
    masked = [gate == "" and shut == "1" for gate, shut in zip(gates, blink, strict=True)]
    parts = {name: _array(columns.get(source), count) for name, source in _BOTH.items()}
    for side, prefix in (("left", "L_"), ("right", "R_")):
        parts |= {f"{side}_{name}": _array(columns.get(prefix + source), count) for name, source in _EYE.items()}
    for name in ("gaze_h", "gaze_v"):  # as in the figures: no gaze where the frame cannot be used or a blink is
        parts[name] = _array(_readable(columns.get(_BOTH[name], ("",) * count), gates, blink), count)
    parts["blink"] = "[" + ",".join(blink) + "]"
    told = {
        "step_s": step_s,
        "gaps": _gaps(times, gates, step_s),
        "masked": _spans(times, masked, step_s),
        "targets": _picked(report["screening"]["responses"], ("target", "start_s", "end_s", "reached")),
        **{name: _picked(report.get(name, ()), fields) for name, fields in _EVENTS.items()},
    }
    parts |= {name: json.dumps(value, separators=(",", ":"), allow_nan=False) for name, value in told.items()}
    return ("{" + ",".join(f'"{name}":{text}' for name, text in parts.items()) + "}").encode()


def _array(column: Sequence[str] | None, count: int) -> str:
    """A column as a JSON array: its cells are numbers as JSON writes them, or empty."""
    return "[" + ",".join(cell or "null" for cell in (column or ("",) * count)) + "]"


def _readable(column: Sequence[str], gates: Sequence[str], blink: Sequence[str]) -> list[str]:
    return [cell if gate == "" and shut == "0" else "" for cell, gate, shut in zip(column, gates, blink, strict=True)]


def _picked(items: Sequence[Mapping[str, Any]], fields: Sequence[str]) -> list[dict[str, Any]]:
    return [{field: item.get(field) for field in fields} for item in items]


def _gaps(times: Sequence[float], gates: Sequence[str], step_s: float) -> list[dict[str, Any]]:
    """Where frames cannot be used, or are missing, with the reason's code; in order of time within each."""
    gaps = [
        {"code": code, "spans": _spans(times, [gate == code for gate in gates], step_s)}
        for code in sorted(set(gates) - {""})
    ]
    missing = [(before + step_s, later) for before, later in pairwise(times) if later - before > LONGEST_STEP * step_s]
    return [*gaps, {"code": "no_frames", "spans": missing}] if missing else gaps


def _spans(times: Sequence[float], mask: Sequence[bool], step_s: float) -> list[Span]:
    """From the first frame of each stretch of a mask until the one after its last."""
    return [(round(times[start], 4), round(times[end] + step_s, 4)) for start, end in _runs(mask)]


def _runs(mask: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """The first and the last row of each stretch."""
    start: int | None = None
    for row, inside in enumerate([*mask, False]):
        if inside and start is None:
            start = row
        elif not inside and start is not None:
            yield start, row - 1
            start = None
