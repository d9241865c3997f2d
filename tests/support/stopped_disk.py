# SPDX-License-Identifier: AGPL-3.0-or-later
"""A disk that stops in the midst of a build, by Python's own events of what a program asks the system for.

Nothing is patched: whatever changes files raises such an event first, whichever way it is written.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_CHANGES = {
    "os.chmod",
    "os.link",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.symlink",
    "os.truncate",
    "os.utime",
}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Killed(BaseException):
    """The process is no more: nothing that it would still do to files happens, whatever it catches."""


@dataclass
class Stop:
    """What happens at the call numbered `at` (from 1) that changes something below `root`.

    Killed, nothing works from then on, and the file that was opened last has half of its bytes. A full disk
    raises OSError once: what is deleted then makes room.
    """

    root: str
    at: int
    killed: bool
    calls: int = 0
    opened: str | None = None
    """The file that was opened for writing, with nothing done since."""

    def see(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Count a call, and stop it if it is its turn."""
        if not self._counts(event, arguments):
            return
        self.calls += 1
        if self.killed and self.calls >= self.at:
            if self.calls == self.at and self.opened and os.path.isfile(self.opened):  # noqa: PTH113 - no event
                with open(self.opened, "r+b") as half:  # noqa: PTH123 - no event, either
                    half.truncate(os.fstat(half.fileno()).st_size // 2)
            raise Killed
        self.opened = str(arguments[0]) if event == "open" else None
        if self.calls == self.at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _counts(self, event: str, arguments: tuple[Any, ...]) -> bool:
        if event != "open" and event not in _CHANGES:
            return False
        if event == "open" and not arguments[2] & _WRITING:
            return False
        named = arguments[:2] if event in {"os.link", "os.rename"} else arguments[:1]
        paths = [str(one) for one in named if isinstance(one, str | os.PathLike)]
        # shutil.rmtree names what it deletes within folders that it has opened.
        return any(path.startswith(self.root) or not path.startswith("/") for path in paths)


See = Callable[[str, tuple[Any, ...]], object]
"""What is told the name and the arguments of each event, before it happens."""

_sees: list[See] = []
"""Who listens now: an audit hook cannot be taken away again."""


@cache
def _hear() -> None:
    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if _sees:
            see = _sees.pop()  # what it does itself is no call of the program's
            try:
                see(event, arguments)
            finally:
                _sees.append(see)

    sys.addaudithook(hook)


@contextmanager
def listening(see: See) -> Iterator[None]:
    """Let a function be told what this process asks the system for; what it raises, the caller gets."""
    _hear()
    _sees.append(see)
    try:
        yield
    finally:
        _sees.remove(see)


@contextmanager
def stopped(root: Path, at: int, *, killed: bool) -> Iterator[Stop]:
    """Let the disk stop below a folder at a call; being killed ends the block and is raised no further."""
    stop = Stop(str(root), at, killed)
    with suppress(Killed), listening(stop.see):
        yield stop


@contextmanager
def meanwhile(event: str, end: str, does: Callable[[], object]) -> Iterator[None]:
    """Let something happen once: just before the first event that follows one on a path with this end.

    The path is the last one that the event names.
    """
    happened: list[str] = []

    def see(name: str, arguments: tuple[Any, ...]) -> None:
        if happened == ["this"]:
            happened.append("the next one")
            does()
        paths = [str(one) for one in arguments if isinstance(one, str | os.PathLike)]
        if not happened and name == event and paths and paths[-1].endswith(end):
            happened.append("this")

    with listening(see):
        yield
    if len(happened) < 2:
        raise LookupError(f"there was no {event} of {end}")
