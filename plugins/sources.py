# SPDX-License-Identifier: AGPL-3.0-or-later
"""Digests of all that a build reads: where they are as they were, what it makes is too.

Whatever a build comes to read belongs here. What is in files counts, and not their times, which can stay when a file
gets another text; but git, and people who compare calendars, go by the times of files that are not committed.
"""

from __future__ import annotations

import os
import sys
import time
import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Any

from plugins.trainings.file_states import FileStates
from plugins.trainings.output import umask
from plugins.trainings.repository import Position, position
from plugins.trainings.settings_file import build_date
from schedule.leftovers import is_leftover
from schedule.walltime import ZONE

PROJECT = Path(__file__).resolve().parents[1]
CODE = ("plugins", "schedule", "functions/register")
"""What runs in a build, with the files that lie among it; templates are checked against the function's contexts."""
_PACKAGES = frozenset(Path(folder).name for folder in CODE)
_NO_PROGRAM = frozenset({"OUTPUT_PATH", "BUILD_PATH", "BUILD_DATE"})
"""Settings that change no result that is kept, or, as the day, are among the inputs of those that they change."""
_NAMING_MODULES = ("PLUGINS", "TEMPLATE_CONTEXTS")


@dataclass(frozen=True, slots=True)
class Sources:
    """What a build reads, as digests."""

    program: str
    """Of what makes a site of its content: code, libraries, settings, templates, translations."""
    content: str = ""
    """Of all else that a build reads, but for what stands published; empty where nobody asks for it."""
    published: str = ""
    """Of what the last build has published, if this one looks at it."""
    repository: Position | None = None
    """Where the repository around the content stands, if somebody has looked."""
    looked: int = field(default=0, compare=False)
    """When somebody began to look, in nanoseconds since 1970."""

    @property
    def everything(self) -> str:
        """Of all that a build reads."""
        return f"{self.program} {self.content} {self.published}"


def look(settings: Mapping[str, Any], folder: Path, published: Path, states: FileStates) -> Sources:
    """Look at all that a build reads. Raises SiteError where git cannot tell.

    `folder` is that of the settings' file, and `published` the private folder of the last build, which one for the
    public reads. What the files of the content hold is noted in `states`.
    """
    content = Path(settings["PATH"])
    looked = time.time_ns()
    repository = position(content)
    return Sources(
        program_digest(settings, folder),
        content_digest(settings, repository, states),
        published_digest(settings, published),
        repository,
        looked,
    )


def has_changed_since(settings: Mapping[str, Any], looked: int) -> bool:
    """Whether anything in the content or the theme was changed after `looked` (nanoseconds since 1970).

    It goes by the time at which the system noted a change, which nobody can set; where that is some milliseconds
    behind, it is before those in which git was asked, and nothing had been read.
    """
    folders = (Path(settings["PATH"]), Path(settings["THEME"]))
    found = (entry.stat(follow_symlinks=False) for folder in folders for entry in _walk(str(folder)))
    times = chain((folder.stat().st_ctime_ns for folder in folders), (stat.st_ctime_ns for stat in found))
    return any(changed > looked for changed in times)


def content_digest(settings: Mapping[str, Any], repository: Position | None, states: FileStates) -> str:
    """Return the digest of all that a build reads besides its program, but for what stands published."""
    content, theme = Path(settings["PATH"]), Path(settings["THEME"])
    return _digest(
        [
            str(build_date(settings.get("BUILD_DATE"), zoneinfo.ZoneInfo(ZONE))),
            f"{umask():o}",
            *_theme(theme / "static"),
            *_tree(content, lambda file: (f"{file} {states.of(file)!r}",)),
            *_history(content, repository),
            *(_editor() if settings.get("EDITOR") else ()),
        ]
    )


def published_digest(settings: Mapping[str, Any], published: Path) -> str:
    """Return the digest of what stands published, by its private folder, as far as a build reads it."""
    return _digest(_file(published / "schedule.json") if settings.get("PRODUCTION") else ())


