# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rules alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from register.domain.errors import SessionCancelled, SessionOver, SignUpClosed
from register.domain.model import Kind, Occupancy, Registration, State, address_of, digest
from register.domain.notifications import is_reminded, reminder_due, state_mail
from register.domain.rate_limits import Limit
from register.domain.rules import is_affected, passes_seat_on, promotion_due, refusal, state_for_next
from schedule.model import Status
from tests.functions.register.builders import NOW, SECOND, SESSION, STARTS, notice, person, terms

SEATED = Registration(SESSION, "h", "r", State.CONFIRMED, person(), NOW, NOW)
WAITING = replace(SEATED, state=State.WAITLISTED, queue_number=4)
GONE = replace(SEATED, state=State.CANCELLED)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ana Núñez", "  ANA   núñez "),
        ("Ana Núñez", "Ana Nu\u0301n\u0303ez"),
        ("Ｍｅｉ", "mei"),
        ("Straße", "STRASSE"),
    ],
)
def test_a_name_is_the_same_person_however_it_is_written(one: str, other: str) -> None:
    email = "ana@example.net"

    assert person(one, email=email).identity == person(other, email=" ANA@example.NET").identity


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Ana", "a@example.net"), ("Ana", "b@example.net")),
        (("Ana", "a@example.net"), ("Ana M", "a@example.net")),
        (("Nunez", "a@example.net"), ("Núñez", "a@example.net")),
    ],
)
def test_other_people_are_other_people(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert person(one[0], email=one[1]).identity != person(other[0], email=other[1]).identity


def test_texts_are_not_glued_together_in_a_digest() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert len(digest("x")) == 43
    assert address_of("Ana@Example.net") == person("Ana", email="ana@example.net").address


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
def test_a_session_takes_people_until_it_closes(changes: dict, now, expected: type) -> None:
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
def test_seats_go_to_who_waits_before_the_start_and_never_beyond_the_capacity(
    confirmed: int, waiting: int, capacity: int, now, status: Status, cancel_hands_on: bool, due: bool
) -> None:
    occupancy = Occupancy(terms(capacity=capacity, status=status), confirmed, waiting)

    assert (passes_seat_on(occupancy, now), promotion_due(occupancy, now)) == (cancel_hands_on, due)


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
def test_reminders_are_due_on_the_day_before(before: timedelta, status: Status, reminded, due: bool) -> None:
    occupancy = Occupancy(terms(status=status), reminded=reminded)

    assert reminder_due(occupancy, STARTS - before) is due


@pytest.mark.parametrize(
    ("registration", "reminded"),
    [
        (SEATED, True),
        (replace(SEATED, since=STARTS - timedelta(days=1)), False),
        (WAITING, False),
        (GONE, False),
    ],
)
def test_who_has_a_seat_is_reminded(registration: Registration, reminded: bool) -> None:
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
def test_a_notice_is_for_who_is_signed_up(registration: Registration, to_waiting: bool, told: bool) -> None:
    assert is_affected(registration, notice(to_waiting=to_waiting)) is told


def test_the_mail_of_a_state_is_the_same_one_within_an_hour() -> None:
    first = state_mail(SEATED, terms(), NOW)

    assert state_mail(SEATED, terms(), NOW + timedelta(minutes=59)).key == first.key
    assert state_mail(SEATED, terms(), NOW + timedelta(hours=1)).key != first.key
    assert state_mail(WAITING, terms(), NOW).kind is Kind.WAITING_LIST


def test_the_window_of_a_limit_is_as_long_as_it_says() -> None:
    limit = Limit("client", "k", 5, timedelta(hours=1))
    hour = NOW.replace(minute=0, second=0, microsecond=0)

    assert limit.window_of(hour) == limit.window_of(hour + timedelta(minutes=59, seconds=59))
    assert limit.window_of(hour + timedelta(hours=1)) == limit.window_of(hour) + 1
