# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether one may sign up: one rule, which pages, the function and status.json go by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from schedule.model import Status
from schedule.sign_up_state import SignUpState, sign_up_state, state_of
from tests.support.schedules import session

CLOSES = datetime(2026, 12, 2, 18, tzinfo=UTC)
ENDS = datetime(2026, 12, 3, 19, 30, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("now", "seats_left", "scheduled"),
    [
        (CLOSES - MOMENT, None, SignUpState.OPEN),
        (CLOSES - MOMENT, 1, SignUpState.OPEN),
        (CLOSES - MOMENT, 0, SignUpState.FULL),
        (CLOSES, None, SignUpState.CLOSED),
        (CLOSES, 1, SignUpState.CLOSED),
        (CLOSES, 0, SignUpState.CLOSED),
        (ENDS - MOMENT, 1, SignUpState.CLOSED),
        (ENDS, None, SignUpState.PAST),
        (ENDS, 0, SignUpState.PAST),
    ],
)
def test_people_sign_up_until_it_closes_and_wait_where_no_seat_is_left(
    now: datetime, seats_left: int | None, scheduled: SignUpState
) -> None:
    def state(status: Status) -> SignUpState:
        return sign_up_state(status=status, closes=CLOSES, ends=ENDS, now=now, seats_left=seats_left)

    assert state(Status.SCHEDULED) is scheduled
    assert state(Status.CANCELLED) is SignUpState.CANCELLED


@pytest.mark.parametrize(
    ("seats_left", "state"),
    [(None, SignUpState.OPEN), (1, SignUpState.OPEN), (0, SignUpState.CLOSED)],
)
def test_a_full_session_is_closed_where_nobody_joins_the_line_any_more(
    seats_left: int | None, state: SignUpState
) -> None:
    times = {"closes": CLOSES, "ends": ENDS, "now": CLOSES - MOMENT}
    found = sign_up_state(status=Status.SCHEDULED, **times, seats_left=seats_left, line_open=False)

    assert found is state


def test_the_schedule_alone_tells_all_but_whether_it_is_full() -> None:
    one = session()
    closes, ends = one.registration_closes, one.period.end

    assert [state_of(one, now) for now in (closes - MOMENT, closes, ends)] == [
        SignUpState.OPEN,
        SignUpState.CLOSED,
        SignUpState.PAST,
    ]


def test_one_may_sign_up_for_a_seat_and_to_wait() -> None:
    assert {one.value: one.takes_sign_ups for one in SignUpState} == {
        "open": True,
        "full": True,
        "closed": False,
        "cancelled": False,
        "past": False,
    }
