"""The face detector: all faces of a frame, with box, eyes and score."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sightline.gaze.face.anchors import face_anchors
from sightline.gaze.face.region import Region
from sightline.media.frames import VideoFrame
from sightline.models.litert import LiteNet

LEAST_SCORE: Final = 0.5
"""A box under this is no face (MediaPipe's default)."""

_SAME_FACE_OVERLAP: Final = 0.5
"""Boxes whose intersection is more than this part of their union are one face (MediaPipe's default)."""

_HIGHEST_LOGIT: Final = 80.0
"""Logits are clipped to it, so that the exponential stays within float32."""


@dataclass(frozen=True, slots=True)
class Detection:
    """A face that the detector found, in pixels of the upright picture.

    Attributes:
        box_px: (4,) left, top, right, bottom.
        points_px: (6, 2) the person's right and left eye, nose tip, mouth, right and left ear.
        score: 0 to 1.
    """

    box_px: NDArray[np.float32]
    points_px: NDArray[np.float32]
    score: float

    @property
    def area_px2(self) -> float:
        """The box's area."""
        left, top, right, bottom = self.box_px
        return float((right - left) * (bottom - top))

    def holds(self, point_px: NDArray[np.floating]) -> bool:
        """Whether a point (2,) lies in the box."""
        left, top, right, bottom = self.box_px
        return bool(left <= point_px[0] <= right and top <= point_px[1] <= bottom)


class FaceDetector:
    """BlazeFace, short range (Bazarevsky et al., 2019): faces of about a fifth of the picture's side and larger."""

    def __init__(self, net: LiteNet) -> None:
        self._net = net
        self._side_px = net.input_shape[1]
        self._anchors = face_anchors()

    def detect(self, frame: VideoFrame) -> list[Detection]:
        """All faces, the surest first. Where there is none in the whole picture, smaller ones are looked for."""
        return merge_boxes(self._look(frame, whole(frame.width_px, frame.height_px, self._side_px))) or merge_boxes(
            [face for tile in tiles(frame.width_px, frame.height_px, self._side_px) for face in self._look(frame, tile)]
        )

    def score_in(self, frame: VideoFrame, region: Region) -> float:
        """How sure the detector is, 0 to 1, of a face that fills a region, however small or tilted in the picture."""
        _, scores = self._run(frame, region.to_picture(self._side_px))
        return float(scores.max())

    def _look(self, frame: VideoFrame, matrix: NDArray[np.float64]) -> list[Detection]:
        """The net's boxes, several a face, in the part of the frame that `matrix` leads to: a square, upright."""
        values, scores = self._run(frame, matrix)
        likely = np.flatnonzero(scores >= LEAST_SCORE)
        boxes, points = decode(values[likely], self._anchors[likely], self._side_px)
        scale, shift = np.float32(matrix[0, 0]), matrix[:, 2].astype(np.float32)
        return [
            Detection(scale * box + np.tile(shift, 2), scale * six + shift, float(score))
            for box, six, score in zip(boxes, points, scores[likely], strict=True)
        ]

    def _run(self, frame: VideoFrame, matrix: NDArray[np.float64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The net's values (896, 16) and scores (896,)."""
        picture = frame.crop(matrix, self._side_px, self._side_px)
        np.multiply(picture, np.float32(1 / 127.5), out=self._net.input()[0])
        np.subtract(self._net.input(), 1, out=self._net.input())
        values, logits = self._net.run()
        logits = np.clip(logits[0, :, 0], -_HIGHEST_LOGIT, _HIGHEST_LOGIT)
        return values[0], np.asarray(1 / (1 + np.exp(-logits)), np.float32)


def whole(width_px: int, height_px: int, side_px: int) -> NDArray[np.float64]:
    """The affine map (2, 3) from a square of `side_px` to the picture that it just holds, centred."""
    long = max(width_px, height_px)
    return _square((width_px - long) / 2, (height_px - long) / 2, long / side_px)


def tiles(width_px: int, height_px: int, side_px: int) -> list[NDArray[np.float64]]:
    """The maps from a square of `side_px` to the squares that fill the picture's short side, half overlapping."""
    short, spare = min(width_px, height_px), abs(width_px - height_px)
    steps = math.ceil(2 * spare / short)
    offsets = [spare * step / steps for step in range(steps + 1)] if steps else []
    wide = width_px > height_px
    return [_square(offset if wide else 0, 0 if wide else offset, short / side_px) for offset in offsets]


def _square(left_px: float, top_px: float, scale: float) -> NDArray[np.float64]:
    return np.array([[scale, 0, left_px], [0, scale, top_px]], dtype=np.float64)


def decode(
    values: NDArray[np.float32], anchors: NDArray[np.float32], side_px: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Boxes (n, 4: left, top, right, bottom) and points (n, 6, 2) in pixels of the net's input.

    Args:
        values: (n, 16) centre x and y, width, height, six points; all in pixels, places from the anchor on.
        anchors: (n, 2) in fractions of the input.
        side_px: The input's side.
    """
    origin = anchors * side_px
    centre, half = values[:, :2] + origin, values[:, 2:4] / 2
    points = values[:, 4:].reshape(-1, 6, 2) + origin[:, None]
    return np.concatenate([centre - half, centre + half], axis=1), points


def merge_boxes(found: Sequence[Detection]) -> list[Detection]:
    """Weighted non-maximum suppression (BlazeFace, section 3.4): the boxes of a face become one, their mean by score.

    Steadier from frame to frame than keeping the best box alone. The surest face comes first, each with its best score.
    """
    faces = []
    waiting = sorted(found, key=lambda box: box.score, reverse=True)
    while waiting:
        best = waiting[0]
        overlaps = overlap(best.box_px, np.stack([box.box_px for box in waiting])) > _SAME_FACE_OVERLAP
        overlaps[0] = True  # an empty box overlaps not even itself
        same = [box for box, is_same in zip(waiting, overlaps, strict=True) if is_same]
        waiting = [box for box, is_same in zip(waiting, overlaps, strict=True) if not is_same]
        weights = [box.score for box in same]
        faces.append(
            Detection(
                np.average([box.box_px for box in same], axis=0, weights=weights).astype(np.float32),
                np.average([box.points_px for box in same], axis=0, weights=weights).astype(np.float32),
                best.score,
            )
        )
    return faces


def overlap(box: NDArray[np.floating], boxes: NDArray[np.floating]) -> NDArray[np.float64]:
    """Intersection over union of a box (4,) with boxes (n, 4)."""
    sides = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    shared = np.prod(np.maximum(sides, 0), axis=1, dtype=np.float64)
    areas = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1, dtype=np.float64)
    union = areas + float(np.prod(box[2:] - box[:2])) - shared
    parts: NDArray[np.float64] = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return parts
