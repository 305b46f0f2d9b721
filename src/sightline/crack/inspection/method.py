"""How the answers of the inspection report came about, in plain words."""

from __future__ import annotations

from sightline.crack.inspection.teller import Teller
from sightline.crack.severity import HIGH_LENGTH, HIGH_WIDTH, MEDIUM_LENGTH, MEDIUM_WIDTH
from sightline.documents.blocks import Block, Bullets, Heading
from sightline.documents.language import Wording


def method_blocks(teller: Teller) -> list[Block]:
    """How cracks were found and measured and, where photos were compared, how that was done."""
    say = teller.say
    items = _finding(say) + (_comparing(say) if teller.inspection.comparisons else ())
    return [Heading(say("How it was done", "점검 방법")), Bullets(items)]


def _finding(say: Wording) -> tuple[str, ...]:
    return (
        say(
            "Finding. A neural network trained on photos of walls marks, pixel by pixel, what looks like a "
            "crack. Marks that hang together are one crack with all its branches.",
            "탐지. 벽면 사진으로 학습한 신경망이 균열로 보이는 화소를 표시합니다. 이어진 표시는 가지까지 "
            "포함하여 하나의 균열로 셉니다.",
        ),
        say(
            "Confidence. It says how sure the network is that a mark is a crack, not how bad the crack is: very likely "
            f"over {say.percent(0.8)}, likely over {say.percent(0.5)}, possible below.",
            "가능성. 표시된 것이 균열이라고 얼마나 확신하는지를 뜻하며, 균열이 얼마나 심한지를 뜻하지 않습니다. 80% "
            "초과는 ‘매우 높음’, 50% 초과는 ‘높음’, 그 이하는 ‘있음’으로 적습니다.",
        ),
        _severity(say),
        say(
            "Sizes. They are measured along and across the crack's centre line. Millimetres are given only "
            "where something of known size in the photo gives the scale; otherwise none is made up.",
            "크기. 균열의 중심선을 따라, 그리고 가로질러 잽니다. 사진 속에 크기를 아는 기준물이 있을 때만 "
            "밀리미터로 적고, 없으면 추정하여 적지 않습니다.",
        ),
    )


def _severity(say: Wording) -> str:
    wide, less_wide = (say.percent(share, decimals=1) for share in (HIGH_WIDTH, MEDIUM_WIDTH))
    long, less_long = (say.percent(share) for share in (HIGH_LENGTH, MEDIUM_LENGTH))
    return say(
        f"Severity. It compares a crack with its photo: high from {wide} of the photo's diagonal in width or {long} in "
        f"length, medium from {less_wide} or {less_long}.",
        f"심각도. 균열을 사진의 크기와 견준 값입니다. 사진 대각선의 {wide} 이상 넓거나 {long} 이상 길면 높음, "
        f"{less_wide} 이상 넓거나 {less_long} 이상 길면 보통입니다.",
    )


def _comparing(say: Wording) -> tuple[str, ...]:
    return (
        say(
            "Comparison. The earlier photo is laid on the later one by what both show of the wall. Then every "
            "crack of either photo is looked for in the other one, along its whole length. It is called new "
            "only where the earlier photo shows the place without it, and sharply enough to have shown it; "
            "otherwise it is not comparable.",
            "비교. 두 사진에 함께 보이는 벽면을 기준으로 이전 사진을 나중 사진에 맞춘 다음, 한 사진의 균열을 "
            "다른 사진에서 전체 길이를 따라 찾습니다. 이전 사진의 같은 자리에 균열이 없고, 있었다면 보였을 "
            "만큼 선명할 때만 ‘새로 생김’으로 적으며, 그렇지 않으면 ‘비교 불가’로 적습니다.",
        ),
        say(
            "Growth. Its uncertainty comes from both photos' resolution and from how exactly they fit on each "
            "other. A difference within it is no growth.",
            "증가량. 불확도는 두 사진의 해상도와 정합 오차에서 나옵니다. 불확도 안의 차이는 커진 것으로 보지 않습니다.",
        ),
    )
