# SPDX-License-Identifier: AGPL-3.0-or-later
"""Dates, times and durations as a reader of each language says them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedule import wording
from schedule.model import LANGUAGES, Language, Period, Phone
from schedule.walltime import midnight, to_utc
from tests.support.constants import PACIFIC
from tests.support.schedules import session as a_session

EN, ES = Language.ENGLISH, Language.SPANISH
ENGLISH_NAMES = re.compile(
    r"\b(January|February|March|April|June|July|August|September|October|November|December"
    r"|\w+day|Jan|Apr|Aug|Dec|to|time|all day|hours?|minutes?)\b"
)


def timed(start: str, end: str) -> Period:
    first, last = (to_utc(datetime.fromisoformat(text), PACIFIC) for text in (start, end))
    return Period(first, last, PACIFIC)


def whole_days(first: str, last: str) -> Period:
    end = midnight(date.fromisoformat(last) + timedelta(days=1), PACIFIC)
    return Period(midnight(date.fromisoformat(first), PACIFIC), end, PACIFIC, all_day=True)


@pytest.mark.parametrize(
    ("period", "english", "spanish"),
    [
        pytest.param(
            timed("2027-01-12 15:00", "2027-01-12 16:30"),
            "Tuesday, January 12, 2027, 3:00 to 4:30 p.m. Pacific time",
            "martes, 12 de enero de 2027, de 3:00 a 4:30 p. m., hora del Pacífico",
            id="one half of the day",
        ),
        pytest.param(
            timed("2026-07-01 10:00", "2026-07-01 12:30"),
            "Wednesday, July 1, 2026, 10:00 a.m. to 12:30 p.m. Pacific time",
            "miércoles, 1 de julio de 2026, de 10:00 a. m. a 12:30 p. m., hora del Pacífico",
            id="across noon",
        ),
        pytest.param(
            timed("2026-12-31 22:00", "2027-01-01 00:30"),
            "Thursday, December 31, 2026, 10:00 p.m., to Friday, January 1, 2027, 12:30 a.m. Pacific time",
            "del jueves, 31 de diciembre de 2026, 10:00 p. m., al viernes, 1 de enero de 2027, 12:30 a. m., "
            "hora del Pacífico",
            id="across midnight",
        ),
        pytest.param(
            timed("2026-11-01 00:30", "2026-11-01 03:00"),
            "Sunday, November 1, 2026, 12:30 to 3:00 a.m. Pacific time",
            "domingo, 1 de noviembre de 2026, de 12:30 a 3:00 a. m., hora del Pacífico",
            id="clocks go back",
        ),
        pytest.param(
            whole_days("2027-01-28", "2027-01-28"),
            "Thursday, January 28, 2027, all day",
            "jueves, 28 de enero de 2027, todo el día",
            id="a whole day",
        ),
        pytest.param(
            whole_days("2026-12-10", "2026-12-11"),
            "Thursday, December 10, to Friday, December 11, 2026, all day",
            "del jueves, 10 de diciembre al viernes, 11 de diciembre de 2026, todo el día",
            id="whole days",
        ),
        pytest.param(
            whole_days("2026-12-31", "2027-01-01"),
            "Thursday, December 31, 2026, to Friday, January 1, 2027, all day",
            "del jueves, 31 de diciembre de 2026 al viernes, 1 de enero de 2027, todo el día",
            id="whole days of two years",
        ),
    ],
)
def test_a_period_in_words(period: Period, english: str, spanish: str) -> None:
    assert wording.when(period, EN) == english
    assert wording.when(period, ES) == spanish


@pytest.mark.parametrize(
    ("period", "english", "spanish"),
    [
        (
            timed("2027-01-12 15:00", "2027-01-12 16:30"),
            ("Tuesday, January 12, 2027", "3:00 to 4:30 p.m. Pacific time"),
            ("martes, 12 de enero de 2027", "de 3:00 a 4:30 p. m., hora del Pacífico"),
        ),
        (
            whole_days("2026-12-10", "2026-12-11"),
            ("Thursday, December 10, to Friday, December 11, 2026", "all day"),
            ("del jueves, 10 de diciembre al viernes, 11 de diciembre de 2026", "todo el día"),
        ),
    ],
)
def test_days_and_times_apart(period: Period, english: tuple[str, str], spanish: tuple[str, str]) -> None:
    assert (wording.days(period, EN), wording.time_range(period, EN)) == english
    assert (wording.days(period, ES), wording.time_range(period, ES)) == spanish


ON_ONE_DAY = timed("2027-01-12 15:00", "2027-01-12 16:30")
ACROSS_NOON = timed("2027-01-12 10:00", "2027-01-12 12:30")
TWO_DAYS = whole_days("2027-02-24", "2027-02-25")
THREE_DAYS = timed("2026-12-09 10:00", "2026-12-11 15:00")
TWO_YEARS = whole_days("2026-12-31", "2027-01-01")


@pytest.mark.parametrize(
    ("period", "english", "spanish"),
    [
        (ON_ONE_DAY, ("Jan", "12", "Tue"), ("ene", "12", "mar")),
        (TWO_DAYS, ("Feb", "24–25", "Wed–Thu"), ("feb", "24–25", "mié–jue")),
        (TWO_YEARS, ("Dec–Jan", "31–1", "Thu–Fri"), ("dic–ene", "31–1", "jue–vie")),
        (
            whole_days("2027-01-05", "2027-02-05"),
            ("Jan–Feb", "5–5", "Tue–Fri"),
            ("ene–feb", "5–5", "mar–vie"),
        ),
    ],
)
def test_a_tile_says_from_where_to_where(
    period: Period, english: tuple[str, str, str], spanish: tuple[str, str, str]
) -> None:
    assert wording.tile(period, EN) == english
    assert wording.tile(period, ES) == spanish


@pytest.mark.parametrize(
    ("period", "english", "spanish"),
    [
        (ON_ONE_DAY, "3:00–4:30 p.m.", "3:00–4:30 p. m."),
        (ACROSS_NOON, "10:00 a.m. – 12:30 p.m.", "10:00 a. m. – 12:30 p. m."),
        (TWO_DAYS, "Feb 24 – Feb 25, all day", "24 de feb – 25 de feb, todo el día"),
        (
            THREE_DAYS,
            "Dec 9, 10:00 a.m. – Dec 11, 3:00 p.m.",
            "9 de dic, 10:00 a. m. – 11 de dic, 3:00 p. m.",
        ),
        (
            timed("2026-12-09 22:00", "2026-12-11 00:00"),
            "Dec 9, 10:00 p.m. – Dec 11, 12:00 a.m.",
            "9 de dic, 10:00 p. m. – 11 de dic, 12:00 a. m.",
        ),
    ],
)
def test_a_time_in_a_list(period: Period, english: str, spanish: str) -> None:
    assert wording.short_time(period, EN) == english
    assert wording.short_time(period, ES) == spanish


def test_a_session_over_several_days_has_both_days_in_each_length_and_no_length_in_hours() -> None:
    session = a_session(period=THREE_DAYS)
    words = {language: wording.worded(session, language) for language in LANGUAGES}

    assert [
        (one.when, one.day, one.day_in_year, one.short_day, one.time, one.duration) for one in words.values()
    ] == [
        (
            "Wednesday, December 9, 2026, 10:00 a.m., to Friday, December 11, 2026, 3:00 p.m. Pacific time",
            "Wednesday, December 9, to Friday, December 11, 2026",
            "Wednesday, December 9, to Friday, December 11",
            "Wed, Dec 9 – Fri, Dec 11",
            "10:00 a.m. on the first day to 3:00 p.m. on the last, Pacific time",
            "",
        ),
        (
            (
                "del miércoles, 9 de diciembre de 2026, 10:00 a. m., al viernes, 11 de diciembre de 2026, 3:00 p. m., "
                "hora del Pacífico"
            ),
            "del miércoles, 9 de diciembre al viernes, 11 de diciembre de 2026",
            "del miércoles, 9 de diciembre al viernes, 11 de diciembre",
            "mié, 9 de dic – vie, 11 de dic",
            "de las 10:00 a. m. del primer día a las 3:00 p. m. del último, hora del Pacífico",
            "",
        ),
    ]


def test_an_instant_in_words() -> None:
    moment = datetime(2026, 12, 2, 1, 0, tzinfo=UTC)

    assert wording.instant(moment, PACIFIC, EN) == "Tuesday, December 1, 2026, 5:00 p.m. Pacific time"
    assert (
        wording.instant(moment, PACIFIC, ES)
        == "martes, 1 de diciembre de 2026, 5:00 p. m., hora del Pacífico"
    )


def test_a_day_in_several_lengths() -> None:
    when = date(2027, 1, 12)

    assert [
        form(when, EN) for form in (wording.day, wording.day_in_year, wording.short_day, wording.month)
    ] == [
        "Tuesday, January 12, 2027",
        "Tuesday, January 12",
        "Tue, Jan 12",
        "January 2027",
    ]
    assert [
        form(when, ES) for form in (wording.day, wording.day_in_year, wording.short_day, wording.month)
    ] == [
        "martes, 12 de enero de 2027",
        "martes, 12 de enero",
        "mar, 12 de ene",
        "Enero de 2027",
    ]


def test_the_week_begins_on_sunday() -> None:
    assert wording.weekdays(EN) == (
        "Sunday",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
    )
    assert wording.weekdays(ES, "abbreviated") == ("dom", "lun", "mar", "mié", "jue", "vie", "sáb")


@pytest.mark.parametrize(
    ("when", "english", "spanish"),
    [
        (time(0, 0), "12:00 a.m.", "12:00 a. m."),
        (time(0, 5), "12:05 a.m.", "12:05 a. m."),
        (time(11, 59), "11:59 a.m.", "11:59 a. m."),
        (time(12, 0), "12:00 p.m.", "12:00 p. m."),
        (time(13, 0), "1:00 p.m.", "1:00 p. m."),
    ],
)
def test_the_clock_has_twelve_hours(when: time, english: str, spanish: str) -> None:
    assert (wording.clock(when, EN), wording.clock(when, ES)) == (english, spanish)


@pytest.mark.parametrize(
    ("minutes", "english", "spanish"),
    [
        (0, "0 minutes", "0 minutos"),
        (1, "1 minute", "1 minuto"),
        (45, "45 minutes", "45 minutos"),
        (60, "1 hour", "1 hora"),
        (90, "1 hour 30 minutes", "1 hora y 30 minutos"),
        (121, "2 hours 1 minute", "2 horas y 1 minuto"),
        (24 * 60, "24 hours", "24 horas"),
    ],
)
def test_a_duration_in_words(minutes: int, english: str, spanish: str) -> None:
    length = timedelta(minutes=minutes)

    assert (wording.duration(length, EN), wording.duration(length, ES)) == (english, spanish)


def test_a_telephone_number_in_words() -> None:
    number = Phone("(530) 666-1977", "+15306661977", "8")

    assert wording.phone(number, EN) == "(530) 666-1977, extension 8"
    assert wording.phone(number, ES) == "(530) 666-1977, extensión 8"
    assert wording.phone(Phone("(530) 666-1977", "+15306661977"), ES) == "(530) 666-1977"


def test_each_language_has_a_name_in_each() -> None:
    assert {
        (named, reader): wording.language_name(named, reader) for named in LANGUAGES for reader in LANGUAGES
    } == {
        (EN, EN): "English",
        (EN, ES): "inglés",
        (ES, EN): "Spanish",
        (ES, ES): "español",
    }


@pytest.mark.parametrize(
    ("items", "english", "spanish"),
    [
        (["Ana"], "Ana", "Ana"),
        (["Inés"], "Inés", "Inés"),
        (["Ana", "Ben"], "Ana and Ben", "Ana y Ben"),
        (["Ana", "Ben", "Eva"], "Ana, Ben, and Eva", "Ana, Ben y Eva"),
        (["Ana", "Ben", "Inés"], "Ana, Ben, and Inés", "Ana, Ben e Inés"),
        (["Ana", "Hilda"], "Ana and Hilda", "Ana e Hilda"),
        (["Ana", "Yecenia"], "Ana and Yecenia", "Ana y Yecenia"),
    ],
)
def test_a_list_in_words(items: list[str], english: str, spanish: str) -> None:
    assert (wording.all_of(items, EN), wording.all_of(items, ES)) == (english, spanish)


def test_the_zone_has_one_name_in_summer_and_in_winter() -> None:
    assert (wording.zone_name(PACIFIC, EN), wording.zone_name(PACIFIC, ES)) == (
        "Pacific time",
        "hora del Pacífico",
    )


instants = st.datetimes(datetime(2020, 1, 2), datetime(2040, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 - zones are drawn apart
lengths = st.integers(1, 100_000)
days_ = st.dates(date(2020, 1, 1), date(2040, 12, 20))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    if draw(st.booleans()):
        first = draw(days_)
        last = first + timedelta(days=draw(st.integers(0, 10)))
        return whole_days(f"{first}", f"{last}")
    start = draw(instants).replace(second=0, microsecond=0)
    return Period(start, start + timedelta(minutes=draw(lengths)), PACIFIC)


@settings(deadline=None)
@given(periods())
def test_the_words_of_every_period_name_its_years(period: Period) -> None:
    for language in LANGUAGES:
        for words in (wording.when(period, language), wording.days(period, language)):
            assert f"{period.first_day.year}" in words
            assert f"{period.last_day.year}" in words


@settings(deadline=None)
@given(periods(), st.sampled_from(LANGUAGES))
def test_all_words_are_plain_text_with_single_ordinary_spaces(period: Period, language: Language) -> None:
    words = (
        wording.when(period, language),
        wording.days(period, language),
        wording.time_range(period, language),
        wording.duration(period.length, language),
        wording.instant(period.start, PACIFIC, language),
        wording.short_day(period.first_day, language),
        wording.month(period.first_day, language),
    )

    assert [" ".join(text.split()) for text in words] == list(words)


@settings(deadline=None)
@given(periods())
def test_no_english_stands_in_spanish_words(period: Period) -> None:
    words = (
        wording.when(period, ES),
        wording.duration(period.length, ES),
        wording.short_day(period.first_day, ES),
        wording.month(period.first_day, ES),
    )

    assert [ENGLISH_NAMES.findall(text) for text in words] == [[], [], [], []]


@settings(deadline=None)
@given(st.integers(1, 100_000))
def test_a_duration_says_how_long_it_is(minutes: int) -> None:
    figures = [int(figure) for figure in re.findall(r"\d+", wording.duration(timedelta(minutes=minutes), EN))]
    hours = minutes // 60

    assert figures == [part for part in (hours, minutes % 60) if part]
