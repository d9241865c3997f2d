# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody who runs the function should know: what waits, what has failed, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from register.domain import snapshot
from register.domain.errors import RegisterError
from register.domain.model import Occupancy
from register.domain.notifications import reminder_due
from register.domain.rules import promotion_due
from register.domain.wishes import Wish
from register.operations.failed_mail import bounced
from register.operations.sync_plan import Plan
from register.stores import Store
from register.stores.deliveries import Delivery, DeliveryFault, stuck
from register.stores.errors import StoreError
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
    """Look at everything that the store holds. Raises StoreError if it does not answer at all."""
    found = [Finding(f"store: {store.health()}")]
    try:
        damaged = [str(error) for error in store.damaged()]
    except StoreError as error:
        damaged = [str(error)]
    found += _examined(lambda: _sessions(store.sessions(after=now), now, damaged), damaged)
    found += _examined(lambda: _email(store.pending(), store.failed(), store.wishes(now=now), now), damaged)
    found += _examined(lambda: _bounced(store, store.sessions(after=now)), damaged)
    return found + [_trouble("store", words) for words in damaged]


def _examined(part: Callable[[], list[Finding]], damaged: list[str]) -> list[Finding]:
    """Return what a part finds; if it cannot be looked at, and nothing has said why yet, that is added to `damaged`."""
    try:
        return part()
    except RegisterError as error:
        if not damaged:
            damaged.append(str(error))
        return []


def unanswered(error: RegisterError) -> Finding:
    """Return what to say when the store does not answer."""
    return Finding(f"store: does not answer: {error}", trouble=True)


def unsendable(error: RegisterError) -> Finding:
    """Return what to say when emails have nowhere to go."""
    return Finding(f"email: {error}", trouble=True)


def unshowable(error: RegisterError) -> Finding:
    """Return what to say when pages cannot be made."""
    return Finding(f"pages: {error}", trouble=True)


def incomparable(error: RegisterError) -> Finding:
    """Return what to say when the built schedule, or the store, cannot be read to compare them."""
    return Finding(f"schedule: cannot be compared with the store: {error}", trouble=True)


def compare(plan: Plan) -> list[Finding]:
    """Return how far the store is behind the built schedule, by what a sync would do."""
    found = [Finding(line, trouble=True) for line in plan.left_alone()]
    if behind := len(plan.changes) + len(plan.withdrawn):
        words = f"schedule: {behind} sessions are not as in the build; run register sync"
        found.append(Finding(words, trouble=True))
    return found


def _sessions(sessions: Sequence[Occupancy], now: datetime, damaged: list[str]) -> list[Finding]:
    confirmed = sum(occupancy.confirmed for occupancy in sessions)
    waiting = sum(occupancy.waiting for occupancy in sessions)
    words = f"sessions: {len(sessions)} to come, {confirmed} confirmed, {waiting} waiting"
    if not sessions:
        words += "; is this the right folder? then run register sync"
    found = [Finding(words, trouble=not sessions)]
    for occupancy in sessions:
        found += _examined(partial(_session, occupancy, now), damaged)
    return found


def _session(occupancy: Occupancy, now: datetime) -> list[Finding]:
    terms = occupancy.terms
    online = snapshot.read(terms.snapshot_json, terms.session_id).session.format is Format.ONLINE
    near = terms.starts - now <= LINK_NEEDED_BEFORE and terms.status is Status.SCHEDULED
    troubles = (
        (occupancy.notice is not None, "not everybody has been told about a change; run register sweep"),
        (
            occupancy.announcement is not None,
            "not everybody has been told what staff have written; run register sweep",
        ),
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


def _email(
    pending: Sequence[Delivery], failed: Sequence[Delivery], wishes: Sequence[Wish], now: datetime
) -> list[Finding]:
    late = stuck(pending, wishes, now)
    asked = f", {len(wishes)} requests for an email to look up" if wishes else ""
    found = [Finding(f"email: {len(pending)} to send{asked}")]
    if late:
        words = f"email: {len(late)} stuck since {late[0]:%Y-%m-%d %H:%MZ}; start the server, or run register deliver"
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
