"""Boxes of one face become one, and faces are found wherever they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.gaze.face.detection import Detection, FaceDetector, decode, merge_boxes, overlap, tiles, whole
from sightline.gaze.face.nets import detector_net
from tests.gaze.face.portrait import frame, portrait

boxes = st.tuples(st.floats(0, 90), st.floats(0, 90), st.floats(1, 90), st.floats(1, 90)).map(
    lambda box: np.array([box[0], box[1], box[0] + box[2], box[1] + box[3]])
)
sizes = st.integers(8, 4000)


def found(box: list[float], score: float) -> Detection:
    return Detection(np.array(box, np.float32), np.full((6, 2), box[0], np.float32), score)


@given(boxes, boxes)
def test_overlap_is_a_fraction_that_does_not_depend_on_the_order(one: np.ndarray, other: np.ndarray) -> None:
    shared = overlap(one, other[None])[0]
    assert 0 <= shared <= 1
    assert shared == pytest.approx(overlap(other, one[None])[0])
    assert overlap(one, one[None])[0] == pytest.approx(1)


def test_an_empty_box_overlaps_nothing() -> None:
    assert overlap(np.zeros(4), np.zeros((2, 4))).tolist() == [0, 0]


def test_boxes_of_a_face_become_their_mean_weighed_by_score() -> None:
    (face,) = merge_boxes([found([0, 0, 100, 100], 0.6), found([10, 0, 110, 100], 0.9)])
    assert face.box_px == pytest.approx([6, 0, 106, 100])
    assert face.points_px == pytest.approx(np.full((6, 2), 6))
    assert face.score == 0.9


def test_two_faces_stay_two_the_surer_first() -> None:
    faces = merge_boxes([found([0, 0, 10, 10], 0.6), found([50, 0, 60, 10], 0.9), found([0, 1, 10, 11], 0.5)])
    assert [face.score for face in faces] == [0.9, 0.6]


def test_no_boxes_no_faces() -> None:
    assert merge_boxes([]) == []


def test_values_are_pixels_from_the_anchor_on() -> None:
    values = np.zeros((1, 16), np.float32)
    values[0, :6] = 1, 2, 10, 20, 3, 4
    box, points = decode(values, np.array([[0.5, 0.25]], np.float32), 128)
    assert box.tolist() == [[60, 24, 70, 44]]
    assert points[0, :2].tolist() == [[67, 36], [64, 32]]


@given(sizes, sizes)
def test_the_whole_picture_lies_centred_in_the_square(width: int, height: int) -> None:
    matrix = whole(width, height, 128)
    assert matrix @ [64, 64, 1] == pytest.approx([width / 2, height / 2])
    first, last = matrix @ [0, 0, 1], matrix @ [128, 128, 1]
    assert max(last - first) == pytest.approx(max(width, height))


@given(sizes, sizes)
def test_tiles_fill_the_short_side_and_cover_the_long_one(width: int, height: int) -> None:
    squares = [np.concatenate([m @ [0, 0, 1], m @ [128, 128, 1]]) for m in tiles(width, height, 128)]
    if width == height:
        assert not squares
        return
    axis, long, short = (0, width, height) if width > height else (1, height, width)
    starts, ends = [square[axis] for square in squares], [square[axis + 2] for square in squares]
    assert starts[0] == pytest.approx(0, abs=1e-6)
    assert ends[-1] == pytest.approx(long)
    assert np.subtract(ends, starts) == pytest.approx(short)
    assert np.all(np.subtract(ends[:-1], starts[1:]) >= short / 2 - 1e-6)  # what one tile cuts, the next holds whole


def test_a_face_is_found_with_its_eyes_where_they_are() -> None:
    (face,) = FaceDetector(detector_net()).detect(frame(portrait()))
    assert face.score > 0.8
    assert face.points_px[0] == pytest.approx([203, 105], abs=8)  # her right eye, in the picture on the left
    assert face.points_px[1] == pytest.approx([247, 105], abs=8)
    assert face.holds(np.array([225.0, 120.0]))
    assert not face.holds(np.array([20.0, 120.0]))


def test_a_face_too_small_for_the_whole_picture_is_found_in_a_tile() -> None:
    wide = np.full((360, 1600, 3), 90, np.uint8)
    wide[120:240, 1300:1420] = portrait()[30:270:2, 105:345:2]
    (face,) = FaceDetector(detector_net()).detect(frame(wide))
    assert face.holds(np.array([1360.0, 165.0]))


@pytest.mark.parametrize("level", [0, 128, 255])
def test_an_even_picture_has_no_face(level: int) -> None:
    assert FaceDetector(detector_net()).detect(frame(np.full((90, 160, 3), level, np.uint8))) == []
