"""One CloudFormation stack, changed by change sets: what will happen is shown, and what went wrong is told."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from botocore.exceptions import ClientError

from releases.account import Account, error_code, plain_errors
from releases.targets import DeployError

Say = Callable[[str], None]

_POLL_S = 2.0
_PATIENCE_S: Final = 3600  # SnapStart's snapshots and a table's index take minutes each; an hour means a fault
_CAPABILITIES: Final = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
_NOT_YET: Final = {"REVIEW_IN_PROGRESS"}  # what a change set leaves that was made for a new stack and not carried out
_EMPTY: Final = ("didn't contain changes", "No updates are to be performed")


class Stack:
    """A stack by its name, there or not.

    Args:
        account: whose, and in which region.
        name: of the stack.
        say: told of every step.
    """

    def __init__(self, account: Account, name: str, say: Say) -> None:
        self._cloudformation = account.client("cloudformation")
        self._region = account.region
        self.name = name
        self._say = say

    def parameters(self) -> dict[str, str] | None:
        """The values it was last deployed with; None where there is no stack."""
        found = self._describe()
        if found is None or found["StackStatus"] in _NOT_YET:
            return None
        return {each["ParameterKey"]: each["ParameterValue"] for each in found.get("Parameters", [])}

    def outputs(self) -> dict[str, str]:
        """What it says of itself."""
        found = self._describe() or {}
        return {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}

    def apply(
        self,
        template: str,
        parameters: Mapping[str, str],
        *,
        dry_run: bool = False,
    ) -> bool:
        """Bring it to this template with these parameters, and wait until it is.

        Args:
            template: the text to send.
            parameters: values to set; others stay as they are, or as the template says where there is no stack.
            dry_run: show what would change and change nothing.

        Returns:
            whether there was anything to change.

        Raises:
            DeployError: it cannot be changed now, or the change failed and was undone; says what failed.
        """
        with plain_errors():
            self.check()
            change_set = self._propose(template, parameters)
            if change_set is None:
                self._say(f"{self.name}: nothing to change")
                return False
            if dry_run:
                self._withdraw(change_set)
                return True
            self._carry_out(change_set)
            return True

    def _propose(self, template: str, parameters: Mapping[str, str]) -> str | None:
        """Make a change set and show it; None where it is empty."""
        known = self.parameters()
        described: dict[str, Any] = self._cloudformation.validate_template(TemplateBody=template)
        names = [each["ParameterKey"] for each in described["Parameters"]]
        if unknown := sorted(set(parameters) - set(names)):
            raise DeployError(f"The template has no parameter {', '.join(unknown)}.")
        kept = [name for name in names if known is not None and name in known and name not in parameters]
        name = f"sightline-{uuid4().hex[:12]}"
        self._cloudformation.create_change_set(
            StackName=self.name,
            ChangeSetName=name,
            ChangeSetType="CREATE" if known is None else "UPDATE",
            TemplateBody=template,
            Capabilities=_CAPABILITIES,
            Parameters=[
                *({"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()),
                *({"ParameterKey": key, "UsePreviousValue": True} for key in kept),
            ],
        )
        found = self._wait_for_change_set(name)
        if found["Status"] == "FAILED":
            refused = self._refused(ChangeSetName=found["ChangeSetId"])
            self._withdraw(name)
            reason = found.get("StatusReason", "")
            if any(sign in reason for sign in _EMPTY):
                return None
            raise DeployError(
                "\n".join([f"CloudFormation refuses the change: {reason}", *refused, *_advice("\n".join(refused), "")])
            )
        self._show(name)
        return name

    def _wait_for_change_set(self, name: str) -> dict[str, Any]:
        until_s = time.monotonic() + _PATIENCE_S
        while True:
            found: dict[str, Any] = self._cloudformation.describe_change_set(StackName=self.name, ChangeSetName=name)
            if found["Status"] in {"CREATE_COMPLETE", "FAILED"}:
                return found
            self._pause(until_s)

    def _show(self, change_set: str) -> None:
        pages = self._cloudformation.get_paginator("describe_change_set").paginate(
            StackName=self.name, ChangeSetName=change_set
        )
        changes = [change["ResourceChange"] for page in pages for change in page["Changes"]]
        self._say(f"{self.name} ({self._region}): {len(changes)} changes")
        for change in changes:
            action = "Replace" if change.get("Replacement") == "True" else change["Action"]
            self._say(f"  {action:8s} {change['LogicalResourceId']} ({change['ResourceType']})")

    def _withdraw(self, change_set: str) -> None:
        """Remove a change set, and the empty stack that AWS makes for the first one."""
        self._cloudformation.delete_change_set(StackName=self.name, ChangeSetName=change_set)
        found = self._describe()
        if found is not None and found["StackStatus"] in _NOT_YET:
            self._cloudformation.delete_stack(StackName=self.name)

    def _carry_out(self, change_set: str) -> None:
        seen = {event["EventId"] for event in self._events()}
        self._cloudformation.execute_change_set(StackName=self.name, ChangeSetName=change_set)
        until_s = time.monotonic() + _PATIENCE_S
        events: list[dict[str, Any]] = []
        while True:
            status = self._status()
            fresh = [event for event in self._events() if event["EventId"] not in seen]
            for event in reversed(fresh):
                seen.add(event["EventId"])
                events.append(event)
                self._tell(event)
            if not status.endswith("_IN_PROGRESS"):
                break
            self._pause(until_s)
        if status not in {"CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"}:
            raise DeployError(self._what_failed(status, events))

    def _tell(self, event: Mapping[str, Any]) -> None:
        at: datetime = event["Timestamp"]
        line = f"  {at:%H:%M:%S} {event['ResourceStatus']:28s} {event['LogicalResourceId']}"
        reason = event.get("ResourceStatusReason")
        self._say(f"{line}: {reason}" if reason and event["ResourceStatus"].endswith("FAILED") else line)

    def _what_failed(self, status: str, events: Sequence[Mapping[str, Any]]) -> str:
        failed = [
            f"  {event['LogicalResourceId']} ({event['ResourceType']}): {event.get('ResourceStatusReason', '?')}"
            for event in events
            if event["ResourceStatus"].endswith("_FAILED") and "cancelled" not in event.get("ResourceStatusReason", "")
        ]
        failed += self._refused(StackName=self.name)
        undone = "AWS undid what it had changed" if "ROLLBACK_COMPLETE" in status else "it is left as it is"
        text = "\n".join([f"The stack {self.name} is {status}; {undone}. What failed:", *(failed or ["  no word"])])
        return "\n".join([text, *_advice(text, status)])

    def _refused(self, **where: str) -> list[str]:
        """What AWS found wrong before it began, such as names that are taken: it tells that nowhere else."""
        try:
            found = self._cloudformation.describe_events(**where, Filters={"FailedEvents": True})["OperationEvents"]
        except ClientError:  # an older region, or no permission to ask: the rest is told without it
            return []
        wrong = [event for event in found if event["EventType"] == "VALIDATION_ERROR"]
        return [
            f"  {event['LogicalResourceId']} ({event['ResourceType']}): {event.get('ValidationStatusReason', '?')}"
            for event in wrong
            if event["OperationId"] == wrong[0]["OperationId"]  # of the last operation, which comes first
        ]

    def check(self) -> None:
        """Return if it can be changed now.

        Raises:
            DeployError: it cannot; says what to do.
        """
        found = self._describe()
        status = found["StackStatus"] if found else ""
        if status.endswith("_IN_PROGRESS") and status not in _NOT_YET:
            raise DeployError(f"The stack {self.name} is {status}: somebody else is changing it. Wait and try again.")
        if status in {
            "ROLLBACK_COMPLETE",
            "ROLLBACK_FAILED",
            "CREATE_FAILED",
            "DELETE_FAILED",
            "UPDATE_ROLLBACK_FAILED",
        }:
            raise DeployError("\n".join([f"The stack {self.name} is {status}.", *_advice("", status)]))

    def _status(self) -> str:
        found = self._describe()
        return str(found["StackStatus"]) if found else "gone"

    def _describe(self) -> dict[str, Any] | None:
        with plain_errors():
            try:
                stacks: list[dict[str, Any]] = self._cloudformation.describe_stacks(StackName=self.name)["Stacks"]
            except ClientError as error:
                if error_code(error) == "ValidationError" and "does not exist" in str(error):
                    return None
                raise
        return stacks[0] if stacks and stacks[0]["StackStatus"] != "DELETE_COMPLETE" else None

    def _events(self) -> list[dict[str, Any]]:
        """The newest first; a page holds more than happen between two looks."""
        events: list[dict[str, Any]] = self._cloudformation.describe_stack_events(StackName=self.name)["StackEvents"]
        return events

    def _pause(self, until_s: float) -> None:
        if time.monotonic() > until_s:
            raise DeployError(f"The stack {self.name} is still {self._status()} after {_PATIENCE_S // 60} minutes.")
        time.sleep(_POLL_S)


_ADVICE: Final = {
    "already exists": "Something by this name is there already, made by hand or kept from an older stack. Choose other "
    "names (--set CrackBucketName=..., GazeTableName=..., GazeFunctionName=...), remove what is there, or take it over "
    "first by `aws cloudformation create-change-set --change-set-type IMPORT`.",
    "UnreservedConcurrentExecution": "This account has too few instances to reserve some: --set "
    "GazeReservedConcurrency=-1, or ask AWS for a higher quota of concurrent executions.",
    "requires replac": "A function that is an image cannot become a zip, nor the other way, under the same name: keep "
    "--package as it was, or choose another name (--set CrackFunctionName=...).",
    "visibility timeout": "A job's message must stay hidden for as long as the function may run: --set "
    "GazeVisibilityS=... at least as large as GazeTimeoutS.",
}


def _advice(text: str, status: str) -> list[str]:
    told = [advice for sign, advice in _ADVICE.items() if sign.lower() in text.lower()]
    if status in {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"}:
        told.append("A stack that failed to be made cannot be changed: `aws cloudformation delete-stack` removes it.")
    if status == "UPDATE_ROLLBACK_FAILED":
        told.append("`aws cloudformation continue-update-rollback` brings it back to what it was.")
    return told
