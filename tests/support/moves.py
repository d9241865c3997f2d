# SPDX-License-Identifier: AGPL-3.0-or-later
"""Dates of one training, and people who move between them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from register.domain.changes import Moved
from register.domain.messages import Message, Method
from register.domain.model import ChangedBy, Kind, Registration, SessionTerms
from register.stores import Store
from tests.support.builders import STARTS, People, opened, terms
from tests.support.constants import SECOND
from tests.support.emails import snapshot_json
from tests.support.schedules import session

HERE, THERE = "here", "there"
EMAIL = "ana@example.net"


def date(session_id: str, days: int = 0, **changes: Any) -> SessionTerms:
    """Return a date of the training, with two seats."""
    about = replace(session(), id=session_id)
    starts = STARTS + timedelta(days=days)
    return terms(session_id, **({"starts": starts, "snapshot_json": snapshot_json(about)} | changes))


def two_dates(store: Store, here: int = 2, there: int = 2) -> People:
    """Open two dates with so many seats."""
    return opened(store, date(HERE, capacity=here), date(THERE, 7, capacity=there))


def move(store: Store, people: People, registration: Registration, **changes: Any) -> Moved:
    """Move somebody, a second after what came before."""
    people.now += SECOND
    to = {HERE: THERE, THERE: HERE}[registration.session_id]
    given = {"to": to, "new_registration_id": "new", "now": people.now, "by": ChangedBy.PERSON} | changes
    return store.move(registration.session_id, registration.registration_id, **given)


def signed_up(people: People, *names: str, at: str = HERE, **changes: Any) -> list[Registration]:
    """Sign people up, and return their registrations."""
    return [each.registration for each in people.sign_up(*names, session_id=at, **changes)]


def told(store: Store, email: str = EMAIL) -> list[tuple[str, Kind, Method | None]]:
    """Return where, what, and what it does to the calendar, in the order in which it goes out."""
    sent = sorted((each.message for each in store.messages_of(email)), key=lambda each: each.recorded)
    return [(each.session_id, each.kind, each.method) for each in sent]


def newest(store: Store, session_id: str, email: str = EMAIL) -> Message:
    """Return the newest message about a session to an address."""
    return [each.message for each in store.messages_of(email) if each.message.session_id == session_id][-1]


def resized(store: Store, session_id: str, capacity: int) -> None:
    """Give a session another number of seats."""
    before = store.session(session_id)
    newer = replace(before.terms, capacity=capacity, revision=before.terms.revision + 1)
    store.sync_session(newer, None, expected=before)
