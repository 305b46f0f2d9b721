"""What became of a crack, in a sentence that a host and a guest understand."""

from __future__ import annotations

from sightline.crack.compare.compared import CrackChange, SizeChange
from sightline.crack.inspection.teller import NOT_KNOWN, Teller, growth_words
from sightline.crack.inspection.terms import reason_between
from sightline.documents.language import Wording


def change_sentence(teller: Teller, step: int, change: CrackChange) -> str:
    """What became of a crack between photo `step` (from 0) and the next one."""
    return told(teller.say, change, earlier=teller.photo(step), later=teller.photo(step + 1))


def told(say: Wording, change: CrackChange, *, earlier: str, later: str) -> str:
    """What became of a crack between two photos.

    Args:
        say: the language.
        change: what is told.
        earlier: what the earlier photo is called within a sentence.
        later: likewise.
    """
    match change.kind:
        case "new":
            text = say(
                f"{_first(later)} shows this crack. {_first(earlier)} shows the place without it, and would have "
                "shown it.",
                f"{later}에는 이 균열이 보입니다. {earlier}에는 같은 자리에 균열이 없으며, 있었다면 보였을 만큼 "
                "선명합니다.",
            )
        case "grown":
            text = _grown(say, change)
        case "healed":
            text = say(
                f"{_first(earlier)} shows this crack. {_first(later)} shows the place without it, and would have "
                "shown it: it was filled, painted over or papered over. A photo does not tell which.",
                f"{earlier}에는 이 균열이 보입니다. {later}에는 같은 자리에 균열이 없으며, 있었다면 보였을 만큼 "
                "선명합니다. 메움, 도색, 도배 가운데 무엇인지는 사진으로 알 수 없습니다.",
            )
        case "unchanged":
            text = say(
                "Both photos show this crack, and no growth beyond what could be measured.",
                "두 사진 모두에 이 균열이 보이며, 측정 가능한 범위에서 커지지 않았습니다.",
            )
        case "not_comparable":
            text = say(
                "Whether this crack was there at both times cannot be told.",
                "두 시점에 모두 있던 균열인지 판단할 수 없습니다.",
            )
    reason = reason_between(change, say, earlier=earlier, later=later)
    return " ".join(part for part in (text, _faint(say, change, earlier, later), reason) if part)


def _faint(say: Wording, change: CrackChange, earlier: str, later: str) -> str:
    """Why a change is of no numbered finding; nothing where it is of one."""
    if change.before_index or change.after_index:
        return ""
    shown = earlier if change.kind == "healed" else later
    return say(
        f"In {shown} by itself it is too faint to be among the numbered findings; the comparison brought it out.",
        f"{shown} 한 장만으로는 너무 희미하여 번호가 붙은 항목에는 없으며, 두 사진을 비교하여 확인되었습니다.",
    )


def _grown(say: Wording, change: CrackChange) -> str:
    parts = []
    if "length" in change.grown_in:
        size = _amount(say, change.length_mm, change.length)
        parts.append(
            say(
                f"it became longer{size and f' by {size}'} (outlined in red)",
                f"길이가{size and f' {size}'} 늘었습니다(빨간 선으로 표시)",
            )
        )
    if "width" in change.grown_in:
        size = _amount(say, change.width_mm, change.width)
        parts.append(say(f"it became wider{size and f' by {size}'}", f"폭이{size and f' {size}'} 넓어졌습니다"))
    return say(
        f"Both photos show this crack, and {' and '.join(parts)}.",
        f"두 사진 모두에 이 균열이 보이며, {'. 또한 '.join(parts)}.",
    )


def _amount(say: Wording, in_mm: SizeChange | None, in_px: SizeChange) -> str:
    shown = growth_words(say, in_mm, in_px)
    return "" if shown == NOT_KNOWN else shown.replace("\n", ", ")


def _first(text: str) -> str:
    """As a sentence begins."""
    return text[:1].upper() + text[1:]
