# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes a build's files, and leaves out those that the last build in this process wrote from the same inputs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from plugins.trainings.memo import Memo
from plugins.trainings.problems import SiteError


class DuplicateFile(SiteError):
    """Two parts of the site would write the same file."""


class Output:
    """The files of one build below `root`.

    `paths` holds them all, `written` those that are in `root`: the others stand unchanged in the
    folder that the last build filled.
    """

    def __init__(self, root: Path, memo: Memo, *, mode: int = 0o644) -> None:
        self.root = root
        self.paths: set[str] = set()
        self.written: set[str] = set()
        self._memo = memo
        self._mode = mode
        self._folders: set[Path] = set()

    def add(self, path: str, inputs: object, make: Callable[[], bytes]) -> None:
        """Add a file whose bytes depend on `inputs` alone. Raises DuplicateFile if it is there already."""
        if path in self.paths:
            raise DuplicateFile(f"two pages want the file {path}; rename one of them")
        self.paths.add(path)
        if self._memo.same(("output", self.root.name, path), inputs):
            return
        data = make()
        file = self.root / path
        if file.parent not in self._folders:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(file.parent)
        file.write_bytes(data)
        if self._mode != 0o644:
            file.chmod(self._mode)
        self.written.add(path)
