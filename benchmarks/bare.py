# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bare transaction of a sign-up in SQLite: the same writes with the same promises, and nothing else."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, cast

from benchmarks.people import NOW, person
from register.bootstrap import new_registration_id
from register.domain.model import Occupancy, Registration, State, Tally
from register.domain.outcomes import signed_up
from register.stores.sqlite.store import SQLiteStore
from register.stores.sqlite.transaction import SQLiteTransaction


@contextmanager
def bare_connection(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the same database plainly, with the same promises: WAL and `synchronous=FULL`."""
    with closing(
        sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    ) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        yield connection


class Bare:
    """The writes of a sign-up and nothing else: their values are made beforehand."""

    def __init__(self, store: SQLiteStore, count: int) -> None:
        self.path = store.database.path
        occupancy = Occupancy(store.session("s0").terms)
        self._writes = deque(self._written(occupancy) for _ in range(count))

    def _written(self, occupancy: Occupancy) -> list[tuple[str, Any]]:
        new = Registration("s0", new_registration_id(), State.CONFIRMED, person(), NOW, NOW, NOW)
        noted = Noted()
        SQLiteTransaction(cast(sqlite3.Connection, noted)).write(signed_up(occupancy, new, Tally()))
        return noted.written

    def write(self, connection: sqlite3.Connection) -> None:
        """Do one transaction."""
        writes = self._writes.popleft()
        connection.execute("BEGIN IMMEDIATE")
        for statement, values in writes:
            connection.execute(statement, values)
        connection.execute("COMMIT")


class Noted:
    """Takes statements instead of a database, and keeps those that write with their values."""

    def __init__(self) -> None:
        self.written: list[tuple[str, Any]] = []

    def execute(self, statement: str, values: Any) -> Noted:
        """Keep a statement that writes."""
        if not statement.startswith("SELECT"):
            self.written.append((statement, values))
        return self

    def fetchone(self) -> None:
        """Nothing is there yet."""
