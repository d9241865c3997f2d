# SPDX-License-Identifier: AGPL-3.0-or-later
"""What writers and designers do to the files of a site, as data: a change that is printed can be done again."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.support.edited_texts import NEW_FILES, texts_of

WAYS = ("in place", "in place, the time kept", "renamed over", "renamed over, the time kept", "made anew")
"""How a file comes to have other bytes. The clock of a file system stands still for some milliseconds,
and programs set times: so two versions may have one time, and often one size."""

KINDS = ("folder", "link", "link that leads nowhere")
"""What may stand where a file stood."""


def save(file: Path, data: bytes, way: str = "in place") -> None:
    """Write a file in one of WAYS; "made anew" may give it the number (inode) that it had."""
    known = file.stat() if file.exists() else None
    file.parent.mkdir(parents=True, exist_ok=True)
    if way.startswith("renamed over"):
        aside = file.with_name(f".{file.name}.aside")
        aside.write_bytes(data)
        aside.replace(file)
    else:
        if way == "made anew":
            file.unlink(missing_ok=True)
        file.write_bytes(data)
    if known and not way.endswith(("in place", "renamed over")):
        os.utime(file, ns=(known.st_atime_ns, known.st_mtime_ns))


class Change(Protocol):
    """Something done to a file below a folder; nothing if the file is not there."""

    def apply(self, root: Path) -> None:
        """Do it."""


@dataclass(frozen=True)
class Edit:
    """Change a file's text: `what` is a name in `texts_of(path)`."""

    path: str
    what: str
    number: int
    way: str

    def apply(self, root: Path) -> None:
        """Do it."""
        file = root / self.path
        if file.is_file():
            text = file.read_bytes().decode("utf-8", "surrogateescape")
            changed = texts_of(self.path)[self.what](text, self.number)
            save(file, changed.encode("utf-8", "surrogateescape"), self.way)


@dataclass(frozen=True)
class Write:
    """Write a new file, with `both` in both languages: `path` is a name in NEW_FILES."""

    path: str
    both: bool
    way: str

    def apply(self, root: Path) -> None:
        """Do it."""
        for path in pair(self.path) if self.both else (self.path,):
            if path in NEW_FILES and not (root / path).is_dir():
                save(root / path, NEW_FILES[path].encode("utf-8", "surrogateescape"), self.way)


@dataclass(frozen=True)
class Delete:
    """Delete a file; `both` what it is a translation of, or its translation, too."""

    path: str
    both: bool

    def apply(self, root: Path) -> None:
        """Do it."""
        for path in pair(self.path) if self.both else (self.path,):
            if (root / path).is_file():
                (root / path).unlink()


@dataclass(frozen=True)
class Rename:
    """Move a text, with `both` in both languages; what stands there already is lost."""

    path: str
    to: str
    both: bool

    def apply(self, root: Path) -> None:
        """Do it."""
        pairs = zip(pair(self.path), pair(self.to), strict=True) if self.both else [(self.path, self.to)]
        for path, to in pairs:
            if (root / path).is_file() and not (root / to).is_dir():
                (root / to).parent.mkdir(parents=True, exist_ok=True)
                (root / path).replace(root / to)


@dataclass(frozen=True)
class Touch:
    """Give a file another time, so many days after the first of 1970, and none of its bytes another value."""

    path: str
    days: int

    def apply(self, root: Path) -> None:
        """Do it."""
        if (root / self.path).is_file():
            os.utime(root / self.path, (self.days * 86_400,) * 2)


@dataclass(frozen=True)
class SetMode:
    """Give a file other rights."""

    path: str
    mode: int

    def apply(self, root: Path) -> None:
        """Do it."""
        if (root / self.path).is_file():
            (root / self.path).chmod(self.mode)


@dataclass(frozen=True)
class Become:
    """Put something in the place of a file: one of KINDS."""

    path: str
    kind: str

    def apply(self, root: Path) -> None:
        """Do it."""
        file = root / self.path
        if file.is_file() and not file.is_symlink():
            become(file, self.kind)


def become(file: Path, kind: str) -> None:
    """Put one of KINDS in the place of a file; a link leads to what the file was, or to nothing."""
    elsewhere = file.with_name(f"{file.name}.orig")  # a leftover, which nothing reads by this name
    if kind == "link":
        file.replace(elsewhere)
    else:
        file.unlink()
    if kind == "folder":
        file.mkdir()
    else:
        file.symlink_to(elsewhere.name)


def remove(path: Path) -> None:
    """Delete a file, a link or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def pair(path: str) -> tuple[str, ...]:
    """Return the paths of a text and of its translation; a file of another kind is alone."""
    if not path.endswith(".md"):
        return (path,)
    stem = path.removesuffix(".md").removesuffix(".es")
    return (f"{stem}.md", f"{stem}.es.md")
