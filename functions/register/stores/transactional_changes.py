# SPDX-License-Identifier: AGPL-3.0-or-later
"""Correcting, moving and ticking in a store that has real transactions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from register.domain import changes, outcomes
from register.domain.attendance import ticked
from register.domain.changes import Move, Moved
from register.domain.model import ChangedBy, Occupancy, Person, Registration, SessionTerms, State
from register.domain.outcome import Outcome
from register.domain.rate_limits import Limit
from register.domain.rules import passes_seat_on, refusal_of_attendance
from register.domain.trail import TrailAction
from register.stores.transaction import Transaction, still_current, tallies


class TransactionalChanges(ABC):
    """The verbs of `Registrations` that change a registration in other ways than by its end."""

    @abstractmethod
    def transaction(self) -> AbstractContextManager[Transaction]:
        """Begin a transaction: all of it is kept when the block ends, or nothing if it raises.

        But for what raises `Refused`: by then nothing is written but hits of limits, and these are kept.
        """

    def amend(
        self,
        session_id: str,
        registration_id: str,
        person: Person,
        *,
        now: datetime,
        by: ChangedBy,
        link_generation: int | None = None,
        receipt: bool = False,
        limits: Sequence[Limit] = (),
        staff: str = "",
    ) -> Registration:
        """See `Registrations.amend`."""
        with self.transaction() as transaction:
            occupancy = transaction.occupancy(session_id)
            changes.allow_amending_in(occupancy.terms, now, by)
            transaction.count(limits, now)
            known = still_current(transaction, session_id, registration_id)
            changes.allow_link(known, link_generation, receipt=receipt)
            counts = tallies(transaction, session_id, (known.person, person))
            changes.allow_amending(
                known,
                person,
                taken_by=transaction.active_registration(session_id, person.identity),
                tally=counts[person.email_hash],
                by=by,
            )
            if person == known.person:
                return known
            by_link = link_generation is not None
            outcome = outcomes.amended(occupancy, known, person, counts, now, by, by_link=by_link)
            transaction.write(outcome.noted(TrailAction.CORRECTED, now, by, staff))
            return outcome.registrations[0].after

    def move(
        self,
        session_id: str,
        registration_id: str,
        *,
        to: str,
        new_registration_id: str,
        now: datetime,
        by: ChangedBy,
        link_generation: int | None = None,
        limits: Sequence[Limit] = (),
        staff: str = "",
    ) -> Moved:
        """See `Registrations.move`."""
        changes.allow_other(session_id, to)
        with self.transaction() as transaction:
            source, target = transaction.occupancy(session_id), transaction.occupancy(to)
            changes.allow_sessions(source.terms, target.terms)
            transaction.count(limits, now)
            known = still_current(transaction, session_id, registration_id)
            changes.allow_link(known, link_generation)
            there = transaction.active_registration(to, known.person.identity)
            move = Move(
                source=source.terms,
                target=target,
                known=known,
                there=there,
                place=None if there is None else transaction.place(there),
                tally=transaction.tally(to, known.person.email_hash),
                new_registration_id=new_registration_id,
                now=now,
                by=by,
                staff=staff,
            )
            result = move.result()
            waits = move.joins_line(result)
            arrival = move.arrival(result, transaction.draw_queue_number(to) if waits else None)
            there = arrival.registrations[0].after
            if not arrival.changes_anything:
                return Moved(result, known, there, move.place)
            transaction.write(arrival)
            if not waits:
                departure = cancellation(transaction, source, known, now, by, to=target.terms)
                departure = departure.noted(TrailAction.MOVED, now, by, staff)
            else:
                counts = tallies(transaction, session_id, [known.person])[known.person.email_hash]
                departure = outcomes.kept(source, known, counts, by_link=link_generation is not None)
            transaction.write(departure)
            return Moved(
                result, departure.registrations[0].after, there, target.waiting + 1 if waits else None
            )

    def attend(
        self,
        session_id: str,
        registration_id: str,
        *,
        attended: bool | None,
        expected: bool | None,
        now: datetime,
        staff: str,
    ) -> Registration:
        """See `Registrations.attend`."""
        with self.transaction() as transaction:
            if refused := refusal_of_attendance(transaction.occupancy(session_id).terms, now):
                raise refused
            known = still_current(transaction, session_id, registration_id)
            outcome = ticked(known, attended=attended, expected=expected, now=now, staff=staff)
            transaction.write(outcome)
            return outcome.registrations[0].after


def cancellation(
    transaction: Transaction,
    occupancy: Occupancy,
    known: Registration,
    now: datetime,
    by: ChangedBy,
    to: SessionTerms | None = None,
) -> Outcome:
    """Return what comes of giving back a seat or a place, and of handing it on."""
    session_id = known.session_id
    first = None
    if known.state is State.CONFIRMED and passes_seat_on(occupancy, now):
        first = transaction.first_in_line(session_id)
    people = [each.person for each in (known, first) if each is not None]
    counts = tallies(transaction, session_id, people)
    return outcomes.cancelled(occupancy, known, counts, now, by, first=first, to=to)
