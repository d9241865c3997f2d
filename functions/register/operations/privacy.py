# SPDX-License-Identifier: AGPL-3.0-or-later
"""All that is kept about one email address: given out, or erased, by one command each."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from register.domain.errors import SessionOver, UnknownSession
from register.domain.model import ChangedBy
from register.stores import Delivery, Store


def export(store: Store, email: str) -> dict[str, Any]:
    """Return everything that is stored about an email address, as JSON data; times are RFC 3339 in UTC."""
    return {
        "registrations": [_plain(asdict(registration)) for registration in store.registrations_of(email)],
        "emails": [_email(delivery) for delivery in store.messages_of(email)],
    }


def forget(store: Store, email: str, *, now: datetime) -> int:
    """Erase everything about an email address; active sign-ups are canceled first, and people who wait get the seats.

    Returns how many registrations there were. May be repeated after a crash. Raises StoreError if somebody
    signs up with it meanwhile.
    """
    for registration in store.registrations_of(email):
        if registration.is_active:
            try:
                store.cancel(
                    registration.session_id, registration.registration_id, now=now, by=ChangedBy.ERASURE
                )
            except (SessionOver, UnknownSession):
                continue  # there is no seat to give back any more
    return store.erase(email, now=now)


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
    return fields


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return value.isoformat() if isinstance(value, datetime) else value
