"""The three nets of the packaged Face Landmarker bundle."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from sightline.errors import NotReadyError
from sightline.models.packaged import PackagedModel, packaged_model

DETECTOR: Final = "face_detector.tflite"
LANDMARKS: Final = "face_landmarks_detector.tflite"
BLENDSHAPES: Final = "face_blendshapes.tflite"


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


@cache
def bundled_nets() -> Mapping[str, bytes]:
    """The .tflite files of the bundle by name, read once a process.

    Raises:
        NotReadyError: The bundle is not there, not the one its card describes, or lacks a net.
    """
    return read_bundle(_packaged().path)


def read_bundle(path: Path) -> dict[str, bytes]:
    """The three nets of a Face Landmarker bundle (a zip archive whose members are stored as they are).

    Raises:
        NotReadyError: It cannot be read, or lacks one.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in (DETECTOR, LANDMARKS, BLENDSHAPES)}
    except OSError as error:
        raise NotReadyError(f"the bundle {path.name} cannot be read: {error.strerror}") from error
    except (zipfile.BadZipFile, KeyError) as error:
        raise NotReadyError(f"{path.name} is no bundle of face nets: {error.args[0]}") from error


@cache
def _packaged() -> PackagedModel:
    return packaged_model("face_landmarker")
