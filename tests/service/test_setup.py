"""Which storage the settings ask for."""

from __future__ import annotations

from contextlib import closing

import pytest

from sightline.errors import NotReadyError
from sightline.service.photos import ANNOTATED
from sightline.service.setup import open_photo_service
from sightline.settings import Settings
from tests.clouds.ministack import Ministack
from tests.conftest import FakeEngine

BUCKET = "sightline-results"


def test_results_lie_in_the_bucket_where_one_is_set(
    cloud_environment: Ministack, settings: Settings, engine: FakeEngine, cracked_jpeg: bytes
) -> None:
    cloud_environment.make_bucket(BUCKET)
    in_bucket = settings.model_copy(update={"result_bucket": BUCKET})
    with closing(open_photo_service(in_bucket, engine)) as one, closing(open_photo_service(in_bucket, engine)) as other:
        file_id = one.analyse(lambda: cracked_jpeg).file_id
        picture = other.artifact(file_id, ANNOTATED)

    listed = cloud_environment.client("s3").list_objects_v2(Bucket=BUCKET)["Contents"]
    assert picture[:3] == b"\xff\xd8\xff"
    assert {item["Key"] for item in listed} == {
        f"crack/{file_id}/annotated.jpg",
        f"crack/{file_id}/mask.png",
        f"crack/{file_id}/report.json",
        f"records/crack/{file_id}.json",
    }
    assert not settings.results_dir.exists()


def test_without_a_bucket_they_lie_in_the_folder(settings: Settings, engine: FakeEngine, cracked_jpeg: bytes) -> None:
    with closing(open_photo_service(settings, engine)) as service:
        file_id = service.analyse(lambda: cracked_jpeg).file_id

    assert (settings.results_dir / "files" / "crack" / file_id / ANNOTATED).is_file()


def test_a_bucket_without_a_region_is_told_at_once(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    with pytest.raises(NotReadyError, match="AWS_REGION"):
        open_photo_service(settings.model_copy(update={"result_bucket": BUCKET}))
