# SPDX-License-Identifier: AGPL-3.0-or-later
"""The cases that break calendars, read back by programs that share no code with the one that wrote them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import icalendar
import pytest
from dateutil import tz
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from plugins.calendar_lines import LINE_LIMIT
from plugins.calendar_rules import CalendarKind, lint
from schedule.calendar_text import unfit_for_calendar
from schedule.event_lines import folded
from schedule.feeds import TIMEZONE, feed
from schedule.invitations import event_bytes
from schedule.model import Language, Period, Session
from tests.support.calendars import (
    english,
    header,
    in_feed,
    lines,
    plain_feed,
    strict_instants,
    strictly_read,
    vobject_instants,
    vobject_read,
)
from tests.support.constants import PACIFIC, SITE_URL
from tests.support.schedules import all_day, at, cancelled, noted, revised, session, timed, titled

READERS = pytest.mark.parametrize("read", [strict_instants, vobject_instants])
Read = Callable[[bytes], list[tuple[str, datetime, datetime]]]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@READERS
@pytest.mark.parametrize(
    ("period", "start", "end", "length"),
    [
        (
            timed("2026-11-01 00:30", "2026-11-01 03:00"),
            utc("2026-11-01 07:30"),
            utc("2026-11-01 11:00"),
            timedelta(hours=3, minutes=30),
        ),
        (
            timed("2026-03-08 01:00", "2026-03-08 04:00"),
            utc("2026-03-08 09:00"),
            utc("2026-03-08 11:00"),
            timedelta(hours=2),
        ),
    ],
    ids=["fall back", "spring forward"],
)
def test_a_session_across_a_change_of_clocks_keeps_its_instants(
    read: Read, period: Period, start: datetime, end: datetime, length: timedelta
) -> None:
    data = in_feed(session("night", period))

    assert read(data) == [("night@msix-trainings", start, end)]
    assert period.length == length
    assert lint(data, CalendarKind.FEED) == []


@READERS
@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-01 07:30", "2026-11-01 08:30"),
        ("2026-11-01 07:30", "2026-11-01 09:30"),
        ("2026-11-01 08:30", "2026-11-01 11:00"),
        ("2026-11-01 09:30", "2026-11-01 11:00"),
    ],
    ids=["ends the first time", "ends the second time", "starts the first time", "starts the second time"],
)
def test_a_session_with_an_end_in_the_hour_that_comes_twice_keeps_its_instants(
    read: Read, start: str, end: str
) -> None:
    data = in_feed(session("night", Period(utc(start), utc(end), PACIFIC)))

    assert read(data) == [("night@msix-trainings", utc(start), utc(end))]
    # Programs do not agree which of the two a local time means.
    assert lines(data, "DTSTART", "DTEND")[-2:] == [
        f"DTSTART:{utc(start):%Y%m%dT%H%M%SZ}",
        f"DTEND:{utc(end):%Y%m%dT%H%M%SZ}",
    ]
    assert lint(data, CalendarKind.FEED) == []


@READERS
def test_a_moved_session_keeps_its_uid_and_grows_in_sequence_and_stamps(read: Read) -> None:
    before = session()
    after = revised(before, period=timed("2026-12-04 14:00", "2026-12-04 15:30"))

    assert read(in_feed(before)) == [
        ("2026-12-03-overview@msix-trainings", utc("2026-12-03 18:00"), utc("2026-12-03 19:30"))
    ]
    assert read(in_feed(after)) == [
        ("2026-12-03-overview@msix-trainings", utc("2026-12-04 22:00"), utc("2026-12-04 23:30"))
    ]
    stamps = ("SEQUENCE", "DTSTAMP", "LAST-MODIFIED")
    assert lines(in_feed(before), *stamps) == [
        "DTSTAMP:20260901T173000Z",
        "SEQUENCE:3",
        "LAST-MODIFIED:20260901T173000Z",
    ]
    assert lines(in_feed(after), *stamps) == [
        "DTSTAMP:20260901T183000Z",
        "SEQUENCE:4",
        "LAST-MODIFIED:20260901T183000Z",
    ]


def test_a_session_is_cancelled_and_then_removed_while_its_neighbour_stays_the_same() -> None:
    first = session("first")
    second = session("second", timed("2026-12-05 10:00", "2026-12-05 11:00"))
    before, stopped, removed = in_feed(first, second), in_feed(cancelled(first), second), in_feed(second)

    def told(data: bytes) -> list[tuple[str, str, str]]:
        return [(one.uid, one.summary, one.status) for one in strictly_read(data).events]

    kept = ("second@msix-trainings", "MSIX overview", "CONFIRMED")
    assert told(before) == [("first@msix-trainings", "MSIX overview", "CONFIRMED"), kept]
    assert told(stopped) == [("first@msix-trainings", "Canceled: MSIX overview", "CANCELLED"), kept]
    assert told(removed) == [kept]
    unchanged = event_bytes(second, Language.ENGLISH, SITE_URL, english)
    assert [data.count(unchanged) for data in (before, stopped, removed)] == [1, 1, 1]
    assert [lint(data, CalendarKind.FEED) for data in (before, stopped, removed)] == [[], [], []]


@READERS
def test_a_weekly_series_with_an_exception_and_a_move_is_exactly_its_four_sessions(read: Read) -> None:
    starts = ["2026-10-21 09:00", "2026-10-28 09:00", "2026-11-04 14:00", "2026-11-18 09:00"]
    sessions = [
        session(f"cafe-{start[:10]}", Period(at(start), at(start) + timedelta(hours=1), PACIFIC))
        for start in starts
    ]
    data = in_feed(*sessions)

    assert [(uid.partition("@")[0], start) for uid, start, _ in read(data)] == [
        ("cafe-2026-10-21", utc("2026-10-21 16:00")),
        ("cafe-2026-10-28", utc("2026-10-28 16:00")),
        ("cafe-2026-11-04", utc("2026-11-04 22:00")),
        ("cafe-2026-11-18", utc("2026-11-18 17:00")),
    ]
    assert len(lines(TIMEZONE, "RRULE")) == len(lines(data, "RRULE"))
    assert lint(data, CalendarKind.FEED) == []


@pytest.mark.parametrize("length", range(60, 81))
def test_lines_are_folded_between_characters_and_within_75_octets(length: int) -> None:
    title = "k" * length + "ñ€👩🏽‍💻"
    data = in_feed(titled(title))

    assert max(len(line) for line in data.split(b"\r\n")) <= LINE_LIMIT
    assert lint(data, CalendarKind.FEED) == []
    assert strictly_read(data).events[0].summary == title
    assert vobject_read(data).vevent.summary.value == title


@given(
    st.text(st.sampled_from("a\\\\^ñ€👩🏽‍💻 ,"), max_size=300)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=300)
)
@example("a" * 74)
@example("a" * 75)
@example("a" * 149)
@example("a" * 72 + "ñ" * 75)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_lines_are_folded_exactly_as_icalendar_folds_them(line: str) -> None:
    assert folded(line) == icalendar.parser.Contentline(line).to_ical()


TEXTS = [
    "a,b;c\\d",
    "one\nanother",
    "ends in \\",
    "C:\\new",
    "\\\\n",
    "x\\,y\\;z",
    " tab\there ",
    "^n ^' ^^",
    '"',
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_with_signs_that_need_an_escape_comes_back_whole(text: str) -> None:
    data = in_feed(titled(text, note=noted(text)))

    strict, loose = strictly_read(data).events[0], vobject_read(data).vevent
    assert (strict.summary, loose.summary.value) == (text, text)
    assert strict.description == loose.description.value
    assert strict.description.startswith(f"{text}\n\n")
    assert f"\n\n{text}\n\n" in strict.description
    assert lint(data, CalendarKind.FEED) == []


def test_a_category_with_a_comma_is_one_category() -> None:
    data = in_feed(titled("x,y"))

    assert lines(data, "CATEGORIES") == ["CATEGORIES:x\\,y,Spanish,Online,For staff"]
    assert vobject_read(data).vevent.categories.value == ["x,y", "Spanish", "Online", "For staff"]


@given(st.text(max_size=200).filter(lambda text: unfit_for_calendar(text) is None))
@example("a" * 74 + "\\")
@example("\\" * 200)
@example("👩🏽‍💻" * 40)
@settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.filter_too_much]
)
def test_every_fit_text_comes_back_whole(text: str) -> None:
    data = in_feed(titled(text))

    assert strictly_read(data).events[0].summary == text
    assert vobject_read(data).vevent.summary.value == text
    assert lint(data, CalendarKind.FEED) == []


@pytest.mark.parametrize("number_of_sessions", [250, pytest.param(5_000, marks=pytest.mark.long)])
def test_many_sessions_are_the_bytes_of_the_plain_way(number_of_sessions: int) -> None:
    first = at("2026-12-01 09:00")
    sessions: list[Session] = []
    for number in range(number_of_sessions):
        start = first + timedelta(hours=number)
        sessions.append(session(f"s-{number:04}", Period(start, start + timedelta(minutes=50), PACIFIC)))
    data = in_feed(*sessions)

    assert data == plain_feed("MSIX trainings", sessions, Language.ENGLISH)
    assert lint(data, CalendarKind.FEED) == []


def test_a_feed_without_sessions_carries_the_time_zone_alone() -> None:
    data = feed(header(), [])

    assert (
        data
        == header() + TIMEZONE + b"END:VCALENDAR\r\n"
        == plain_feed("MSIX trainings", [], Language.ENGLISH)
    )
    assert strictly_read(data).events == []
    assert [component.name for component in vobject_read(data).components()] == ["VTIMEZONE"]
    assert lint(data, CalendarKind.FEED) == []


@READERS
def test_a_session_across_midnight_in_utc_is_one_event_on_its_day(read: Read) -> None:
    data = in_feed(session("late", timed("2026-12-08 15:00", "2026-12-08 17:30")))

    assert read(data) == [("late@msix-trainings", utc("2026-12-08 23:00"), utc("2026-12-09 01:30"))]
    assert lines(data, "DTSTART", "DTEND")[-2:] == [
        "DTSTART;TZID=America/Los_Angeles:20261208T150000",
        "DTEND;TZID=America/Los_Angeles:20261208T173000",
    ]


def test_an_all_day_session_has_dates_and_an_exclusive_end() -> None:
    data = in_feed(session("fair", all_day("2026-12-10", "2026-12-11")))

    assert lines(data, "DTSTART", "DTEND")[-2:] == [
        "DTSTART;VALUE=DATE:20261210",
        "DTEND;VALUE=DATE:20261212",
    ]
    strict, loose = strictly_read(data).events[0], vobject_read(data).vevent
    assert (strict.dtstart, strict.dtend) == (date(2026, 12, 10), date(2026, 12, 12))
    assert (loose.dtstart.value, loose.dtend.value) == (date(2026, 12, 10), date(2026, 12, 12))
    assert lint(data, CalendarKind.FEED) == []


def test_the_time_zone_agrees_with_the_tz_database_on_every_day_from_2007_to_2040() -> None:
    defined = tz.tzical(StringIO(TIMEZONE.decode())).get("America/Los_Angeles")
    noon = datetime(2007, 3, 12, 12)  # noqa: DTZ001 - a wall time, put into both zones below

    days = [noon + timedelta(days=number) for number in range(365 * 33)]
    assert [day.replace(tzinfo=defined).utcoffset() for day in days] == [
        day.replace(tzinfo=PACIFIC).utcoffset() for day in days
    ]
