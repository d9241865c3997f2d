# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing up in DynamoDB: one transaction with its email, made from what was read just before.

Seats are counted under a condition and not as they were read, so that many may sign up at the same time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from register.domain import outcomes
from register.domain.admission import Admission
from register.domain.attendance import admitted_again
from register.domain.errors import UnknownRegistration
from register.domain.model import ChangedBy, Occupancy, Person, Registration, SignedUp, State, Tally
from register.domain.notifications import news_of_sign_up, recorded_lately
from register.domain.outcome import Outcome
from register.domain.rate_limits import Limit
from register.domain.rules import allow_sign_up, may_be_seated_by_hand, refusal_to_all, state_for_next
from register.domain.trail import TrailAction
from register.stores.dynamodb.client import Unmet
from register.stores.dynamodb.items import registration, registration_id_in, tally
from register.stores.dynamodb.keys import identity_key, registration_key, session_key, tally_key, unpack
from register.stores.dynamodb.rate_limits import RateLimits
from register.stores.dynamodb.writing import SAME_SESSION, Writing, held

_SEAT_FREE_BY_HAND = "#confirmed < #capacity"
NOBODY_WAITS = f"{_SEAT_FREE_BY_HAND} AND #waiting = :none"
# Exactly the opposite: a cancel in between must not leave somebody waiting beside a free seat.
NO_SEAT_FREE = "(#waiting > :none OR #confirmed >= #capacity)"


class SignUps(Writing, RateLimits):
    """The port's verbs about one person's registration."""

    def sign_up(
        self,
        session_id: str,
        person: Person,
        *,
        registration_id: str,
        now: datetime,
        limits: Sequence[Limit] = (),
        admission: Admission = Admission.FORM,
        by: ChangedBy = ChangedBy.PERSON,
        staff: str = "",
    ) -> SignedUp:
        """See `Registrations.sign_up`."""
        new = Registration(
            session_id,
            registration_id,
            State.CONFIRMED,
            person,
            signed_up=now,
            since=now,
            changed=now,
            changed_by=by,
            attended=admission.attended,
        )
        keys = (
            registration_key(session_id, registration_id),
            identity_key(session_id, person.identity),
            tally_key(session_id, person.email_hash),
        )
        uncounted = tuple(limits)
        for _ in self.table.rounds(session_id):
            occupancy, [own, identity, tally_item] = self._read(session_id, *keys)
            if own is not None:  # my own write, of which the answer was lost
                mine = registration(own)
                return SignedUp(mine, self._place(mine), repeated=False)
            if refused := refusal_to_all(occupancy.terms, now, admission):
                raise refused
            self.count(uncounted, now=now)
            uncounted = ()
            known = None
            if identity is not None:
                known = self._registration(session_id, registration_id_in(identity))
                if known is None or not known.is_active:
                    continue  # it has changed since the identity was read
            counts, by_hand = tally(tally_item), may_be_seated_by_hand(occupancy, now, admission)
            allow_sign_up(occupancy, known, counts, now, admission)
            try:
                if known is not None:
                    again = admitted_again(occupancy, known, counts, now, admission, by, staff)
                    if again is not None:
                        self._write(occupancy, again, _given_by_hand(admission) if again.confirmed else "")
                        return SignedUp(again.registrations[0].after, None, repeated=True)
                    self._repeat_email(session_id, known.registration_id, now, by, staff)
                    return SignedUp(known, self._place(known), repeated=True)
                if state_for_next(occupancy, now, admission) is State.CONFIRMED:
                    seated = outcomes.signed_up(occupancy, new, counts)
                    free = _given_by_hand(admission) if by_hand else NOBODY_WAITS
                    self._write(occupancy, seated.noted(admission.action, now, by, staff), free)
                    return SignedUp(new, None, repeated=False)
                queue_number = self._draw_queue_number(occupancy)
                waiting = replace(new, state=State.WAITLISTED, queue_number=queue_number)
                joined = outcomes.signed_up(occupancy, waiting, counts)
                self._write(occupancy, joined.noted(admission.action, now, by, staff), NO_SEAT_FREE)
            except Unmet:
                continue  # somebody was faster: read again
            return SignedUp(waiting, self._place(waiting), repeated=False)
        raise AssertionError  # rounds() has raised

    def resend(
        self,
        session_id: str,
        registration_id: str,
        *,
        now: datetime,
        by: ChangedBy = ChangedBy.PERSON,
        staff: str = "",
    ) -> bool:
        """See `Registrations.resend`."""
        self.session(session_id)
        known = self._registration(session_id, registration_id)
        if known is None or not known.is_active:
            raise UnknownRegistration(session_id)
        return self._repeat_email(session_id, registration_id, now, by, staff)

    def _repeat_email(
        self, session_id: str, registration_id: str, now: datetime, by: ChangedBy, staff: str
    ) -> bool:
        """Record the email that answers a sign-up once more; False if there was one lately, or it was canceled."""

        def outcome_of(occupancy: Occupancy, known: Registration, counts: Tally) -> Outcome | None:
            # Asked after the counts were read: a message that is recorded meanwhile changes them.
            news = news_of_sign_up(known, now)
            if not known.is_active or recorded_lately(self._recorded(known, news.kind), now):
                return None
            repeated = outcomes.notified(occupancy, known, counts, news)
            return repeated.noted(TrailAction.RESENT, now, by, staff) if repeated.messages else None

        return self._notify(session_id, registration_id, outcome_of)

    def _draw_queue_number(self, occupancy: Occupancy) -> int:
        """Return a number that nobody has drawn before; one that nobody uses is no harm. Raises Unmet."""
        # Drawn, so that neither ties nor skewed clocks disturb the line.
        draw = self.table.update(
            session_key(occupancy.terms.session_id),
            "ADD #queue_number :one",
            f"{SAME_SESSION} AND {NO_SEAT_FREE}",
            **held(occupancy),
            one=1,
            none=0,
        )
        return int(unpack(self.table.write(draw, returns="UPDATED_NEW"))["queue_number"])


def _given_by_hand(admission: Admission) -> str:
    """Return what must hold of a session in which staff give somebody a seat."""
    return "" if admission.over_capacity else _SEAT_FREE_BY_HAND
