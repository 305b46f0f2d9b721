"""Photos of one wall in order of time, what was found in each and what became of it: the same for every door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sightline.service.view_sizes import MEDIUM_PX, VIEW_QUALITY, reduction
from sightline.telemetry import timed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sightline.crack.compare.compared import ComparisonReport
    from sightline.crack.compare.tracks import CrackTrack
    from sightline.crack.report import CrackReport
    from sightline.documents.language import Language
    from sightline.service.references import Reference


@dataclass(frozen=True, slots=True, eq=False)
class SeenPhoto:
    """A decoded photo, uint8 (H, W, 3) RGB and upright, what was found in it, and what was to give its scale."""

    image: NDArray[np.uint8]
    report: CrackReport
    reference: Reference = "auto"


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Two photos of a wall, by their places in the order of time from 0 on, and what became of it between them."""

    before: int
    after: int
    report: ComparisonReport


@dataclass(frozen=True, slots=True, eq=False)
class Wall:
    """All that its photos say.

    Attributes:
        photos: in order of time.
        comparisons: each photo with the one before it; last, where there are more than two, the last with the first.
        tracks: each crack through all photos.
    """

    photos: tuple[SeenPhoto, ...]
    comparisons: tuple[Compared, ...]
    tracks: tuple[CrackTrack, ...]

    @property
    def consecutive(self) -> tuple[ComparisonReport, ...]:
        """The comparisons of each photo with the one before it."""
        return tuple(compared.report for compared in self.comparisons[: max(len(self.photos) - 1, 0)])

    def picture(self, compared: Compared, language: Language = "en") -> bytes:
        """A comparison as a picture for people, a JPEG."""
        return pair_picture(self.photos[compared.before], self.photos[compared.after], compared.report, language)


def compare_wall(photos: Sequence[SeenPhoto]) -> Wall:
    """Compare the photos of a wall, which are in order of time; one photo or none is nothing to compare."""
    if len(photos) < 2:
        return Wall(tuple(photos), (), ())
    from sightline.crack.compare.series import tracks_of

    with timed("compare"):
        comparisons = [
            Compared(before, after, compare_pair(photos[before], photos[after]))
            for before, after in pairs_of(len(photos))
        ]
    reports = tuple(photo.report for photo in photos)
    steps = tuple(compared.report for compared in comparisons[: len(photos) - 1])
    return Wall(tuple(photos), tuple(comparisons), tracks_of(reports, steps))


def pairs_of(count: int) -> list[tuple[int, int]]:
    """Which of so many photos are compared: each with the one before it; last, of more than two, the first with the
    last.
    """
    pairs = [(place, place + 1) for place in range(count - 1)]
    return [*pairs, (0, count - 1)] if count > 2 else pairs


def pair_picture(before: SeenPhoto, after: SeenPhoto, report: ComparisonReport, language: Language = "en") -> bytes:
    """The comparison of two photos as a picture for people, a JPEG."""
    from sightline.crack import comparison_picture
    from sightline.media.pictures import encode_jpeg

    return encode_jpeg(comparison_picture(before.image, after.image, report, language))


def earlier_photo(before: SeenPhoto, after: SeenPhoto, report: ComparisonReport) -> bytes | None:
    """The earlier of two photos in the later one's frame, a JPEG as large as that one's `medium` view.

    None where the photos could not be laid on each other.
    """
    if report.registration is None:
        return None
    from sightline.crack.inspection.views import Window, carried
    from sightline.media.pictures import encode_jpeg

    height, width = after.image.shape[:2]
    window = Window(0, 0, width, height, reduction((width, height), MEDIUM_PX))
    return encode_jpeg(carried(before.image, window, report.registration.to_before), VIEW_QUALITY)


def compare_pair(before: SeenPhoto, after: SeenPhoto) -> ComparisonReport:
    """Say what became of a wall between two of its photos."""
    from sightline.crack.compare.comparison import compare_reports
    from sightline.crack.compare.references import with_shared_scale

    images, reports = (before.image, after.image), (before.report, after.report)
    first, second = with_shared_scale(images, reports, (before.reference, after.reference))
    return compare_reports(before.image, first, after.image, second)


def comparison_document(report: ComparisonReport) -> dict[str, Any]:
    """A comparison as JSON can say it, without the two photos' own reports, which stand beside it."""
    document = report.to_dict()
    del document["before"], document["after"]
    return document
