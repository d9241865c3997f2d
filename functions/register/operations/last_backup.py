# SPDX-License-Identifier: AGPL-3.0-or-later
"""A note beside the database that says when it was last backed up, and where to: the doctor reads it.

Whoever makes a backup holds it, so that two are not made at once.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from register.operations.backups import BackupError
from register.operations.files import because

_NOTE = "last-backup.json"


@dataclass(frozen=True, slots=True)
class LastBackup:
    """When the database was last seen to be backed up (UTC), and by which archive."""

    made: datetime
    file: Path


Keep = Callable[[LastBackup], None]


@contextmanager
def one_at_a_time(database: Path) -> Iterator[Keep]:
    """Wait for whoever is making a backup of a database; what is given keeps the note. Raises BackupError."""
    note = database.with_name(_NOTE)
    try:
        number = os.open(note, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise BackupError(f"{note}: {because(error)}") from error
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield lambda last: _write(number, note, last)
    finally:
        os.close(number)


def last_backup(database: Path) -> LastBackup | None:
    """Return what the note says; None where there is none, or nothing in it."""
    try:
        said = json.loads(database.with_name(_NOTE).read_bytes())
        return LastBackup(datetime.fromisoformat(said["made"]).astimezone(UTC), Path(said["file"]))
    except (OSError, ValueError, LookupError, TypeError):
        return None


def refuse_to_begin_anew(database: Path) -> None:
    """Raise BackupError if a database is gone that was backed up: people would sign up into an empty one."""
    last = last_backup(database)
    if last is None or (database.exists() and database.stat().st_size):
        return
    raise BackupError(
        f"{database}: is gone, but was there at {last.made:%Y-%m-%d %H:%MZ}; run register restore {last.file.parent}, "
        f"or delete {database.with_name(_NOTE)} to begin anew without the sign-ups"
    )


def _write(number: int, note: Path, last: LastBackup) -> None:
    said = json.dumps({"made": last.made.isoformat(), "file": str(last.file)}).encode()
    try:
        os.pwrite(number, said, 0)
        os.ftruncate(number, len(said))
    except OSError as error:
        raise BackupError(f"{note}: does not say that {last.file} was made: {because(error)}") from error
