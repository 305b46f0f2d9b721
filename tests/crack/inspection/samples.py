"""An inspection with one change of every kind, drawn on the spot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.compared import ComparisonReport, CrackChange, Refusal, SizeChange
from sightline.crack.compare.registration import Registration
from sightline.crack.inspection import Inspection, InspectionPhoto
from sightline.crack.instances import group
from sightline.crack.report import Box, CrackInstance, CrackReport, ModelInfo, QualityNote
from sightline.documents.blocks import (
    Badge,
    Block,
    Bullets,
    Callout,
    Code,
    Document,
    Facts,
    Figure,
    Heading,
    Pair,
    Paragraph,
    Table,
    Tiles,
    Together,
)
from sightline.evidence.originals import FileNote
from tests.crack.drawing import stroke

WIDTH, HEIGHT = 320, 240
MODEL = ModelInfo("test-net", "7", "ab" * 32)
SHIFT = (12.0, -7.0)
"""How far the photo after is moved."""

Line = tuple[tuple[float, float], tuple[float, float]]
LINES: tuple[Line, ...] = (((30, 40), (150, 60)), ((200, 50), (280, 150)), ((60, 190), (220, 200)))


@cache
def report(lines: tuple[Line, ...] = LINES, quality: tuple[QualityNote, ...] = ()) -> CrackReport:
    strokes = [stroke((HEIGHT, WIDTH), line, 4) for line in lines]
    probability = np.maximum.reduce([*strokes, np.zeros((HEIGHT, WIDTH), np.float32)])
    instances = tuple(
        CrackInstance.from_region(region, 0.9 - 0.2 * number, scale=(1.0, 1.0), photo_size=(WIDTH, HEIGHT))
        for number, region in enumerate(group(probability, 0.5, gap_px=12))
    )
    return CrackReport(WIDTH, HEIGHT, instances, quality, MODEL)


def image(found: CrackReport) -> NDArray[np.uint8]:
    made = np.full((HEIGHT, WIDTH, 3), 190, np.uint8)
    made[found.mask] = 20
    return made


def photo(stage: str = "check-in", *, found: CrackReport | None = None, day: int = 1) -> InspectionPhoto:
    found = report() if found is None else found
    return InspectionPhoto(
        name=f"IMG_{day}.jpg",
        stage=stage,
        image=image(found),
        report=found,
        sha256=f"{day:02}" * 32,
        received_at=datetime(2026, 3, day, 8, tzinfo=UTC),
        taken_at=datetime(2026, 3, day, 9, 30),
        taken_at_from="exif",
        size_bytes=2_345_678,
        camera="Acme One",
        notes=(FileNote("edited_with", "The file was written by a program that changes pictures: Gimp 3.", "Gimp 3"),),
    )


def change(kind: str, line: Line = LINES[0], **more: object) -> CrackChange:
    """A change at a line of the photo after; `more` replaces fields."""
    (x0, y0), (x1, y1) = line
    outline = np.array([(x0, y0 - 3), (x1, y1 - 3), (x1, y1 + 3), (x0, y0 + 3)], float)
    box = Box(int(x0), int(min(y0, y1)) - 3, int(x1 - x0), int(abs(y1 - y0)) + 6)
    made = CrackChange(
        kind=kind,  # type: ignore[arg-type]
        before_index=() if kind == "new" else (0,),
        after_index=() if kind == "healed" else (0,),
        outline_before=(outline - SHIFT,),
        outline_after=(outline,),
        box_before=replace(box, x=box.x - int(SHIFT[0]), y=box.y - int(SHIFT[1])),
        box_after=box,
        confidence=0.83,
        grown_in=("length", "width") if kind == "grown" else (),
        stretches_after=(np.array(line, float) * 0.5 + np.array(line[1]) * 0.5,),
        reason_code="too_blurred" if kind == "not_comparable" else None,
        reason="The before photo is too blurred." if kind == "not_comparable" else None,
        length=SizeChange(100.0, 142.0, 42.0, 3.2),
        width=SizeChange(3.0, 4.5, 1.5, 0.12),
    )
    return replace(made, **more)  # type: ignore[arg-type]


EVERY_KIND = tuple(
    change(kind, LINES[number % 3])
    for number, kind in enumerate(("new", "grown", "unchanged", "healed", "not_comparable"))
)


def registration(shift: tuple[float, float] = SHIFT) -> Registration:
    matrix = np.array([[1, 0, shift[0]], [0, 1, shift[1]], [0, 0, 1]], float)
    return Registration.from_matrix(matrix, (WIDTH, HEIGHT), (WIDTH, HEIGHT))


def comparison(
    changes: tuple[CrackChange, ...] = EVERY_KIND,
    *,
    refusal: Refusal | None = None,
    quality: tuple[QualityNote, ...] = (),
) -> ComparisonReport:
    known = None if refusal else registration()
    return ComparisonReport(report(), report(), known, refusal, () if refusal else changes, quality, MODEL)


def inspection(*photos: InspectionPhoto, comparisons: tuple[ComparisonReport, ...] = (), **more: object) -> Inspection:
    made = Inspection(
        wall="Bedroom 2",
        created_at=datetime(2026, 3, 20, 12, tzinfo=UTC),
        inspection_id="inspection-7",
        service_version="1.2.3",
        photos=photos,
        comparisons=comparisons,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def two_photos(**more: object) -> Inspection:
    """Check-in and check-out with a change of every kind between them."""
    return inspection(photo(), photo("check-out", day=9), comparisons=(comparison(),), **more)


def texts(document: Document) -> list[str]:
    """All that a document says, in order."""
    return [document.title, document.subtitle, document.footer, document.subject, *_of_blocks(document.blocks)]


def _of_blocks(blocks: Iterable[Block]) -> list[str]:
    found: list[str] = []
    for block in blocks:
        match block:
            case Heading() | Paragraph():
                found.append(block.text)
            case Bullets():
                found += block.items
            case Facts():
                found += [text for name, value in block.rows for text in (name, _of_cell(value))]
            case Table():
                found += [column.title for column in block.columns]
                found += [_of_cell(cell) for row in block.rows for cell in row]
            case Figure():
                found += [block.caption, block.picture.alt]
            case Pair():
                found += _of_blocks((block.left, block.right))
            case Callout():
                found += [block.title, *block.lines]
            case Tiles():
                found += [text for tile in block.tiles for text in (tile.value, tile.label)]
            case Together():
                found += _of_blocks(block.blocks)
            case _:
                pass
    return found


def _of_cell(cell: str | Badge | Code) -> str:
    return cell if isinstance(cell, str) else cell.text


def tables(blocks: Iterable[Block]) -> list[Table]:
    """The tables among blocks, also those that are kept together with something."""
    found: list[Table] = []
    for block in blocks:
        if isinstance(block, Table):
            found.append(block)
        elif isinstance(block, Together):
            found += tables(block.blocks)
    return found
