# SPDX-License-Identifier: AGPL-3.0-or-later
"""The commands of this project as a deployment runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra.build import BuildFailed, package
from infra.deployment.errors import DeployError
from infra.deployment.local import Tree, read_json
from plugins.example_addresses import EXAMPLE

_SKIPPED = 3
"""The exit status of `register sync` if a session with people in it is no longer in the schedule."""


class Machine:
    """The commands of this project, as `Local`; `tree` is a folder that belongs to the stage alone."""

    def __init__(self, root: Path, tree: Path, python: str | None = None) -> None:
        self._root, self._tree, self._python = root, tree, python

    def commit(self) -> str:
        """Return the id of the commit, and whether something is changed beside it."""
        asked = ["git", "describe", "--always", "--dirty=, with changes", "--exclude=*", "--abbrev=12"]
        told = subprocess.run(asked, cwd=self._root, capture_output=True, text=True, check=False)
        return told.stdout.strip() or "unknown"

    def check(self) -> None:
        """Look through the content alone, in seconds. Raises DeployError for errors in it."""
        if self._run([sys.executable, "-m", "plugins.check_content"], {}):
            raise DeployError("the content has errors, as it says above; nothing was done")

    def publish(self, site_url: str) -> Tree:
        """Build the site for the public at an address, and look whether it is fit for them. Raises DeployError."""
        command = [sys.executable, "-m", "plugins.publish", "--published", str(self._tree)]
        command += ["--cache", str(self._tree.with_name("kept"))]
        settings = {"SITEURL": site_url, "SAMPLE_CONTENT": "no"}
        if self._run(command, settings):
            raise DeployError("the site could not be built, as it says above; what people see is as it was")
        tree = Tree(self._tree / "site", self._tree / "build")
        _check(tree, site_url)
        return tree

    def package(self, tree: Tree) -> Path:
        """Pack the function for Lambda; return the archive. Raises DeployError."""
        try:
            return package(tree.build, self._tree.parent / "lambda", python=self._python).archive
        except BuildFailed as error:
            raise DeployError(f"{error}; what people see is as it was") from error

    def sync(self, settings: Mapping[str, str], options: Sequence[str]) -> bool:
        """Bring the schedule into the table; return whether all of it could be. Raises DeployError."""
        status = self._run([sys.executable, "-m", "register", "sync", *options], settings)
        if status not in {0, _SKIPPED}:
            raise DeployError("the schedule could not be brought into the table, as it says above")
        return status == 0

    def remember(self, stage: str, settings: Mapping[str, str]) -> None:
        """Write the settings into a file that a shell reads; nothing in it is secret."""
        file = self._root / "var" / f"{stage}.env"
        file.parent.mkdir(exist_ok=True)
        # Paths within the project, so that a space in its folder's name parts nothing.
        lines = (f"{name}={value.replace(f'{self._root}/', '')}\n" for name, value in settings.items())
        file.write_text("".join(lines), encoding="utf-8")

    def _run(self, command: Sequence[str], settings: Mapping[str, str]) -> int:
        """Run a command of ours with these settings, and none that are for the site on this machine."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("REGISTER_")}
        environment.update(settings)
        return subprocess.run(command, cwd=self._root, env=environment, check=False).returncode


def _check(tree: Tree, site_url: str) -> None:
    """Raise DeployError for a site that is for another address, or for examples."""
    site = read_json(tree.build / "site.json")
    if site["sample"]:
        raise DeployError(
            "the built site says that its sessions are examples; take SAMPLE_CONTENT out of publishconf.py, "
            "or let it read the environment as it did, and do it again"
        )
    if site["url"] != site_url:
        raise DeployError(
            f"{tree.build}/site.json is for {site['url']}, and this stage is at {site_url}; "
            "somebody else has published there in between: do it again"
        )
    if not site.get("sign_up", True):
        raise DeployError(
            "SIGNUP is none: such a site has no functions, and any host of files can show it; "
            "docs/static-hosts.md says how"
        )
    # In the pages, publishing has looked for them.
    if EXAMPLE.search((tree.build / "schedule.json").read_bytes()):
        raise DeployError(
            "example.org is for examples, and stands in build/schedule.json; "
            "look for it in content/, give addresses of your own, and do it again"
        )
