# SPDX-License-Identifier: AGPL-3.0-or-later
"""All that is kept about one email address: given out, or erased, by one command each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from register.domain.counts import count, is_counted
from register.domain.errors import SessionOver, UnknownRegistration, UnknownSession
from register.domain.model import ChangedBy, Kind, State
from register.domain.snapshot import UnreadableSnapshot
from register.stores import Store
from register.stores.deliveries import Delivery


def export(store: Store, email: str) -> dict[str, Any]:
    """Return everything that is stored about an email address, as JSON data; times are RFC 3339 in UTC."""
    found = store.registrations_of(email)
    own = {(each.session_id, each.registration_id) for each in found}
    trails = (store.trail(session_id) for session_id in sorted({session_id for session_id, _ in own}))
    return {
        "registrations": [_plain(asdict(registration)) for registration in found],
        "trail": [
            _plain(asdict(entry))
            for trail in trails
            for entry in trail
            if (entry.session_id, entry.registration_id) in own
        ],
        "emails": [_email(delivery) for delivery in store.messages_of(email)],
        "requests": [_plain(asdict(wish)) for wish in store.wishes_of(email)],
    }


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many registrations were erased, and how many emails about it are still to be sent."""

    registrations: int
    unsent: int


def forget(store: Store, email: str, *, now: datetime, organization: Callable[[str], str]) -> Forgotten:
    """Erase everything about an email address; active sign-ups are canceled first, and people who wait get the seats.

    Of what has taken place, the counts are kept before; `organization` is as in `counts.count`. What is still to be
    sent of cancellations keeps the address alone. May be repeated after a crash, and run twice at the same time. Raises
    StoreError if somebody signs up with it meanwhile.
    """
    # People who wait come first: the last seat is what ends the event, and what one email tells of.
    found = store.registrations_of(email)
    _keep_counts(store, {each.session_id for each in found}, now, organization)
    active = (each for each in found if each.is_active)
    for registration in sorted(active, key=lambda each: each.state is State.CONFIRMED):
        try:
            store.cancel(registration.session_id, registration.registration_id, now=now, by=ChangedBy.ERASURE)
        except (SessionOver, UnknownSession, UnknownRegistration):
            continue  # there is no seat to give back any more
    registrations = store.erase(email, now=now)
    unsent = [
        each
        for each in store.messages_of(email)
        if each.due is not None and each.message.changed_by is ChangedBy.ERASURE
    ]
    return Forgotten(registrations, len(unsent))


def _keep_counts(
    store: Store, session_ids: Iterable[str], now: datetime, organization: Callable[[str], str]
) -> None:
    """Keep the counts of sessions as long as somebody is in them who is about to be erased."""
    for session_id in sorted(session_ids):
        try:
            occupancy = store.session(session_id)
            if is_counted(occupancy.terms, now):
                counts = count(occupancy, store.roster(session_id), organization=organization)
                store.keep_counts(replace(counts, erased=True))
        except (UnknownSession, UnreadableSnapshot):
            continue  # it was withdrawn, or the doctor tells of it: no number is worth a person's data


def _email(delivery: Delivery) -> dict[str, Any]:
    """Return an email without the link to join, which is not about the person."""
    message = delivery.message
    fields: dict[str, Any] = _plain(
        {
            "session_id": message.session_id,
            "kind": message.kind,
            "name": message.name,
            "email": message.email,
            "language": message.language,
            "recorded": message.recorded,
            "sent": delivery.sent,
            "due": delivery.due,
            "attempts": delivery.attempts,
            "problem": delivery.problem,
        }
    )
    if message.kind is Kind.ANNOUNCEMENT:
        fields |= {"subject": message.subject, "body": message.body}
    return fields


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return value.isoformat() if isinstance(value, datetime) else value
