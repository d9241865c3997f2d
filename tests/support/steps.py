# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happens to a site between two builds, as data, and how it is chosen."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from hypothesis import strategies as st

from tests.support.constants import BUILD_DATE
from tests.support.edited_site import SETTINGS, EditedSite
from tests.support.edited_texts import NEW_FILES, texts_of
from tests.support.edits import (
    KINDS,
    WAYS,
    Become,
    Change,
    Delete,
    Edit,
    Rename,
    SetMode,
    Touch,
    Write,
    become,
    remove,
)

DAYS = (BUILD_DATE, "2026-12-03", "2026-12-04", "2027-02-09", "2028-03-01")
FOLDERS = ("content/sessions", "content/trainings", "content/trainers", "content/pages", "content/parents")
NAMES = ("a", "b", "c", "A", "e\u0301")
"""For texts; the last two are none: one differs from another by its case alone, one is not composed."""


T = TypeVar("T")


class Step(Protocol):
    """What happens between two builds."""

    def apply(self, site: EditedSite) -> None:
        """Let it happen."""


@dataclass(frozen=True)
class BuildAgain:
    """Nothing happens."""

    def apply(self, site: EditedSite) -> None:
        """Let it happen."""


@dataclass(frozen=True)
class Save:
    """Change one thing or several; with `mended`, what was broken is mended at the same time."""

    changes: tuple[Change, ...]
    mended: bool = False

    def apply(self, site: EditedSite) -> None:
        """Let it happen."""
        if self.mended and site.is_broken:
            site.mend()
        for change in self.changes:
            change.apply(site.root)
        site.sources_changed()


@dataclass(frozen=True)
class Day:
    """Another day comes, or an earlier one is asked for."""

    day: str

    def apply(self, site: EditedSite) -> None:
        """Let it happen."""
        site.today.day = self.day
        site.sources_changed()


@dataclass(frozen=True)
class Commit:
    """Commit everything."""

    def apply(self, site: EditedSite) -> None:
        """Let it happen."""
        site.commit()


@dataclass(frozen=True)
class GoBack:
    """Go back to the commit before the last one; what has not been committed is lost."""

    def apply(self, site: EditedSite) -> None:
        """Let it happen."""
        site.go_back()


@dataclass(frozen=True)
class Stop:
    """Change something, and be killed while it is built, or let the disk be full, at one of the calls of the file system."""

    changes: tuple[Change, ...]
    call: int
    killed: bool

    def apply(self, site: EditedSite) -> None:
        """Let it happen."""
        Save(self.changes).apply(site)
        site.build_until(self.call, killed=self.killed)


@dataclass(frozen=True)
class Spoil:
    """Do something to one of the files that were built, or are kept for the next build: `how` is one of SPOILED."""

    what: str
    number: int
    how: str

    def apply(self, site: EditedSite) -> None:
        """Let it happen."""
        top = {"output": site.output, "cache": site.cache}[self.what]
        files = [path for path in sorted(top.rglob("*")) if path.is_file()]
        if files:
            _spoil(files[self.number % len(files)], self.how)


SPOILED = (
    "longer", "of the same size", "half", "empty", "gone", "with another mode", "with another time", *KINDS,
    "with a file beside it", "with a folder beside it", "with its folder gone",
)  # fmt: skip
"""What becomes of a file that nobody but a build should touch."""


def _spoil(file: Path, how: str) -> None:
    data = file.read_bytes()
    match how:
        case "longer":
            file.write_bytes(data + b" ")
        case "of the same size":
            file.write_bytes(bytes(255 - one for one in data))
        case "half":
            file.write_bytes(data[: len(data) // 2])
        case "empty":
            file.write_bytes(b"")
        case "gone":
            file.unlink()
        case "with another mode":
            file.chmod(0o666)
        case "with another time":
            Touch(file.name, 365).apply(file.parent)
        case "with a file beside it":
            (file.parent / "foreign.html").write_text("Nobody knows this.")
        case "with a folder beside it":
            (file.parent / "foreign" / "folder").mkdir(parents=True, exist_ok=True)
        case "with its folder gone":
            remove(file.parent)
        case kind:
            become(file, kind)


@dataclass(frozen=True)
class Restore:
    """Put what a build kept, or all that it made too, in the place of what is there now, as from a backup."""

    with_output: bool

    def apply(self, site: EditedSite) -> None:
        """Let it happen."""
        for folder in (site.cache, site.output)[: 1 + self.with_output]:
            backup = site.root / ".cache" / "backup" / folder.name
            if backup.is_dir():
                remove(folder)
                shutil.copytree(backup, folder, symlinks=True)
            elif folder.is_dir():
                shutil.copytree(folder, backup, symlinks=True)


def steps(site: EditedSite) -> st.SearchStrategy[Step]:
    """Return the steps that the site may take next; the first of them is the simplest."""
    changes = st.lists(_changes(sorted(site.sources())), min_size=1, max_size=3).map(tuple)
    mended = st.sampled_from((True, True, False))
    spoiled = st.sampled_from(SPOILED)
    kept = (
        (1, st.builds(Spoil, st.just("cache"), st.integers(0, 2), spoiled)),
        (1, st.builds(Restore, st.booleans() if site.may_be_spoiled else st.just(value=False))),
    )
    output = ((2, st.builds(Spoil, st.just("output"), st.integers(0, 300), spoiled)),)
    return _weighted(
        (1, st.builds(BuildAgain)),
        (10, st.builds(Save, changes, mended)),
        (1, st.builds(Day, st.sampled_from(DAYS))),
        (2, st.builds(Commit)),
        (1, st.builds(GoBack)),
        (2, st.builds(Stop, changes, st.integers(1, 80), st.booleans())),
        *(() if site.is_served else kept),
        *(output if site.may_be_spoiled else ()),
    )


def _changes(files: list[str]) -> st.SearchStrategy[Change]:
    """Return what may be done to the files that are there, or may come: to content most of all."""
    content = [path for path in files if path.startswith("content/")]
    theme = [path for path in files if path.startswith("theme/")]
    texts = [path for path in content if path.endswith(".md")]
    to = st.builds("{}/{}.md".format, st.sampled_from(FOLDERS), st.sampled_from(NAMES))
    some, ways = st.sampled_from(files), st.sampled_from(WAYS)
    return _weighted(
        (8, _edit(content)),
        (2, _edit(theme)),
        (2, _edit([SETTINGS])),
        (4, st.builds(Write, st.sampled_from(sorted(NEW_FILES)), st.sampled_from((True, True, False)), ways)),
        (2, st.builds(Delete, some, st.sampled_from((True, True, False)))),
        (2, st.builds(Rename, st.sampled_from(texts), to, st.sampled_from((True, True, False)))),
        (1, st.builds(Touch, some, st.integers(1, 20_000))),
        (1, st.builds(SetMode, some, st.sampled_from((0o600, 0o644, 0o755)))),
        (1, st.builds(Become, st.sampled_from(content + theme), st.sampled_from(KINDS))),
    )


def _edit(paths: list[str]) -> st.SearchStrategy[Change]:
    return st.sampled_from(paths).flatmap(
        lambda path: st.builds(
            Edit,
            st.just(path),
            st.sampled_from(sorted(texts_of(path))),
            st.integers(1, 99),
            st.sampled_from(WAYS),
        )
    )


def _weighted(*choices: tuple[int, st.SearchStrategy[T]]) -> st.SearchStrategy[T]:
    """Return a strategy that chooses one of several, each as often as its number says."""
    return st.sampled_from([one for number, one in choices for _ in range(number)]).flatmap(lambda one: one)
