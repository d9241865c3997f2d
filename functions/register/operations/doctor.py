# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody who runs the function should know: what waits, what has failed, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from register.domain import snapshot
from register.domain.errors import RegisterError
from register.domain.model import Occupancy
from register.domain.notifications import reminder_due
from register.domain.rules import promotion_due
from register.operations.failed_mail import bounced
from register.operations.sync_plan import Plan
from register.stores import Delivery, Store
from register.stores.deliveries import DeliveryFault, stuck
from schedule.model import Format, Status

LATE = timedelta(minutes=15)
"""Reminders that are due for longer than this mean that nobody writes them."""

LINK_NEEDED_BEFORE = timedelta(days=3)
"""How long before an online session its link to join should be there."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact; `trouble` says whether somebody should act on it."""

    words: str
    trouble: bool = False


def examine(store: Store, *, now: datetime) -> list[Finding]:
    """Look at everything that the store holds. Raises StoreError if the store does not answer."""
    sessions = store.sessions(after=now)
    return [
        Finding(f"store: {store.health()}"),
        *_sessions(sessions, now),
        *_email(store.pending(), store.failed(), now),
        *_bounced(store, sessions),
    ]


def unanswered(error: RegisterError) -> Finding:
    """Return what to say when the store does not answer."""
    return Finding(f"store: does not answer: {error}", trouble=True)


def unsendable(error: RegisterError) -> Finding:
    """Return what to say when emails have nowhere to go."""
    return Finding(f"email: {error}", trouble=True)


def unshowable(error: RegisterError) -> Finding:
    """Return what to say when pages cannot be made."""
    return Finding(f"pages: {error}", trouble=True)


def compare(plan: Plan) -> list[Finding]:
    """Return how far the store is behind the built schedule, by what a sync would do."""
    found = [Finding(line, trouble=True) for line in plan.left_alone()]
    if behind := len(plan.changes) + len(plan.withdrawn):
        words = f"schedule: {behind} sessions are not as in the build; run register sync"
        found.append(Finding(words, trouble=True))
    return found


def _sessions(sessions: Sequence[Occupancy], now: datetime) -> list[Finding]:
    confirmed = sum(occupancy.confirmed for occupancy in sessions)
    waiting = sum(occupancy.waiting for occupancy in sessions)
    words = f"sessions: {len(sessions)} to come, {confirmed} confirmed, {waiting} waiting"
    if not sessions:
        words += "; is this the right folder? then run register sync"
    found = [Finding(words, trouble=not sessions)]
    for occupancy in sessions:
        found += _session(occupancy, now)
    return found


def _session(occupancy: Occupancy, now: datetime) -> list[Finding]:
    terms = occupancy.terms
    online = snapshot.read(terms.snapshot_json).session.format is Format.ONLINE
    near = terms.starts - now <= LINK_NEEDED_BEFORE and terms.status is Status.SCHEDULED
    troubles = (
        (occupancy.notice is not None, "not everybody has been told about a change; run register sweep"),
        (promotion_due(occupancy, now), "somebody is waiting although a seat is free; run register sweep"),
        (
            reminder_due(occupancy, now - LATE),
            "its reminders are late; start the server, or run register remind",
        ),
        (
            online and near and terms.join_url is None,
            "has no link to join; add its Join-Url, or its secret, and run register sync",
        ),
    )
    found = [_trouble(terms.session_id, words) for is_so, words in troubles if is_so]
    if occupancy.confirmed > terms.capacity:
        found.append(
            Finding(f"{terms.session_id}: {occupancy.confirmed} confirmed for {terms.capacity} seats")
        )
    return found


def _email(pending: Sequence[Delivery], failed: Sequence[Delivery], now: datetime) -> list[Finding]:
    late = stuck(pending, now)
    found = [Finding(f"email: {len(pending)} to send")]
    if late:
        oldest = min(delivery.message.recorded for delivery in late)
        words = f"email: {len(late)} stuck since {oldest:%Y-%m-%d %H:%MZ}; start the server, or run register deliver"
        found.append(Finding(words, trouble=True))
    for delivery in pending:
        if delivery.problem and delivery.due is not None:
            found.append(_trouble(f"email {delivery.message.label}", _again(delivery, delivery.due)))
    for delivery in failed:
        words = f"given up: {delivery.problem}; register failed says whose it is"
        found.append(_trouble(f"email {delivery.message.label}", words))
    return found


def _again(delivery: Delivery, due: datetime) -> str:
    """Return when an email is tried again, and what the server said."""
    if delivery.fault is DeliveryFault.SERVER:
        return f"again when the server is back: {delivery.problem}"
    tries = f"{delivery.attempts} tries, " if delivery.attempts else ""
    return f"{tries}again at {due:%Y-%m-%d %H:%MZ}: {delivery.problem}"


def _bounced(store: Store, sessions: Sequence[Occupancy]) -> list[Finding]:
    return [
        _trouble(
            f"{registration.session_id} ({registration.state})",
            f"email bounced: {registration.bounced}; register failed says whose it is",
        )
        for registration in bounced(store, sessions)
    ]


def _trouble(what: str, words: str) -> Finding:
    return Finding(f"{what}: {words}", trouble=True)
