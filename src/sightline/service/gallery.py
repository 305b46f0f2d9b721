"""The photos of an inspection and its pairs, looked at and compared when they are first needed, and kept.

Comparing two photos takes seconds. So a pair is compared once, when the later of its photos arrives, and what is told
about the inspection as a whole is put together from the pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from sightline.documents.language import LANGUAGES, Language
from sightline.service.derived import Derived
from sightline.service.inspection_files import InspectionFiles, Made
from sightline.service.inspection_records import StoredPhoto
from sightline.service.packed import pack, unpack
from sightline.service.references import reference_of
from sightline.service.wall import Compared, SeenPhoto, compare_pair, earlier_photo, pair_picture, pairs_of
from sightline.telemetry import timed

if TYPE_CHECKING:
    from sightline.crack.compare.compared import ComparisonReport
    from sightline.crack.compare.tracks import CrackTrack
    from sightline.crack.engine import CrackEngine
    from sightline.crack.report import CrackReport

EARLIER: Final = "earlier.jpg"
COMPARISON: Final = "comparison.npz"
_REPORT: Final = "report.npz"
_PACKED = "application/octet-stream"

_DECODED: Final = 3
"""Photos that are held as pixels at a time, 36 MB for 12 MP: two that are compared, and the one that just arrived."""


def picture_name(language: Language) -> str:
    """Of the picture for people that a comparison has in each language."""
    return f"picture-{language}.jpg"


class Gallery:
    """The photos of an inspection as it is at one moment. For one thread.

    Args:
        inspection_id: the inspection.
        photos: in order of time.
        files: where they and what is made of them lie.
        derived: names what is made of them.
        engine_of: what looks at a photo that nothing is kept of.
    """

    def __init__(
        self,
        inspection_id: str,
        photos: Sequence[StoredPhoto],
        files: InspectionFiles,
        derived: Derived,
        engine_of: Callable[[StoredPhoto], CrackEngine],
    ) -> None:
        self._inspection_id = inspection_id
        self._photos = photos
        self._files = files
        self._derived = derived
        self._engine_of = engine_of
        self._decoded: dict[int, SeenPhoto] = {}

    def take(self, photo: StoredPhoto, seen: SeenPhoto) -> None:
        """A photo that was looked at just now, so that nobody has to do it again."""
        if photo in self._photos:
            self._keep_report(photo, seen.report)
            self._decoded[self._photos.index(photo)] = seen

    def seen(self, place: int) -> SeenPhoto:
        """A photo with its pixels.

        Raises:
            UnavailableError: it is being removed.
            NotReadyError: the storage changed it.
        """
        if place not in self._decoded:
            if len(self._decoded) >= _DECODED:
                del self._decoded[next(iter(self._decoded))]
            self._decoded[place] = self._look_at(self._photos[place])
        return self._decoded[place]

    def report(self, place: int) -> CrackReport:
        """What was found in a photo; raises what `seen` does."""
        return self._kept_report(self._photos[place]) or self.seen(place).report

    def comparison(self, before: int, after: int) -> ComparisonReport:
        """What became of the wall between two photos; raises what `seen` does, and what `InspectionFiles.keep` does."""
        pair = self._photos[before], self._photos[after]
        key = self._derived.of_pair(*pair, COMPARISON)
        if (kept := self._files.kept(key)) is not None:
            found: ComparisonReport = unpack(kept)
            return found
        first, second = self.seen(before), self.seen(after)
        with timed("compare"):
            report = compare_pair(first, second)
        made = []
        for language in LANGUAGES:
            picture = pair_picture(first, second, report, language)
            made.append(Made(self._derived.of_pair(*pair, picture_name(language)), picture, "image/jpeg", pair))
        if (earlier := earlier_photo(first, second, report)) is not None:
            made.append(Made(self._derived.of_pair(*pair, EARLIER), earlier, "image/jpeg", pair))
        made.append(Made(key, pack(report), _PACKED, pair))
        self._files.keep(self._inspection_id, made)
        return report

    def story(self) -> tuple[tuple[Compared, ...], tuple[CrackTrack, ...]]:
        """All comparisons, and each crack through all photos; raises what `comparison` does."""
        from sightline.crack.compare.series import tracks_of

        count = len(self._photos)
        if count < 2:
            return (), ()
        comparisons = tuple(Compared(*pair, self.comparison(*pair)) for pair in pairs_of(count))
        steps = [compared.report for compared in comparisons[: count - 1]]
        return comparisons, tracks_of([self.report(place) for place in range(count)], steps)

    def _look_at(self, photo: StoredPhoto) -> SeenPhoto:
        from sightline.media.pictures import decode_picture
        from sightline.service.analysis import examine_photo

        reference, data = reference_of(photo.reference), self._files.original(photo)
        pixels = photo.findings["width_px"] * photo.findings["height_px"]
        if (kept := self._kept_report(photo)) is not None:
            with timed("decode"):
                return SeenPhoto(decode_picture(data, max_bytes=len(data), max_pixels=pixels), kept, reference)
        found = examine_photo(
            data,
            engine=self._engine_of(photo),
            max_bytes=len(data),
            max_pixels=pixels,
            reference=reference,
            faint=True,
        )
        self._keep_report(photo, found.report)
        return SeenPhoto(found.image, found.report, reference)

    def _kept_report(self, photo: StoredPhoto) -> CrackReport | None:
        kept = self._files.kept(self._derived.of_photo(photo, _REPORT))
        return None if kept is None else unpack(kept)

    def _keep_report(self, photo: StoredPhoto, report: CrackReport) -> None:
        made = Made(self._derived.of_photo(photo, _REPORT), pack(report), _PACKED, (photo,))
        self._files.keep(self._inspection_id, [made])
