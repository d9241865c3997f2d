# SPDX-License-Identifier: AGPL-3.0-or-later
"""Giving a seat back in DynamoDB, and handing it on: each is one transaction with its mails."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from register.domain.errors import SessionOver, UnknownRegistration
from register.domain.model import Occupancy, Registration, State
from register.domain.notifications import cancellation_mail, promotion_mail
from register.domain.rules import passes_seat_on, promotion_due
from register.stores.dynamodb.client import Action, Unmet
from register.stores.dynamodb.items import (
    address_key,
    instant,
    message_item,
    registration_key,
    seconds,
    session_key,
    unpack,
    waiting_key,
)
from register.stores.dynamodb.reading import SAME_TERMS, UNCHANGED, Reading

_SEAT_TAKEN = f"{SAME_TERMS} AND #confirmed > :none"
_NOT_HANDED_ON = f"{_SEAT_TAKEN} AND (#waiting = :none OR #confirmed > #capacity)"
# A swap changes no number of seats; that the terms is the same keeps a cut in seats away from it.
_HANDED_ON = f"{SAME_TERMS} AND #waiting > :none"
_LEFT_THE_LINE = _HANDED_ON
_PROMOTED = f"{SAME_TERMS} AND #waiting > :none AND #confirmed < #capacity"
_NEXT = "#registration_id = :registration_id"

_INTO_STATE = "SET #state = :into, #since = :now REMOVE #queue_number"


class Cancels(Reading):
    """The port's verbs that free seats and fill them again."""

    def cancel(self, session_id: str, identity: str, registration_id: str, *, now: datetime) -> Registration:
        """See `Store.cancel`."""
        for _ in self.table.rounds(session_id):
            stored, found = self._both(session_id, identity)
            if found is None or found.registration_id != registration_id:
                raise UnknownRegistration(session_id)
            if found.state is State.CANCELLED:
                return found
            if stored.terms.ends <= now:
                raise SessionOver(session_id, stored.terms.ends)
            try:
                writes = self._give_back(stored, found, now)
                if writes:
                    self.table.transact(*writes, *self._leave(stored, found, now))
                    return replace(found, state=State.CANCELLED, since=now, queue_number=None)
            except Unmet:
                pass  # somebody was faster: read again
        raise AssertionError  # rounds() has raised

    def promote_one(self, session_id: str, *, now: datetime) -> bool:
        """See `Store.promote_one`."""
        for _ in self.table.rounds(session_id):
            stored = self.session(session_id)
            if not promotion_due(stored, now):
                return False
            try:
                writes = self._hand_on(stored, "ADD #confirmed :one, #waiting :less", _PROMOTED, now)
                if writes:
                    self.table.transact(*writes)
                    return True
            except Unmet:
                pass  # somebody was faster: read again
        raise AssertionError  # rounds() has raised

    def _give_back(self, stored: Occupancy, found: Registration, now: datetime) -> list[Action]:
        """Return the writes that free a seat or a place in the line; none if what was read does not fit together."""
        if found.state is State.WAITLISTED:
            queue_number = found.queue_number or 0
            return [
                self._count_seats(stored, "ADD #waiting :less", _LEFT_THE_LINE),
                self.table.delete(
                    waiting_key(found.session_id, queue_number), _NEXT, registration_id=found.registration_id
                ),
            ]
        if passes_seat_on(stored, now):
            return self._hand_on(stored, "ADD #waiting :less", _HANDED_ON, now)
        # Once it has started or is cancelled, nobody is promoted, whoever waits.
        over = not passes_seat_on(replace(stored, confirmed=0, waiting=1), now)
        return [self._count_seats(stored, "ADD #confirmed :less", _SEAT_TAKEN if over else _NOT_HANDED_ON)]

    def _hand_on(self, stored: Occupancy, change: str, condition: str, now: datetime) -> list[Action]:
        """Return the writes that give a seat to the first who waits; none if the line has just changed."""
        terms = stored.terms
        line = self.table.pages(
            "#pk = :pk AND begins_with(#sk, :line)", "", 1, pk=f"S#{terms.session_id}", line="W#"
        )
        for item in next(line):
            place = unpack(item)
            first = self.registration(terms.session_id, place["h"])
            if (
                first is None
                or first.registration_id != place["registration_id"]
                or first.state is not State.WAITLISTED
            ):
                return []
            seated = replace(first, state=State.CONFIRMED, since=now, queue_number=None)
            return [
                self._count_seats(stored, change, condition),
                self._into(first, State.CONFIRMED, now),
                self.table.delete(
                    {"pk": item["pk"], "sk": item["sk"]}, _NEXT, registration_id=first.registration_id
                ),
                self.table.put(message_item(promotion_mail(seated, terms, now), terms.expires)),
            ]
        return []

    def _leave(self, stored: Occupancy, found: Registration, now: datetime) -> list[Action]:
        """Return the writes that are the same for everybody who cancels."""
        terms = stored.terms
        return [
            self._into(found, State.CANCELLED, now),
            self.table.update(
                address_key(terms.session_id, found.person.address),
                "ADD #n :less SET #expires = :expires",
                less=-1,
                expires=seconds(terms.expires),
            ),
            self.table.put(message_item(cancellation_mail(found, terms, now), terms.expires)),
        ]

    def _into(self, found: Registration, state: State, now: datetime) -> Action:
        return self.table.update(
            registration_key(found.session_id, found.identity),
            _INTO_STATE,
            UNCHANGED,
            registration_id=found.registration_id,
            state=found.state,
            into=state,
            now=instant(now),
        )

    def _count_seats(self, stored: Occupancy, change: str, condition: str) -> Action:
        return self.table.update(
            session_key(stored.terms.session_id),
            change,
            condition,
            one=1,
            less=-1,
            none=0,
            fingerprint=stored.terms.fingerprint,
        )
