from __future__ import annotations

import dataclasses
import json
import sys

import numpy as np
import pytest

from sightline.crack.engine import Region
from sightline.crack.instances import group
from sightline.crack.report import DISCLAIMER, Box, CrackInstance, CrackReport, ModelInfo, QualityNote
from sightline.crack.severity import SEVERITY_RULE
from tests.crack.drawing import stroke

MODEL = ModelInfo("test", "1", "0" * 64)
NOTE = QualityNote("too_dark", "The photo is too dark.", 20.5, 35.0)


def instance(confidence: float = 0.9, *, width_px: float = 5, scale: tuple[float, float] = (2.0, 2.0)) -> CrackInstance:
    probability = stroke((100, 160), [(20, 30), (120, 70)], width_px)
    (region,) = group(probability, 0.5, gap_px=12)
    size = round(160 * scale[0]), round(100 * scale[1])
    return CrackInstance.from_region(region, confidence, scale=scale, photo_size=size)


def report(*instances: CrackInstance) -> CrackReport:
    return CrackReport(width_px=320, height_px=200, instances=instances, quality=(NOTE,), model=MODEL)


def test_sizes_are_in_photo_pixels() -> None:
    crack = instance()
    assert crack.length_px == pytest.approx(2 * np.hypot(100, 40), abs=2)
    assert crack.mean_width_px == pytest.approx(10, abs=0.3)
    assert crack.max_width_px == pytest.approx(10, abs=0.5)
    assert crack.area_px == pytest.approx(crack.length_px * 10, rel=0.03)
    assert crack.orientation_deg == pytest.approx(-np.rad2deg(np.arctan2(40, 100)), abs=1)
    assert (crack.branch_count, crack.severity) == (1, "high")
    x, y = crack.max_width_at
    assert y / 2 - 0.5 == pytest.approx(30 + (x / 2 - 0.5 - 20) * 0.4, abs=1)


def test_a_slightly_uneven_scale_is_averaged() -> None:
    assert instance(scale=(2.0, 2.02)).length_px == pytest.approx(instance(scale=(2.01, 2.01)).length_px, rel=1e-3)


def test_the_box_holds_the_mask_tightly() -> None:
    crack = instance()
    mask = crack.mask
    assert mask.shape == (crack.box.height, crack.box.width)
    for edge in (mask[:3], mask[-3:], mask[:, :3], mask[:, -3:]):
        assert edge.any()
    assert mask.sum() == pytest.approx(crack.area_px, rel=0.03)


@pytest.mark.parametrize("scale", [(0.37, 0.37), (1.0, 1.0), (2.6041666, 2.604), (3.3, 3.31)])
def test_the_box_stays_within_the_photo(scale: tuple[float, float]) -> None:
    everything = Region(0, 0, np.ones((30, 40), np.float32))
    size = round(40 * scale[0]), round(30 * scale[1])
    exact = size[0] / 40, size[1] / 30
    crack = CrackInstance.from_region(everything, 0.5, scale=exact, photo_size=size)
    assert crack.box == Box(0, 0, *size)
    assert crack.mask.all()


def test_a_pixel_smaller_than_the_photos_still_has_a_box() -> None:
    dot = np.zeros((3, 3), np.float32)
    dot[1, 1] = 1
    crack = CrackInstance.from_region(Region(97, 97, dot), 0.5, scale=(0.2, 0.2), photo_size=(20, 20))
    assert crack.box == Box(19, 19, 1, 1)
    assert crack.mask.any()


def test_many_instances_cost_little_memory() -> None:
    held = instance().region.coverage
    assert held.nbytes < 30_000
    assert held.base is None
    assert sum(sys.getsizeof(getattr(instance(), field.name)) for field in dataclasses.fields(CrackInstance)) < 2000


def test_the_reports_mask_is_all_instances_together() -> None:
    crack = instance()
    mask = report(crack).mask
    assert mask.shape == (200, 320)
    assert mask.sum() == crack.mask.sum()
    assert mask[crack.box.y : crack.box.y + crack.box.height, crack.box.x : crack.box.x + crack.box.width].any()


def test_confidence_is_that_of_the_surest_instance() -> None:
    assert (report().has_crack, report().confidence) == (False, 0.0)
    assert not report().mask.any()
    found = report(instance(0.9), instance(0.4))
    assert (found.has_crack, found.confidence) == (True, 0.9)


def test_instances_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="the highest first"):
        report(instance(0.4), instance(0.9))


def test_a_confidence_outside_its_range_is_refused() -> None:
    with pytest.raises(ValueError, match=r"confidence must be in 0\.\.1"):
        instance(1.2)


def test_to_dict_is_json_and_says_everything() -> None:
    document = report(instance(0.87654321)).to_dict()
    assert json.loads(json.dumps(document)) == document
    assert document["has_crack"] is True
    assert document["confidence"] == 0.8765
    assert (document["width_px"], document["height_px"]) == (320, 200)
    assert document["quality"] == [
        {"code": "too_dark", "message": "The photo is too dark.", "value": 20.5, "limit": 35.0}
    ]
    assert document["severity_rule"] == SEVERITY_RULE
    assert document["model"] == {"name": "test", "version": "1", "sha256": "0" * 64}
    assert document["disclaimer"] == DISCLAIMER
    (crack,) = document["instances"]
    assert set(crack) == {
        "box", "confidence", "severity", "length_px", "mean_width_px", "max_width_px", "max_width_at",
        "orientation_deg", "branch_count", "area_px", "outline",
        "profile_mean_width_px", "profile_max_width_px", "profile_width_uncertainty_px",
        "length_mm", "length_uncertainty_mm", "mean_width_mm", "max_width_mm", "width_uncertainty_mm",
    }  # fmt: skip
    assert set(crack["box"]) == {"x", "y", "width", "height"}
    assert all(len(point) == 2 for polygon in crack["outline"] for point in polygon)


def test_to_dict_brings_masks_when_asked() -> None:
    crack = instance()
    encoded = crack.to_dict(masks=True)["mask"]
    assert encoded["size"] == [crack.box.height, crack.box.width]
    assert sum(encoded["counts"][1::2]) == crack.mask.sum()
    document = report(crack).to_dict(masks=True)
    assert json.loads(json.dumps(document))["instances"][0]["mask"] == encoded
