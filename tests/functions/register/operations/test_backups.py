# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which backups stay, and that an archive is whole or not there."""

from __future__ import annotations

import signal
import subprocess
import sys
import tarfile
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from register.operations import backups
from register.operations.backups import BackupError, superseded
from tests.support.constants import HOUR, MINUTE, NOW, ROOT, SECOND

DAY = timedelta(days=1)
CONTENTS = {"register.sqlite3": b"SQLite format 3\x00" * 400, "register.env": b"REGISTER_SITE=https://x\n"}
THEN = NOW.replace(microsecond=0)


def test_all_of_the_last_hour_stay_then_one_an_hour_then_one_a_day() -> None:
    each_minute = [THEN - MINUTE * number for number in range(20 * 24 * 60)]
    stay = sorted(set(each_minute) - superseded(each_minute, days=14, now=THEN), reverse=True)

    assert stay[:61] == each_minute[:61]
    hours = [instant for instant in stay[61:] if instant >= THEN - DAY]
    days = [instant for instant in stay[61:] if instant < THEN - DAY]
    assert [instant.hour for instant in hours] == [*range(15, -1, -1), *range(23, 16, -1)]
    assert [instant.day for instant in days] == list(range(19, 5, -1))


def test_no_gap_is_longer_than_was_promised_however_long_it_goes_on() -> None:
    left = set[datetime]()
    for number in range(3000):
        now = THEN + 7 * MINUTE * number
        left = (left | {now}) - superseded(left | {now}, days=3, now=now)

    gaps = [(now - newer, newer - older) for newer, older in pairwise(sorted(left, reverse=True))]
    assert max(gap for age, gap in gaps if age < HOUR - 7 * MINUTE) == 7 * MINUTE
    assert max(gap for age, gap in gaps if age < DAY - HOUR) < 2 * HOUR
    assert max(gap for _, gap in gaps) < 2 * DAY
    assert max(age + gap for age, gap in gaps) <= 3 * DAY
    assert len(left) < 9 + 25 + 4


def test_nothing_is_older_than_people_were_told_but_the_newest_stays() -> None:
    assert superseded([THEN - 15 * DAY, THEN - 20 * DAY], days=14, now=THEN) == {THEN - 20 * DAY}
    assert superseded([THEN, THEN - 15 * DAY], days=14, now=THEN) == {THEN - 15 * DAY}


def test_a_clock_that_was_ahead_leaves_backups_that_are_neither_deleted_nor_taken_for_the_newest(
    tmp_path: Path,
) -> None:
    backups.save(tmp_path, CONTENTS, now=NOW + 300 * DAY)
    right = backups.save(tmp_path, {"register.env": b""}, now=NOW)

    assert backups.thin(tmp_path, days=1, now=NOW) == 2
    assert backups.newest(tmp_path, now=NOW + SECOND).file == right.file


def test_an_archive_gives_back_what_it_was_given_and_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    saved = backups.save(folder, CONTENTS, now=NOW)

    assert saved == backups.Saved(folder / "register-20261120T170000Z.tar", is_new=True)
    assert backups.read(saved.file) == CONTENTS
    assert [oct(path.stat().st_mode & 0o777) for path in (folder, saved.file)] == ["0o700", "0o600"]


def test_where_nothing_has_changed_the_newest_backup_is_enough(tmp_path: Path) -> None:
    first = backups.save(tmp_path, CONTENTS, now=NOW)
    assert backups.save(tmp_path, CONTENTS, now=NOW + MINUTE) == backups.Saved(first.file, is_new=False)

    changed = CONTENTS | {"register.env": b"REGISTER_SITE=https://y\n"}
    assert backups.save(tmp_path, changed, now=NOW + MINUTE).is_new
    assert backups.save(tmp_path, CONTENTS, now=NOW + 2 * MINUTE).is_new


def test_a_newest_backup_that_is_not_whole_is_not_enough(tmp_path: Path) -> None:
    first = backups.save(tmp_path, CONTENTS, now=NOW)
    first.file.write_bytes(b"")

    assert backups.save(tmp_path, CONTENTS, now=NOW + MINUTE).is_new


