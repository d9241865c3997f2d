# SPDX-License-Identifier: AGPL-3.0-or-later
"""The outbox in SQLite: messages are claimed by a lease, and settled by what came of it."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from register.domain.identity import hash_of
from register.domain.model import Message, MessageKey
from register.stores import Delivery
from register.stores.sqlite.database import Database
from register.stores.sqlite.rows import delivery, instant

# `register.stores.held_back` says what the last part means.
_FREE = """
    due <= :now AND (lease IS NULL OR lease <= :now) AND NOT EXISTS (
        SELECT 1 FROM messages AS older
        WHERE older.session_id = messages.session_id AND older.email_hash = messages.email_hash
            AND older.due IS NOT NULL AND older.number < messages.number
    )
"""
_KEY = " AND ".join(f"{name} = :{name}" for name in MessageKey._fields)
_ORDER = ", ".join(MessageKey._fields)
# Of what was given up the tries are counted from zero.
_LATER = (
    "attempts = CASE WHEN due IS NULL THEN 0 ELSE attempts + :counted END, due = :due, problem = :problem"
)
_GIVEN_UP = "attempts = attempts + 1, due = NULL, problem = :problem"
_UNSENT = f"{_KEY} AND sent IS NULL"


class SQLiteOutbox:
    """`register.stores.Outbox` in a database."""

    database: Database

    def messages_of(self, email: str) -> list[Delivery]:
        """See `Outbox.messages_of`."""
        return self._deliveries("email_hash = ? ORDER BY session_id, number", hash_of(email))

    def pending(self) -> list[Delivery]:
        """See `Outbox.pending`."""
        return self._deliveries(f"due IS NOT NULL ORDER BY due, number, {_ORDER}")

    def failed(self) -> list[Delivery]:
        """See `Outbox.failed`."""
        return self._deliveries(f"due IS NULL AND sent IS NULL ORDER BY recorded, {_ORDER}")

    def claim(self, *, now: datetime, lease: timedelta, most: int) -> list[Delivery]:
        """See `Outbox.claim`."""
        times = {"now": instant(now), "until": instant(now + lease), "most": most}
        with self.database.read() as connection:
            if not connection.execute(f"SELECT 1 FROM messages WHERE {_FREE} LIMIT 1", times).fetchone():
                return []
        with self.database.write() as connection:
            found = connection.execute(
                f"SELECT rowid, * FROM messages WHERE {_FREE} ORDER BY due, number, {_ORDER} LIMIT :most",
                times,
            ).fetchall()
            leases = [(times["until"], row["rowid"]) for row in found]
            connection.executemany("UPDATE messages SET lease = ? WHERE rowid = ?", leases)
        return [delivery(row) for row in found]

    def claim_one(self, key: MessageKey, *, now: datetime, lease: timedelta) -> Delivery | None:
        """See `Outbox.claim_one`."""
        values = key._asdict() | {"now": instant(now), "until": instant(now + lease)}
        with self.database.write() as connection:
            row: sqlite3.Row | None = connection.execute(
                f"UPDATE messages SET lease = :until WHERE {_KEY} AND {_FREE} RETURNING *", values
            ).fetchone()
        return None if row is None else delivery(row)

    def settle_sent(self, message: Message, *, now: datetime) -> None:
        """See `Outbox.settle_sent`."""
        self._settle("due = NULL, sent = :now", _KEY, message, now=instant(now))

    def settle_later(self, message: Message, *, due: datetime, problem: str, counted: bool = True) -> None:
        """See `Outbox.settle_later`."""
        self._settle(_LATER, _UNSENT, message, counted=int(counted), due=instant(due), problem=problem)

    def settle_failed(self, message: Message, *, now: datetime, problem: str) -> None:  # noqa: ARG002 - the port's
        """See `Outbox.settle_failed`."""
        self._settle(_GIVEN_UP, _UNSENT, message, problem=problem)

    def _settle(self, changes: str, which: str, message: Message, **values: str | int) -> None:
        statement = f"UPDATE messages SET lease = NULL, {changes} WHERE {which}"
        with self.database.write() as connection:
            connection.execute(statement, message.key._asdict() | values)

    def _deliveries(self, condition: str, *values: str) -> list[Delivery]:
        with self.database.read() as connection:
            found = connection.execute(f"SELECT * FROM messages WHERE {condition}", values).fetchall()
        return [delivery(row) for row in found]
