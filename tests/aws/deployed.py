"""Both functions as the template makes them in an emulated AWS: its bucket, table, queues, events and addresses around
them, AWS's own runtime under them, as many instances as a test gives them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx2
from releases import template

from tests.aws.front_door import FrontDoor
from tests.aws.gaze_world import BUCKET, TABLE, Answer, GazeWorld
from tests.aws.instances import Instances, until
from tests.clouds.emulator import LambdaEmulator
from tests.clouds.faults import FaultyCloud
from tests.clouds.ministack import Ministack
from tests.conftest import PATIENCE_S
from tests.deploy.conftest import for_ministack

CRACK, GAZE = "fairstay-ai-lambda", "parkinson-eye-tracking"
USER = "user_identifier"
CRACK_BUCKET = "fairstay-results"
_HANDLERS = {CRACK: "lambda_handler.handler", GAZE: "lambda_function.lambda_handler"}
_ROLES = {CRACK: "CrackRole", GAZE: "GazeRole"}
_LONG_AGO = {"N": "1"}
_IMAGE = f"000000000000.dkr.ecr.us-west-1.amazonaws.com/sightline@sha256:{0:064x}"  # nobody pulls it


@dataclass(frozen=True)
class Deployed:
    """A stack of the template.

    Attributes:
        world: what the gaze function keeps, and its queues.
        faulty: how the functions reach AWS, which a test can let refuse.
        crack: the instances of the crack function.
        gaze: those of the gaze function.
        crack_url: where a client of this machine calls the Function URL.
        crack_host: the Function URL's own host.
        api_url: the REST API with its stage.
        client: a plain HTTP client, of a machine that has no credentials.
    """

    world: GazeWorld
    faulty: FaultyCloud
    crack: Instances
    gaze: Instances
    crack_url: str
    crack_host: str
    api_url: str
    client: httpx2.Client

    def ask(self, action: str, user_id: str = USER, **fields: Any) -> tuple[int, Answer]:
        """Send a request of the contract to the REST API; gives the status and the JSON of the answer."""
        request = {"action": action, "user_id": user_id, **fields}
        response = self.client.post(f"{self.api_url}/", json=request)
        assert response.headers["access-control-allow-origin"] == "*", response.text
        return response.status_code, response.json()

    def announced(self, data: bytes, **fields: Any) -> Answer:
        """An upload that the function was told of."""
        status, created = self.ask("create_upload", size_bytes=len(data), **fields)
        assert status == 200, created
        return created

    def upload(self, created: Answer, data: bytes, **headers: str) -> int:
        """Send a video to the address that was given for it; gives the status of S3."""
        to = created["upload"]
        return self.client.request(to["method"], to["url"], content=data, headers=to["headers"] | headers).status_code

    def sent(self, data: bytes, **fields: Any) -> Answer:
        """An upload that has arrived."""
        created = self.announced(data, **fields)
        assert self.upload(created, data) == 200
        return created

    def status(self, created: Answer) -> Answer:
        """What `get_status` says of an analysis."""
        status, answer = self.ask("get_status", analysis_id=created["analysis_id"])
        assert status == 200, answer
        return answer

    def until(self, state: str, created: Answer, *, meanwhile: Callable[[], object] = lambda: None) -> Answer:
        """Ask how an analysis stands, again and again, until it stands like this; gives the last answer."""
        seen = [self.status(created)]

        def stands() -> bool:
            if seen[-1]["state"] == state:
                return True
            assert seen[-1]["state"] != "failed", seen[-1]
            meanwhile()
            seen.append(self.status(created))
            return False

        until(stands)
        return seen[-1]

    def job(self, created: Answer) -> Mapping[str, Any]:
        """The job's item in the table, without asking the function; empty before it is there."""
        key = {"analysisId": {"S": created["analysis_id"]}, "testType": {"S": "job"}}
        item: Mapping[str, Any] = self.world.cloud.client("dynamodb").get_item(TableName=TABLE, Key=key).get("Item", {})
        return item

    def wait_no_longer(self) -> None:
        """Let the time be over that queued jobs pause for, and that messages which nobody works on stay hidden for.

        Each delivery is cut short once: the queue gives up what was received ten times.
        """
        jobs = [item for item in self.world.items() if item["testType"] == {"S": "job"}]
        if self.gaze.busy or any(item["state"] == {"S": "running"} and item["dueS"] != _LONG_AGO for item in jobs):
            return
        for item in jobs:
            self._be_due(item["analysisId"]["S"], "queued")
        for event in self.gaze.take_events():
            for record in event["Records"]:
                entry = {"Id": "1", "ReceiptHandle": record["receiptHandle"], "VisibilityTimeout": 0}
                # Of a message that is gone the batch says so, and does not raise.
                self._sqs.change_message_visibility_batch(QueueUrl=self.world.queue_url, Entries=[entry])

    def settle(self) -> None:
        """Wait until the queue holds no message, visible or hidden, and no instance has one in hand."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]

        def empty() -> bool:
            self.wait_no_longer()
            found = self._sqs.get_queue_attributes(QueueUrl=self.world.queue_url, AttributeNames=names)
            return not self.gaze.busy and all(int(found["Attributes"][name]) == 0 for name in names)

        until(empty)

    @property
    def _sqs(self) -> Any:
        return self.world.cloud.client("sqs")

    def end_lease(self, job_id: str) -> None:
        """Let the time be over that a running job's worker may be silent for."""
        self._be_due(job_id, "running")

    def _be_due(self, job_id: str, state: str) -> None:
        dynamodb = self.world.cloud.client("dynamodb")
        with suppress(dynamodb.exceptions.ConditionalCheckFailedException):  # it is in another state by now
            dynamodb.update_item(
                TableName=TABLE,
                Key={"analysisId": {"S": job_id}, "testType": {"S": "job"}},
                UpdateExpression="SET dueS = :past",
                ConditionExpression="#state = :state",
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={":past": _LONG_AGO, ":state": {"S": state}},
            )

    def empty(self) -> None:
        """Forget what an earlier test has left: messages, objects, items."""
        cloud = self.world.cloud
        for service in ("s3", "dynamodb", "sqs"):
            self.faulty.serve(service)
        for url in (self.world.queue_url, self.world.dead_letter_url):
            self._sqs.purge_queue(QueueUrl=url)
        until(lambda: not self.gaze.busy)
        for bucket in (BUCKET, CRACK_BUCKET):
            for entry in cloud.client("s3").list_objects_v2(Bucket=bucket).get("Contents", []):
                cloud.client("s3").delete_object(Bucket=bucket, Key=entry["Key"])
        for item in self.world.items():
            key = {name: item[name] for name in ("analysisId", "testType")}
            cloud.client("dynamodb").delete_item(TableName=TABLE, Key=key)
        self.gaze.events.clear()
        self.gaze.take_events()


