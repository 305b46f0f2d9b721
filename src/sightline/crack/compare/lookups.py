"""Every crack of both photos looked up in the other photo, and which of them are the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sightline.crack.compare.judging import verdict
from sightline.crack.compare.links import Group, continues, groups
from sightline.crack.compare.sampling import Brightness
from sightline.crack.compare.sighting import Lookup, looked_up, supported
from sightline.crack.compare.softness import Softness, relative_softness
from sightline.crack.report import CrackReport

if TYPE_CHECKING:
    from sightline.crack.compare.registration import Registration

_MOST_FAINT = 8
"""Of each photo, the surest: each takes as long to look up as a reported crack."""

_APPEARED_ODDS = 10.0
"""How much likelier a crack than anything else is to be in one of two photos only. What else looks like one stands on
the wall for good: of TODO such in photos of walls where nothing changed none seemed to have come or gone."""


@dataclass(frozen=True, slots=True, eq=False)
class Lookups:
    """Both photos' cracks looked up, and which of them are the same crack.

    Attributes:
        before, after: the instances of either report, in its order, and after them what was too faint to be reported
            but is seen to have come, grown or gone.
        groups: which of them are one crack.
        softness: of the after photo against the before photo.
    """

    before: tuple[Lookup, ...]
    after: tuple[Lookup, ...]
    groups: tuple[Group, ...]
    softness: Softness


def look_up(
    before: Brightness,
    before_report: CrackReport,
    after: Brightness,
    after_report: CrackReport,
    registration: Registration,
) -> Lookups:
    """Look every crack up in the other photo, and say which are the same."""
    reports = before_report, after_report
    finest = max((1.0, *(max(i.scale) for report in reports for i in report.instances)))
    softness = relative_softness(before, after, registration, step_px=finest)
    found, faint = [], []
    for here, there, report, forward in ((before, after, before_report, True), (after, before, after_report, False)):
        reported, fainter = (
            [looked_up(here, there, each, registration, softness, forward=forward) for each in instances]
            for instances in (report.instances, report.faint[:_MOST_FAINT])
        )
        found.append(reported)
        faint.append(fainter)
    sides = [
        (
            *supported(found[k], found[1 - k], registration),
            *_telling(supported(faint[k], found[1 - k], registration), k),
        )
        for k in (0, 1)
    ]
    same = groups(
        [one.lines for one in sides[0]],
        [one.there for one in sides[0]],
        [one.lines for one in sides[1]],
        2.5 * registration.error_px,
        continued=_continued(sides[1]),
    )
    return Lookups(sides[0], sides[1], tuple(same), softness)


def _telling(faint: Sequence[Lookup], after: int) -> list[Lookup]:
    """Those that are seen to have come, grown or gone, with the confidence that this gives them."""
    telling = []
    for one in faint:
        told = verdict([] if after else [one], [one] if after else [], wider=False)
        if told.kind in ("new", "grown", "healed"):
            odds = _APPEARED_ODDS * one.instance.confidence / (1 - one.instance.confidence)
            telling.append(replace(one, instance=replace(one.instance, confidence=odds / (1 + odds))))
    return telling


def _continued(after: Sequence[Lookup]) -> list[tuple[int, int]]:
    """Cracks that are new by themselves, and those older ones that they go on from: together these have grown."""
    kinds = [verdict([], [one], wider=False).kind for one in after]
    return [
        (i, j)
        for i, kind in enumerate(kinds)
        for j, other in enumerate(kinds)
        if kind == "new" and other in ("unchanged", "grown") and continues(after[i].lines, after[j].lines)
    ]
