# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which email is due, and how messages are numbered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from register.domain.messages import Method
from register.domain.model import Kind, Occupancy, Registration, State, Tally
from register.domain.notifications import (
    instant_of,
    is_affected,
    is_reminded,
    method_of,
    news_of_sign_up,
    next_number,
    recorded_lately,
    reminder_due,
)
from schedule.model import Status
from tests.support.builders import SESSION, STARTS, notice, person, terms
from tests.support.constants import NOW

MICROSECOND = timedelta(microseconds=1)
SEATED = Registration(SESSION, "r", State.CONFIRMED, person(), NOW, NOW, NOW)
WAITING = replace(SEATED, state=State.WAITLISTED, queue_number=4)
GONE = replace(SEATED, state=State.CANCELLED)


@pytest.mark.parametrize(
    ("before", "status", "reminded", "due"),
    [
        (timedelta(days=1, seconds=1), Status.SCHEDULED, None, False),
        (timedelta(days=1), Status.SCHEDULED, None, True),
        (timedelta(seconds=1), Status.SCHEDULED, None, True),
        (timedelta(), Status.SCHEDULED, None, False),
        (timedelta(hours=1), Status.CANCELLED, None, False),
        (timedelta(hours=1), Status.SCHEDULED, STARTS, False),
        (timedelta(hours=1), Status.SCHEDULED, STARTS - timedelta(days=7), True),
    ],
)
def test_reminders_are_due_on_the_day_before(
    before: timedelta, status: Status, reminded: datetime | None, due: bool
) -> None:
    occupancy = Occupancy(terms(status=status), reminded=reminded)

    assert reminder_due(occupancy, STARTS - before) is due


@pytest.mark.parametrize(
    ("registration", "reminded"),
    [
        (SEATED, True),
        (replace(SEATED, since=STARTS - timedelta(days=1)), False),
        (WAITING, True),
        (replace(WAITING, since=STARTS - timedelta(days=1)), False),
        (GONE, False),
    ],
)
def test_people_with_a_seat_or_a_place_are_reminded(registration: Registration, reminded: bool) -> None:
    assert is_reminded(registration, terms()) is reminded


@pytest.mark.parametrize(
    ("registration", "to_waiting", "told"),
    [
        (SEATED, True, True),
        (SEATED, False, True),
        (WAITING, True, True),
        (WAITING, False, False),
        (GONE, True, False),
        (replace(SEATED, since=notice().recorded), True, True),
    ],
)
def test_a_notice_is_for_people_who_are_signed_up(
    registration: Registration, to_waiting: bool, told: bool
) -> None:
    assert is_affected(registration, notice(to_waiting=to_waiting)) is told


@pytest.mark.parametrize(
    ("ago", "lately"),
    [
        ([], False),
        ([timedelta()], True),
        ([timedelta(hours=1) - MICROSECOND], True),
        ([timedelta(hours=1)], False),
        ([timedelta(days=1), timedelta(minutes=59)], True),
        ([MICROSECOND - timedelta(hours=1)], True),
        ([-timedelta(hours=1)], False),
    ],
    ids=["never", "now", "within the hour", "an hour ago", "twice", "by a clock ahead", "by a wrong clock"],
)
def test_the_email_of_a_state_comes_again_after_an_hour(ago: list[timedelta], lately: bool) -> None:
    assert recorded_lately([NOW - each for each in ago], NOW) is lately


def test_the_emails_that_answer_a_sign_up_are_told_apart_by_when_they_were_recorded() -> None:
    news = [
        news_of_sign_up(one, now) for one in (SEATED, WAITING) for now in (NOW, NOW + timedelta(seconds=1))
    ]

    assert [(each.kind, each.occasion) for each in news] == [
        (Kind.CONFIRMATION, "1795194000"),
        (Kind.CONFIRMATION, "1795194001"),
        (Kind.WAITING_LIST, "1795194000"),
        (Kind.WAITING_LIST, "1795194001"),
    ]


SECONDS = int((NOW - datetime(2020, 1, 1, tzinfo=UTC)).total_seconds())


@pytest.mark.parametrize(
    ("last", "erased", "number"),
    [
        (0, 0, SECONDS),
        (SECONDS - 1, 0, SECONDS),
        (SECONDS, 0, SECONDS + 1),
        (SECONDS + 500, 0, SECONDS + 501),
        (0, SECONDS + 7, SECONDS + 8),
        (SECONDS + 9, SECONDS + 7, SECONDS + 10),
    ],
)
def test_numbers_rise_although_clocks_are_set_back_and_people_are_erased(
    last: int, erased: int, number: int
) -> None:
    assert next_number(Tally(1, 1, last), erased, NOW) == number


def test_a_number_is_an_instant() -> None:
    assert instant_of(SECONDS) == NOW.replace(microsecond=0)


@pytest.mark.parametrize(
    ("kind", "state", "status", "method"),
    [
        (Kind.CONFIRMATION, State.CONFIRMED, Status.SCHEDULED, Method.REQUEST),
        (Kind.PROMOTION, State.CONFIRMED, Status.SCHEDULED, Method.REQUEST),
        (Kind.CHANGE, State.CONFIRMED, Status.SCHEDULED, Method.REQUEST),
        (Kind.LINK, State.CONFIRMED, Status.SCHEDULED, Method.REQUEST),
        (Kind.REMINDER, State.CONFIRMED, Status.SCHEDULED, None),
        (Kind.SESSION_CANCELLATION, State.CONFIRMED, Status.CANCELLED, Method.CANCEL),
        (Kind.CONFIRMATION, State.CONFIRMED, Status.CANCELLED, Method.CANCEL),
        (Kind.WAITING_LIST, State.WAITLISTED, Status.SCHEDULED, None),
        (Kind.CHANGE, State.WAITLISTED, Status.SCHEDULED, None),
        (Kind.SESSION_CANCELLATION, State.WAITLISTED, Status.CANCELLED, None),
    ],
)
def test_only_people_with_a_seat_have_an_event_in_the_calendar(
    kind: Kind, state: State, status: Status, method: Method | None
) -> None:
    assert method_of(kind, state, status) is method
