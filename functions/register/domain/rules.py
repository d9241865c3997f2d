# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which people take a seat, wait or are promoted: the rules alone. All instants are in UTC."""

from __future__ import annotations

from datetime import datetime, timedelta

from register.domain.errors import (
    LineClosed,
    Refused,
    SessionCancelled,
    SessionOver,
    SignUpClosed,
    TooManyNames,
)
from register.domain.model import Occupancy, Registration, SessionTerms, State, Tally
from schedule.model import Status
from schedule.sign_up_state import SignUpState, sign_up_state

NAMES_FOR_ONE_EMAIL = 5
"""How many people of one family or office may sign up for a session with one email address."""

LINE_CLOSES_BEFORE = timedelta(hours=1)
"""How long before the start the line closes: people would not hear in time of a seat."""


def line_is_open(terms: SessionTerms, now: datetime) -> bool:
    """Whether people still join the line, and are given the seats that come free."""
    return terms.status is Status.SCHEDULED and now < terms.starts - LINE_CLOSES_BEFORE


def state_of(terms: SessionTerms, now: datetime, seats_left: int | None = None) -> SignUpState:
    """Return whether people may sign up for a session now, by the rule that the site's pages go by."""
    return sign_up_state(
        status=terms.status,
        closes=terms.closes,
        ends=terms.ends,
        now=now,
        seats_left=seats_left,
        line_open=line_is_open(terms, now),
    )


def refusal_to_all(terms: SessionTerms, now: datetime, *, late: bool = False) -> Refused | None:
    """Return why nobody at all may sign up for a session now; `late` for people whom staff sign up."""
    state = state_of(terms, now)
    if state is SignUpState.CANCELLED:
        return SessionCancelled(terms.session_id)
    if state is SignUpState.PAST:
        return SessionOver(terms.session_id, terms.ends)
    if state is SignUpState.CLOSED and not late:
        return SignUpClosed(terms.session_id, terms.closes)
    return None


def refusal(occupancy: Occupancy, now: datetime, *, late: bool = False) -> Refused | None:
    """Return why nobody new may sign up for a session now, or None if people may; `late` as above."""
    terms = occupancy.terms
    if refused := refusal_to_all(terms, now, late=late):
        return refused
    if state_for_next(occupancy, now, late=late) is State.WAITLISTED and not line_is_open(terms, now):
        return LineClosed(terms.session_id, terms.starts - LINE_CLOSES_BEFORE)
    return None


def allow_sign_up(
    occupancy: Occupancy, known: Registration | None, tally: Tally, now: datetime, *, late: bool = False
) -> None:
    """Allow a sign-up of somebody who is `known` to be signed up already, or new to an address with this `tally`.

    People with a seat need none, so that a full session does not refuse them. Raises what `refusal` returns, and
    TooManyNames. What it raises tells of people: count the limits before.
    """
    seated = known is not None and known.state is State.CONFIRMED
    refused = (
        refusal_to_all(occupancy.terms, now, late=late) if seated else refusal(occupancy, now, late=late)
    )
    if refused:
        raise refused
    if known is None and tally.active >= NAMES_FOR_ONE_EMAIL:
        raise TooManyNames(occupancy.terms.session_id, NAMES_FOR_ONE_EMAIL)


def state_for_next(occupancy: Occupancy, now: datetime, *, late: bool = False) -> State:
    """Return what the next person who signs up gets: a seat while some are free and nobody waits."""
    has_seat = occupancy.seats_left or may_be_seated_by_hand(occupancy, now, late=late)
    return State.CONFIRMED if has_seat else State.WAITLISTED


def may_be_seated_by_hand(occupancy: Occupancy, now: datetime, *, late: bool) -> bool:
    """Whether staff may give a free seat to anybody they like, whoever waits: once the line is closed."""
    is_free = occupancy.confirmed < occupancy.terms.capacity
    return late and is_free and not line_is_open(occupancy.terms, now)


def passes_seat_on(occupancy: Occupancy, now: datetime) -> bool:
    """Whether a seat that is given back goes at once to the first person who waits.

    Not after a cut in seats, as long as more are confirmed than there are seats.
    """
    return _may_promote(occupancy, now) and occupancy.confirmed <= occupancy.terms.capacity


def promotion_due(occupancy: Occupancy, now: datetime) -> bool:
    """Whether somebody waits beside a free seat, as after seats were added, and the line is open."""
    return _may_promote(occupancy, now) and occupancy.confirmed < occupancy.terms.capacity


def _may_promote(occupancy: Occupancy, now: datetime) -> bool:
    return occupancy.waiting > 0 and line_is_open(occupancy.terms, now)


def may_join(state: State, status: Status) -> bool:
    """Whether somebody is given the link to join: people with a seat in a session that takes place."""
    return state is State.CONFIRMED and status is Status.SCHEDULED
