# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tells whether files have changed, in one process; most without reading them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

from plugins.trainings.pictures import MOST_BYTES

SETTLED = 3_000_000_000
"""Nanoseconds after which a file system gives another time to another change; FAT's are two seconds long."""

_Place = tuple[int, int, int, int, int]


@dataclass(slots=True)
class FileStates:
    """What files held when they were last read.

    The time of the last save can be set, and size and inode can stay. What cannot be set is the time at which the
    system noted the last change of a file, its `ctime`: where that is the same, and was long ago when the file was
    read, the bytes are the same. Else they are read, as git does it (its "racy" entries).
    """

    now: Callable[[], int] = time.time_ns
    _known: dict[str, tuple[_Place, int, object]] = field(default_factory=dict)

    def of(self, file: str) -> object:
        """Return what changes with a file's bytes; None for one that cannot be read, or has gone."""
        try:
            found = os.stat(file)  # noqa: PTH116 - thousands of them, one by one
            place = (
                found.st_ctime_ns,
                found.st_mtime_ns,
                found.st_size,
                found.st_ino,
                found.st_dev,
            )
            known = self._known.get(file)
            if known is not None and known[0] == place and found.st_ctime_ns < known[1] - SETTLED:
                return known[2]
            read_at = self.now()
            state = found.st_size if found.st_size > MOST_BYTES else _digest(file)
        except OSError:
            self._known.pop(file, None)
            return None
        self._known[file] = (place, read_at, state)
        return state


def _digest(file: str) -> bytes:
    with open(file, "rb") as opened:  # noqa: PTH123 - thousands of them, one by one
        return sha256(opened.read()).digest()
