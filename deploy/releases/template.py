"""The template: read, checked by AWS's linters, and made small enough to be sent."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml  # type: ignore[import-untyped]

from releases.targets import DeployError

TEMPLATE: Final = Path(__file__).resolve().parents[1] / "template.yaml"

LIMIT_BYTES: Final = 51_200
"""What CloudFormation takes in a request; a larger template has to lie in a bucket, which is another thing to keep."""


# YAML with CloudFormation's tags: `!Ref X` is `{"Ref": "X"}`, `!Sub` is `{"Fn::Sub": ...}` and so on.
_Loader: Any = type("_Loader", (yaml.SafeLoader,), {})


def _short_form(loader: Any, tag: str, node: Any) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if tag == "GetAtt":
        value = value.split(".", 1)
    return {tag if tag in {"Ref", "Condition"} else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _short_form)


def load(path: Path = TEMPLATE) -> dict[str, Any]:
    """The template as plain JSON types, intrinsic functions in their long form.

    Raises:
        DeployError: it cannot be read.
    """
    try:
        template: dict[str, Any] = yaml.load(path.read_text(), _Loader)
    except (OSError, yaml.YAMLError) as error:
        raise DeployError(f"{path} cannot be read: {error}") from None
    return template


def body(template: Mapping[str, Any]) -> str:
    """The template as it is sent: without comments, line breaks and what only a console shows.

    Raises:
        DeployError: it is over `LIMIT_BYTES` even so.
    """
    sent = {name: section for name, section in template.items() if name != "Metadata"}
    text = json.dumps(sent, separators=(",", ":"), default=str)
    if len(text.encode()) > LIMIT_BYTES:
        raise DeployError(f"The template has {len(text.encode())} bytes; CloudFormation takes {LIMIT_BYTES}.")
    return text


def lint(path: Path = TEMPLATE) -> None:
    """Let cfn-lint and `sam validate` look at it; neither asks AWS.

    Raises:
        DeployError: one of them finds fault; says what it said.
    """
    programs = Path(sys.executable).parent
    # A region, for the linters know each region's services; telemetry would ask the network.
    environment = os.environ | {"SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": "us-west-1"}
    for command in (["cfn-lint", str(path)], ["sam", "validate", "--lint", "--template-file", str(path)]):
        program = programs / command[0]
        if not program.exists():
            raise DeployError(f"{command[0]} is not installed here; scripts/deploy makes an environment that has it.")
        done = subprocess.run(
            [str(program), *command[1:]], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise DeployError(f"{command[0]} finds fault with {path}:\n{done.stdout}{done.stderr}".rstrip())
