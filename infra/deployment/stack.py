# SPDX-License-Identifier: AGPL-3.0-or-later
"""The stack of a stage: whether it can be changed, what would change, and the change itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from infra.deployment.errors import DeployError, Refused, told

Say = Callable[[str], None]

CAPABILITIES = ("CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND")
"""It makes roles; and it is a SAM template, which Amazon expands."""

WAIT = 3600
"""Seconds that a change may take: a new front takes some minutes all over the world."""

_PAUSES = (0.5, 1.0, 2.0, 4.0)
"""Seconds between two looks at what Amazon does; the last again and again."""

_USABLE = frozenset(
    {
        "CREATE_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_ROLLBACK_COMPLETE",
        "IMPORT_COMPLETE",
        "IMPORT_ROLLBACK_COMPLETE",
    }
)
_NEVER_MADE = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"})
_NOTHING_NEW = ("didn't contain changes", "No updates are to be performed")


class StackUnusable(DeployError):
    """A stack in a state in which nothing can be deployed to it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One resource that a change set would touch."""

    action: str
    resource: str
    kind: str
    replaced: bool


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What would change; it has been made, and not yet carried out."""

    id: str
    is_new: bool
    changes: tuple[Change, ...]


class Stack:
    """One stack; `sleep` and `clock` (seconds) are those of the machine unless a test gives others."""

    def __init__(
        self,
        client: Any,
        name: str,
        say: Say,
        *,
        again: str,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._client, self._say, self._again, self._sleep, self._clock = client, say, again, sleep, clock

    def outputs(self) -> dict[str, str] | None:
        """Return what the stack tells of itself, or None if there is no stack yet. Raises StackUnusable."""
        found = self._describe()
        status = found["StackStatus"] if found else "REVIEW_IN_PROGRESS"
        if (
            found is None or status == "REVIEW_IN_PROGRESS"
        ):  # a change set was once made for it, and nothing else
            return None
        if status in _USABLE:
            return {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", ())}
        raise StackUnusable(self._unusable(status))

    def _unusable(self, status: str) -> str:
        look = f"in Amazon's console, look at CloudFormation, {self.name}, Events, for the reason"
        if status in _NEVER_MADE:
            return (
                f"the stack {self.name} could not be made ({status}): {look}, and delete the stack; "
                f"then do it again: {self._again}"
            )
        if status == "UPDATE_ROLLBACK_FAILED":
            return (
                f"the stack {self.name} could be changed no further, and not put back either ({status}): {look}, "
                f'and choose "Continue update rollback" there; then do it again: {self._again}'
            )
        return (
            f"the stack {self.name} is being changed by somebody at this moment ({status}); "
            f"wait until that is over, then do it again: {self._again}"
        )

    def _describe(self) -> dict[str, Any] | None:
        try:
            with told(f"the stack {self.name}"):
                found: dict[str, Any] = self._client.describe_stacks(StackName=self.name)["Stacks"][0]
        except Refused as error:
            if error.code == "ValidationError" and "does not exist" in str(error):
                return None
            raise
        return None if found["StackStatus"] == "DELETE_COMPLETE" else found

    def propose(self, parameters: Mapping[str, str], body: str | None = None) -> ChangeSet | None:
        """Make a change set; return None, and leave nothing behind, if nothing would change. Raises DeployError.

        Without a template's body all stays as it is but for these parameters.
        """
        is_new = self.outputs() is None
        given: list[dict[str, object]] = [
            {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
        ]
        with told(f"what would change in the stack {self.name}"):
            if body is None:
                given += [
                    {"ParameterKey": key, "UsePreviousValue": True}
                    for key in self._keys() - parameters.keys()
                ]
            made = self._client.create_change_set(
                StackName=self.name,
                ChangeSetName=f"deploy-{datetime.now(UTC):%Y%m%dT%H%M%S%f}",
                ChangeSetType="CREATE" if is_new else "UPDATE",
                Capabilities=list(CAPABILITIES),
                Parameters=given,
                **({"UsePreviousTemplate": True} if body is None else {"TemplateBody": body}),
            )
        number = str(made["Id"])
        described = self._wait_for_change_set(number)
        if described["Status"] == "FAILED":
            reason = str(described.get("StatusReason", ""))
            self._forget(number)
            if any(words in reason for words in _NOTHING_NEW):
                return None
            raise DeployError(
                f"the stack {self.name} cannot be changed so: {reason.rstrip('.')}; nothing has changed"
            )
        return ChangeSet(number, is_new, tuple(self._changes(number)))

    def _pauses(self) -> Iterator[float]:
        """Yield how long to wait before the next look, until it has been too long."""
        until = self._clock() + WAIT
        yield from _PAUSES
        while self._clock() < until:
            yield _PAUSES[-1]

    def _keys(self) -> set[str]:
        """Return the names of the stack's parameters."""
        return {one["ParameterKey"] for one in (self._describe() or {}).get("Parameters", ())}

    def _wait_for_change_set(self, number: str) -> dict[str, Any]:
        for pause in self._pauses():
            with told(f"what would change in the stack {self.name}"):
                described: dict[str, Any] = self._client.describe_change_set(
                    ChangeSetName=number, StackName=self.name
                )
            if described["Status"] in {"CREATE_COMPLETE", "FAILED"}:
                return described
            self._sleep(pause)
        raise DeployError(
            f"the stack {self.name}: Amazon takes too long to look at the change; do it again: {self._again}"
        )

    def _changes(self, number: str) -> list[Change]:
        found: list[Change] = []
        page: dict[str, str] = {}
        while True:
            with told(f"what would change in the stack {self.name}"):
                described = self._client.describe_change_set(
                    ChangeSetName=number, StackName=self.name, **page
                )
            for one in described["Changes"]:
                of = one["ResourceChange"]
                replaced = of.get("Replacement") == "True"
                found.append(Change(of["Action"], of["LogicalResourceId"], of["ResourceType"], replaced))
            if not described.get("NextToken"):
                return found
            page = {"NextToken": described["NextToken"]}

    def discard(self, change_set: ChangeSet) -> None:
        """Forget a change set, and the empty stack that a first one makes. Raises DeployError."""
        self._forget(change_set.id)
        if change_set.is_new:
            with told(f"the stack {self.name}"):
                self._client.delete_stack(StackName=self.name)

    def _forget(self, number: str) -> None:
        with told(f"what would change in the stack {self.name}"):
            self._client.delete_change_set(ChangeSetName=number, StackName=self.name)

    def carry_out(self, change_set: ChangeSet) -> dict[str, str]:
        """Change the stack and wait until it is done; return what it tells of itself. Raises DeployError."""
        seen = set(self._events()) if not change_set.is_new else set()
        with told(f"the change of the stack {self.name}"):
            self._client.execute_change_set(ChangeSetName=change_set.id, StackName=self.name)
        failed: list[str] = []
        for pause in self._pauses():
            described = self._describe() or {"StackStatus": "DELETE_COMPLETE"}
            for number, event in self._events().items():
                if number not in seen:
                    seen.add(number)
                    failed += self._told_of(event)
            status = str(described["StackStatus"])
            if status == "DELETE_COMPLETE" or (status in _USABLE | _NEVER_MADE | {"UPDATE_ROLLBACK_FAILED"}):
                break
            self._sleep(pause)
        else:
            raise DeployError(
                f"the stack {self.name} is still being changed after an hour; look at it in Amazon's console, "
                f"and when it is done, do it again: {self._again}"
            )
        if status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
            return self.outputs() or {}
        why = "; ".join(failed) or str(described.get("StackStatusReason", status))
        if status in _USABLE:
            raise DeployError(
                f"the stack {self.name} was put back as it was ({status}), since this failed: {why}; "
                f"{self._what_now(why)}"
            )
        raise StackUnusable(f"this failed: {why}; {self._unusable(status)}")

    def _what_now(self, why: str) -> str:
        if "not authorized" in why or "AccessDenied" in why:
            return (
                "such a change of infra/template.yaml takes an administrator of the account: "
                f"ask one to run {self._again}"
            )
        return f"fix it, then do it again: {self._again}"

    def _told_of(self, event: Mapping[str, Any]) -> list[str]:
        """Say what has happened to a resource; return why it failed, if it did."""
        status, resource = str(event["ResourceStatus"]), event["LogicalResourceId"]
        if resource == self.name:
            return []
        if status.endswith("_COMPLETE") and not status.startswith("DELETE"):
            self._say(f"  {resource}: {status.lower().replace('_', ' ')}")
        reason = str(event.get("ResourceStatusReason", ""))
        if not status.endswith("_FAILED") or "cancelled" in reason:  # because another one failed
            return []
        return [f"{resource} ({event['ResourceType']}): {reason.rstrip('.')}"]

    def _events(self) -> dict[str, dict[str, Any]]:
        """Return the newest events, the oldest of them first."""
        events: list[dict[str, Any]] = []
        with suppress(Refused), told(f"the stack {self.name}"):  # they are only told
            events = self._client.describe_stack_events(StackName=self.name)["StackEvents"]
        return {str(event["EventId"]): event for event in reversed(events)}
