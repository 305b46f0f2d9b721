"""The split keeps what belongs together on one side; the judge's target follows the label."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("cv2", reason="needs the extra `train`")
pytest.importorskip("torch", reason="needs the extra `train`")

from training.data import held_out, judge_target
from training.labels import POSITIVE, UNKNOWN


def test_copies_frames_and_rooms_stay_on_one_side() -> None:
    for group in (
        ["1009-dat_png_jpg.18378b.jpg", "1009-dat_png_jpg.04c2a7.jpg"],
        ["DJI0112.jpg", "DJI0190.jpg"],
        ["100_bathroom.jpg", "100_bedroom.jpg", "100_kitchen.jpg"],
    ):
        assert len({held_out(name) for name in group}) == 1


def test_about_one_group_in_eight_is_held_out() -> None:
    share = np.mean([held_out(f"wall{number}.jpg") for number in range(4000)])
    assert 0.10 < share < 0.15


def test_the_judge_is_asked_about_cracks_and_clear_wall_but_not_beside_a_crack() -> None:
    label = np.zeros((96, 96), np.uint8)
    label[40:44] = POSITIVE
    target = judge_target(label, unknown_is_crack=False)
    assert (target[2] == 1).all()
    assert (target[[1, 3]] == -1).all()
    assert (target[[0, 4, 5]] == 0).all()


def test_an_unclear_polygon_is_a_crack_to_the_judge_where_people_drew_it() -> None:
    label = np.zeros((96, 96), np.uint8)
    label[40:44] = UNKNOWN
    assert (judge_target(label, unknown_is_crack=True)[2] == 1).all()
    assert (judge_target(label, unknown_is_crack=False)[2] == -1).all()
