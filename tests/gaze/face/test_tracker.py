"""One face is followed: found, kept, lost, found again; the largest that stays."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from sightline.gaze.face.tracker import Face, FaceTracker
from tests.gaze.face.portrait import apart, eye_distance_px, frame, only_face, portrait

SMALL = slice(30, 270), slice(105, 345)
"""The portrait's head."""


def scene(*heads: tuple[int, int, int]) -> np.ndarray:
    """A grey picture, 480x640, with the portrait's head at (left, top) with a given side."""
    picture = np.full((480, 640, 3), 100, np.uint8)
    for left, top, side in heads:
        head = Image.fromarray(portrait()[SMALL]).resize((side, side), Image.Resampling.LANCZOS)
        picture[top : top + side, left : left + side] = np.asarray(head)
    return picture


def followed(tracker: FaceTracker, picture: np.ndarray, start_s: float, end_s: float) -> list[Face | None]:
    return [tracker.update(frame(picture, time_s)) for time_s in np.arange(start_s, end_s, 0.1)]


def test_the_landmarks_lie_on_the_face() -> None:
    face = only_face(portrait())
    assert face.landmarks.shape == (478, 3)
    assert face.landmarks[468, :2] == pytest.approx([203, 104], abs=5)
    assert face.landmarks[473, :2] == pytest.approx([246, 106], abs=5)
    assert face.landmarks[1, 2] < face.landmarks[33, 2]  # the nose tip is nearer the camera than the eye's corner
    assert face.presence > 0.99


def test_a_still_face_is_followed_without_being_detected_again() -> None:
    tracker = FaceTracker()
    faces = [tracker.update(frame(portrait(), 0.03 * number)) for number in range(12)]
    assert [face is not None and face.redetected for face in faces] == [True] + [False] * 11
    for face in faces[1:]:
        assert face is not None
        assert apart(face.landmarks, only_face(portrait()).landmarks) < 0.01 * eye_distance_px(face)


def test_a_moving_face_is_followed() -> None:
    tracker = FaceTracker()
    for number in range(10):
        face = tracker.update(frame(scene((100 + 12 * number, 100, 240)), 0.033 * number))
        assert face is not None
        assert face.redetected == (number == 0)
    assert face is not None
    still = only_face(scene((208, 100, 240)))
    assert apart(face.landmarks, still.landmarks) < 0.01 * eye_distance_px(still)


def test_where_there_is_no_face_there_is_none_and_it_is_found_again() -> None:
    tracker, nobody = FaceTracker(), np.full((480, 640, 3), 100, np.uint8)
    seen = [tracker.update(frame(picture, 0.03 * n)) for n, picture in enumerate([scene((100, 100, 240)), nobody] * 2)]
    assert [face is not None for face in seen] == [True, False, True, False]


def test_a_face_that_jumps_is_found_in_the_same_frame() -> None:
    tracker = FaceTracker()
    tracker.update(frame(scene((10, 10, 200)), 0.0))
    face = tracker.update(frame(scene((420, 260, 200)), 0.03))
    assert face is not None
    assert face.redetected
    assert face.landmarks[1, 0] > 420


def test_the_largest_face_is_taken_and_the_others_are_counted() -> None:
    face = FaceTracker().update(frame(scene((20, 40, 220), (300, 100, 300))))
    assert face is not None
    assert face.face_count == 2
    assert face.landmarks[1, 0] > 300


def test_of_two_faces_alike_the_first_one_taken_is_kept() -> None:
    faces = followed(FaceTracker(), scene((20, 40, 240), (300, 100, 260)), 0.0, 3.0)
    assert all(face is not None and face.landmarks[1, 0] > 300 and face.face_count == 2 for face in faces)


def test_who_comes_in_larger_is_followed_only_once_they_stay() -> None:
    tracker, alone, both = FaceTracker(), scene((20, 40, 150)), scene((20, 40, 150), (300, 100, 260))
    followed(tracker, alone, 0.0, 1.0)
    passing = followed(tracker, both, 1.0, 1.8)
    assert all(face is not None and face.landmarks[1, 0] < 200 for face in passing)
    followed(tracker, alone, 1.8, 3.0)
    staying = followed(tracker, both, 3.0, 6.0)
    assert staying[0] is not None
    assert staying[0].landmarks[1, 0] < 200
    assert staying[-1] is not None
    assert staying[-1].landmarks[1, 0] > 300


def test_reset_forgets_the_face() -> None:
    tracker = FaceTracker()
    tracker.update(frame(scene((20, 40, 150)), 0.0))
    tracker.reset()
    face = tracker.update(frame(scene((20, 40, 150), (300, 100, 260)), 0.0))
    assert face is not None
    assert face.redetected
    assert face.landmarks[1, 0] > 300


def test_a_tracker_goes_on_from_anothers_face() -> None:
    one, other, picture = FaceTracker(), FaceTracker(), scene((20, 40, 150), (300, 100, 260))
    small = one.update(frame(scene((20, 40, 150)), 0.0))
    assert small is not None
    other.follow(small)
    face = other.update(frame(picture, 0.03))
    assert face is not None
    assert not face.redetected
    assert apart(face.landmarks, small.landmarks) < 0.05 * eye_distance_px(small)
    assert face.confidence > 0.9


@pytest.mark.parametrize("angle", [-25, 20])
def test_a_rolled_face_keeps_its_form(angle: int) -> None:
    picture = Image.fromarray(scene((200, 100, 280)))
    turned = only_face(np.asarray(picture.rotate(angle, Image.Resampling.BICUBIC, fillcolor=(100, 100, 100))))
    upright = only_face(np.asarray(picture))
    turn = np.exp(-1j * np.radians(angle))
    middle = 320 + 240j
    expected = (upright.landmarks @ [1, 1j, 0] - middle) * turn + middle
    distance = np.abs(turned.landmarks @ [1, 1j, 0] - expected)
    assert distance.mean() < 0.02 * eye_distance_px(upright)


def test_a_face_larger_than_the_picture_is_followed() -> None:
    close = np.asarray(Image.fromarray(portrait()[60:165, 150:300]).resize((900, 630)))
    face = only_face(close)
    assert face.landmarks[468, :2] == pytest.approx([6 * (203 - 150), 6 * (104 - 60)], abs=30)
