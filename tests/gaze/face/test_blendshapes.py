"""Blendshapes come from the landmarks' form, not from where they lie."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sightline.gaze.face.blendshapes import BLENDSHAPES
from sightline.gaze.face.tracker import FaceTracker
from tests.gaze.face.portrait import only_face, portrait


def test_there_are_52_fractions_with_names() -> None:
    shapes = FaceTracker().blendshapes(only_face(portrait()))
    assert shapes.shape == (52,) == (len(set(BLENDSHAPES)),)
    assert 0 <= shapes.min() <= shapes.max() <= 1


def test_a_smile_is_a_smile_and_open_eyes_are_open() -> None:
    shapes = dict(zip(BLENDSHAPES, FaceTracker().blendshapes(only_face(portrait())), strict=True))
    assert min(shapes["mouthSmileLeft"], shapes["mouthSmileRight"]) > 0.3
    assert max(shapes["eyeBlinkLeft"], shapes["eyeBlinkRight"], shapes["jawOpen"]) < 0.3


def test_place_and_size_do_not_count() -> None:
    tracker, face = FaceTracker(), only_face(portrait())
    elsewhere = replace(face, landmarks=3 * face.landmarks + np.float32(50))
    assert tracker.blendshapes(elsewhere) == pytest.approx(tracker.blendshapes(face), abs=1e-4)
