# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one transaction of a store reads and writes, where a store has real ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from register.domain import outcomes
from register.domain.announcements import Announcement
from register.domain.counts import SessionCounts
from register.domain.errors import UnknownRegistration
from register.domain.messages import Message
from register.domain.model import (
    Kind,
    Notice,
    Occupancy,
    Person,
    Registration,
    SessionTerms,
    Tally,
)
from register.domain.notifications import News
from register.domain.outcome import Outcome
from register.domain.rate_limits import Limit


class Transaction(Protocol):
    """What one transaction can read and write; nobody else writes until it ends."""

    def occupancy(self, session_id: str) -> Occupancy:
        """Return a session. Raises UnknownSession."""

    def find_occupancy(self, session_id: str) -> Occupancy | None:
        """Return a session, if it is there."""

    def registration(self, session_id: str, registration_id: str) -> Registration | None:
        """Return a registration, if it is there."""

    def active_registration(self, session_id: str, identity: str) -> Registration | None:
        """Return the seat or the place that a person has."""

    def roster(self, session_id: str) -> list[Registration]:
        """Return each person's newest registration, as `roster_of` orders them."""

    def first_in_line(self, session_id: str) -> Registration | None:
        """Return the first person who waits."""

    def place(self, registration: Registration) -> int | None:
        """Return the number in the line of somebody who waits."""

    def tally(self, session_id: str, email_hash: str) -> Tally:
        """Return the counts of an email address."""

    def recorded(self, registration: Registration, kind: Kind) -> list[datetime]:
        """Return when the messages of a kind to somebody were recorded."""

    def draw_queue_number(self, session_id: str) -> int:
        """Return a number that nobody has drawn before."""

    def count(self, limits: Sequence[Limit], now: datetime) -> None:
        """Count a hit for each limit, as `Limit.hit` says. Raises LimitReached, and then has counted none."""

    def write(self, outcome: Outcome) -> bool:
        """Write an outcome; write nothing and return False if one of its messages is there already."""

    def put_session(self, terms: SessionTerms, notice: Notice | None) -> None:
        """Put what the schedule says of a session in place."""

    def clear_notice(self, session_id: str) -> None:
        """Keep that the notice is written out."""

    def is_announced(self, session_id: str, occasion: str) -> bool:
        """Return whether staff have written something of this occasion before."""

    def put_announcement(self, session_id: str, announcement: Announcement | None) -> None:
        """Put what staff write in place, or None once it is written out."""

    def put_message(self, message: Message, expires: datetime) -> bool:
        """Record a message to staff; False if it is there already."""

    def kept_counts(self, session_id: str) -> SessionCounts | None:
        """Return the counts of a session, if some are kept."""

    def put_counts(self, counts: SessionCounts) -> None:
        """Keep the counts of a session."""

    def set_reminded(self, session_id: str, starts: datetime | None) -> None:
        """Keep that all reminders for this start are written, or for none."""

    def delete_session(self, session_id: str) -> None:
        """Delete a session and its registrations."""


def still_current(transaction: Transaction, session_id: str, registration_id: str) -> Registration:
    """Return a registration that its link still stands for. Raises UnknownRegistration."""
    known = current(
        transaction.registration(session_id, registration_id),
        lambda identity: transaction.active_registration(session_id, identity),
    )
    if known is None:
        raise UnknownRegistration(session_id)
    return known


def current(found: Registration | None, active: Callable[[str], Registration | None]) -> Registration | None:
    """Return a registration that was found by its id, unless the same person has another one by now."""
    if found is not None and not found.is_active and active(found.person.identity) is not None:
        return None
    return found


def tallies(transaction: Transaction, session_id: str, people: Iterable[Person]) -> dict[str, Tally]:
    """Return the counts of people's email addresses in a session, by their hash."""
    return {each.email_hash: transaction.tally(session_id, each.email_hash) for each in people}


def notify(transaction: Transaction, occupancy: Occupancy, known: Registration, news: News) -> bool:
    """Record a message to one person; return whether it is new."""
    told = telling(transaction, occupancy, known, news)
    return bool(told.messages) and transaction.write(told)


def telling(transaction: Transaction, occupancy: Occupancy, known: Registration, news: News) -> Outcome:
    """Return the outcome of telling one person something; without a message for people without email."""
    tally = transaction.tally(known.session_id, known.person.email_hash)
    return outcomes.notified(occupancy, known, tally, news)
