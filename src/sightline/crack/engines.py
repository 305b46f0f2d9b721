"""Which engine answers: the packaged model, or the file that the setting `MODEL_PATH` names."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sightline.crack.engine import CrackEngine
from sightline.errors import NotReadyError


def load_engine(model_path: str | Path | None) -> CrackEngine:
    """Load a model; there is no falling back from one to another.

    Args:
        model_path: None for the packaged model. Else a file: `*.onnx` made by this project's training or exported by
            Ultralytics (detection or segmentation, no further dependency), or an Ultralytics checkpoint `*.pt` (extra
            `yolo`; it is a pickle, so load only what you trust).

    Raises:
        NotReadyError: The file is missing, corrupt, or no model that can be used; the message says which and why.
        MissingExtraError: A checkpoint, and the extra `yolo` is not installed.
    """
    if model_path is None:
        from sightline.crack.net import NetEngine

        return NetEngine.packaged()
    path = Path(model_path)
    try:
        return _load_file(path)
    except NotReadyError as error:
        raise NotReadyError(f"MODEL_PATH names {path.name}, which cannot be used: {error.message}") from error


def _load_file(path: Path) -> CrackEngine:
    if not path.is_file():
        raise NotReadyError("there is no such file")
    match path.suffix.lower():
        case ".onnx":
            return _load_onnx(path)
        case ".pt":
            from sightline.crack.ultralytics.torch import UltralyticsTorchEngine

            return UltralyticsTorchEngine(path, sha256=_sha256(path))
        case _:
            raise NotReadyError("a model is a file *.onnx, or a checkpoint *.pt")


def _load_onnx(path: Path) -> CrackEngine:
    from sightline.models.onnx import open_session

    session = open_session(path, threads=None)
    metadata = session.get_modelmeta().custom_metadata_map
    if "sightline.kind" in metadata:
        from sightline.crack.net import NetEngine

        return NetEngine.from_file(path)
    from sightline.crack.ultralytics.export import is_export

    if is_export(metadata):
        from sightline.crack.ultralytics.onnx import UltralyticsOnnxEngine

        return UltralyticsOnnxEngine(session, name=path.stem, sha256=_sha256(path))
    raise NotReadyError(
        "it is neither a model of this project nor an export by Ultralytics; its metadata names neither"
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
