"""What the gaze report says, in order: the statement, the figures, the curve, the evidence, what could not be seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from PIL import Image

from sightline.documents.blocks import (
    Block,
    Bullets,
    Callout,
    Code,
    Column,
    Document,
    Facts,
    Figure,
    Heading,
    Paragraph,
    Table,
    Tile,
    Tiles,
)
from sightline.documents.language import Language, Wording
from sightline.documents.picture import Picture
from sightline.documents.text import shortened
from sightline.gaze.document.labels import DOMAINS, finding, reliability, sentence, target, value, verdict
from sightline.gaze.document.recording import Recording
from sightline.gaze.screening.values import DISCLAIMER

_NOT_A_DIAGNOSIS = (
    DISCLAIMER,
    "선별 검사를 돕는 자료이며, 진단도 의료기기도 아닙니다. 질병의 유무는 의사의 진찰로만 알 수 있습니다.",
)

_METHOD = (
    """Landmarks of the face are found in every frame, the irises' edges are fitted in the picture, and the gaze is the
angle of the eye in the head, up and to the participant's left positive. Blinks are told from each person's own open
eyes; gaze in and around blinks is left out. Times are those at which the frames were recorded. The statement is made to
be specific: it rather says "insufficient data" than suspects somebody wrongly, and without targets up and down it says
nothing. Sensitivity in patients is not known.""",
    """모든 프레임에서 얼굴의 기준점을 찾고 홍채의 가장자리를 화면에 맞추어, 머리에 대한 눈의 각도(위쪽과 본인의 왼쪽이
양수)를 시선으로 봅니다. 깜빡임은 각자의 뜬 눈을 기준으로 판단하며, 깜빡이는 동안과 그 전후의 시선은 제외합니다.
시각은 프레임이 녹화된 실제 시각입니다. 이 판단은 특이도를 우선하여, 잘못 의심하기보다 "자료 부족"이라고 하며, 위와
아래 목표가 없으면 판단하지 않습니다. 환자에서의 민감도는 알려져 있지 않습니다.""",
)


def gaze_document(recording: Recording, language: Language) -> Document:
    """The report as blocks, for `documents.pdf` and `documents.html`."""
    say = Wording(language)
    name = shortened(recording.name) or (recording.analysis_id or "")
    return Document(
        title=say("Eye movement report", "안구 운동 보고서"),
        subtitle=name,
        language=language,
        created_at=recording.created_at,
        author=f"Sightline {recording.service_version}",
        subject=say("Eye movements in a video of a face", "얼굴 동영상의 안구 운동"),
        footer=say("A screening aid, not a diagnosis.", "선별 검사 보조 자료이며 진단이 아닙니다."),
        blocks=tuple(_blocks(recording, say)),
    )


def _blocks(recording: Recording, say: Wording) -> Iterator[Block]:
    report = recording.report
    yield _statement(report["screening"], say)
    yield _tiles(report["summary"], say)
    if recording.figure_png is not None:
        yield from _figure(recording.figure_png, say)
    yield from _evidence(report["screening"]["evidence"], say)
    yield from _responses(report["screening"], say)
    yield from _limits(report, say)
    yield from _references(report["screening"]["evidence"], say)
    yield from _origin(recording, say)


def _statement(screening: Mapping[str, Any], say: Wording) -> Block:
    headline, tone = verdict(screening["verdict"], say)
    return Callout(tone, headline, (sentence(screening["psp_rule_reason"], say), say(*_NOT_A_DIAGNOSIS)))


def _tiles(summary: Mapping[str, Any], say: Wording) -> Block:
    def degrees(name: str) -> str:
        return "–" if summary[name] is None else f"{summary[name]:.0f}°"

    rate = summary["blink_rate_per_min"]
    return Tiles(
        (
            Tile(degrees("vertical_range_deg"), say("vertical range", "수직 주시 범위")),
            Tile(degrees("horizontal_range_deg"), say("horizontal range", "수평 주시 범위")),
            Tile("–" if rate is None else f"{rate:.1f}", say("blinks a minute", "분당 깜빡임")),
            Tile(f"{summary['saccade_count']}", say("saccades", "단속안구운동")),
            Tile(say.percent(summary["usable_share"]), say("of the frames usable", "쓸 수 있는 프레임")),
        )
    )


def _figure(png: bytes, say: Wording) -> Iterator[Block]:
    with Image.open(BytesIO(png)) as image:
        width, height = image.size
    caption = say(
        "Lid opening, vertical and horizontal gaze over time. Blinks, saccades, targets and gaps are marked.",
        "시간에 따른 눈꺼풀 열림, 수직 및 수평 시선. 깜빡임, 단속안구운동, 목표, 측정하지 못한 구간을 표시했습니다.",
    )
    picture = Picture("gaze.png", png, "image/png", width, height, caption)
    yield Heading(say("The recording", "녹화 내용"))
    yield Figure(picture, caption)


def _evidence(evidence: list[Mapping[str, Any]], say: Wording) -> Iterator[Block]:
    yield Heading(say("Evidence", "측정 근거"))
    columns = (
        Column(say("Measure", "항목"), 2.0),
        Column(say("Value", "값"), 1.1, "right"),
        Column(say("Compared with health", "정상과 비교"), 1.2),
        Column(say("Reliability", "신뢰도"), 1.1),
        Column(say("Why", "근거"), 3.2),
    )
    for domain, names in DOMAINS.items():
        rows = tuple(
            (
                sentence(item["name"], say),
                value(item, say),
                finding(item["finding"], say),
                reliability(item["reliability"], say),
                sentence(item["why"], say),
            )
            for item in evidence
            if item["domain"] == domain
        )
        if rows:
            yield Heading(say(*names), 2)
            yield Table(columns, rows)


def _responses(screening: Mapping[str, Any], say: Wording) -> Iterator[Block]:
    if not screening["responses"]:
        return
    yield Heading(say("Answers to the targets", "목표에 대한 응답"))
    told = say("{} of {} targets were reached.", "목표 {1}개 가운데 {0}개에 도달했습니다.")
    yield Paragraph(told.format(screening["targets_reached"], screening["targets_asked"]))
    columns = (
        Column(say("Target", "목표"), 1.0),
        Column(say("Time", "시간"), 1.2),
        Column(say("Amplitude", "진폭"), 1.0, "right"),
        Column(say("Reached", "도달"), 0.9),
        Column(say("Latency", "잠복기"), 1.0, "right"),
        Column(say("Head", "머리"), 0.8, "right"),
        Column(say("Readable", "판독 가능"), 1.0, "right"),
        Column(say("Note", "비고"), 2.6),
    )
    yield Table(columns, tuple(_response(item, say) for item in screening["responses"]))


def _response(item: Mapping[str, Any], say: Wording) -> tuple[str, ...]:
    def number(name: str, form: str) -> str:
        return "–" if item[name] is None else form.format(item[name])

    reached = {True: say("yes", "예"), False: say("no", "아니요"), None: "–"}[item["reached"]]
    return (
        target(item["target"], say),
        f"{item['start_s']:g}–{item['end_s']:g}{say(' s', '초')}",
        number("amplitude_deg", "{:.1f}°"),
        reached,
        number("latency_s", say("{:.2f} s", "{:.2f}초")),
        number("head_deg", "{:.0f}°"),
        say.percent(item["usable_share"]),
        sentence(item["latency_note"], say),
    )


def _limits(report: Mapping[str, Any], say: Wording) -> Iterator[Block]:
    yield Heading(say("What could not be judged, and why", "판단할 수 없었던 것과 그 이유"))
    sentences = [*report["screening"]["limitations"], *report["warnings"]]
    yield Bullets(tuple(sentence(text, say) for text in sentences))


def _references(evidence: list[Mapping[str, Any]], say: Wording) -> Iterator[Block]:
    yield Heading(say("Reference ranges and their sources", "참고 범위와 출처"))
    columns = (
        Column(say("Measure", "항목"), 1.4),
        Column(say("What is known of it", "알려진 값"), 3.0),
        Column(say("Source", "출처"), 2.4),
    )
    known: dict[tuple[str, str], list[str]] = {}
    for item in evidence:
        known.setdefault((item["reference"], item["source"]), []).append(sentence(item["name"], say))
    rows = tuple((", ".join(names), sentence(text, say), source) for (text, source), names in known.items())
    yield Table(columns, rows)


def _origin(recording: Recording, say: Wording) -> Iterator[Block]:
    report, summary = recording.report, recording.report["summary"]
    meta, model = summary["video_meta"], report["model"]
    yield Heading(say("The video and how it was analysed", "동영상과 분석 방법"))
    rows: list[tuple[str, str | Code]] = [
        (say("File", "파일"), shortened(recording.name) or "–"),
        ("SHA-256", Code(recording.sha256)),
        (say("Size", "크기"), f"{recording.size_bytes:,} {say('bytes', '바이트')}"),
        (
            say("Recording", "녹화"),
            say(
                "{:.1f} s, {} × {} px, {:.1f} frames a second, {} frames analysed",
                "{:.1f}초, {} × {} px, 초당 {:.1f}프레임, 분석한 프레임 {}개",
            ).format(
                summary["duration_sec_est"],
                meta["width_px"],
                meta["height_px"],
                summary["fps"],
                summary["frames_processed"],
            ),
        ),
    ]
    if recording.received_at is not None:
        rows.append((say("Received", "접수"), say.moment(recording.received_at)))
    if recording.analysis_id is not None:
        rows.append((say("Analysis", "분석 번호"), Code(recording.analysis_id)))
    rows += [
        (say("Report made", "보고서 작성"), say.moment(recording.created_at)),
        (say("Model", "모델"), f"{model['name']} {model['version']}"),
        (say("Model's SHA-256", "모델의 SHA-256"), Code(model["sha256"])),
        (say("Software", "소프트웨어"), f"Sightline {recording.service_version}"),
        (say("Signature", "서명"), _signature(recording, say)),
    ]
    yield Facts(tuple(rows))
    yield Paragraph(say(*_METHOD).replace("\n", " "))
    yield Paragraph(say("Signals: {}.", "신호 처리: {}.").format("; ".join(report["filters"])), quiet=True)
    yield Callout("info", say("Not a diagnosis", "진단이 아닙니다"), (say(*_NOT_A_DIAGNOSIS),))


def _signature(recording: Recording, say: Wording) -> str | Code:
    if recording.key_fingerprint is None:
        return say("this report is not signed", "서명되지 않은 보고서입니다")
    return Code(recording.key_fingerprint)
