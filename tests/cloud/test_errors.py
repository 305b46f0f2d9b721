from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from sightline.cloud.clients import client, close_clients
from sightline.cloud.errors import What, cloud_errors, condition_failed, error_code
from sightline.errors import NotReadyError, UnavailableError
from tests.clouds.faults import FaultyCloud
from tests.clouds.fixtures import in_cloud
from tests.clouds.ministack import Ministack


def read_one(table: str = "some-table") -> None:
    with cloud_errors("records"):
        client("dynamodb").get_item(TableName=table, Key={"analysisId": {"S": "a"}, "testType": {"S": "b"}})


def at(monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str]) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    close_clients()


@pytest.fixture
def broken_server() -> Iterator[str]:
    """Answers everything with a 500, as AWS does on a bad day."""

    class Broken(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = b'{"__type": "InternalServerError", "message": "Try again."}'
            self.send_response(500)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Broken) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_nobody_there(cloud_environment: Ministack, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        at(monkeypatch, {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{bound.getsockname()[1]}"})
        with pytest.raises(UnavailableError, match=r"The store for records cannot be reached now\."):
            read_one()


def test_a_broken_service(cloud_environment: Ministack, monkeypatch: pytest.MonkeyPatch, broken_server: str) -> None:
    at(monkeypatch, {"AWS_ENDPOINT_URL": broken_server})
    with pytest.raises(UnavailableError):
        read_one()


def test_a_service_that_refuses_once_is_asked_again(ministack: Ministack) -> None:
    with FaultyCloud(ministack) as cloud, in_cloud(cloud):
        cloud.refuse("dynamodb", status=400, code="ThrottlingException", times=1)
        read_one(ministack.make_table("some-table"))

    assert cloud.refused == 1


def test_a_table_that_is_not_there(cloud_environment: Ministack) -> None:
    with pytest.raises(NotReadyError, match=r"no store for records.*DYNAMODB_TABLE"):
        read_one()


def test_a_queue_that_is_not_there(cloud_environment: Ministack) -> None:
    with pytest.raises(NotReadyError, match=r"no store for jobs.*SIGHTLINE_JOB_QUEUE_URL"), cloud_errors("jobs"):
        client("sqs").send_message(QueueUrl=f"{cloud_environment.url}/000000000000/missing", MessageBody="x")


def test_a_key_that_is_wrong(cloud_environment: Ministack, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, {"AWS_SECRET_ACCESS_KEY": "another"})
    with pytest.raises(NotReadyError, match=r"refuses GetItem.*permissions"):
        read_one()


def test_a_permission_that_is_missing(cloud_environment: Ministack, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud_environment.make_table("some-table")
    allowed = {"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": "*"}
    at(monkeypatch, cloud_environment.make_user("writer", allowed))
    with pytest.raises(NotReadyError, match="refuses GetItem"):
        read_one()


def test_a_faulty_request_is_a_bug_and_stays_one(cloud_environment: Ministack) -> None:
    cloud_environment.make_table("some-table")
    with pytest.raises(ClientError) as caught, cloud_errors("records"):
        client("dynamodb").get_item(TableName="some-table", Key={"other": {"S": "a"}})
    assert error_code(caught.value) == "ValidationException"

    with pytest.raises(BotoCoreError, match="TableName"), cloud_errors("records"):
        client("dynamodb").get_item(Key={})


@pytest.mark.parametrize("what", ["files", "records", "jobs"])
@pytest.mark.parametrize("code", ["ThrottlingException", "ProvisionedThroughputExceededException", "SlowDown"])
def test_too_many_requests(what: What, code: str) -> None:
    with pytest.raises(UnavailableError, match=what), cloud_errors(what):
        raise ClientError({"Error": {"Code": code}}, "Anything")


def cancelled(*reasons: str) -> ClientError:
    parts = [{"Code": reason} for reason in reasons]
    return ClientError(
        {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": parts},
        "TransactWriteItems",
    )


def test_a_transaction_that_was_given_up_for_too_many_requests() -> None:
    with pytest.raises(UnavailableError), cloud_errors("jobs"):
        raise cancelled("None", "ThrottlingError")


@pytest.mark.parametrize("reasons", [("None", "ConditionalCheckFailed"), ("TransactionConflict", "None")])
def test_conditions_that_did_not_hold(reasons: tuple[str, ...]) -> None:
    with pytest.raises(ClientError) as caught, cloud_errors("jobs"):
        raise cancelled(*reasons)
    assert condition_failed(caught.value)
    assert condition_failed(ClientError({"Error": {"Code": "ConditionalCheckFailedException"}}, "PutItem"))


def test_other_errors_are_no_failed_conditions() -> None:
    assert not condition_failed(cancelled("None", "ValidationError"))
    assert not condition_failed(ClientError({"Error": {"Code": "ValidationException"}}, "PutItem"))


def test_keys_that_went_away() -> None:
    with pytest.raises(NotReadyError, match="AWS_ACCESS_KEY_ID"), cloud_errors("jobs"):
        raise NoCredentialsError


def test_an_error_of_another_sort_passes() -> None:
    with pytest.raises(ZeroDivisionError), cloud_errors("files"):
        _ = 1 / 0
