# SPDX-License-Identifier: AGPL-3.0-or-later
"""The embedded store: one SQLite file, no set-up, one transaction a verb."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from register.domain.errors import Refused
from register.domain.identity import hash_of
from register.domain.model import Occupancy, Registration, Tally
from register.domain.notifications import FIRST_INSTANT, number_at
from register.domain.trail import TrailEntry
from register.stores.deliveries import KEPT_AFTER_ERASING, KEPT_AFTER_SENDING, left_by_erasure
from register.stores.errors import Damaged, StillActive, StoreError
from register.stores.fields import instant, readable
from register.stores.sqlite import rows
from register.stores.sqlite.database import RESTORE, TO_SCRUB, Connect, Database
from register.stores.sqlite.desk import SQLiteDesk
from register.stores.sqlite.outbox import THIS_MESSAGE, SQLiteOutbox
from register.stores.sqlite.transaction import SQLiteTransaction
from register.stores.sqlite.wishes import SQLiteWishes
from register.stores.transactional import TransactionalStore

_WITHDRAWN = "session_id NOT IN (SELECT session_id FROM sessions)"
_STILL_ACTIVE = (
    "SELECT 1 FROM registrations JOIN sessions USING (session_id) "
    "WHERE email_hash = ? AND state <> 'cancelled' AND ends > ? LIMIT 1"
)
# Only sessions that are over have somebody active left; they may be moved to another day.
_FREE_SEATS = """
    UPDATE sessions SET
        confirmed = confirmed - (SELECT count(*) FROM registrations AS gone
            WHERE gone.session_id = sessions.session_id AND email_hash = :email AND state = 'confirmed'),
        waiting = waiting - (SELECT count(*) FROM registrations AS gone
            WHERE gone.session_id = sessions.session_id AND email_hash = :email AND state = 'waitlisted')
    WHERE session_id IN (SELECT session_id FROM registrations WHERE email_hash = :email AND state <> 'cancelled')
"""
# The numbers of messages never fall, also for somebody who has been erased and signs up again; nor does what feeds
# say of the session (`register.domain.notifications.number_after_erasing`).
_KEEP_NUMBERS = """
    UPDATE sessions SET highest_erased = max(highest_erased, tallies.last) FROM tallies
    WHERE tallies.session_id = sessions.session_id AND tallies.email_hash = ?
"""
_KEEP_CHANGES = """
    UPDATE sessions SET highest_erased = max(highest_erased, :now, coalesce((
        SELECT max(CAST(strftime('%s', changed) AS INTEGER)) FROM registrations AS gone
        WHERE gone.session_id = sessions.session_id AND email_hash = :email
    ) - :first, 0))
    WHERE session_id IN (SELECT session_id FROM registrations WHERE email_hash = :email)
