"""Videos as jobs of a queue in a cloud that refuses for a while."""

from __future__ import annotations

from io import BytesIO

import pytest

from sightline.errors import UnavailableError
from sightline.jobs.sqs import SqsJobQueue
from sightline.service.gaze_request import parse_wanted
from sightline.service.gaze_setup import open_gaze_service
from sightline.settings import Settings
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
