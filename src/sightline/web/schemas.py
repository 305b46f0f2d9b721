"""The answers, as pydantic models: the OpenAPI document and its examples come from here."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

_ID = "3f2b8c1e-6d0a-4b7e-9f65-0c1d2e3f4a5b"

HealthStatus = Literal["healthy", "starting", "unhealthy"]
Confidence = Annotated[float, Field(ge=0, le=1)]
Point = tuple[float, float]
"""x, y in pixels."""


def _example(**fields: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [fields]})


class ErrorAnswer(BaseModel):
    """What every error looks like."""

    model_config = _example(error="The photo is empty: its file has no bytes.", code="bad_input")

    error: str = Field(description="What went wrong, in words for the person who sent the request.")
    code: str = Field(
        description="A stable word to branch on: bad_input, too_large, not_found, not_ready, unavailable, busy, "
        "missing_extra, method_not_allowed, internal."
    )
    reason_code: str | None = Field(
        default=None,
        description="Which of several things went wrong that share a code, where it is told: empty_file, damaged_file, "
        "too_many_pixels, marker_not_found, card_not_found, several_cards, inspection_full. More may come.",
    )


class ModelAnswer(BaseModel):
    """Which model spoke."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    version: str
    sha256: str


class HealthAnswer(BaseModel):
    """Whether the service can analyse photos now."""

    model_config = _example(
        status="healthy",
        message="AI server is running",
        model_loaded=True,
        version="0.1.0",
        model={"name": "sightline-crack", "version": "1", "sha256": "0" * 64},
    )

    status: HealthStatus
    message: str = Field(description="Where it is not healthy: why.")
    model_loaded: bool
    version: str = Field(description="The version of the service.")
    model: ModelAnswer | None = Field(description="The loaded model.")


class BoxAnswer(BaseModel):
    """An upright rectangle in pixels of the uploaded photo, seen upright; `x`, `y` is its top left corner."""

    x: int
    y: int
    width: int
    height: int


class CrackAnswer(BaseModel):
    """One crack with all its branches. Positions and sizes in pixels of the uploaded photo, seen upright."""

    box: BoxAnswer
    confidence: Confidence
    severity: Literal["low", "medium", "high"] = Field(description="By `severity_rule`.")
    length_px: float = Field(description="Along the centre line, all branches together.")
    mean_width_px: float
    max_width_px: float
    max_width_at: Point = Field(description="Where it is widest.")
    orientation_deg: float = Field(description="0 along x, counter-clockwise positive, from -90 to below 90.")
    branch_count: int = Field(description="Stretches between junctions and ends; a simple line has one.")
    area_px: float
    outline: list[list[Point]] = Field(description="The outline of each connected piece.")
    profile_mean_width_px: float | None = Field(
        description="From the light across the crack, finer than the pixels; null where it could not be measured."
    )
    profile_max_width_px: float | None = Field(description="Likewise, where it is widest.")
    profile_width_uncertainty_px: float | None = Field(description="Of the two, one standard deviation.")
    length_mm: float | None = Field(description="On the wall; null without a scale.")
    length_uncertainty_mm: float | None = Field(description="One standard deviation.")
    mean_width_mm: float | None = Field(description="From the light across the crack; null without a scale.")
    max_width_mm: float | None = Field(description="Likewise, where it is widest.")
    width_uncertainty_mm: float | None = Field(description="Of the two, one standard deviation.")


class ScaleAnswer(BaseModel):
    """What gives sizes in mm."""

    kind: Literal["marker", "card", "points"]
    mm_per_px: float = Field(description="At the reference.")
    relative_uncertainty: float = Field(description="Of a length at the reference, one standard deviation.")
    perspective_corrected: bool = Field(description="Whether it holds for a photo taken at an angle.")
    to_mm: list[list[float]] = Field(description="Homography from pixels to mm on the wall, row by row.")
    outline: list[Point] = Field(description="The reference in the photo.")


class QualityAnswer(BaseModel):
    """Why the photo supports an answer less than it should."""

    code: str = Field(description="too_dark, too_bright, too_blurred or too_small.")
    message: str
    value: float = Field(description="What was measured.")
    limit: float = Field(description="What it should have been.")


class DetectAnswer(BaseModel):
    """What was found in a photo."""

    model_config = _example(
        file_id=_ID,
        has_crack=True,
        confidence=0.85,
        result_url=f"https://HOST/result/{_ID}",
        image_url=f"/result/{_ID}",
        crack_count=1,
        bounding_boxes=[{"x": 10, "y": 20, "width": 30, "height": 40}],
        instances=[
            {
                "box": {"x": 10, "y": 20, "width": 30, "height": 40},
                "confidence": 0.85,
                "severity": "low",
                "length_px": 50.3,
                "mean_width_px": 1.9,
                "max_width_px": 3.2,
                "max_width_at": [21.5, 35.0],
                "orientation_deg": 53.1,
                "branch_count": 1,
                "area_px": 96.0,
                "outline": [[[10.0, 20.0], [40.0, 60.0], [38.5, 60.0]]],
                "profile_mean_width_px": 1.83,
                "profile_max_width_px": 3.05,
                "profile_width_uncertainty_px": 0.21,
                "length_mm": None,
                "length_uncertainty_mm": None,
                "mean_width_mm": None,
                "max_width_mm": None,
                "width_uncertainty_mm": None,
            }
        ],
        scale=None,
        quality=[],
        width_px=640,
        height_px=480,
        severity_rule="high: at its widest at least 1.0% of the photo's diagonal, ...",
        model={"name": "sightline-crack", "version": "1", "sha256": "0" * 64},
        created_at="2026-03-01T12:00:00+00:00",
        report_url=f"https://HOST/result/{_ID}/report.json",
        mask_url=f"https://HOST/result/{_ID}/mask.png",
        disclaimer="This is a visual screening, not a structural assessment.",
        request_id="0d1f6c0e9a0b4a0f8f5f2f6d4c3b2a19",
    )

    file_id: str = Field(description="Opens the result: keep it as you keep the photo.")
    has_crack: bool
    confidence: Confidence = Field(description="0.0 where there is no crack.")
    result_url: str = Field(description="The annotated picture, as a whole address.")
    image_url: str = Field(description="The same, as a path on this host.")
    crack_count: int
    bounding_boxes: list[BoxAnswer] = Field(description="One for each crack, the most confident first.")
    instances: list[CrackAnswer] = Field(description="The cracks, in the order of the boxes.")
    scale: ScaleAnswer | None = Field(description="null where nothing of known size gives sizes in mm.")
    quality: list[QualityAnswer] = Field(description="Empty where the photo supports an answer.")
    width_px: int = Field(description="The photo's, seen upright.")
    height_px: int = Field(description="The photo's, seen upright.")
    severity_rule: str
    model: ModelAnswer
    created_at: str = Field(description="When the photo was analysed, ISO 8601 in UTC.")
    report_url: str
    mask_url: str
    disclaimer: str
    request_id: str = Field(description="Names this request in the service's log.")
