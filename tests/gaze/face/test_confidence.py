"""How sure it is that it is a face."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.gaze.face.confidence import confidence, pupils_over_iris
from tests.gaze.face.portrait import only_face, portrait

fractions = st.floats(0, 1)


def eyes(pupils: float, iris: float) -> np.ndarray:
    points = np.zeros((478, 3))
    for centre, ends, x in ((468, (469, 471), -pupils / 2), (473, (474, 476), pupils / 2)):
        points[centre, 0] = x
        points[ends, 0] = x - iris / 2, x + iris / 2
    return points


def test_a_persons_face_is_sure() -> None:
    assert only_face(portrait()).confidence > 0.99


@given(fractions, fractions, st.floats(1, 12))
def test_it_is_a_fraction_and_no_more_than_the_landmark_net_says(presence: float, score: float, ratio: float) -> None:
    assert 0 <= confidence(eyes(ratio, 1), presence, score) <= presence


def test_large_irises_as_drawn_faces_have_them_make_it_doubtful() -> None:
    assert confidence(eyes(63.4, 11.7), 1, 0.9) == 1
    assert confidence(eyes(63.4, 15.2), 1, 0.9) < 0.25


def test_what_the_detector_does_not_see_is_doubtful() -> None:
    assert confidence(eyes(63.4, 11.7), 1, 0.0) == 0
    assert confidence(eyes(63.4, 11.7), 1, 0.55) < 0.5


def test_the_ratio_knows_no_scale_and_holds_for_a_turned_head() -> None:
    points = eyes(60, 12)
    turned = points.copy()
    turned[[468, 473], 0] *= 0.8
    turned[[468, 473], 2] = -18, 18  # the pupils as far apart as before, but one nearer the camera
    assert pupils_over_iris(points) == pytest.approx(5)
    assert pupils_over_iris(7 * points) == pytest.approx(5)
    assert pupils_over_iris(turned) == pytest.approx(5)


def test_an_iris_without_extent_is_no_error() -> None:
    assert confidence(np.zeros((478, 3)), 1, 0.9) == 0
