"""The end of the inspection report: what could not be judged, and what it rests on."""

from __future__ import annotations

from sightline.crack.inspection.inspection import InspectionPhoto
from sightline.crack.inspection.sentences import change_sentence
from sightline.crack.inspection.teller import Teller
from sightline.crack.inspection.terms import file_note_text, quality_text, refusal_text
from sightline.documents.blocks import (
    Block,
    Bullets,
    Callout,
    Cell,
    Code,
    Facts,
    Heading,
    Paragraph,
    Together,
)

_WELL_COVERED = 0.995
"""Share of the earlier photo: what is missing of it beyond that is told, for a crack may be there."""


def unjudged_blocks(teller: Teller) -> list[Block]:
    """What could not be judged, and why."""
    say, inspection = teller.say, teller.inspection
    items = []
    for number, photo in enumerate(inspection.photos):
        items += [f"{teller.title(number)}. {quality_text(note, say)}" for note in photo.report.quality]
        if photo.report.scale is None and photo.report.instances:
            items.append(
                say(
                    f"{teller.title(number)}. Sizes in millimetres: nothing of known size gives the scale.",
                    f"{teller.title(number)}. 밀리미터 크기: 축척을 알 수 있는 기준물이 없습니다.",
                )
            )
    for step in range(len(inspection.comparisons)):
        items += _unjudged_step(teller, step)
    if not items:
        items = [say("Nothing stood against the answers above.", "위 판단에 제약이 되는 점은 없었습니다.")]
    return [
        Heading(say("What could not be judged", "판단하지 못한 사항")),
        Bullets(tuple(items)),
        Paragraph(
            say(
                "What is never seen: cracks finer than a photo shows, cracks behind furniture, wallpaper or paint, and "
                "everything outside the photos.",
                "사진에 나타나지 않을 만큼 가는 균열, 가구·벽지·페인트에 가려진 균열, 사진 밖의 부분은 확인되지 "
                "않습니다.",
            ),
            quiet=True,
        ),
    ]


def _unjudged_step(teller: Teller, step: int) -> list[str]:
    say, report = teller.say, teller.inspection.comparisons[step]
    where = teller.step(step)
    if report.refusal is not None:
        return [f"{where}: {refusal_text(report.refusal, say)}"]
    items = [f"{where}: {quality_text(note, say)}" for note in report.quality]
    if report.registration is not None and report.registration.overlap < _WELL_COVERED:
        missing = say.percent(1 - report.registration.overlap)
        items.append(
            say(
                f"{where}: {missing} of the earlier photo is not seen in the later one.",
                f"{where}: 이전 사진의 {missing}는 나중 사진에 보이지 않습니다.",
            )
        )
    for number, change in enumerate(report.changes, start=1):
        if change.reason is not None:
            label = say(f"{where}, no. {number}", f"{where} {number}번")
            items.append(f"{label}: {change_sentence(teller, step, change)}")
    return items


def evidence_blocks(teller: Teller) -> list[Block]:
    """The originals with their digests, the model, and how to check that nothing was changed."""
    say, inspection = teller.say, teller.inspection
    blocks: list[Block] = [Heading(say("What this report rests on", "근거 자료"))]
    if inspection.photos:
        blocks.append(
            Paragraph(
                say(
                    "Each photo as it was received is told from every other file by its SHA-256: change one bit of the "
                    "file, and it is another. The time a photo was taken is what its file or its sender says; the "
                    "time of receipt is the service's own.",
                    "접수된 원본 사진은 SHA-256 값으로 다른 모든 파일과 구별됩니다. 파일이 1비트라도 바뀌면 값이 "
                    "달라집니다. 촬영 시각은 파일이나 보낸 사람이 알린 것이고, 접수 시각은 서비스가 직접 기록한 "
                    "것입니다.",
                )
            )
        )
    for number, photo in enumerate(inspection.photos):
        blocks.append(Together((Heading(teller.title(number), 3), Facts(_original(teller, photo)))))
    models = {photo.report.model.sha256: photo.report.model for photo in inspection.photos}
    for model in models.values():
        facts: tuple[tuple[str, Cell], ...] = (
            (say("Name and version", "이름과 버전"), f"{model.name} {model.version}"),
            ("SHA-256", Code(model.sha256)),
            (say("Run by", "실행 환경"), f"Sightline {inspection.service_version}"),
        )
        blocks.append(Together((Heading(say("Model", "분석 모델"), 3), Facts(facts))))
    return [*blocks, _signature(teller)]


def _original(teller: Teller, photo: InspectionPhoto) -> tuple[tuple[str, Cell], ...]:
    say = teller.say
    facts: list[tuple[str, Cell]] = [
        (say("File", "파일"), teller.name(photo)),
        ("SHA-256", Code(photo.sha256)),
        (say("Taken", "촬영 시각"), teller.taken(photo)),
        (say("Received", "접수 시각"), teller.received(photo)),
    ]
    if photo.size_bytes is not None:
        facts.append((say("Bytes", "바이트"), f"{photo.size_bytes:,}"))
    if photo.camera:
        facts.append((say("Camera, as the file says", "카메라 (파일 기록)"), photo.camera))
    facts += [(say("Remark", "참고"), file_note_text(note, say)) for note in photo.notes]
    return tuple(facts)


def _signature(teller: Teller) -> Callout:
    say, inspection = teller.say, teller.inspection
    check = say(
        "To check this file and the photos: sightline verify REPORT PHOTO… It names what was changed, if anything was.",
        "이 파일과 원본 사진은 ‘sightline verify 보고서 사진…’ 명령으로 확인할 수 있으며, 바뀐 것이 있으면 무엇인지 "
        "알려 줍니다.",
    )
    if not inspection.signed:
        return Callout(
            "warning",
            say("This report is not signed", "이 보고서에는 서명이 없습니다"),
            (
                say(
                    "Whoever has the file can change it, and its digests with it.",
                    "파일을 가진 사람이 내용과 해시값을 함께 바꿀 수 있습니다.",
                ),
            ),
        )
    lines = [check]
    if inspection.key_fingerprint:
        lines.append(say(f"Key: {inspection.key_fingerprint}", f"키 지문: {inspection.key_fingerprint}"))
    lines.append(
        say(
            "A signature shows that the report is as the service made it. It does not show that a photo is true.",
            "서명은 보고서가 서비스에서 만들어진 그대로임을 보여 줄 뿐, 사진의 진실성을 보증하지 않습니다.",
        )
    )
    return Callout(
        "info", say("This report is signed (Ed25519)", "이 보고서는 서명되어 있습니다 (Ed25519)"), tuple(lines)
    )
