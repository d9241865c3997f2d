# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which people take a seat, wait or are promoted: the rules alone. All instants are in UTC."""

from __future__ import annotations

from datetime import datetime

from register.domain.errors import Refused, SessionCancelled, SessionOver, SignUpClosed
from register.domain.model import Occupancy, SessionTerms, State
from schedule.model import Status
from schedule.sign_up_state import SignUpState, sign_up_state

NAMES_FOR_ONE_EMAIL = 5
"""How many people of one family or office may sign up for a session with one email address."""


def state_of(terms: SessionTerms, now: datetime, seats_left: int | None = None) -> SignUpState:
    """Return whether people may sign up for a session now, by the rule that the site's pages go by."""
    return sign_up_state(
        status=terms.status, closes=terms.closes, ends=terms.ends, now=now, seats_left=seats_left
    )


def refusal(terms: SessionTerms, now: datetime, *, late: bool = False) -> Refused | None:
    """Return why nobody may sign up for a session now, or None if people may; `late` for whom staff sign up."""
    state = state_of(terms, now)
    if state is SignUpState.CANCELLED:
        return SessionCancelled(terms.session_id)
    if state is SignUpState.PAST:
        return SessionOver(terms.session_id, terms.ends)
    if state is SignUpState.CLOSED and not late:
        return SignUpClosed(terms.session_id, terms.closes)
    return None


def state_for_next(occupancy: Occupancy) -> State:
    """Return what the next person who signs up gets: a seat while some are free and nobody waits."""
    return State.CONFIRMED if occupancy.seats_left else State.WAITLISTED


def passes_seat_on(occupancy: Occupancy, now: datetime) -> bool:
    """Whether a seat that is given back goes at once to the first person who waits.

    Not after a cut in seats, as long as more are confirmed than there are seats.
    """
    return may_promote(occupancy, now) and occupancy.confirmed <= occupancy.terms.capacity


def promotion_due(occupancy: Occupancy, now: datetime) -> bool:
    """Whether somebody waits beside a free seat, as after seats were added."""
    return may_promote(occupancy, now) and occupancy.confirmed < occupancy.terms.capacity


def may_promote(occupancy: Occupancy, now: datetime) -> bool:
    """Whether somebody waits whom a free seat would still be given to."""
    return occupancy.waiting > 0 and takes_promotions(occupancy.terms, now)


def takes_promotions(terms: SessionTerms, now: datetime) -> bool:
    """Whether people who wait are still given seats: not once it has started or is canceled."""
    return terms.status is Status.SCHEDULED and now < terms.starts


def may_join(state: State, status: Status) -> bool:
    """Whether somebody is given the link to join: people with a seat in a session that takes place."""
    return state is State.CONFIRMED and status is Status.SCHEDULED
