# SPDX-License-Identifier: AGPL-3.0-or-later
"""A stage that is really deployed, to an Amazon on this machine: a clone of the project, and its account."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.support.constants import ROOT
from tests.support.content import Repository
from tests.support.documented import in_shell
from tests.support.dynamodb_engine import Engine
from tests.support.forwarding import forwarding
from tests.support.lambda_runtime import Lambda, running
from tests.support.rights import Role

SENDER = "training@migrant.ca.gov"
STACK = "msix-production"

# The Python of the clone's environment is that of the tests; what it packs is for this machine, so that it can run here,
# and is packed once for one site.json.
PYTHON = """#!{real}
import os, pickle, runpy, sys
real, given = {real!r}, sys.argv[1:]
if given[:2] != ["-m", "infra.deploy"]:
    os.execv(real, [real, *given])
sys.path.insert(0, os.getcwd())
sys.executable, sys.argv[:] = real, given[1:]
from infra import build
from infra.deployment import machine
def package(folder, target, python):
    site = (folder / "site.json").read_bytes()
    made = target.with_suffix(".made")
    if not made.exists() or pickle.loads(made.read_bytes())[0] != site:
        made.write_bytes(pickle.dumps((site, build.package(folder, target, runtime=build.HERE, python=real))))
    return pickle.loads(made.read_bytes())[1]
machine.package = package
runpy.run_module("infra.deploy", run_name="__main__", alter_sys=True)
"""


class RehearsedStage:
    """A clone of the project, with two sessions to come."""

    def __init__(self, root: Path, engine: Engine) -> None:
        self.root, self.engine = root, engine
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        for name in filter(None, listed.stdout.split("\0")):
            if (
                not name.startswith(("tests/", "docs/", "benchmarks/", "content/sessions/"))
                and (ROOT / name).exists()
            ):
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, root / name)
        self._make_environment()
        self.day = date.today() + timedelta(days=20)  # noqa: DTZ011 - any day to come
        self.next_day = self.day + timedelta(days=1)
        self.write("moved", start=f"{self.day} 10:00")
        self.write("canceled", start=f"{self.next_day} 10:00")
        self.repository = Repository(root)
        self.repository.commit(at="2026-11-01T12:00:00Z")

    def _make_environment(self) -> None:
        """Let make find an environment that is ready."""
        programs = self.root / ".venv/bin"
        programs.mkdir(parents=True)
        for name, text in {
            "python": PYTHON.format(real=sys.executable),
            "register": f'#!/bin/sh\nexec "{sys.executable}" -m register "$@"\n',
        }.items():
            (programs / name).write_text(text)
            (programs / name).chmod(0o755)
        for name in ("made", "ready-to-serve"):
            (self.root / ".venv" / name).touch()

    def write(self, session: str, *, start: str, status: str = "scheduled") -> None:
        """Write the file of a session."""
        file = self.root / f"content/sessions/{session}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(
            f"Training: overview\nStart: {start}\nDuration: 90\nTrainers: uriel-ramirez-torres\nCapacity: 20\n"
            f"Language: en\nFormat: online\nJoin-Url: secret:overview\nStatus: {status}\n"
        )

    def describe(self) -> None:
        """Write into the stage's file what only the office knows, and commit that."""
        file = self.root / "infra/stages/production.toml"
        text = file.read_text(encoding="utf-8")
        for old, new in {
            "MSIX Training <training@your-office.org>": f"Núñez, Capacitación <{SENDER}>",
            "sample-content = true": "sample-content = false",
        }.items():
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        file.write_text(text, encoding="utf-8")
        self.repository.commit(at="2026-11-01T13:00:00Z")

    def change_the_sessions(self) -> None:
        """Move the one, cancel the other, and commit that."""
        self.write("moved", start=f"{self.day} 14:00")
        self.write("canceled", start=f"{self.next_day} 10:00", status="canceled")
        self.repository.commit(at="2026-11-02T12:00:00Z")

    def shell(self, command: str, *, status: int = 0, **changes: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the clone, logged in to the account, and fail if it ends otherwise."""
        return in_shell(self.root, status=status, **self.engine.environment, **changes)(command)

    def outputs(self) -> dict[str, str]:
        """Return what the stack tells of itself."""
        return {one["OutputKey"]: one["OutputValue"] for one in self._stack()["Outputs"]}

    def code_key(self) -> str:
        """Return which package the functions run."""
        given = {one["ParameterKey"]: one["ParameterValue"] for one in self._stack()["Parameters"]}
        return str(given["CodeKey"])

    def _stack(self) -> Mapping[str, Any]:
        with self.client("cloudformation") as stacks:
            [stack] = stacks.describe_stacks(StackName=STACK)["Stacks"]
            return dict(stack)

    def client(self, service: str) -> Any:
        """Return a client of a service, to be closed."""
        return closing(self.engine.client(service))

    def parameter(self, name: str) -> str:
        """Return what a parameter holds."""
        with self.client("ssm") as ssm:
            return str(ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])

    def file(self, path: str) -> Mapping[str, Any]:
        """Return a file of the site as its bucket has it, with its `text`."""
        with self.client("s3") as s3:
            found = s3.get_object(Bucket=self.outputs()["SiteBucket"], Key=path)
            return {**found, "text": found["Body"].read().decode()}

    @contextmanager
    def function(self, name: str, folder: Path) -> Iterator[Lambda]:
        """Start a function of the stack as Lambda does: its package, its handler, its variables, its rights."""
        with self.client("cloudformation") as stacks:
            resource = stacks.describe_stack_resource(StackName=STACK, LogicalResourceId=name)
        with self.client("lambda") as functions:
            configuration = functions.get_function_configuration(
                FunctionName=resource["StackResourceDetail"]["PhysicalResourceId"]
            )
        task = folder / name
        with self.client("s3") as s3:
            data = s3.get_object(Bucket=self.outputs()["PackagesBucket"], Key=self.code_key())["Body"].read()
        zipfile.ZipFile(io.BytesIO(data)).extractall(task)
        variables = configuration["Environment"]["Variables"] | {"REGISTER_HOME": str(task)}
        role = Role(name, SecretParameter="/msix/production/secret", StaffParameter="/msix/production/staff")
        with forwarding(self.engine.url, role.refuses) as url:
            environment = self.engine.environment | variables | {"AWS_ENDPOINT_URL": url}
            with running(configuration["Handler"], task, environment, folder / f"{name}.log") as started:
                yield started
        assert role.refusals == []

    def emails(self, address: str) -> list[Mapping[str, Any]]:
        """Return what SES has taken for an address, in its order."""
        with urllib.request.urlopen(f"{self.engine.url}/_ministack/ses/messages") as answer:  # noqa: S310 - the engine's
            sent = json.load(answer)["messages"]
        return [email for account in sent.values() for email in account if address in email["To"]]

    def subjects(self, address: str) -> list[str]:
        """Return the subjects of these emails."""
        return [str(email["Subject"]) for email in self.emails(address)]
