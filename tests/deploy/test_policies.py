"""What the template's policies keep away; that they let through what is needed, test_real_functions.py shows."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from tests.clouds.cloud import client_of
from tests.clouds.ministack import Ministack
from tests.deploy.policies import ARNS, statements_of


@pytest.mark.parametrize("name", ["CrackBucket", "GazeBucket"])
def test_a_bucket_turns_plain_http_away(ministack: Ministack, name: str) -> None:
    bucket = ministack.make_bucket(ARNS[name].rpartition(":")[2])
    mine = client_of(ministack.make_user("mine", {"Effect": "Allow", "Action": "*", "Resource": "*"}), "s3")
    mine.put_object(Bucket=bucket, Key="users/a", Body=b"x")
    policy = {"Version": "2012-10-17", "Statement": statements_of(f"{name}Policy")}
    ministack.client("s3").put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    with pytest.raises(ClientError, match="AccessDenied"):
        mine.get_object(Bucket=bucket, Key="users/a")
    mine.close()


def test_the_gaze_function_reaches_nothing_but_its_users_files(ministack: Ministack) -> None:
    bucket = ministack.make_bucket(ARNS["GazeBucket"].rpartition(":")[2])
    other = ministack.make_bucket("of-somebody-else")
    function = client_of(ministack.make_user("gaze", *statements_of("GazeRole")), "s3")
    function.put_object(Bucket=bucket, Key="users/a", Body=b"x")
    for place, key in ((bucket, "elsewhere/a"), (other, "users/a")):
        with pytest.raises(ClientError, match="AccessDenied"):
            function.put_object(Bucket=place, Key=key, Body=b"x")
    with pytest.raises(ClientError, match="AccessDenied"):
        function.delete_bucket(Bucket=bucket)
    function.close()
