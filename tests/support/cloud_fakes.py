# SPDX-License-Identifier: AGPL-3.0-or-later
"""An account at Amazon in memory: buckets, parameters, a stack; and a machine that deploys to it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.deployment.bucket import Stored
from infra.deployment.errors import DeployError, Refused
from infra.deployment.local import Tree


class MemoryBucket:
    """A bucket with versions. `log` has what was done, in its order; to write a path in `broken` raises what it says."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.broken: dict[str, BaseException] = {}
        self.headers: dict[str, tuple[str, str]] = {}
        self._versions: dict[str, list[bytes | None]] = {}

    def current(self) -> dict[str, Stored]:
        return {
            path: Stored(hashlib.md5(data).hexdigest(), str(len(self._versions[path])))  # noqa: S324 - S3's ETag
            for path, data in self.files().items()
        }

    def files(self) -> dict[str, bytes]:
        """Return what is there."""
        return {path: found[-1] for path, found in self._versions.items() if found[-1] is not None}

    def put(self, path: str, data: bytes, content_type: str, cache_control: str) -> str:
        if path in self.broken:
            raise self.broken[path]
        self.log.append(f"put {path}")
        self.headers[path] = (content_type, cache_control)
        self._versions.setdefault(path, []).append(data)
        return str(len(self._versions[path]))

    def put_new(self, path: str, data: bytes) -> None:
        if path in self.files():
            raise Refused(path, "PreconditionFailed", "At least one of the pre-conditions did not hold")
        self.put(path, data, "", "")

    def put_back(self, path: str, version: str) -> str:
        if path in self.broken:
            raise self.broken[path]
        self.log.append(f"back {path}")
        self._versions[path].append(self._versions[path][int(version) - 1])
        return str(len(self._versions[path]))

    def delete(self, paths: Sequence[str]) -> None:
        for path in paths:
            self.log.append(f"delete {path}")
            self._versions[path].append(None)

    def read(self, path: str) -> bytes | None:
        return self.files().get(path)

    def paths(self, prefix: str) -> list[str]:
        return sorted(path for path in self.files() if path.startswith(prefix))


def slow_down(path: str) -> Refused:
    """Return what is raised where S3 has too much to do."""
    return Refused(path, "SlowDown", "Please reduce your request rate.")


class FakeParameters:
    """SSM's parameters."""

    def __init__(self, **values: str) -> None:
        self.values = dict(values)
        self.overwritten: list[str] = []
        """What was written whether or not it was there."""

    def get_parameter(self, *, Name: str, WithDecryption: bool) -> dict[str, Any]:
        assert WithDecryption
        if Name not in self.values:
            raise ClientError({"Error": {"Code": "ParameterNotFound", "Message": ""}}, "GetParameter")
        return {"Parameter": {"Value": self.values[Name]}}

    def put_parameter(self, *, Name: str, Value: str, Type: str, Overwrite: bool) -> None:
        assert Type == "SecureString"
        assert Overwrite or Name not in self.values
        self.overwritten += [Name] if Overwrite else []
        self.values[Name] = Value


