"""The whole chain: an HTTP client, a Function URL, the runtime, the function, S3."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from wall_photos import make_wall_photo

from tests.aws.front_door import FrontDoor
from tests.clouds.emulator import LambdaEmulator, needs_emulator
from tests.clouds.ministack import Ministack
from tests.conftest import PATIENCE_S
from tests.web.test_node_client import CLIENT, NODE, node_major

pytestmark = needs_emulator
NAME = "fairstay-ai-lambda"
BUCKET = "fairstay-results"


@dataclass(frozen=True, slots=True)
class Deployed:
    """A deployed function.

    Attributes:
        url: where a client of this machine calls it.
        host: the host of its Function URL.
        log: what it has written.
    """

    url: str
    host: str
    log: Callable[[], str]


Deploy = Callable[..., AbstractContextManager[Deployed]]


@pytest.fixture
def deploy(ministack: Ministack) -> Deploy:
    """Puts the function behind a Function URL of its own for the length of a `with`; in the variables of its
    environment `{url}` is the address that clients call."""

    @contextmanager
    def deployed(cors: dict[str, Any] | None = None, **environment: str) -> Iterator[Deployed]:
        ministack.make_bucket(BUCKET)
        with closing(FrontDoor()) as door:
            own = {name: value.format(url=door.url) for name, value in environment.items()}
            own |= ministack.environment | {"RESULT_BUCKET": BUCKET}
            with LambdaEmulator("lambda_handler.handler", environment=own, memory_mb=3008) as emulator:
                host = _publish(ministack, emulator.url, cors)
                door.lead_to(ministack.url, host)
                yield Deployed(door.url, host, emulator.log)

    return deployed


def _publish(cloud: Ministack, function: str, cors: dict[str, Any] | None) -> str:
    """Make the function and its Function URL, as the guide does; gives the URL's host."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = cloud.client("iam").create_role(RoleName=f"{NAME}-role", AssumeRolePolicyDocument=policy)["Role"]
    client = cloud.client("lambda")
    client.create_function(
        FunctionName=NAME,
        PackageType="Image",
        Code={"ImageUri": "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/fairstay-mvp-ai:latest"},
        Role=role["Arn"],
        MemorySize=3008,
        Timeout=300,
        Environment={"Variables": {"MINISTACK_LAMBDA_PROXY_URL": function}},
    )
    client.put_function_concurrency(FunctionName=NAME, ReservedConcurrentExecutions=1)
    client.add_permission(
        FunctionName=NAME,
        StatementId="public",
        Action="lambda:InvokeFunctionUrl",
        Principal="*",
        FunctionUrlAuthType="NONE",
    )
    made = client.create_function_url_config(FunctionName=NAME, AuthType="NONE", **({"Cors": cors} if cors else {}))
    host: str = made["FunctionUrl"].removeprefix("https://").rstrip("/")
    return host


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_wall_photo(tmp_path_factory.mktemp("photos") / "wall.jpg", (640, 480))


