"""An Ultralytics export (`best.onnx`) as a crack engine, on ONNX Runtime alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sightline.crack.engine import Evidence
from sightline.crack.report import ModelInfo
from sightline.crack.ultralytics.decode import decode, tell_layout
from sightline.crack.ultralytics.evidence import evidence_of
from sightline.crack.ultralytics.export import crack_classes, read_export
from sightline.crack.ultralytics.letterbox import GREY, Letterbox
from sightline.crack.ultralytics.masks import MaskPainter, filled_box
from sightline.errors import NotReadyError

if TYPE_CHECKING:
    import onnxruntime

MAX_REGION_PX = 64_000_000
"""All instances of one photo together get this many pixels (256 MB): beyond it, answers come on a coarser grid."""


class UltralyticsOnnxEngine:
    """A detection or segmentation export of YOLOv8 or later.

    A dynamic export is run at the size it was exported for, on the smallest canvas that holds the photo at that size.
    Answers are on the photo's own grid. Classes that count are told in `export.crack_classes`. A detection export has
    no masks: its regions are filled boxes, which say where a crack is and little about its width or length.

    Args:
        session: the export, opened.
        name: what reports call the model.
        sha256: of the file.

    Raises:
        NotReadyError: The export is for another task, takes another kind of picture, or its outputs do not fit its
            metadata.
    """

    def __init__(self, session: onnxruntime.InferenceSession, *, name: str, sha256: str) -> None:
        export = read_export(session.get_modelmeta().custom_metadata_map)
        self.info = ModelInfo(name=name, version=f"ultralytics {export.version}", sha256=sha256)
        self._session = session
        self._export = export
        self._wanted = crack_classes(export.names)
        self._read_input()
        self._try_out()

    def _read_input(self) -> None:
        (picture,) = self._session.get_inputs()
        batch, channels, *size = picture.shape
        if (isinstance(batch, int) and batch != 1) or channels != 3:
            raise NotReadyError(f"it takes {batch} pictures of {channels} channels at once, not one RGB picture")
        self._input_name = picture.name
        self._dtype = np.float16 if picture.type == "tensor(float16)" else np.float32
        dynamic = any(isinstance(side, str) for side in size)
        self._stride = self._export.stride if dynamic else None
        self._target: tuple[int, int] = self._export.imgsz if dynamic else (size[0], size[1])

    def _try_out(self) -> None:
        """Look at an empty canvas: a dynamic export tells the shapes of its outputs in no other way."""
        outputs = self._run(np.full((*self._target, 3), GREY, dtype=np.uint8))
        ranks = [output.ndim for output in outputs]
        if ranks != ([2, 3] if self._export.task == "segment" else [2]):
            shapes = [list(output.shape) for output in outputs]
            raise NotReadyError(f"its outputs of shapes {shapes} are not those of the task {self._export.task!r}")
        prototype_count = outputs[1].shape[0] if len(outputs) > 1 else 0
        self._layout = tell_layout(outputs[0].shape, len(self._export.names), prototype_count)

    def _run(self, canvas: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """The outputs for a canvas (h, w, 3), without their batch axis, predictions before prototypes."""
        pixels = np.ascontiguousarray(canvas.transpose(2, 0, 1)[None], dtype=np.float32) / 255
        outputs = self._session.run(None, {self._input_name: pixels.astype(self._dtype, copy=False)})
        return sorted((output[0].astype(np.float32, copy=False) for output in outputs), key=lambda array: array.ndim)

    def examine(self, image: NDArray[np.uint8]) -> Evidence:
        """Look at an RGB photo, uint8 (H, W, 3)."""
        letterbox = Letterbox.fit((image.shape[0], image.shape[1]), self._target, stride=self._stride)
        prediction, *masks = self._run(letterbox.place(image))
        found = decode(prediction, self._layout, len(self._export.names), self._wanted)

        boxes = letterbox.to_photo(found.boxes)
        pixel_count = float(np.prod(boxes[:, 2:] - boxes[:, :2], axis=1).sum())
        if pixel_count > MAX_REGION_PX:
            letterbox = _coarser(letterbox, (MAX_REGION_PX / pixel_count) ** 0.5)
            boxes = letterbox.to_photo(found.boxes)
        if masks and len(boxes):
            painter = MaskPainter(masks[0], letterbox)
            regions = [painter.paint(*instance) for instance in zip(found.coefficients, boxes, strict=True)]
        else:
            regions = [filled_box(box) for box in boxes]
        return evidence_of(letterbox.photo, zip(regions, found.scores.tolist(), strict=True))


def _coarser(letterbox: Letterbox, scale: float) -> Letterbox:
    height, width = letterbox.photo
    return replace(letterbox, photo=(max(round(height * scale), 1), max(round(width * scale), 1)))
