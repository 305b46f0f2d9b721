"""Puts a service together from the settings: which storage, which model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sightline.service.loading import ModelLoader
from sightline.service.photos import PhotoService
from sightline.settings import Settings
from sightline.storage.local import LocalBlobStore
from sightline.storage.sqlite import SqliteRecordStore

if TYPE_CHECKING:
    from sightline.crack.engine import CrackEngine


def open_photo_service(settings: Settings, engine: CrackEngine | None = None) -> PhotoService:
    """A service on the data folder; its model is not loaded yet (`service.model.start()`).

    Args:
        settings: where results lie, which model, which limits.
        engine: a loaded engine to use instead of the one that the settings name.

    Raises:
        NotReadyError: the data folder cannot be used.
    """
    folder = settings.results_dir
    return PhotoService(
        model=ModelLoader(lambda: engine or load_crack_engine(settings)),
        blobs=LocalBlobStore(folder / "files"),
        records=SqliteRecordStore(folder / "records.sqlite3"),
        max_bytes=settings.max_upload_bytes,
        max_pixels=settings.max_pixels,
    )


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
