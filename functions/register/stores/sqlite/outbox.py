# SPDX-License-Identifier: AGPL-3.0-or-later
"""The outbox in SQLite: messages are claimed by a lease, and settled by what came of it."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from datetime import datetime, timedelta

from register.domain.identity import hash_of
from register.domain.messages import Message, MessageKey
from register.stores.deliveries import OVERTAKEN, Delivery, DeliveryFault, turn
from register.stores.errors import Damaged, StoreUnavailable
from register.stores.fields import instant
from register.stores.sqlite.database import RESTORE, Database
from register.stores.sqlite.rows import delivery

_FREE = "due <= ? AND (lease IS NULL OR lease <= ?)"
THIS_MESSAGE = " AND ".join(f"{name} = :{name}" for name in MessageKey._fields)
"""The condition on a row that it has a key, given by name."""
_ORDER = ", ".join(MessageKey._fields)
_TAKE = "lease = :until, tried = :now, unknown = :unknown"
_FORGET = f"DELETE FROM messages WHERE {THIS_MESSAGE} AND changed_by = 'erasure'"
_SENT = "due = NULL, sent = :now, problem = coalesce(:instead, problem)"
_FAILED = "problem = :problem, fault = :fault, unknown = unknown + :lost"
# Of what was given up the tries are counted from zero.
_LATER = (
    "attempts = CASE WHEN due IS NULL THEN 0 ELSE attempts + :counted END, due = :due, "
    f"slow = max(slow, :slow), {_FAILED}"
)
_GIVEN_UP = f"attempts = attempts + :counted, due = NULL, {_FAILED}"
_UNSENT = f"{THIS_MESSAGE} AND sent IS NULL"


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

    def claim(
        self, *, now: datetime, lease: timedelta, slow: bool = True, of: MessageKey | None = None
    ) -> Delivery | None:
        """See `Outbox.claim`."""
        times = (instant(now), instant(now))
        with self.database.read() as connection:
            if not connection.execute(f"SELECT 1 FROM messages WHERE {_FREE} LIMIT 1", times).fetchone():
                return None
        with self.database.write() as connection:
            due = f"SELECT session_id, email_hash FROM messages WHERE {_FREE} ORDER BY due, {_ORDER}"
            addresses = map(tuple, connection.execute(due, times).fetchall()) if of is None else [of[:2]]
            for address in dict.fromkeys(addresses):
                with suppress(Damaged):  # it holds up nobody else's; `damaged` names it
                    if taken := self._take(connection, address, now, now + lease, slow=slow):
                        return taken
        return None

    def _take(
        self,
        connection: sqlite3.Connection,
        address: tuple[str, ...],
        now: datetime,
        until: datetime,
        *,
        slow: bool,
    ) -> Delivery | None:
        """Take the message to one address about one session whose turn it is."""
        there = "SELECT * FROM messages WHERE session_id = ? AND email_hash = ? AND due IS NOT NULL"
        at = turn(map(delivery, connection.execute(there, address).fetchall()), now)
        for each in at.overtaken:
            _settle_sent(connection, each.message, now, OVERTAKEN)
        if at.next is None or (at.next.slow and not slow):
            return None
        unknown = at.next.unknown + (at.next.lease is not None)
        values = at.next.message.key._asdict() | {"now": instant(now), "until": instant(until)}
        taken: sqlite3.Row | None = connection.execute(
            f"UPDATE messages SET {_TAKE} WHERE {THIS_MESSAGE} RETURNING *", values | {"unknown": unknown}
        ).fetchone()
        if taken is None:  # what was just read cannot be found by its key
            raise StoreUnavailable(f"{self.database.path}: an index does not fit its table; {RESTORE}")
        return delivery(taken)

    def settle_sent(self, message: Message, *, now: datetime, instead: str | None = None) -> None:
        """See `Outbox.settle_sent`."""
        with self.database.write() as connection:
            _settle_sent(connection, message, now, instead)

    def settle_later(
        self, message: Message, *, due: datetime, problem: str, fault: DeliveryFault, slow: bool = False
    ) -> None:
        """See `Outbox.settle_later`."""
        counts = {"counted": int(fault is DeliveryFault.MESSAGE), "lost": int(fault is DeliveryFault.UNKNOWN)}
        values = {"due": instant(due), "problem": problem, "fault": fault.value, "slow": int(slow), **counts}
        with self.database.write() as connection:
            _settle(connection, _LATER, _UNSENT, message, **values)

    def settle_failed(
        self,
        message: Message,
        *,
        now: datetime,  # noqa: ARG002 - the port's
        problem: str,
        fault: DeliveryFault = DeliveryFault.REFUSED,
    ) -> None:
        """See `Outbox.settle_failed`."""
        counts = {
            "counted": int(fault is not DeliveryFault.UNKNOWN),
            "lost": int(fault is DeliveryFault.UNKNOWN),
        }
        with self.database.write() as connection:
            _settle(connection, _GIVEN_UP, _UNSENT, message, problem=problem, fault=fault.value, **counts)

    def _deliveries(self, condition: str, *values: str) -> list[Delivery]:
        with self.database.read() as connection:
            found = connection.execute(f"SELECT * FROM messages WHERE {condition}", values).fetchall()
        return [delivery(row) for row in found]


def _settle_sent(
    connection: sqlite3.Connection, message: Message, now: datetime, instead: str | None
) -> None:
    connection.execute(_FORGET, message.key._asdict())
    _settle(connection, _SENT, THIS_MESSAGE, message, now=instant(now), instead=instead)


def _settle(
    connection: sqlite3.Connection, changes: str, which: str, message: Message, **values: str | int | None
) -> None:
    statement = f"UPDATE messages SET lease = NULL, {changes} WHERE {which}"
    connection.execute(statement, message.key._asdict() | values)
