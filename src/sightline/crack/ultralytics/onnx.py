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
from sightline.crack.ultralytics.letterbox import Letterbox
from sightline.crack.ultralytics.masks import filled_box, instance_region
from sightline.errors import NotReadyError

if TYPE_CHECKING:
    import onnxruntime

MAX_REGION_PX = 64_000_000
"""All instances of one photo together get this many pixels (256 MB): beyond it, answers come on a coarser grid."""


class UltralyticsOnnxEngine:
    """A detection or segmentation export of YOLOv8 or later.

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
        self._read_outputs()

    def _read_input(self) -> None:
        (picture,) = self._session.get_inputs()
        _batch, channels, *size = picture.shape
        if self._export.batch != 1 or channels != 3:
            raise NotReadyError(
                f"It takes {self._export.batch} pictures of {channels} channels; export it with batch=1 for RGB."
            )
        self._input_name = picture.name
        self._dtype = np.float16 if picture.type == "tensor(float16)" else np.float32
        dynamic = any(isinstance(side, str) for side in size)
        self._stride = self._export.stride if dynamic else None
        self._target: tuple[int, int] = self._export.imgsz if dynamic else (size[0], size[1])

    def _read_outputs(self) -> None:
        shapes = {output.name: output.shape for output in self._session.get_outputs()}
        by_rank = {len(shape): name for name, shape in shapes.items()}
        self._outputs = [by_rank[rank] for rank in (3, 4) if rank in by_rank]
        if len(self._outputs) != (2 if self._export.task == "segment" else 1) or 3 not in by_rank:
            raise NotReadyError(f"Its outputs {list(shapes.values())} are not those of task {self._export.task!r}.")
        prototypes = shapes[by_rank[4]][1] if 4 in by_rank else 0
        self._layout = tell_layout(shapes[by_rank[3]], len(self._export.names), prototypes)

    def examine(self, image: NDArray[np.uint8]) -> Evidence:
        """Look at an RGB photo, uint8 (H, W, 3)."""
        letterbox = Letterbox.fit((image.shape[0], image.shape[1]), self._target, stride=self._stride)
        canvas = letterbox.place(image).transpose(2, 0, 1)[None]
        pixels = np.ascontiguousarray(canvas, dtype=np.float32) / 255
        outputs = self._session.run(self._outputs, {self._input_name: pixels.astype(self._dtype, copy=False)})
        prediction, *masks = (output[0].astype(np.float32, copy=False) for output in outputs)
        found = decode(prediction, self._layout, len(self._export.names), self._wanted)

        boxes = letterbox.to_photo(found.boxes)
        pixel_count = float(np.prod(boxes[:, 2:] - boxes[:, :2], axis=1).sum())
        if pixel_count > MAX_REGION_PX:
            letterbox = _coarser(letterbox, (MAX_REGION_PX / pixel_count) ** 0.5)
            boxes = letterbox.to_photo(found.boxes)
        regions = []
        for index, box in enumerate(boxes):
            region = instance_region(found.coefficients[index], masks[0], box, letterbox) if masks else filled_box(box)
            if region is not None:
                regions.append((region, float(found.scores[index])))
        return evidence_of(letterbox.photo, regions)


def _coarser(letterbox: Letterbox, scale: float) -> Letterbox:
    height, width = letterbox.photo
    return replace(letterbox, photo=(max(round(height * scale), 1), max(round(width * scale), 1)))
