"""The template's policies with the names that things have in an emulated AWS, for tests to hold somebody to them."""

from __future__ import annotations

import re
from typing import Any

from releases import template

CRACK, GAZE = "fairstay-ai-lambda", "parkinson-eye-tracking"
ACCOUNT = "000000000000"

ARNS = {
    "CrackBucket": f"arn:aws:s3:::sightline-crack-{ACCOUNT}-us-west-1",
    "CrackLogs": f"arn:aws:logs:us-west-1:{ACCOUNT}:log-group:/aws/lambda/{CRACK}:*",
    "GazeBucket": f"arn:aws:s3:::sightline-gaze-{ACCOUNT}-us-west-1",
    "GazeLogs": f"arn:aws:logs:us-west-1:{ACCOUNT}:log-group:/aws/lambda/{GAZE}:*",
    "GazeTable": f"arn:aws:dynamodb:us-west-1:{ACCOUNT}:table/parkinson-analysis",
    "GazeQueue": f"arn:aws:sqs:us-west-1:{ACCOUNT}:sightline-gaze-jobs",
    "GazeDeadLetters": f"arn:aws:sqs:us-west-1:{ACCOUNT}:sightline-gaze-dead-letters",
}


def statements_of(name: str) -> list[Any]:
    """What the template's policy of that name, or of the role of that name, says, with the names of an emulated AWS."""
    properties = template.load()["Resources"][name]["Properties"]
    documents = [properties["PolicyDocument"]] if "PolicyDocument" in properties else []
    documents += [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
    return [_resolved(statement) for document in documents for statement in document["Statement"]]


def _resolved(value: Any) -> Any:
    if isinstance(value, dict):
        if "Fn::GetAtt" in value:
            return ARNS[value["Fn::GetAtt"][0]]
        if "Fn::Sub" in value:
            return re.sub(r"\$\{(\w+)\.Arn\}", lambda match: ARNS[match[1]], value["Fn::Sub"])
        return {name: _resolved(each) for name, each in value.items()}
    return [_resolved(each) for each in value] if isinstance(value, list) else value
