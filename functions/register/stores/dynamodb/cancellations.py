# SPDX-License-Identifier: AGPL-3.0-or-later
"""Giving a seat back in DynamoDB, and handing it on: each is one transaction with its emails."""

from __future__ import annotations

from datetime import datetime

from register.domain import outcomes
from register.domain.errors import SessionOver, UnknownRegistration
from register.domain.model import ChangedBy, Occupancy, Registration, SessionTerms, State
from register.domain.rules import line_is_open, passes_seat_on, promotion_due
from register.domain.trail import TrailAction
from register.stores.dynamodb.client import Unmet
from register.stores.dynamodb.items import registration
from register.stores.dynamodb.keys import registration_key
from register.stores.dynamodb.writing import Writes, Writing

_SEAT_TAKEN = "#confirmed > :none"
_NOT_HANDED_ON = f"{_SEAT_TAKEN} AND (#waiting = :none OR #confirmed > #capacity)"
# A swap changes no number of seats; that the terms are the same keeps a cut in seats away from it.
_SOMEBODY_WAITS = "#waiting > :none"
SEAT_FREE = f"{_SOMEBODY_WAITS} AND #confirmed < #capacity"


class Cancellations(Writing):
    """The port's verbs that free seats and fill them again."""

    def cancel(
        self, session_id: str, registration_id: str, *, now: datetime, by: ChangedBy, staff: str = ""
    ) -> Registration:
        """See `Registrations.cancel`."""
        for _ in self.table.rounds(session_id):
            occupancy, [item] = self._read(session_id, registration_key(session_id, registration_id))
            known = self._current(None if item is None else registration(item))
            if known is None:
                raise UnknownRegistration(session_id)
            if not known.is_active:
                return known
            if occupancy.terms.ends <= now:
                raise SessionOver(session_id, occupancy.terms.ends)
            given_back = self._giving_back(occupancy, known, now, by, staff)
            if given_back is None:
                continue  # the line has just changed
            try:
                self.table.transact(*self._actions(*given_back))
            except Unmet:
                continue  # somebody was faster: read again
            return given_back.outcome.registrations[0].after
        raise AssertionError  # rounds() has raised

    def _giving_back(
        self,
        occupancy: Occupancy,
        known: Registration,
        now: datetime,
        by: ChangedBy,
        staff: str,
        to: SessionTerms | None = None,
    ) -> Writes | None:
        """Return the writes of giving back a seat or a place, and of handing it on; None if the line has changed."""
        session_id, first = known.session_id, None
        if known.state is State.CONFIRMED and passes_seat_on(occupancy, now):
            first = self._first_in_line(session_id)
            if first is None:
                return None
        tallies = self._tallies(session_id, [known] if first is None else [known, first])
        outcome = outcomes.cancelled(occupancy, known, tallies, now, by, first=first, to=to)
        action = TrailAction.CANCELLED if to is None else TrailAction.MOVED
        noted = outcome.noted(action, now, by, staff)
        return Writes(occupancy, noted, _condition(occupancy, known, first, now))

    def promote_one(self, session_id: str, *, now: datetime) -> bool:
        """See `Sessions.promote_one`."""
        for _ in self.table.rounds(session_id):
            occupancy = self.session(session_id)
            if not promotion_due(occupancy, now):
                return False
            first = self._first_in_line(session_id)
            if first is None:
                continue  # the line has just changed
            [counts] = self._tallies(session_id, [first]).values()
            try:
                self._write(occupancy, outcomes.promoted(occupancy, first, counts, now), SEAT_FREE)
            except Unmet:
                continue  # somebody was faster: read again
            return True
        raise AssertionError  # rounds() has raised


def _condition(occupancy: Occupancy, known: Registration, first: Registration | None, now: datetime) -> str:
    """Return what must hold of the session so that this, and nothing else, becomes of the seat or the place."""
    if known.state is State.WAITLISTED or first is not None:
        return _SOMEBODY_WAITS
    # Once the line is closed, nobody is promoted, whoever waits.
    return _NOT_HANDED_ON if line_is_open(occupancy.terms, now) else _SEAT_TAKEN
