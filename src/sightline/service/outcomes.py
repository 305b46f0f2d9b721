"""What the photos of an inspection say together: put together from its pairs when a photo arrives, and kept.

Kept is the JSON of it, for each state of the inspection, until a photo is added or removed. Whoever needs more than
that, as a report does, gets it from the pairs; those that nothing is kept of (after an update, or a removal) are
compared again: from the originals and from what the model said of them when they arrived, so it is the same again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from sightline.errors import NotFoundError, NotReadyError, UnavailableError
from sightline.service.derived import Derived
from sightline.service.gallery import COMPARISON, EARLIER, Gallery
from sightline.service.inspection_files import InspectionFiles, Made
from sightline.service.inspection_records import EVIDENCE, StoredPhoto
from sightline.service.inspection_store import InspectionStore
from sightline.service.packed import unpack
from sightline.service.photos import MODEL_WAIT_S, PhotoService
from sightline.service.remembered import Remembered
from sightline.service.wall import Compared, SeenPhoto, Wall, comparison_document, pairs_of
from sightline.telemetry import log_event

if TYPE_CHECKING:
    from sightline.crack.compare.tracks import CrackTrack
    from sightline.crack.engine import CrackEngine

OUTCOME = "outcome.json"
_NOTHING: Mapping[str, Any] = {"comparisons": [], "tracks": [], "findings": {}}
_logger = logging.getLogger(__name__)


class Outcomes:
    """Works outcomes out and keeps them. Safe to call from several threads.

    Args:
        store: the inspections.
        photos: whose model is used too.
    """

    def __init__(self, store: InspectionStore, photos: PhotoService) -> None:
        self._store = store
        self._photos = photos
        self.files = InspectionFiles(store)

    def known(self, inspection_id: str, photos: Sequence[StoredPhoto]) -> Mapping[str, Any] | None:
        """The kept outcome of photos in order of time; None where it has to be worked out first."""
        if len(photos) < 2:
            return _NOTHING
        kept = self.files.kept(self.key(inspection_id, photos, OUTCOME))
        return None if kept is None else json.loads(kept)

    def arrived(self, inspection_id: str, photo: StoredPhoto, seen: SeenPhoto) -> None:
        """Compare a photo that was just added with its neighbours, so that whoever asks later need not wait for it.

        What cannot be done now, because another photo is being removed say, is left to whoever asks.

        Raises:
            NotFoundError, GoneError: the inspection was removed in the meantime.
        """
        try:
            self.work_out(inspection_id, (photo, seen))
        except (UnavailableError, NotReadyError) as error:
            log_event(_logger, "comparison_put_off", code=error.code)

    def work_out(
        self, inspection_id: str, new: tuple[StoredPhoto, SeenPhoto] | None = None
    ) -> tuple[tuple[StoredPhoto, ...], Mapping[str, Any]]:
        """The photos of an inspection as it is now, and their outcome, kept from now on; what is out of date goes.

        Args:
            inspection_id: the inspection.
            new: a photo that is held as pixels already.

        Raises:
            NotFoundError, GoneError: there is no such inspection (any more).
            UnavailableError: a photo is being removed.
            NotReadyError: the storage changed one.
        """
        photos = self._store.photos(inspection_id)
        if (outcome := self.known(inspection_id, photos)) is not None:
            return photos, outcome
        derived, again = self._derived(inspection_id, photos)
        gallery = self._gallery(inspection_id, photos)
        if new and not again:
            gallery.take(*new)
        comparisons, tracks = gallery.story()
        findings = {}
        if again:
            findings = {photo.photo_id: gallery.report(place).to_dict() for place, photo in enumerate(photos)}
        outcome = _document(photos, comparisons, tracks, findings)
        data = json.dumps(outcome, ensure_ascii=False, allow_nan=False).encode()
        made = Made(derived.of_all(photos, OUTCOME), data, "application/json", photos)
        self.files.keep(inspection_id, [made])
        self._store.tidy(inspection_id, derived.folder)
        return photos, outcome

    def wall_of(self, inspection_id: str, photos: Sequence[StoredPhoto]) -> Wall:
        """Photos in order of time, with their pixels, and all that they say together.

        Where different models saw them, all are looked at again with the present one, for what one model sees and
        another does not is no change of the wall.

        Raises:
            UnavailableError: one of them is being removed.
            NotReadyError: the storage changed one of them.
        """
        gallery = self._gallery(inspection_id, photos)
        comparisons, tracks = gallery.story()
        return Wall(tuple(gallery.seen(place) for place in range(len(photos))), comparisons, tracks)

    def key(self, inspection_id: str, photos: Sequence[StoredPhoto], name: str) -> str:
        """Of a file that was made of all photos as they are now."""
        return self._derived(inspection_id, photos)[0].of_all(photos, name)

    def picture(self, inspection_id: str, before: StoredPhoto, after: StoredPhoto, name: str) -> tuple[str, bool]:
        """The key of a picture of a comparison, a `picture_name` or `EARLIER`, and whether `work_out` has to make it.

        Of what is not compared there is none; where two photos could not be laid on each other, there is no `EARLIER`.
        """
        photos = self._store.photos(inspection_id)
        derived, _ = self._derived(inspection_id, photos or (before, after))
        key = derived.of_pair(before, after, name)
        if (before, after) not in [(photos[first], photos[second]) for first, second in pairs_of(len(photos))]:
            return key, False
        try:
            self.files.blobs.head(key)
        except NotFoundError:
            compared = self.files.kept(derived.of_pair(before, after, COMPARISON))
            if name == EARLIER and compared is not None and not unpack(compared).comparable:
                return key, False
            for gone in (derived.of_all(photos, OUTCOME), derived.of_pair(before, after, COMPARISON)):
                self.files.blobs.delete(gone)  # they speak of it
            return key, True
        return key, False

    def photo_key(self, inspection_id: str, photo: StoredPhoto, name: str) -> str:
        """Of a file that was made of one photo."""
        return self._derived(inspection_id, (photo,))[0].of_photo(photo, name)

    def _derived(self, inspection_id: str, photos: Sequence[StoredPhoto]) -> tuple[Derived, bool]:
        """Where that lies which is made of photos, and whether they are to be looked at again by one model."""
        first = photos[0].findings["model"]
        if all(photo.findings["model"] == first for photo in photos):
            return Derived(inspection_id, first), False
        return Derived(inspection_id, asdict(self._photos.model.wait(MODEL_WAIT_S).info)), True

    def _gallery(self, inspection_id: str, photos: Sequence[StoredPhoto]) -> Gallery:
        derived, again = self._derived(inspection_id, photos)

        def engine_of(photo: StoredPhoto) -> CrackEngine:
            return self._photos.model.wait(MODEL_WAIT_S) if again else Remembered(self.files.read(photo, EVIDENCE))

        return Gallery(inspection_id, photos, self.files, derived, engine_of)


def with_findings(photo: StoredPhoto, outcome: Mapping[str, Any]) -> StoredPhoto:
    """The photo with the findings that the outcome counts on."""
    return replace(photo, findings=outcome["findings"].get(photo.photo_id, photo.findings))


def _document(
    photos: Sequence[StoredPhoto],
    comparisons: Sequence[Compared],
    tracks: Sequence[CrackTrack],
    findings: Mapping[str, Any],
) -> dict[str, Any]:
    told = [
        {
            "before_photo_id": photos[compared.before].photo_id,
            "after_photo_id": photos[compared.after].photo_id,
            "consecutive": compared.after == compared.before + 1,
        }
        | comparison_document(compared.report)
        for compared in comparisons
    ]
    return {"comparisons": told, "tracks": [track.to_dict() for track in tracks], "findings": dict(findings)}
