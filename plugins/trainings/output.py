# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes a build's files, and leaves out those that stand already as they are to be."""

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
"""By what a file or folder is known again: the size of a file, the time in nanoseconds, and the mode."""


class DuplicateFile(SiteError):
    """Two parts of the site would write the same file."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an output stands until a new one is put in its place, and how the last build has left what is in it.

    Of a folder that nobody knows anything of, nothing is noted; what is in it is looked at.
    """

    folder: Path
    files: Mapping[str, FileState] = field(default_factory=dict)
    folders: Mapping[str, FileState] = field(default_factory=dict)
    """Itself, under the empty name, and all below: a folder's time is another as soon as a name comes or goes."""
    is_own: bool = False
    """Whether nobody but this process writes there: then what is noted is so, and is not looked at again."""

    @property
    def is_as_noted(self) -> bool:
        """Whether all is as it was left, and nothing is there besides."""
        return bool(self.folders) and all(
            state_of(f"{self.folder}/{path}") == state
            for states in (self.folders, self.files)
            for path, state in states.items()
        )


def state_of(path: str) -> FileState | None:
    """Return the state of a file or a folder; None for what is neither, or not there."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    if stat.S_ISREG(found.st_mode):
        return found.st_size, found.st_mtime_ns, found.st_mode
    return (0, found.st_mtime_ns, found.st_mode) if stat.S_ISDIR(found.st_mode) else None


def umask() -> int:
    """Return which permissions new files are not given."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


class Output:
    """The files of one build.

    `paths` holds them all, `made` those that this build made, and `written` those of them that are in `root`: all
    others stand as they are to be in the folder `standing`, in the states `left`. `digests` has the SHA-256 of the
    bytes of each.
    """

    def __init__(
        self, root: Path, memo: Memo, *, mode: int = 0o644, standing: Standing | None = None
    ) -> None:
        self.root = root
        self.standing = standing.folder if standing else root
        self.noted = standing or Standing(root)
        self.mode = mode & ~umask()
        self.paths: set[str] = set()
        self.made: set[str] = set()
        self.written: set[str] = set()
        self.left: dict[str, FileState] = {}
        self.digests: dict[str, bytes] = {}
        self._memo = memo
        self._folders: set[str] = set()
        self._real: dict[str, bool] = {"": True}

    def add(self, path: str, inputs: object, make: Callable[[], bytes]) -> None:
        """Add a file whose bytes depend on `inputs` alone. Raises DuplicateFile if it is there already."""
        if path in self.paths:
            raise DuplicateFile(f"two pages want the file {path}; rename one of them")
        self.paths.add(path)
        key = ("output", self.root.name, path)
        state = self._state(path)
        if state is None or state != self.noted.files.get(path) or stat.S_IMODE(state[2]) != self.mode:
            self._memo.forget(key)
        self.digests[path] = self._memo.get(key, inputs, lambda: self._make(path, make, state))
        if state is not None and path not in self.written:
            self.left[path] = state

    def read(self, path: str) -> bytes:
        """Return the bytes of one of the files."""
        return ((self.root if path in self.written else self.standing) / path).read_bytes()

    def _make(self, path: str, make: Callable[[], bytes], state: FileState | None) -> bytes:
        """Make a file, write it unless it stands as it is to be, and return the digest of its bytes."""
        data = make()
        self.made.add(path)
        if state is None or not self._stands(path, data, state):
            folder = path.rpartition("/")[0]
            if folder not in self._folders:
                (self.root / folder).mkdir(parents=True, exist_ok=True)
                self._folders.add(folder)
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            with open(os.open(f"{self.root}/{path}", flags, self.mode), "wb") as file:  # noqa: PTH123 - a descriptor
                file.write(data)
            self.written.add(path)
        return sha256(data).digest()

    def _stands(self, path: str, data: bytes, state: FileState) -> bool:
        """Whether a file in this state has these bytes, and the mode that it is to have."""
        if state[0] != len(data) or stat.S_IMODE(state[2]) != self.mode:
            return False
        with open(f"{self.standing}/{path}", "rb") as standing:  # noqa: PTH123 - thousands of them, one by one
            return standing.read() == data

    def _state(self, path: str) -> FileState | None:
        """Return the state of what stands at a path, if it is a file, and no symbolic link leads to it."""
        if self.noted.is_own:
            return self.noted.files.get(path)
        if self.standing == self.root or not self._is_real(path.rpartition("/")[0]):
            return None
        state = state_of(f"{self.standing}/{path}")
        return state if state and stat.S_ISREG(state[2]) else None

    def _is_real(self, folder: str) -> bool:
        if folder not in self._real:
            state = state_of(f"{self.standing}/{folder}")
            is_folder = state is not None and stat.S_ISDIR(state[2])
            self._real[folder] = is_folder and self._is_real(folder.rpartition("/")[0])
        return self._real[folder]
