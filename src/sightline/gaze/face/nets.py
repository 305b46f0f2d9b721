"""The packaged nets: MediaPipe's Face Landmarker bundle, and its landmark net once more in a faster arrangement."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from sightline.errors import NotReadyError
from sightline.models.litert import LiteNet
from sightline.models.packaged import PackagedModel, packaged_model

_DETECTOR: Final = "face_detector.tflite"
_BLENDSHAPES: Final = "face_blendshapes.tflite"
"""Names in the bundle."""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What a report says about the model behind it."""

    name: str
    version: str
    sha256: str


def model_info() -> ModelInfo:
    """The packaged model's name, version and checksum.

    Raises:
        NotReadyError: The model is not there, or not the one its card describes.
    """
    model = _packaged()
    return ModelInfo(str(model.card["name"]), str(model.card["version"]), model.sha256)


def detector_net() -> LiteNet:
    """The face detector, from the bundle.

    Raises:
        NotReadyError: The packaged model is not there, not the one its card describes, or cannot be run.
    """
    return LiteNet(_bundled()[_DETECTOR], name=_DETECTOR)


def landmark_net() -> LiteNet:
    """The landmark net: the bundle's, rearranged by `training/face_landmarks.py` to run faster.

    Raises:
        NotReadyError: As `detector_net`.
    """
    path = packaged_model("face_landmarks").path
    return LiteNet(path.read_bytes(), name=path.name)


def blendshape_net() -> LiteNet:
    """The blendshape net, from the bundle.

    Raises:
        NotReadyError: As `detector_net`.
    """
    return LiteNet(_bundled()[_BLENDSHAPES], name=_BLENDSHAPES)


def read_bundle(path: Path, names: Iterable[str]) -> dict[str, bytes]:
    """Members of a Face Landmarker bundle, which is a zip archive.

    Raises:
        NotReadyError: It cannot be read, or lacks one.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in names}
    except OSError as error:
        raise NotReadyError(f"the bundle {path.name} cannot be read: {error.strerror}") from error
    except (zipfile.BadZipFile, KeyError) as error:
        raise NotReadyError(f"{path.name} is no bundle of face nets: {error.args[0]}") from error


@cache
def _bundled() -> dict[str, bytes]:
    return read_bundle(_packaged().path, (_DETECTOR, _BLENDSHAPES))


@cache
def _packaged() -> PackagedModel:
    return packaged_model("face_landmarker")
