"""The reports of inspections: made once for each state of one and each language, and handed out as they were made."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sightline.errors import NotFoundError
from sightline.service.inspection_files import Made
from sightline.service.inspection_records import StoredInspection, StoredPhoto
from sightline.service.inspection_store import InspectionStore
from sightline.service.outcomes import Outcomes
from sightline.service.signing import Signer
from sightline.service.wall_reports import FORMATS, Format, PhotoFacts, WallFacts, make_reports

if TYPE_CHECKING:
    from sightline.documents.language import Language


class InspectionReports:
    """Makes and keeps reports. Safe to call from several threads.

    Args:
        store: the inspections.
        outcomes: compares their photos.
        signer: signs the reports.
    """

    def __init__(self, store: InspectionStore, outcomes: Outcomes, signer: Signer) -> None:
        self._store = store
        self._outcomes = outcomes
        self._signer = signer

    def key(self, inspection_id: str, language: Language, report_format: Format) -> str | None:
        """Where the report of an inspection as it is now lies; None where it has to be made first.

        Raises:
            NotFoundError: there is no such inspection, or it has no photos.
            GoneError: it was removed.
        """
        self._store.get(inspection_id)
        key = self._key(inspection_id, self._photos(inspection_id), language, report_format)
        try:
            self._store.blobs.head(key)
        except NotFoundError:
            return None
        return key

    def make(self, inspection_id: str, language: Language, report_format: Format) -> str:
        """Make the report in all formats, unless it is there; where the asked one lies.

        Raises:
            NotFoundError: there is no such inspection, or it has no photos.
            GoneError: it was removed.
            NotReadyError: a photo's file was changed since, or there is no key to sign with.
            UnavailableError: a photo is being removed.
        """
        if (key := self.key(inspection_id, language, report_format)) is not None:
            return key
        inspection, photos = self._store.get(inspection_id), self._photos(inspection_id)
        wall = self._outcomes.wall_of(inspection_id, photos)
        reports = make_reports(
            wall,
            [self._facts(place, photo) for place, photo in enumerate(photos, start=1)],
            _wall_facts(inspection),
            language=language,
            signer=self._signer.key,
        )
        made = [
            Made(self._key(inspection_id, photos, language, name), each.report, FORMATS[name], photos)
            for name, each in reports.items()
        ]
        self._outcomes.files.keep(inspection_id, made)
        digests: dict[str, str] = {name: each.manifest_sha256 for name, each in reports.items()}
        self._store.note_manifests(inspection_id, digests)
        return self._key(inspection_id, photos, language, report_format)

    def _photos(self, inspection_id: str) -> tuple[StoredPhoto, ...]:
        if photos := self._store.photos(inspection_id):
            return photos
        self._store.get(inspection_id)  # they may be gone because it is
        raise NotFoundError("The inspection has no photos yet, so there is nothing to report.")

    def _key(
        self, inspection_id: str, photos: tuple[StoredPhoto, ...], language: Language, report_format: Format
    ) -> str:
        """Another key signs another report."""
        signer = self._signer.key
        signed = signer.fingerprint[:16] if signer else "unsigned"
        return self._outcomes.key(inspection_id, photos, f"report.{language}.{signed}.{report_format}")

    def _facts(self, place: int, photo: StoredPhoto) -> PhotoFacts:
        from sightline.evidence.originals import original_photo

        data = self._outcomes.files.original(photo)
        name = photo.name or f"photo {place}"
        return PhotoFacts(
            original=original_photo(data, name=name, role=photo.stage, received_at=photo.received_at),
            stage=photo.stage,
            taken_at=photo.taken_at,
            taken_at_from=photo.taken_at_from,
            reference=photo.reference,
            photo_id=photo.photo_id,
        )


def _wall_facts(inspection: StoredInspection) -> WallFacts:
    return WallFacts(inspection.inspection_id, inspection.wall, inspection.remarks, datetime.now(UTC))
