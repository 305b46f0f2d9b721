"""The gaze service on a disk, with analyses that tests steer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sightline.service.gaze_setup import GazeService, open_gaze_service
from sightline.service.inspection_setup import WallServices, open_walls
from sightline.service.photos import PhotoService
from sightline.service.setup import open_photo_service
from sightline.settings import Settings
from sightline.storage.local import LocalBlobStore
from tests.conftest import FakeEngine
from tests.service.faces import FakeVideoAnalysis, fake_picture_analysis


@pytest.fixture
def analysis() -> Iterator[FakeVideoAnalysis]:
    analysis = FakeVideoAnalysis()
    yield analysis
    analysis.hold.set()


@pytest.fixture
def small(settings: Settings) -> Settings:
    """At most 5000 bytes a video, and three videos that wait."""
    return settings.model_copy(update={"max_video_bytes": 5000, "job_queue_limit": 3})


@pytest.fixture
def gaze(small: Settings, analysis: FakeVideoAnalysis) -> Iterator[GazeService]:
    gaze = open_gaze_service(small, analyse_video=analysis, analyse_picture=fake_picture_analysis)
    yield gaze
    analysis.hold.set()
    gaze.close()


@pytest.fixture
def blobs(settings: Settings) -> LocalBlobStore:
    return LocalBlobStore(settings.results_dir / "files")


@pytest.fixture
def photos(settings: Settings, engine: FakeEngine) -> Iterator[PhotoService]:
    service = open_photo_service(settings, engine)
    yield service
    service.close()


@pytest.fixture
def walls(settings: Settings, photos: PhotoService) -> WallServices:
    return open_walls(settings, photos)
