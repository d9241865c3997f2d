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
from register.stores import Delivery, Store, held_back
from schedule.model import Format, Status

LATE = timedelta(minutes=15)
"""An email that is due for longer than this means that nobody delivers."""

LINK_NEEDED_BEFORE = timedelta(days=3)
"""How long before an online session its link to join should be there."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact; `trouble` says whether somebody should act on it."""

    words: str
    trouble: bool = False


def examine(store: Store, *, now: datetime) -> list[Finding]:
    """Look at everything. Raises StoreError if the store does not answer."""
    occupancies = store.sessions(after=now)
    return [
        Finding(f"store: {store.health()}"),
        *_sessions(occupancies, now),
        *_email(store.pending(), store.failed(), now),
        *_bounces(store, occupancies),
    ]


def unanswered(error: RegisterError) -> list[Finding]:
    """Return what to say when the store does not answer."""
    return [Finding(f"store: does not answer: {error}", trouble=True)]


def _sessions(occupancies: Sequence[Occupancy], now: datetime) -> list[Finding]:
    people = sum(each.confirmed for each in occupancies), sum(each.waiting for each in occupancies)
    words = f"sessions: {len(occupancies)} to come, {people[0]} confirmed, {people[1]} waiting"
    if not occupancies:
        words += "; is this the right folder? then run register sync"
    found = [Finding(words, trouble=not occupancies)]
    for occupancy in occupancies:
        terms = occupancy.terms
        if occupancy.notice:
            found.append(_trouble(occupancy, "a change has not been told to everybody; run register sweep"))
        if promotion_due(occupancy, now):
            found.append(_trouble(occupancy, "somebody waits beside a free seat; run register sweep"))
        if reminder_due(occupancy, now - LATE):
            found.append(
                _trouble(occupancy, "its reminders are late; start the server, or run register remind")
            )
        if occupancy.confirmed > terms.capacity:
            found.append(
                Finding(f"{terms.session_id}: {occupancy.confirmed} confirmed for {terms.capacity} seats")
            )
        online = snapshot.read(terms.snapshot_json).session.format is Format.ONLINE
        near = terms.starts - now <= LINK_NEEDED_BEFORE
        if online and near and terms.join_url is None and terms.status is Status.SCHEDULED:
            found.append(
                _trouble(
                    occupancy, "has no link to join; add its Join-Url, or its secret, and run register sync"
                )
            )
    return found


def _email(pending: Sequence[Delivery], failed: Sequence[Delivery], now: datetime) -> list[Finding]:
    late = [
        delivery
        for delivery in pending
        if delivery.due is not None and delivery.due <= now - LATE and not delivery.attempts
    ]
    late = [delivery for delivery in late if not held_back(delivery.message, pending)]
    found = [Finding(f"email: {len(pending)} to send")]
    if late:
        oldest = min(delivery.message.recorded for delivery in late)
        words = f"email: {len(late)} wait since {oldest:%Y-%m-%d %H:%MZ}; start the server, or run register deliver"
        found.append(Finding(words, trouble=True))
    for delivery in pending:
        if delivery.problem and delivery.due is not None:
            tries = (
                f"{delivery.attempts} tries, " if delivery.attempts else ""
            )  # none while the server is down
            again = f"{tries}again at {delivery.due:%Y-%m-%d %H:%MZ}: {delivery.problem}"
            found.append(Finding(f"email {delivery.message.label}: {again}", trouble=True))
    for delivery in failed:
        words = f"given up: {delivery.problem}; register failed says whose it is"
        found.append(Finding(f"email {delivery.message.label}: {words}", trouble=True))
    return found


def _bounces(store: Store, occupancies: Sequence[Occupancy]) -> list[Finding]:
    found = []
    for occupancy in occupancies:
        for registration in store.roster(occupancy.terms.session_id):
            if registration.bounced:
                words = f"email bounced: {registration.bounced}; register failed says whose it is"
                found.append(
                    Finding(f"{registration.session_id} ({registration.state}): {words}", trouble=True)
                )
    return found


def _trouble(occupancy: Occupancy, words: str) -> Finding:
    return Finding(f"{occupancy.terms.session_id}: {words}", trouble=True)
