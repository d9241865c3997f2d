# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is to be told to staff by itself, once a day; `staff_news.py` reads what there is to say when it is sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from register.domain import snapshot
from register.domain.messages import Message
from register.domain.model import Kind, Occupancy
from register.domain.snapshot import UnreadableSnapshot
from register.domain.staff import StaffEmail, StaffMember
from register.domain.staff_messages import staff_message
from register.domain.staff_news import PACIFIC, WANTED
from register.stores import Store
from schedule.model import Status

HOUR = 7
"""From when on the clock staff are told."""

_DAY = timedelta(days=1)


def record(store: Store, staff: Iterable[StaffMember], *, now: datetime) -> int:
    """Record what these members of staff are told once a day; return how many messages are new. Raises StoreError.

    From seven in the morning: tomorrow's rosters by the clocks of the sessions, and what happened yesterday and what is
    wrong by the Pacific clock. A roster that is late goes out until its session begins.
    """
    wanted = frozenset(email for member in staff for email in member.emails)
    found: list[Message] = []
    if StaffEmail.ROSTER in wanted:
        found += (message for each in store.sessions(after=now) for message in _roster(each, now))
    local = now.astimezone(PACIFIC)
    if local.hour >= HOUR:
        found += (
            staff_message(kind, occasion=local.date().isoformat(), recorded=now)
            for kind in (Kind.STAFF_DAILY, Kind.STAFF_PROBLEMS)
            if WANTED[kind] in wanted
        )
    return store.record(found) if found else 0


def _roster(occupancy: Occupancy, now: datetime) -> Iterator[Message]:
    terms = occupancy.terms
    if terms.status is Status.CANCELLED or not now < terms.starts <= now + 2 * _DAY:
        return
    try:
        start = snapshot.read(terms.snapshot_json, terms.session_id).session.period.local_start
    except UnreadableSnapshot:
        return  # the doctor tells of it
    before = start.date() - _DAY
    if now >= datetime.combine(before, time(HOUR), start.tzinfo):
        yield staff_message(
            Kind.STAFF_ROSTER, session_id=terms.session_id, occasion=before.isoformat(), recorded=now
        )


def refused(store: Store, *, vanished: Sequence[Occupancy], too_many: int = 0, now: datetime) -> int:
    """Record what a sync left as it was, for the office; return how many messages are new."""
    if not (vanished or too_many):
        return 0
    said = {"vanished": [each.terms.session_id for each in vanished], "too_many": too_many}
    occasion = f"sync-{now.astimezone(PACIFIC).date().isoformat()}"
    message = staff_message(Kind.STAFF_PROBLEMS, occasion=occasion, recorded=now)
    return store.record([replace(message, body=json.dumps(said))])
