# SPDX-License-Identifier: AGPL-3.0-or-later
"""Steps that several verbs of the SQLite store share; each runs inside the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from register.domain.model import Registration, SessionTerms, State
from register.domain.notifications import promotion_mail
from register.domain.rate_limits import Limit
from register.stores.sqlite.rows import REGISTRATION, find_registration, instant, record, registration

_ROSTER = f"""
    {REGISTRATION} WHERE session_id = ?
    ORDER BY state = 'cancelled', state = 'waitlisted', coalesce(queue_number, 0), since, identity
"""
_NEW = """
    INSERT INTO registrations (session_id, identity, address, registration_id, state, name, email, organization, role,
        language, needs, signed_up, since, queue_number)
"""
_SIGN_UP = f"""
    {_NEW} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (session_id, identity) DO UPDATE SET registration_id = excluded.registration_id,
        state = excluded.state, name = excluded.name,
        email = excluded.email, organization = excluded.organization, role = excluded.role,
        language = excluded.language, needs = excluded.needs, signed_up = excluded.signed_up,
        since = excluded.since, queue_number = excluded.queue_number, bounced = NULL
"""
_TAKE_FREE_SEAT = """
    UPDATE seats SET confirmed = confirmed + 1
    WHERE session_id = ? AND terms = ? AND confirmed < ? AND waiting = 0
"""
_NEWCOMER = f"""
    {_NEW} SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
    WHERE NOT EXISTS (SELECT 1 FROM registrations WHERE address = ?3 AND session_id = ?1)
"""
_COUNT = "INSERT INTO limits VALUES (?, ?, 1, ?) ON CONFLICT DO UPDATE SET n = n + 1 RETURNING n"


def roster(connection: sqlite3.Connection, session_id: str) -> list[Registration]:
    """Return all registrations of a session in the roster's order."""
    return [registration(row) for row in connection.execute(_ROSTER, (session_id,))]


def place(connection: sqlite3.Connection, of: Registration | None) -> int | None:
    """Count how many wait up to somebody; None for who does not wait."""
    if of is None or of.state is not State.WAITLISTED:
        return None
    counted = connection.execute(
        "SELECT count(*) FROM registrations WHERE session_id = ? AND state = 'waitlisted' AND queue_number <= ?",
        (of.session_id, of.queue_number),
    )
    return int(counted.fetchone()[0])


def count(connection: sqlite3.Connection, limits: Sequence[Limit], now: datetime) -> None:
    """Count a hit for each limit, within the transaction that it may stop. Raises LimitReached."""
    for limit in limits:
        hit = (limit.key, limit.window_of(now), instant(limit.expires(now)))
        counted = connection.execute(_COUNT, hit).fetchone()[0]
        if counted > limit.most:
            raise limit.reached()


def active(connection: sqlite3.Connection, session_id: str, address: str) -> list[Registration]:
    """Return who has a seat or waits with one e-mail address in a session."""
    rows = connection.execute(
        f"{REGISTRATION} WHERE address = ? AND session_id = ? AND state <> 'cancelled'", (address, session_id)
    )
    return [registration(row) for row in rows]


def put(connection: sqlite3.Connection, new: Registration, address: str) -> None:
    """Store a new registration, in the place of a cancelled one of the same person."""
    connection.execute(_SIGN_UP, _values(new, address))


def seat_newcomer(
    connection: sqlite3.Connection, new: Registration, address: str, capacity: int, fingerprint: str
) -> bool:
    """Store a confirmed registration if a seat is free, nobody waits, and the address is new in the session.

    `fingerprint` is that of the terms that `capacity` comes from. False if one of these does not hold (any more).
    """
    if not connection.execute(_TAKE_FREE_SEAT, (new.session_id, fingerprint, capacity)).rowcount:
        return False
    if connection.execute(_NEWCOMER, _values(new, address)).rowcount:
        return True
    connection.execute("UPDATE seats SET confirmed = confirmed - 1 WHERE session_id = ?", (new.session_id,))
    return False


def _values(new: Registration, address: str) -> tuple[object, ...]:
    person, now = new.person, instant(new.since)
    said = (person.name, person.email, person.organization, person.role, person.language.value, person.needs)
    return (
        new.session_id,
        new.identity,
        address,
        new.registration_id,
        new.state.value,
        *said,
        now,
        now,
        new.queue_number,
    )


def change_state(connection: sqlite3.Connection, known: Registration, state: State, now: datetime) -> None:
    """Put a registration into another state, and count it there."""
    connection.execute(
        "UPDATE registrations SET state = ?, since = ?, queue_number = NULL WHERE session_id = ? AND identity = ?",
        (state.value, instant(now), known.session_id, known.identity),
    )
    left = {State.CONFIRMED: "confirmed = confirmed - 1", State.WAITLISTED: "waiting = waiting - 1"}[
        known.state
    ]
    entered = ", confirmed = confirmed + 1" if state is State.CONFIRMED else ""
    connection.execute(f"UPDATE seats SET {left}{entered} WHERE session_id = ?", (known.session_id,))


def promote_first(connection: sqlite3.Connection, terms: SessionTerms, now: datetime) -> None:
    """Give a seat to the first who waits, and record the mail; somebody must wait."""
    row = connection.execute(
        f"{REGISTRATION} WHERE session_id = ? AND state = 'waitlisted' ORDER BY queue_number LIMIT 1",
        (terms.session_id,),
    ).fetchone()
    first = registration(row)
    change_state(connection, first, State.CONFIRMED, now)
    seated = find_registration(connection, terms.session_id, first.identity)
    assert seated is not None  # noqa: S101 - it has just been changed
    record(connection, promotion_mail(seated, terms, now))
