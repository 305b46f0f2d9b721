"""What became of a wall between its photos, as its page shows it: in words, and as lines to draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sightline.crack.compare.compared import KINDS, CrackChange, Refusal, SizeChange
from sightline.crack.inspection.sentences import told
from sightline.crack.inspection.teller import PhotoNames
from sightline.crack.inspection.terms import KIND_TONE, counted_kind, kind_badge, refusal_text
from sightline.documents.language import Wording
from sightline.service.inspection_records import StoredPhoto
from sightline.web.pages.wall_view import Mark, PhotoPanel, mark_of, quality_lines

_GROUPS: dict[str, str] = {"new": "new", "grown": "grown", "healed": "healed", "unchanged": "same"}
"""What a change's lines look like: by the class of the style sheet."""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change: its number, its kind on a colour, how sure it is, and a sentence."""

    number: int
    kind: str
    mark: Mark
    confidence: str
    sentence: str
    numbers_before: str
    numbers_after: str
    is_drawn: bool


@dataclass(frozen=True, slots=True)
class PairPanel:
    """Two photos of a wall and what changed between them.

    Attributes:
        key: of the pair on its page.
        first, last: the photos.
        address: of its pictures in the API.
        is_whole_time: whether it is the first photo with the last, others between them.
        refusal: why they could not be compared; empty where they were.
        counts: how many changes there are of each kind that occurs.
        overlap: share of the earlier photo that the later one shows, in words.
        changes: what a dispute is about first.
    """

    key: str
    first: PhotoPanel
    last: PhotoPanel
    address: str
    is_whole_time: bool
    refusal: str
    quality: tuple[str, ...]
    counts: tuple[Mark, ...]
    overlap: str
    changes: tuple[ChangeRow, ...]


def pair_panels(
    inspection_id: str,
    photos: Sequence[StoredPhoto],
    shown: Sequence[PhotoPanel],
    comparisons: Sequence[Mapping[str, Any]],
    say: Wording,
) -> tuple[PairPanel, ...]:
    """The comparisons of an inspection, in the order that they are given in."""
    places = {photo.photo_id: place for place, photo in enumerate(photos)}
    names = PhotoNames(tuple(photo.stage for photo in photos), say)
    found = []
    for comparison in comparisons:
        ids = comparison["before_photo_id"], comparison["after_photo_id"]
        first, last = (places[photo_id] for photo_id in ids)
        changes = [change_of(document) for document in comparison["changes"]]
        registration = comparison["registration"]
        found.append(
            PairPanel(
                key=f"pair-{first + 1}-{last + 1}",
                first=shown[first],
                last=shown[last],
                address=f"/inspections/{inspection_id}/comparisons/{ids[0]}/{ids[1]}",
                is_whole_time=not comparison["consecutive"],
                refusal=refusal_text(Refusal(**comparison["refusal"]), say) if comparison["refusal"] else "",
                quality=quality_lines(comparison["quality"], say),
                counts=_counts(changes, say),
                overlap=say.percent(registration["overlap"]) if registration else "",
                changes=tuple(
                    _row(number, change, bool(document["outline_after"]), names.within(first), names.within(last), say)
                    for number, (change, document) in enumerate(zip(changes, comparison["changes"], strict=True), 1)
                ),
            )
        )
    return tuple(found)


def lines_of(comparison: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The outlines of the changes in the later photo, for a script that draws them."""
    return [
        {
            "number": number,
            "group": _GROUPS.get(change["kind"], "unclear"),
            "box": change["box_after"],
            "outline": change["outline_after"],
            "added": change["stretches_after"] if change["kind"] == "grown" else [],
        }
        for number, change in enumerate(comparison["changes"], 1)
    ]


def change_of(document: Mapping[str, Any]) -> CrackChange:
    """A change as it was kept, without its lines."""

    def size(name: str, unit: str) -> SizeChange:
        whens = ("before", "after", "growth", "growth_uncertainty")
        return SizeChange(*(document.get(f"{name}_{when}_{unit}") for when in whens))

    def in_mm(name: str) -> SizeChange | None:
        found = size(name, "mm")
        return found if found != SizeChange() else None

    return CrackChange(
        kind=document["kind"],
        before_index=tuple(document["before_index"]),
        after_index=tuple(document["after_index"]),
        outline_before=(),
        outline_after=(),
        box_before=None,
        box_after=None,
        confidence=document["confidence"],
        grown_in=tuple(document["grown_in"]),
        reason_code=document["reason_code"],
        reason=document["reason"],
        length=size("length", "px"),
        width=size("width", "px"),
        length_mm=in_mm("length"),
        width_mm=in_mm("width"),
    )


def _row(number: int, change: CrackChange, is_drawn: bool, earlier: str, later: str, say: Wording) -> ChangeRow:
    badge = kind_badge(change.kind, say)
    return ChangeRow(
        number=number,
        kind=change.kind,
        mark=mark_of(badge.text, badge.tone),
        confidence="" if change.kind == "not_comparable" else say.confidence(change.confidence),
        sentence=told(say, change, earlier=earlier, later=later),
        numbers_before=_numbers(change.before_index),
        numbers_after=_numbers(change.after_index),
        is_drawn=is_drawn,
    )


def _numbers(indices: tuple[int, ...]) -> str:
    return ", ".join(str(index + 1) for index in indices)


def _counts(changes: Sequence[CrackChange], say: Wording) -> tuple[Mark, ...]:
    counted = [(kind, sum(change.kind == kind for change in changes)) for kind in KINDS]
    return tuple(mark_of(counted_kind(kind, count, say), KIND_TONE[kind]) for kind, count in counted if count)
