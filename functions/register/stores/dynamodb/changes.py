# SPDX-License-Identifier: AGPL-3.0-or-later
"""Correcting and moving in DynamoDB: each is one transaction with its emails; a move's is over both sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from register.domain import changes, outcomes
from register.domain.changes import Move, Moved, MoveResult
from register.domain.errors import UnknownRegistration
from register.domain.model import ChangedBy, Person, Registration
from register.domain.rate_limits import Limit
from register.domain.trail import TrailAction
from register.stores.dynamodb.cancellations import SEAT_FREE, Cancellations
from register.stores.dynamodb.client import Unmet
from register.stores.dynamodb.items import registration
from register.stores.dynamodb.keys import registration_key
from register.stores.dynamodb.sign_ups import NO_SEAT_FREE, NOBODY_WAITS, SignUps
from register.stores.dynamodb.writing import Writes


class Changes(SignUps, Cancellations):
    """The port's verbs that change a registration in other ways than by its end."""

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
        uncounted, wanted = tuple(limits), None
        for _ in self.table.rounds(session_id):
            occupancy, [item] = self._read(session_id, registration_key(session_id, registration_id))
            known = self._current(None if item is None else registration(item))
            if known is not None and known == wanted:  # my own write, of which the answer was lost
                return known
            changes.allow_amending_in(occupancy.terms, now, by)
            self.count(uncounted, now=now)
            uncounted = ()
            if known is None:
                raise UnknownRegistration(session_id)
            changes.allow_link(known, link_generation, receipt=receipt)
            tallies = self._tallies(session_id, [known, replace(known, person=person)])
            changes.allow_amending(
                known,
                person,
                taken_by=self._active(session_id, person.identity),
                tally=tallies[person.email_hash],
                by=by,
            )
            if person == known.person:
                return known
            by_link = link_generation is not None
            outcome = outcomes.amended(occupancy, known, person, tallies, now, by, by_link=by_link)
            wanted = outcome.registrations[0].after
            try:
                self._write(occupancy, outcome.noted(TrailAction.CORRECTED, now, by, staff))
            except Unmet:
                continue  # somebody was faster: read again
            return wanted
        raise AssertionError  # rounds() has raised

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
        uncounted = tuple(limits)
        for _ in self.table.rounds(session_id):
            source, [item] = self._read(session_id, registration_key(session_id, registration_id))
            target = self.session(to)
            changes.allow_sessions(source.terms, target.terms)
            self.count(uncounted, now=now)
            uncounted = ()
            known = self._current(None if item is None else registration(item))
            if known is None:
                raise UnknownRegistration(session_id)
            changes.allow_link(known, link_generation)
            there = self._active(to, known.person.identity)
            move = Move(
                source=source.terms,
                target=target,
                known=known,
                there=there,
                place=None if there is None else self._place(there),
                tally=self.tally(to, known.person.email_hash),
                new_registration_id=new_registration_id,
                now=now,
                by=by,
                staff=staff,
            )
            result = move.result()
            try:
                queue_number = self._draw_queue_number(target) if move.joins_line(result) else None
                arrival = move.arrival(result, queue_number)
                arrived = arrival.registrations[0].after
                if not arrival.changes_anything:
                    # The two sessions were read one after the other, and nothing that is written holds both.
                    if self._registration(session_id, registration_id) != known:
                        continue
                    return Moved(result, known, arrived, move.place)
                departure: Writes | None
                if result is MoveResult.WAITS_TOO:
                    [kept] = self._tallies(session_id, [known]).values()
                    by_link = link_generation is not None
                    departure = Writes(source, outcomes.kept(source, known, kept, by_link=by_link))
                    condition = NO_SEAT_FREE
                else:
                    departure = self._giving_back(source, known, now, by, staff, target.terms)
                    condition = NOBODY_WAITS if there is None else SEAT_FREE
                if departure is None:
                    continue  # the line has just changed
                self.table.transact(*self._actions(*departure), *self._actions(target, arrival, condition))
            except Unmet:
                continue  # somebody was faster: read again
            left = departure.outcome.registrations[0].after
            return Moved(result, left, arrived, self._place(arrived))
        raise AssertionError  # rounds() has raised
