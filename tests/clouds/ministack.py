"""S3, DynamoDB, SQS, Lambda, API Gateway and CloudFormation in one process, which checks signatures and permissions.

It believes the keys that it was started with without looking at the signature. So `environment` holds the keys of a
user, whom it looks at; `client` has its own keys, for what tests do behind the code's back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from tests.clouds.cloud import ACCESS_KEY, REGION, SECRET_KEY, Cloud
from tests.clouds.server import Server, answers, free_ports, installed, post, until_started


class Ministack(Cloud):
    """A ministack of one's own; a `with` starts it and takes it away.

    Stopped and started again it listens at the same address, and remembers what it held where it was started with
    `PERSIST_STATE="1"` (tables, queues) and `S3_PERSIST="1"` (objects).
    """

    def __init__(self) -> None:
        super().__init__()
        self._program = installed("ministack")
        self._server = Server()
        self._given: dict[str, str] = {}

    def start(self, **environment: str) -> Self:
        """Start it, with these variables beside its own; they hold for later starts as well."""
        self._given |= environment
        again = bool(self._server.log())

        def start() -> None:
            if not again:
                self.point_at(free_ports(1)[0])
            self._server.launch([self._program], self._settings(), lambda: answers(f"{self.url}/_ministack/ready"))

        until_started(start)
        if not again or "PERSIST_STATE" not in self._given:
            self._make_own_user()
        return self

    def _make_own_user(self) -> None:
        self.environment = self.make_user("sightline", {"Effect": "Allow", "Action": "*", "Resource": "*"})

    def make_user(self, name: str, *statements: Mapping[str, object]) -> dict[str, str]:
        """Somebody who may do what the policy's statements say; returns their environment."""
        iam = self.client("iam")
        iam.create_user(UserName=name)
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
        iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=policy)
        made = iam.create_access_key(UserName=name)["AccessKey"]
        return self.environment_for(made["AccessKeyId"], made["SecretAccessKey"])

    def _settings(self) -> dict[str, str]:
        return {
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": self.url.rpartition(":")[2],
            "MINISTACK_HOST": "127.0.0.1",  # the host of the queues' addresses
            "MINISTACK_REGION": REGION,
            "AUTH": "true",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "STATE_DIR": str(self._server.folder / "state"),
            "S3_DATA_DIR": str(self._server.folder / "s3"),
            **self._given,
        }

    def stop(self) -> None:
        """End the process: whoever asks is refused until the next start."""
        self._server.end()

    def reset(self) -> None:
        """Forget everything that it holds, and with it the user: `environment` is another one's then."""
        post(f"{self.url}/_ministack/reset")
        self._make_own_user()

    def log(self) -> str:
        """What it has printed so far."""
        return self._server.log()

    def remove(self) -> None:
        """Stop it and remove what it wrote."""
        self.close()
        self._server.remove()

    @property
    def folder(self) -> Path:
        """Where it writes."""
        return self._server.folder

    def __enter__(self) -> Self:
        return self if self._server.running else self.start()

    def __exit__(self, *_: object) -> None:
        self.remove()
