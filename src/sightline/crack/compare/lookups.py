"""Every crack of both photos looked up in the other photo, and which of them are the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sightline.crack.compare.judging import LEAST_STATIONS, verdict
from sightline.crack.compare.lines import CrackLines, crack_lines
from sightline.crack.compare.links import Group, continues, groups
from sightline.crack.compare.sampling import Brightness
from sightline.crack.compare.sighting import Lookup, looked_up, own_view, supported
from sightline.crack.compare.sizes import is_darker
from sightline.crack.compare.softness import Softness, relative_softness
from sightline.crack.compare.strips import View, centred
from sightline.crack.compare.tracing import traced
from sightline.crack.detector import with_sizes
from sightline.crack.report import CrackInstance, CrackReport

if TYPE_CHECKING:
    from sightline.crack.compare.registration import Registration

_APPEARED_ODDS = 10.0
"""How much likelier a crack than anything else is to be seen in one of two photos only. Nearly all else that looks like
one stands on the wall for good: of 1,251 faint places beside the changes in 237 pairs of photos none was told to have
changed. It is no more than this because things that people move were not in those photos."""

Crack = tuple[CrackInstance, CrackLines]


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
    before_image: NDArray[np.uint8],
    before_report: CrackReport,
    after_image: NDArray[np.uint8],
    after_report: CrackReport,
    registration: Registration,
) -> Lookups:
    """Look every crack up in the other photo, and say which are the same.

    Args:
        before_image: RGB uint8 (H, W, 3).
        before_report: what was found in it.
        after_image: the later photo.
        after_report: what was found in it.
        registration: how the photos lie on each other.
    """
    images, reports = (before_image, after_image), (before_report, after_report)
    brightness = Brightness(before_image), Brightness(after_image)
    finest = max((1.0, *(max(i.scale) for report in reports for i in (*report.instances, *report.faint))))
    softness = relative_softness(*brightness, registration, step_px=finest)

    def looked(side: int, cracks: Iterable[Crack]) -> list[Lookup]:
        here, there = brightness[side], brightness[1 - side]
        return [looked_up(here, there, *crack, registration, softness, forward=side == 0) for crack in cracks]

    faint = [
        _telling(looked(side, _faint_cracks(report, own_view(brightness[side]))), softness, after=side == 1)
        for side, report in enumerate(reports)
    ]
    found = [
        looked(side, _reported_cracks(report, own_view(brightness[side]), faint[side]))
        for side, report in enumerate(reports)
    ]
    before, after = (
        (
            *supported(found[side], found[1 - side], registration),
            *_sized(images[side], reports[side], supported(faint[side], found[1 - side], registration)),
        )
        for side in (0, 1)
    )
    same = groups(
        [one.lines for one in before],
        [one.there for one in before],
        [one.lines for one in after],
        2.5 * registration.error_px,
        continued=_continued(after),
    )
    return Lookups(before, after, tuple(same), softness)


def _faint_cracks(report: CrackReport, own: View) -> list[Crack]:
    """The faint cracks that are long enough to tell anything, on their darkest lines."""
    cracks = [(instance, centred(crack_lines(instance), own)) for instance in report.faint]
    return [crack for crack in cracks if len(crack[1]) >= LEAST_STATIONS]


def _reported_cracks(report: CrackReport, own: View, faint: Sequence[Lookup]) -> list[Crack]:
    """The reported cracks on their darkest lines, followed to their ends or to where a faint one goes on."""
    lines = [centred(crack_lines(instance), own) for instance in report.instances]
    for index, each in enumerate(lines):
        known = np.concatenate([other.points for other in (*lines, *(one.lines for one in faint))])
        lines[index] = traced(each, own, known)
    return list(zip(report.instances, lines, strict=True))


def _telling(faint: Sequence[Lookup], softness: Softness, *, after: bool) -> list[Lookup]:
    """Those that are seen to have come, grown or gone, with the confidence that this gives them."""
    telling = []
    for one in faint:
        darker = after and is_darker([one], softness)
        told = verdict([] if after else [one], [one] if after else [], wider=darker)
        if told.kind in ("new", "grown", "healed"):
            likely = _APPEARED_ODDS * one.instance.confidence
            confidence = likely / (likely + 1 - one.instance.confidence)
            telling.append(replace(one, instance=replace(one.instance, confidence=confidence)))
    return telling


def _sized(image: NDArray[np.uint8], report: CrackReport, lookups: Sequence[Lookup]) -> list[Lookup]:
    """With the fine sizes that faint instances come without."""
    instances = with_sizes(image, [one.instance for one in lookups], report.scale)
    return [replace(one, instance=instance) for one, instance in zip(lookups, instances, strict=True)]


def _continued(after: Sequence[Lookup]) -> list[tuple[int, int]]:
    """Cracks that are new by themselves, and those older ones that they go on from: together these have grown."""
    kinds = [verdict([], [one], wider=False).kind for one in after]
    return [
        (i, j)
        for i, kind in enumerate(kinds)
        for j, other in enumerate(kinds)
        if kind == "new" and other in ("unchanged", "grown") and continues(after[i].lines, after[j].lines)
    ]
