"""An inspection as its page shows it: what is kept of it, in words of one language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sightline.crack.inspection.teller import PhotoNames, size_words
from sightline.crack.inspection.terms import quality_text, severity_badge, stage_word
from sightline.crack.report import QualityNote
from sightline.documents.language import Wording
from sightline.service.inspection_records import StoredPhoto
from sightline.service.view_sizes import MEDIUM_PX, SMALL_PX, reduction
from sightline.web.pages.texts import Texts

_TONES = {"info": "info", "warning": "warn", "serious": "bad", "good": "good", "plain": ""}
"""What a document's tone is on a page: a class of the style sheet."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A word on its colour."""

    word: str
    tone: str


@dataclass(frozen=True, slots=True)
class CrackRow:
    """A crack of a photo; sizes as lines, in mm where they are known and in pixels."""

    number: int
    severity: str
    mark: Mark
    confidence: str
    length: tuple[str, ...]
    mean_width: tuple[str, ...]
    widest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PhotoPanel:
    """A photo with what was found in it.

    Attributes:
        number: in order of time, from 1.
        title: "Check-in", with its number where several are of that occasion.
        address: of the photo in the API, below the page's own host.
        width, height: of the photo.
        view_size, thumb_size: width and height of its `medium` and `small` views.
        taken, received: moments in words; `taken` may be empty.
        taken_from: who says so, "sender" or "exif"; else empty.
        scale: what gives sizes in mm, in words.
        quality: remarks.
    """

    photo_id: str
    number: int
    title: str
    name: str
    address: str
    width: int
    height: int
    view_size: tuple[int, int]
    thumb_size: tuple[int, int]
    taken: str
    taken_from: str
    received: str
    has_scale: bool
    scale: str
    quality: tuple[str, ...]
    cracks: tuple[CrackRow, ...]


def mark_of(word: str, tone: str) -> Mark:
    """A word on the page's colour for a document's tone."""
    return Mark(word, _TONES[tone])


def quality_lines(notes: Sequence[Mapping[str, Any]], say: Wording) -> tuple[str, ...]:
    """Remarks on a photo or a pair of photos."""
    return tuple(quality_text(QualityNote(**note), say) for note in notes)


def panels(inspection_id: str, photos: Sequence[StoredPhoto], t: Texts) -> tuple[PhotoPanel, ...]:
    """The photos of an inspection, in order of time."""
    say = Wording(t.language)
    names = PhotoNames(tuple(photo.stage for photo in photos), say)
    return tuple(
        _panel(inspection_id, photo, number, names.short(number - 1), t, say) for number, photo in enumerate(photos, 1)
    )


def stages_used(photos: Sequence[StoredPhoto], say: Wording) -> tuple[tuple[str, str], ...]:
    """The occasions that photos were taken at, each once, as they are kept and in words."""
    return tuple((stage, stage_word(stage, say)) for stage in dict.fromkeys(photo.stage for photo in photos))


def _panel(inspection_id: str, photo: StoredPhoto, number: int, title: str, t: Texts, say: Wording) -> PhotoPanel:
    found = photo.findings
    size = found["width_px"], found["height_px"]
    return PhotoPanel(
        photo_id=photo.photo_id,
        number=number,
        title=title,
        name=photo.name,
        address=f"/inspections/{inspection_id}/photos/{photo.photo_id}",
        width=size[0],
        height=size[1],
        view_size=_reduced(size, MEDIUM_PX),
        thumb_size=_reduced(size, SMALL_PX),
        taken=say.moment(photo.taken_at) if photo.taken_at else "",
        taken_from=photo.taken_at_from or "",
        received=say.moment(photo.received_at),
        has_scale=found.get("scale") is not None,
        scale=_scale(found.get("scale"), t, say),
        quality=quality_lines(found["quality"], say),
        cracks=tuple(_row(crack, place, say) for place, crack in enumerate(found["instances"], 1)),
    )


def _reduced(size: tuple[int, int], longest: int) -> tuple[int, int]:
    scale = reduction(size, longest)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _scale(scale: Mapping[str, Any] | None, t: Texts, say: Wording) -> str:
    if scale is None:
        return t("walls.photo.scale_none")
    per_px = scale["mm_per_px"]
    size = say.measure(per_px, "mm/px", per_px * scale["relative_uncertainty"], decimals=3)
    return t(f"walls.photo.scale_{scale['kind']}", size=size)


def _row(crack: Mapping[str, Any], number: int, say: Wording) -> CrackRow:
    badge = severity_badge(crack["severity"], say)
    length = size_words(
        say,
        (crack.get("length_mm"), crack.get("length_uncertainty_mm")),
        (crack["length_px"], None),
        mm_decimals=1,
        px_decimals=0,
    )
    return CrackRow(
        number=number,
        severity=crack["severity"],
        mark=mark_of(badge.text, badge.tone),
        confidence=say.confidence(crack["confidence"]),
        length=tuple(length.split("\n")),
        mean_width=_width(crack, "mean", say),
        widest=_width(crack, "max", say),
    )


def _width(crack: Mapping[str, Any], which: str, say: Wording) -> tuple[str, ...]:
    """A width: from the light across the crack where it could be measured so, else from the outline."""
    exact = crack.get(f"profile_{which}_width_px")
    outlined = crack[f"{which}_width_px"]
    words = size_words(
        say,
        (crack.get(f"{which}_width_mm"), crack.get("width_uncertainty_mm")),
        (outlined, None) if exact is None else (exact, crack.get("profile_width_uncertainty_px")),
        mm_decimals=2,
        px_decimals=1,
    )
    return tuple(words.split("\n"))
