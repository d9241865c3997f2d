# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether a file has changed, mostly without reading it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from plugins.trainings.file_states import SETTLED, FileStates


class Reads:
    """A clock that tells how often files have been read: it is asked for at each reading."""

    def __init__(self, ahead: int) -> None:
        self.count = 0
        self._ahead = ahead

    def __call__(self) -> int:
        self.count += 1
        return time.time_ns() + self._ahead


LATER = 2 * SETTLED


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "a.md"
    file.write_text("one")
    return file


def test_a_file_that_was_saved_long_before_it_was_read_is_read_once(file: Path) -> None:
    reads = Reads(LATER)
    states = FileStates(reads)

    assert (states.of(str(file)), reads.count) == (states.of(str(file)), 1)


def test_a_file_that_was_just_saved_is_read_again(file: Path) -> None:
    reads = Reads(0)
    states = FileStates(reads)

    assert (states.of(str(file)), states.of(str(file)), reads.count)[::2] == (FileStates().of(str(file)), 2)


def test_a_text_of_the_same_size_and_time_in_the_same_file_is_another_state(file: Path) -> None:
    states = FileStates(Reads(LATER))
    before, known = states.of(str(file)), file.stat()
    for _ in range(1_000_000):  # until the file system's clock, which goes in steps, has gone on
        with file.open("r+") as open_file:
            open_file.write("two")
        os.utime(file, ns=(known.st_atime_ns, known.st_mtime_ns))
        if file.stat().st_ctime_ns != known.st_ctime_ns:
            break

    assert states.of(str(file)) not in (before, None)


def test_a_file_that_is_put_back_has_its_state_again(file: Path) -> None:
    states = FileStates(Reads(LATER))
    before = states.of(str(file))
    file.unlink()
    gone = states.of(str(file))
    file.write_text("one")

    assert (gone, states.of(str(file))) == (None, before)
