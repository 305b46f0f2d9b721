"""Both functions as they are, deployed by the command: emulated AWS around them, AWS's own runtime under them, and of
AWS they may do what the template's policies say.

The smoke tests of the command are what is tested here as well: a photo through the Function URL, a clip through the
REST API, and one through a presigned address, the bucket, the queue, the function and the table.
"""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

import pytest

from tests.clouds.cloud import Cloud
from tests.clouds.emulator import LambdaEmulator, needs_emulator
from tests.clouds.fixtures import in_cloud
from tests.clouds.ministack import Ministack
from tests.deploy.conftest import Deploy, aliases
from tests.deploy.policies import ACCOUNT, CRACK, GAZE, statements_of


class Doorway:
    """Where ministack sends a function's invocations: one after the other to an emulator, which takes no two at once.

    Attributes:
        emulator: of the function; set before the first invocation.
        ill: while set, requests that came through a public address are answered as by a function out of order.
    """

    emulator: LambdaEmulator

    def __init__(self) -> None:
        doorway = self
        self.ill = False

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                event = self.rfile.read(int(self.headers["Content-Length"]))
                status, answer = doorway.answer(event)
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Nothing: a test's output is the test's."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"

    def answer(self, event: bytes) -> tuple[int, bytes]:
        if self.ill and b'"apiId"' in event:  # gateways say their id, the smoke test by number has none
            return 200, b'{"statusCode": 500, "headers": {}, "body": "out of order"}'
        return self.emulator.post(event)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@dataclass(frozen=True)
class World:
    """Both functions behind an emulated AWS, not deployed yet."""

    cloud: Ministack
    doorways: Mapping[str, Doorway]
    variables: Mapping[str, Mapping[str, str]]
    """What each function was given in its environment, to be compared with what the template gives it."""


@pytest.fixture
def world() -> Iterator[World]:
    cloud = Ministack().start()  # once, to know its port
    cloud.stop()
    queues = f"{cloud.url}/{ACCOUNT}/sightline-gaze"
    variables = {
        CRACK: {"RESULT_BUCKET": f"sightline-crack-{ACCOUNT}-us-west-1", "SAVE_DIR": "/tmp/result"},
        GAZE: {
            "S3_BUCKET": f"sightline-gaze-{ACCOUNT}-us-west-1",
            "DYNAMODB_TABLE": "parkinson-analysis",
            "SIGHTLINE_JOB_QUEUE_URL": f"{queues}-jobs",
            "SIGHTLINE_DEAD_LETTER_QUEUE_URL": f"{queues}-dead-letters",
            "SIGHTLINE_CORS_ORIGINS": "*",
        },
    }
    handlers = {CRACK: "lambda_handler.handler", GAZE: "lambda_function.lambda_handler"}
    roles = {CRACK: "CrackRole", GAZE: "GazeRole"}
    with ExitStack() as opened:
        opened.callback(cloud.remove)
        doorways = {name: opened.enter_context(Doorway()) for name in handlers}
        cloud.start(**{f"MINISTACK_LAMBDA_PROXY_{name}": doorway.url for name, doorway in doorways.items()})
        for name, handler in handlers.items():
            # Credentials that may do what the template allows the function, and no more.
            allowed = cloud.make_user(roles[name], *statements_of(roles[name]))
            emulator = LambdaEmulator(handler, environment=allowed | variables[name])
            doorways[name].emulator = opened.enter_context(emulator)
        yield World(cloud, doorways, variables)


def image(number: int) -> str:
    """An image by digest, which nobody pulls: the doorways carry the functions out."""
    return f"{ACCOUNT}.dkr.ecr.us-west-1.amazonaws.com/sightline@sha256:{number:064x}"


@needs_emulator
def test_both_functions_are_deployed_tested_and_brought_back(
    world: World, deployer: Callable[[Cloud], Deploy], capsys: pytest.CaptureFixture[str]
) -> None:
    with in_cloud(world.cloud):
        run = deployer(world.cloud)

        def release(number: int, *more: str) -> int:
            return run("--image-uri", f"crack={image(number)}", "--image-uri", f"gaze={image(number)}", *more)

        assert release(1) == 0, capsys.readouterr().err
        told = capsys.readouterr().out.splitlines()
        assert told[-2].startswith("crack: https://")
        assert told[-1].startswith("gaze: https://")
        assert told[-1].endswith(".execute-api.us-west-1.amazonaws.com/dev")
        _functions_have_their_variables(world)
        _smoke_tests_left_nothing(world)

        world.doorways[GAZE].ill = True
        assert run("--image-uri", f"gaze={image(2)}", "--only", "gaze") == 1
        assert "out of order" in capsys.readouterr().err
        assert aliases(world.cloud, GAZE) == {"live": "1"}
        assert aliases(world.cloud, CRACK) == {"live": "1"}

        world.doorways[GAZE].ill = False
        assert release(3, "--set", "GazeApiKey=true") == 0, capsys.readouterr().err
        assert _asks_for_a_key(world)
        assert aliases(world.cloud, GAZE) == {"live": "3", "previous": "1"}
        assert aliases(world.cloud, CRACK) == {"live": "2", "previous": "1"}


def _asks_for_a_key(world: World) -> bool:
    (api,) = world.cloud.client("apigateway").get_rest_apis()["items"]
    request = urllib.request.Request(f"{world.cloud.url}/_aws/execute-api/{api['id']}/dev/", data=b"{}")
    try:
        urllib.request.urlopen(request).close()
    except urllib.error.HTTPError as error:
        with error:
            return error.code == 403
    return False


def _functions_have_their_variables(world: World) -> None:
    for name, variables in world.variables.items():
        found = world.cloud.client("lambda").get_function_configuration(FunctionName=name, Qualifier="live")
        given = found["Environment"]["Variables"]
        given.pop("SIGHTLINE_RELEASE")
        assert given == variables


def _smoke_tests_left_nothing(world: World) -> None:
    s3, dynamodb = world.cloud.client("s3"), world.cloud.client("dynamodb")
    for variables in world.variables.values():
        bucket = variables.get("S3_BUCKET") or variables["RESULT_BUCKET"]
        assert "Contents" not in s3.list_objects_v2(Bucket=bucket)
    for mark in dynamodb.scan(TableName="parkinson-analysis")["Items"]:  # of what was deleted, until they expire
        assert mark["status"]["S"] == "deleted"
        assert mark.keys() == {"analysisId", "testType", "createdAt", "expiresAt", "status"}
