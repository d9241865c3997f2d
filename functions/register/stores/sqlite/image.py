# SPDX-License-Identifier: AGPL-3.0-or-later
"""A whole SQLite database as bytes, for backups: taken while others write, and looked at before it is trusted.

Nothing here brings a database to this program's schema: what a backup holds is what was there.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from register.stores.errors import StoreUnavailable
from register.stores.sqlite.database import BUSY_TIMEOUT, FAULTS, unavailable

_WAL_FILES = ("-wal", "-shm")
# Where the header says how the file is written; a database in memory has no write-ahead log
# (https://sqlite.org/fileformat.html, 1.3.2).
_WRITES, _WITHOUT_LOG = slice(18, 20), b"\x01\x01"
# The bytes that everybody locks who has a database open in WAL mode: of the file itself (SQLite's os.h: SHARED_FIRST,
# SHARED_SIZE), and of the one with the end -shm (os_unix.c: UNIX_SHM_DMS).
_LOCKED = {"": (0x40000002, 510), "-shm": (128, 1)}


class Contents(NamedTuple):
    """What is in a database, in numbers."""

    sessions: int
    registrations: int


def files_of(path: Path) -> tuple[Path, ...]:
    """Return a database's file, and those that SQLite may have put beside it."""
    return (path, *(path.with_name(path.name + end) for end in _WAL_FILES))


def taken(path: Path) -> bytes:
    """Return a database as it is at one instant, while others write. Raises StoreUnavailable."""
    if not path.exists() or not path.stat().st_size:
        raise StoreUnavailable(f"{path}: there is no database; start the server once, or restore a backup")
    try:
        # Not made anew if it has gone in this moment.
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as connection:
            connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}")
            connection.execute("BEGIN")
            # What is damaged is named here; `serialize` says only that it could not.
            connection.execute("SELECT name FROM sqlite_schema").fetchall()
            return connection.serialize()
    except FAULTS as error:
        raise unavailable(path, error) from error


def looked_at(image: bytes, name: str) -> Contents:
    """Return what is in the bytes of a database, having read all of them. Raises StoreUnavailable; `name` says whose.

    Nothing that is stored is quoted.
    """
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.deserialize(image[: _WRITES.start] + _WITHOUT_LOG + image[_WRITES.stop :])
            found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(5)")]
            if found != ["ok"]:
                raise sqlite3.DatabaseError("; ".join(found))
            tables = ("sessions", "registrations")
            return Contents(
                *(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)
            )
    except FAULTS as error:
        raise StoreUnavailable(f"{name}: is no whole database of sign-ups ({error})") from error


@contextmanager
def held_alone(path: Path) -> Iterator[None]:
    """Keep a database that nobody has open from being opened. Raises StoreUnavailable if somebody has it open.

    So may somebody whose file has been deleted: they go on in it unseen, while another one stands in its place.
    """
    with ExitStack() as held:
        for end, (first, size) in _LOCKED.items():
            try:
                file = os.open(path.with_name(path.name + end), os.O_RDWR)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise unavailable(path, error) from error
            held.callback(os.close, file)
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, size, first)
            except OSError as error:
                raise StoreUnavailable(f"{path}: is in use; stop the server first, then try again") from error
        yield
