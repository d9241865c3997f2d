# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the doctor says of one machine, in which words."""

from __future__ import annotations

import fcntl
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from register.operations import machine
from register.operations.backups import BackupError
from register.operations.doctor import Finding
from register.operations.last_backup import LastBackup, last_backup, one_at_a_time
from register.stores.memory import MemoryStore
from tests.support.builders import SESSION, opened
from tests.support.constants import HOUR, MINUTE, NOW, SECOND

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (30 * SECOND, "just now"),
        (MINUTE, "1 minute ago"),
        (59 * MINUTE, "59 minutes ago"),
        (25 * HOUR, "1 day ago"),
        (2 * DAY, "2 days ago"),
    ],
)
def test_a_site_of_today_or_yesterday_is_as_it_should_be(age: timedelta, words: str) -> None:
    assert machine.site_age(NOW - age, now=NOW, public=True) == Finding(f"site: built {words}")


def test_a_site_that_nobody_has_published_for_days_is_trouble_where_the_public_reads_it() -> None:
    built = NOW - 2 * DAY - MINUTE

    assert machine.site_age(built, now=NOW, public=True) == Finding(
        "site: built 2 days ago; run make publish, and see whether its timer runs", trouble=True
    )
    assert machine.site_age(built, now=NOW, public=False) == Finding("site: built 2 days ago")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive that is there."""
    file = tmp_path / "register-20261120T170000Z.tar"
    file.touch()
    return file


def test_a_backup_of_this_quarter_of_an_hour_is_as_it_should_be(archive: Path) -> None:
    last = LastBackup(NOW - 15 * MINUTE, archive)

    assert machine.backup_age(last, now=NOW, same_disk=False) == Finding(f"backup: 15 minutes ago, {archive}")
    assert machine.backup_age(last, now=NOW, same_disk=True) == Finding(
        f"backup: 15 minutes ago, {archive}; it is on the disk of the sign-ups: copy it to another machine, too"
    )


def test_a_backup_that_is_old_or_gone_or_was_never_made_is_trouble(archive: Path) -> None:
    old = LastBackup(NOW - 16 * MINUTE, archive)
    assert [
        machine.backup_age(last, now=NOW, same_disk=False)
        for last in (old, replace(old, file=Path("/nosuch")), None)
    ] == [
        Finding(f"backup: 16 minutes ago, {archive}; see whether its timer runs", trouble=True),
        Finding("backup: /nosuch is gone; is its disk there?", trouble=True),
        Finding("backup: none; run register backup each minute, as docs/operations.md says", trouble=True),
    ]


def test_while_nobody_has_signed_up_no_backup_is_missed() -> None:
    assert machine.backup_age(None, now=NOW, same_disk=False, is_empty=True) == Finding("backup: none yet")


def test_the_note_of_the_last_backup_is_the_newest_one_alone(tmp_path: Path) -> None:
    database = tmp_path / "register.sqlite3"
    assert last_backup(database) is None
    for last in (LastBackup(NOW, Path("/a/longer/name.tar")), LastBackup(NOW + HOUR, Path("/a.tar"))):
        with one_at_a_time(database) as keep:
            keep(last)
        assert last_backup(database) == last


def test_nobody_makes_a_backup_while_another_one_is_made(tmp_path: Path) -> None:
    with (
        one_at_a_time(tmp_path / "register.sqlite3"),
        (tmp_path / "last-backup.json").open() as note,
        pytest.raises(BlockingIOError),
    ):
        fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.mark.parametrize("said", ["", "{", "[]", '{"made": "then", "file": "x"}', '{"made": 1}'])
def test_a_note_that_cannot_be_read_is_none(tmp_path: Path, said: str) -> None:
    (tmp_path / "last-backup.json").write_text(said)

    assert last_backup(tmp_path / "register.sqlite3") is None


def test_a_note_for_which_there_is_no_room_is_said_with_the_next_step(tmp_path: Path) -> None:
    note = tmp_path / "last-backup.json"
    note.symlink_to("/dev/full")

    with (
        pytest.raises(BackupError) as caught,
        one_at_a_time(tmp_path / "register.sqlite3") as keep,
    ):
        keep(LastBackup(NOW, Path("/b/register.tar")))

    assert str(caught.value) == (
        f"{note}: does not say that /b/register.tar was made: No space left on device; make room on its disk"
    )


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (SECOND, "just now"),
        (2 * MINUTE, "2 minutes ahead of this machine's clock"),
        (3 * DAY, "3 days ahead of this machine's clock"),
    ],
)
def test_what_was_made_by_a_clock_that_was_ahead_is_said_to_be_so(
    archive: Path, ahead: timedelta, words: str
) -> None:
    last = LastBackup(NOW + ahead, archive)

    assert machine.backup_age(last, now=NOW, same_disk=False) == Finding(f"backup: {words}, {archive}")
    assert machine.site_age(NOW + ahead, now=NOW, public=True) == Finding(f"site: built {words}")


def test_a_note_that_somebody_has_written_without_a_time_zone_is_read_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "last-backup.json").write_text('{"made": "2026-11-20T17:00", "file": "/a.tar"}')

    last = last_backup(tmp_path / "register.sqlite3")

    assert last is not None
    assert last.made.utcoffset() == timedelta()


def test_a_clock_behind_what_was_stored_is_trouble(archive: Path) -> None:
    store = MemoryStore()
    people = opened(store)
    people.sign_up("Ana")
    roster = store.roster(SESSION)
    signed_up = roster[0].signed_up
    words = (
        f"clock: it is 2026-11-20 16:00Z here, but something was stored at {signed_up:%Y-%m-%d %H:%MZ}; set this "
        "machine's clock right, as by timedatectl"
    )

    assert machine.clock(roster, None, now=signed_up - 5 * MINUTE) == []
    assert machine.clock(roster, None, now=NOW - HOUR) == [Finding(words, trouble=True)]
    assert [each.trouble for each in machine.clock([], LastBackup(NOW + HOUR, archive), now=NOW)] == [True]
    assert machine.clock([], None, now=NOW) == []
