# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a deployment needs of this machine: it publishes, packs the functions, syncs the table."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from infra.deployment.errors import DeployError


@dataclass(frozen=True, slots=True)
class Tree:
    """What was published: the site, and what is for the function alone."""

    site: Path
    build: Path

    def sessions(self) -> dict[str, str]:
        """Return in a few words what people see of each session: when it is, and whether it takes place."""
        return {
            one["id"]: f"{one['start']} to {one['end']}, {one['status']}"
            for one in read_json(self.build / "schedule.json")["sessions"]
        }


class Local(Protocol):
    """This machine's part of a deployment."""

    def commit(self) -> str:
        """Return which state of the project this is."""

    def check(self) -> None:
        """Look through the content alone, in seconds. Raises DeployError for errors in it."""

    def publish(self, site_url: str) -> Tree:
        """Build the site for the public at an address. Raises DeployError."""

    def package(self, tree: Tree) -> Path:
        """Pack the function for Lambda; return the archive. Raises DeployError."""

    def sync(self, settings: Mapping[str, str], options: Sequence[str]) -> bool:
        """Bring the schedule into the table; return whether all of it could be. Raises DeployError."""

    def remember(self, stage: str, settings: Mapping[str, str]) -> None:
        """Keep the settings by which the command line works on a stage."""


def read_json(file: Path) -> Any:
    """Return what a file of the build says. Raises DeployError."""
    try:
        return json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise DeployError(f"{file} cannot be read ({type(error).__name__}); do it again") from error
