# SPDX-License-Identifier: AGPL-3.0-or-later
"""The SQLite database: its schema, its connections and its transactions."""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from register.domain.errors import ConfigError
from register.stores.errors import StoreError, StoreUnavailable
from register.stores.sqlite.schema import STEPS

BUSY_TIMEOUT = 10_000
"""Milliseconds that a transaction waits for one of another process (https://sqlite.org/pragma.html#pragma_busy_timeout)."""

_SETTINGS = (
    f"busy_timeout = {BUSY_TIMEOUT}",
    "journal_mode = WAL",
    # What has been answered must survive a loss of power: WAL alone keeps the file whole, not the last commits.
    "synchronous = FULL",
    "foreign_keys = ON",
    # What is deleted is overwritten, whatever SQLite was compiled with; what is sorted goes into no file of its own.
    "secure_delete = ON",
    "temp_store = MEMORY",
)

_CHECK_RIGHTS = "check that it is a file, and that it and its folder belong to whoever runs this"
RESTORE = "restore a backup, as docs/operations.md says"
_NEXT_STEPS = {
    "SQLITE_BUSY": "another program is at work on it; end that program, or try again",
    "SQLITE_CANTOPEN": _CHECK_RIGHTS,
    "SQLITE_PERM": _CHECK_RIGHTS,
    "SQLITE_READONLY": _CHECK_RIGHTS,
    "SQLITE_NOTADB": f"check REGISTER_STORE, or {RESTORE}",
    "SQLITE_CORRUPT": RESTORE,
    "SQLITE_ERROR": f"check REGISTER_STORE, or {RESTORE}",
    "SQLITE_FULL": "make room on its disk",
}
"""What to do about an error, by the beginning of its name (https://sqlite.org/rescode.html)."""

_SCRUB = "FROM facts WHERE name = 'to scrub'"
TO_SCRUB = "INSERT INTO facts VALUES ('to scrub', 'yes') ON CONFLICT DO NOTHING"
"""Keeps, in the transaction that deletes something about people, that the file is to be written anew."""

_FACTS = "SELECT name, value FROM facts"
_PRODUCTION = "production"

# What is not UTF-8 in a key cannot be asked for again.
FAULTS = (sqlite3.Error, OSError, UnicodeError)
"""What is raised where a file cannot be worked with."""

Connect = Callable[..., sqlite3.Connection]
"""Opens a database file; `sqlite3.connect` does."""


class NewerDatabase(StoreError):
    """A database that a newer version of this program has written."""

    def __init__(self, path: Path, version: int) -> None:
        super().__init__(
            f"{path}: has schema {version}, this program knows {len(STEPS)}; run the newer program, or restore a backup"
        )
        self.path = path
        self.version = version


