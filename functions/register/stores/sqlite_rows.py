# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows of the SQLite database and the values that they stand for."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from functools import lru_cache

from register.registration import (
    Kind,
    Message,
    Notice,
    Offer,
    Person,
    Registration,
    Standing,
    State,
    UnknownSession,
    address_of,
)
from register.stores import Delivery
from schedule.model import Language, Status

STANDING = """
    SELECT id, starts, ends, closes, expires, capacity, status, revision, details, join_url,
        confirmed, waiting, notice_kind, notice_recorded, notice_before, notice_to_waiting, reminded
    FROM sessions JOIN seats ON session_id = id
"""

_RECORD = """
    INSERT INTO messages (session_id, identity, rid, kind, stamp, address, name, email, language, state, recorded,
        details, join_url, before, due)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""


def instant(moment: datetime) -> str:
    """Return an instant as it is stored."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    """Return a stored instant."""
    return datetime.fromisoformat(text)


def optional(text: str | None) -> datetime | None:
    """Return a stored instant, if there is one."""
    return None if text is None else datetime.fromisoformat(text)


def find_standing(connection: sqlite3.Connection, session_id: str) -> Standing:
    """Return a session. Raises UnknownSession."""
    row = connection.execute(f"{STANDING} WHERE id = ?", (session_id,)).fetchone()
    if row is None:
        raise UnknownSession(session_id)
    return standing(row)


def standing(row: sqlite3.Row) -> Standing:
    """Return a session from its row in STANDING."""
    offer = _offer(*row[:10])
    confirmed, waiting, kind, recorded, before, to_waiting, reminded = row[10:17]
    notice = None if kind is None else Notice(Kind(kind), moment(recorded), before, bool(to_waiting))
    return Standing(offer, confirmed, waiting, notice, optional(reminded))


@lru_cache(maxsize=256)
def _offer(
    session_id: str,
    starts: str,
    ends: str,
    closes: str,
    expires: str,
    capacity: int,
    status: str,
    revision: int,
    details: str,
    join_url: str | None,
) -> Offer:
    """Return an offer; every sign-up for a session reads the same one."""
    return Offer(
        session_id,
        moment(starts),
        moment(ends),
        moment(closes),
        moment(expires),
        capacity,
        Status(status),
        revision,
        details,
        join_url,
    )


def find_registration(connection: sqlite3.Connection, session_id: str, identity: str) -> Registration | None:
    """Return the newest registration of a person in a session."""
    row = connection.execute(
        "SELECT * FROM registrations WHERE session_id = ? AND identity = ?", (session_id, identity)
    ).fetchone()
    return None if row is None else registration(row)


def registration(row: sqlite3.Row) -> Registration:
    """Return a registration from its row."""
    person = Person(
        name=row["name"],
        email=row["email"],
        organization=row["organization"],
        role=row["role"],
        language=Language(row["language"]),
        needs=row["needs"],
    )
    return Registration(
        session_id=row["session_id"],
        identity=row["identity"],
        rid=row["rid"],
        state=State(row["state"]),
        person=person,
        signed_up=moment(row["signed_up"]),
        since=moment(row["since"]),
        ticket=row["ticket"],
        bounced=row["bounced"],
    )


def delivery(row: sqlite3.Row) -> Delivery:
    """Return a message and how far it is from its row."""
    message = Message(
        session_id=row["session_id"],
        identity=row["identity"],
        rid=row["rid"],
        kind=Kind(row["kind"]),
        stamp=row["stamp"],
        name=row["name"],
        email=row["email"],
        language=Language(row["language"]),
        state=State(row["state"]),
        recorded=moment(row["recorded"]),
        details=row["details"],
        join_url=row["join_url"],
        before=row["before"],
    )
    return Delivery(message, optional(row["due"]), row["attempts"], row["problem"], optional(row["sent"]))


def record(connection: sqlite3.Connection, message: Message, address: str | None = None) -> bool:
    """Put a message into the outbox; False if it is there already. `address` saves making it once more."""
    recorded = instant(message.recorded)
    values = (
        message.session_id,
        message.identity,
        message.rid,
        message.kind.value,
        message.stamp,
        address or address_of(message.email),
        message.name,
        message.email,
        message.language.value,
        message.state.value,
        recorded,
        message.details,
        message.join_url,
        message.before,
        recorded,
    )
    return connection.execute(_RECORD, values).rowcount == 1
