# SPDX-License-Identifier: AGPL-3.0-or-later
"""The embedded store: one SQLite file, no set-up, one transaction a verb."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from register.domain.errors import SessionOver, TooManyNames, UnknownRegistration
from register.domain.model import (
    Notice,
    Occupancy,
    Person,
    Registration,
    SessionTerms,
    SignedUp,
    State,
    address_of,
)
from register.domain.notifications import (
    cancellation_mail,
    is_reminded,
    notice_mail,
    reminder_due,
    reminder_mail,
    state_mail,
)
from register.domain.rate_limits import Limit
from register.domain.rules import (
    NAMES_FOR_ONE_ADDRESS,
    is_affected,
    passes_seat_on,
    promotion_due,
    refusal,
    state_for_next,
)
from register.stores import KEPT_AFTER_SENDING, Conflict, StoreError
from register.stores.sqlite import statements
from register.stores.sqlite.database import Database
from register.stores.sqlite.outbox import SQLiteOutbox
from register.stores.sqlite.rows import (
    OCCUPANCY,
    REGISTRATION,
    find_occupancy,
    find_registration,
    instant,
    occupancy,
    record,
    registration,
)

_REMEMBERED = 500
"""How many offers are remembered, the newest ones."""

_SYNC = """
    INSERT INTO sessions (id, starts, ends, closes, expires, capacity, status, revision, details, join_url,
        notice_kind, notice_recorded, notice_before, notice_to_waiting)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET starts = excluded.starts, ends = excluded.ends, closes = excluded.closes,
        expires = excluded.expires, capacity = excluded.capacity, status = excluded.status,
        revision = excluded.revision, details = excluded.details, join_url = excluded.join_url,
        notice_kind = excluded.notice_kind, notice_recorded = excluded.notice_recorded,
        notice_before = excluded.notice_before, notice_to_waiting = excluded.notice_to_waiting
