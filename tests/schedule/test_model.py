# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rules that hold among trainings, trainers and sessions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedule.model import (
    DoubleBooking,
    Format,
    Language,
    Localized,
    Period,
    Phone,
    Revision,
    Schedule,
    Session,
    Status,
    Trainer,
    double_bookings,
)
from tests.support.constants import PACIFIC
from tests.support.schedules import ANA, SHORT_OVERVIEW

EPOCH = datetime(2026, 12, 1, tzinfo=UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def period(start: str, end: str, *, all_day: bool = False) -> Period:
    return Period(utc(start), utc(end), PACIFIC, all_day)


def trainer(slug: str) -> Trainer:
    return replace(ANA, slug=slug, name=Localized(slug.title()))


BEN = trainer("ben")


def session(name: str, when: Period, *trainers: Trainer, status: Status = Status.SCHEDULED) -> Session:
    return Session(
        id=name,
        training=SHORT_OVERVIEW,
        period=when,
        trainers=trainers or (ANA,),
        capacity=20,
        language=Language.ENGLISH,
        format=Format.ONLINE,
        location=None,
        status=status,
        registration_closes=when.start,
        note=None,
        revision=Revision(1, EPOCH),
    )


MORNING = period("2026-12-03 18:00", "2026-12-03 19:30")


@pytest.mark.parametrize(
    ("text", "language", "shown", "written_in"),
    [
        (Localized("Hello", "Hola"), Language.ENGLISH, "Hello", Language.ENGLISH),
        (Localized("Hello", "Hola"), Language.SPANISH, "Hola", Language.SPANISH),
        (Localized("Hello"), Language.ENGLISH, "Hello", Language.ENGLISH),
        (Localized("Hello"), Language.SPANISH, "Hello", Language.ENGLISH),
        (Localized("Hello", ""), Language.SPANISH, "", Language.SPANISH),
    ],
)
def test_a_text_without_translation_is_shown_in_english_and_says_so(
    text: Localized[str], language: Language, shown: str, written_in: Language
) -> None:
    assert (text.text(language), text.language(language)) == (shown, written_in)


@pytest.mark.parametrize(("extension", "uri"), [(None, "tel:+15306661977"), ("8", "tel:+15306661977,8")])
def test_an_extension_is_dialled_after_a_pause(extension: str | None, uri: str) -> None:
    assert Phone("(530) 666-1977", "+15306661977", extension).uri == uri


def test_the_night_when_clocks_go_back_is_an_hour_longer_than_they_show() -> None:
    night = period("2026-11-01 07:30", "2026-11-01 11:00")

    assert night.length == timedelta(hours=3, minutes=30)
    assert (night.local_start.hour, night.local_start.minute) == (0, 30)
    assert (night.local_end.hour, night.local_end.minute) == (3, 0)


def test_the_night_when_clocks_go_forward_is_an_hour_shorter_than_they_show() -> None:
    night = period("2026-03-08 09:00", "2026-03-08 11:00")

    assert night.length == timedelta(hours=2)
    assert (night.local_start.hour, night.local_end.hour) == (1, 4)


@pytest.mark.parametrize(
    ("when", "first", "last"),
    [
        (period("2026-12-08 23:00", "2026-12-09 01:30"), date(2026, 12, 8), date(2026, 12, 8)),
        (period("2026-12-09 06:00", "2026-12-09 08:00"), date(2026, 12, 8), date(2026, 12, 8)),
        (period("2026-12-09 06:00", "2026-12-09 08:01"), date(2026, 12, 8), date(2026, 12, 9)),
        (
            period("2026-12-10 08:00", "2026-12-12 08:00", all_day=True),
            date(2026, 12, 10),
            date(2026, 12, 11),
        ),
    ],
)
def test_the_days_of_a_period_are_those_of_its_zone(when: Period, first: date, last: date) -> None:
    assert (when.first_day, when.last_day) == (first, last)


def test_a_period_that_begins_where_another_ends_does_not_overlap_it() -> None:
    later = period("2026-12-03 19:30", "2026-12-03 20:00")

    assert not MORNING.overlaps(later)
    assert not later.overlaps(MORNING)
    assert MORNING.overlaps(replace(later, start=later.start - timedelta(minutes=1)))


@pytest.mark.parametrize(
    ("now", "past"), [("2026-12-03 19:29", False), ("2026-12-03 19:30", True), ("2026-12-04 00:00", True)]
)
def test_a_session_is_past_from_its_end_on(now: str, past: bool) -> None:
    assert session("a", MORNING).is_past(utc(now)) is past


def test_upcoming_sessions_are_those_that_are_not_over() -> None:
    first, second = session("a", MORNING), session("b", period("2026-12-04 18:00", "2026-12-04 19:00"))
    schedule = Schedule((SHORT_OVERVIEW,), (ANA,), (first, second))

    assert schedule.upcoming(utc("2026-12-03 19:00")) == (first, second)
    assert schedule.upcoming(utc("2026-12-03 19:30")) == (second,)


def test_a_private_link_is_not_in_what_a_log_shows_of_a_schedule() -> None:
    schedule = Schedule((), (), (), {"a": "https://meet.example.org/private"})

    assert repr(schedule) == "Schedule(trainings=(), trainers=(), sessions=())"


def test_a_trainer_in_two_places_at_once_is_a_double_booking() -> None:
    first = session("a", MORNING, ANA, BEN)
    second = session("b", period("2026-12-03 19:00", "2026-12-03 20:00"), BEN)

    assert list(double_bookings((second, first))) == [DoubleBooking(BEN, first, second)]


def test_a_short_session_inside_a_long_one_does_not_hide_the_next_collision() -> None:
    long = session("a", period("2026-12-03 16:00", "2026-12-03 23:00"))
    short = session("b", period("2026-12-03 17:00", "2026-12-03 18:00"))
    last = session("c", period("2026-12-03 22:00", "2026-12-03 23:30"))

    assert list(double_bookings((long, short, last))) == [
        DoubleBooking(ANA, long, short),
        DoubleBooking(ANA, long, last),
    ]


def test_different_trainers_cancelled_sessions_and_sessions_in_a_row_are_no_double_booking() -> None:
    sessions = (
        session("a", MORNING, ANA),
        session("b", MORNING, BEN),
        session("c", MORNING, ANA, status=Status.CANCELLED),
        session("d", period("2026-12-03 19:30", "2026-12-03 20:00"), ANA),
    )

    assert list(double_bookings(sessions)) == []


hours = st.tuples(st.integers(0, 30), st.integers(1, 8), st.sampled_from([(ANA,), (BEN,), (ANA, BEN)]))


@settings(deadline=None)
@given(st.lists(hours, max_size=8))
def test_each_session_that_begins_while_its_trainer_holds_another_is_found(
    booked: list[tuple[int, int, tuple[Trainer, ...]]],
) -> None:
    sessions = [
        session(
            f"s{number}",
            Period(EPOCH + timedelta(hours=start), EPOCH + timedelta(hours=start + length), PACIFIC),
            *trainers,
        )
        for number, (start, length, trainers) in enumerate(booked)
    ]
    in_order = sorted(sessions, key=lambda one: (one.period.start, one.id))
    expected = {
        (shared.slug, second.id)
        for first, second in combinations(in_order, 2)
        for shared in first.trainers
        if shared in second.trainers and first.period.overlaps(second.period)
    }

    found = list(double_bookings(tuple(sessions)))

    assert {(one.trainer.slug, one.second.id) for one in found} == expected
    assert all(one.first.period.overlaps(one.second.period) for one in found)
