# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rules of seats alone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from register.domain.errors import SessionCancelled, SessionOver, SignUpClosed
from register.domain.model import Occupancy, State
from register.domain.rules import passes_seat_on, promotion_due, refusal, state_for_next
from schedule.model import Status
from tests.functions.register.builders import NOW, SECOND, STARTS, terms


@pytest.mark.parametrize(
    ("changes", "now", "expected"),
    [
        ({}, STARTS - SECOND, type(None)),
        ({}, STARTS, SignUpClosed),
        ({"closes": NOW}, NOW, SignUpClosed),
        ({}, STARTS + timedelta(minutes=90), SessionOver),
        ({"status": Status.CANCELLED}, NOW, SessionCancelled),
        ({"status": Status.CANCELLED}, STARTS + timedelta(days=9), SessionCancelled),
    ],
)
def test_a_session_takes_people_until_it_closes(
    changes: dict[str, object], now: datetime, expected: type
) -> None:
    assert type(refusal(terms(**changes), now)) is expected


@pytest.mark.parametrize(
    ("confirmed", "waiting", "capacity", "state", "left"),
    [
        (0, 0, 1, State.CONFIRMED, 1),
        (1, 0, 1, State.WAITLISTED, 0),
        (1, 1, 2, State.WAITLISTED, 0),
        (3, 0, 2, State.WAITLISTED, 0),
    ],
)
def test_a_seat_is_given_while_some_are_free_and_nobody_waits(
    confirmed: int, waiting: int, capacity: int, state: State, left: int
) -> None:
    occupancy = Occupancy(terms(capacity=capacity), confirmed, waiting)

    assert (state_for_next(occupancy), occupancy.seats_left) == (state, left)


@pytest.mark.parametrize(
    ("confirmed", "waiting", "capacity", "now", "status", "cancel_hands_on", "due"),
    [
        (2, 1, 2, NOW, Status.SCHEDULED, True, False),
        (1, 1, 2, NOW, Status.SCHEDULED, True, True),
        (2, 0, 2, NOW, Status.SCHEDULED, False, False),
        (3, 1, 2, NOW, Status.SCHEDULED, False, False),
        (2, 1, 2, STARTS, Status.SCHEDULED, False, False),
        (1, 1, 2, STARTS, Status.SCHEDULED, False, False),
        (1, 1, 2, NOW, Status.CANCELLED, False, False),
    ],
)
def test_seats_go_to_people_who_wait_before_the_start_and_never_beyond_the_capacity(
    confirmed: int,
    waiting: int,
    capacity: int,
    now: datetime,
    status: Status,
    cancel_hands_on: bool,
    due: bool,
) -> None:
    occupancy = Occupancy(terms(capacity=capacity, status=status), confirmed, waiting)

    assert (passes_seat_on(occupancy, now), promotion_due(occupancy, now)) == (cancel_hands_on, due)