class Database:
    """A file of its own: one connection writes, as SQLite lets one do so at a time; others read beside it.

    The lock around the writing transaction keeps threads out of SQLite's busy back-off, which sleeps up to
    100 ms at a time; other processes still meet it.
    """

    def __init__(self, path: Path, connect: Connect = sqlite3.connect) -> None:
        self.path = path
        self._open = connect
        self._write_lock = threading.Lock()
        with self._translated():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _for_its_owner_alone(path)
            self._writer = self._connect()
            self._readers: deque[sqlite3.Connection] = deque()
        try:
            self._migrate()
        except StoreError:
            self._writer.close()
            raise

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Run a transaction: all of it is on the disk when the block ends, or nothing if it raises."""
        connection = self._writer
        with self._write_lock:
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except FAULTS as error:
                raise unavailable(self.path, error) from error
            finally:
                if connection.in_transaction:  # something was raised, and SQLite itself has not rolled back
                    connection.execute("ROLLBACK")

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Read one state of the database, whatever is written meanwhile.

        Fetch all rows before you look at them: where one is damaged, a statement that is not done would hold its state.
        """
        with self._translated():
            try:
                connection = self._readers.pop()
            except IndexError:
                connection = self._connect()
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("COMMIT")
                self._readers.append(connection)

    def facts(self) -> dict[str, str]:
        """Return what is kept of the database itself, by names."""
        with self.read() as connection:
            return {str(name): str(value) for name, value in connection.execute(_FACTS).fetchall()}

    def keep_fact(self, name: str, value: str = "yes") -> None:
        """Keep something of the database itself; what is kept already is not written anew."""
        if self.facts().get(name) != value:
            with self.write() as connection:
                connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def drop_fact(self, name: str) -> None:
        """Keep it no longer."""
        if name in self.facts():
            with self.write() as connection:
                connection.execute("DELETE FROM facts WHERE name = ?", (name,))

    @property
    def is_for_production(self) -> bool:
        """Whether the public's sign-ups are in here."""
        return _PRODUCTION in self.facts()

    def mark_for_production(self) -> None:
        """Keep that the public's sign-ups are in here."""
        self.keep_fact(_PRODUCTION)

    def keep_apart(self, *, production: bool, refuse: Callable[[], None]) -> None:
        """Mark the public's database, and keep what is set up for trying out away from it.

        Else a preview or a forgotten setting would write real people's emails into a folder. `refuse` raises
        ConfigError for such settings. Raises ConfigError.
        """
        if production:
            self.mark_for_production()
        elif self.is_for_production:
            try:
                refuse()
            except ConfigError as error:
                raise ConfigError(f"{self.path} holds real sign-ups, but {error}") from error

    def problems(self) -> list[str]:
        """Return what SQLite itself finds wrong in the file; its words name tables and columns, and quote nothing."""
        with self.read() as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)")]
        return [] if found == ["ok"] else found

    def scrub(self) -> None:
        """Let nothing of what was deleted stay in the file and in the write-ahead log.

        Since a transaction said TO_SCRUB, the file is written anew: `secure_delete` leaves the copies that rows leave
        behind when pages are balanced. Until that is done, each sweep tries it. Raises StoreUnavailable if it cannot be
        done now, as where somebody else has been reading for as long as BUSY_TIMEOUT.
        """
        with self._write_lock:
            try:
                if self._writer.execute(f"SELECT 1 {_SCRUB}").fetchone():
                    self._writer.execute("VACUUM")
                    self._writer.execute(f"DELETE {_SCRUB}")
                is_busy, _, _ = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except FAULTS as error:
                raise StoreUnavailable(
                    "all that was to go is deleted, but copies of it may still be in the file until a sweep has "
                    f"written it anew: {unavailable(self.path, error)}; then run register sweep"
                ) from error
        if is_busy:
            raise StoreUnavailable(
                f"{self.path}: all that was to go is deleted, but copies of it are still in {self.path.name}-wal, "
                "since another program reads it; end that program, and run register sweep"
            )

    def close(self) -> None:
        """Close all connections; the write-ahead log is folded into the file."""
        with self._write_lock:
            while self._readers:
                self._readers.pop().close()
            self._writer.close()

    def _connect(self) -> sqlite3.Connection:
        connection = self._open(self.path, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        # What is no UTF-8 is for `records.py` to name; sqlite3's own error would quote it.
        connection.text_factory = _text
        try:
            for setting in _SETTINGS:
                connection.execute(f"PRAGMA {setting}")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _migrate(self) -> None:
        with self.write() as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if not 0 <= version <= len(STEPS):
                raise NewerDatabase(self.path, version)
            for number, step in enumerate(STEPS[version:], version + 1):
                for statement in step.split(";\n"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn what is raised when the file cannot be worked with into the port's error."""
        try:
            yield
        except FAULTS as error:
            raise unavailable(self.path, error) from error


def unavailable(path: Path, error: Exception) -> StoreUnavailable:
    """Return the port's error for what SQLite or the system says of a file."""
    name = getattr(error, "sqlite_errorname", "")
    next_step = next((words for code, words in _NEXT_STEPS.items() if name.startswith(code)), "")
    if isinstance(error, OSError):
        reason, next_step = error.strerror or type(error).__name__, _CHECK_RIGHTS
    else:
        reason = str(error)
    return StoreUnavailable(f"{path}: {reason}; {next_step or 'see docs/operations.md'}")


def _for_its_owner_alone(path: Path) -> None:
    """Make a file, if there is none; SQLite gives those that it puts beside it the same rights."""
    path.touch(mode=0o600)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
