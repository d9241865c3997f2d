# SPDX-License-Identifier: AGPL-3.0-or-later
"""The emails that reached nobody: whose they are, and what to do about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from register.domain.model import Occupancy, Registration
from register.stores import Store
from register.stores.deliveries import Delivery, DeliveryFault


@dataclass(frozen=True, slots=True)
class FailedMail:
    """What was found; it names people."""

    given_up: tuple[Delivery, ...]
    postponed: tuple[Delivery, ...]
    """Emails that have failed and wait for another try."""
    bounced: tuple[Registration, ...]
    """People whose email bounced."""


def find(store: Store, *, now: datetime) -> FailedMail:
    """Return the emails that failed, and those that bounced for sessions that are not over."""
    return FailedMail(
        given_up=tuple(store.failed()),
        postponed=tuple(delivery for delivery in store.pending() if delivery.problem),
        bounced=tuple(bounced(store, store.sessions(after=now))),
    )


def bounced(store: Store, sessions: Iterable[Occupancy]) -> list[Registration]:
    """Return the registrations in these sessions whose email bounced."""
    return [
        registration
        for occupancy in sessions
        for registration in store.roster(occupancy.terms.session_id)
        if registration.bounced
    ]


def retry(store: Store, failed: FailedMail, *, now: datetime) -> int:
    """Make what was given up or postponed due again, as after settings were corrected; return how many.

    But for what a newer email to the same address about the same session has overtaken: calendars would obey it. And
    what may have arrived is left alone: a person who has it would get it once more. `resend` sends that anew.
    """
    due = [
        delivery
        for delivery in (*failed.given_up, *failed.postponed)
        if delivery.fault is not DeliveryFault.UNKNOWN and not _is_overtaken(store, delivery)
    ]
    for delivery in due:
        # It was the settings, then, and no fault of the message: this costs it no try.
        store.settle_later(
            delivery.message, due=now, problem=delivery.problem or "", fault=DeliveryFault.SERVER
        )
    return len(due)


def _is_overtaken(store: Store, delivery: Delivery) -> bool:
    message = delivery.message
    if message.kind.stands_alone:
        return False  # no other email says it, and no calendar hears of it
    return any(
        other.sent is not None
        and other.message.session_id == message.session_id
        and other.message.number > message.number
        for other in store.messages_of(message.email)
    )


def dismiss(store: Store, failed: FailedMail, *, now: datetime) -> int:
    """Stop naming what was given up or bounced, as after somebody called these people; return how many."""
    for delivery in failed.given_up:
        store.settle_sent(delivery.message, now=now)
    emails = {registration.person.email for registration in failed.bounced}
    for email in emails:
        store.bounced(email, "", now=now)
    return len(failed.given_up) + len(emails)
