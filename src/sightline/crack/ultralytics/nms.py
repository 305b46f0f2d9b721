"""Greedy non-maximum suppression, class by class, with the limits that Ultralytics predicts with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

IOU_LIMIT = 0.7
MAX_CANDIDATES = 30_000
MAX_KEPT = 300


def suppress(boxes: NDArray[np.float32], scores: NDArray[np.float32], classes: NDArray[np.intp]) -> NDArray[np.intp]:
    """Indices of the boxes to keep, best score first, at most `MAX_KEPT`.

    A box goes when it overlaps a better one of its own class by an intersection over union above `IOU_LIMIT`.

    Args:
        boxes: (n, 4) as x1, y1, x2, y2.
        scores: (n,).
        classes: (n,).
    """
    waiting = np.argsort(-scores, kind="stable")[:MAX_CANDIDATES]
    kept: list[np.intp] = []
    while len(waiting) and len(kept) < MAX_KEPT:
        best, waiting = waiting[0], waiting[1:]
        kept.append(best)
        rival = (classes[waiting] == classes[best]) & (_iou(boxes[best], boxes[waiting]) > IOU_LIMIT)
        waiting = waiting[~rival]
    return np.array(kept, dtype=np.intp)


def _iou(box: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intersection over union of one box (4,) with others (n, 4); 0 where both are empty."""
    sides = np.maximum(np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2]), 0)
    intersection = sides[:, 0] * sides[:, 1]
    union = _area(box[None]) + _area(others) - intersection
    overlap: NDArray[np.float32] = np.divide(intersection, union, out=np.zeros_like(intersection), where=union > 0)
    return overlap


def _area(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
