# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that are whole or not there, whatever ends the program: written aside, and then renamed."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_NEXT_STEPS = {
    errno.ENOSPC: "make room on its disk",
    errno.EFBIG: "make room on its disk",
    errno.EDQUOT: "make room on its disk",
    errno.ENOENT: "is its disk there?",
    errno.EACCES: "run it as the user to whom it belongs",
    errno.EPERM: "run it as the user to whom it belongs",
    errno.EROFS: "its disk takes no changes; name another one, or ask your computer people",
}


def because(error: OSError) -> str:
    """Return what the system says, and what to do about it, if that is known."""
    reason = error.strerror or type(error).__name__
    next_step = _NEXT_STEPS.get(error.errno or 0)
    return f"{reason}; {next_step}" if next_step else reason


def put(file: Path, content: bytes) -> None:
    """Put a file in place, for its owner alone, when all of it is on the disk. Raises OSError."""
    with written_aside(file, content) as put_in_place:
        put_in_place()


@contextmanager
def written_aside(file: Path, content: bytes) -> Iterator[Callable[[], None]]:
    """Write a file beside its place, for its owner alone; what is given puts it there. Raises OSError."""
    aside = file.with_name(f".{file.name}.part")

    def put_in_place() -> None:
        aside.replace(file)
        _keep_name(file.parent)

    aside.unlink(missing_ok=True)
    try:
        number = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(number, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(number)
        yield put_in_place
    finally:
        aside.unlink(missing_ok=True)


def _keep_name(folder: Path) -> None:
    """Let a new name in a folder survive a loss of power."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