@contextmanager
def deployed(*, gaze_instances: int = 1) -> Iterator[Deployed]:
    """The template in a ministack of its own, for the length of a `with`.

    The functions have the variables that the template gives them, and credentials that may do what the template's roles
    may do and no more. Left out is what `tests.deploy.conftest` names; code and image are an emulator's.

    Args:
        gaze_instances: how many events the gaze function takes at a time.
    """
    with ExitStack() as opened:
        crack, gaze = opened.enter_context(Instances()), opened.enter_context(Instances())
        cloud = Ministack().start(
            **{f"MINISTACK_LAMBDA_PROXY_{name}": each.url for name, each in ((CRACK, crack), (GAZE, gaze))}
        )
        opened.callback(cloud.remove)
        faulty = opened.enter_context(FaultyCloud(cloud))
        outputs = _create_stack(cloud)
        for name, instances, count in ((CRACK, crack, 1), (GAZE, gaze, gaze_instances)):
            variables = _variables(cloud, faulty, name)
            for _ in range(count):
                instances.add(opened.enter_context(LambdaEmulator(_HANDLERS[name], environment=variables)))
        door = FrontDoor()
        opened.callback(door.close)
        host = outputs["CrackUrl"].removeprefix("https://").rstrip("/")
        door.lead_to(cloud.url, host)
        api_id = outputs["GazeUrl"].removeprefix("https://").partition(".")[0]
        client = opened.enter_context(httpx2.Client(timeout=PATIENCE_S, trust_env=False))
        yield Deployed(
            world=GazeWorld(cloud, outputs["GazeQueue"], outputs["GazeDeadLetters"]),
            faulty=faulty,
            crack=crack,
            gaze=gaze,
            crack_url=door.url,
            crack_host=host,
            api_url=f"{cloud.url}/restapis/{api_id}/dev/_user_request_",
            client=client,
        )


def _create_stack(cloud: Ministack) -> Mapping[str, str]:
    """Deploy; gives the outputs."""
    cloudformation = cloud.client("cloudformation")
    wanted = {
        "CrackImageUri": _IMAGE,
        "GazeImageUri": _IMAGE,
        "CrackBucketName": CRACK_BUCKET,
        "GazeBucketName": BUCKET,
    }
    cloudformation.create_stack(
        StackName="sightline",
        TemplateBody=template.body(for_ministack()),
        Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in wanted.items()],
    )
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName="sightline", WaiterConfig={"Delay": 1, "MaxAttempts": PATIENCE_S}
    )
    (stack,) = cloudformation.describe_stacks(StackName="sightline")["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}


def _variables(cloud: Ministack, faulty: FaultyCloud, function: str) -> dict[str, str]:
    """What Lambda gives a function in its environment."""
    found = cloud.client("lambda").get_function_configuration(FunctionName=function, Qualifier="live")
    given = found["Environment"]["Variables"]
    iam = cloud.client("iam")
    role = cloud.client("cloudformation").describe_stack_resource(
        StackName="sightline", LogicalResourceId=_ROLES[function]
    )["StackResourceDetail"]["PhysicalResourceId"]
    assert found["Role"].endswith(f"/{role}")
    policy = iam.get_role_policy(RoleName=role, PolicyName="sightline")["PolicyDocument"]
    allowed = cloud.make_user(function, *policy["Statement"])
    return {variable: value.replace(cloud.url, faulty.url) for variable, value in (given | allowed).items()}


def padded(clip: bytes, size_bytes: int) -> bytes:
    """The same clip as a larger file: MP4 has boxes of free space."""
    free = size_bytes - len(clip)
    return clip + free.to_bytes(4, "big") + b"free" + bytes(free - 8)
