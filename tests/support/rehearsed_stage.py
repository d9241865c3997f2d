# SPDX-License-Identifier: AGPL-3.0-or-later
"""A stage that is really deployed, to an Amazon on this machine: a project with content of its own, and its account."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar

from infra.build import HERE, package
from infra.deploy import wire
from infra.deployment.account import open_account
from infra.deployment.deployment import Deployment
from infra.deployment.local import Tree
from infra.deployment.machine import Machine
from infra.deployment.stack import Stack
from infra.deployment.stage import Stage, read
from tests.support.constants import ROOT
from tests.support.content import Repository
from tests.support.dynamodb_engine import Engine
from tests.support.forwarding import forwarding
from tests.support.lambda_runtime import Lambda, running
from tests.support.rights import Role

SENDER = "training@migrant.ca.gov"
STAGE = f'sender = "Núñez, Capacitación <{SENDER}>"\nsample-content = false\n'
AGAIN = "make deploy STAGE=trial"


class ThisMachine(Machine):
    """A machine that packs for its own Python and processor, so that what it deploys can run here.

    It does so once for one site.json: the same sources give the same bytes, as other tests have it.
    """

    packed: ClassVar[dict[bytes, Path]] = {}

    def package(self, tree: Tree) -> Path:
        site = (tree.build / "site.json").read_bytes()
        if site not in self.packed:
            target = tree.site.parents[1] / "lambda"
            self.packed[site] = package(tree.build, target, runtime=HERE, python=sys.executable).archive
        return self.packed[site]


class RehearsedStage:
    """The project in a folder, with two sessions to come, and the stage `trial` of it."""

    def __init__(self, root: Path, engine: Engine) -> None:
        self.root, self.engine = root, engine
        self.said: list[str] = []
        for name in ("theme", "content"):
            shutil.copytree(ROOT / name, root / name)
        for name in ("pelicanconf.py", "publishconf.py"):
            shutil.copyfile(ROOT / name, root / name)
        shutil.rmtree(root / "content/sessions")
        (root / ".gitignore").write_text("/.cache/\n/var/\n__pycache__/\n")
        (root / "infra/stages").mkdir(parents=True)
        (root / "infra/stages/trial.toml").write_text(STAGE, encoding="utf-8")
        self.day = date.today() + timedelta(days=20)  # noqa: DTZ011 - any day to come
        self.next_day = self.day + timedelta(days=1)
        self.write("moved", start=f"{self.day} 10:00")
        self.write("canceled", start=f"{self.next_day} 10:00")
        self.repository = Repository(root)
        self.repository.commit(at="2026-11-01T12:00:00Z")

    def write(self, session: str, *, start: str, status: str = "scheduled") -> None:
        """Write the file of a session."""
        file = self.root / f"content/sessions/{session}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(
            f"Training: overview\nStart: {start}\nDuration: 90\nTrainers: uriel-ramirez-torres\nCapacity: 20\n"
            f"Language: en\nFormat: online\nJoin-Url: secret:overview\nStatus: {status}\n"
        )

    def change_the_sessions(self) -> None:
        """Move the one, cancel the other, and commit that."""
        self.write("moved", start=f"{self.day} 14:00")
        self.write("canceled", start=f"{self.next_day} 10:00", status="canceled")
        self.repository.commit(at="2026-11-02T12:00:00Z")

    @property
    def deployment(self) -> Deployment:
        """What deploys this stage, as the command line makes it; it only waits less between two looks."""
        stage: Stage = read(self.root, "trial")
        machine = ThisMachine(self.root, self.root / ".cache/stages/trial/published")
        account = open_account(stage)
        made = wire(stage, account, machine, AGAIN, [])
        stack = Stack(
            account.cloudformation,
            stage.stack,
            self.said.append,
            again=AGAIN,
            sleep=lambda _: None,
        )
        return replace(made, stack=stack, say=self.said.append)

    def outputs(self) -> dict[str, str]:
        """Return what the stack tells of itself."""
        found = self.deployment.stack.outputs()
        assert found is not None
        return found

    def client(self, service: str) -> Any:
        """Return a client of a service, to be closed."""
        return closing(self.engine.client(service))

    def put_parameter(self, name: str, value: str) -> None:
        """Write a secret as the office does."""
        with self.client("ssm") as ssm:
            ssm.put_parameter(Name=name, Value=value, Type="SecureString")

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
            physical = stacks.describe_stack_resource(StackName="msix-trial", LogicalResourceId=name)
        function = physical["StackResourceDetail"]["PhysicalResourceId"]
        with self.client("lambda") as functions:
            configuration = functions.get_function_configuration(FunctionName=function)
        task = folder / name
        key = self.code_key()
        with self.client("s3") as s3:
            data = s3.get_object(Bucket=self.outputs()["PackagesBucket"], Key=key)["Body"].read()
        zipfile.ZipFile(io.BytesIO(data)).extractall(task)
        variables = configuration["Environment"]["Variables"] | {"REGISTER_HOME": str(task)}
        role = Role(name, SecretParameter="/msix/trial/secret", StaffParameter="/msix/trial/staff")
        with forwarding(self.engine.url, role.refuses) as url:
            environment = self.engine.environment | variables | {"AWS_ENDPOINT_URL": url}
            with running(configuration["Handler"], task, environment, folder / f"{name}.log") as started:
                yield started
        assert role.refusals == []

    def code_key(self) -> str:
        """Return which package the functions run."""
        with self.client("cloudformation") as stacks:
            [stack] = stacks.describe_stacks(StackName="msix-trial")["Stacks"]
        return next(one["ParameterValue"] for one in stack["Parameters"] if one["ParameterKey"] == "CodeKey")

    def register(self, *command: str) -> str:
        """Run a command of `register` on the stage's table, by the settings that the deployment has written."""
        script = f'set -a; . var/trial.env; set +a; exec "{sys.executable}" -m register "$@"'
        done = subprocess.run(
            ["sh", "-c", script, "register", *command],
            cwd=self.root,
            env={"PATH": "/usr/bin:/bin", "HOME": str(self.root), **self.engine.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def emails(self, address: str) -> list[Mapping[str, Any]]:
        """Return what SES has taken for an address, in its order."""
        import urllib.request

        with urllib.request.urlopen(f"{self.engine.url}/_ministack/ses/messages") as answer:  # noqa: S310
            sent = json.load(answer)["messages"]
        return [email for account in sent.values() for email in account if address in email["To"]]

    def subjects(self, address: str) -> list[str]:
        """Return the subjects of these emails."""
        return [str(email["Subject"]) for email in self.emails(address)]
