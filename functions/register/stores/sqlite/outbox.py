# SPDX-License-Identifier: AGPL-3.0-or-later
"""The outbox in SQLite: messages are claimed by a lease, and settled by what came of it."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from register.domain.model import Message, address_of
from register.stores import Delivery
from register.stores.sqlite.database import Database
from register.stores.sqlite.rows import delivery, instant

# `register.stores.held_back` says what the last part means.
_FREE = """
    due <= :now AND (lease IS NULL OR lease <= :now) AND NOT EXISTS (
        SELECT 1 FROM messages AS older
        WHERE older.session_id = messages.session_id AND older.registration_id = messages.registration_id
            AND older.due IS NOT NULL AND older.recorded < messages.recorded
    )
"""
_KEY = "session_id = ? AND registration_id = ? AND kind = ? AND occasion = ?"
# Of what was given up the tries are counted from nought.
_LATER = "attempts = CASE WHEN due IS NULL THEN 0 ELSE attempts + ? END, due = ?, problem = ?"
_GIVEN_UP = "attempts = attempts + 1, due = NULL, problem = ?"


class SQLiteOutbox:
    """The port's verbs about messages."""

    database: Database

    def messages_of(self, email: str) -> list[Delivery]:
        """See `Store.messages_of`."""
        return self._deliveries(
            "address = ? ORDER BY recorded, registration_id, kind, occasion", address_of(email)
        )

    def pending(self) -> list[Delivery]:
        """See `Store.pending`."""
        return self._deliveries("due IS NOT NULL ORDER BY due, session_id, registration_id, kind, occasion")

    def failed(self) -> list[Delivery]:
        """See `Store.failed`."""
        return self._deliveries(
            "due IS NULL AND sent IS NULL ORDER BY recorded, session_id, registration_id, kind, occasion"
        )

    def claim(self, *, now: datetime, lease: timedelta, most: int) -> list[Delivery]:
        """See `Store.claim`."""
        times = {"now": instant(now), "until": instant(now + lease), "most": most}
        with self.database.read() as connection:
            if not connection.execute(f"SELECT 1 FROM messages WHERE {_FREE} LIMIT 1", times).fetchone():
                return []
        with self.database.write() as connection:
            rows = connection.execute(
                f"SELECT rowid, * FROM messages WHERE {_FREE} ORDER BY due, session_id, registration_id LIMIT :most",
                times,
            ).fetchall()
            leases = [(times["until"], row["rowid"]) for row in rows]
            connection.executemany("UPDATE messages SET lease = ? WHERE rowid = ?", leases)
        return [delivery(row) for row in rows]

    def claim_one(
        self,
        session_id: str,
        identity: str,
        registration_id: str,
        kind: str,
        occasion: str,
        *,
        now: datetime,
        lease: timedelta,
    ) -> Delivery | None:
        """See `Store.claim_one`."""
        times = {"now": instant(now), "until": instant(now + lease)}
        key = {
            "session_id": session_id,
            "identity": identity,
            "registration_id": registration_id,
            "kind": kind,
            "occasion": occasion,
        }
        same = " AND ".join(f"{name} = :{name}" for name in key)
        with self.database.write() as connection:
            row: sqlite3.Row | None = connection.execute(
                f"UPDATE messages SET lease = :until WHERE {same} AND {_FREE} RETURNING *", key | times
            ).fetchone()
        return None if row is None else delivery(row)

    def settle_sent(self, message: Message, *, now: datetime) -> None:
        """See `Store.settle_sent`."""
        self._settle("due = NULL, sent = ?", _KEY, message, instant(now))

    def settle_later(self, message: Message, *, due: datetime, problem: str, counted: bool = True) -> None:
        """See `Store.settle_later`."""
        self._settle(_LATER, f"{_KEY} AND sent IS NULL", message, int(counted), instant(due), problem)

    def settle_failed(self, message: Message, *, now: datetime, problem: str) -> None:  # noqa: ARG002 - the port's
        """See `Store.settle_failed`."""
        self._settle(_GIVEN_UP, f"{_KEY} AND sent IS NULL", message, problem)

    def _settle(self, changes: str, which: str, message: Message, *values: str | int) -> None:
        key = (message.session_id, message.registration_id, message.kind.value, message.occasion)
        with self.database.write() as connection:
            connection.execute(f"UPDATE messages SET lease = NULL, {changes} WHERE {which}", (*values, *key))

    def _deliveries(self, condition: str, *values: str) -> list[Delivery]:
        with self.database.read() as connection:
            rows = connection.execute(f"SELECT * FROM messages WHERE {condition}", values).fetchall()
        return [delivery(row) for row in rows]
