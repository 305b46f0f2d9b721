"""Our engines against Ultralytics itself, on real exports made on the spot. Runs where the extra `yolo` is installed.

The networks are random but eloquent (`make_exports.stimulated`), so that suppression and masks have much to do;
`SIGHTLINE_YOLO_WEIGHTS` names a trained segmentation checkpoint to compare with as well.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.crack.engine import CrackEngine, Evidence, Region
from sightline.crack.engines import load_engine
from sightline.crack.ultralytics import onnx
from tests.crack.ultralytics.make_exports import export, import_yolo, paint_wall, stimulated

pytestmark = [
    pytest.mark.skipif(
        any(find_spec(name) is None for name in ("ultralytics", "torch", "torchvision", "onnx")),
        reason="compares with Ultralytics, which the extra yolo brings (exporting needs onnx as well)",
    ),
    pytest.mark.filterwarnings("default"),  # Ultralytics' and torch's own are not ours to mend
]

TRAINED = os.environ.get("SIGHTLINE_YOLO_WEIGHTS")
NAMES = ("Crack", "hairline crack", "stain")
PHOTOS = [(240, 320), (500, 333), (97, 251), (641, 479), (768, 1024)]
PHONE_PHOTO = (3000, 4000)
CASES = [
    ("yolov8n-seg", "static", [320, 320]),
    ("yolov8n-seg", "dynamic", [320, 320]),
    ("yolov8n-seg", "nms", [320, 320]),
    ("yolo11n-seg", "static", [256, 320]),
    ("yolo11n-seg", "dynamic", [320, 320]),
    ("yolo11n-seg", "nms", [320, 320]),
    ("yolo11n-seg", "dynamic_nms", [320, 320]),
    ("yolo11n-seg", "half", [320, 320]),
    ("yolo11n", "static", [320, 320]),
    ("yolo11n", "dynamic", [320, 320]),
    ("yolo11n", "nms", [320, 320]),
    ("yolov10n", "end2end", [320, 320]),
    ("yolo26n-seg", "static", [320, 320]),
    ("yolo26n-seg", "end2end", [320, 320]),
    *[(TRAINED, variant, [320, 320]) for variant in ("static", "dynamic", "nms", "half") if TRAINED],
]


@dataclass(frozen=True)
class Instance:
    """What either side found: x1, y1, x2, y2 in pixels of the photo, and the mask over the whole photo, if any."""

    box: NDArray[np.float32]
    confidence: float
    mask: NDArray[np.bool_] | None


@pytest.fixture(autouse=True)
def always_on_the_photos_grid(monkeypatch: pytest.MonkeyPatch) -> None:
    """Random networks find more than engines answer in full."""
    monkeypatch.setattr(onnx, "MAX_REGION_PX", 10**12)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exports")


def checkpoint(network: str, folder: Path) -> Path:
    """The weights of a network by its name, or a path to trained ones."""
    target = folder / f"{network}.pt"
    if network.endswith(".pt"):
        return Path(network)
    return target if target.exists() else stimulated(f"{network}.yaml", target, class_names=NAMES, imgsz=320)


def theirs(yolo: Any, photo: NDArray[np.uint8], imgsz: list[int]) -> list[Instance]:
    """Ultralytics' instances with a pixel in them: it also lists boxes that lie in the grey border altogether."""
    wanted = [index for index, name in yolo.names.items() if "crack" in name.lower()]
    (result,) = yolo.predict(
        np.ascontiguousarray(photo[..., ::-1]), imgsz=imgsz, classes=wanted, retina_masks=True, verbose=False
    )
    masks = [None] * len(result.boxes) if result.masks is None else [mask.numpy() > 0 for mask in result.masks.data]
    boxes = np.ceil(result.boxes.xyxy.numpy())  # the pixels that a box cuts out, by Ultralytics' rule
    found = zip(boxes, result.boxes.conf.tolist(), masks, strict=True)
    return [Instance(*instance) for instance in found if np.all(instance[0][2:] > instance[0][:2])]


def ours(evidence: Evidence, *, masks: bool) -> list[Instance]:
    return [_instance(*found, evidence.probability.shape, masks=masks) for found in evidence.regions]


def _instance(region: Region, confidence: float, size: tuple[int, ...], *, masks: bool) -> Instance:
    height, width = region.coverage.shape
    box = np.array([region.x, region.y, region.x + width, region.y + height], dtype=np.float32)
    mask = np.zeros(size, dtype=bool)
    mask[region.y : region.y + height, region.x : region.x + width] = region.coverage > 0.5
    return Instance(box, confidence, mask if masks else None)


def compare(mine: list[Instance], reference: list[Instance]) -> tuple[float, float]:
    """Largest difference of a box's edge in pixels, least IoU of a mask (1 without masks), instance by instance."""
    assert len(mine) == len(reference)
    waiting, box_error_px, least_iou = list(mine), 0.0, 1.0
    for other in reference:  # of several alike, in score and place, the order is open
        distances = [
            np.abs(one.box - other.box).max() + 1e3 * abs(one.confidence - other.confidence) for one in waiting
        ]
        one = waiting.pop(int(np.argmin(distances)))
        assert one.confidence == pytest.approx(other.confidence, abs=2e-3)
        box_error_px = max(box_error_px, float(np.abs(one.box - other.box).max()))
        if one.mask is not None and other.mask is not None:
            union = np.count_nonzero(one.mask | other.mask)
            least_iou = min(least_iou, np.count_nonzero(one.mask & other.mask) / union)
    return box_error_px, least_iou


def measure(engine: CrackEngine, yolo: Any, imgsz: list[int], *, masks: bool, trained: bool) -> None:
    """Compare on every photo and print the figures (pytest -rP shows them)."""
    count = 0
    for size in [*PHOTOS, PHONE_PHOTO] if trained else PHOTOS:  # a random network fills it with too many instances
        photo, _outlines = paint_wall(sum(size), *size, stained=not trained)
        reference = theirs(yolo, photo, imgsz)
        box_error_px, least_iou = compare(ours(engine.examine(photo), masks=masks), reference)
        print(f"{size}: {len(reference)} instances, boxes within {box_error_px:.0f} px, masks' IoU >= {least_iou:.4f}")
        assert box_error_px <= 1
        assert least_iou >= 0.98
        count += len(reference)
    assert count > 0


@pytest.mark.parametrize(("network", "variant", "imgsz"), CASES)
def test_an_export_is_read_as_ultralytics_reads_it(network: str, variant: str, imgsz: list[int], folder: Path) -> None:
    weights = checkpoint(network, folder)
    path = export(weights, variant, folder, imgsz=imgsz)
    masks = "-seg" in network or network == TRAINED
    yolo = import_yolo()(path, task="segment" if masks else "detect")
    measure(load_engine(path), yolo, imgsz, masks=masks, trained=network == TRAINED)


@pytest.mark.parametrize(("network", "masks"), [("yolo11n-seg", True), ("yolo11n", False)])
def test_a_checkpoint_is_read_as_ultralytics_reads_it(network: str, masks: bool, folder: Path) -> None:
    weights = checkpoint(network, folder)
    engine, yolo = load_engine(weights), import_yolo()(weights)
    photo, _outlines = paint_wall(0, 500, 333, stained=True)
    reference = theirs(yolo, photo, [640, 640])
    assert reference
    box_error_px, least_iou = compare(ours(engine.examine(photo), masks=masks), reference)
    assert (box_error_px, least_iou) == (0, 1)
