"""What all parts of the inspection report say in the same way: how photos are called, and how sizes are written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sightline.crack.compare.compared import SizeChange
from sightline.crack.inspection.inspection import Inspection, InspectionPhoto
from sightline.crack.inspection.terms import stage_within, stage_word
from sightline.documents.blocks import Block, Paragraph, Table, Together
from sightline.documents.language import Language, Wording
from sightline.documents.text import shortened

Measured = tuple[float | None, float | None]
"""A size and its uncertainty, in one unit."""

NOT_KNOWN = "–"
"""In a table's cell: not measured."""

_SHORT_TABLE = 8
"""Rows; a page does not part a table of so few from each other and from what is said about it."""


def noted(note: str, table: Table) -> list[Block]:
    """A table below what is said about it."""
    blocks = (Paragraph(note, quiet=True), table)
    return [Together(blocks)] if len(table.rows) <= _SHORT_TABLE else list(blocks)


@dataclass(frozen=True, slots=True)
class PhotoNames:
    """What the photos of a wall, in order of time, are called by their stages."""

    stages: tuple[str, ...]
    say: Wording

    def short(self, number: int) -> str:
        """A photo as a table calls it: its stage, and its number where several have that stage."""
        return self._told_apart(number, stage_word(self.stages[number], self.say))

    def within(self, number: int) -> str:
        """A photo within a sentence: "the check-in photo"."""
        stage = self._told_apart(number, stage_within(self.stages[number], self.say))
        return self.say(f"the {stage} photo", f"{stage} 사진")

    def _told_apart(self, number: int, stage: str) -> str:
        return stage if self.stages.count(self.stages[number]) == 1 else f"{stage} ({number + 1})"


@dataclass(frozen=True)
class Teller:
    """Tells about one inspection in one language."""

    inspection: Inspection
    language: Language

    @cached_property
    def say(self) -> Wording:
        return Wording(self.language)

    def title(self, number: int) -> str:
        """A photo as a heading calls it: "Photo 1: Check-in"; numbers count from 0."""
        stage = stage_word(self.inspection.photos[number].stage, self.say)
        return self.say(f"Photo {number + 1}: {stage}", f"사진 {number + 1}: {stage}")

    def short(self, number: int) -> str:
        """A photo as a table calls it: its stage, and its number where several have that stage."""
        return self._names.short(number)

    def photo(self, number: int) -> str:
        """A photo within a sentence: "the check-in photo"."""
        return self._names.within(number)

    def dated(self, number: int) -> str:
        """A photo as a caption calls it: its stage and the day it was taken."""
        taken = self.inspection.photos[number].taken_at
        return f"{self.short(number)}, {self.say.day(taken)}" if taken else self.short(number)

    @cached_property
    def _names(self) -> PhotoNames:
        return PhotoNames(tuple(photo.stage for photo in self.inspection.photos), self.say)

    def step(self, number: int) -> str:
        """A comparison, of a photo with the next one: "Check-in → Check-out"."""
        return f"{self.short(number)} → {self.short(number + 1)}"

    def name(self, photo: InspectionPhoto) -> str:
        """A photo's file, as a cell of a table holds it."""
        return shortened(photo.name) or self.say("(no name)", "(이름 없음)")

    def taken(self, photo: InspectionPhoto) -> str:
        """When a photo was taken, and who says so."""
        if photo.taken_at is None:
            return self.say("not known", "알 수 없음")
        moment = self.say.moment(photo.taken_at)
        if photo.taken_at_from == "sender":
            return self.say(f"{moment}, as its sender says", f"{moment} (보낸 사람이 알린 시각)")
        if photo.taken_at_from == "exif":
            return self.say(f"{moment}, as the file says", f"{moment} (파일에 기록된 시각)")
        return moment

    def received(self, photo: InspectionPhoto) -> str:
        """When the service received a photo."""
        if photo.received_at is None:
            return self.say("not sent to a service", "서비스로 전송되지 않음")
        return self.say.moment(photo.received_at)

    def both_units(self, in_mm: Measured, in_px: Measured, *, mm_decimals: int, px_decimals: int) -> str:
        """As `size_words`."""
        return size_words(self.say, in_mm, in_px, mm_decimals=mm_decimals, px_decimals=px_decimals)

    def growth(self, in_mm: SizeChange | None, in_px: SizeChange) -> str:
        """As `growth_words`."""
        return growth_words(self.say, in_mm, in_px)


def size_words(say: Wording, in_mm: Measured, in_px: Measured, *, mm_decimals: int, px_decimals: int) -> str:
    """A size in mm where it is known, and in pixels below it; each with its uncertainty where that is known."""
    lines = [
        say.measure(value, unit, uncertainty, decimals=decimals)
        for (value, uncertainty), unit, decimals in ((in_mm, "mm", mm_decimals), (in_px, "px", px_decimals))
        if value is not None
    ]
    return "\n".join(lines) or NOT_KNOWN


def growth_words(say: Wording, in_mm: SizeChange | None, in_px: SizeChange) -> str:
    """How much a crack grew in one dimension: in mm where a scale is known, and in pixels of the later photo."""
    lines = [
        say.measure(size.growth, unit, size.uncertainty, decimals=1)
        for size, unit in ((in_mm, "mm"), (in_px, "px"))
        if size is not None and size.growth is not None
    ]
    return "\n".join(lines) or NOT_KNOWN
