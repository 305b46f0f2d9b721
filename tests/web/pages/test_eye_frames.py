"""The player's columns against the stored table."""

from __future__ import annotations

import json
from typing import Any

from sightline.web.pages.eye_frames import frames_json

HEAD = "frame_idx,time_sec,L_iris_cx,L_eye_open,gaze_h_deg,gaze_v_deg,blink,gate\n"
REPORT: dict[str, Any] = {
    "screening": {"responses": [{"target": "up", "start_s": 1.0, "end_s": 2.0, "reached": True, "latency_s": 0.2}]},
    "blinks": [{"onset_s": 0.1, "closed_s": 0.2, "offset_s": 0.3, "kind": "blink", "eyes": "both", "duration_s": 0.2}],
    "saccades": [{"onset_s": 1.1, "offset_s": 1.2, "amplitude_deg": 9.5, "direction_deg": 90.0}],
}


def frames(*rows: str) -> Any:
    return json.loads(frames_json(HEAD + "".join(f"{row}\n" for row in rows), REPORT))


def test_cells_keep_their_figures_and_empty_ones_are_null() -> None:
    told = frames("0,0.000000,10.25,0.31,1.50,-2.00,0,", "1,0.033333,,,,,0,no_face")

    assert told["time"] == [0.0, 0.033333]
    assert told["left_iris_x"] == [10.25, None]
    assert told["left_aperture"] == [0.31, None]
    assert (told["gaze_h"], told["gaze_v"]) == ([1.5, None], [-2.0, None])
    assert told["right_iris_x"] == [None, None]  # a column that an older table does not have


def test_gaze_is_left_out_where_it_is_not_to_be_trusted() -> None:
    told = frames("0,0.0,1,0.3,1.0,1.0,0,", "1,0.1,1,0.1,2.0,2.0,1,", "2,0.2,1,0.3,3.0,3.0,0,blurred")

    assert told["gaze_h"] == [1.0, None, None]
    assert told["masked"] == [[0.1, 0.2]]
    assert told["gaps"] == [{"code": "blurred", "spans": [[0.2, 0.3]]}]


def test_missing_frames_are_a_gap() -> None:
    told = frames(*(f"{row},{time:.1f},1,0.3,1,1,0," for row, time in enumerate((0.0, 0.1, 0.2, 0.9, 1.0))))

    [gap] = told["gaps"]
    assert gap["code"] == "no_frames"
    assert [round(moment, 6) for moment in gap["spans"][0]] == [0.3, 0.9]


def test_events_tell_what_the_player_shows() -> None:
    told = frames("0,0.0,1,0.3,1,1,0,")

    assert told["blinks"] == [{"onset_s": 0.1, "closed_s": 0.2, "offset_s": 0.3, "kind": "blink", "eyes": "both"}]
    assert told["saccades"] == REPORT["saccades"]
    assert told["targets"] == [{"target": "up", "start_s": 1.0, "end_s": 2.0, "reached": True}]
    assert told["square_wave_jerks"] == []


def test_a_table_without_frames() -> None:
    told = frames()

    assert (told["time"], told["gaps"], told["step_s"]) == ([], [], 0.0)
