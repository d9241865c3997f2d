# SPDX-License-Identifier: AGPL-3.0-or-later
"""Temporary folders in memory: what tests write is gone a moment later, and need not wait for a disk.

Databases wait for theirs at each commit, which took longer than all that the tests of the stores compute.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - Linux has it for all, and folders of one's own are made in it
NEEDED = 2 * 1024**3
"""Bytes that a run of all tests writes at most; containers often have 64 MB of such memory."""


def fits(flags: int, free: int) -> bool:
    """Whether a file system with these flags (statvfs) and so many free bytes takes all that tests write, and runs it."""
    return not flags & os.ST_NOEXEC and free >= NEEDED


def use_memory() -> None:
    """Let this process, and those that it starts, have their temporary folders in memory, unless TMPDIR says where."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK | os.X_OK):
        return
    found = os.statvfs(MEMORY)
    if fits(found.f_flag, found.f_bavail * found.f_frsize):
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # it is looked for once
