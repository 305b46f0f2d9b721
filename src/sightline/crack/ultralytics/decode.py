"""From a network's raw numbers to detections: both layouts that Ultralytics exports have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sightline.crack.ultralytics.nms import MAX_KEPT, suppress
from sightline.errors import NotReadyError

CONFIDENCE_LIMIT = 0.25
"""Ultralytics' default: detections that are less sure are dropped."""

Layout = Literal["raw", "finished"]


@dataclass(frozen=True, slots=True)
class Detections:
    """What is left after thresholds and suppression, best first.

    Attributes:
        boxes: float32 (n, 4) as x1, y1, x2, y2 in pixels of the network's input.
        scores: float32 (n,) in 0..1.
        coefficients: float32 (n, m), how much of each mask prototype an instance takes; m is 0 for detection.
    """

    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]
    coefficients: NDArray[np.float32]


def tell_layout(shape: tuple[int, ...], class_count: int, coefficient_count: int) -> Layout:
    """Which layout one picture's output (two sides) has.

    "raw" is (4 + classes + m, anchors), to be thresholded and suppressed. "finished" is (rows, 6 + m): networks without
    suppression (YOLOv10, YOLO26) and exports that contain it (`nms=True`). No input size makes one look like the other:
    the number of anchors is a multiple of 21.

    Raises:
        NotReadyError: It is neither.
    """
    if shape[1] == 6 + coefficient_count:
        return "finished"
    if shape[0] == 4 + class_count + coefficient_count:
        return "raw"
    raise NotReadyError(
        f"its output of shape {list(shape)} fits no Ultralytics model with {class_count} classes "
        f"and {coefficient_count} mask coefficients"
    )


def decode(prediction: NDArray[np.float32], layout: Layout, class_count: int, wanted: tuple[int, ...]) -> Detections:
    """Read one picture's output, (channels, anchors) or (rows, 6 + m) by its layout; keep classes in `wanted`."""
    if layout == "finished":
        return _decode_finished(prediction, wanted)
    return _decode_raw(prediction, class_count, wanted)


def _decode_raw(prediction: NDArray[np.float32], class_count: int, wanted: tuple[int, ...]) -> Detections:
    """Columns of centre x, centre y, width, height, a score per class, coefficients."""
    of_classes = prediction[4 : 4 + class_count]
    sure = of_classes.max(axis=0) > CONFIDENCE_LIMIT
    chosen = prediction[:, sure].T
    classes = chosen[:, 4 : 4 + class_count].argmax(axis=1)
    hit = np.isin(classes, wanted)
    chosen, classes = chosen[hit], classes[hit]
    scores = chosen[:, 4 : 4 + class_count].max(axis=1)
    centre, half = chosen[:, :2], chosen[:, 2:4] / 2
    boxes = np.concatenate([centre - half, centre + half], axis=1)
    kept = suppress(boxes, scores, classes)
    return Detections(boxes[kept], scores[kept], chosen[kept, 4 + class_count :])


def _decode_finished(prediction: NDArray[np.float32], wanted: tuple[int, ...]) -> Detections:
    """Rows of x1, y1, x2, y2, score, class, coefficients; unused rows have the score 0."""
    hit = (prediction[:, 4] > CONFIDENCE_LIMIT) & np.isin(prediction[:, 5], wanted)
    chosen = prediction[hit][:MAX_KEPT]
    return Detections(chosen[:, :4], chosen[:, 4], chosen[:, 6:])
