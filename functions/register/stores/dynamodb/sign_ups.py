# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing up in DynamoDB: one transaction with its mail, without a read where nothing has changed.

A try is written under the condition that all it was made from is still so; a refused one says what is stored
instead, and the next try is made from that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from register.domain.errors import TooManyNames, UnknownRegistration, UnknownSession
from register.domain.model import Person, Registration, SignedUp, State
from register.domain.notifications import state_mail
from register.domain.rate_limits import Limit
from register.domain.rules import NAMES_FOR_ONE_ADDRESS, refusal
from register.stores.dynamodb.client import Action, Unmet
from register.stores.dynamodb.items import (
    Value,
    address_key,
    key,
    message_item,
    occupancy,
    pack,
    registration,
    registration_item,
    seconds,
    session_key,
    unpack,
    waiting_key,
)
from register.stores.dynamodb.reading import Known, Reading

# The order of a sign-up's writes, by which its refusals are told apart.
SESSION, REGISTRATION, ADDRESS = 0, 1, 2

# The mark stands for status and closing time, too: it is that of an terms which is open.
_SEAT_FREE = "#terms = :fingerprint AND #confirmed < #capacity AND #waiting = :none"
# Exactly the opposite: a cancel between two tries must not leave somebody waiting beside a free seat.
_NO_SEAT_FREE = "#terms = :fingerprint AND (#waiting > :none OR #confirmed >= #capacity)"
# `registration_id`: a try whose answer was lost may have been cancelled since, and must not sign up again.
_NOT_SIGNED_UP = "attribute_not_exists(#pk) OR (#state = :cancelled AND #registration_id <> :registration_id)"
_FEWER = "attribute_not_exists(#n) OR #n < :most"


class SignUps(Reading):
    """The port's verbs about one person's registration."""

    def sign_up(
        self,
        session_id: str,
        person: Person,
        *,
        registration_id: str,
        now: datetime,
        limits: Sequence[Limit] = (),
        late: bool = False,
    ) -> SignedUp:
        """See `Store.sign_up`."""
        known = self._open(session_id, now, late=late)
        self.count(limits, now=now)
        new = Registration(session_id, person.identity, registration_id, State.CONFIRMED, person, now, now)
        for _ in self.table.rounds(session_id):
            try:
                if not known.full:
                    self._take_seat(known, new)
                    return SignedUp(new, None, repeated=False)
                waiting = self._join_line(known, new)
                return SignedUp(waiting, self._place(waiting), repeated=False)
            except Unmet as unmet:
                refused = unmet.items
            # The person comes before the session: one's own lost write may have taken the last seat.
            if REGISTRATION in refused:
                found = registration(refused[REGISTRATION])
                if found.registration_id == registration_id:
                    return SignedUp(found, self._place(found), repeated=False)
                try:
                    self._tell(found, known, now)
                except Unmet:
                    known = self._open(session_id, now, again=True, late=late)
                    continue
                return SignedUp(found, self._place(found), repeated=True)
            if SESSION in refused:
                if not refused[SESSION]:
                    self._forget(session_id)
                    raise UnknownSession(session_id)
                known = self._remember(occupancy(refused[SESSION]))
                if reason := refusal(known.terms, now, late=late):
                    raise reason
            if ADDRESS in refused:
                raise TooManyNames(session_id, NAMES_FOR_ONE_ADDRESS)
        raise AssertionError  # rounds() has raised

    def resend(self, session_id: str, identity: str, *, now: datetime, limits: Sequence[Limit] = ()) -> bool:
        """See `Store.resend`."""
        counted = False
        for _ in self.table.rounds(session_id):
            stored, found = self._both(session_id, identity)
            if found is None or found.state is State.CANCELLED:
                raise UnknownRegistration(session_id)
            if not counted:
                self.count(limits, now=now)
                counted = True
            try:
                return self._tell(found, self._remember(stored), now)
            except Unmet:
                continue
        raise AssertionError  # rounds() has raised

    def _open(self, session_id: str, now: datetime, *, again: bool = False, late: bool) -> Known:
        """Return what is known of a session that people may sign up for. Raises UnknownSession, Refused."""
        known = None if again else self._known.get(session_id)
        if known is None or refusal(known.terms, now, late=late):
            known = self._remember(self.session(session_id))
        if refused := refusal(known.terms, now, late=late):
            raise refused
        return known

    def count(self, limits: Sequence[Limit], *, now: datetime) -> None:
        """See `Store.count`."""
        for limit in limits:
            try:
                self.table.write(
                    self.table.update(
                        key(f"L#{limit.key}", str(limit.window_of(now))),
                        "ADD #n :one SET #expires = :expires",
                        _FEWER,
                        one=1,
                        most=limit.most,
                        expires=seconds(limit.expires(now)),
                    )
                )
            except Unmet:
                raise limit.reached() from None

    def _take_seat(self, known: Known, new: Registration) -> None:
        """Confirm somebody, if a seat is free and nobody waits. Raises Unmet."""
        seats = self._seats(known, "ADD #confirmed :one", _SEAT_FREE)
        self.table.transact(seats, *self._enter(known, new))

    def _join_line(self, known: Known, new: Registration) -> Registration:
        """Put somebody at the end of the line, if no seat is free. Raises Unmet."""
        # Drawn, so that neither ties nor skewed clocks disturb the line; a queue_number that nobody uses is no harm.
        draw = self._seats(known, "ADD #queue_number :one", _NO_SEAT_FREE)
        queue_number: int = unpack(self.table.write(draw, returns="UPDATED_NEW"))["queue_number"]
        waiting = replace(new, state=State.WAITLISTED, queue_number=queue_number)
        place: dict[str, Value | None] = {
            "h": new.identity,
            "registration_id": new.registration_id,
            "expires": seconds(known.terms.expires),
        }
        self.table.transact(
            self._seats(known, "ADD #waiting :one", _NO_SEAT_FREE),
            *self._enter(known, waiting),
            self.table.put(waiting_key(new.session_id, queue_number) | pack(place)),
        )
        return waiting

    def _seats(self, known: Known, change: str, condition: str) -> Action:
        return self.table.update(
            session_key(known.terms.session_id),
            change,
            condition,
            one=1,
            none=0,
            fingerprint=known.fingerprint,
        )

    def _enter(self, known: Known, new: Registration) -> tuple[Action, ...]:
        """Return the writes that confirmed and waiting people have in common."""
        terms = known.terms
        return (
            self.table.put(
                registration_item(new, terms.expires),
                _NOT_SIGNED_UP,
                cancelled=State.CANCELLED,
                registration_id=new.registration_id,
            ),
            self.table.update(
                address_key(terms.session_id, new.person.address),
                "ADD #n :one SET #expires = :expires",
                _FEWER,
                one=1,
                most=NAMES_FOR_ONE_ADDRESS,
                expires=seconds(terms.expires),
            ),
            self.table.put(message_item(state_mail(new, terms, new.since), terms.expires)),
        )

    def _tell(self, found: Registration, known: Known, now: datetime) -> bool:
        """Record the mail of a registration's state; False if this hour has it. Raises Unmet if either changed."""
        return self._record(state_mail(found, known.terms, now), found, known)
