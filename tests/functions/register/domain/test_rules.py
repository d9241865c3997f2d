# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rules that pages and emails both ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import product

import pytest

from register.domain.admission import Admission
from register.domain.errors import (
    LineClosed,
    Refused,
    SessionCancelled,
    SessionOver,
    SignUpClosed,
    TooManyNames,
)
from register.domain.model import Occupancy, Registration, State, Tally
from register.domain.rules import (
    LINE_CLOSES_BEFORE,
    allow_sign_up,
    line_is_open,
    may_join,
    passes_seat_on,
    promotion_due,
    refusal,
    refusal_to_all,
    state_for_next,
    state_of,
)
from schedule.model import Status
from schedule.sign_up_state import SignUpState
from tests.support.builders import SESSION, STARTS, person, terms
from tests.support.constants import HOUR, NOW, SECOND


def test_only_people_with_a_seat_in_a_session_that_takes_place_get_the_link_to_join() -> None:
    assert {each for each in product(State, Status) if may_join(*each)} == {
        (State.CONFIRMED, Status.SCHEDULED)
    }


@pytest.mark.parametrize(
    ("changes", "state", "refused", "refused_late"),
    [
        ({}, SignUpState.OPEN, None, None),
        ({"closes": NOW}, SignUpState.CLOSED, SignUpClosed, None),
        ({"closes": NOW, "ends": NOW}, SignUpState.PAST, SessionOver, SessionOver),
        ({"status": Status.CANCELLED}, SignUpState.CANCELLED, SessionCancelled, SessionCancelled),
        (
            {"status": Status.CANCELLED, "closes": NOW, "ends": NOW},
            SignUpState.CANCELLED,
            SessionCancelled,
            SessionCancelled,
        ),
    ],
)
def test_whoever_may_not_sign_up_is_told_the_reason_that_the_page_shows(
    changes: dict[str, object],
    state: SignUpState,
    refused: type[Refused] | None,
    refused_late: type[Refused] | None,
) -> None:
    session = Occupancy(terms(**changes))

    assert state_of(session.terms, NOW) is state
    assert [type(refusal(session, NOW, admission)) for admission in (Admission.FORM, Admission.LATE)] == [
        refused or type(None),
        refused_late or type(None),
    ]


CLOSED = STARTS - HOUR
FREE = Occupancy(terms(capacity=2), confirmed=1)
FULL = Occupancy(terms(capacity=2), confirmed=2)
FREE_BESIDE_THE_LINE = Occupancy(terms(capacity=2), confirmed=1, waiting=3)


def test_the_line_is_open_until_an_hour_before_the_start() -> None:
    assert LINE_CLOSES_BEFORE == HOUR
    assert [line_is_open(terms(), now) for now in (CLOSED - SECOND, CLOSED, STARTS)] == [True, False, False]
    assert not line_is_open(terms(status=Status.CANCELLED), NOW)


@pytest.mark.parametrize(
    ("occupancy", "before", "after", "by_hand"),
    [
        (FREE, State.CONFIRMED, State.CONFIRMED, State.CONFIRMED),
        (FULL, State.WAITLISTED, LineClosed, LineClosed),
        (FREE_BESIDE_THE_LINE, State.WAITLISTED, LineClosed, State.CONFIRMED),
    ],
    ids=["free", "full", "free beside people who wait"],
)
def test_once_the_line_is_closed_nobody_joins_it_and_staff_alone_pass_it(
    occupancy: Occupancy,
    before: State,
    after: State | type[Refused],
    by_hand: State | type[Refused],
) -> None:
    def given(now: datetime, admission: Admission = Admission.FORM) -> State | type[Refused]:
        refused = refusal(occupancy, now, admission)
        return type(refused) if refused else state_for_next(occupancy, now, admission)

    assert [given(CLOSED - SECOND), given(CLOSED - SECOND, Admission.LATE)] == [before, before]
    assert [given(CLOSED), given(CLOSED, Admission.LATE)] == [after, by_hand]
    pages = {State.CONFIRMED: SignUpState.OPEN, State.WAITLISTED: SignUpState.FULL}
    assert [state_of(occupancy.terms, now, occupancy.seats_left) for now in (CLOSED - SECOND, CLOSED)] == [
        pages[before],
        pages.get(after, SignUpState.CLOSED),
    ]


@pytest.mark.parametrize(
    "occupancy", [FULL, FREE_BESIDE_THE_LINE], ids=["full", "free beside people who wait"]
)
@pytest.mark.parametrize("admission", [Admission.FORM, Admission.LATE, Admission.OVERBOOKED])
def test_whoever_has_a_seat_is_not_refused_for_want_of_one(
    occupancy: Occupancy, admission: Admission
) -> None:
    known = Registration(SESSION, "r", State.CONFIRMED, person("Ana"), NOW, NOW, NOW)

    allow_sign_up(occupancy, known, Tally(9, 9), CLOSED, admission)
    with pytest.raises(SessionOver):
        allow_sign_up(occupancy, known, Tally(9, 9), occupancy.terms.ends, admission)


def test_what_is_refused_to_all_does_not_depend_on_seats_or_people() -> None:
    assert [refusal_to_all(FULL.terms, now) for now in (NOW, CLOSED)] == [None, None]
    with pytest.raises(LineClosed):
        allow_sign_up(FULL, None, Tally(), CLOSED)
    with pytest.raises(TooManyNames):
        allow_sign_up(FREE, None, Tally(active=5), NOW)
    allow_sign_up(FREE, None, Tally(active=4), NOW)


def test_seats_that_come_free_stay_free_once_the_line_is_closed() -> None:
    full = replace(FULL, waiting=3)

    assert [passes_seat_on(full, now) for now in (CLOSED - SECOND, CLOSED)] == [True, False]
    assert [promotion_due(FREE_BESIDE_THE_LINE, now) for now in (CLOSED - SECOND, CLOSED)] == [True, False]
    assert FREE_BESIDE_THE_LINE.seats_left == 0


def test_whoever_comes_too_late_for_the_line_is_told_since_when_and_staff_what_to_do() -> None:
    assert str(refusal(FULL, CLOSED)) == (
        "2026-12-03-overview: no seat is free, or somebody waits for it, and the waiting list closed at "
        "2026-12-03T17:00Z; staff may give a seat that is free to somebody: register add --late"
    )
