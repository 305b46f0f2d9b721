"""Suppression: who goes, who stays, and how many."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sightline.crack.ultralytics.nms import IOU_LIMIT, MAX_KEPT, suppress


def iou(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """By counting unit squares: boxes with integer corners below 16."""
    painted = []
    for x1, y1, x2, y2 in (one.astype(int), other.astype(int)):
        grid = np.zeros((16, 16), dtype=bool)
        grid[y1:y2, x1:x2] = True
        painted.append(grid)
    union = int((painted[0] | painted[1]).sum())
    return float((painted[0] & painted[1]).sum() / union) if union else 0.0


CORNERS = st.tuples(*[st.integers(0, 7)] * 2, *[st.integers(8, 15)] * 2)
INSTANCES = st.lists(st.tuples(CORNERS, st.integers(1, 99), st.integers(0, 1)), min_size=1, max_size=30)


@given(INSTANCES)
def test_the_kept_do_not_overlap_and_the_gone_overlap_a_better_one(
    instances: list[tuple[tuple[int, int, int, int], int, int]],
) -> None:
    boxes = np.array([box for box, _, _ in instances], dtype=np.float32)
    scores = np.array([score for _, score, _ in instances], dtype=np.float32)
    classes = np.array([index for _, _, index in instances], dtype=np.intp)
    kept = suppress(boxes, scores, classes).tolist()
    assert scores[kept].tolist() == sorted(scores[kept], reverse=True)

    def clash(one: int, other: int) -> bool:
        return bool(classes[one] == classes[other]) and iou(boxes[one], boxes[other]) > IOU_LIMIT

    assert not any(clash(one, other) for place, one in enumerate(kept) for other in kept[:place])
    for gone in set(range(len(instances))) - set(kept):
        assert any(clash(gone, better) and scores[better] >= scores[gone] for better in kept)


def test_an_overlap_of_just_the_limit_is_kept() -> None:
    boxes = np.array([[0, 0, 10, 10], [0, 0, 10, 7], [0, 0, 10, 7.5]], dtype=np.float32)
    scores = np.array([0.9, 0.8, 0.7], dtype=np.float32)
    assert suppress(boxes[:2], scores[:2], np.zeros(2, dtype=np.intp)).tolist() == [0, 1]
    assert suppress(boxes, scores, np.zeros(3, dtype=np.intp)).tolist() == [0, 1]


def test_at_most_so_many_are_kept() -> None:
    corners = np.arange(1000, dtype=np.float32)[:, None] * 10
    boxes = np.concatenate([corners, corners, corners + 5, corners + 5], axis=1)
    kept = suppress(boxes, np.linspace(0, 1, 1000, dtype=np.float32), np.zeros(1000, dtype=np.intp))
    assert kept.tolist() == list(range(999, 999 - MAX_KEPT, -1))


def test_empty_boxes_disturb_nobody() -> None:
    boxes = np.zeros((2, 4), dtype=np.float32)
    scores = np.ones(2, dtype=np.float32)
    assert suppress(boxes, scores, np.zeros(2, dtype=np.intp)).tolist() == [0, 1]
    assert suppress(boxes[:0], scores[:0], np.zeros(0, dtype=np.intp)).tolist() == []
