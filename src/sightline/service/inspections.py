"""The use case of a dispute: photos of one wall over time, kept as they came, with what was found in each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sightline.errors import BadInputError, GoneError, NotReadyError
from sightline.service.inspection_fields import (
    checked_remarks,
    checked_wall,
)
from sightline.service.inspection_records import (
    ANNOTATED,
    EVIDENCE,
    ORIGINAL,
    StoredInspection,
    StoredPhoto,
    new_folder,
    photo_id_of,
)
from sightline.service.inspection_store import InspectionStore, removed_at
from sightline.service.new_photo import NewPhoto
from sightline.service.photos import MODEL_WAIT_S, PhotoService
from sightline.service.references import AUTO, parse_shared_reference, reference_of
from sightline.service.remembered import Recorder
from sightline.service.results import side_by_side
from sightline.service.room import Room, check_room, pixels_of
from sightline.service.wall import SeenPhoto
from sightline.telemetry import timed

if TYPE_CHECKING:
    from sightline.evidence.exif import PhotoMetadata
    from sightline.service.analysis import Examination


@dataclass(frozen=True, slots=True)
class AddedPhoto:
    """A photo of an inspection.

    Attributes:
        photo: as it is kept.
        seen: its pixels and what was found in them; None where this very photo was there already.
    """

    photo: StoredPhoto
    seen: SeenPhoto | None

    @property
    def is_new(self) -> bool:
        """Whether it is one more."""
        return self.seen is not None


class InspectionService:
    """Begins inspections, adds photos and removes both. Safe to call from several threads.

    Args:
        photos: whose model, storage and limits are used too; closed by its owner.
        durable: whether what is stored stays and is found by every instance; without that no inspection is begun.
    """

    def __init__(self, photos: PhotoService, *, durable: bool = True) -> None:
        self.store = InspectionStore(photos.blobs, photos.records)
        self._room = Room(self.store)
        self._photos = photos
        self._durable = durable

    def create(self, request: object) -> StoredInspection:
        """Begin an inspection.

        Args:
            request: `{"wall": ..., "remarks": ..., "reference": ...}`, of which only the first is needed.

        Raises:
            BadInputError: a field is not as it should be.
            NotReadyError: what is stored here would not last.
        """
        if not isinstance(request, Mapping):
            raise BadInputError('An inspection is a JSON object such as {"wall": "Bedroom, north wall"}.')
        if unknown := sorted(set(map(str, request)) - {"wall", "remarks", "reference"}):
            raise BadInputError(f"{unknown[0][:60]!r} is unknown: an inspection has 'wall', 'remarks' and 'reference'.")
        wall, remarks = checked_wall(request.get("wall")), checked_remarks(request.get("remarks"))
        reference = parse_shared_reference(request.get("reference"), "send them with it") or AUTO
        if not self._durable:
            raise NotReadyError(
                "Inspections are kept in a bucket, for every instance to find them: set RESULT_BUCKET. Without it this "
                "function keeps results in its own /tmp, which ends with it."
            )
        return self.store.create(wall, remarks, reference)

    def add_photo(self, inspection_id: str, new: NewPhoto, read_photo: Callable[[], bytes]) -> AddedPhoto:
        """Look at a photo, and keep it with what was found in it, bit for bit.

        The same bytes for the same stage are the same photo, however often they are sent.

        Args:
            inspection_id: where to.
            new: what was sent with it.
            read_photo: fetches the bytes of the picture file, when its turn has come.

        Raises:
            NotFoundError, GoneError: there is no such inspection (any more); or the same photo, which came another time
                as well, was removed in the meantime.
            BadInputError: the bytes are no picture that can be read, or its reference is not found in it.
            TooLargeError: the photo is over a limit, or the inspection would be.
            NotReadyError: there is no model to look at it with.
            UnavailableError: other photos arrive at this moment, and it has room only if some of them fail.
        """
        inspection = self.store.get(inspection_id)
        data, received_at = read_photo(), datetime.now(UTC)
        digest = sha256(data).hexdigest()
        photo_id = photo_id_of(inspection_id, new.stage, digest)
        for known in (kept := self.store.photos(inspection_id)):
            if known.photo_id == photo_id:
                return AddedPhoto(known, None)
        metadata = self._checked(data)
        sizes = {known.photo_id: pixels_of(known) for known in kept}
        check_room(sizes, photo_id, metadata.width * metadata.height)  # before anybody looks at it in vain
        reference = new.reference or inspection.reference
        engine = Recorder(self._photos.model.wait(MODEL_WAIT_S))
        found = self._examine(data, engine, reference)
        taken_at, source = new.time_of(metadata)
        photo = StoredPhoto(
            photo_id=photo_id,
            stage=new.stage,
            name=new.name,
            sha256=digest,
            size_bytes=len(data),
            media_type=metadata.media_type,
            taken_at=taken_at,
            taken_at_from=source,
            received_at=received_at,
            reference=reference,
            folder=new_folder(inspection_id, photo_id, received_at),
            findings=found.report.to_dict(),
        )
        with self._room.taken(inspection_id, photo_id, metadata.width * metadata.height), timed("store"):
            return self._keep(inspection_id, photo, data, found, engine)

    def delete_photo(self, inspection_id: str, photo_id: str) -> None:
        """Remove a photo with all that was made of it, reports and comparisons of the others with it too.

        Raises:
            NotFoundError, GoneError: there is no such photo (any more).
        """
        self.store.get(inspection_id)
        try:
            self.store.photo(inspection_id, photo_id)
        except GoneError as error:
            if self.store.sweep_photo(inspection_id, photo_id, removed_at(error)):  # one that broke off is finished
                return
            raise
        self.store.sweep_photo(inspection_id, photo_id, self.store.bury_photo(inspection_id, photo_id))

    def delete(self, inspection_id: str) -> None:
        """Remove an inspection with all its photos and reports; a tombstone stays.

        Raises:
            NotFoundError, GoneError: there is no such inspection (any more).
        """
        try:
            self.store.get(inspection_id)
        except GoneError:
            if self.store.sweep(inspection_id):  # a deletion that broke off is finished
                return
            raise
        self.store.bury(inspection_id)
        self.store.sweep(inspection_id)

    def _checked(self, data: bytes) -> PhotoMetadata:
        """What a photo says about itself.

        Raises:
            BadInputError: it is none.
            TooLargeError: it is over a limit.
        """
        from sightline.evidence.exif import read_metadata
        from sightline.media.limits import check_bytes, check_pixels

        check_bytes(len(data), self._photos.max_bytes)
        metadata = read_metadata(data)
        check_pixels(metadata.width, metadata.height, self._photos.max_pixels)
        return metadata

    def _examine(self, data: bytes, engine: Recorder, reference: Mapping[str, Any]) -> Examination:
        from sightline.service.analysis import examine_photo

        limits = {"max_bytes": self._photos.max_bytes, "max_pixels": self._photos.max_pixels}
        return examine_photo(data, engine=engine, reference=reference_of(reference), faint=True, **limits)

    def _keep(
        self, inspection_id: str, photo: StoredPhoto, data: bytes, found: Examination, engine: Recorder
    ) -> AddedPhoto:
        """Store the files, then the record; all of it or, where something fails or was faster, nothing."""
        files: dict[str, tuple[Callable[[], bytes], str]] = {
            ORIGINAL: (lambda: data, photo.media_type),
            ANNOTATED: (found.annotated_jpeg, "image/jpeg"),
            EVIDENCE: (engine.packed, "application/octet-stream"),
        }

        def put(name: str) -> None:
            make, content_type = files[name]
            self.store.blobs.put(photo.key(name), make(), content_type)

        try:
            side_by_side(self._photos.writers, [partial(put, name) for name in files])
            kept = self.store.add(inspection_id, photo)
        except BaseException:
            self.store.take_back(inspection_id, photo)
            raise
        if kept.folder != photo.folder:
            self.store.delete_files(photo.folder)
            return AddedPhoto(kept, None)
        return AddedPhoto(kept, SeenPhoto(found.image, found.report, reference_of(photo.reference)))
