from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.gaze.certainty import IRIS_CM, certainty

SURE = np.ones(5)


def test_a_face_that_all_agree_on_is_certain() -> None:
    assert certainty(SURE, 0.9 * SURE, IRIS_CM) == pytest.approx(SURE)


@pytest.mark.parametrize("iris_cm", [1.10, 1.20])
def test_people_differ(iris_cm: float) -> None:
    assert certainty(SURE, 0.9 * SURE, iris_cm).min() > 0.95


@pytest.mark.parametrize("iris_cm", [0.85, 1.45, 1.63])
def test_irises_of_no_human_size_are_doubtful(iris_cm: float) -> None:
    assert certainty(SURE, 0.9 * SURE, iris_cm).max() < 0.5


def test_the_detectors_doubt_counts_where_it_is_and_where_it_is_the_rule() -> None:
    once = certainty(SURE, np.array([0.9, 0.9, 0.52, 0.9, 0.9]), IRIS_CM)
    assert once[2] < 0.5 < once[3]
    as_a_rule = certainty(SURE, np.array([0.52, 0.52, 0.9, 0.52, 0.52]), IRIS_CM)
    assert (as_a_rule < 0.5).all()


def test_without_a_face_there_is_nothing_to_be_sure_of() -> None:
    sure = certainty(np.array([np.nan, 1.0]), np.array([np.nan, 0.9]), IRIS_CM)
    assert np.isfinite(sure).tolist() == [False, True]
    assert np.isnan(certainty(np.full(2, np.nan), np.full(2, np.nan), IRIS_CM)).all()


@given(presence=st.floats(0, 1), score=st.floats(0, 1), iris_cm=st.floats(0.2, 5))
def test_it_is_a_share(presence: float, score: float, iris_cm: float) -> None:
    (sure,) = certainty(np.array([presence]), np.array([score]), iris_cm)
    assert 0 <= sure <= presence
