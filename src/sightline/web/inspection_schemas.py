"""The requests and answers about walls over time, as pydantic models: the OpenAPI document comes from here."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from sightline.web.schemas import BoxAnswer, Confidence, CrackAnswer, ErrorAnswer, ModelAnswer, Point, QualityAnswer

_INSPECTION = "3f2b8c1e-6d0a-4b7e-9f65-0c1d2e3f4a5b"
_PHOTO = "9a1de2b4-0c7f-5d3e-8b61-7f2a90c4d5e6"
_BASE = f"https://HOST/inspections/{_INSPECTION}"

Links = dict[str, str]
MaybeNumber = float | None


class NewInspection(BaseModel):
    """What an inspection is begun with."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"wall": "Bedroom, north wall", "remarks": "Booking 1042", "reference": "marker"}]
        }
    )

    wall: str = Field(description="Which wall it is, in up to 200 characters.")
    remarks: str | None = Field(default=None, description="For its reports, in up to 4000 characters.")
    reference: str | dict[str, Any] | None = Field(
        default=None,
        description="What gives the scale in its photos: auto (the printed marker, where it is seen), marker, card, "
        "none.",
    )


class NewInspectionAnswer(BaseModel):
    """An inspection that was begun."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "inspection_id": _INSPECTION,
                    "wall": "Bedroom, north wall",
                    "remarks": "Booking 1042",
                    "reference": {"kind": "marker"},
                    "created_at": "2026-03-01T12:00:00+00:00",
                    "links": {"self": _BASE, "photos": f"{_BASE}/photos"},
                }
            ]
        }
    )

    inspection_id: str = Field(description="Opens the inspection: keep it as you keep its photos.")
    wall: str
    remarks: str
    reference: dict[str, Any]
    created_at: str = Field(description="ISO 8601 in UTC.")
    links: Links = Field(description="self, photos, report_pdf, report_html, report_json.")


class WallPhotoAnswer(BaseModel):
    """A photo of an inspection, and what was found in it."""

    model_config = ConfigDict(extra="allow")

    photo_id: str
    stage: str
    name: str = Field(description="Of its file, as it was sent; may be empty.")
    taken_at: str | None = Field(description="As its sender or its file says; without a zone where that names none.")
    taken_at_from: Literal["sender", "exif"] | None
    received_at: str = Field(description="ISO 8601 in UTC.")
    sha256: str = Field(description="Of the original, which is kept bit for bit.")
    size_bytes: int
    media_type: str
    reference: dict[str, Any] = Field(description="What was to give the scale.")
    has_crack: bool
    confidence: Confidence
    crack_count: int
    bounding_boxes: list[BoxAnswer]
    instances: list[CrackAnswer] = Field(description="The cracks, the most confident first.")
    quality: list[QualityAnswer]
    width_px: int
    height_px: int
    model: ModelAnswer
    links: Links = Field(description="self, original, annotated, view.")


class ChangeAnswer(BaseModel):
    """What became of one crack. Sizes in pixels of the later photo for both times; null where not measurable."""

    model_config = ConfigDict(extra="allow")

    kind: Literal["new", "grown", "unchanged", "healed", "not_comparable"] = Field(
        description="healed is healed or painted over."
    )
    before_index: list[int] = Field(description="Which cracks of the earlier photo it is, from 0 on.")
    after_index: list[int] = Field(description="Which cracks of the later photo it is, from 0 on.")
    confidence: Confidence
    reason_code: str | None = Field(description="Why it, or a part of it, could not be compared.")
    reason: str | None
    box_before: BoxAnswer | None
    box_after: BoxAnswer | None
    outline_before: list[list[Point]]
    outline_after: list[list[Point]]
    length_before_px: MaybeNumber
    length_after_px: MaybeNumber
    length_growth_px: MaybeNumber
    length_growth_uncertainty_px: MaybeNumber = Field(description="One standard deviation.")
    width_before_px: MaybeNumber
    width_after_px: MaybeNumber
    width_growth_px: MaybeNumber
    width_growth_uncertainty_px: MaybeNumber = Field(description="One standard deviation.")


class RefusalAnswer(BaseModel):
    """Why two photos could not be compared at all."""

    code: str = Field(description="too_little_detail, other_wall or too_little_overlap.")
    message: str


class _Compared(BaseModel):
    model_config = ConfigDict(extra="allow")

    comparable: bool
    refusal: RefusalAnswer | None
    counts: dict[str, int] = Field(description="How many changes there are of each kind.")
    changes: list[ChangeAnswer]
    quality: list[QualityAnswer]
    registration: dict[str, Any] | None = Field(description="How the photos lie on each other: overlap, error.")
    model: ModelAnswer
    disclaimer: str


class ComparisonAnswer(_Compared):
    """What became of a wall between two photos of an inspection."""

    before_photo_id: str
    after_photo_id: str
    consecutive: bool = Field(description="Whether no photo lies between them; else it is the first and the last.")
    links: Links = Field(description="picture; earlier, where they are comparable.")


class CompareAnswer(_Compared):
    """What became of a wall between two photos that were sent together."""

    comparison_id: str = Field(description="Opens the comparison: keep it as you keep the photos.")
    created_at: str = Field(description="ISO 8601 in UTC.")
    before: dict[str, Any] = Field(description="What was found in the earlier photo.")
    after: dict[str, Any] = Field(description="What was found in the later photo.")
    picture_url: str = Field(description="Both photos with the changes marked.")
    report_url: str = Field(description="All of this, sealed.")
    request_id: str = Field(description="Names this request in the service's log.")


class TrackStepAnswer(BaseModel):
    """A crack in one photo of a series."""

    model_config = ConfigDict(extra="allow")

    photo: int = Field(description="Which photo, from 0 on.")
    instances: list[int]
    kind: str | None
    length_px: MaybeNumber
    width_px: MaybeNumber


class TrackAnswer(BaseModel):
    """One crack through all photos."""

    model_config = ConfigDict(extra="allow")

    first_seen: int = Field(description="In which photo, from 0 on.")
    steps: list[TrackStepAnswer]


class InspectionAnswer(NewInspectionAnswer):
    """A wall over time."""

    model_config = ConfigDict(json_schema_extra={"examples": []})

    photos: list[WallPhotoAnswer] = Field(description="In order of time.")
    comparisons: list[ComparisonAnswer] = Field(
        description="Each photo with the one before it; then, of more than two, the first with the last."
    )
    tracks: list[TrackAnswer] = Field(description="Each crack through all photos.")


class TombstoneAnswer(ErrorAnswer):
    """What is left of what was removed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "error": "This inspection was removed on 2026-04-01.",
                    "code": "gone",
                    "tombstone": {
                        "inspection_id": _INSPECTION,
                        "removed_at": "2026-04-01T09:00:00+00:00",
                        "photo_count": 2,
                        "last_manifest_sha256": {"pdf": "0" * 64, "html": "1" * 64, "json": "2" * 64},
                    },
                },
                {
                    "error": "This photo was removed on 2026-04-01.",
                    "code": "gone",
                    "tombstone": {"photo_id": _PHOTO, "removed_at": "2026-04-01T09:00:00+00:00"},
                },
            ]
        }
    )

    tombstone: dict[str, Any]
