"""Checkpoints: what we ask of Ultralytics and what we make of its answer, with a stand-in for it.

`test_parity` runs the real one where it is installed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sightline.crack.ultralytics.torch import UltralyticsTorchEngine
from sightline.errors import MissingExtraError, NotReadyError


class Tensor:
    """As much of torch's as the engine uses."""

    def __init__(self, values: Any) -> None:
        self.values = np.asarray(values)

    def __getitem__(self, index: Any) -> Tensor:
        return Tensor(self.values[index])

    def __iter__(self) -> Iterator[Tensor]:
        return iter([Tensor(value) for value in self.values])

    def cpu(self) -> Tensor:
        return self

    def numpy(self) -> Any:
        return self.values

    def tolist(self) -> Any:
        return self.values.tolist()


class StandIn:
    """`ultralytics.YOLO` with one box, two thirds of which a mask fills, and one whose mask is empty."""

    task = "segment"
    asked: dict[str, Any]

    def __init__(self, path: str) -> None:
        if Path(path).read_bytes() != b"weights":
            raise ValueError("invalid load key")
        self.names = {0: "Crack", 1: "stain"}

    def predict(self, picture: Any, **asked: Any) -> list[Any]:
        self.picture, type(self).asked = picture, asked
        masks = np.zeros((2, *picture.shape[:2]))
        masks[0, 10:20, 10:30] = 1
        boxes = SimpleNamespace(xyxy=Tensor([[10.0, 10, 40, 20], [50, 50, 60, 60]]), conf=Tensor([0.75, 0.5]))
        return [
            SimpleNamespace(boxes=boxes, masks=SimpleNamespace(data=Tensor(masks)) if self.task == "segment" else None)
        ]


@pytest.fixture
def yolo(monkeypatch: pytest.MonkeyPatch) -> type[StandIn]:
    kind = type("YOLO", (StandIn,), {})
    monkeypatch.setitem(sys.modules, "ultralytics", SimpleNamespace(YOLO=kind, __version__="8.4.1"))
    for name in ("YOLO_AUTOINSTALL", "YOLO_OFFLINE"):
        monkeypatch.setenv(name, "true")
    return kind


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "best.pt"
    path.write_bytes(b"weights")
    return path


def test_masks_become_regions(yolo: type[StandIn], weights: Path) -> None:
    engine = UltralyticsTorchEngine(weights, sha256="00")
    assert (engine.info.name, engine.info.version, engine.info.sha256) == ("best", "ultralytics 8.4.1", "00")
    evidence = engine.examine(np.zeros((80, 100, 3), dtype=np.uint8))
    ((region, confidence),) = evidence.regions
    assert confidence == 0.75
    assert (region.x, region.y, region.coverage.shape) == (10, 10, (10, 30))
    assert region.coverage.sum() == 200
    assert evidence.probability.shape == (80, 100)
    assert evidence.probability.sum() == 200 * 0.75
    assert (yolo.asked["classes"], yolo.asked["conf"], yolo.asked["retina_masks"]) == ([0], 0.25, True)


def test_a_detection_models_boxes_are_filled(yolo: type[StandIn], weights: Path) -> None:
    yolo.task = "detect"
    evidence = UltralyticsTorchEngine(weights, sha256="00").examine(np.zeros((80, 100, 3), dtype=np.uint8))
    assert [region.coverage.sum() for region, _ in evidence.regions] == [300, 100]


def test_it_is_shown_blue_first(yolo: type[StandIn], weights: Path) -> None:
    engine = UltralyticsTorchEngine(weights, sha256="00")
    engine.examine(np.full((80, 100, 3), (1, 2, 3), dtype=np.uint8))
    assert engine._model.picture[0, 0].tolist() == [3, 2, 1]


def test_another_task_is_refused(yolo: type[StandIn], weights: Path) -> None:
    yolo.task = "classify"
    with pytest.raises(NotReadyError, match="'classify'"):
        UltralyticsTorchEngine(weights, sha256="00")


def test_a_file_it_cannot_load_is_refused_with_its_reason(yolo: type[StandIn], weights: Path) -> None:
    weights.write_bytes(b"picture")
    with pytest.raises(NotReadyError, match="ValueError: invalid load key"):
        UltralyticsTorchEngine(weights, sha256="00")


def test_without_ultralytics_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, weights: Path) -> None:
    monkeypatch.setitem(sys.modules, "ultralytics", None)
    with pytest.raises(MissingExtraError, match=r"best\.pt.*sightline\[yolo\]"):
        UltralyticsTorchEngine(weights, sha256="00")
