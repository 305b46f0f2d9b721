"""Puts a service together from the settings: which storage, which model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sightline.service.loading import ModelLoader
from sightline.service.photos import PhotoService
from sightline.settings import Settings

if TYPE_CHECKING:
    from sightline.crack.engine import CrackEngine
    from sightline.storage.blobs import BlobStore
    from sightline.storage.records import RecordStore


def open_photo_service(settings: Settings, engine: CrackEngine | None = None) -> PhotoService:
    """A service on the bucket for results, else on the data folder; its model is not loaded yet
    (`service.model.start()`).

    Args:
        settings: where results lie, which model, which limits.
        engine: a loaded engine to use instead of the one that the settings name.

    Raises:
        NotReadyError: the data folder cannot be used, or the cloud's region or credentials are missing.
    """
    blobs, records = _open_storage(settings)
    return PhotoService(
        model=ModelLoader(lambda: engine or load_crack_engine(settings)),
        blobs=blobs,
        records=records,
        max_bytes=settings.max_upload_bytes,
        max_pixels=settings.max_pixels,
    )


def _open_storage(settings: Settings) -> tuple[BlobStore, RecordStore]:
    if settings.result_bucket is not None:
        from sightline.storage.blob_records import BlobRecordStore
        from sightline.storage.s3 import S3BlobStore

        bucket = S3BlobStore(settings.result_bucket)
        return bucket, BlobRecordStore(bucket)
    from sightline.storage.local import LocalBlobStore
    from sightline.storage.sqlite import SqliteRecordStore

    folder = settings.results_dir
    return LocalBlobStore(folder / "files"), SqliteRecordStore(folder / "records.sqlite3")


def load_crack_engine(settings: Settings) -> CrackEngine:
    """Load the model that the settings name, and with it all that the first photo needs.

    Raises:
        NotReadyError: the model file is missing, corrupt or foreign.
        MissingExtraError: it needs an extra that is not installed.
    """
    import sightline.crack.annotate  # these two: so that the first photo does not wait for their imports
    import sightline.crack.detector  # noqa: F401
    from sightline.crack.engines import load_engine

    return load_engine(settings.model_path)
