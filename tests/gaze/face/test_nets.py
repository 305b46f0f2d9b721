"""The packaged nets are there, are what they say, and the faster landmark net answers as the bundle's own."""

from __future__ import annotations

import zipfile
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from sightline.errors import NotReadyError
from sightline.gaze.face.nets import blendshape_net, detector_net, landmark_net, model_info, read_bundle
from sightline.models.litert import LiteNet

BUNDLE = Path(str(files("sightline.models"))) / "face_landmarker.task"
ORIGINAL = "face_landmarks_detector.tflite"


def test_the_nets_take_what_the_code_gives_them() -> None:
    assert detector_net().input_shape == (1, 128, 128, 3)
    assert landmark_net().input_shape == (1, 256, 256, 3)
    assert blendshape_net().input_shape == (1, 146, 2)


def test_a_report_can_name_the_model() -> None:
    info = model_info()
    assert info.name
    assert info.version
    assert len(info.sha256) == 64


def test_the_faster_landmark_net_answers_as_the_bundles() -> None:
    original, faster = LiteNet(read_bundle(BUNDLE, [ORIGINAL])[ORIGINAL]), landmark_net()
    for seed in range(3):
        picture = np.random.default_rng(seed).random(original.input_shape, np.float32)
        original.input()[:], faster.input()[:] = picture, picture
        for expected, answer in zip(original.run(), faster.run(), strict=True):
            assert np.abs(answer - expected).max() < 1e-3


def test_a_missing_bundle_is_named_without_its_folder(tmp_path: Path) -> None:
    with pytest.raises(NotReadyError, match=r"face\.task cannot be read: No such file") as caught:
        read_bundle(tmp_path / "face.task", [])
    assert str(tmp_path) not in caught.value.message


def test_what_is_no_bundle_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "face.task").write_bytes(b"no archive")
    with pytest.raises(NotReadyError, match=r"face\.task is no bundle of face nets"):
        read_bundle(tmp_path / "face.task", [])
    with zipfile.ZipFile(tmp_path / "empty.task", "w"):
        pass
    with pytest.raises(NotReadyError, match=r"empty\.task is no bundle of face nets: .*net\.tflite"):
        read_bundle(tmp_path / "empty.task", ["net.tflite"])
