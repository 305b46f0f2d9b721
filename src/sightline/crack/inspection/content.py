"""What an inspection report says, as a document of blocks, in English or Korean."""

from __future__ import annotations

from sightline.crack.inspection.changes import comparison_blocks
from sightline.crack.inspection.closing import evidence_blocks, unjudged_blocks
from sightline.crack.inspection.findings import photo_blocks
from sightline.crack.inspection.inspection import Inspection
from sightline.crack.inspection.method import method_blocks
from sightline.crack.inspection.opening import opening_blocks
from sightline.crack.inspection.teller import Teller
from sightline.documents.blocks import Block, Document, Heading
from sightline.documents.language import Language


def inspection_document(inspection: Inspection, language: Language) -> Document:
    """The whole report.

    The comparisons come before the single photos: they are what a dispute is about.
    """
    teller = Teller(inspection, language)
    say = teller.say
    blocks: list[Block] = opening_blocks(teller)
    parts = (
        (say("What changed", "변화 내역"), comparison_blocks, len(inspection.comparisons)),
        (say("The photos", "사진"), photo_blocks, len(inspection.photos)),
    )
    for title, told, count in parts:
        for number in range(count):
            blocks += told(teller, number) if number else [Heading(title), *told(teller, number)]
    blocks += [*unjudged_blocks(teller), *method_blocks(teller), *evidence_blocks(teller)]
    return Document(
        title=say("Wall inspection report", "벽면 균열 점검 보고서"),
        subtitle=inspection.wall,
        language=language,
        created_at=inspection.created_at,
        author=f"Sightline {inspection.service_version}",
        subject=say("Cracks in photos of a wall, and what became of them", "벽면 사진 속 균열과 그 변화"),
        footer=say(
            f"Inspection {inspection.inspection_id} · visual screening, not a structural assessment",
            f"점검 번호 {inspection.inspection_id} · 육안 점검 자료이며 구조 안전 진단이 아님",
        ),
        blocks=tuple(blocks),
    )
