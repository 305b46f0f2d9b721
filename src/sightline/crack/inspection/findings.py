"""The part of the inspection report that shows each photo with what was found in it."""

from __future__ import annotations

from sightline.crack.annotate import TAGS
from sightline.crack.inspection.inspection import InspectionPhoto
from sightline.crack.inspection.pictures import photo_picture
from sightline.crack.inspection.teller import Teller, noted
from sightline.crack.inspection.terms import quality_text, severity_badge
from sightline.crack.report import CrackInstance, CrackReport
from sightline.documents.blocks import Block, Callout, Cell, Column, Facts, Figure, Heading, Table, Together
from sightline.documents.picture import jpeg_picture

_SCALES = {
    "marker": ("the printed marker in the photo", "사진 속 인쇄 마커"),
    "card": ("a card of ISO 7810 size in the photo", "사진 속 카드(ISO 7810 규격)"),
    "points": ("two points whose distance was stated", "거리가 입력된 두 점"),
}


def photo_blocks(teller: Teller, number: int) -> list[Block]:
    """A photo, its data and the table of its cracks."""
    say, photo = teller.say, teller.inspection.photos[number]
    report = photo.report
    alt = say(
        f"The photo with {found_words(teller, report)} outlined and numbered",
        f"{found_words(teller, report)} 표시 사진",
    )
    picture = jpeg_picture(f"photo-{number + 1}", photo_picture(photo), alt)
    blocks: list[Block] = [
        Together(
            (
                Heading(teller.title(number), 2),
                Figure(picture, _caption(teller, photo)),
                Facts(_facts(teller, photo)),
            )
        ),
    ]
    if report.quality:
        title = say("This photo supports an answer less than it should", "이 사진은 판단 근거로서 한계가 있습니다")
        blocks.append(Callout("warning", title, tuple(quality_text(note, say) for note in report.quality)))
    if report.instances:
        blocks += noted(_sizes_note(teller, report), _table(teller, report))
    return blocks


def found_words(teller: Teller, report: CrackReport) -> str:
    """How many cracks were found."""
    count = len(report.instances)
    if not count:
        return teller.say("no crack", "균열 없음")
    return teller.say.count(count, "crack", "cracks", "균열 {}건")


def _caption(teller: Teller, photo: InspectionPhoto) -> str:
    say, count = teller.say, len(photo.report.instances)
    if not count:
        return say(
            "No crack was found in this photo. Cracks that the photo cannot show may be there all the same.",
            "이 사진에서 균열이 발견되지 않았습니다. 사진에 나타나지 않는 균열은 있을 수 있습니다.",
        )
    more = say(f" The first {TAGS} are numbered.", f" 번호는 {TAGS}건까지 표시합니다.") if count > TAGS else ""
    return (
        say(
            "Each outline runs around a crack, not over it, in the colour of its severity. The numbers are those of "
            "the table.",
            "선은 균열 위가 아니라 둘레에 그렸고, 색은 심각도를 나타냅니다. 번호는 아래 표와 같습니다.",
        )
        + more
    )


def _facts(teller: Teller, photo: InspectionPhoto) -> tuple[tuple[str, Cell], ...]:
    say, report = teller.say, photo.report
    return (
        (say("File", "파일"), teller.name(photo)),
        (say("Taken", "촬영 시각"), teller.taken(photo)),
        (say("Received", "접수 시각"), teller.received(photo)),
        (say("Size", "크기"), f"{report.width_px:,} × {report.height_px:,} px"),
        (say("Scale", "축척"), _scale_words(teller, report)),
        (say("Found", "발견"), found_words(teller, report)),
    )


def _scale_words(teller: Teller, report: CrackReport) -> str:
    say, scale = teller.say, report.scale
    if scale is None:
        return say(
            "none: nothing of known size was used, so there are no millimetres",
            "없음: 크기를 아는 기준물이 없어 밀리미터로 나타내지 않음",
        )
    source = say(*_SCALES[scale.kind])
    size = say.measure(scale.mm_per_px, "mm/px", scale.mm_per_px * scale.relative_uncertainty, decimals=3)
    seen = say(
        "seen at an angle, corrected" if scale.perspective_corrected else "not corrected for the angle of view",
        "비스듬한 각도 보정됨" if scale.perspective_corrected else "촬영 각도는 보정되지 않음",
    )
    return f"{source}: {size} ({seen})"


def _table(teller: Teller, report: CrackReport) -> Table:
    say = teller.say
    columns = (
        Column(say("No.", "번호"), 0.55, "right"),
        Column(say("Confidence", "균열일 가능성"), 1.9),
        Column(say("Severity", "심각도"), 1.0),
        Column(say("Length", "길이"), 1.35, "right"),
        Column(say("Mean width", "평균 폭"), 1.35, "right"),
        Column(say("Widest", "최대 폭"), 1.35, "right"),
    )
    return Table(columns, tuple(_row(teller, number, found) for number, found in enumerate(report.instances, start=1)))


def _row(teller: Teller, number: int, found: CrackInstance) -> tuple[Cell, ...]:
    say, sizes = teller.say, found.sizes
    length = teller.both_units(
        (found.length_mm, found.length_uncertainty_mm), (found.length_px, None), mm_decimals=1, px_decimals=0
    )
    mean, widest = (
        teller.both_units(
            (in_mm, found.width_uncertainty_mm),
            (outlined, None) if exact is None else (exact, sizes.profile_width_uncertainty_px),
            mm_decimals=2,
            px_decimals=1,
        )
        for in_mm, exact, outlined in (
            (found.mean_width_mm, sizes.profile_mean_width_px, found.mean_width_px),
            (found.max_width_mm, sizes.profile_max_width_px, found.max_width_px),
        )
    )
    return (str(number), say.confidence(found.confidence), severity_badge(found.severity, say), length, mean, widest)


def _sizes_note(teller: Teller, report: CrackReport) -> str:
    say = teller.say
    pixels = say(
        "Length is along the centre line, all branches together; widths are across it. px are pixels of the photo. "
        "± is one standard deviation; a width without it is that of the outline, not of the crack's own shade.",
        "길이는 중심선을 따라 모든 가지를 더한 값이고, 폭은 중심선을 가로질러 잰 값입니다. px는 사진의 화소이고 ±는 "
        "표준편차입니다. ±가 없는 폭은 균열의 음영이 아니라 표시된 윤곽에서 잰 값입니다.",
    )
    if report.scale is None:
        return pixels
    return pixels + say(
        " mm are sizes on the wall. A size without mm could not be measured well enough.",
        " mm는 벽면에서의 크기입니다. mm가 없는 값은 충분히 정확하게 잴 수 없었습니다.",
    )
