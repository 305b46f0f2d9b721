"""The words of the gaze report that stand for codes, in both languages; a code without an entry is shown as it came."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from sightline.documents.blocks import Badge, Tone
from sightline.documents.language import Wording
from sightline.gaze.document.korean import korean

_Worded = tuple[str, str, Tone]

_VERDICTS: Final[Mapping[str, _Worded]] = {
    "suspected": (
        "Vertical gaze is restricted as in PSP: have it examined",
        "진행성 핵상마비(PSP)에서처럼 수직 주시가 제한되어 있습니다: 진료가 필요합니다",
        "serious",
    ),
    "not_suspected": ("Vertical gaze is not restricted", "수직 주시가 제한되어 있지 않습니다", "good"),
    "insufficient_data": (
        "Insufficient data: this recording supports no statement",
        "자료 부족: 이 녹화로는 판단할 수 없습니다",
        "info",
    ),
}

_FINDINGS: Final[Mapping[str, _Worded]] = {
    "normal": ("as in health", "정상 범위", "good"),
    "abnormal": ("outside health's range", "정상 범위 밖", "serious"),
    "unclear": ("unclear", "판단 불가", "plain"),
}

_RELIABILITIES: Final[Mapping[str, _Worded]] = {
    "good": ("good", "높음", "good"),
    "limited": ("limited", "제한적", "warning"),
    "not_measurable": ("not measurable", "측정 불가", "plain"),
}

DOMAINS: Final[Mapping[str, tuple[str, str]]] = {
    "O1": ("O1: range of vertical gaze", "O1: 수직 주시의 범위"),
    "O2": ("O2: velocity of vertical saccades", "O2: 수직 단속안구운동의 속도"),
    "O3": ("O3: square-wave jerks and opening of the lids", "O3: 방형파 안구운동과 눈꺼풀 열기"),
    "blink_rate": ("Blinks", "눈 깜빡임"),
}
"""In the order in which they are told; O1 to O3 are the ocular-motor domain of the MDS-PSP criteria."""

_UNITS: Final[Mapping[str, tuple[str, str]]] = {
    "deg": ("°", "°"),
    "per minute": ("a minute", "회/분"),
    "s": ("s", "초"),
    "deg^2/s": ("°²/s", "°²/초"),
    "": ("", ""),
}

_TARGETS: Final[Mapping[str, tuple[str, str]]] = {
    "up": ("up", "위"),
    "down": ("down", "아래"),
    "left": ("left", "왼쪽"),
    "right": ("right", "오른쪽"),
    "center": ("centre", "가운데"),
}

_PEAK_TO_PEAK: Final = re.compile(r"vertical_peak_to_peak (\d+\.\d+)")


def verdict(code: str, say: Wording) -> tuple[str, Tone]:
    """The verdict as a headline."""
    english, korean_text, tone = _VERDICTS.get(code, (code, code, "info"))
    return say(english, korean_text), tone


def finding(code: str, say: Wording) -> Badge:
    """How a value stands to its reference."""
    return _badge(_FINDINGS, code, say)


def reliability(code: str, say: Wording) -> Badge:
    """How far a value can be trusted."""
    return _badge(_RELIABILITIES, code, say)


def target(code: str, say: Wording) -> str:
    """A direction that was asked for."""
    return say(*_TARGETS.get(code, (code, code)))


def value(item: Mapping[str, Any], say: Wording) -> str:
    """A measured value with its unit; a dash where there is none."""
    measured, unit = item["value"], say(*_UNITS.get(item["unit"], (item["unit"], item["unit"])))
    if measured is None:
        return "–"
    decimals = 2 if item["unit"] in ("", "s") else 0 if abs(measured) >= 100 else 1
    joint = "" if unit[:1] in ("°", "") else "\N{NO-BREAK SPACE}"
    return f"{measured:,.{decimals}f}{joint}{unit}"


def sentence(text: str, say: Wording) -> str:
    """A sentence of the analysis. Where it names a field of the JSON, people read what the field measures."""
    plain = text.replace("+-", "±").replace(" x ", " × ").replace("blink_rate, ", "")
    return say(_PEAK_TO_PEAK.sub(r"vertical travel of \1 eye openings", plain), korean(text))


def _badge(words: Mapping[str, _Worded], code: str, say: Wording) -> Badge:
    english, korean_text, tone = words.get(code, (code, code, "plain"))
    return Badge(say(english, korean_text), tone)
