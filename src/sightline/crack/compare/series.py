"""More than two photos of one wall: every crack followed through time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sightline.crack.compare.compared import KINDS, ComparisonReport, CrackChange, SizeChange
from sightline.crack.compare.comparison import compare_reports
from sightline.crack.compare.links import covered
from sightline.crack.compare.references import AnyReference, detect_in, reference_of_each, with_shared_scale
from sightline.crack.compare.tracks import CrackTrack, SeriesReport, TrackStep
from sightline.crack.detector import Photo, as_pixels
from sightline.crack.report import CrackReport
from sightline.crack.scale import Reference, TwoPoints
from sightline.errors import BadInputError

if TYPE_CHECKING:
    from sightline.crack.engine import CrackEngine

_SHARED = 0.25
"""Two places are one crack's if this share of either outline lies on the other, as for instances."""

_NEAR_PX = 6.0
"""Outlines that were carried over between photos lie this near to each other where they are of one crack."""

Numbered = tuple[int, CrackChange]
"""A change, and the number of the photo before it."""


def compare_series(
    photos: Sequence[Photo],
    *,
    engine: CrackEngine | None = None,
    reference: Reference | Sequence[AnyReference] = "auto",
) -> SeriesReport:
    """Find the cracks in photos of one wall and follow each through time.

    Args:
        photos: two or more, as `detect_cracks` takes them, in order of time.
        engine: the model to ask; by default the one that `detect_cracks` asks.
        reference: what gives sizes in mm, as for `detect_cracks`: one for all photos, or one for each in their order.
            Two points are pixels of the photo that they are given for.

    Raises:
        BadInputError: Fewer than two photos, more or fewer references than photos, two points for all of them, and as
            `detect_cracks` does.
        TooLargeError, NotReadyError: as `detect_cracks` does.
    """
    if len(photos) < 2:
        raise BadInputError(f"A series has at least 2 photos; this one has {len(photos)}.")
    references = _references(reference, len(photos))
    reports: list[CrackReport] = []
    comparisons = []
    last = None
    for number, (photo, asked) in enumerate(zip(photos, references, strict=True)):
        image = as_pixels(photo)
        reports.append(detect_in(str(number + 1), image, asked, engine=engine))
        if last is not None:
            pair = with_shared_scale((last, image), (reports[-2], reports[-1]), references[number - 1 : number + 1])
            comparisons.append(compare_reports(last, pair[0], image, pair[1]))
        last = image
    return SeriesReport(tuple(reports), tuple(comparisons), tracks_of(reports, comparisons))


def _references(reference: Reference | Sequence[AnyReference], photos: int) -> tuple[AnyReference, ...]:
    if isinstance(reference, str | TwoPoints):
        return reference_of_each(reference, [None] * photos)
    if len(reference) != photos:
        raise BadInputError(f"reference names {len(reference)} for {photos} photos: name one for all, or one for each")
    return tuple(reference)


def tracks_of(photos: Sequence[CrackReport], comparisons: Sequence[ComparisonReport]) -> tuple[CrackTrack, ...]:
    """The cracks through a series that is compared already.

    Args:
        photos: the reports, in order of time.
        comparisons: each photo with the one before it, one fewer.

    Raises:
        ValueError: The numbers do not fit.
    """
    if len(comparisons) != len(photos) - 1:
        raise ValueError(f"{len(photos)} photos have {len(photos) - 1} comparisons, not {len(comparisons)}")
    changes = [(number, change) for number, one in enumerate(comparisons) for change in one.changes]
    track_of = list(range(len(changes)))
    for i, (number, change) in enumerate(changes):
        for j, (later, other) in enumerate(changes):
            if later == number + 1 and _same(change, other):
                old, new = track_of[j], track_of[i]
                track_of = [new if track == old else track for track in track_of]
    members: dict[int, list[Numbered]] = {}
    for track, numbered in zip(track_of, changes, strict=True):
        members.setdefault(track, []).append(numbered)
    found = [_track(each, photos) for each in members.values()] + _alone(photos, comparisons)
    return tuple(sorted(found, key=lambda track: (track.first_seen, -(track.steps[0].length_px or 0.0))))


def _same(change: CrackChange, later: CrackChange) -> bool:
    """Whether two changes of neighbouring comparisons are of one crack, by the photo that they share."""
    if change.after_index or later.before_index:
        return bool(set(change.after_index) & set(later.before_index))
    if not (_shown_after(change) and _shown_before(later) and change.outline_after and later.outline_before):
        return False
    one, other = np.concatenate(change.outline_after), np.concatenate(later.outline_before)
    shares = covered(one, other, _NEAR_PX).mean(), covered(other, one, _NEAR_PX).mean()
    return bool(max(shares) >= _SHARED)


def _shown_before(change: CrackChange) -> bool:
    """Whether the before photo shows it, be it in the report or not."""
    return bool(change.before_index) or change.kind in ("unchanged", "grown", "healed")


def _shown_after(change: CrackChange) -> bool:
    return bool(change.after_index) or change.kind in ("unchanged", "grown", "new")


def _track(changes: Sequence[Numbered], photos: Sequence[CrackReport]) -> CrackTrack:
    shown = [number for number, change in changes if _shown_before(change)]
    shown += [number + 1 for number, change in changes if _shown_after(change)]
    last = max(number for number, _ in changes) + 1
    return CrackTrack(tuple(_step(photo, changes, photos[photo]) for photo in range(min(shown), last + 1)))


def _step(photo: int, changes: Sequence[Numbered], report: CrackReport) -> TrackStep:
    led_here = [change for number, change in changes if number == photo - 1]
    instances = {index for change in led_here for index in change.after_index}
    instances |= {index for number, change in changes if number == photo for index in change.before_index}
    main = min(led_here, key=lambda change: KINDS.index(change.kind), default=None)
    return TrackStep(
        photo=photo,
        instances=tuple(sorted(instances)),
        kind=None if main is None else main.kind,
        length_px=_length(report, instances),
        width_px=_width(report, instances),
        growth_length=None if main is None else _share(main.length),
        growth_width=None if main is None else _share(main.width),
    )


def _alone(photos: Sequence[CrackReport], comparisons: Sequence[ComparisonReport]) -> list[CrackTrack]:
    """The cracks of photos that could be compared with no neighbour."""
    refused = [True, *(comparison.refusal is not None for comparison in comparisons), True]
    return [
        CrackTrack((TrackStep(photo, (index,), None, crack.length_px, crack.mean_width_px),))
        for photo, report in enumerate(photos)
        if refused[photo] and refused[photo + 1]
        for index, crack in enumerate(report.instances)
    ]


def _length(report: CrackReport, instances: set[int]) -> float | None:
    return sum(report.instances[index].length_px for index in instances) if instances else None


def _width(report: CrackReport, instances: set[int]) -> float | None:
    """The mean over the length of all."""
    if not instances:
        return None
    cracks = [report.instances[index] for index in instances]
    return float(np.average([crack.mean_width_px for crack in cracks], weights=[crack.length_px for crack in cracks]))


def _share(size: SizeChange) -> float | None:
    return size.growth / size.before if size.growth is not None and size.before else None
