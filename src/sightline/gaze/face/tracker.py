"""One face followed through the frames of a video."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sightline.gaze.face.blendshapes import BlendshapeNet
from sightline.gaze.face.confidence import confidence
from sightline.gaze.face.detection import Detection, FaceDetector
from sightline.gaze.face.landmarks import LandmarkNet
from sightline.gaze.face.nets import blendshape_net, detector_net, landmark_net
from sightline.gaze.face.region import MARGIN, Region, around_detection, around_landmarks
from sightline.media.frames import VideoFrame

_LEAST_PRESENCE: Final = 0.5
"""Under this the landmark net sees no face in its region (MediaPipe's default)."""

_LOOK_AROUND_S: Final = 1.0
"""How often the detector looks at the whole frame while a face is followed: it costs a third of the landmark net."""

_LARGER: Final = 1.5
"""Another face must have this many times the followed one's area to be the largest beyond doubt."""

_LOOKS: Final = 3
"""...in as many looks around in a row: 2 to 3 s. Who only walks through the picture is not followed."""


@dataclass(frozen=True, slots=True)
class Face:
    """The followed face in a frame.

    Attributes:
        landmarks: (478, 3) x and y in pixels of the upright picture, z in the same scale; smaller is nearer.
        confidence: 0 to 1, how sure it is that this is a face.
        presence: 0 to 1, what the landmark net says.
        score: 0 to 1, what the detector said of it when it last looked.
        face_count: Faces in the picture when the detector last looked.
        redetected: The face was not followed from the frame before, but found by the detector.
    """

    landmarks: NDArray[np.float32]
    confidence: float
    presence: float
    score: float
    face_count: int
    redetected: bool


class FaceTracker:
    """Follows the largest steady face. For one thread; a video's frames in order, or `reset` between."""

    def __init__(self) -> None:
        """Load the nets.

        Raises:
            NotReadyError: The packaged model is not there, or cannot be run.
        """
        self._detector = FaceDetector(detector_net())
        self._landmarks = LandmarkNet(landmark_net())
        self.reset()

    def reset(self) -> None:
        """Forget the face: the next frame is not from the same shot."""
        self._region: Region | None = None
        self._looked: int | None = None
        self._detections: list[Detection] = []
        self._score = 0.0
        self._larger_seen = 0
        self._face_count = 1

    def follow(self, face: Face) -> None:
        """Go on from a face in the frame before the next."""
        self._region = around_landmarks(face.landmarks)
        self._score, self._face_count = face.score, face.face_count

    def update(self, frame: VideoFrame) -> Face | None:
        """The followed face in the next frame; None where there is none."""
        look = math.floor(frame.time_s / _LOOK_AROUND_S)
        due = look != self._looked
        if due or self._region is None:
            self._detections = self._detector.detect(frame)
            self._looked = look
        if self._region is not None:
            found = self._landmarks.find(frame, self._region)
            if found[1] >= _LEAST_PRESENCE and not (due and self._outgrown(frame, found[0])):
                return self._face(*found, redetected=False)
            if not due:
                self._detections = self._detector.detect(frame)
        return self._find_again(frame)

    @cached_property
    def _blendshapes(self) -> BlendshapeNet:
        return BlendshapeNet(blendshape_net())

    def blendshapes(self, face: Face) -> NDArray[np.float32]:
        """The 52 blendshapes of a face (see `blendshapes.BLENDSHAPES`), 0 to 1."""
        return self._blendshapes.find(face.landmarks)

    def _find_again(self, frame: VideoFrame) -> Face | None:
        """The largest face that the landmark net confirms."""
        self._region = None
        for detection in sorted(self._detections, key=lambda found: found.area_px2, reverse=True):
            region = around_detection(detection.box_px, detection.points_px[:2])
            landmarks, presence = self._landmarks.find(frame, region)
            if presence >= _LEAST_PRESENCE:
                # Once more from where the landmarks are: the detector's box is not what the net was trained on.
                landmarks, presence = self._landmarks.find(frame, around_landmarks(landmarks))
            if presence >= _LEAST_PRESENCE:
                self._score, self._larger_seen = detection.score, 0
                self._face_count = len(self._detections)
                return self._face(landmarks, presence, redetected=True)
        return None

    def _outgrown(self, frame: VideoFrame, landmarks: NDArray[np.float32]) -> bool:
        """Compare the followed face with what the detector just saw: has another been larger for long enough?"""
        region = around_landmarks(landmarks)
        centre = landmarks[:, :2].mean(axis=0)
        own = [found for found in self._detections if found.holds(centre)]
        others = [found for found in self._detections if not found.holds(centre)]
        self._score = max((found.score for found in own), default=None) or self._detector.score_in(frame, region)
        self._face_count = len(others) + 1
        area = max((found.area_px2 for found in own), default=(region.width_px / MARGIN) ** 2)
        larger = any(found.area_px2 > _LARGER * area for found in others)
        self._larger_seen = self._larger_seen + 1 if larger else 0
        return self._larger_seen >= _LOOKS

    def _face(self, landmarks: NDArray[np.float32], presence: float, *, redetected: bool) -> Face:
        self._region = around_landmarks(landmarks)
        return Face(
            landmarks=landmarks,
            confidence=confidence(landmarks, presence, self._score),
            presence=presence,
            score=self._score,
            face_count=self._face_count,
            redetected=redetected,
        )
