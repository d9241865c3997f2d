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
"""A mail that is due for longer than this means that nobody delivers."""

LINK_NEEDED_BEFORE = timedelta(days=3)
"""How long before an online session its link to join should be there."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact; `trouble` says whether somebody should act on it."""

    words: str
    trouble: bool = False


def examine(store: Store, *, now: datetime) -> list[Finding]:
    """Look at everything. Raises StoreError if the store does not answer."""
    standings = store.sessions(after=now)
    return [
        Finding(f"store: {store.health()}"),
        *_sessions(standings, now),
        *_mail(store.pending(), store.failed(), now),
        *_bounces(store, standings),
    ]


def unanswered(error: RegisterError) -> list[Finding]:
    """Return what to say when the store does not answer."""
    return [Finding(f"store: does not answer: {error}", trouble=True)]


def _sessions(standings: Sequence[Occupancy], now: datetime) -> list[Finding]:
    people = sum(one.confirmed for one in standings), sum(one.waiting for one in standings)
    words = f"sessions: {len(standings)} to come, {people[0]} confirmed, {people[1]} waiting"
    if not standings:
        words += "; is this the right folder? then run register sync"
    found = [Finding(words, trouble=not standings)]
    for one in standings:
        terms = one.terms
        if one.notice:
            found.append(_trouble(one, "a change has not been told to everybody; run register sweep"))
        if promotion_due(one, now):
            found.append(_trouble(one, "somebody waits beside a free seat; run register sweep"))
        if reminder_due(one, now - LATE):
            found.append(_trouble(one, "its reminders are late; start the server, or run register remind"))
        if one.confirmed > terms.capacity:
            found.append(Finding(f"{terms.session_id}: {one.confirmed} confirmed for {terms.capacity} seats"))
        online = snapshot.read(terms.snapshot_json).session.format is Format.ONLINE
        near = terms.starts - now <= LINK_NEEDED_BEFORE
        if online and near and terms.join_url is None and terms.status is Status.SCHEDULED:
            found.append(
                _trouble(one, "has no link to join; add its Join-Url, or its secret, and run register sync")
            )
    return found


def _mail(pending: Sequence[Delivery], failed: Sequence[Delivery], now: datetime) -> list[Finding]:
    late = [one for one in pending if one.due is not None and one.due <= now - LATE and not one.attempts]
    late = [one for one in late if not held_back(one.message, pending)]
    found = [Finding(f"mail: {len(pending)} to send")]
    if late:
        oldest = min(one.message.recorded for one in late)
        words = f"mail: {len(late)} wait since {oldest:%Y-%m-%d %H:%MZ}; start the server, or run register deliver"
        found.append(Finding(words, trouble=True))
    for one in pending:
        if one.problem and one.due is not None:
            tries = f"{one.attempts} tries, " if one.attempts else ""  # none while the server is down
            words = f"mail {one.message.label}: {tries}again at {one.due:%Y-%m-%d %H:%MZ}: {one.problem}"
            found.append(Finding(words, trouble=True))
    for one in failed:
        words = f"mail {one.message.label}: given up: {one.problem}; register failed says whose it is"
        found.append(Finding(words, trouble=True))
    return found


def _bounces(store: Store, standings: Sequence[Occupancy]) -> list[Finding]:
    found = []
    for occupancy in standings:
        for one in store.roster(occupancy.terms.session_id):
            if one.bounced:
                words = f"mail came back: {one.bounced}; register failed says whose it is"
                found.append(Finding(f"{one.session_id} ({one.state}): {words}", trouble=True))
    return found


def _trouble(occupancy: Occupancy, words: str) -> Finding:
    return Finding(f"{occupancy.terms.session_id}: {words}", trouble=True)
