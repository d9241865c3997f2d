# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes a build's files, and leaves out those that stand already as the last build left them."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from plugins.trainings.memo import Memo
from plugins.trainings.problems import SiteError

FileState = tuple[int, int, int]
"""By what a file is known again: its size, its time in nanoseconds, and its mode."""


class DuplicateFile(SiteError):
    """Two parts of the site would write the same file."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an output stands until a new one is put in its place, and how the last build has left each of its files.

    A folder that nobody knows anything of has no files here; what is in it is looked at.
    """

    folder: Path
    files: Mapping[str, FileState] = field(default_factory=dict)


def state_of(file: str) -> FileState | None:
    """Return the state of a file; None for what is no file, or not there."""
    try:
        found = os.lstat(file)
    except OSError:
        return None
    return (found.st_size, found.st_mtime_ns, found.st_mode) if stat.S_ISREG(found.st_mode) else None


class Output:
    """The files of one build.

    `paths` holds them all, `made` those that this build made, and `written` those of them that are in `root`: all
    others stand as they are to be in the folder `standing`. `digests` has the SHA-256 of the bytes of each.
    """

    def __init__(
        self, root: Path, memo: Memo, *, mode: int = 0o644, standing: Standing | None = None
    ) -> None:
        self.root = root
        self.standing = standing.folder if standing else root
        self.paths: set[str] = set()
        self.made: set[str] = set()
        self.written: set[str] = set()
        self.digests: dict[str, bytes] = {}
        self._noted = standing.files if standing else {}
        self._memo = memo
        self._mode = mode
        self._folders: set[Path] = set()

    def add(self, path: str, inputs: object, make: Callable[[], bytes]) -> None:
        """Add a file whose bytes depend on `inputs` alone. Raises DuplicateFile if it is there already."""
        if path in self.paths:
            raise DuplicateFile(f"two pages want the file {path}; rename one of them")
        self.paths.add(path)
        key = ("output", self.root.name, path)
        noted = self._noted.get(path)
        if noted is None or state_of(f"{self.standing}/{path}") != noted:
            self._memo.forget(key)
        self.digests[path] = self._memo.get(key, inputs, lambda: self._make(path, make))

    def read(self, path: str) -> bytes:
        """Return the bytes of one of the files."""
        return ((self.root if path in self.written else self.standing) / path).read_bytes()

    def _make(self, path: str, make: Callable[[], bytes]) -> bytes:
        """Make a file, write it unless it stands as it is to be, and return the digest of its bytes."""
        data = make()
        self.made.add(path)
        if not self._stands(path, data):
            file = self.root / path
            if file.parent not in self._folders:
                file.parent.mkdir(parents=True, exist_ok=True)
                self._folders.add(file.parent)
            file.write_bytes(data)
            if self._mode != 0o644:
                file.chmod(self._mode)
            self.written.add(path)
        return sha256(data).digest()

    def _stands(self, path: str, data: bytes) -> bool:
        """Whether a file stands with these bytes and its mode."""
        if self.standing == self.root:
            return False
        file = f"{self.standing}/{path}"
        found = state_of(file)
        if found is None or found[0] != len(data) or stat.S_IMODE(found[2]) != self._mode:
            return False
        with open(file, "rb") as standing:  # noqa: PTH123 - thousands of them, one by one
            return standing.read() == data
