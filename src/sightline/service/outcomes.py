"""What the photos of an inspection say together: worked out once for each state of it, and kept until one is removed.

Kept is the JSON of it, written last, and a picture for each comparison. Whoever needs more than that, as a report does,
works it out again: from the originals and from what the model said of them when they arrived, so it is the same again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import sightline
from sightline.errors import NotFoundError, NotReadyError, UnavailableError
from sightline.service.inspection_records import EVIDENCE, ORIGINAL, StoredPhoto, derived_folder
from sightline.service.inspection_store import InspectionStore
from sightline.service.photos import MODEL_WAIT_S, PhotoService
from sightline.service.references import reference_of
from sightline.service.remembered import Remembered
from sightline.service.wall import SeenPhoto, Wall, compare_wall, comparison_document

if TYPE_CHECKING:
    from sightline.crack.engine import CrackEngine

OUTCOME = "outcome.json"
PICTURE = "picture.jpg"
_NOTHING: Mapping[str, Any] = {"comparisons": [], "tracks": [], "findings": {}}


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made of photos."""

    key: str
    data: bytes
    content_type: str
    of: Sequence[StoredPhoto]


class Outcomes:
    """Works outcomes out and keeps them. Safe to call from several threads.

    Args:
        store: the inspections.
        photos: whose model and limits are used too.
    """

    def __init__(self, store: InspectionStore, photos: PhotoService) -> None:
        self._store = store
        self._photos = photos

    def known(self, inspection_id: str, photos: Sequence[StoredPhoto]) -> Mapping[str, Any] | None:
        """The kept outcome of photos in order of time; None where it has to be worked out first."""
        if len(photos) < 2:
            return _NOTHING
        try:
            outcome: dict[str, Any] = json.loads(self._store.blobs.get(self.key(inspection_id, photos, OUTCOME)))
        except NotFoundError:
            return None
        return outcome

    def work_out(self, inspection_id: str) -> tuple[tuple[StoredPhoto, ...], Mapping[str, Any]]:
        """The photos of an inspection as it is now, and their outcome, kept from now on.

        Raises:
            NotFoundError, GoneError: there is no such inspection (any more).
        """
        photos = self._store.photos(inspection_id)
        if (outcome := self.known(inspection_id, photos)) is not None:
            return photos, outcome
        wall, findings = self.wall_of(photos)
        outcome = _document(photos, wall, findings)
        made = []
        for compared in wall.comparisons:
            pair = photos[compared.before], photos[compared.after]
            made.append(Made(self.picture_key(inspection_id, *pair), wall.picture(compared), "image/jpeg", pair))
        data = json.dumps(outcome, ensure_ascii=False, allow_nan=False).encode()
        made.append(Made(self.key(inspection_id, photos, OUTCOME), data, "application/json", photos))
        self.keep(inspection_id, made)
        return photos, outcome

    def wall_of(self, photos: Sequence[StoredPhoto]) -> tuple[Wall, Mapping[str, Any]]:
        """Compare photos in order of time.

        Where different models saw them, all are looked at again with the present one, for what one model sees and
        another does not is no change of the wall.

        Returns:
            What they say together, and findings by photo that go before those which are kept with the photos.

        Raises:
            UnavailableError: one of them is being removed.
            NotReadyError: the storage changed one of them.
        """
        engines: list[CrackEngine] = [Remembered(self._file(photo, EVIDENCE)) for photo in photos]
        again = len({engine.info for engine in engines}) > 1
        if again:
            engines = [self._photos.model.wait(MODEL_WAIT_S)] * len(photos)
        wall = compare_wall([self._seen(photo, engine) for photo, engine in zip(photos, engines, strict=True)])
        pairs = zip(photos, wall.photos, strict=True)
        return wall, {photo.photo_id: seen.report.to_dict() for photo, seen in pairs} if again else {}

    def keep(self, inspection_id: str, made: Sequence[Made]) -> None:
        """Keep what was made of photos, the last of it last; of photos that were removed in the meantime, nothing.

        Raises:
            NotFoundError, GoneError: the inspection was removed in the meantime.
        """
        for file in made:
            self._store.blobs.put(file.key, file.data, file.content_type)
        present = {photo.folder for photo in self._store.photos(inspection_id)}
        for file in made:
            if not present.issuperset(photo.folder for photo in file.of):
                self._store.blobs.delete(file.key)
        self._store.get(inspection_id)

    def key(self, inspection_id: str, photos: Sequence[StoredPhoto], name: str) -> str:
        """Of a file that was made of photos: of these uploads in this order, by this version."""
        made_of = "\n".join((sightline.__version__, *(photo.folder for photo in photos)))
        return f"{derived_folder(inspection_id)}/{sha256(made_of.encode()).hexdigest()}/{name}"

    def is_picture_due(self, inspection_id: str, before: StoredPhoto, after: StoredPhoto) -> bool:
        """Whether `work_out` still has to make the picture of a comparison; of what is not compared there is none.

        One may be missing although the outcome is known: the removal of another photo takes all pictures away, also
        those that are being made anew at that moment.
        """
        photos = self._store.photos(inspection_id)
        if (outcome := self.known(inspection_id, photos)) is None:
            return True
        pairs = {(each["before_photo_id"], each["after_photo_id"]) for each in outcome["comparisons"]}
        if (before.photo_id, after.photo_id) not in pairs:
            return False
        try:
            self._store.blobs.head(self.picture_key(inspection_id, before, after))
        except NotFoundError:
            self._store.blobs.delete(self.key(inspection_id, photos, OUTCOME))
            return True
        return False

    def picture_key(self, inspection_id: str, before: StoredPhoto, after: StoredPhoto) -> str:
        """Of the picture of a comparison."""
        return self.key(inspection_id, (before, after), PICTURE)

    def original(self, photo: StoredPhoto) -> bytes:
        """A photo as it was received.

        Raises:
            NotReadyError: the file is another one by now. Whatever was said of it, it would be of that one.
            UnavailableError: the photo is being removed.
        """
        data = self._file(photo, ORIGINAL)
        if sha256(data).hexdigest() != photo.sha256:
            raise NotReadyError(
                f"The file of the photo received at {photo.received_at.isoformat()} is not the one that was received: "
                "it was changed in the storage."
            )
        return data

    def _file(self, photo: StoredPhoto, name: str) -> bytes:
        try:
            return self._store.blobs.get(photo.key(name))
        except NotFoundError:
            message = "A photo of the inspection is being removed. Send the same again in a moment."
            raise UnavailableError(message) from None

    def _seen(self, photo: StoredPhoto, engine: CrackEngine) -> SeenPhoto:
        from sightline.service.analysis import examine_photo

        found = examine_photo(
            self.original(photo),
            engine=engine,
            max_bytes=photo.size_bytes,
            max_pixels=photo.findings["width_px"] * photo.findings["height_px"],
            reference=reference_of(photo.reference),
        )
        return SeenPhoto(found.image, found.report)


def with_findings(photo: StoredPhoto, outcome: Mapping[str, Any]) -> StoredPhoto:
    """The photo with the findings that the outcome counts on."""
    return replace(photo, findings=outcome["findings"].get(photo.photo_id, photo.findings))


def _document(photos: Sequence[StoredPhoto], wall: Wall, findings: Mapping[str, Any]) -> dict[str, Any]:
    comparisons = [
        {
            "before_photo_id": photos[compared.before].photo_id,
            "after_photo_id": photos[compared.after].photo_id,
            "consecutive": compared.after == compared.before + 1,
        }
        | comparison_document(compared.report)
        for compared in wall.comparisons
    ]
    return {
        "comparisons": comparisons,
        "tracks": [track.to_dict() for track in wall.tracks],
        "findings": dict(findings),
    }
