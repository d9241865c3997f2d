# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows of the SQLite database and the values that they stand for. The names of columns are those of fields."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

from register.domain.model import (
    ChangedBy,
    Kind,
    Message,
    Method,
    Notice,
    Occupancy,
    Person,
    Registration,
    SessionTerms,
    State,
)
from register.stores.deliveries import Delivery, DeliveryFault
from schedule.model import Language, Status

Values = dict[str, str | int | None]


def instant(moment: datetime) -> str:
    """Return an instant as it is stored: in UTC, to the microsecond, so that texts sort as times do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def insert(table: str, values: Values, on_conflict: str = "") -> str:
    """Return the statement that inserts named values."""
    columns = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    return f"INSERT INTO {table} ({columns}) VALUES ({places}) {on_conflict}"


def upsert(table: str, key: str, values: Values) -> str:
    """Return the statement that inserts named values, or puts them in the place of those of the same key."""
    changes = ", ".join(f"{name} = excluded.{name}" for name in values if name not in key.split(", "))
    return insert(table, values, f"ON CONFLICT ({key}) DO UPDATE SET {changes}")


def occupancy(row: sqlite3.Row) -> Occupancy:
    """Return a session from its row."""
    terms = SessionTerms(
        session_id=row["session_id"],
        starts=datetime.fromisoformat(row["starts"]),
        ends=datetime.fromisoformat(row["ends"]),
        closes=datetime.fromisoformat(row["closes"]),
        expires=datetime.fromisoformat(row["expires"]),
        capacity=row["capacity"],
        status=Status(row["status"]),
        revision=row["revision"],
        snapshot_json=row["snapshot_json"],
        join_url=row["join_url"],
    )
    notice = None
    if row["notice_kind"] is not None:
        notice = Notice(
            kind=Kind(row["notice_kind"]),
            recorded=datetime.fromisoformat(row["notice_recorded"]),
            before_snapshot_json=row["notice_before"],
            to_waiting=bool(row["notice_to_waiting"]),
        )
    return Occupancy(
        terms=terms,
        confirmed=row["confirmed"],
        waiting=row["waiting"],
        notice=notice,
        reminded=_moment(row["reminded"]),
        highest_erased=row["highest_erased"],
    )


def session_values(terms: SessionTerms, notice: Notice | None) -> Values:
    """Return what the schedule says of a session, as columns of its row."""
    return {
        "session_id": terms.session_id,
        "starts": instant(terms.starts),
        "ends": instant(terms.ends),
        "closes": instant(terms.closes),
        "expires": instant(terms.expires),
        "capacity": terms.capacity,
        "status": terms.status.value,
        "revision": terms.revision,
        "snapshot_json": terms.snapshot_json,
        "join_url": terms.join_url,
        "notice_kind": notice.kind.value if notice else None,
        "notice_recorded": instant(notice.recorded) if notice else None,
        "notice_before": notice.before_snapshot_json if notice else None,
        "notice_to_waiting": int(notice.to_waiting) if notice else None,
    }


def registration(row: sqlite3.Row) -> Registration:
    """Return a registration from its row."""
    return Registration(
        session_id=row["session_id"],
        registration_id=row["registration_id"],
        state=State(row["state"]),
        person=Person(
            name=row["name"],
            email=row["email"],
            organization=row["organization"],
            role=row["role"],
            language=Language(row["language"]),
            needs=row["needs"],
        ),
        signed_up=datetime.fromisoformat(row["signed_up"]),
        since=datetime.fromisoformat(row["since"]),
        queue_number=row["queue_number"],
        link_generation=row["link_generation"],
        bounced=row["bounced"],
        changed_by=ChangedBy(row["changed_by"]),
    )


def registration_values(of: Registration) -> Values:
    """Return a registration as columns of its row."""
    person = of.person
    return {
        "session_id": of.session_id,
        "registration_id": of.registration_id,
        "state": of.state.value,
        "identity": person.identity,
        "email_hash": person.email_hash,
        "name": person.name,
        "email": person.email,
        "organization": person.organization,
        "role": person.role,
        "language": person.language.value,
        "needs": person.needs,
        "signed_up": instant(of.signed_up),
        "since": instant(of.since),
        "queue_number": of.queue_number,
        "link_generation": of.link_generation,
        "bounced": of.bounced,
        "changed_by": of.changed_by.value,
    }


def message_values(message: Message) -> Values:
    """Return a new message, which is due at once, as columns of its row."""
    recorded = instant(message.recorded)
    return {
        **message.key._asdict(),
        "number": message.number,
        "method": message.method and message.method.value,
        "name": message.name,
        "email": message.email,
        "language": message.language.value,
        "state": message.state.value,
        "changed_by": message.changed_by.value,
        "recorded": recorded,
        "snapshot_json": message.snapshot_json,
        "join_url": message.join_url,
        "before_snapshot_json": message.before_snapshot_json,
        "link_generation": message.link_generation,
        "place": message.place,
        "due": recorded,
    }


def delivery(row: sqlite3.Row) -> Delivery:
    """Return a message and how far it is from its row."""
    message = Message(
        session_id=row["session_id"],
        registration_id=row["registration_id"],
        kind=Kind(row["kind"]),
        occasion=row["occasion"],
        number=row["number"],
        method=row["method"] and Method(row["method"]),
        name=row["name"],
        email=row["email"],
        language=Language(row["language"]),
        state=State(row["state"]),
        changed_by=ChangedBy(row["changed_by"]),
        recorded=datetime.fromisoformat(row["recorded"]),
        snapshot_json=row["snapshot_json"],
        join_url=row["join_url"],
        before_snapshot_json=row["before_snapshot_json"],
        link_generation=row["link_generation"],
        place=row["place"],
    )
    return Delivery(
        message,
        _moment(row["due"]),
        row["attempts"],
        row["problem"],
        _moment(row["sent"]),
        fault=row["fault"] and DeliveryFault(row["fault"]),
        unknown=row["unknown"],
        slow=bool(row["slow"]),
        lease=_moment(row["lease"]),
        tried=_moment(row["tried"]),
    )
