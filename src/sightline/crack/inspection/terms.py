"""The words of the inspection report that stand for codes, in both languages.

What has no entry (a code that is newer than this page, a stage of one's own) is shown as it came.
"""

from __future__ import annotations

from datetime import datetime

from sightline.crack.compare.compared import ChangeKind, CrackChange, ReasonCode, Refusal
from sightline.crack.report import QualityNote
from sightline.crack.severity import Severity
from sightline.documents.blocks import Badge, Tone
from sightline.documents.language import Wording
from sightline.evidence.originals import FileNote

_Pair = tuple[str, str]

KIND_TONE: dict[ChangeKind, Tone] = {
    "new": "serious",
    "grown": "warning",
    "unchanged": "plain",
    "healed": "good",
    "not_comparable": "info",
}

_KINDS: dict[ChangeKind, _Pair] = {
    "new": ("new", "새로 생김"),
    "grown": ("grown", "커짐"),
    "unchanged": ("unchanged", "변화 없음"),
    "healed": ("healed or painted over", "보수·도색됨"),
    "not_comparable": ("not comparable", "비교 불가"),
}

_SEVERITIES: dict[Severity, tuple[str, str, Tone]] = {
    "low": ("low", "낮음", "info"),
    "medium": ("medium", "보통", "warning"),
    "high": ("high", "높음", "serious"),
}

_STAGES: dict[str, _Pair] = {
    "check-in": ("Check-in", "체크인"),
    "check-out": ("Check-out", "체크아웃"),
    "before": ("Before", "이전"),
    "after": ("After", "이후"),
}

_QUALITY: dict[str, str] = {
    "too_small": "사진이 너무 작아 가는 균열이 보이지 않을 수 있습니다. 원본 크기 그대로 올려 주십시오.",
    "too_dark": "사진이 너무 어두워 가는 균열이 보이지 않을 수 있습니다. 조명이나 플래시를 켜 주십시오.",
    "too_bright": "사진이 너무 밝아 넓은 부분이 하얗게 날아갔습니다. 플래시와 정면 조명을 피해 주십시오.",
    "too_blurred": "사진이 흐려 가는 균열이 보이지 않을 수 있습니다. 휴대전화를 고정하고 초점을 맞춰 주십시오.",
    "small_overlap": "두 사진에 함께 보이는 부분이 작습니다. 그 밖의 부분은 비교할 수 없습니다.",
    "before_coarser": "이전 사진은 나중 사진보다 벽을 훨씬 거칠게 담아, 가는 균열이 보이지 않을 수 있습니다.",
    "after_coarser": "나중 사진은 이전 사진보다 벽을 훨씬 거칠게 담아, 가는 균열이 보이지 않을 수 있습니다.",
    "before_softer": "이전 사진은 나중 사진보다 훨씬 흐려, 가는 균열이 보이지 않을 수 있습니다.",
    "after_softer": "나중 사진은 이전 사진보다 훨씬 흐려, 가는 균열이 보이지 않을 수 있습니다.",
    "rough_registration": "두 사진을 대략적으로만 맞출 수 있었습니다. 벽면이 평평하지 않을 수 있습니다.",
}

_REFUSALS: dict[str, str] = {
    "too_little_detail": "두 사진을 맞출 만한 무늬나 사물이 부족합니다. 모서리, 콘센트, 얼룩처럼 움직이지 않는 것이 "
    "함께 보이도록, 고른 조명에서 더 가까이, 선명하게 촬영해 주십시오.",
    "other_wall": "두 사진이 같은 벽의 같은 부분을 찍은 것으로 보이지 않거나, 이를 알아볼 만한 무늬나 사물이 "
    "부족합니다. 모서리, 콘센트, 얼룩처럼 움직이지 않는 것이 함께 보이도록, 첫 사진과 비슷한 위치에서 촬영해 주십시오.",
    "too_little_overlap": "두 사진에 함께 찍힌 부분이 너무 작습니다. 첫 사진과 비슷한 위치에서 촬영해 주십시오.",
}