def test_a_newest_backup_that_a_disk_has_damaged_is_not_enough(tmp_path: Path) -> None:
    first = backups.save(tmp_path, CONTENTS, now=NOW)
    first.file.write_bytes(first.file.read_bytes().replace(b"SQLite", b"SQLitf", 1))

    assert backups.save(tmp_path, CONTENTS, now=NOW + MINUTE).is_new


@pytest.mark.parametrize("at", [0, 300, 600, 1800, 4000])
def test_a_part_of_an_archive_is_no_backup(tmp_path: Path, at: int) -> None:
    file = backups.save(tmp_path, CONTENTS, now=NOW).file
    file.write_bytes(file.read_bytes()[:at])

    with pytest.raises(BackupError) as caught:
        backups.read(file)
    assert str(caught.value) in {
        f"{file}: is no whole backup; take another one",
        f"{file}: is damaged; take another backup",
    }


def test_an_archive_of_which_one_byte_is_another_is_no_backup(tmp_path: Path) -> None:
    file = backups.save(tmp_path, CONTENTS, now=NOW).file
    image = bytearray(file.read_bytes())
    image[image.index(b"SQLite format 3") + 100] ^= 1
    file.write_bytes(image)

    with pytest.raises(BackupError, match="is damaged; take another backup"):
        backups.read(file)


def test_an_archive_of_something_else_is_no_backup(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Dear")
    with tarfile.open(tmp_path / "other.tar", "w") as archive:
        archive.add(tmp_path / "letter", "letter")

    with pytest.raises(BackupError, match=r"other.tar: is no whole backup"):
        backups.read(tmp_path / "other.tar")


def test_a_file_that_begins_as_a_compressed_one_is_no_backup(tmp_path: Path) -> None:
    file = tmp_path / "register.tar.gz"
    file.write_bytes(b"\x1f\x8b\x08\x00half")

    with pytest.raises(BackupError, match="is no whole backup"):
        backups.read(file)


def test_what_a_killed_backup_has_left_is_no_backup_and_goes(tmp_path: Path) -> None:
    left = tmp_path / ".register-20261120T165900Z.tar.part"
    left.write_bytes(b"half")
    with pytest.raises(BackupError, match="there is no backup in it"):
        backups.newest(tmp_path, now=NOW)

    file = backups.save(tmp_path, CONTENTS, now=NOW).file

    assert list(tmp_path.iterdir()) == [file]


WRITES_TOO_MUCH = """
import resource, signal, sys
from pathlib import Path
from register.operations import backups
from tests.support.constants import MINUTE, NOW

if sys.argv[2] == "killed":
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
try:
    backups.save(Path(sys.argv[1]), {"register.sqlite3": bytes(3_000_000)}, now=NOW + MINUTE)
except backups.BackupError as error:
    print(error)
"""


@pytest.mark.parametrize("end", ["killed", "full"])
def test_a_backup_that_ends_in_the_middle_of_writing_leaves_the_earlier_ones(
    tmp_path: Path, end: str
) -> None:
    first = backups.save(tmp_path, CONTENTS, now=NOW).file

    words = [sys.executable, "-c", WRITES_TOO_MUCH, str(tmp_path), end]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)

    said = f"{tmp_path}: no backup was made: File too large; make room on its disk\n"
    assert (done.returncode, done.stdout) == {"killed": (-signal.SIGXFSZ, ""), "full": (0, said)}[end]
    assert [backup.file for backup in backups.backups_in(tmp_path)] == [first]
    assert len(list(tmp_path.iterdir())) == {"killed": 2, "full": 1}[end]
    next_ = backups.save(tmp_path, {"register.env": b""}, now=NOW + 2 * MINUTE).file
    assert sorted(tmp_path.iterdir()) == [first, next_]


def test_other_files_in_the_folder_stay(tmp_path: Path) -> None:
    (tmp_path / "register-notes.tar").write_text("mine")
    for days in range(40):
        backups.save(tmp_path, {"register.env": bytes(days)}, now=THEN - days * DAY)

    assert backups.thin(tmp_path, days=14, now=THEN) == 15
    assert (tmp_path / "register-notes.tar").exists()


def test_a_folder_that_is_not_there_is_said_with_the_next_step(tmp_path: Path) -> None:
    away = tmp_path / "disk" / "backups"

    with pytest.raises(BackupError) as caught:
        backups.save(away, CONTENTS, now=NOW)
    assert str(caught.value) == f"{away}: no backup was made: No such file or directory; is its disk there?"
