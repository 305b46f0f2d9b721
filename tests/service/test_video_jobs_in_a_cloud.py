"""Videos as jobs of a queue in a cloud that refuses for a while."""

from __future__ import annotations

from contextlib import ExitStack, closing
from io import BytesIO

import pytest

from sightline.errors import UnavailableError
from sightline.jobs.sqs import SqsJobQueue
from sightline.service.gaze_request import parse_wanted
from sightline.service.gaze_setup import open_gaze_service
from sightline.settings import Settings
from sightline.storage.local import LocalBlobStore
from tests.clouds.faults import FaultyCloud
from tests.clouds.fixtures import in_cloud
from tests.clouds.ministack import Ministack
from tests.jobs.handlers import until
from tests.service.faces import VIDEO, FakeVideoAnalysis


@pytest.mark.parametrize("refusing", ["sqs", "dynamodb"])
def test_an_upload_that_is_sent_again_after_a_refusal_is_analysed_once(
    ministack: Ministack, settings: Settings, monkeypatch: pytest.MonkeyPatch, refusing: str
) -> None:
    monkeypatch.setattr("sightline.cloud.clients._ATTEMPTS", 1)
    analysis = FakeVideoAnalysis()
    with FaultyCloud(ministack) as cloud, in_cloud(cloud):
        queue = SqsJobQueue(
            table=ministack.make_table("jobs"), queue_url=ministack.make_queue("jobs"), lease_s=2, wait_s=0
        )
        monkeypatch.setattr(queue, "waiting", lambda: 0)  # the refusal is to come after this question
        gaze = open_gaze_service(settings, analyse_video=analysis, queue=queue)
        cloud.refuse(refusing)
        with pytest.raises(UnavailableError):
            gaze.jobs.submit(BytesIO(VIDEO), "u1", parse_wanted(), once_key="k")
        cloud.serve(refusing)
        job = gaze.jobs.submit(BytesIO(VIDEO), "u1", parse_wanted(), once_key="k")
        gaze.jobs.start()
        until(lambda: gaze.jobs.get(job.id).state in ("done", "failed"))
        again = gaze.jobs.submit(BytesIO(VIDEO), "u1", parse_wanted(), once_key="k")
        gaze.close()

        assert (again.id, again.state, again.attempts) == (job.id, "done", 1)
    assert len(analysis.wanted) == 1


@pytest.mark.parametrize("named_by", ["analysis_id", "s3_key"])
def test_a_video_in_the_store_whose_job_could_not_be_announced_is_announced_by_the_next_submit(
    ministack: Ministack, settings: Settings, monkeypatch: pytest.MonkeyPatch, named_by: str
) -> None:
    monkeypatch.setattr("sightline.cloud.clients._ATTEMPTS", 1)
    with FaultyCloud(ministack) as cloud, in_cloud(cloud), ExitStack() as opened:
        queue = SqsJobQueue(
            table=ministack.make_table("jobs"), queue_url=ministack.make_queue("jobs"), lease_s=2, wait_s=0
        )
        monkeypatch.setattr(queue, "waiting", lambda: 0)  # the refusal is to come after this question
        gaze = opened.enter_context(
            closing(open_gaze_service(settings, analyse_video=FakeVideoAnalysis(), queue=queue))
        )
        handle = gaze.eye_tracking.handle
        created = handle({"action": "create_upload", "user_id": "u1", "size_bytes": len(VIDEO)})
        LocalBlobStore(settings.results_dir / "files").put(created["s3_key"], VIDEO, "video/mp4")
        submit = {"action": "submit", "user_id": "u1", named_by: created[named_by]}
        if named_by == "s3_key":
            submit["parameters"] = {"step": 2}  # one more analysis, beside that of the upload
        cloud.refuse("sqs")
        with pytest.raises(UnavailableError):
            handle(submit)
        cloud.serve("sqs")
        job_id = handle(submit)["job_id"]
        gaze.jobs.start()
        until(lambda: gaze.jobs.get(job_id).state in ("done", "failed"))
        again = handle(submit)

    assert (again["job_id"], again["state"]) == (job_id, "done")