"""
_MESSAGES = "SELECT * FROM messages WHERE email_hash = ?"
_LEAVE = (
    "UPDATE messages SET name = '', changed_by = 'erasure', other_snapshot_json = NULL, due = :due, "
    f"expires = coalesce(expires, :expires) WHERE {THIS_MESSAGE}"
)
_NOT_LEFT = f"DELETE FROM messages WHERE {THIS_MESSAGE}"


class SQLiteStore(TransactionalStore, SQLiteOutbox, SQLiteWishes, SQLiteDesk):
    """`register.stores.Store` in a file. Raises StoreUnavailable where SQLite cannot do its work."""

    def __init__(self, path: Path, connect: Connect = sqlite3.connect) -> None:
        self.database = Database(path, connect)

    @contextmanager
    def transaction(self) -> Iterator[SQLiteTransaction]:
        """See `TransactionalStore.transaction`."""
        refused = None
        with self.database.write() as connection:
            try:
                yield SQLiteTransaction(connection)
            except Refused as error:
                refused = error  # so that hits of limits are kept: guessing must cost
        if refused is not None:
            raise refused

    @contextmanager
    def _reading(self) -> Iterator[SQLiteTransaction]:
        with self.database.read() as connection:
            yield SQLiteTransaction(connection)

    def health(self) -> str:
        """See `Store.health`."""
        with self.database.read() as connection:
            number = connection.execute("SELECT count(*) FROM sessions").fetchone()[0]
        return f"SQLite, {number} sessions"

    def session(self, session_id: str) -> Occupancy:
        """See `Sessions.session`."""
        with self._reading() as transaction:
            return transaction.occupancy(session_id)

    def sessions(self, after: datetime) -> list[Occupancy]:
        """See `Sessions.sessions`."""
        with self.database.read() as connection:
            found = connection.execute(
                "SELECT * FROM sessions WHERE ends > ? ORDER BY starts, session_id", (instant(after),)
            ).fetchall()
        return list(readable(rows.occupancy, found))

    def registration(self, session_id: str, registration_id: str) -> Registration | None:
        """See `Registrations.registration`."""
        with self._reading() as transaction:
            return transaction.current_registration(session_id, registration_id)

    def place(self, registration: Registration) -> int | None:
        """See `Registrations.place`."""
        with self._reading() as transaction:
            now = transaction.registration(registration.session_id, registration.registration_id)
            return None if now is None else transaction.place(now)

    def roster(self, session_id: str) -> list[Registration]:
        """See `Registrations.roster`."""
        with self._reading() as transaction:
            transaction.occupancy(session_id)
            return transaction.roster(session_id)

    def registrations_of(self, email: str) -> list[Registration]:
        """See `Registrations.registrations_of`."""
        return self.registrations_of_hash(hash_of(email))

    def registrations_of_hash(self, email_hash: str) -> list[Registration]:
        """See `Registrations.registrations_of_hash`."""
        statement = "SELECT * FROM registrations WHERE email_hash = ? ORDER BY session_id, registration_id"
        with self.database.read() as connection:
            found = connection.execute(statement, (email_hash,)).fetchall()
        return [rows.registration(row) for row in found]

    def tally(self, session_id: str, email_hash: str) -> Tally:
        """See `Registrations.tally`."""
        with self._reading() as transaction:
            return transaction.tally(session_id, email_hash)

    def trail(self, session_id: str) -> list[TrailEntry]:
        """See `Registrations.trail`."""
        statement = "SELECT * FROM trail WHERE session_id = ? ORDER BY recorded, entry_id"
        with self.database.read() as connection:
            found = connection.execute(statement, (session_id,)).fetchall()
        return [rows.trail_entry(row) for row in found]

    def bounced(self, email: str, problem: str, *, now: datetime) -> int:  # noqa: ARG002 - the port's
        """See `Registrations.bounced`."""
        with self.database.write() as connection:
            return connection.execute(
                "UPDATE registrations SET bounced = ? WHERE email_hash = ?", (problem, hash_of(email))
            ).rowcount

    def erase(self, email: str, *, now: datetime) -> int:
        """See `Registrations.erase`."""
        email_hash = hash_of(email)
        with self.database.write() as connection:
            if connection.execute(_STILL_ACTIVE, (email_hash, instant(now))).fetchone():
                raise StillActive
            connection.execute(_KEEP_NUMBERS, (email_hash,))
            first = int(FIRST_INSTANT.timestamp())
            connection.execute(_KEEP_CHANGES, {"email": email_hash, "now": number_at(now), "first": first})
            connection.execute(_FREE_SEATS, {"email": email_hash})
            for table in ("tallies", "wishes"):
                connection.execute(f"DELETE FROM {table} WHERE email_hash = ?", (email_hash,))
            _erase_messages(connection, email_hash, now)
            gone = connection.execute(
                "DELETE FROM registrations WHERE email_hash = ?", (email_hash,)
            ).rowcount
            connection.execute(TO_SCRUB)
        self.database.scrub()
        return gone

    def purge(self, *, now: datetime) -> int:
        """See `Store.purge`."""
        week_ago = now - KEPT_AFTER_SENDING
        expired = "SELECT session_id FROM sessions WHERE expires <= ?"
        deletions = (
            (f"DELETE FROM messages WHERE session_id IN ({expired})", now),
            ("DELETE FROM sessions WHERE expires <= ?", now),
            ("DELETE FROM wishes WHERE expires <= ?", now),
            ("DELETE FROM messages WHERE sent <= ?", week_ago),
            ("DELETE FROM messages WHERE expires <= ?", now),
            # What failed for good is shown by `register doctor`, while there is a session or for a week.
            (f"DELETE FROM messages WHERE due IS NULL AND recorded <= ? AND {_WITHDRAWN}", week_ago),
        )
        with self.database.write() as connection:
            before = connection.total_changes
            for statement, time in deletions:
                connection.execute(statement, (instant(time),))
            of_people = connection.total_changes - before
            # Hits go all the time, and tell nothing about anybody: for them the file is not written anew.
            hits = connection.execute("DELETE FROM hits WHERE expires <= ?", (instant(now),)).rowcount
            if of_people:
                connection.execute(TO_SCRUB)
        self.database.scrub()
        return of_people + hits

    def damaged(self) -> list[StoreError]:
        """See `Store.damaged`."""
        found = [
            StoreError(f"{self.database.path}: {words}; {RESTORE}") for words in self.database.problems()
        ]
        with self.database.read() as connection:
            for table in rows.CHECKS:
                for row in connection.execute(f"SELECT * FROM {table}").fetchall():
                    try:
                        rows.whole(table, row)
                    except Damaged as error:
                        found.append(error)
        return found

    def close(self) -> None:
        """See `Store.close`."""
        self.database.close()


def _erase_messages(connection: sqlite3.Connection, email_hash: str, now: datetime) -> None:
    """Delete the messages to an address, but for what is still to be sent of cancellations."""
    found = [rows.delivery(row) for row in connection.execute(_MESSAGES, (email_hash,)).fetchall()]
    left = [
        each
        for session_id in {each.message.session_id for each in found}
        for each in left_by_erasure((one for one in found if one.message.session_id == session_id), now)
    ]
    expires = instant(now + KEPT_AFTER_ERASING)
    for each in left:
        values = {"due": each.due and instant(each.due), "expires": expires, **each.message.key._asdict()}
        connection.execute(_LEAVE, values)
    for each in found:
        if each.message.key not in {one.message.key for one in left}:
            connection.execute(_NOT_LEFT, each.message.key._asdict())
