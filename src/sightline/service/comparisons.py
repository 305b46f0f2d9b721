"""The use case of one call: two photos in, what changed between them out. The photos are not kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

import sightline
from sightline.service.naming import naming
from sightline.service.photos import MODEL_WAIT_S, PhotoService
from sightline.service.references import reference_of
from sightline.service.results import ResultStore
from sightline.service.signing import Signer
from sightline.service.wall import SeenPhoto, Wall, compare_wall
from sightline.storage.records import Record
from sightline.telemetry import timed

if TYPE_CHECKING:
    from sightline.crack.compare.compared import ComparisonReport
    from sightline.crack.engine import CrackEngine
    from sightline.documents.language import Language

KIND: Final = "comparison"
PICTURE: Final = "picture.jpg"
REPORT: Final = "report.json"
_CONTENT_TYPES: Final = {PICTURE: "image/jpeg", REPORT: "application/json"}
_ROLES: Final = ("before", "after")


@dataclass(frozen=True, slots=True)
class ComparedPhoto:
    """A photo to compare.

    Attributes:
        read: fetches the bytes of the picture file, when its turn has come.
        name: of its file; may be empty.
        reference: what gives the scale in it.
    """

    read: Callable[[], bytes]
    name: str
    reference: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StoredComparison:
    """A finished comparison: under which id it is found again, and all that it says, JSON-ready."""

    comparison_id: str
    document: dict[str, Any]


class ComparisonService:
    """Compares two photos and keeps a picture and a sealed report of it. Safe to call from several threads.

    Args:
        photos: whose model, storage and limits are used too; closed by its owner.
        signer: signs the reports.
    """

    def __init__(self, photos: PhotoService, signer: Signer) -> None:
        self._photos = photos
        self._signer = signer
        self.results = ResultStore(
            KIND, _CONTENT_TYPES, blobs=photos.blobs, records=photos.records, writers=photos.writers
        )

    def compare(self, before: ComparedPhoto, after: ComparedPhoto, language: Language = "en") -> StoredComparison:
        """Find the cracks in both photos, say what became of each, and keep it, with a picture in words of a language.

        Raises:
            BadInputError: the bytes of one are no picture that can be read, or its reference is not found in it.
            TooLargeError: one is over a limit.
            NotReadyError: there is no model to look at them with.
        """
        engine = self._photos.model.wait(MODEL_WAIT_S)
        received_at = datetime.now(UTC)
        files = [photo.read() for photo in (before, after)]
        seen = [
            self._seen(role, data, photo, engine)
            for role, data, photo in zip(_ROLES, files, (before, after), strict=True)
        ]
        wall = compare_wall(seen)
        (compared,) = wall.comparisons
        comparison_id = str(uuid4())
        document = {"comparison_id": comparison_id, "created_at": received_at.isoformat()} | compared.report.to_dict()
        stored: dict[str, Callable[[], bytes]] = {
            PICTURE: lambda: wall.picture(compared, language),
            REPORT: lambda: self._sealed(document, wall, files, (before, after), received_at),
        }
        with timed("store"):
            self.results.put(Record(KIND, comparison_id, received_at, _summary(compared.report)), stored)
        return StoredComparison(comparison_id, document)

    def _seen(self, role: str, data: bytes, photo: ComparedPhoto, engine: CrackEngine) -> SeenPhoto:
        from sightline.service.analysis import examine_photo

        limits = {"max_bytes": self._photos.max_bytes, "max_pixels": self._photos.max_pixels}
        reference = reference_of(photo.reference)
        with naming(f"The photo '{role}'"):
            found = examine_photo(data, engine=engine, reference=reference, faint=True, **limits)
        return SeenPhoto(found.image, found.report, reference)

    def _sealed(
        self,
        document: dict[str, Any],
        wall: Wall,
        files: list[bytes],
        photos: tuple[ComparedPhoto, ComparedPhoto],
        received_at: datetime,
    ) -> bytes:
        from sightline.evidence.manifest import Manifest, Model
        from sightline.evidence.originals import original_photo
        from sightline.evidence.seal import seal

        originals = tuple(
            original_photo(data, name=photo.name or role, role=role, received_at=received_at)
            for role, data, photo in zip(_ROLES, files, photos, strict=True)
        )
        manifest = Manifest(
            kind="crack-comparison",
            created_at=received_at,
            service_version=sightline.__version__,
            originals=originals,
            model=Model(**asdict(wall.photos[0].report.model)),
            settings={f"reference_{role}": dict(photo.reference) for role, photo in zip(_ROLES, photos, strict=True)},
            results=document,
            subject=document["comparison_id"],
        )
        report = json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
        return seal(report, "json", manifest, self._signer.key)


def _summary(report: ComparisonReport) -> dict[str, Any]:
    """What lists of comparisons show without opening each report."""
    return {
        "comparable": report.comparable,
        "counts": dict(report.counts),
        "model": report.model.name,
        "model_version": report.model.version,
    }
