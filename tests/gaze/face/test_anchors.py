"""The detector's anchors lie where its net was trained to have them."""

from __future__ import annotations

import numpy as np

from sightline.gaze.face.anchors import face_anchors


def test_there_is_one_for_each_box_of_the_net() -> None:
    assert face_anchors().shape == (896, 2)


def test_the_finer_grid_comes_first_row_by_row_with_two_a_cell() -> None:
    anchors = face_anchors() * 128
    assert anchors[:4].tolist() == [[4, 4], [4, 4], [12, 4], [12, 4]]
    assert anchors[32].tolist() == [4, 12]
    assert anchors[512:519].tolist() == [[8, 8]] * 6 + [[24, 8]]


def test_they_lie_alike_on_both_sides() -> None:
    anchors = face_anchors()
    for axis in (0, 1):
        mirrored = anchors.copy()
        mirrored[:, axis] = 1 - mirrored[:, axis]
        assert np.array_equal(np.unique(mirrored, axis=0), np.unique(anchors, axis=0))
