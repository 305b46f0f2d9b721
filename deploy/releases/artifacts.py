"""Where the code lies before a function takes it: zips in a bucket, images in ECR. Both by what is in them."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import ClientError
from packages.products import REPOSITORY

from releases.account import Account, error_code, plain_errors
from releases.targets import DeployError, Target

Say = Callable[[str], None]

_BUILDERS: Final = ("docker", "podman", "buildah")
_KEPT_IMAGES: Final = 10  # the live version, the one before, and releases that were tried and not taken
_SHA256_BYTES: Final = 1 << 20


def upload_zip(account: Account, product: str, path: Path, say: Say) -> tuple[str, str]:
    """Put a zip where Lambda can fetch it; one with the same contents is not sent again.

    Returns:
        bucket and key.

    Raises:
        DeployError: the file is no zip that can be read, or AWS refuses.
    """
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DeployError(f"The zip cannot be read: {error}") from None
    bucket, key = f"sightline-code-{account.id}-{account.region}", f"{product}/{digest}.zip"
    s3 = account.client("s3")
    with plain_errors():
        _ensure_bucket(s3, bucket, account, say)
        if not _is_there(s3, bucket, key):
            say(f"{product}: {path.stat().st_size / 1e6:.1f} MB to s3://{bucket}/{key}")
            with path.open("rb") as file:
                s3.put_object(Bucket=bucket, Key=key, Body=file, ExpectedBucketOwner=account.id)
    return bucket, key


def _ensure_bucket(s3: Any, bucket: str, account: Account, say: Say) -> None:
    try:
        s3.head_bucket(Bucket=bucket, ExpectedBucketOwner=account.id)
    except ClientError as error:
        if error_code(error) not in {"404", "NoSuchBucket"}:
            raise
    else:
        return
    say(f"The bucket {bucket}, private, for the functions' code")
    # us-east-1 is the one region that may not be named.
    place = {} if account.region == "us-east-1" else {"LocationConstraint": account.region}
    s3.create_bucket(Bucket=bucket, **({"CreateBucketConfiguration": place} if place else {}))
    s3.put_public_access_block(
        Bucket=bucket,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        },
    )


def _is_there(s3: Any, bucket: str, key: str) -> bool:
    try:
        s3.head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error_code(error) in {"404", "NoSuchKey"}:
            return False
        raise
    return True


def push_image(account: Account, target: Target, release: str, say: Say) -> str:
    """Build a function's image, push it to ECR and say which it is.

    Returns:
        the image by digest: `REGISTRY/REPOSITORY@sha256:...`.

    Raises:
        DeployError: there is no program that builds images, it fails, or AWS refuses.
    """
    builder = next((name for name in _BUILDERS if shutil.which(name)), None)
    if builder is None:
        raise DeployError(
            f"An image needs one of {', '.join(_BUILDERS)}, and none is installed. --package zip needs none; "
            "--image-uri takes an image that was pushed elsewhere."
        )
    with plain_errors():
        registry = _ensure_repository(account, target.repository, say)
        token = account.client("ecr").get_authorization_token()["authorizationData"][0]["authorizationToken"]
    user, password = base64.b64decode(token).decode().split(":", 1)
    image = f"{registry}/{target.repository}:{release}"
    dockerfile = REPOSITORY / "deploy" / f"{target.product}.Dockerfile"
    # Lambda takes Docker's own manifests and OCI's, but no index with attestations beside the image.
    extra = ["--provenance=false"] if builder == "docker" else []
    _run(
        [builder, "build", *extra, "--platform", "linux/amd64", "-f", str(dockerfile), "-t", image, str(REPOSITORY)],
        say,
    )
    _run([builder, "login", "--username", user, "--password-stdin", registry], say, stdin=password)
    _run([builder, "push", image], say)
    with plain_errors():
        found = account.client("ecr").describe_images(
            repositoryName=target.repository, imageIds=[{"imageTag": release}]
        )
    return f"{registry}/{target.repository}@{found['imageDetails'][0]['imageDigest']}"


def _ensure_repository(account: Account, repository: str, say: Say) -> str:
    """Make the repository if it is missing; returns the registry's host."""
    ecr = account.client("ecr")
    try:
        found = ecr.describe_repositories(repositoryNames=[repository])["repositories"][0]
    except ClientError as error:
        if error_code(error) != "RepositoryNotFoundException":
            raise
        say(f"The repository {repository} in ECR")
        found = ecr.create_repository(repositoryName=repository, imageScanningConfiguration={"scanOnPush": True})[
            "repository"
        ]
        ecr.set_repository_policy(repositoryName=repository, policyText=json.dumps(_lambda_may_pull(account)))
        ecr.put_lifecycle_policy(repositoryName=repository, lifecyclePolicyText=json.dumps(_few_images()))
    host: str = found["repositoryUri"].split("/", 1)[0]
    return host


def _lambda_may_pull(account: Account) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "LambdaMayPull",
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                "Condition": {"ArnLike": {"aws:SourceArn": f"arn:aws:lambda:{account.region}:{account.id}:function:*"}},
            }
        ],
    }


def _few_images() -> dict[str, Any]:
    return {
        "rules": [
            {
                "rulePriority": 1,
                "description": f"Keep the last {_KEPT_IMAGES} images",
                "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": _KEPT_IMAGES},
                "action": {"type": "expire"},
            }
        ]
    }


def _run(command: list[str], say: Say, *, stdin: str | None = None) -> None:
    say(" ".join(command[:2]))
    with tempfile.TemporaryFile("w+") as log:
        done = subprocess.run(command, input=stdin, text=True, stdout=log, stderr=subprocess.STDOUT, check=False)
        if done.returncode:
            log.seek(0)
            raise DeployError(f"`{' '.join(command[:2])}` failed:\n{log.read()[-4000:].rstrip()}")
