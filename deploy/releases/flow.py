"""A release: new code as a new version, tested before traffic reaches it and after, and back by itself if it fails.

update the stack   new code and a new version; the alias `live` stays at the old one
test the version   by its number; on failure nothing has changed for anybody
update the stack   `live` goes to the new version, `previous` to the old one
test the address   as clients call it; on failure both aliases go back
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from botocore.exceptions import ClientError

from releases.account import Account, error_code, plain_errors
from releases.doors import Address, SmokeError, Version
from releases.smoke import smoke
from releases.stack import Stack
from releases.targets import LIVE, TARGETS, DeployError, Target

Say = Callable[[str], None]

_PREVIOUS: Final = "previous"

# How long an address may take to answer: a new one until AWS has told its name and its permissions everywhere, an old
# one until the shift is known everywhere.
_NEW_SETTLE_S: Final = 90.0
_SETTLE_S: Final = 10.0

# SnapStart's snapshot of a version takes minutes; what is not there after half an hour will not come.
_VERSION_POLL_S = 2.0
_VERSION_PATIENCE_S: Final = 1800


@dataclass(frozen=True)
class Code:
    """Where the code of one function lies: an image by digest, or a zip in a bucket."""

    image_uri: str = ""
    bucket: str = ""
    key: str = ""

    def parameters(self, target: Target) -> dict[str, str]:
        """The template's parameters for it; the other kind's are set to their defaults."""
        prefix = target.prefix
        return {
            f"{prefix}ImageUri": self.image_uri,
            f"{prefix}CodeBucket": self.bucket or "none",
            f"{prefix}CodeKey": self.key or "none",
        }


@dataclass(frozen=True)
class Plan:
    """What one deployment is about.

    Attributes:
        account: whose, and in which region.
        stack: to change.
        targets: the functions to change in it; others in the stack stay as they are.
        template: the text to send.
        say: told of every step.
        addresses: public addresses other than AWS's own, by product; `{id}` stands for the id in AWS's.
        extra: further parameters of the template.
    """

    account: Account
    stack: Stack
    targets: Sequence[Target]
    template: str
    say: Say
    addresses: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)


def release(plan: Plan, code: Mapping[str, Code], name: str, *, dry_run: bool = False) -> None:
    """Bring new code to traffic.

    Args:
        plan: what and where.
        code: by product.
        name: of the release; the time is added where the last one had the same, as after a pipeline's second try.
        dry_run: only show what the first update would change.

    Raises:
        DeployError: it did not come to traffic; says why, and what answers now.
    """
    known = plan.stack.parameters()
    fresh = [target for target in plan.targets if known is None or known.get(target.switch) != "true"]
    before = {target: _versions(plan, target) for target in plan.targets if target not in fresh}
    parameters = dict(plan.extra)
    if known is None:
        parameters |= {target.switch: "false" for target in TARGETS}
    for target in plan.targets:
        parameters |= {
            target.switch: "true",
            f"{target.prefix}Release": _another_name(name, (known or {}).get(f"{target.prefix}Release")),
            **code[target.product].parameters(target),
        }
        parameters |= _aliases(target, before.get(target, {}))
    _refuse_other_kind(known, plan.targets, parameters)
    plan.stack.apply(plan.template, parameters, dry_run=dry_run)
    if dry_run:
        return
    outputs = plan.stack.outputs()
    new = {target: outputs[f"{target.prefix}Version"] for target in plan.targets}
    _test_versions(plan, new, before)
    if before:
        _shift(plan, {target: {LIVE: new[target], _PREVIOUS: at[LIVE]} for target, at in before.items()})
    try:
        _test_addresses(plan, fresh)
    except DeployError as error:
        if not before:
            raise
        plan.say(f"Back to what was: {error}")
        _shift(plan, before)
        raise DeployError(f"{error}\nTraffic is back at {_told(before)}.") from None
    for target, at in before.items():
        _remove_versions(plan, target, keep={new[target], at[LIVE]})


def _another_name(name: str, last: str | None) -> str:
    """A name that publishes a version: CloudFormation makes none where the name stays the same."""
    if last is None or last.partition("+")[0] != name:
        return name
    return f"{name}+{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"


def roll_back(plan: Plan) -> None:
    """Send all traffic to the version before; a second time brings it back again.

    Raises:
        DeployError: there is none, or it does not answer as it should.
    """
    if plan.stack.parameters() is None:
        raise DeployError(f"There is no stack {plan.stack.name} in {plan.account.region}.")
    at = {target: _versions(plan, target) for target in plan.targets}
    if missing := [target.product for target, versions in at.items() if _PREVIOUS not in versions]:
        raise DeployError(f"There is no version before the one that answers: {', '.join(missing)}.")
    _shift(plan, {target: {LIVE: versions[_PREVIOUS], _PREVIOUS: versions[LIVE]} for target, versions in at.items()})
    _test_addresses(plan, [])


def addresses(plan: Plan) -> dict[str, str]:
    """Where each function is reached, by product."""
    outputs = plan.stack.outputs()
    return {target.product: outputs[f"{target.prefix}Url"].rstrip("/") for target in plan.targets}


def _aliases(target: Target, at: Mapping[str, str]) -> dict[str, str]:
    return {f"{target.prefix}Live": at.get(LIVE, ""), f"{target.prefix}Previous": at.get(_PREVIOUS, "")}


def _versions(plan: Plan, target: Target) -> dict[str, str]:
    """The versions that `live` and `previous` are at, as Lambda knows them: somebody may have moved them."""
    function = plan.stack.outputs()[f"{target.prefix}Function"]
    found = {}
    with plain_errors():
        for alias in (LIVE, _PREVIOUS):
            try:
                found[alias] = plan.account.client("lambda").get_alias(FunctionName=function, Name=alias)[
                    "FunctionVersion"
                ]
            except ClientError as error:
                if error_code(error) != "ResourceNotFoundException":
                    raise
    if LIVE not in found:
        raise DeployError(f"The function {function} has no alias {LIVE}: it is not as this template made it.")
    return found


def _shift(plan: Plan, to: Mapping[Target, Mapping[str, str]]) -> None:
    plan.say(f"Traffic goes to {_told(to)}")
    parameters: dict[str, str] = {}
    for target, at in to.items():
        parameters |= _aliases(target, at)
    plan.stack.apply(plan.template, parameters)


def _told(at: Mapping[Target, Mapping[str, str]]) -> str:
    return ", ".join(f"{target.product} version {versions[LIVE]}" for target, versions in at.items())


def _test_versions(plan: Plan, new: Mapping[Target, str], before: Mapping[Target, Mapping[str, str]]) -> None:
    outputs = plan.stack.outputs()
    for target, version in new.items():
        plan.say(f"Smoke test of {target.product}, version {version}, by its number")
        function = outputs[f"{target.prefix}Function"]
        try:
            with plain_errors():
                plan.account.client("lambda").get_waiter("published_version_active").wait(
                    FunctionName=function,
                    Qualifier=version,
                    WaiterConfig={
                        "Delay": _VERSION_POLL_S,
                        "MaxAttempts": round(_VERSION_PATIENCE_S / _VERSION_POLL_S),
                    },
                )
            smoke(target, Version(plan.account, function, version), uploads=False, settle_s=0)
        except SmokeError as error:
            held = (
                f"No traffic reached it: {_told(before)} answers as before." if before else _no_way_back(plan, target)
            )
            raise DeployError(f"The new version of {target.product} fails its smoke test: {error}\n{held}") from None


def _test_addresses(plan: Plan, fresh: Sequence[Target]) -> None:
    for target in plan.targets:
        door = _door(plan, target)
        plan.say(f"Smoke test of {target.product} at its address")
        try:
            smoke(target, door, uploads=True, settle_s=_NEW_SETTLE_S if target in fresh else _SETTLE_S)
        except SmokeError as error:
            more = f"\n{_no_way_back(plan, target)}" if target in fresh else ""
            raise DeployError(f"{target.product} fails its smoke test at its address: {error}{more}") from None


def _no_way_back(plan: Plan, target: Target) -> str:
    function = plan.stack.outputs()[f"{target.prefix}Function"]
    return (
        f"It is the first version of {target.product}, so there is none to go back to. Its log tells more: aws logs "
        f"tail /aws/lambda/{function} --since 10m --region {plan.account.region}"
    )


def _door(plan: Plan, target: Target) -> Address:
    outputs, parameters = plan.stack.outputs(), plan.stack.parameters() or {}
    url = outputs[f"{target.prefix}Url"]
    if own := plan.addresses.get(target.product):
        url = own.replace("{id}", url.split("//", 1)[1].split(".", 1)[0])
    headers = {}
    if target.product == "gaze" and (key := outputs.get("GazeKeyId")):
        with plain_errors():
            found: dict[str, Any] = plan.account.client("apigateway").get_api_key(apiKey=key, includeValue=True)
        headers["x-api-key"] = found["value"]
    signed = target.product == "crack" and parameters.get("CrackUrlAuth") == "AWS_IAM"
    return Address(url, headers, plan.account if signed else None)


def _refuse_other_kind(
    known: Mapping[str, str] | None, targets: Sequence[Target], parameters: Mapping[str, str]
) -> None:
    """AWS cannot make a zip of an image, and finds that out halfway."""
    for target in targets:
        name = f"{target.prefix}ImageUri"
        if known and known.get(target.switch) == "true" and bool(known[name]) != bool(parameters[name]):
            was, wanted = ("image", "zip") if known[name] else ("zip", "image")
            raise DeployError(
                f"{target.product} is deployed as {was}; AWS does not let it become {wanted} under the same name. Stay "
                f"with --package {was}, or deploy under other names: --stack, and --set {target.prefix}FunctionName=..."
            )


def _remove_versions(plan: Plan, target: Target, keep: set[str]) -> None:
    """Versions nobody goes back to count against the account's space for code, and with SnapStart cost by the hour."""
    function = plan.stack.outputs()[f"{target.prefix}Function"]
    client = plan.account.client("lambda")
    with plain_errors():
        pages = client.get_paginator("list_versions_by_function").paginate(FunctionName=function)
        found = [each["Version"] for page in pages for each in page["Versions"]]
        for version in found:
            if version != "$LATEST" and version not in keep:
                client.delete_function(FunctionName=function, Qualifier=version)
