# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one transaction reads and writes in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from register.domain.announcements import Announcement
from register.domain.counts import SessionCounts
from register.domain.errors import UnknownSession
from register.domain.messages import Message
from register.domain.model import (
    Kind,
    Notice,
    Occupancy,
    Registration,
    SessionTerms,
    State,
    Tally,
    roster_of,
)
from register.domain.outcome import Outcome
from register.domain.rate_limits import Limit
from register.stores import desk_records
from register.stores.fields import instant
from register.stores.records import Values
from register.stores.sqlite import rows
from register.stores.sqlite.rows import insert, upsert
from register.stores.transaction import current

# `Limit.hit` in four statements: forget what a wrong clock has left, look, add one, keep the newest.
_FORGET_HITS = "DELETE FROM hits WHERE key = ? AND hit >= ?"
_COUNT_HITS = "SELECT count(*) FROM hits WHERE key = ? AND hit > ? AND hit < ?"
_HIT = "INSERT INTO hits VALUES (?, ?, ?)"
_KEEP_HITS = (
    "DELETE FROM hits WHERE rowid IN "
    "(SELECT rowid FROM hits WHERE key = ? ORDER BY hit DESC LIMIT -1 OFFSET ?)"
)
_COUNT_SEATS = "UPDATE sessions SET confirmed = confirmed + ?, waiting = waiting + ? WHERE session_id = ?"
_CLEAR_NOTICE = (
    "UPDATE sessions SET notice_kind = NULL, notice_recorded = NULL, notice_before = NULL, "
    "notice_to_waiting = NULL WHERE session_id = ?"
)
_OF_A_KIND = "FROM messages WHERE session_id = ? AND email_hash = ? AND registration_id = ? AND kind = ?"
_TOLD = f"SELECT * {_OF_A_KIND}"
_IS_THERE = f"SELECT 1 {_OF_A_KIND} AND occasion = ?"


