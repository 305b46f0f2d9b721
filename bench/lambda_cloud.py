"""S3 and DynamoDB beside the functions: ministack in a process of its own, outside their share of the machine."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from lambda_emulator import ROOT, free_ports, listens, wait_for

MINISTACK: Final = ROOT / ".venv-clouds" / "bin" / "ministack"
STARTS_S: Final = 30
REGION: Final = "us-west-1"
BUCKET: Final = "sightline-bench"
TABLE: Final = "sightline-bench"
KEYS: Final = {"AWS_ACCESS_KEY_ID": "benchkey", "AWS_SECRET_ACCESS_KEY": "bench-secret-of-nobody"}


@contextmanager
def cloud() -> Iterator[Mapping[str, str]]:
    """A running ministack with the bucket and the table; yields what a function's environment needs to find them.

    Raises:
        FileNotFoundError: ministack is not installed.
    """
    if not MINISTACK.exists():
        raise FileNotFoundError(
            "ministack is missing: scripts/test makes .venv-clouds, which has it; or --storage local"
        )
    (port,) = free_ports(1)
    with tempfile.TemporaryDirectory() as folder:
        own = {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port), "MINISTACK_REGION": REGION, "AUTH": "true"}
        off = {"IOT_MTLS_ENABLED": "0", "SFTP_ENABLED": "0"}
        kept = {"PATH": os.environ["PATH"], "HOME": folder, "TMPDIR": folder}
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen(
                [str(MINISTACK)], env=kept | KEYS | own | off, cwd=folder, stdout=log, stderr=subprocess.STDOUT
            )
        try:
            wait_for(lambda: listens(port), STARTS_S, f"ministack does not listen at port {port}")
            environment = _environment(f"http://127.0.0.1:{port}")
            _make_bucket_and_table(environment)
            yield environment
        finally:
            process.kill()
            process.wait()


def _environment(url: str) -> dict[str, str]:
    found = {"AWS_ENDPOINT_URL": url, "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION, "NO_PROXY": "*"}
    return KEYS | found | {"AWS_EC2_METADATA_DISABLED": "true"}


def _make_bucket_and_table(environment: Mapping[str, str]) -> None:
    import botocore.session

    def client(name: str) -> Any:
        return botocore.session.get_session().create_client(
            name,
            region_name=REGION,
            endpoint_url=environment["AWS_ENDPOINT_URL"],
            aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        )

    client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    keys = {"analysisId": "HASH", "testType": "RANGE"}
    client("dynamodb").create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in keys],
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys.items()],
    )
