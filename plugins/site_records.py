# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each file of a built site says by itself to those who check it, looked up where its bytes are known."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol, TypeVar

from plugins.calendar_checks import SINGLE, CalendarChecks
from plugins.calendar_lines import Fault
from plugins.example_addresses import example_in
from plugins.page_parser import parse
from plugins.page_rules import PageRecord, record_of
from plugins.private_links import PrivateLinks
from plugins.trainings.memo import Memo
from schedule.addresses import Addresses
from schedule.model import LANGUAGES

T = TypeVar("T")

# The editor's pages are a program's, which makes all that is on them.
_EDITOR = frozenset(
    addresses.file(addresses.editor) for addresses in (Addresses("", language) for language in LANGUAGES)
)


class SiteFiles(Protocol):
    """The files of a site, by their paths."""

    @property
    def paths(self) -> Collection[str]:
        """All of them."""

    @property
    def digests(self) -> Mapping[str, bytes]:
        """The SHA-256 of the bytes of each."""

    def read(self, path: str) -> bytes:
        """Return the bytes of one."""


class FilesOnDisk:
    """The files of a site that is built in a folder, read at once."""

    def __init__(self, output: Path) -> None:
        self._files = {
            file.relative_to(output).as_posix(): file.read_bytes()
            for file in output.rglob("*")
            if file.is_file()
        }
        self.digests = {path: sha256(data).digest() for path, data in self._files.items()}

    @property
    def paths(self) -> Collection[str]:
        """All of them."""
        return self._files.keys()

    def read(self, path: str) -> bytes:
        """Return the bytes of one."""
        return self._files[path]


@dataclass(frozen=True, slots=True)
class SiteRecords:
    """What was found in each file, by its path, in the order of the paths."""

    private: list[str] = field(default_factory=list)
    """Files that hold the private link of a session."""
    calendars: dict[str, tuple[Fault, ...]] = field(default_factory=dict)
    pages: dict[str, PageRecord] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)
    """What to say of files that name an address for examples."""


def look_at(
    files: SiteFiles, memo: Memo, secrets: Iterable[str], folder: str, examples_beside: str | None
) -> SiteRecords:
    """Look at each file by itself; parameters as of `check_files`.

    What was found is kept with all that it depends on, and the digest of the file stands for its bytes.
    """
    found, links, calendars = SiteRecords(), PrivateLinks(secrets), CalendarChecks()
    paths = sorted(files.paths)
    # What has passed of single events need not be read again in the feeds, which come first.
    for path in (path for path in paths if path.endswith(SINGLE)):
        calendars.learn(_File(path, files, memo).known("calendar", None))
    for path in paths:
        file = _File(path, files, memo)
        if file.kept("private link", links.digest, links.stand_in):
            found.private.append(path)
        if examples_beside and (
            said := file.kept("example", examples_beside, partial(example_in, path, examples_beside))
        ):
            found.examples[path] = said
        if path.endswith(".ics"):
            look = partial(calendars.look, path)
            found.calendars[path] = file.kept("calendar", None, look).faults
        elif path.endswith(".html") and path not in _EDITOR:
            found.pages[path] = file.kept("page", folder, partial(_page, path, folder))
    return found


class _File:
    """A file of a site, which is read once, and only if something has to be looked up in it."""

    __slots__ = ("_bytes", "_digest", "_files", "_memo", "_path")

    def __init__(self, path: str, files: SiteFiles, memo: Memo) -> None:
        self._path, self._files, self._memo = path, files, memo
        self._digest = files.digests[path]
        self._bytes: bytes | None = None

    def known(self, what: str, inputs: object) -> Any | None:
        """Return what is kept of the file; None if there is nothing."""
        return self._memo.known(("check", what, self._path), (self._digest, inputs))

    def kept(self, what: str, inputs: object, look: Callable[[bytes], T]) -> T:
        """Return what `look` finds in the file, as it does whenever the file has these bytes, with these inputs."""
        return self._memo.get(("check", what, self._path), (self._digest, inputs), lambda: look(self._read()))

    def _read(self) -> bytes:
        if self._bytes is None:
            self._bytes = self._files.read(self._path)
        return self._bytes


def _page(path: str, folder: str, data: bytes) -> PageRecord:
    return record_of(parse(path, data.decode(), folder))
