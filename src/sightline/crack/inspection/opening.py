"""The first page of the inspection report: the answer at a glance, and what the report is about."""

from __future__ import annotations

from collections import Counter

from sightline.crack.compare.compared import KINDS, ChangeKind, ComparisonReport
from sightline.crack.inspection.findings import found_words
from sightline.crack.inspection.teller import Teller
from sightline.crack.inspection.terms import KIND_TONE, kind_word, refusal_text
from sightline.documents.blocks import Block, Callout, Cell, Code, Column, Facts, Heading, Paragraph, Table, Tile, Tiles

_MOSTLY_SHARED = 0.9
"""Share of the earlier photo: with less of it in view, the answer holds for a part of the wall only, and says so."""


def opening_blocks(teller: Teller) -> list[Block]:
    """The answer, the counts, what it is about, and the owner's remarks."""
    say, inspection = teller.say, teller.inspection
    blocks: list[Block] = [_answer(teller, step) for step in range(len(inspection.comparisons))]
    if not inspection.comparisons:
        blocks.append(_findings(teller))
    comparable = [report for report in inspection.comparisons if report.comparable]
    if len(inspection.comparisons) == 1 and comparable:
        blocks.append(_tiles(teller, comparable[0]))
    elif comparable:
        blocks.append(_counts(teller))
    blocks += [_not_this(teller), Facts(_facts(teller)), *_photo_list(teller)]
    if inspection.remarks.strip():
        blocks += [Heading(say("Remarks", "비고")), Paragraph(inspection.remarks.strip())]
    return blocks


def _answer(teller: Teller, step: int) -> Callout:
    """What one comparison says, in the colour of the gravest."""
    say, report = teller.say, teller.inspection.comparisons[step]
    where = teller.step(step)
    if report.refusal is not None:
        title = say(f"{where}: not compared", f"{where}: 비교하지 않음")
        return Callout("warning", title, (refusal_text(report.refusal, say),))
    counts = report.counts
    lines = _reservations(teller, step)
    found = [_grave(teller, kind, counts[kind]) for kind in ("new", "grown") if counts[kind]]
    if found:
        title = f"{where}: {say(' and ', ', ').join(found)}"
        return Callout("serious" if counts["new"] else "warning", title, lines)
    title = say(f"{where}: no new crack and no growth seen", f"{where}: 새로 생기거나 커진 균열이 확인되지 않음")
    return Callout("info" if lines else "good", title, lines)


def _reservations(teller: Teller, step: int) -> tuple[str, ...]:
    """What stands against taking the answer for the whole of the wall."""
    say, inspection = teller.say, teller.inspection
    report = inspection.comparisons[step]
    lines = []
    if count := report.counts["not_comparable"]:
        lines.append(_unjudged(teller, count))
    if report.registration is not None and report.registration.overlap < _MOSTLY_SHARED:
        share = say.percent(report.registration.overlap)
        lines.append(
            say(
                f"Only {share} of the earlier photo is seen in the later one.",
                f"이전 사진의 {share}만 나중 사진에 보입니다.",
            )
        )
    if report.quality or any(photo.report.quality for photo in inspection.photos[step : step + 2]):
        lines.append(_poor(teller))
    return tuple(lines)


def _poor(teller: Teller) -> str:
    return teller.say(
        "The photos support this answer less than they should; the reasons stand below.",
        "사진의 상태 때문에 이 판단에는 한계가 있습니다. 이유는 아래에 적었습니다.",
    )


def _grave(teller: Teller, kind: ChangeKind, count: int) -> str:
    if kind == "new":
        return teller.say.count(count, "new crack", "new cracks", "새로 생긴 균열 {}건")
    return teller.say.count(count, "crack that grew", "cracks that grew", "커진 균열 {}건")


def _unjudged(teller: Teller, count: int) -> str:
    return teller.say(
        f"{'One crack' if count == 1 else f'{count} cracks'} could not be compared; the reasons stand below.",
        f"균열 {count}건은 비교할 수 없었습니다. 이유는 아래에 적었습니다.",
    )


def _findings(teller: Teller) -> Callout:
    """What the photos show where nothing was compared."""
    say, photos = teller.say, teller.inspection.photos
    if not photos:
        return Callout("info", say("There are no photos yet", "아직 사진이 없습니다"))
    total = sum(len(photo.report.instances) for photo in photos)
    lines = tuple(f"{teller.short(number)}: {found_words(teller, photo.report)}" for number, photo in enumerate(photos))
    poor = any(photo.report.quality for photo in photos)
    lines = (*lines, _poor(teller)) if poor else lines
    if total:
        return Callout("warning", say("Cracks were found", "균열이 발견되었습니다"), lines)
    return Callout("info" if poor else "good", say("No crack was found", "균열이 발견되지 않았습니다"), lines)


def _tiles(teller: Teller, report: ComparisonReport) -> Tiles:
    counts = report.counts
    return Tiles(
        tuple(
            Tile(str(counts[kind]), kind_word(kind, teller.say), KIND_TONE[kind] if counts[kind] else "plain")
            for kind in KINDS
        )
    )


def _counts(teller: Teller) -> Table:
    """How many changes of each kind there are between each photo and the next."""
    say, inspection = teller.say, teller.inspection
    columns = (
        Column(say("Between", "구간"), 2.4),
        *(Column(kind_word(kind, say), 1, "right") for kind in KINDS),
    )
    rows = []
    for step, report in enumerate(inspection.comparisons):
        counts = tuple(str(report.counts[kind]) if report.comparable else "–" for kind in KINDS)
        rows.append((teller.step(step), *counts))
    return Table(columns, tuple(rows))


def _not_this(teller: Teller) -> Callout:
    return Callout(
        "plain",
        teller.say("What this report is not", "유의 사항"),
        (
            teller.say(
                "This is a visual screening of photos, not a structural assessment. It says what the photos show, not "
                "who or what caused a change, nor when between two photos it came about.",
                "이 보고서는 사진을 바탕으로 한 육안 점검 자료이며 구조 안전 진단이 아닙니다. 사진에 나타난 사실만을 "
                "말하며, 변화의 원인이나 책임, 두 사진 사이의 정확한 발생 시점은 말하지 않습니다.",
            ),
        ),
    )


def _facts(teller: Teller) -> tuple[tuple[str, Cell], ...]:
    say, inspection = teller.say, teller.inspection
    models = Counter(f"{photo.report.model.name} {photo.report.model.version}" for photo in inspection.photos)
    facts: list[tuple[str, Cell]] = [
        (say("Wall", "벽면"), inspection.wall),
        (say("Inspection", "점검 번호"), Code(inspection.inspection_id)),
        (say("Report made", "작성 시각"), say.moment(inspection.created_at)),
        (say("Photos", "사진"), say.count(len(inspection.photos), "photo", "photos", "{}장")),
    ]
    if models:
        facts.append((say("Model", "분석 모델"), ", ".join(models)))
    return tuple(facts)


def _photo_list(teller: Teller) -> list[Block]:
    """All photos in order of time, with when they were taken and received side by side."""
    say, photos = teller.say, teller.inspection.photos
    if not photos:
        return []
    columns = (
        Column(say("Photo", "사진"), 1.1),
        Column(say("Taken", "촬영 시각"), 1.8),
        Column(say("Received", "접수 시각"), 1.5),
        Column(say("Cracks", "균열"), 0.6, "right"),
    )
    rows = tuple(
        (teller.short(number), teller.taken(photo), teller.received(photo), str(len(photo.report.instances)))
        for number, photo in enumerate(photos)
    )
    return [Table(columns, rows)]