class SQLiteTransaction:
    """`register.stores.transactional.Transaction`, within one of the database's own."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    # Reading

    def occupancy(self, session_id: str) -> Occupancy:
        """Return a session. Raises UnknownSession."""
        found = self.find_occupancy(session_id)
        if found is None:
            raise UnknownSession(session_id)
        return found

    def find_occupancy(self, session_id: str) -> Occupancy | None:
        """Return a session, if it is there."""
        row = self._row("SELECT * FROM sessions WHERE session_id = ?", session_id)
        return None if row is None else rows.occupancy(row)

    def registration(self, session_id: str, registration_id: str) -> Registration | None:
        """Return a registration, if it is there."""
        return self._registration("registration_id = ?", session_id, registration_id)

    def current_registration(self, session_id: str, registration_id: str) -> Registration | None:
        """Return a registration, unless the same person has another one by now."""
        found = self.registration(session_id, registration_id)
        return current(found, lambda identity: self.active_registration(session_id, identity))

    def active_registration(self, session_id: str, identity: str) -> Registration | None:
        """Return the seat or the place that a person has."""
        return self._registration("identity = ? AND state <> 'cancelled'", session_id, identity)

    def first_in_line(self, session_id: str) -> Registration | None:
        """Return the first person who waits."""
        return self._registration("state = 'waitlisted' ORDER BY queue_number LIMIT 1", session_id)

    def roster(self, session_id: str) -> list[Registration]:
        """Return each person's newest registration."""
        found = self._connection.execute(
            "SELECT * FROM registrations WHERE session_id = ?", (session_id,)
        ).fetchall()
        return roster_of(map(rows.registration, found))

    def place(self, registration: Registration) -> int | None:
        """Return the number in the line of somebody who waits."""
        if registration.state is not State.WAITLISTED:
            return None
        counted = self._row(
            "SELECT count(*) FROM registrations "
            "WHERE session_id = ? AND state = 'waitlisted' AND queue_number <= ?",
            registration.session_id,
            registration.queue_number,
        )
        return int(counted[0]) if counted else None

    def tally(self, session_id: str, email_hash: str) -> Tally:
        """Return the counts of an email address."""
        row = self._row(
            "SELECT * FROM tallies WHERE session_id = ? AND email_hash = ?", session_id, email_hash
        )
        return Tally() if row is None else rows.tally(row)

    def recorded(self, registration: Registration, kind: Kind) -> list[datetime]:
        """Return when the messages of a kind to somebody were recorded."""
        about = registration.session_id, registration.person.email_hash, registration.registration_id
        found = self._connection.execute(_TOLD, (*about, kind.value)).fetchall()
        return [rows.delivery(row).message.recorded for row in found]

    # Writing

    def draw_queue_number(self, session_id: str) -> int:
        """Return a number that nobody has drawn before."""
        draw = (
            "UPDATE sessions SET queue_number = queue_number + 1 WHERE session_id = ? RETURNING queue_number"
        )
        row = self._row(draw, session_id)
        if row is None:
            raise UnknownSession(session_id)
        return int(row[0])

    def count(self, limits: Sequence[Limit], now: datetime) -> None:
        """Count a hit for each limit. Raises LimitReached, and then has counted none."""
        execute = self._connection.execute
        for limit in limits:
            if execute(_COUNT_HITS, (limit.key, *map(instant, limit.span(now)))).fetchone()[0] >= limit.most:
                raise limit.reached()
        for limit in limits:
            until = instant(limit.span(now)[1])
            execute(_FORGET_HITS, (limit.key, until))
            execute(_HIT, (limit.key, instant(now), until))
            execute(_KEEP_HITS, (limit.key, limit.most))

    def write(self, outcome: Outcome) -> bool:
        """Write an outcome; write nothing and return False if one of its messages is there already."""
        execute, session_id = self._connection.execute, outcome.session_id
        if any(self._row(_IS_THERE, *message.key) for message in outcome.messages):
            return False
        if outcome.confirmed or outcome.waiting:
            execute(_COUNT_SEATS, (outcome.confirmed, outcome.waiting, session_id))
        for change in outcome.registrations:
            if change.after == change.before:
                continue
            values = rows.registration_values(change.after)
            execute(upsert("registrations", "session_id, registration_id", values), values)
        for tally in outcome.tallies:
            counts: Values = {
                "session_id": session_id,
                "email_hash": tally.email_hash,
                "active": tally.after.active,
                "seats": tally.after.seats,
                "last": tally.after.last,
            }
            execute(upsert("tallies", "session_id, email_hash", counts), counts)
        for message in outcome.messages:
            values = rows.message_values(message)
            execute(insert("messages", values), values)
        for entry in outcome.trail:
            values = rows.trail_values(entry)
            execute(upsert("trail", "session_id, entry_id", values), values)
        return True

    def put_session(self, terms: SessionTerms, notice: Notice | None) -> None:
        """Put what the schedule says of a session in place."""
        values = rows.session_values(terms, notice)
        self._connection.execute(upsert("sessions", "session_id", values), values)

    def clear_notice(self, session_id: str) -> None:
        """Keep that the notice is written out."""
        self._connection.execute(_CLEAR_NOTICE, (session_id,))

    def is_announced(self, session_id: str, occasion: str) -> bool:
        """Return whether staff have written something of this occasion before."""
        there = "SELECT 1 FROM trail WHERE session_id = ? AND entry_id = ?"
        return self._row(there, session_id, occasion) is not None

    def put_announcement(self, session_id: str, announcement: Announcement | None) -> None:
        """Put what staff write in place, or None once it is written out."""
        values = desk_records.announcement_values(announcement)
        changes = ", ".join(f"{name} = :{name}" for name in values)
        self._connection.execute(
            f"UPDATE sessions SET {changes} WHERE session_id = :session_id",
            values | {"session_id": session_id},
        )

    def put_message(self, message: Message, expires: datetime) -> bool:
        """Record a message to staff; False if it is there already."""
        values = rows.message_values(message) | {"expires": instant(expires)}
        return (
            self._connection.execute(insert("messages", values, "ON CONFLICT DO NOTHING"), values).rowcount
            > 0
        )

    def kept_counts(self, session_id: str) -> SessionCounts | None:
        """Return the counts of a session, if some are kept."""
        row = self._row("SELECT * FROM counts WHERE session_id = ?", session_id)
        return None if row is None else rows.counts(row)

    def put_counts(self, counts: SessionCounts) -> None:
        """Keep the counts of a session."""
        values: Values = {**desk_records.counts_values(counts)}
        self._connection.execute(upsert("counts", "session_id", values), values)

    def set_reminded(self, session_id: str, starts: datetime | None) -> None:
        """Keep that all reminders for this start are written, or for none."""
        values = (starts and instant(starts), session_id)
        self._connection.execute("UPDATE sessions SET reminded = ? WHERE session_id = ?", values)

    def delete_session(self, session_id: str) -> None:
        """Delete a session, its registrations and its counts."""
        self._connection.execute("DELETE FROM sessions WHERE session_id = ?", (session_id,))

    def _row(self, statement: str, *values: str | int | None) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._connection.execute(statement, values).fetchone()
        return row

    def _registration(self, condition: str, *values: str) -> Registration | None:
        row = self._row(f"SELECT * FROM registrations WHERE session_id = ? AND {condition}", *values)
        return None if row is None else rows.registration(row)