def program_digest(settings: Mapping[str, Any], folder: Path) -> str:
    """Return the digest of what makes a site of its content; `folder` is that of the settings' file."""
    theme = Path(settings["THEME"])
    return _digest(
        [
            code_digest(),
            *(f"{name} = {value!r}" for name, value in sorted(settings.items()) if name not in _NO_PROGRAM),
            # They import each other, and can do more than to give values.
            *(line for file in sorted(folder.glob("*conf.py")) for line in _file(file)),
            *_modules(settings),
            *(line for name in ("templates", "translations") for line in _theme(theme / name)),
        ]
    )


@cache
def code_digest() -> str:
    """Return the digest of what runs in this process, as it was when this was first asked: it is not read again."""
    return _digest(
        [
            sys.version,
            *_libraries(),
            *(line for folder in CODE for line in _tree(PROJECT / folder)),
            *_file(PROJECT / "requirements" / "editor.txt"),
            *(line for place in zoneinfo.TZPATH for line in _file(Path(place, ZONE))),
        ]
    )


def _digest(lines: Iterable[str]) -> str:
    digest = sha256()
    for line in lines:
        data = line.encode("utf-8", "surrogateescape")
        digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()


def _libraries() -> Iterator[str]:
    """Yield the installed libraries with their versions, and when each was installed."""
    for place in sys.path:
        try:
            entries = sorted(os.scandir(place or "."), key=lambda entry: entry.name)
        except OSError:  # many Pythons name a zip file that is not there
            continue
        for entry in entries:
            if entry.name.endswith((".dist-info", ".egg-info", ".pth")):
                yield f"{entry.name} {entry.stat(follow_symlinks=False).st_mtime_ns}"


def _modules(settings: Mapping[str, Any]) -> Iterator[str]:
    """Yield the code of plugins that somebody has from elsewhere."""
    names = {
        str(name).partition(":")[0].partition(".")[0]
        for key in _NAMING_MODULES
        for name in settings.get(key, ())
    }
    for name in sorted(names - _PACKAGES):
        spec = find_spec(name)
        if spec is None:
            yield f"no {name}"
        elif spec.submodule_search_locations is None:
            yield from _file(Path(spec.origin or ""))
        else:
            yield from (line for folder in spec.submodule_search_locations for line in _tree(Path(folder)))


def _file(file: Path | str) -> Iterator[str]:
    try:
        with open(file, "rb") as opened:  # noqa: PTH123 - thousands of them, one by one
            yield f"{file} {sha256(opened.read()).hexdigest()}"
    except OSError as error:
        yield f"{file} {error.errno}"


def _theme(folder: Path) -> Iterator[str]:
    return (line for line in _tree(folder, without_leftovers=True))


def _history(content: Path, repository: Position | None) -> Iterator[str]:
    """Yield what git tells of the content, and the times that count because it does not."""
    yield f"{repository and (repository.head, repository.grafts, sorted(repository.edited))}"
    names = _names(content) if repository is None else repository.edited
    for name in sorted(names):
        try:
            yield f"{name} {int((content / name).stat().st_mtime)}"
        except OSError:  # deleted
            yield f"{name} 0"


def _editor() -> Iterator[str]:
    """Yield what has been fetched for the browser editor: a program of some megabytes, which nobody edits."""
    folder = PROJECT / ".cache" / "editor"
    for name in sorted(_names(folder)):
        found = (folder / name).stat()
        yield f"{name} {found.st_size} {found.st_mtime_ns}"


def _names(folder: Path) -> list[str]:
    return [os.path.relpath(entry.path, folder) for entry in _walk(str(folder)) if entry.is_file()]


def _tree(
    folder: Path, lines_of: Callable[[str], Iterable[str]] = _file, *, without_leftovers: bool = False
) -> Iterator[str]:
    """Yield all that is in a folder: names, and for each file the digest of its bytes, or what `lines_of` gives."""
    yield f"{folder}"
    for entry in _walk(str(folder)):
        if without_leftovers and is_leftover(Path(entry.path)):
            continue
        if entry.is_symlink():
            yield f"{entry.path} leads to {Path(entry.path).readlink()}"
        yield from lines_of(entry.path) if entry.is_file() else (f"{entry.path} is no file",)


def _walk(folder: str) -> Iterator[os.DirEntry[str]]:
    """Yield all that is in a folder, but for what a link leads to, in an order that is always the same."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name != "__pycache__":
            yield entry
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(entry.path)