_REASONS: dict[ReasonCode, _Pair] = {
    "outside_overlap": (
        "{Other} does not show this part of the wall.",
        "{other}에는 벽의 이 부분이 찍히지 않았습니다.",
    ),
    "too_coarse": (
        "{Other} was taken from too far away, or is too small: it would not show a crack this fine.",
        "{other}은 너무 멀리서 찍혔거나 너무 작아서, 이렇게 가는 균열이 있었더라도 보이지 않습니다.",
    ),
    "too_blurred": (
        "{Other} is too blurred here to show a crack this fine.",
        "{other}은 이 부분이 흐려서, 이렇게 가는 균열이 있었더라도 보이지 않습니다.",
    ),
    "too_dark": (
        "{Other} is too dark here to show a crack this fine.",
        "{other}은 이 부분이 너무 어두워서, 이렇게 가는 균열이 있었더라도 보이지 않습니다.",
    ),
    "too_bright": (
        "{Other} is too bright here to show a crack this fine.",
        "{other}은 이 부분이 너무 밝아서, 이렇게 가는 균열이 있었더라도 보이지 않습니다.",
    ),
    "too_noisy": (
        "In {other}, grain or the texture of the wall would hide a crack this faint.",
        "{other}에서는 사진의 잡음이나 벽면의 질감에 묻혀, 이렇게 옅은 균열은 구별되지 않습니다.",
    ),
    "hidden": (
        "In {other}, something else is seen at this place.",
        "{other}에서는 이 자리에 다른 것이 보입니다.",
    ),
    "not_a_line": (
        "In {own} it is not a clear dark line: it may be the edge of a shade.",
        "{own}에서 뚜렷한 어두운 선이 아닙니다. 그림자의 경계일 수 있습니다.",
    ),
    "partly_seen": (
        "{Other} shows only a part of it clearly.",
        "{other}에는 일부만 뚜렷하게 보입니다.",
    ),
}

_FILE_NOTES: dict[str, str] = {
    "time_missing": "파일에 촬영 시각이 기록되어 있지 않습니다.",
    "time_zone_missing": "파일에 시간대가 기록되어 있지 않아, 시각은 카메라 시계를 그대로 따릅니다.",
    "taken_after_received": "파일의 촬영 시각이 접수 시각보다 늦습니다. 카메라 시계가 틀렸거나 시각이 변경되었습니다.",
    "edited_with": "이미지 편집 프로그램으로 저장된 파일입니다",
    "saved_again": "촬영 후에 다시 저장된 파일입니다",
}


def kind_badge(kind: ChangeKind, say: Wording) -> Badge:
    """A kind of change on its colour."""
    return Badge(kind_word(kind, say), KIND_TONE[kind])


def kind_word(kind: ChangeKind, say: Wording) -> str:
    """A kind of change in words."""
    return say(*_KINDS[kind])


def counted_kind(kind: ChangeKind, count: int, say: Wording) -> str:
    """So many changes of a kind: "2 grown"."""
    return say(f"{count} {kind_word(kind, say)}", f"{kind_word(kind, say)} {count}건")


def severity_badge(severity: Severity, say: Wording) -> Badge:
    """A severity on its colour, which is that of the outline in the photo."""
    english, korean, tone = _SEVERITIES[severity]
    return Badge(say(english, korean), tone)


def stage_word(stage: str, say: Wording) -> str:
    """What a stage is called; one of the users' own as they wrote it."""
    return say(*_STAGES.get(stage, (stage, stage)))


def stage_within(stage: str, say: Wording) -> str:
    """What a stage is called within a sentence."""
    word = stage_word(stage, say)
    return word.lower() if stage in _STAGES else word


def quality_text(note: QualityNote, say: Wording) -> str:
    """A remark on a photo's quality."""
    return say(note.message, _QUALITY.get(note.code, note.message))


def refusal_text(refusal: Refusal, say: Wording) -> str:
    """Why two photos were not compared."""
    return say(refusal.message, _REFUSALS.get(refusal.code, refusal.message))


def reason_text(change: CrackChange, say: Wording, *, own: str, other: str) -> str:
    """Why a crack, or a part of it, could not be judged; empty where nothing stood against it.

    Args:
        change: with its reason.
        say: the language.
        own: what the photo is called that the crack was found in.
        other: what the photo is called that it was looked for in.
    """
    if change.reason is None:
        return ""
    known = _REASONS.get(change.reason_code) if change.reason_code else None
    if known is None:
        return change.reason
    return say(*known).format(own=own, other=other, Other=other[:1].upper() + other[1:])


def reason_between(change: CrackChange, say: Wording, *, earlier: str, later: str) -> str:
    """The same for a change between two photos, by what they are called within a sentence."""
    if (change.after_index and not change.before_index) or change.kind == "new":
        return reason_text(change, say, own=later, other=earlier)
    if (change.before_index and not change.after_index) or change.kind == "healed":
        return reason_text(change, say, own=earlier, other=later)
    either = say("one of the photos", "두 사진 중 한 장")
    return reason_text(change, say, own=either, other=either)


def file_note_text(note: FileNote, say: Wording) -> str:
    """What is odd about a photo's file."""
    korean = _FILE_NOTES.get(note.code)
    if korean is None or say.language == "en":
        return note.message
    if note.code == "edited_with" and note.value:
        return f"{korean}: {note.value}"
    if note.code == "saved_again" and note.value:
        return f"{korean}: {say.moment(datetime.fromisoformat(note.value))}"
    return korean
