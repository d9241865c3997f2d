# SPDX-License-Identifier: AGPL-3.0-or-later
"""The verbs of a store that has real transactions: read, let the domain decide, write what comes of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from register.domain import outcomes
from register.domain.errors import SessionOver, TooManyNames, UnknownRegistration
from register.domain.model import (
    ChangedBy,
    Kind,
    Notice,
    Occupancy,
    Person,
    Registration,
    SessionTerms,
    SignedUp,
    State,
    Tally,
)
from register.domain.notifications import (
    News,
    is_affected,
    is_reminded,
    news_of_notice,
    news_of_reminder,
    news_of_state,
    reminded_too_soon,
    reminder_due,
    told_lately,
)
from register.domain.outcomes import Outcome
from register.domain.rate_limits import Limit
from register.domain.rules import (
    NAMES_FOR_ONE_EMAIL,
    may_be_seated_by_hand,
    passes_seat_on,
    promotion_due,
    refusal,
    state_for_next,
)
from register.stores import Conflict


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

    def told(self, registration: Registration, kind: Kind) -> list[datetime]:
        """Return when the messages of a kind to somebody were recorded."""

    def draw_queue_number(self, session_id: str) -> int:
        """Return a number that nobody has drawn before."""

    def count(self, limits: Sequence[Limit], now: datetime) -> None:
        """Count a hit for each limit, as `Limit.hit` says. Raises LimitReached."""

    def write(self, outcome: Outcome) -> bool:
        """Write an outcome; write nothing and return False if one of its messages is there already."""

    def put_session(self, terms: SessionTerms, notice: Notice | None) -> None:
        """Put what the schedule says of a session in place."""

    def clear_notice(self, session_id: str) -> None:
        """Keep that the notice is written out."""

    def set_reminded(self, session_id: str, starts: datetime | None) -> None:
        """Keep that all reminders for this start are written, or for none."""

    def delete_session(self, session_id: str) -> None:
        """Delete a session and its registrations."""


class TransactionalStore(ABC):
    """The verbs of `Registrations` and `Sessions` that change something."""

    @abstractmethod
    def transaction(self) -> AbstractContextManager[Transaction]:
        """Begin a transaction: all of it is kept when the block ends, or nothing if it raises."""

    def sign_up(
        self,
        session_id: str,
        person: Person,
        *,
        registration_id: str,
        now: datetime,
        limits: Sequence[Limit] = (),
        late: bool = False,
        by: ChangedBy = ChangedBy.PERSON,
    ) -> SignedUp:
        """See `Registrations.sign_up`."""
        with self.transaction() as transaction:
            occupancy = transaction.occupancy(session_id)
            known = transaction.active_registration(session_id, person.identity)
            seated = known is not None and known.state is State.CONFIRMED
            if refused := refusal(occupancy, now, late=late, seated=seated):
                raise refused
            tally = transaction.tally(session_id, person.email_hash)
            if known is None and tally.active >= NAMES_FOR_ONE_EMAIL:
                raise TooManyNames(session_id, NAMES_FOR_ONE_EMAIL)
            transaction.count(limits, now)
            if known and known.state is State.WAITLISTED and may_be_seated_by_hand(occupancy, now, late=late):
                promoted = outcomes.promoted(occupancy, known, tally, now, by)
                transaction.write(promoted)
                return SignedUp(promoted.registrations[0].after, None, repeated=True)
            if known is not None:
                _tell_state(transaction, occupancy, known, now)
                return SignedUp(known, transaction.place(known), repeated=True)
            state = state_for_next(occupancy, now, late=late)
            waits = state is State.WAITLISTED
            new = Registration(
                session_id=session_id,
                registration_id=registration_id,
                state=state,
                person=person,
                signed_up=now,
                since=now,
                queue_number=transaction.draw_queue_number(session_id) if waits else None,
                changed_by=by,
            )
            transaction.write(outcomes.signed_up(occupancy, new, tally))
            return SignedUp(new, occupancy.waiting + 1 if waits else None, repeated=False)

    def cancel(self, session_id: str, registration_id: str, *, now: datetime, by: ChangedBy) -> Registration:
        """See `Registrations.cancel`."""
        with self.transaction() as transaction:
            occupancy = transaction.occupancy(session_id)
            known = _current(transaction, session_id, registration_id)
            if not known.is_active:
                return known
            if occupancy.terms.ends <= now:
                raise SessionOver(session_id, occupancy.terms.ends)
            first = None
            if known.state is State.CONFIRMED and passes_seat_on(occupancy, now):
                first = transaction.first_in_line(session_id)
            people = (known,) if first is None else (known, first)
            tallies = {
                each.person.email_hash: transaction.tally(session_id, each.person.email_hash)
                for each in people
            }
            outcome = outcomes.cancelled(occupancy, known, tallies, now, by, first=first)
            transaction.write(outcome)
            return outcome.registrations[0].after

    def promote_one(self, session_id: str, *, now: datetime) -> bool:
        """See `Sessions.promote_one`."""
        with self.transaction() as transaction:
            occupancy = transaction.occupancy(session_id)
            first = transaction.first_in_line(session_id) if promotion_due(occupancy, now) else None
            if first is None:
                return False
            tally = transaction.tally(session_id, first.person.email_hash)
            return transaction.write(outcomes.promoted(occupancy, first, tally, now))

    def resend(
        self, session_id: str, registration_id: str, *, now: datetime, limits: Sequence[Limit] = ()
    ) -> bool:
        """See `Registrations.resend`."""
        with self.transaction() as transaction:
            occupancy = transaction.occupancy(session_id)
            known = _current(transaction, session_id, registration_id)
            if not known.is_active:
                raise UnknownRegistration(session_id)
            transaction.count(limits, now)
            return _tell_state(transaction, occupancy, known, now)

    def count(self, limits: Sequence[Limit], *, now: datetime) -> None:
        """See `Registrations.count`."""
        with self.transaction() as transaction:
            transaction.count(limits, now)

    def sync_session(self, terms: SessionTerms, notice: Notice | None, *, expected: Occupancy | None) -> None:
        """See `Sessions.sync_session`."""
        with self.transaction() as transaction:
            found = transaction.find_occupancy(terms.session_id)
            if (found and found.terms) != (expected and expected.terms) or (found and found.notice):
                raise Conflict(terms.session_id)
            transaction.put_session(terms, notice)

    def withdraw(self, session_id: str) -> bool:
        """See `Sessions.withdraw`."""
        with self.transaction() as transaction:
            occupancy = transaction.occupancy(session_id)
            if occupancy.confirmed or occupancy.waiting:
                return False
            transaction.delete_session(session_id)
            return True

    def write_out_notice(self, session_id: str) -> int:
        """See `Sessions.write_out_notice`."""
        with self.transaction() as transaction:
            occupancy = transaction.occupancy(session_id)
            notice = occupancy.notice
            if notice is None:
                return 0
            news = news_of_notice(notice, occupancy.terms)
            people = [each for each in transaction.roster(session_id) if is_affected(each, notice)]
            new = sum(_tell(transaction, occupancy, each, news) for each in people)
            transaction.clear_notice(session_id)
            return new

    def write_reminders(self, session_id: str, *, now: datetime) -> int:
        """See `Sessions.write_reminders`."""
        with self.transaction() as transaction:
            occupancy = transaction.occupancy(session_id)
            if reminded_too_soon(occupancy, now):
                transaction.set_reminded(session_id, None)
            if not reminder_due(occupancy, now):
                return 0
            terms = occupancy.terms
            new = sum(
                _tell(transaction, occupancy, each, news_of_reminder(terms, now, transaction.place(each)))
                for each in transaction.roster(session_id)
                if is_reminded(each, terms)
            )
            transaction.set_reminded(session_id, terms.starts)
            return new


def _tell_state(transaction: Transaction, occupancy: Occupancy, known: Registration, now: datetime) -> bool:
    """Record the email of a registration's state, unless it was told lately; return whether it is new."""
    news = news_of_state(known, now)
    if told_lately(transaction.told(known, news.kind), now):
        return False
    return _tell(transaction, occupancy, known, news)


def _tell(transaction: Transaction, occupancy: Occupancy, known: Registration, news: News) -> bool:
    """Record a message to one person; return whether it is new."""
    tally = transaction.tally(known.session_id, known.person.email_hash)
    return transaction.write(outcomes.told(occupancy, known, tally, news))


def _current(transaction: Transaction, session_id: str, registration_id: str) -> Registration:
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
