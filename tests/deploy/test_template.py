"""What the template promises, read off it: the contract's names and figures, and who may do what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from releases import template
from releases.targets import TARGETS, DeployError, by_region

TEMPLATE = template.load()
RESOURCES: Mapping[str, Any] = TEMPLATE["Resources"]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("CrackFunctionName", "fairstay-ai-lambda"),
        ("CrackRoleName", "fairstay-ai-lambda-role"),
        ("CrackMemoryMb", 3008),
        ("CrackTimeoutS", 300),
        ("CrackTmpMb", 512),
        ("CrackUrlAuth", "NONE"),
        ("GazeFunctionName", "parkinson-eye-tracking"),
        ("GazeMemoryMb", 1024),
        ("GazeTimeoutS", 300),
        ("GazeTmpMb", 512),
        ("GazeReservedConcurrency", 10),
        ("GazeStage", "dev"),
        ("GazeTableName", "parkinson-analysis"),
        ("GazeApiKey", "false"),
        ("CorsOrigins", "*"),
    ],
)
def test_defaults_are_the_contracts(parameter: str, value: object) -> None:
    assert TEMPLATE["Parameters"][parameter]["Default"] == value


def test_each_function_has_its_guides_region_and_repository() -> None:
    assert [(target.product, target.region, target.repository) for target in TARGETS] == [
        ("crack", "ap-northeast-2", "fairstay-mvp-ai"),
        ("gaze", "us-west-1", "parkinson-eye-tracking"),
    ]
    crack, gaze = TARGETS
    assert by_region(None, None) == {"ap-northeast-2": (crack,), "us-west-1": (gaze,)}
    assert by_region(None, "eu-west-1") == {"eu-west-1": (crack, gaze)}
    assert by_region("gaze", None) == {"us-west-1": (gaze,)}


def test_url_and_api_speak_as_the_contract_says() -> None:
    cors = RESOURCES["CrackUrl"]["Properties"]["Cors"]
    assert {"GET", "POST"} <= set(cors["AllowMethods"])  # a Function URL answers OPTIONS by itself
    assert all(len(method) <= 6 for method in cors["AllowMethods"])  # AWS refuses longer ones
    assert cors["AllowHeaders"] == ["*"]
    assert TEMPLATE["Parameters"]["CrackUrlAuth"]["AllowedValues"] == ["NONE", "AWS_IAM"]

    paths = RESOURCES["GazeApi"]["Properties"]["DefinitionBody"]["paths"]
    assert set(paths) == {"/", "/{proxy+}"}
    for path in paths.values():
        for method in ("get", "post", "options"):
            integration = path[method]["x-amazon-apigateway-integration"]
            assert (integration["type"], integration["timeoutInMillis"]) == ("aws_proxy", 29_000)
        assert "security" not in path["options"]
        assert path["post"]["security"]["Fn::If"][0] == "GazeAsksForKey"


def test_a_gateways_own_errors_have_our_form_and_cors() -> None:
    responses = RESOURCES["GazeApi"]["Properties"]["GatewayResponses"]
    assert {"DEFAULT_4XX", "DEFAULT_5XX", "REQUEST_TOO_LARGE", "INTEGRATION_TIMEOUT"} <= set(responses)
    for kind, response in responses.items():
        assert response["ResponseParameters"]["Headers"]["Access-Control-Allow-Origin"] == "'*'", kind
        text = response["ResponseTemplates"]["application/json"]
        document = yaml.safe_load(text.replace("$context.error.messageString", '"a text"'))
        assert set(document) == {"error", "code"}, kind
    for kind in ("REQUEST_TOO_LARGE", "INTEGRATION_TIMEOUT", "INTEGRATION_FAILURE"):
        assert "create_upload" in responses[kind]["ResponseTemplates"]["application/json"]


def _statements() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, resource in RESOURCES.items():
        properties = resource["Properties"]
        documents = [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
        documents += [properties["PolicyDocument"]] if "PolicyDocument" in properties else []
        for document in documents:
            yield from ((name, statement) for statement in document["Statement"])


def test_nobody_may_do_everything() -> None:
    statements = list(_statements())
    assert len(statements) > 10
    for name, statement in statements:
        if statement["Effect"] == "Deny":
            continue
        actions = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
        assert all("*" not in action for action in actions), (name, statement)
        # Never "*", always one of ours.
        resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        assert all(isinstance(resource, dict) for resource in resources), (
            name,
            statement,
        )


def test_the_functions_may_use_their_own_things_only() -> None:
    crack = {statement["Sid"]: statement for name, statement in _statements() if name == "CrackRole"}
    assert crack["Results"]["Resource"] == {"Fn::Sub": "${CrackBucket.Arn}/*"}
    gaze = {statement["Sid"]: statement for name, statement in _statements() if name == "GazeRole"}
    assert gaze["VideosAndResults"]["Resource"] == {"Fn::Sub": "${GazeBucket.Arn}/users/*"}
    assert {"s3:GetObject", "s3:PutObject", "s3:DeleteObject"} <= set(gaze["VideosAndResults"]["Action"])
    assert gaze["DeadLetters"]["Action"] == "sqs:SendMessage"
    used = {ref for _, statement in _statements() for ref in _references(statement)}
    assert not {name for name in used if name.startswith("Crack")} & {name for name in used if name.startswith("Gaze")}


def _references(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        if "Fn::GetAtt" in value:
            yield value["Fn::GetAtt"][0]
        for each in value.values():
            yield from _references(each)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each)


@pytest.mark.parametrize("name", ["CrackBucket", "GazeBucket"])
def test_buckets_are_private_encrypted_and_forget(name: str) -> None:
    properties = RESOURCES[name]["Properties"]
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert properties["BucketEncryption"]
    assert "VersioningConfiguration" not in properties  # what is deleted for a person is gone
    rules = {rule["Id"]: rule for rule in properties["LifecycleConfiguration"]["Rules"]}
    assert rules["broken-off-uploads"]["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    assert RESOURCES[name]["DeletionPolicy"] == "RetainExceptOnCreate"
    (denied,) = [statement for owner, statement in _statements() if owner == f"{name}Policy"]
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_uploads_reach_the_queue() -> None:
    (notification,) = RESOURCES["GazeBucket"]["Properties"]["NotificationConfiguration"]["QueueConfigurations"]
    rules = {rule["Name"]: rule["Value"] for rule in notification["Filter"]["S3Key"]["Rules"]}
    assert rules == {"prefix": "users/", "suffix": "raw_video.mp4"}
    assert RESOURCES["GazeBucket"]["DependsOn"] == "GazeQueuePolicy"


def test_a_message_outlives_its_function_and_our_own_attempts() -> None:
    from sightline.jobs.queue import RetryPolicy

    parameters, queue = TEMPLATE["Parameters"], RESOURCES["GazeQueue"]["Properties"]
    assert parameters["GazeVisibilityS"]["Default"] > parameters["GazeTimeoutS"]["Default"]
    assert queue["RedrivePolicy"]["maxReceiveCount"] > RetryPolicy().attempts
    jobs = RESOURCES["GazeJobs"]["Properties"]
    assert (jobs["BatchSize"], jobs["FunctionResponseTypes"]) == (1, ["ReportBatchItemFailures"])
    assert parameters["GazeJobConcurrency"]["Default"] < parameters["GazeReservedConcurrency"]["Default"]


def test_the_table_is_as_the_code_takes_it() -> None:
    table = RESOURCES["GazeTable"]["Properties"]
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["analysisId", "testType"]
    (index,) = table["GlobalSecondaryIndexes"]
    assert index["IndexName"] == "byTestType"
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["testType", "createdAt"]
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expiresAt", "Enabled": True}
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True


@pytest.mark.parametrize("prefix", ["Crack", "Gaze"])
def test_all_traffic_goes_through_the_alias(prefix: str) -> None:
    alias = {"Ref": f"{prefix}Alias"}
    version = RESOURCES[f"{prefix}Version"]
    assert (version["DeletionPolicy"], version["UpdateReplacePolicy"]) == ("Retain", "Retain")
    variables = RESOURCES[f"{prefix}Function"]["Properties"]["Environment"]["Variables"]
    # Lambda publishes a version of a changed function only, so a release changes the function whatever else it does.
    assert version["Properties"]["Description"] == variables["SIGHTLINE_RELEASE"] == {"Ref": f"{prefix}Release"}
    permissions = [each for name, each in RESOURCES.items() if each["Type"] == "AWS::Lambda::Permission"]
    assert alias in [each["Properties"]["FunctionName"] for each in permissions]
    assert RESOURCES["GazeJobs"]["Properties"]["FunctionName"] == {"Ref": "GazeAlias"}
    assert RESOURCES["CrackUrl"]["Properties"]["Qualifier"] == "live"


def test_every_variable_that_the_functions_get_is_a_setting() -> None:
    from sightline.settings import Settings

    known = {"SIGHTLINE_RELEASE"}  # for Lambda to see a difference, and for people
    for name, field in Settings.model_fields.items():
        known.add(str(field.validation_alias) if field.validation_alias else f"SIGHTLINE_{name.upper()}")
    for prefix in ("Crack", "Gaze"):
        assert set(RESOURCES[f"{prefix}Function"]["Properties"]["Environment"]["Variables"]) <= known


def test_alarms_and_dashboards_watch_both() -> None:
    alarms = {name for name, each in RESOURCES.items() if each["Type"] == "AWS::CloudWatch::Alarm"}
    assert alarms == {
        *(f"{prefix}{what}Alarm" for prefix in ("Crack", "Gaze") for what in ("Errors", "Throttles", "Duration")),
        "GazeDeadLettersAlarm",
        "GazeWaitingAlarm",
    }
    for prefix in ("Crack", "Gaze"):
        shown = RESOURCES[f"{prefix}Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
        for figure in ("Invocations", "Error rate", "Duration", "Memory", "Sightline"):
            assert figure in shown
        assert isinstance(yaml.safe_load(shown), dict)


def test_the_template_fits_into_a_request() -> None:
    assert len(template.body(TEMPLATE)) < template.LIMIT_BYTES
    with pytest.raises(DeployError, match="51200"):
        template.body(TEMPLATE | {"Description": "x" * template.LIMIT_BYTES})
