# SPDX-License-Identifier: AGPL-3.0-or-later
"""The SQLite database: its schema, its connections and its transactions."""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from register.stores import StoreError, StoreUnavailable

BUSY_TIMEOUT = 10_000
"""Milliseconds that a transaction waits for one of another process (https://sqlite.org/pragma.html#pragma_busy_timeout)."""

_SETTINGS = (
    f"busy_timeout = {BUSY_TIMEOUT}",
    "journal_mode = WAL",
    # What has been answered must survive a loss of power: WAL alone keeps the file whole, not the last commits.
    "synchronous = FULL",
    "foreign_keys = ON",
)

# Each step is run once, and is recorded in the same transaction (PRAGMA user_version). Add steps, change none.
# Instants are ISO 8601 in UTC with microseconds, so that they sort as text and can be read by people.
STEPS = (
    """
    CREATE TABLE sessions (
        id TEXT PRIMARY KEY, starts TEXT NOT NULL, ends TEXT NOT NULL, closes TEXT NOT NULL, expires TEXT NOT NULL,
        capacity INTEGER NOT NULL, status TEXT NOT NULL, revision INTEGER NOT NULL, details TEXT NOT NULL,
        join_url TEXT, notice_kind TEXT, notice_recorded TEXT, notice_before TEXT, notice_to_waiting INTEGER,
        reminded TEXT
    ) STRICT;
    CREATE INDEX sessions_by_end ON sessions (ends);
    -- What a sign-up changes, apart from the long texts that it does not.
    CREATE TABLE seats (
        session_id TEXT PRIMARY KEY REFERENCES sessions ON DELETE CASCADE,
        confirmed INTEGER NOT NULL DEFAULT 0 CHECK (confirmed >= 0),
        waiting INTEGER NOT NULL DEFAULT 0 CHECK (waiting >= 0),
        queue_number INTEGER NOT NULL DEFAULT 0,
        terms TEXT NOT NULL -- the mark of the session's row: who knows it need not read that row
    ) STRICT;
    CREATE TABLE registrations (
        session_id TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE, identity TEXT NOT NULL,
        address TEXT NOT NULL, registration_id TEXT NOT NULL, state TEXT NOT NULL,
        name TEXT NOT NULL, email TEXT NOT NULL, organization TEXT NOT NULL, role TEXT NOT NULL,
        language TEXT NOT NULL, needs TEXT NOT NULL,
        signed_up TEXT NOT NULL, since TEXT NOT NULL, queue_number INTEGER, bounced TEXT,
        PRIMARY KEY (session_id, identity)
    ) STRICT;
    CREATE INDEX registrations_by_address ON registrations (address, session_id);
    CREATE UNIQUE INDEX line ON registrations (session_id, queue_number) WHERE state = 'waitlisted';
    -- Without a reference: a mail goes out although its session has been withdrawn.
    CREATE TABLE messages (
        session_id TEXT NOT NULL, identity TEXT NOT NULL, registration_id TEXT NOT NULL,
        kind TEXT NOT NULL, occasion TEXT NOT NULL,
        address TEXT NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL, language TEXT NOT NULL,
        state TEXT NOT NULL, recorded TEXT NOT NULL, details TEXT NOT NULL, join_url TEXT, before TEXT,
        due TEXT, lease TEXT, attempts INTEGER NOT NULL DEFAULT 0, problem TEXT, sent TEXT,
        PRIMARY KEY (session_id, registration_id, kind, occasion)
    ) STRICT;
    CREATE INDEX messages_by_address ON messages (address);
    CREATE INDEX messages_due ON messages (due) WHERE due IS NOT NULL;
    CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE limits (
        key TEXT NOT NULL, window INTEGER NOT NULL, n INTEGER NOT NULL, expires TEXT NOT NULL,
        PRIMARY KEY (key, window)
    ) STRICT, WITHOUT ROWID;
    """,
)


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

    def __init__(self, path: Path) -> None:
        self.path = path
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
            except (sqlite3.Error, OSError) as error:
                raise self._unavailable(error) from error
            finally:
                if connection.in_transaction:  # something was raised, and SQLite itself has not rolled back
                    connection.execute("ROLLBACK")

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Read one state of the database, whatever is written meanwhile."""
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

    @property
    def is_for_production(self) -> bool:
        """Whether the public's sign-ups are in here."""
        with self.read() as connection:
            return connection.execute("SELECT 1 FROM facts WHERE name = 'production'").fetchone() is not None

    def mark_for_production(self) -> None:
        """Keep that the public's sign-ups are in here."""
        with self.write() as connection:
            connection.execute("INSERT INTO facts VALUES ('production', 'yes') ON CONFLICT DO NOTHING")

    def backup(self, target: Path) -> None:
        """Copy the database into a new file while it is in use (https://sqlite.org/backup.html)."""
        with self._translated(target):
            _for_its_owner_alone(target)
        with self._translated(), closing(sqlite3.connect(target)) as copy, closing(self._connect()) as source:
            source.backup(copy)

    def close(self) -> None:
        """Close all connections; the write-ahead log is folded into the file."""
        with self._write_lock:
            while self._readers:
                self._readers.pop().close()
            self._writer.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
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
            if version > len(STEPS):
                raise NewerDatabase(self.path, version)
            for number, step in enumerate(STEPS[version:], version + 1):
                for statement in step.split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")

    @contextmanager
    def _translated(self, path: Path | None = None) -> Iterator[None]:
        """Turn what is raised when the file cannot be worked with into the port's error."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise self._unavailable(error, path) from error

    def _unavailable(self, error: Exception, path: Path | None = None) -> StoreUnavailable:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        # "Could not decode to UTF-8 column 'name' with text 'Ana…'" is the one message that quotes what is stored.
        said = said.partition(" with text ")[0]
        return StoreUnavailable(f"{path or self.path}: {said}; see docs/operations.md")


def _for_its_owner_alone(path: Path) -> None:
    """Make a file, if there is none; SQLite gives those that it puts beside it the same rights."""
    path.touch(mode=0o600)