def test_an_http_client(deploy: Deploy, photo: Path) -> None:
    with deploy() as function, httpx2.Client(base_url=function.url, timeout=PATIENCE_S, trust_env=False) as client:
        health = client.get("/health")
        answer = client.post("/detect-crack", files={"image": ("벽.jpg", photo.read_bytes())})
        found = answer.json()
        picture = client.get(found["image_url"])
        head = client.head(found["image_url"])
        mask = client.get(f"{found['image_url']}/mask.png")
        missing = client.get("/result/missing")
        gone = client.delete(found["image_url"]), client.get(found["image_url"])

    assert (health.status_code, health.json()["status"]) == (200, "healthy")
    assert (answer.status_code, found["has_crack"]) == (200, True)
    assert found["result_url"] == f"https://{function.host}{found['image_url']}"
    assert (picture.headers["content-type"], picture.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert (head.status_code, head.headers["content-type"], head.content) == (200, "image/jpeg", b"")
    assert (mask.headers["content-type"], mask.content[:4]) == ("image/png", b"\x89PNG")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    assert [response.status_code for response in gone] == [204, 404]


def test_a_browser_of_another_origin(deploy: Deploy) -> None:
    asks = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    cors = {"AllowOrigins": ["*"], "AllowMethods": ["GET", "POST"], "AllowHeaders": ["*"]}
    with deploy(cors) as function, httpx2.Client(base_url=function.url, timeout=PATIENCE_S, trust_env=False) as client:
        preflight = client.options("/detect-crack", headers=asks)
        calls = function.log().count("CloudWatchMetrics")
        answer = client.get("/health", headers={"Origin": "https://app.example"})

    assert preflight.headers.get_list("access-control-allow-origin") == ["*"]
    assert calls == 0  # the Function URL answers it by itself
    assert answer.headers.get_list("access-control-allow-origin") == ["*"]


def test_a_browser_where_the_function_answers_for_itself(deploy: Deploy) -> None:
    with (
        deploy(SIGHTLINE_CORS_ORIGINS="https://app.example") as function,
        httpx2.Client(base_url=function.url, timeout=PATIENCE_S, trust_env=False) as client,
    ):
        asks = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
        preflight = client.options("/detect-crack", headers=asks)
        other = client.get("/health", headers={"Origin": "https://other.example"})

    assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (200, "https://app.example")
    assert "access-control-allow-origin" not in other.headers


@pytest.mark.skipif(node_major() < 18, reason="needs Node.js 18 or later, for fetch and FormData")
def test_a_node_backend(deploy: Deploy, photo: Path) -> None:
    # No name service leads to the Function URL's own host here, so the addresses in answers are told to be others.
    with deploy(SIGHTLINE_PUBLIC_URL="{url}", SIGHTLINE_MAX_UPLOAD_BYTES="1000000") as function:
        # The client waits 5 s for /health, which a cold start on a machine with much else to do may take.
        httpx2.get(function.url, timeout=PATIENCE_S, trust_env=False)
        environment = os.environ | {"AI_SERVER_URL": function.url, "NO_PROXY": "*"}
        command = [NODE or "node", str(CLIENT), str(photo), "image"]
        ran = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=PATIENCE_S, check=False)
    assert ran.returncode == 0, ran.stderr
    seen = json.loads(ran.stdout)

    assert (seen["health"]["status"], seen["health"]["body"]["model_loaded"]) == (200, True)
    assert (seen["answer"]["status"], seen["answer"]["body"]["has_crack"]) == (200, True)
    assert seen["answer"]["body"]["result_url"].startswith(f"{function.url}/result/")
    assert seen["severity"] == "high"
    jpeg = {"status": 200, "type": "image/jpeg", "start": "ffd8ff"}
    assert (seen["result"], seen["image"]) == (jpeg, jpeg)
    assert seen["missing"]["status"] == 404
    assert seen["nameless"]["status"] == 200
    assert (seen["empty"]["status"], seen["empty"]["body"]["code"]) == (400, "bad_input")


def test_curl_as_the_guide_writes_it(deploy: Deploy, photo: Path) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("needs curl")
    with deploy() as function:

        def ran(*arguments: str) -> str:
            command = [curl, "-sS", "--noproxy", "*", "-m", str(PATIENCE_S), *arguments]
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout

        health = json.loads(ran(f"{function.url}/health"))
        found = json.loads(ran("-X", "POST", "-F", f"file=@{photo}", f"{function.url}/detect-crack"))
        picture = ran(
            "-o", str(photo.parent / "result.jpg"), "-w", "%{content_type}", function.url + found["image_url"]
        )

    assert (health["status"], health["message"], health["model_loaded"]) == ("healthy", "AI server is running", True)
    assert (found["has_crack"], picture) == (True, "image/jpeg")
    assert (photo.parent / "result.jpg").read_bytes()[:3] == b"\xff\xd8\xff"
