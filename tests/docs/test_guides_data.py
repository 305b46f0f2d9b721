"""What the gaze guide does with people's data: it finds all of a user's, and brings over what is older."""

from __future__ import annotations

import os
import subprocess
import sys

from sightline.jobs.dynamodb_items import new_item
from sightline.storage.dynamodb import DynamoRecordStore
from tests.clouds.cloud import Cloud
from tests.conftest import PATIENCE_S
from tests.docs.guides import blocks_of, section_of, text_of

OLD = {
    "analysisId": {"S": "11111111-2222-4333-8444-555555555555"},
    "testType": {"S": "eye-tracking"},
    "userId": {"S": "user_identifier"},
    "timestamp": {"N": "1735689600"},
    "status": {"S": "success"},
    "results": {"M": {"summary": {"M": {"frames_processed": {"N": "1500"}}}}},
}
"""An item as the original guide has it."""


def test_the_filter_for_all_of_a_user_finds_the_users_jobs() -> None:
    # Jobs have no userId: the guide's scan looks for this text in them.
    item = new_item("1", "eye-tracking", {"user_id": "user_identifier", "parameters": {}}, now_s=0.0)
    assert '"user_id":"user_identifier"' in item["payload"]
    scan = blocks_of(section_of(text_of("aws-gaze.md"), "Deleting a user's data"), "bash")[1].code
    assert r"\\\"user_id\\\":\\\"$USER_ID\\\"" in scan
    assert "contains(payload, :job)" in scan


def test_records_of_an_older_deployment_can_be_read_after_they_were_copied(cloud_environment: Cloud) -> None:
    old, new = cloud_environment.make_table("parkinson-analysis"), cloud_environment.make_table("sightline-analysis")
    cloud_environment.client("dynamodb").put_item(TableName=old, Item=OLD)
    call = blocks_of(section_of(text_of("aws-gaze.md"), "Moving over from a hand-made deployment"), "bash")[1].code
    code = call.partition("<<'PYTHON'\n")[2].rpartition("PYTHON\n")[0]
    for _ in range(2):  # the guide says that it may be run again
        command = [sys.executable, "-c", code, old, new]
        ran = subprocess.run(command, env=os.environ, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        assert ran.returncode == 0, ran.stderr
        assert ran.stdout == "1 items copied from parkinson-analysis to sightline-analysis\n"
    record = DynamoRecordStore(new).get("eye-tracking", OLD["analysisId"]["S"])  # type: ignore[index]
    assert record.data["results"] == {"summary": {"frames_processed": 1500}}
    assert record.created_at.isoformat() == "2025-01-01T00:00:00+00:00"