"""


class SQLiteStore(SQLiteOutbox):
    """`register.stores.Store` in a file. Raises StoreUnavailable where SQLite cannot do its work."""

    def __init__(self, path: Path) -> None:
        self.database = Database(path)
        self._terms: dict[str, tuple[SessionTerms, str]] = {}

    def health(self) -> str:
        """See `Store.health`."""
        with self.database.read() as connection:
            number = connection.execute("SELECT count(*) FROM sessions").fetchone()[0]
        return f"SQLite, {number} sessions"

    def session(self, session_id: str) -> Occupancy:
        """See `Store.session`."""
        with self.database.read() as connection:
            return find_occupancy(connection, session_id)

    def sessions(self, after: datetime) -> list[Occupancy]:
        """See `Store.sessions`."""
        with self.database.read() as connection:
            rows = connection.execute(f"{OCCUPANCY} WHERE ends > ? ORDER BY starts, id", (instant(after),))
            return [occupancy(row) for row in rows]

    def registration(self, session_id: str, identity: str) -> Registration | None:
        """See `Store.registration`."""
        with self.database.read() as connection:
            return find_registration(connection, session_id, identity)

    def place(self, registration: Registration) -> int | None:
        """See `Store.place`."""
        with self.database.read() as connection:
            return statements.place(
                connection, find_registration(connection, registration.session_id, registration.identity)
            )

    def roster(self, session_id: str) -> list[Registration]:
        """See `Store.roster`."""
        with self.database.read() as connection:
            find_occupancy(connection, session_id)
            return statements.roster(connection, session_id)

    def registrations_of(self, email: str) -> list[Registration]:
        """See `Store.registrations_of`."""
        with self.database.read() as connection:
            rows = connection.execute(
                f"{REGISTRATION} WHERE address = ? ORDER BY session_id, identity",
                (address_of(email),),
            )
            return [registration(row) for row in rows]

    def sign_up(
        self,
        session_id: str,
        person: Person,
        *,
        registration_id: str,
        now: datetime,
        limits: Sequence[Limit] = (),
        late: bool = False,
    ) -> SignedUp:
        """See `Store.sign_up`."""
        identity, address = person.identity, person.address
        with self.database.write() as connection:
            new = Registration(session_id, identity, registration_id, State.CONFIRMED, person, now, now)
            if seated := self._seat_newcomer(connection, new, address, limits):
                return seated
            stored = find_occupancy(connection, session_id)
            self._remember(stored.terms)
            if refused := refusal(stored.terms, now, late=late):
                raise refused
            statements.count(connection, limits, now)
            active = statements.active(connection, session_id, address)
            known = next((one for one in active if one.identity == identity), None)
            if known is not None:
                record(connection, state_mail(known, stored.terms, now))
                return SignedUp(known, statements.place(connection, known), repeated=True)
            if len(active) >= NAMES_FOR_ONE_ADDRESS:
                raise TooManyNames(session_id, NAMES_FOR_ONE_ADDRESS)
            state, queue_number, place = state_for_next(stored), None, None
            if state is State.WAITLISTED:
                place = stored.waiting + 1
                queue_number = connection.execute(
                    "UPDATE seats SET waiting = waiting + 1, queue_number = queue_number + 1 "
                    "WHERE session_id = ? RETURNING queue_number",
                    (session_id,),
                ).fetchone()[0]
            else:
                connection.execute(
                    "UPDATE seats SET confirmed = confirmed + 1 WHERE session_id = ?", (session_id,)
                )
            new = replace(new, state=state, queue_number=queue_number)
            statements.put(connection, new, address)
            record(connection, state_mail(new, stored.terms, now), address)
        return SignedUp(new, place, repeated=False)

    def _seat_newcomer(
        self, connection: sqlite3.Connection, new: Registration, address: str, limits: Sequence[Limit]
    ) -> SignedUp | None:
        """Give a seat to who is the first with an address, in an terms that is remembered; None if that cannot be.

        The rules below come to the same. This is what nearly every sign-up is, and it reads nothing.
        """
        terms, fingerprint = self._terms.get(new.session_id, (None, ""))
        if terms is None or refusal(terms, new.since):
            return None
        if not statements.seat_newcomer(connection, new, address, terms.capacity, fingerprint):
            return None
        statements.count(connection, limits, new.since)
        record(connection, state_mail(new, terms, new.since), address)
        return SignedUp(new, None, repeated=False)

    def _remember(self, terms: SessionTerms) -> None:
        if len(self._terms) >= _REMEMBERED:
            self._terms.clear()
        self._terms[terms.session_id] = (terms, terms.fingerprint)

    def cancel(self, session_id: str, identity: str, registration_id: str, *, now: datetime) -> Registration:
        """See `Store.cancel`."""
        with self.database.write() as connection:
            stored = find_occupancy(connection, session_id)
            known = find_registration(connection, session_id, identity)
            if known is None or known.registration_id != registration_id:
                raise UnknownRegistration(session_id)
            if known.state is State.CANCELLED:
                return known
            if stored.terms.ends <= now:
                raise SessionOver(session_id, stored.terms.ends)
            statements.change_state(connection, known, State.CANCELLED, now)
            record(connection, cancellation_mail(known, stored.terms, now))
            if known.state is State.CONFIRMED and passes_seat_on(stored, now):
                statements.promote_first(connection, stored.terms, now)
            gone = find_registration(connection, session_id, identity)
            assert gone is not None  # noqa: S101 - it has just been changed
        return gone

    def promote_one(self, session_id: str, *, now: datetime) -> bool:
        """See `Store.promote_one`."""
        with self.database.write() as connection:
            stored = find_occupancy(connection, session_id)
            if not promotion_due(stored, now):
                return False
            statements.promote_first(connection, stored.terms, now)
        return True

    def resend(self, session_id: str, identity: str, *, now: datetime, limits: Sequence[Limit] = ()) -> bool:
        """See `Store.resend`."""
        with self.database.write() as connection:
            stored = find_occupancy(connection, session_id)
            known = find_registration(connection, session_id, identity)
            if known is None or known.state is State.CANCELLED:
                raise UnknownRegistration(session_id)
            statements.count(connection, limits, now)
            return record(connection, state_mail(known, stored.terms, now))

    def count(self, limits: Sequence[Limit], *, now: datetime) -> None:
        """See `Store.count`."""
        with self.database.write() as connection:
            statements.count(connection, limits, now)

    def sync_session(self, terms: SessionTerms, notice: Notice | None, *, expected: Occupancy | None) -> None:
        """See `Store.sync_session`."""
        with self.database.write() as connection:
            row = connection.execute(f"{OCCUPANCY} WHERE id = ?", (terms.session_id,)).fetchone()
            found = None if row is None else occupancy(row)
            if (found and found.terms) != (expected and expected.terms) or (found and found.notice):
                raise Conflict(terms.session_id)
            times = (instant(one) for one in (terms.starts, terms.ends, terms.closes, terms.expires))
            facts = (terms.capacity, terms.status.value, terms.revision, terms.details, terms.join_url)
            told: tuple[object, ...] = (None, None, None, None)
            if notice:
                told = (notice.kind.value, instant(notice.recorded), notice.before, int(notice.to_waiting))
            connection.execute(_SYNC, (terms.session_id, *times, *facts, *told))
            connection.execute(
                "INSERT INTO seats (session_id, terms) VALUES (?, ?) "
                "ON CONFLICT DO UPDATE SET terms = excluded.terms",
                (terms.session_id, terms.fingerprint),
            )

    def withdraw(self, session_id: str) -> bool:
        """See `Store.withdraw`."""
        with self.database.write() as connection:
            stored = find_occupancy(connection, session_id)
            if stored.confirmed or stored.waiting:
                return False
            connection.execute("DELETE FROM sessions WHERE id = ?", (session_id,))
        return True

    def write_out_notice(self, session_id: str) -> int:
        """See `Store.write_out_notice`."""
        with self.database.write() as connection:
            stored = find_occupancy(connection, session_id)
            notice = stored.notice
            if notice is None:
                return 0
            told = [one for one in statements.roster(connection, session_id) if is_affected(one, notice)]
            new = sum(record(connection, notice_mail(one, stored.terms, notice)) for one in told)
            connection.execute(
                "UPDATE sessions SET notice_kind = NULL, notice_recorded = NULL, notice_before = NULL, "
                "notice_to_waiting = NULL WHERE id = ?",
                (session_id,),
            )
        return new

    def write_reminders(self, session_id: str, *, now: datetime) -> int:
        """See `Store.write_reminders`."""
        with self.database.write() as connection:
            stored = find_occupancy(connection, session_id)
            if not reminder_due(stored, now):
                return 0
            terms = stored.terms
            due = [one for one in statements.roster(connection, session_id) if is_reminded(one, terms)]
            new = sum(record(connection, reminder_mail(one, terms, now)) for one in due)
            connection.execute("UPDATE sessions SET reminded = starts WHERE id = ?", (session_id,))
        return new

    def bounced(self, email: str, problem: str, *, now: datetime) -> int:  # noqa: ARG002 - the port's
        """See `Store.bounced`."""
        with self.database.write() as connection:
            return connection.execute(
                "UPDATE registrations SET bounced = ? WHERE address = ?", (problem, address_of(email))
            ).rowcount

    def erase(self, email: str, *, now: datetime) -> int:
        """See `Store.erase`."""
        address = (address_of(email),)
        with self.database.write() as connection:
            active = (
                "SELECT 1 FROM registrations JOIN sessions ON id = session_id "
                "WHERE address = ? AND state <> 'cancelled' AND ends > ? LIMIT 1"
            )
            if connection.execute(active, (*address, instant(now))).fetchone():
                raise StoreError("a registration of this address is active still; cancel it first")
            connection.execute("DELETE FROM messages WHERE address = ?", address)
            return connection.execute("DELETE FROM registrations WHERE address = ?", address).rowcount

    def purge(self, *, now: datetime) -> int:
        """See `Store.purge`."""
        week_ago = now - KEPT_AFTER_SENDING
        withdrawn = "session_id NOT IN (SELECT id FROM sessions)"
        deletions = (
            ("DELETE FROM messages WHERE session_id IN (SELECT id FROM sessions WHERE expires <= ?)", now),
            ("DELETE FROM sessions WHERE expires <= ?", now),
            ("DELETE FROM limits WHERE expires <= ?", now),
            ("DELETE FROM messages WHERE sent <= ?", week_ago),
            # What failed for good is shown by `register doctor`, while there is a session or for a week.
            (f"DELETE FROM messages WHERE due IS NULL AND recorded <= ? AND {withdrawn}", week_ago),
        )
        with self.database.write() as connection:
            before = connection.total_changes
            for statement, time in deletions:
                connection.execute(statement, (instant(time),))
            return connection.total_changes - before

    def close(self) -> None:
        """See `Store.close`."""
        self.database.close()
