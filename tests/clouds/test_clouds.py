"""The emulators are what other tests lean on: each starts, holds, refuses and forgets as those tests expect."""

from __future__ import annotations

import os

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from tests.clouds.cloud import Cloud, client_of
from tests.clouds.faults import FaultyCloud
from tests.clouds.ministack import Ministack
from tests.clouds.moto import Moto
from tests.clouds.seaweedfs import Seaweedfs


@pytest.mark.parametrize("turn", [1, 2])
def test_ministack_is_empty_before_each_test(ministack: Ministack, turn: int) -> None:
    assert ministack.client("s3").list_buckets()["Buckets"] == []
    ministack.client("s3").put_object(Bucket=ministack.make_bucket("some-bucket"), Key="a", Body=b"x")
    _uses_table_and_queue(ministack)


@pytest.mark.parametrize("turn", [1, 2])
def test_moto_is_empty_before_each_test(moto_cloud: Moto, turn: int) -> None:
    _uses_table_and_queue(moto_cloud)


@pytest.mark.parametrize("turn", [1, 2])
def test_seaweedfs_is_empty_before_each_test(seaweedfs: Seaweedfs, turn: int) -> None:
    s3 = seaweedfs.client("s3")
    bucket = seaweedfs.make_bucket("some-bucket")
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="a/b", Body=b"x")
    assert s3.get_object(Bucket=bucket, Key="a/b")["Body"].read() == b"x"


def _uses_table_and_queue(cloud: Cloud) -> None:
    dynamodb, sqs = cloud.client("dynamodb"), cloud.client("sqs")
    assert dynamodb.list_tables()["TableNames"] == []
    item = {"analysisId": {"S": "a"}, "testType": {"S": "b"}, "createdAt": {"S": "c"}}
    dynamodb.put_item(TableName=cloud.make_table("some-table"), Item=item)
    assert dynamodb.describe_time_to_live(TableName="some-table")["TimeToLiveDescription"]["AttributeName"]

    jobs = cloud.make_queue("jobs", dead_letter=cloud.make_queue("dead"), VisibilityTimeout="30")
    assert jobs.startswith(cloud.url)
    sqs.send_message(QueueUrl=jobs, MessageBody="x")
    assert sqs.receive_message(QueueUrl=jobs)["Messages"][0]["Body"] == "x"


@pytest.mark.parametrize(
    ("name", "service"), [("ministack", "s3"), ("ministack", "dynamodb"), ("ministack", "sqs"), ("seaweedfs", "s3")]
)
def test_a_wrong_key_is_refused(name: str, service: str, request: pytest.FixtureRequest) -> None:
    cloud: Cloud = request.getfixturevalue(name)
    client = client_of(cloud.environment | {"AWS_SECRET_ACCESS_KEY": "another"}, service)
    ask = {"s3": "list_buckets", "dynamodb": "list_tables", "sqs": "list_queues"}[service]
    with pytest.raises(ClientError, match=r"SignatureDoesNotMatch|InvalidSignature"):
        getattr(client, ask)()
    client.close()


def test_a_user_may_do_what_the_policy_says_and_no_more(ministack: Ministack) -> None:
    bucket = ministack.make_bucket("some-bucket")
    allowed = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{bucket}/a/*"}
    client = client_of(ministack.make_user("writer", allowed), "s3")
    client.put_object(Bucket=bucket, Key="a/one", Body=b"x")
    with pytest.raises(ClientError, match="AccessDenied"):
        client.put_object(Bucket=bucket, Key="b/one", Body=b"x")
    client.close()


def test_a_faulty_cloud_refuses_one_service_as_often_as_told(ministack: Ministack) -> None:
    with FaultyCloud(ministack) as cloud:
        s3, table = client_of(cloud.environment, "s3"), cloud.make_table("some-table")
        s3.put_object(Bucket=cloud.make_bucket("some-bucket"), Key="a", Body=b"x")
        cloud.refuse("s3", times=2)
        for _ in range(2):
            with pytest.raises(ClientError, match="SlowDown"):
                s3.get_object(Bucket="some-bucket", Key="a")
        assert cloud.client("dynamodb").list_tables()["TableNames"] == [table]
        assert s3.get_object(Bucket="some-bucket", Key="a")["Body"].read() == b"x"
        assert s3.head_object(Bucket="some-bucket", Key="a")["ContentLength"] == 1
        assert cloud.refused == 2
        cloud.refuse("dynamodb", status=400, code="ThrottlingException")
        with pytest.raises(ClientError, match="ThrottlingException"):
            cloud.client("dynamodb").list_tables()
        cloud.serve("dynamodb")
        assert cloud.client("dynamodb").list_tables()["TableNames"] == [table]
        s3.close()


def test_a_ministack_of_ones_own_stops_and_comes_back_with_what_it_held() -> None:
    with Ministack().start(PERSIST_STATE="1", S3_PERSIST="1") as cloud:
        url, table = cloud.url, cloud.make_table("some-table")
        cloud.client("s3").put_object(Bucket=cloud.make_bucket("some-bucket"), Key="a", Body=b"x")
        cloud.stop()
        with pytest.raises(EndpointConnectionError):
            cloud.client("dynamodb").list_tables()
        cloud.start()

        assert cloud.url == url
        assert cloud.client("dynamodb").list_tables()["TableNames"] == [table]
        assert cloud.client("s3").get_object(Bucket="some-bucket", Key="a")["Body"].read() == b"x"
        folder = cloud.folder
        assert folder.exists()
    assert not folder.exists()


def test_the_environment_names_the_cloud_and_nothing_of_the_developers(cloud_environment: Ministack) -> None:
    found = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}

    assert found.items() <= cloud_environment.environment.items()
