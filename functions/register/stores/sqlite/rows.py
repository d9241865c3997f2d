# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows of the SQLite database and the values that they stand for."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from register.domain.errors import UnknownSession
from register.domain.model import (
    Kind,
    Message,
    Notice,
    Occupancy,
    Person,
    Registration,
    SessionTerms,
    State,
    address_of,
)
from register.stores import Delivery
from schedule.model import Language, Status

_OCCUPANCY = """
    id, starts, ends, closes, expires, capacity, status, revision, details, join_url,
    confirmed, waiting, notice_kind, notice_recorded, notice_before, notice_to_waiting, reminded
"""
OCCUPANCY = f"SELECT {_OCCUPANCY} FROM sessions JOIN seats ON session_id = id"

_REGISTRATION = """
    registrations.session_id, identity, registration_id, state, name, email, organization, role, language, needs,
    signed_up, since, registrations.queue_number, bounced
"""
REGISTRATION = f"SELECT {_REGISTRATION} FROM registrations"

_RECORD = """
    INSERT INTO messages (session_id, identity, registration_id, kind, occasion, address, name, email, language,
        state, recorded, details, join_url, before, due)
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


def find_occupancy(connection: sqlite3.Connection, session_id: str) -> Occupancy:
    """Return a session. Raises UnknownSession."""
    row = connection.execute(f"{OCCUPANCY} WHERE id = ?", (session_id,)).fetchone()
    if row is None:
        raise UnknownSession(session_id)
    return occupancy(row)


def occupancy(row: Sequence[Any]) -> Occupancy:
    """Return a session from its row in OCCUPANCY."""
    session_id, starts, ends, closes, expires, capacity, status, revision, details, join_url = row[:10]
    confirmed, waiting, kind, recorded, before, to_waiting, reminded = row[10:]
    terms = SessionTerms(
        session_id=session_id,
        starts=moment(starts),
        ends=moment(ends),
        closes=moment(closes),
        expires=moment(expires),
        capacity=capacity,
        status=Status(status),
        revision=revision,
        details=details,
        join_url=join_url,
    )
    notice = None if kind is None else Notice(Kind(kind), moment(recorded), before, bool(to_waiting))
    return Occupancy(terms, confirmed, waiting, notice, optional(reminded))


def find_registration(connection: sqlite3.Connection, session_id: str, identity: str) -> Registration | None:
    """Return the newest registration of a person in a session."""
    row = connection.execute(
        f"{REGISTRATION} WHERE session_id = ? AND identity = ?", (session_id, identity)
    ).fetchone()
    return None if row is None else registration(row)


def registration(row: Sequence[Any]) -> Registration:
    """Return a registration from its row in REGISTRATION."""
    session_id, identity, registration_id, state, name, email, organization, role, language, needs = row[:10]
    signed_up, since, queue_number, bounced = row[10:]
    return Registration(
        session_id=session_id,
        identity=identity,
        registration_id=registration_id,
        state=State(state),
        person=Person(name, email, organization, role, Language(language), needs),
        signed_up=moment(signed_up),
        since=moment(since),
        queue_number=queue_number,
        bounced=bounced,
    )


def delivery(row: sqlite3.Row) -> Delivery:
    """Return a message and how far it is from its row."""
    message = Message(
        session_id=row["session_id"],
        identity=row["identity"],
        registration_id=row["registration_id"],
        kind=Kind(row["kind"]),
        occasion=row["occasion"],
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
        message.registration_id,
        message.kind.value,
        message.occasion,
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
