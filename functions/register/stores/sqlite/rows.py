# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows of the SQLite database and the objects that they stand for; `records.py` has the fields."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping

from register.domain.counts import SessionCounts
from register.domain.messages import Message
from register.domain.model import Notice, Occupancy, Registration, SessionTerms, Tally
from register.domain.trail import TrailEntry
from register.domain.wishes import Wish
from register.stores import checks, desk_records, records
from register.stores.deliveries import Delivery
from register.stores.desk import StaffAccount
from register.stores.fields import Record, What, instant
from register.stores.records import Values


def insert(table: str, values: Values, on_conflict: str = "") -> str:
    """Return the statement that inserts named values."""
    columns = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    return f"INSERT INTO {table} ({columns}) VALUES ({places}) {on_conflict}"


def upsert(table: str, key: str, values: Values) -> str:
    """Return the statement that inserts named values, or puts them in the place of those of the same key."""
    changes = ", ".join(f"{name} = excluded.{name}" for name in values if name not in key.split(", "))
    return insert(table, values, f"ON CONFLICT ({key}) DO UPDATE SET {changes}")


def session_values(terms: SessionTerms, notice: Notice | None) -> Values:
    """Return what the schedule says of a session, as columns of its row."""
    return records.terms_values(terms) | records.notice_values(notice)


def registration_values(of: Registration) -> Values:
    """Return a registration as columns of its row."""
    return records.registration_values(of) | {"email_hash": of.person.email_hash}


def trail_values(of: TrailEntry) -> Values:
    """Return an entry of a session's trail as columns of its row."""
    return records.trail_values(of)


def wish_values(wish: Wish) -> Values:
    """Return a wish as columns of its row."""
    more = {"email_hash": wish.email_hash, "expires": instant(wish.expires)}
    return records.wish_values(wish) | more


def message_values(message: Message) -> Values:
    """Return a new message as columns of its row."""
    return records.message_values(message)


def occupancy(row: sqlite3.Row) -> Occupancy:
    """Return a session from its row. Raises Damaged."""
    return records.occupancy(_record(records.SESSION, row))


def registration(row: sqlite3.Row) -> Registration:
    """Return a registration from its row. Raises Damaged."""
    return records.registration(_record(records.REGISTRATION, row))


def trail_entry(row: sqlite3.Row) -> TrailEntry:
    """Return an entry of a session's trail from its row. Raises Damaged."""
    return records.trail_entry(_record(records.TRAIL, row))


def tally(row: sqlite3.Row) -> Tally:
    """Return the counts of an email address from their row. Raises Damaged."""
    return records.tally(_record(records.TALLY, row))


def delivery(row: sqlite3.Row) -> Delivery:
    """Return a message and how far it is from its row. Raises Damaged."""
    return records.delivery(_record(records.MESSAGE, row))


def wish(row: sqlite3.Row) -> Wish:
    """Return a wish from its row. Raises Damaged."""
    return records.wish(_record(records.WISH, row))


def account(row: sqlite3.Row) -> StaffAccount:
    """Return what is kept of a member of staff from its row. Raises Damaged."""
    return desk_records.account(_record(desk_records.STAFF, row))


def counts(row: sqlite3.Row) -> SessionCounts:
    """Return the counts of a session from their row. Raises Damaged."""
    return desk_records.counts(_record(desk_records.COUNTS, row))


def whole(table: str, row: sqlite3.Row) -> None:
    """Read everything in a row. Raises Damaged."""
    kind, check = CHECKS[table]
    check(_record(kind, row))


def _hit(record: Record) -> None:
    record.text("key")
    record.moment("hit")
    record.moment("expires")


def _fact(record: Record) -> None:
    record.text("name")
    record.text("value")


def _message(record: Record) -> None:
    checks.message(record)
    record.moment_if_any("expires")


def _wish(record: Record) -> None:
    checks.wish(record)
    record.moment("expires")
    record.moment_if_any("lease")


def _account(record: Record) -> None:
    record.text("email_hash")
    desk_records.account(record)


def _counts(record: Record) -> None:
    desk_records.counts(record)


CHECKS: Mapping[str, tuple[What, Callable[[Record], None]]] = {
    "sessions": (records.SESSION, checks.session),
    "registrations": (records.REGISTRATION, checks.registration),
    "tallies": (records.TALLY, checks.tally),
    "trail": (records.TRAIL, checks.trail_entry),
    "messages": (records.MESSAGE, _message),
    "wishes": (records.WISH, _wish),
    "hits": (records.LIMIT, _hit),
    "staff": (desk_records.STAFF, _account),
    "counts": (desk_records.COUNTS, _counts),
    "facts": (records.FACT, _fact),
}
"""All tables, with what reads everything in a row of each."""


def _record(what: What, row: sqlite3.Row) -> Record:
    return Record(what, {name: row[name] for name in row.keys() if row[name] is not None})  # noqa: SIM118 - a Row iterates over values
