from __future__ import annotations

import csv
from dataclasses import replace
from io import StringIO

import numpy as np
import pytest

from sightline.gaze.csv import csv_text
from sightline.gaze.frames import stack
from tests.gaze.heads import SIZE, Head, rows_of

GUIDE = [
    "frame_idx",
    "time_sec",
    "L_iris_cx",
    "L_iris_cy",
    "L_eye_open",
    "L_v_offset",
    "R_iris_cx",
    "R_iris_cy",
    "R_eye_open",
    "R_v_offset",
    "eye_open",
    "v_offset",
]


def table(heads: list[Head | None]) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(csv_text(stack(rows_of(heads), SIZE)))))


def test_the_guides_columns_come_first_in_their_order() -> None:
    header = csv_text(stack(rows_of([Head()]), SIZE)).splitlines()[0].split(",")
    assert header[: len(GUIDE)] == GUIDE
    assert len(set(header)) == len(header)
    assert {"gaze_h_deg", "gaze_v_deg", "pitch_deg", "gate", "blink"} < set(header)


def test_a_row_says_what_was_measured() -> None:
    frames = stack(rows_of([Head(), Head(yaw_deg=10, gaze_v_deg=4)]), SIZE)
    frames = replace(frames, blink_mask=np.array([False, True]))
    row = list(csv.DictReader(StringIO(csv_text(frames))))[1]
    assert float(row["time_sec"]) == pytest.approx(1 / 30, abs=1e-6)
    assert float(row["L_iris_cx"]) == pytest.approx(frames.left.iris_x_px[1], abs=0.01)
    assert float(row["R_v_offset"]) == pytest.approx(frames.right.v_offset[1], abs=1e-4)
    assert float(row["eye_open"]) == pytest.approx(frames.aperture[1], abs=1e-4)
    assert float(row["yaw_deg"]) == pytest.approx(10, abs=0.05)
    assert float(row["direction_h_deg"]) == pytest.approx(frames.direction_deg[0][1], abs=0.01)
    assert (row["frame_idx"], row["blink"], row["gate"]) == ("1", "1", "")


def test_a_frame_without_a_face_has_empty_cells() -> None:
    row = table([Head(), None, Head()])[1]
    assert row["frame_idx"] == "1"
    assert row["gate"] == "no_face"
    assert all(row[name] == "" for name in GUIDE[2:])


def test_every_frame_has_a_line_and_no_frame_only_the_header() -> None:
    assert len(table([None, Head(), None])) == 3
    assert table([]) == []
