# SPDX-License-Identifier: AGPL-3.0-or-later
"""Giving a seat back in DynamoDB, and handing it on: each is one transaction with its mails."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from register.domain.model import (
    Registration,
    SessionOver,
    Standing,
    State,
    UnknownRegistration,
    cancellation_mail,
    hands_on,
    promotion_due,
    promotion_mail,
)
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
from register.stores.dynamodb.reading import SAME_OFFER, UNCHANGED, Reading

_SEAT_TAKEN = f"{SAME_OFFER} AND #confirmed > :none"
_NOT_HANDED_ON = f"{_SEAT_TAKEN} AND (#waiting = :none OR #confirmed > #capacity)"
# A swap changes no number of seats; that the offer is the same keeps a cut in seats away from it.
_HANDED_ON = f"{SAME_OFFER} AND #waiting > :none"
_LEFT_THE_LINE = _HANDED_ON
_PROMOTED = f"{SAME_OFFER} AND #waiting > :none AND #confirmed < #capacity"
_NEXT = "#rid = :rid"

_INTO_STATE = "SET #state = :into, #since = :now REMOVE #ticket"


class Cancels(Reading):
    """The port's verbs that free seats and fill them again."""

    def cancel(self, session_id: str, identity: str, rid: str, *, now: datetime) -> Registration:
        """See `Store.cancel`."""
        for _ in self.table.rounds(session_id):
            stored, found = self._both(session_id, identity)
            if found is None or found.rid != rid:
                raise UnknownRegistration(session_id)
            if found.state is State.CANCELLED:
                return found
            if stored.offer.ends <= now:
                raise SessionOver(session_id, stored.offer.ends)
            try:
                writes = self._give_back(stored, found, now)
                if writes:
                    self.table.transact(*writes, *self._leave(stored, found, now))
                    return replace(found, state=State.CANCELLED, since=now, ticket=None)
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

    def _give_back(self, stored: Standing, found: Registration, now: datetime) -> list[Action]:
        """Return the writes that free a seat or a place in the line; none if what was read does not fit together."""
        if found.state is State.WAITLISTED:
            ticket = found.ticket or 0
            return [
                self._count_seats(stored, "ADD #waiting :less", _LEFT_THE_LINE),
                self.table.delete(waiting_key(found.session_id, ticket), _NEXT, rid=found.rid),
            ]
        if hands_on(stored, now):
            return self._hand_on(stored, "ADD #waiting :less", _HANDED_ON, now)
        # Once it has started or is cancelled, nobody is promoted, whoever waits.
        over = not hands_on(replace(stored, confirmed=0, waiting=1), now)
        return [self._count_seats(stored, "ADD #confirmed :less", _SEAT_TAKEN if over else _NOT_HANDED_ON)]

    def _hand_on(self, stored: Standing, change: str, condition: str, now: datetime) -> list[Action]:
        """Return the writes that give a seat to the first who waits; none if the line has just changed."""
        offer = stored.offer
        line = self.table.pages(
            "#pk = :pk AND begins_with(#sk, :line)", "", 1, pk=f"S#{offer.session_id}", line="W#"
        )
        for item in next(line):
            place = unpack(item)
            first = self.registration(offer.session_id, place["h"])
            if first is None or first.rid != place["rid"] or first.state is not State.WAITLISTED:
                return []
            seated = replace(first, state=State.CONFIRMED, since=now, ticket=None)
            return [
                self._count_seats(stored, change, condition),
                self._into(first, State.CONFIRMED, now),
                self.table.delete({"pk": item["pk"], "sk": item["sk"]}, _NEXT, rid=first.rid),
                self.table.put(message_item(promotion_mail(seated, offer, now), offer.expires)),
            ]
        return []

    def _leave(self, stored: Standing, found: Registration, now: datetime) -> list[Action]:
        """Return the writes that are the same for everybody who cancels."""
        offer = stored.offer
        return [
            self._into(found, State.CANCELLED, now),
            self.table.update(
                address_key(offer.session_id, found.person.address),
                "ADD #n :less SET #expires = :expires",
                less=-1,
                expires=seconds(offer.expires),
            ),
            self.table.put(message_item(cancellation_mail(found, offer, now), offer.expires)),
        ]

    def _into(self, found: Registration, state: State, now: datetime) -> Action:
        return self.table.update(
            registration_key(found.session_id, found.identity),
            _INTO_STATE,
            UNCHANGED,
            rid=found.rid,
            state=found.state,
            into=state,
            now=instant(now),
        )

    def _count_seats(self, stored: Standing, change: str, condition: str) -> Action:
        return self.table.update(
            session_key(stored.offer.session_id),
            change,
            condition,
            one=1,
            less=-1,
            none=0,
            mark=stored.offer.mark,
        )
