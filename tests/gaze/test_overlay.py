"""The video with what was measured drawn in: same frames, same times, marks where they belong."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.errors import BadInputError
from sightline.gaze.blinks import Blink
from sightline.gaze.frames import EyeColumns, Frames
from sightline.gaze.overlay import write_overlay
from sightline.gaze.overlay_drawing import CLOSED, EYE, GAZE, IRIS, draw_frame
from sightline.gaze.report import GazeReport
from sightline.media.video import open_video
from tests.media.clips import encode, number_of

SIZE = 320, 240
TIMES_MS = [0, 33, 66, 133, 150, 200, 266, 300, 333, 400]
LEFT_EYE, RIGHT_EYE = (220.0, 120.0), (100.0, 120.0)


def eye(place: tuple[float, float], count: int) -> EyeColumns:
    """An eye that looks 10 degrees to the right of the picture."""
    values = {field.name: np.full(count, 0.3) for field in fields(EyeColumns)} | {
        "iris_x_px": np.full(count, place[0]),
        "iris_y_px": np.full(count, place[1]),
        "iris_diameter_px": np.full(count, 20.0),
        "opening_px": np.full(count, 26.0),
        "width_px": np.full(count, 60.0),
        "offset_x_px": np.zeros(count),
        "offset_y_px": np.zeros(count),
        "gaze_h_deg": np.full(count, 10.0),
        "gaze_v_deg": np.zeros(count),
    }
    return EyeColumns(**values)


def report(blinks: tuple[Blink, ...] = (), rows: list[int] | None = None, **columns: Any) -> GazeReport:
    """As much of a report as is drawn."""
    rows = list(range(len(TIMES_MS))) if rows is None else rows
    count = len(rows)
    values: dict[str, Any] = {field.name: np.full(count, 0.0) for field in fields(Frames)}
    values |= {
        "frame_index": np.array(rows),
        "time_s": np.array(TIMES_MS)[rows] / 1000,
        "left": eye(LEFT_EYE, count),
        "right": eye(RIGHT_EYE, count),
        "gate": np.full(count, "", dtype="<U20"),
        "blink_mask": np.zeros(count, bool),
    }
    return cast("GazeReport", SimpleNamespace(frames=Frames(**values | columns), blinks=blinks))


def blink(onset_s: float, offset_s: float) -> Blink:
    return Blink(onset_s, onset_s, offset_s, offset_s - onset_s, 0.0, 0.0, 1.0, "both", "blink", 0, 1, False)


def where(picture: NDArray[np.uint8], colour: tuple[int, int, int]) -> set[tuple[int, int]]:
    """Pixels (x, y) of a colour, without the caption and the strip along the lower edge."""
    near = np.abs(picture[40:-12].astype(int) - colour).sum(axis=2) < 60
    return {(int(x), int(y) + 40) for y, x in np.argwhere(near)}


GREY = np.full((SIZE[1], SIZE[0], 3), 128, np.uint8)


def test_eyes_are_drawn_where_they_are_and_nothing_else_is_touched() -> None:
    drawn = draw_frame(GREY, report(), 0)
    for colour in (EYE, IRIS, GAZE):
        found = np.array(sorted(where(drawn, colour)))
        to_eye = np.minimum(*(np.hypot(*(found - place).T) for place in (LEFT_EYE, RIGHT_EYE)))
        assert len(found) > 20
        assert to_eye.max() < 45

    changed = np.argwhere(np.any(drawn != 128, axis=2))[:, ::-1]
    free = changed[(changed[:, 1] > 40) & (changed[:, 1] < SIZE[1] - 12)]
    assert np.minimum(*(np.hypot(*(free - place).T) for place in (LEFT_EYE, RIGHT_EYE))).max() < 50
    assert GREY.min() == GREY.max() == 128


def test_the_iris_is_a_circle_of_its_diameter() -> None:
    found = np.array(sorted(where(draw_frame(GREY, report(), 0), IRIS)))
    left = found[found[:, 0] > 160] + 0.5

    assert np.abs(np.hypot(*(left - LEFT_EYE).T) - 10).max() < 1.6


@pytest.mark.parametrize(
    ("gaze_deg", "towards"), [((10, 0), (1, 0)), ((-10, 0), (-1, 0)), ((0, 10), (0, -1)), ((0, -10), (0, 1))]
)
def test_the_arrow_points_where_the_eye_looks(gaze_deg: tuple[int, int], towards: tuple[int, int]) -> None:
    left = replace(
        eye(LEFT_EYE, 10), gaze_h_deg=np.full(10, float(gaze_deg[0])), gaze_v_deg=np.full(10, float(gaze_deg[1]))
    )
    found = np.array(sorted(where(draw_frame(GREY, report(left=left), 0), GAZE)))
    arrow = found[found[:, 0] > 160] - LEFT_EYE

    assert (arrow @ towards).max() == pytest.approx(10 / 15 * 60, abs=3)
    assert (arrow @ towards).min() > -4


def test_a_tilted_head_tilts_the_eyes() -> None:
    found = np.array(sorted(where(draw_frame(GREY, report(roll_deg=np.full(10, 30.0)), 0), EYE)))
    from_eye = found[found[:, 0] > 160] - LEFT_EYE
    corner = from_eye[np.argmax(np.hypot(*from_eye.T))] * np.sign(from_eye[np.argmax(np.hypot(*from_eye.T)), 0])

    assert np.degrees(np.arctan2(corner[1], corner[0])) == pytest.approx(30, abs=5)


def test_in_a_blink_there_is_neither_iris_nor_gaze() -> None:
    masked = np.zeros(10, bool)
    masked[4] = True
    shown = report((blink(0.14, 0.16),), blink_mask=masked)
    closed, opened = draw_frame(GREY, shown, 4), draw_frame(GREY, shown, 3)

    assert not where(closed, IRIS) | where(closed, GAZE) | where(closed, EYE)
    assert where(closed, CLOSED)
    assert where(opened, IRIS)
    assert not where(opened, CLOSED)


def test_a_frame_without_a_face_or_at_the_edge_is_drawn_too() -> None:
    nothing = EyeColumns(**{field.name: np.full(10, np.nan) for field in fields(EyeColumns)})
    gate = np.full(10, "no_face", dtype="<U20")
    faceless = draw_frame(GREY, report(left=nothing, right=nothing, aperture=np.full(10, np.nan), gate=gate), 0)
    outside = draw_frame(GREY, report(left=eye((-300.0, 5.0), 10), right=eye((0.0, 0.0), 10)), 0)

    assert not where(faceless, EYE)
    assert outside.shape == GREY.shape


def test_every_frame_keeps_its_time_and_its_place(tmp_path: Path) -> None:
    path = tmp_path / "drawn.mp4"
    heard: list[tuple[int, int]] = []
    data = encode(TIMES_MS, size=SIZE)
    write_overlay(data, report(), path, lambda done, total: heard.append((done, total)))
    video = open_video(path)

    assert video.meta.frame_times_s == pytest.approx([ms / 1000 for ms in TIMES_MS], abs=1e-5)
    assert [number_of(frame.rgb()) for frame in video.frames()] == list(range(10))
    assert heard == [(done, 10) for done in range(1, 11)]
    assert list(tmp_path.iterdir()) == [path]
    plain, drawn = (next(open_video(source).frames()).rgb().astype(int) for source in (data, path))
    x, y = (int(place) for place in LEFT_EYE)
    assert np.abs(drawn - plain)[y - 20 : y + 20, x - 30 : x + 30].mean() > 20
    assert np.abs(drawn - plain)[170:220].mean() < 10


def test_frames_that_were_not_looked_at_are_left_out(tmp_path: Path) -> None:
    write_overlay(encode(TIMES_MS, size=SIZE), report(rows=[0, 3, 6]), tmp_path / "drawn.mp4")
    video = open_video(tmp_path / "drawn.mp4")

    assert video.meta.frame_times_s == pytest.approx([0, 0.133, 0.266], abs=1e-5)
    assert [number_of(frame.rgb()) for frame in video.frames()] == [0, 3, 6]


def test_a_video_on_its_side_is_written_upright(tmp_path: Path) -> None:
    write_overlay(encode(TIMES_MS, size=SIZE, orientation=(-90, False, False)), report(), tmp_path / "drawn.mp4")
    meta = open_video(tmp_path / "drawn.mp4").meta

    assert (meta.width_px, meta.height_px, meta.rotation_deg) == (240, 320, 0)


def test_odd_sizes_lose_a_row_and_a_column(tmp_path: Path) -> None:
    data = encode(TIMES_MS, "ffv1", "matroska", size=(321, 241), pixel_format="yuv444p")
    write_overlay(data, report(), tmp_path / "drawn.mp4")
    meta = open_video(tmp_path / "drawn.mp4").meta

    assert (meta.width_px, meta.height_px) == (320, 240)


def test_what_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(BadInputError):
        write_overlay(b"no video", report(), tmp_path / "drawn.mp4")
    with pytest.raises(KeyboardInterrupt):
        write_overlay(encode(TIMES_MS, size=SIZE), report(), tmp_path / "drawn.mp4", stop)
    assert not list(tmp_path.iterdir())
