# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sessions, people and steps that the function's tests share."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from register.domain.announcements import AnnouncedTo, Announcement
from register.domain.model import ChangedBy, Kind, Notice, Person, Registration, SessionTerms, SignedUp
from register.domain.organizations import Organizations
from register.stores import Store
from register.stores.deliveries import Delivery
from register.stores.errors import Damaged
from register.stores.outbox import Outbox
from schedule.model import Language, Status
from tests.support.constants import NOW, SECOND

STARTS = datetime(2026, 12, 3, 18, 0, tzinfo=UTC)
SESSION = "2026-12-03-overview"
LEASE = timedelta(minutes=5)
UNLISTED = Organizations().listed
"""What names the group of an organization where none are listed."""


def terms(session_id: str = SESSION, **changes: Any) -> SessionTerms:
    """Return a session of two seats, thirteen days ahead."""
    starts = changes.get("starts", STARTS)
    whole: dict[str, Any] = {
        "session_id": session_id,
        "starts": starts,
        "ends": starts + timedelta(minutes=90),
        "closes": starts,
        "expires": starts + timedelta(days=180),
        "capacity": 2,
        "status": Status.SCHEDULED,
        "revision": 3,
        "snapshot_json": '{"of": "session"}',
        "join_url": "https://meet.example.org/j/1",
    }
    return SessionTerms(**(whole | changes))


def person(name: str = "Ana Núñez", **changes: Any) -> Person:
    """Return somebody with an address made from the name."""
    local = "".join(letter for letter in name.casefold() if letter.isascii() and letter.isalnum()) or "x"
    whole: dict[str, Any] = {
        "name": name,
        "email": f"{local}@example.net",
        "organization": "Yolo COE",
        "role": "recruiter",
        "language": Language.ENGLISH,
        "needs": "",
    }
    return Person(**(whole | changes))


def notice(kind: Kind = Kind.CHANGE, **changes: Any) -> Notice:
    """Return a notice of a change an hour after NOW."""
    whole: dict[str, Any] = {
        "kind": kind,
        "recorded": NOW + timedelta(hours=1),
        "before_snapshot_json": '{"of": "before"}',
        "to_waiting": True,
    }
    return Notice(**(whole | changes))


def announcement(**changes: Any) -> Announcement:
    """Return what staff write to all people of a session, an hour after NOW."""
    whole: dict[str, Any] = {
        "occasion": "drawn-1",
        "recorded": NOW + timedelta(hours=1),
        "to": AnnouncedTo.ALL,
        "subject_en": "Bring a laptop",
        "text_en": "Please bring a laptop.\n\nSee you there.",
        "subject_es": "Traiga una computadora",
        "text_es": "Por favor, traiga una computadora.",
    }
    return Announcement(**(whole | changes))


def registration_ids() -> Iterator[str]:
    """Yield the ids that registrations get, one after the other."""
    return (f"rid-{number}" for number in itertools.count(1))


class People:
    """Signs people up in a store, a second apart, each with an id of its own."""

    def __init__(self, store: Store, now: datetime = NOW) -> None:
        self.store = store
        self.now = now
        self._rids = registration_ids()

    def sign_up(self, *names: str, session_id: str = SESSION, **changes: Any) -> list[SignedUp]:
        """Sign up each of these names."""
        return [self._one(session_id, person(name, **changes)) for name in names]

    def _one(self, session_id: str, who: Person) -> SignedUp:
        self.now += SECOND
        return self.store.sign_up(session_id, who, registration_id=next(self._rids), now=self.now)

    def cancel(self, registration: Registration, by: ChangedBy = ChangedBy.PERSON) -> Registration:
        """Cancel a registration, a second after what came before."""
        self.now += SECOND
        return self.store.cancel(registration.session_id, registration.registration_id, now=self.now, by=by)


def opened(store: Store, *offers: SessionTerms) -> People:
    """Put sessions into a store, and return who signs up there."""
    for one in offers or (terms(),):
        store.sync_session(one, None, expected=None)
    return People(store)


def claim_all(store: Outbox, *, now: datetime, most: int = 9, lease: timedelta = LEASE) -> list[Delivery]:
    """Take what is due, one message after the other, until nothing is left or there are this many."""
    return list(itertools.islice(iter(lambda: store.claim(now=now, lease=lease), None), most))


def kinds(store: Store, email: str) -> list[Kind]:
    """Return the kinds of all mails to an address, in their order."""
    return [one.message.kind for one in store.messages_of(email)]


def counts(store: Store, session_id: str = SESSION) -> tuple[int, int]:
    """Return how many are confirmed and how many wait, as the session says."""
    occupancy = store.session(session_id)
    return occupancy.confirmed, occupancy.waiting


def damaged_fields(store: Store) -> list[str]:
    """Return the fields that the store cannot read or that fit nothing else, but for the snapshots made up here."""
    fields = (each.field if isinstance(each, Damaged) else str(each) for each in store.damaged())
    return [field for field in fields if not field.endswith("snapshot_json")]


def line(store: Store, session_id: str = SESSION) -> list[tuple[str, str, int | None]]:
    """Return name, state and place of everybody, as the roster shows them."""
    return [(one.person.name, one.state.value, store.place(one)) for one in store.roster(session_id)]


def names(deliveries: list[Delivery]) -> list[tuple[str, str]]:
    """Return name and kind of messages."""
    return [(one.message.name, one.message.kind.value) for one in deliveries]
