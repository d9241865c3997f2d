# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which people take a seat, wait or are promoted: the rules alone. All instants are in UTC."""

from __future__ import annotations

from datetime import datetime, timedelta

from register.domain.admission import Admission
from register.domain.errors import (
    LineClosed,
    Refused,
    SessionCancelled,
    SessionOver,
    SignUpClosed,
    TooEarly,
    TooManyNames,
)
from register.domain.model import ChangedBy, Occupancy, Registration, SessionTerms, State, Tally
from schedule.model import Status
from schedule.sign_up_state import SignUpState, sign_up_state

NAMES_FOR_ONE_EMAIL = 5
"""How many people of one family or office may sign up for a session with one email address."""

LINE_CLOSES_BEFORE = timedelta(hours=1)
"""How long before the start the line closes: people would not hear in time of a seat."""

ATTENDANCE_OPENS_BEFORE = timedelta(hours=1)
"""How long before the start people are ticked, and walk in."""


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


def refusal_of_attendance(terms: SessionTerms, now: datetime) -> Refused | None:
    """Return why nobody can be ticked in a session now, or walk in; both may be done until its data expires."""
    if terms.status is Status.CANCELLED:
        return SessionCancelled(terms.session_id)
    if now < terms.starts - ATTENDANCE_OPENS_BEFORE:
        return TooEarly(terms.session_id, terms.starts - ATTENDANCE_OPENS_BEFORE)
    if now >= terms.expires:
        return SessionOver(terms.session_id, terms.ends)
    return None


def refusal_to_all(
    terms: SessionTerms, now: datetime, admission: Admission = Admission.FORM
) -> Refused | None:
    """Return why nobody at all may sign up for a session now."""
    if admission is Admission.WALK_IN:
        return refusal_of_attendance(terms, now)
    state = state_of(terms, now)
    if state is SignUpState.CANCELLED:
        return SessionCancelled(terms.session_id)
    if state is SignUpState.PAST:
        return SessionOver(terms.session_id, terms.ends)
    if state is SignUpState.CLOSED and not admission.by_staff:
        return SignUpClosed(terms.session_id, terms.closes)
    return None


def refusal(occupancy: Occupancy, now: datetime, admission: Admission = Admission.FORM) -> Refused | None:
    """Return why nobody new may sign up for a session now, or None if people may."""
    terms = occupancy.terms
    if refused := refusal_to_all(terms, now, admission):
        return refused
    if state_for_next(occupancy, now, admission) is State.WAITLISTED and not line_is_open(terms, now):
        return LineClosed(terms.session_id, terms.starts - LINE_CLOSES_BEFORE)
    return None


def allow_sign_up(
    occupancy: Occupancy,
    known: Registration | None,
    tally: Tally,
    now: datetime,
    admission: Admission = Admission.FORM,
    by: ChangedBy = ChangedBy.PERSON,
) -> None:
    """Allow a sign-up of somebody who is `known` to be signed up already, or new to an address with this `tally`.

    People with a seat need none, so that a full session does not refuse them. What is done `by` staff knows no limit of
    names for an address. Raises what `refusal` returns, and
    TooManyNames. What it raises tells of people: count the limits before.
    """
    seated = known is not None and known.state is State.CONFIRMED
    refused = (
        refusal_to_all(occupancy.terms, now, admission) if seated else refusal(occupancy, now, admission)
    )
    if refused:
        raise refused
    by_staff = admission.by_staff or by is ChangedBy.STAFF
    if known is None and not by_staff and tally.active >= NAMES_FOR_ONE_EMAIL:
        raise TooManyNames(occupancy.terms.session_id, NAMES_FOR_ONE_EMAIL)


def state_for_next(occupancy: Occupancy, now: datetime, admission: Admission = Admission.FORM) -> State:
    """Return what the next person who signs up gets: a seat while some are free and nobody waits."""
    has_seat = occupancy.seats_left or may_be_seated_by_hand(occupancy, now, admission)
    return State.CONFIRMED if has_seat else State.WAITLISTED


def may_be_seated_by_hand(occupancy: Occupancy, now: datetime, admission: Admission) -> bool:
    """Whether staff give somebody a seat, whoever waits: over capacity, or a free one once the line is closed."""
    is_free = occupancy.confirmed < occupancy.terms.capacity
    late = admission is Admission.LATE and not line_is_open(occupancy.terms, now)
    return admission.over_capacity or (late and is_free)


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
