"""Exports of every layout, with answers that can be worked out from the picture's colours (see `toy`)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.crack.engine import Region
from sightline.crack.ultralytics import onnx as engines
from sightline.crack.ultralytics.onnx import UltralyticsOnnxEngine
from sightline.errors import NotReadyError
from sightline.models.onnx import open_session
from tests.crack.ultralytics.toy import write_toy

RED, RED_LARGE, BLUE_LARGE = (255, 127, 0), (255, 255, 0), (0, 255, 255)


def engine_of(path: Path) -> UltralyticsOnnxEngine:
    return UltralyticsOnnxEngine(open_session(path, threads=1), name="toy", sha256="00")


def photo(
    height: int, width: int, *blocks: tuple[tuple[int, int, int, int], tuple[int, int, int]]
) -> NDArray[np.uint8]:
    """Black, with blocks (x1, y1, x2, y2) of a colour."""
    image = np.zeros((height, width, 3), dtype=np.uint8)
    for (x1, y1, x2, y2), colour in blocks:
        image[y1:y2, x1:x2] = colour
    return image


def extent(region: Region) -> tuple[int, int, int, int]:
    height, width = region.coverage.shape
    return region.x, region.y, region.x + width, region.y + height


def mask_extent(region: Region) -> tuple[int, int, int, int]:
    rows, columns = np.nonzero(region.coverage > 0.5)
    return (
        region.x + int(columns.min()), region.y + int(rows.min()),
        region.x + int(columns.max()) + 1, region.y + int(rows.max()) + 1,
    )  # fmt: skip


@pytest.mark.parametrize("finished", [False, True], ids=["raw", "finished"])
@pytest.mark.parametrize("half", [False, True], ids=["float32", "float16"])
@pytest.mark.parametrize("size", [(128, 128), None], ids=["static", "dynamic"])
def test_a_box_and_its_mask_come_back_in_pixels_of_the_photo(
    tmp_path: Path, size: tuple[int, int] | None, half: bool, finished: bool
) -> None:
    batch = 1 if size else "batch"
    engine = engine_of(write_toy(tmp_path / "toy.onnx", size=size, half=half, finished=finished, batch=batch))
    # 256 x 192 becomes 128 x 96; a static canvas adds 16 grey rows above and below, of which nothing may come back.
    top = 96 if size else 64
    block = (64, top, 128, top + 64)
    evidence = engine.examine(photo(192, 256, (block, RED_LARGE)))
    ((region, confidence),) = evidence.regions
    assert confidence == pytest.approx(1, abs=1e-3)
    assert extent(region) == (0, top - 16, 192, top + 80)  # 96 x 48 of the input around the block's centre
    assert mask_extent(region) == block
    assert evidence.probability.shape == (192, 256)
    assert evidence.probability.dtype == np.float32
    assert mask_extent(Region(0, 0, evidence.probability)) == block


def test_a_mask_ends_at_its_box(tmp_path: Path) -> None:
    engine = engine_of(write_toy(tmp_path / "toy.onnx"))
    ((region, _confidence),) = engine.examine(photo(128, 128, ((32, 32, 64, 64), RED))).regions
    assert mask_extent(region) == (32, 37, 64, 60)  # the box is 47.8 x 23.9 about the block's centre: y from 36.05 on
    assert extent(region) == (25, 37, 72, 60)


def test_the_likeliest_instance_says_how_likely_a_pixel_is(tmp_path: Path) -> None:
    engine = engine_of(write_toy(tmp_path / "toy.onnx"))
    evidence = engine.examine(photo(128, 128, ((32, 32, 64, 64), RED_LARGE), ((96, 96, 128, 128), (204, 255, 0))))
    assert [round(confidence, 2) for _region, confidence in evidence.regions] == [1.0, 0.6]
    assert evidence.probability[48, 48] == pytest.approx(1, abs=1e-3)
    assert evidence.probability[112, 112] == pytest.approx(0.6 / (1 + np.exp(-6)), abs=1e-3)
    assert evidence.probability[2, 2] == 0


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ("{0: 'crack', 1: 'stain'}", ["red"]),
        ("{0: 'stain', 1: 'Hairline CRACK'}", ["blue"]),
        ("{0: '얼룩', 1: '균열'}", ["blue"]),
        ("{0: 'defect', 1: 'spalling'}", ["red", "blue"]),
    ],
)
def test_classes_named_crack_count_or_all(tmp_path: Path, names: str, found: list[str]) -> None:
    engine = engine_of(write_toy(tmp_path / "toy.onnx", task="detect", metadata={"names": names}))
    evidence = engine.examine(photo(128, 128, ((32, 32, 64, 64), RED), ((64, 64, 96, 96), BLUE_LARGE)))
    widths = {47: "red", 96: "blue"}
    assert sorted((widths[region.coverage.shape[1]] for region, _ in evidence.regions), reverse=True) == found


def test_a_detection_export_answers_with_filled_boxes(tmp_path: Path) -> None:
    engine = engine_of(write_toy(tmp_path / "toy.onnx", task="detect"))
    ((region, _confidence),) = engine.examine(photo(128, 128, ((32, 32, 64, 64), RED_LARGE))).regions
    assert extent(region) == (0, 24, 96, 72)
    assert np.all(region.coverage == 1)


def test_nothing_to_see_is_no_region(tmp_path: Path) -> None:
    evidence = engine_of(write_toy(tmp_path / "toy.onnx")).examine(photo(50, 70))
    assert evidence.regions == ()
    assert evidence.probability.shape == (50, 70)
    assert not evidence.probability.any()


def test_many_large_instances_are_kept_on_a_coarser_grid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "MAX_REGION_PX", 96 * 48 // 4)
    engine = engine_of(write_toy(tmp_path / "toy.onnx"))
    evidence = engine.examine(photo(128, 128, ((32, 32, 64, 64), RED_LARGE)))
    assert evidence.probability.shape == (64, 64)
    ((region, _confidence),) = evidence.regions
    assert mask_extent(region) == (16, 16, 32, 32)


def test_a_report_says_which_model_it_was(tmp_path: Path) -> None:
    info = engine_of(write_toy(tmp_path / "toy.onnx")).info
    assert (info.name, info.version, info.sha256) == ("toy", "ultralytics 8.4.0", "00")


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        ({"task": "pose"}, "'pose'"),
        ({"imgsz": "large"}, "metadata cannot be read"),
        ({"names": "['crack']"}, "metadata cannot be read"),
        ({"stride": "x"}, "metadata cannot be read"),
        ({"names": "{0: 'crack'}"}, "1 classes"),
        ({"task": "detect"}, "task 'detect'"),
    ],
)
def test_an_export_that_cannot_be_used_says_why(tmp_path: Path, metadata: dict[str, str], reason: str) -> None:
    with pytest.raises(NotReadyError, match=reason):
        engine_of(write_toy(tmp_path / "toy.onnx", metadata=metadata))


def test_an_export_for_several_pictures_at_once_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotReadyError, match="4 pictures of 3 channels"):
        engine_of(write_toy(tmp_path / "toy.onnx", batch=4))
