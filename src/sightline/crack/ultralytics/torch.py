"""An Ultralytics checkpoint (`best.pt`) as a crack engine, through Ultralytics and torch themselves (extra `yolo`).

A checkpoint is a pickle: loading it runs code that it carries. Only load one that you trust.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.crack.engine import Evidence, Region
from sightline.crack.report import ModelInfo
from sightline.crack.ultralytics.decode import CONFIDENCE_LIMIT
from sightline.crack.ultralytics.evidence import evidence_of
from sightline.crack.ultralytics.export import check_task, crack_classes
from sightline.crack.ultralytics.masks import as_region, box_pixels, filled_box
from sightline.crack.ultralytics.nms import IOU_LIMIT, MAX_KEPT
from sightline.errors import MissingExtraError, NotReadyError


class UltralyticsTorchEngine:
    """A YOLO checkpoint for detection or segmentation, run at the picture size that it was trained at.

    The same classes, limits and grid as for an export, but a mask's pixels are either in or out.

    Args:
        path: the checkpoint, which exists.
        sha256: of the file.

    Raises:
        MissingExtraError: Ultralytics is not installed.
        NotReadyError: It does not load, or is for another task.
    """

    def __init__(self, path: Path, *, sha256: str) -> None:
        ultralytics = _import_ultralytics(path.name)
        try:
            self._model = ultralytics.YOLO(str(path))
        except Exception as error:  # unpickling a foreign file can raise anything
            raise NotReadyError(f"Ultralytics cannot load it ({type(error).__name__}: {error})") from error
        check_task(self._model.task)
        self.info = ModelInfo(name=path.stem, version=f"ultralytics {ultralytics.__version__}", sha256=sha256)
        self._wanted = list(crack_classes(self._model.names))
        self._lock = threading.Lock()  # a predictor keeps the picture it works on in itself

    def examine(self, image: NDArray[np.uint8]) -> Evidence:
        """Look at an RGB photo, uint8 (H, W, 3)."""
        with self._lock:
            (result,) = self._model.predict(
                np.ascontiguousarray(image[..., ::-1]),  # Ultralytics takes arrays as BGR
                conf=CONFIDENCE_LIMIT,
                iou=IOU_LIMIT,
                max_det=MAX_KEPT,
                classes=self._wanted,
                retina_masks=True,
                verbose=False,
            )
        boxes = result.boxes.xyxy.cpu().numpy()
        if result.masks is None:
            regions = [filled_box(box) for box in boxes]
        else:
            regions = [_cut_out(mask, box) for mask, box in zip(result.masks.data, boxes, strict=True)]
        size = image.shape[0], image.shape[1]
        return evidence_of(size, zip(regions, result.boxes.conf.tolist(), strict=True))


def _cut_out(mask: Any, box: NDArray[np.float32]) -> Region | None:
    """The region of a mask, a tensor (H, W) of 0 and 1."""
    rows, columns = box_pixels(box)
    return as_region(rows, columns, mask[rows, columns].cpu().numpy().astype(np.float32))


def _import_ultralytics(model_name: str) -> Any:
    # Read at import: without these it may install packages and call home while the service starts.
    os.environ.setdefault("YOLO_AUTOINSTALL", "false")
    os.environ.setdefault("YOLO_OFFLINE", "true")
    try:
        import ultralytics
    except ImportError as error:
        raise MissingExtraError(
            f"MODEL_PATH names {model_name}, which needs the extra `yolo`: pip install 'sightline[yolo]'. "
            "Or export it to ONNX (yolo export model=best.pt format=onnx), which needs nothing more."
        ) from error
    return ultralytics
