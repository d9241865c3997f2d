# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether everything in a stored record can be read and fits together, for `register doctor`. All raise Damaged."""

from __future__ import annotations

from register.domain import snapshot
from register.domain.identity import hash_of
from register.domain.model import Kind, State
from register.stores import records
from register.stores.fields import Record

_NOT_ITS_HASH = "is not that of its email address"


def session(record: Record) -> None:
    """Check a session."""
    occupancy = records.occupancy(record)
    record.number("queue_number")
    _snapshot(record, "snapshot_json", occupancy.terms.snapshot_json)
    if occupancy.notice is not None:
        _snapshot(record, "notice_before", occupancy.notice.before_snapshot_json)


def registration(record: Record) -> None:
    """Check a registration."""
    found = records.registration(record)
    _email_hash(record, found.person.email)
    if record.text("identity") != found.person.identity:
        raise record.damaged("identity", "is not that of its name and email address")
    if (found.state is State.WAITLISTED) != (found.queue_number is not None):
        raise record.damaged("queue_number", "does not fit its state")
    if found.attended is not None and found.state is not State.CONFIRMED:
        raise record.damaged("attended", "does not fit its state")


def trail_entry(record: Record) -> None:
    """Check an entry of a session's trail."""
    records.trail_entry(record)


def tally(record: Record) -> None:
    """Check the counts of an email address."""
    found = records.tally(record)
    record.text("session_id")
    record.text("email_hash")
    if found.seats > found.active:
        raise record.damaged("seats", 'is more than "active"')


def message(record: Record) -> None:
    """Check a message."""
    found = records.delivery(record).message
    if record.text("email_hash") != found.key.email_hash:
        raise record.damaged("email_hash", _NOT_ITS_HASH)
    if found.kind.for_staff:
        return  # it is about no state of a session
    if found.kind is Kind.ANNOUNCEMENT:
        record.text("subject")
        record.text("body")
    if found.kind is Kind.REMINDER and not found.occasion.isdecimal():
        raise record.damaged("occasion", "is no number of seconds")
    _snapshot(record, "snapshot_json", found.snapshot_json)
    if found.before_snapshot_json is not None:
        _snapshot(record, "before_snapshot_json", found.before_snapshot_json)
    if found.other_snapshot_json is not None:
        _snapshot(record, "other_snapshot_json", found.other_snapshot_json)


def wish(record: Record) -> None:
    """Check a wish."""
    _email_hash(record, records.wish(record).email)


def _email_hash(record: Record, email: str) -> None:
    if record.text("email_hash") != hash_of(email):
        raise record.damaged("email_hash", _NOT_ITS_HASH)


def _snapshot(record: Record, name: str, text: str) -> None:
    try:
        snapshot.read(text)
    except snapshot.UnreadableSnapshot as error:
        raise record.damaged(name, f"is no session that can be shown ({error.reason})") from error
