"""The part of the inspection report that shows what became of the wall between two photos."""

from __future__ import annotations

from math import isfinite

from sightline.crack.compare.compared import ComparisonReport, CrackChange
from sightline.crack.compare.registration import Registration
from sightline.crack.inspection.pictures import change_pictures, pair_pictures
from sightline.crack.inspection.sentences import change_sentence
from sightline.crack.inspection.teller import NOT_KNOWN, Teller, noted
from sightline.crack.inspection.terms import kind_badge, kind_word, quality_text, refusal_text
from sightline.crack.inspection.views import Pixels
from sightline.documents.blocks import (
    Block,
    Callout,
    Cell,
    Column,
    Facts,
    Figure,
    Heading,
    Pair,
    Paragraph,
    Table,
    Together,
)
from sightline.documents.language import MOST_SHOWN
from sightline.documents.picture import Picture, jpeg_picture

MOST_CUTTINGS = 24
"""Changes of one comparison that are shown one by one, what a dispute is about first; all are in the table."""


def comparison_blocks(teller: Teller, number: int) -> list[Block]:
    """The comparison of a photo with the next one: both in one frame, a table, and every change by itself.

    Args:
        teller: tells.
        number: of the comparison, from 0.
    """
    say, report = teller.say, teller.inspection.comparisons[number]
    blocks: list[Block] = [Heading(teller.step(number), 2)]
    if report.refusal is not None or report.registration is None:
        assert report.refusal is not None
        title = say("These two photos were not compared", "이 두 사진은 비교하지 않았습니다")
        return [*blocks, Callout("warning", title, (refusal_text(report.refusal, say),))]
    blocks += [
        _overview(teller, number, report.registration),
        Paragraph(_overview_note(teller), quiet=True),
        _facts(teller, report.registration),
    ]
    if report.quality:
        title = say("This comparison is less sure than it should be", "이 비교에는 한계가 있습니다")
        blocks.append(Callout("warning", title, tuple(quality_text(note, say) for note in report.quality)))
    if not report.changes:
        blocks.append(
            Paragraph(say("No crack was found in either photo.", "두 사진 모두에서 균열이 발견되지 않았습니다."))
        )
        return blocks
    blocks += noted(_table_note(teller), _table(teller, report))
    changed = [index for index, change in enumerate(report.changes) if change.kind != "unchanged"]
    for index in changed[:MOST_CUTTINGS]:
        blocks += _change_blocks(teller, number, index, report.registration)
    if left := len(changed[MOST_CUTTINGS:]):
        blocks.append(
            Paragraph(say(f"{left} more stand in the table only.", f"나머지 {left}건은 표에만 표시합니다."), quiet=True)
        )
    return blocks


def _overview(teller: Teller, number: int, registration: Registration) -> Pair:
    say, inspection = teller.say, teller.inspection
    before, after = inspection.photos[number], inspection.photos[number + 1]
    changes = inspection.comparisons[number].changes
    captions = teller.dated(number), teller.dated(number + 1)
    alts = (
        say(f"{captions[0]}, brought into the frame of the later photo", f"{captions[0]} (나중 사진에 맞춤)"),
        captions[1],
    )
    pictures = (
        jpeg_picture(f"comparison-{number + 1}-{when}", pixels, alt)
        for when, pixels, alt in zip(
            ("before", "after"), pair_pictures(before, after, registration, changes), alts, strict=True
        )
    )
    left, right = (Figure(picture, caption) for picture, caption in zip(pictures, captions, strict=True))
    return Pair(left, right, slider=True)


def _overview_note(teller: Teller) -> str:
    return teller.say(
        "The earlier photo is brought into the frame of the later one: the same place of the wall is at the same spot "
        "of both pictures. Where the earlier photo shows nothing, it is grey. The numbers are those of the table "
        "below.",
        "이전 사진을 나중 사진에 맞추어 변형하였으므로, 두 그림에서 벽의 같은 곳은 같은 위치에 있습니다. 이전 사진에 "
        "찍히지 않은 부분은 회색입니다. 번호는 아래 표와 같습니다.",
    )


