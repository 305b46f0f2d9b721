"""The frames as CSV: the columns that deployed clients know, in their order and by their names, then ours."""

from __future__ import annotations

from typing import Final

import numpy as np

from sightline.gaze.columns import EyeColumns, Floats, Frames

_PIXELS, _RATIO, _DEGREES = "%.2f", "%.4f", "%.2f"
_SECONDS: Final = "%.6f"

_GUIDE_EYE: Final = (
    ("iris_cx", "iris_x_px", _PIXELS),
    ("iris_cy", "iris_y_px", _PIXELS),
    ("eye_open", "aperture", _RATIO),
    ("v_offset", "v_offset", _RATIO),
)
_GUIDE_BOTH: Final = (("eye_open", "aperture", _RATIO), ("v_offset", "v_offset", _RATIO))
_OUR_EYE: Final = (
    ("iris_diameter_px", "iris_diameter_px", _PIXELS),
    ("opening_px", "opening_px", _PIXELS),
    ("width_px", "width_px", _PIXELS),
    ("offset_x_px", "offset_x_px", _PIXELS),
    ("offset_y_px", "offset_y_px", _PIXELS),
    ("h_offset", "h_offset", _RATIO),
    ("gaze_h_deg", "gaze_h_deg", _DEGREES),
    ("gaze_v_deg", "gaze_v_deg", _DEGREES),
)
_OUR_BOTH: Final = (
    ("h_offset", "h_offset", _RATIO),
    ("gaze_h_deg", "gaze_h_deg", _DEGREES),
    ("gaze_v_deg", "gaze_v_deg", _DEGREES),
    ("yaw_deg", "yaw_deg", _DEGREES),
    ("pitch_deg", "pitch_deg", _DEGREES),
    ("roll_deg", "roll_deg", _DEGREES),
    ("deg_per_px", "deg_per_px", "%.3f"),
    ("face_confidence", "face_confidence", "%.3f"),
    ("brightness", "brightness", "%.1f"),
    ("sharpness", "sharpness", "%.3f"),
)
"""Name in the table, name in `Frames` or `EyeColumns`, format."""


def csv_text(frames: Frames) -> str:
    """A header and a line for each frame, ending in newlines; what was not seen is an empty cell."""
    names, formats, columns = ["frame_idx", "time_sec"], ["%d", _SECONDS], [frames.frame_index, frames.time_s]
    parts: tuple[tuple[str, EyeColumns | Frames, tuple[tuple[str, str, str], ...]], ...] = (
        ("L_", frames.left, _GUIDE_EYE),
        ("R_", frames.right, _GUIDE_EYE),
        ("", frames, _GUIDE_BOTH),
        ("L_", frames.left, _OUR_EYE),
        ("R_", frames.right, _OUR_EYE),
        ("", frames, _OUR_BOTH),
    )
    for side, source, listed in parts:
        for name, attribute, how in listed:
            names.append(side + name)
            formats.append(how)
            column: Floats = getattr(source, attribute)
            columns.append(column + 0.0)  # no "-0.00"
    names += ["direction_h_deg", "direction_v_deg", "face_count", "blink", "gate"]
    formats += [_DEGREES, _DEGREES, "%d", "%d", "%s"]
    columns += [*(angle + 0.0 for angle in frames.direction_deg), frames.face_count, frames.blink_mask.astype(np.int64)]
    line = ",".join(formats) + "\n"
    rows = zip(*(column.tolist() for column in columns), frames.gate.tolist(), strict=True)
    return ",".join(names) + "\n" + "".join(line % row for row in rows).replace("nan", "")
