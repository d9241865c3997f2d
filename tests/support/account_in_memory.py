# SPDX-License-Identifier: AGPL-3.0-or-later
"""A stage in an account in memory, and the deployment to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from infra.deployment.deployment import Deployment
from infra.deployment.stack import Stack
from infra.deployment.stage import Stage
from tests.support.cloud_fakes import FakeCloudFormation, FakeMachine, FakeParameters, MemoryBucket

AGAIN = "make deploy STAGE=trial"
OUTPUTS = {
    "SiteBucket": "site",
    "PackagesBucket": "packages",
    "FrontDomain": "d1.cloudfront.net",
    "FrontId": "F1",
    "TableName": "table",
}


@dataclass
class AccountInMemory:
    """All that a deployment meets."""

    folder: Path
    stage: Stage = Stage("trial", "MSIX Training", "training@migrant.ca.gov")  # noqa: RUF009 - it is frozen
    stack: FakeCloudFormation = field(default_factory=lambda: FakeCloudFormation(**OUTPUTS))
    ssm: FakeParameters = field(default_factory=FakeParameters)
    site: MemoryBucket = field(default_factory=MemoryBucket)
    packages: MemoryBucket = field(default_factory=MemoryBucket)
    said: list[str] = field(default_factory=list)
    invalidated: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.machine = FakeMachine(self.folder)
        (self.folder / "template.yaml").write_text("Resources: {}")

    @property
    def deployment(self) -> Deployment:
        return Deployment(
            stage=self.stage,
            template=self.folder / "template.yaml",
            stack=Stack(self.stack, self.stage.stack, self.said.append, again=AGAIN, sleep=lambda _: None),
            ssm=self.ssm,
            local=self.machine,
            files={"site": self.site, "packages": self.packages}.__getitem__,
            invalidate=self.invalidated.append,
            now=lambda: datetime(2026, 11, 30, 20, tzinfo=UTC),
            say=self.said.append,
            again=AGAIN,
        )

    def shows(self) -> dict[str, str]:
        return {path: data.decode() for path, data in self.site.files().items()}

    def code(self) -> bytes | None:
        """Return what the functions run."""
        return self.packages.read(self.stack.parameters["CodeKey"])