def _facts(teller: Teller, registration: Registration) -> Facts:
    say = teller.say
    shared, error, most = (registration.overlap, registration.error_px, registration.error_p95_px)
    facts: list[tuple[str, Cell]] = [
        (
            say("Overlap", "겹치는 범위"),
            say(
                f"{say.percent(shared)} of the earlier photo is seen in the later one",
                f"이전 사진의 {say.percent(shared)}가 나중 사진에 보임",
            ),
        )
    ]
    if isfinite(error) and isfinite(most):
        facts.append(
            (
                say("Fit of the photos", "사진 정합 오차"),
                say(
                    f"{error:.1f} px on average, {most:.1f} px or less at {say.percent(0.95)} of the places checked",
                    f"평균 {error:.1f} px, 확인한 지점의 95%에서 {most:.1f} px 이하",
                ),
            )
        )
    certainty = say.percent(min(registration.certainty, MOST_SHOWN))
    return Facts((*facts, (say("Same place", "동일 위치 확실도"), certainty)))


def _table(teller: Teller, report: ComparisonReport) -> Table:
    say = teller.say
    columns = (
        Column(say("No.", "번호"), 0.55, "right"),
        Column(say("Change", "변화"), 1.9),
        Column(say("Confidence", "확실도"), 1.7),
        Column(say("Number in earlier photo", "이전 사진 번호"), 1.0, "right"),
        Column(say("Number in later photo", "나중 사진 번호"), 1.0, "right"),
        Column(say("Longer by", "길이 증가"), 1.35, "right"),
        Column(say("Wider by", "폭 증가"), 1.35, "right"),
    )
    rows = tuple(_row(teller, number, change) for number, change in enumerate(report.changes, start=1))
    return Table(columns, rows)


def _row(teller: Teller, number: int, change: CrackChange) -> tuple[Cell, ...]:
    say = teller.say
    grown = change.kind == "grown"
    longer, wider = "length" in change.grown_in, "width" in change.grown_in
    return (
        str(number),
        kind_badge(change.kind, say),
        NOT_KNOWN if change.kind == "not_comparable" else say.confidence(change.confidence),
        _numbers(change.before_index),
        _numbers(change.after_index),
        teller.growth(change.length_mm, change.length) if grown and longer else NOT_KNOWN,
        teller.growth(change.width_mm, change.width) if grown and wider else NOT_KNOWN,
    )


def _numbers(indices: tuple[int, ...]) -> str:
    return ", ".join(str(index + 1) for index in indices) or NOT_KNOWN


def _table_note(teller: Teller) -> str:
    return teller.say(
        "The numbers in either photo are those of its own table further below. Growth is in pixels of the later photo, "
        "and in mm where a scale is known; ± is one standard deviation.",
        "‘이전·나중 사진 번호’는 뒤에 나오는 각 사진의 표에 있는 번호입니다. 증가량은 나중 사진의 화소 기준이며, "
        "축척을 아는 경우 mm도 함께 적습니다. ±는 표준편차입니다.",
    )


def _change_blocks(teller: Teller, step: int, index: int, registration: Registration) -> list[Block]:
    say, inspection = teller.say, teller.inspection
    change = inspection.comparisons[step].changes[index]
    before, after = inspection.photos[step], inspection.photos[step + 1]
    word = kind_word(change.kind, say)
    name = f"change-{step + 1}-{index + 1}"
    cuttings = change_pictures(before, after, registration, change)
    figures = []
    for when, pixels, number in zip(("before", "after"), cuttings, (step, step + 1), strict=True):
        if pixels is not None:
            dated = teller.dated(number)
            figures.append(Figure(_cutting(teller, f"{name}-{when}", pixels, dated, word), dated, half=True))
    blocks: list[Block] = [
        Heading(say(f"No. {index + 1}: {word}", f"{index + 1}번: {word}"), 3),
        Paragraph(change_sentence(teller, step, change)),
    ]
    if len(figures) == 2:
        blocks.append(Pair(figures[0], figures[1]))
    else:
        blocks += figures
    return [Together(tuple(blocks))]


def _cutting(teller: Teller, name: str, pixels: Pixels, dated: str, word: str) -> Picture:
    alt = teller.say(f"{dated}: the place of a crack that is {word}", f"{dated}: 균열 위치 ({word})")
    return jpeg_picture(name, pixels, alt)