class FakeCloudFormation:
    """One stack: each change set that is carried out takes one look more until it is done.

    `becomes` is the state that the next change ends in, `fails` the events that tell why.
    """

    def __init__(self, state: str | None = None, **outputs: str) -> None:
        self.state = state
        self.outputs = outputs
        self.becomes: str | None = None
        self.fails: list[tuple[str, str, str]] = []
        self.carried_out: list[Mapping[str, str]] = []
        self.parameters: dict[str, str] = {}
        self.body: str | None = None
        self.discarded = 0
        self.reason = ""
        self._proposed: tuple[str, Mapping[str, str], str | None] = ("", {}, None)
        self._events: list[dict[str, str]] = []

    def describe_stacks(self, *, StackName: str) -> dict[str, Any]:
        if self.state is None:
            message = f"Stack with id {StackName} does not exist"
            raise ClientError({"Error": {"Code": "ValidationError", "Message": message}}, "DescribeStacks")
        outputs = [{"OutputKey": key, "OutputValue": value} for key, value in self.outputs.items()]
        parameters = [{"ParameterKey": key, "ParameterValue": "****"} for key in self.parameters]
        found = {
            "StackName": StackName,
            "StackStatus": self.state,
            "Outputs": outputs,
            "Parameters": parameters,
        }
        if self.state.endswith("_IN_PROGRESS") and self.becomes:
            self.state, self.becomes = self.becomes, None
        return {"Stacks": [found]}

    def create_change_set(self, **given: Any) -> dict[str, str]:
        assert given["Capabilities"] == ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
        new = {}
        for one in given["Parameters"]:
            key = one["ParameterKey"]
            new[key] = self.parameters[key] if one.get("UsePreviousValue") else one["ParameterValue"]
        body = self.body if given.get("UsePreviousTemplate") else given["TemplateBody"]
        self._proposed = (given["ChangeSetType"], new, body)
        return {"Id": "change-set"}

    def describe_change_set(self, *, ChangeSetName: str, StackName: str) -> dict[str, Any]:
        kind, new, body = self._proposed
        if self.reason or (kind == "UPDATE" and (new, body) == (self.parameters, self.body)):
            reason = (
                self.reason
                or "The submitted information didn't contain changes. Submit different information."
            )
            return {"Status": "FAILED", "StatusReason": reason}
        of = {"Action": "Modify", "LogicalResourceId": "Http", "ResourceType": "AWS::Lambda::Function"}
        return {"Status": "CREATE_COMPLETE", "Changes": [{"ResourceChange": of}]}

    def delete_change_set(self, *, ChangeSetName: str, StackName: str) -> None:
        self.discarded += 1

    def delete_stack(self, *, StackName: str) -> None:
        self.state = None

    def execute_change_set(self, *, ChangeSetName: str, StackName: str) -> None:
        kind, new, body = self._proposed
        self.state = f"{kind}_IN_PROGRESS"
        self.becomes = self.becomes or f"{kind}_COMPLETE"
        if self.becomes == f"{kind}_COMPLETE":
            self.parameters, self.body = dict(new), body
            self.carried_out.append(new)
        for number, (resource, status, reason) in enumerate(self.fails or [("Http", self.becomes, "")]):
            self._events.insert(
                0,
                {
                    "EventId": f"{len(self._events)}-{number}",
                    "LogicalResourceId": resource,
                    "ResourceType": "AWS::Lambda::Function",
                    "ResourceStatus": status,
                    "ResourceStatusReason": reason,
                },
            )

    def describe_stack_events(self, *, StackName: str) -> dict[str, Any]:
        return {"StackEvents": list(self._events)}


class FakeMachine:
    """What is published, packed and synced, as `Local`; `problem` is what the next step but publishing says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pages: dict[str, str] = {"index.html": "one"}
        self.sessions = {"overview": "scheduled"}
        self.code = b"code 1"
        self.done: list[str] = []
        self.problem: DeployError | None = None
        self.complete = True
        self.settings: Mapping[str, str] = {}

    def commit(self) -> str:
        return f"c{self.code.decode()[-1]}"

    def check(self) -> None:
        self.done.append("check")

    def publish(self, site_url: str) -> Tree:
        self.done.append(f"publish {site_url}")
        number = len([*self.folder.glob("*/build")]) + 1
        tree = Tree(self.folder / str(number) / "site", self.folder / str(number) / "build")
        for path, text in self.pages.items():
            (tree.site / path).parent.mkdir(parents=True, exist_ok=True)
            (tree.site / path).write_text(text)
        tree.build.mkdir()
        sessions = [
            {"id": one, "start": "S", "end": "E", "status": how} for one, how in self.sessions.items()
        ]
        (tree.build / "schedule.json").write_text(json.dumps({"sessions": sessions}))
        return tree

    def package(self, tree: Tree) -> Path:
        archive = tree.build.parent / "lambda.zip"
        archive.write_bytes(self.code)
        return archive

    def sync(self, settings: Mapping[str, str], options: Sequence[str]) -> bool:
        if self.problem:
            raise self.problem
        self.done.append(" ".join(("sync", *options)))
        self.settings = settings
        return self.complete

    def remember(self, stage: str, settings: Mapping[str, str]) -> None:
        self.done.append(f"remember {stage} {settings['REGISTER_STORE']}")
