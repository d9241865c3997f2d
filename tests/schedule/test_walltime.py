# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the clock on the wall to an instant, on the two nights of the year when that is hard."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schedule.walltime import NonexistentTime, ScheduleError, is_ambiguous, midnight, to_utc
from tests.support.constants import PACIFIC


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "instant"),
    [
        ("2026-12-03 10:00", "2026-12-03 18:00"),
        ("2026-07-03 10:00", "2026-07-03 17:00"),
        ("2026-03-08 01:59", "2026-03-08 09:59"),
        ("2026-03-08 03:00", "2026-03-08 10:00"),
        ("2026-11-01 02:00", "2026-11-01 10:00"),
    ],
)
def test_a_wall_time_is_one_instant(local: str, instant: str) -> None:
    assert to_utc(wall(local), PACIFIC) == utc(instant)


def test_a_wall_time_in_the_spring_gap_is_refused_with_the_next_one_that_exists() -> None:
    with pytest.raises(NonexistentTime) as caught:
        to_utc(wall("2026-03-08 02:30"), PACIFIC)

    assert caught.value.after == wall("2026-03-08 03:00")
    assert (
        str(caught.value) == "2026-03-08 02:30 does not exist in America/Los_Angeles: the clocks jump over it"
    )
    assert isinstance(caught.value, ScheduleError)


def test_of_a_wall_time_that_comes_twice_the_first_is_meant() -> None:
    assert to_utc(wall("2026-11-01 01:30"), PACIFIC) == utc("2026-11-01 08:30")


@pytest.mark.parametrize(
    ("local", "twice"),
    [
        ("2026-11-01 00:59", False),
        ("2026-11-01 01:00", True),
        ("2026-11-01 01:59", True),
        ("2026-11-01 02:00", False),
        ("2026-12-03 10:00", False),
    ],
)
def test_only_the_repeated_hour_of_autumn_comes_twice(local: str, twice: bool) -> None:
    assert is_ambiguous(wall(local), PACIFIC) is twice


@pytest.mark.parametrize(
    ("day", "instant"), [("2026-11-01", "2026-11-01 07:00"), ("2026-11-02", "2026-11-02 08:00")]
)
def test_midnight_is_that_of_the_zone(day: str, instant: str) -> None:
    assert midnight(date.fromisoformat(day), PACIFIC) == utc(instant)


@settings(deadline=None)
@example(datetime(2026, 3, 8, 2, 30))  # noqa: DTZ001 - a wall time
@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 12, 31)))  # noqa: DTZ001 - wall times
def test_every_wall_time_comes_back_but_those_of_the_gap(local: datetime) -> None:
    in_march_after_two = (local.month, local.hour) == (3, 2)
    try:
        back = to_utc(local, PACIFIC).astimezone(PACIFIC).replace(tzinfo=None)
    except NonexistentTime as error:
        back = (
            local
            if in_march_after_two and error.after == local.replace(hour=3, minute=0, second=0, microsecond=0)
            else None
        )

    assert back == local
