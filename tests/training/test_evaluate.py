"""The figures are computed as they are described."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("cv2", reason="needs the extra `train`")
pytest.importorskip("torch", reason="needs the extra `train`")

from training.evaluate import judge_pixels, pixel_scores, share_with_interval


def line(row: int, thickness: int = 3) -> np.ndarray:
    mask = np.zeros((100, 100), bool)
    mask[row : row + thickness, 10:90] = True
    return mask


def test_a_perfect_mask_scores_one_everywhere() -> None:
    assert pixel_scores([judge_pixels(line(50), line(50))]) == pytest.approx(np.ones(5))


def test_a_mask_three_pixels_off_has_no_pixels_right_but_its_centre_line() -> None:
    precision, recall, f1, _, centre_iou = pixel_scores([judge_pixels(line(53), line(50))])
    assert (precision, recall, f1) == (0, 0, 0)
    assert centre_iou == 1


def test_scores_are_pooled_over_photos() -> None:
    nothing = np.zeros((100, 100), bool)
    judged = [judge_pixels(line(50), line(50)), judge_pixels(nothing, line(20))]
    precision, recall, *_ = pixel_scores(judged)
    assert precision == 1
    assert recall == pytest.approx(0.5)


def test_a_share_comes_with_its_interval() -> None:
    assert share_with_interval([True] * 3 + [False] * 97) == "3 of 100 = 3.0 % (1.0-8.5)"
