# SPDX-License-Identifier: AGPL-3.0-or-later
"""Dates, times, durations and telephone numbers in words, as a reader of each language says them.

Names of days and months, date patterns and lists come from CLDR (Babel); what CLDR lacks, as the words
around a range of times, stands here. All results are plain text with ordinary spaces.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale, dates, lists

from schedule.model import Language, Period, Phone, Session, WordedSession

# The patterns follow CLDR's own "full", "long" and "yMMMEd" with the year where we want it.
_DAY = {Language.ENGLISH: "EEEE, MMMM d, y", Language.SPANISH: "EEEE, d 'de' MMMM 'de' y"}
_DAY_IN_YEAR = {Language.ENGLISH: "EEEE, MMMM d", Language.SPANISH: "EEEE, d 'de' MMMM"}
_SHORT_DAY = {Language.ENGLISH: "EEE, MMM d", Language.SPANISH: "EEE, d 'de' MMM"}
_MONTH = {Language.ENGLISH: "MMMM y", Language.SPANISH: "MMMM 'de' y"}
_DAY_OF_MONTH = {Language.ENGLISH: "MMM d", Language.SPANISH: "d 'de' MMM"}
_ALL_DAY = {Language.ENGLISH: "all day", Language.SPANISH: "todo el día"}
_EXTENSION = {Language.ENGLISH: "extension", Language.SPANISH: "extensión"}
# CLDR's English has "AM"; plain-language guides for California's public prefer "a.m.".
_HALVES = {Language.ENGLISH: ("a.m.", "p.m."), Language.SPANISH: ("a. m.", "p. m.")}
_HOURS = {Language.ENGLISH: ("hour", "hours"), Language.SPANISH: ("hora", "horas")}
_MINUTES = {Language.ENGLISH: ("minute", "minutes"), Language.SPANISH: ("minuto", "minutos")}
# "Ana e Inés", "Ana e Hilda", but "Ana y Hiedra"; CLDR's pattern leaves this to the program, as ICU does.
_SOUNDS_LIKE_Y = re.compile(r"[ií]|h[ií](?![ae])", re.IGNORECASE)


def worded(session: Session, language: Language) -> WordedSession:
    """Put a session in words; `language` there is the name of the one in which the session is held."""
    period = session.period
    return WordedSession(
        title=session.training.title.text(language),
        when=when(period, language),
        day=days(period, language),
        day_in_year=days_in_year(period, language),
        short_day=short_days(period, language),
        time=time_range(period, language),
        short_time=short_time(period, language),
        tile=tile(period, language),
        duration="" if period.all_day or period.several_days else duration(period.length, language),
        language=language_name(session.language, language),
        closes=instant(session.registration_closes, period.zone, language),
        trainers=all_of([trainer.name.text(language) for trainer in session.trainers], language),
    )


@cache
def locale(language: Language) -> Locale:
    """Return the CLDR locale whose conventions we follow: both languages as written in the United States."""
    return Locale(language.value, "US")


@lru_cache(maxsize=20_000)
def _formatted(day: date, pattern: str, language: Language) -> str:
    return dates.format_date(day, pattern, locale=locale(language))


def day(when: date, language: Language) -> str:
    """Return "Tuesday, January 12, 2027"."""
    return _formatted(when, _DAY[language], language)


def day_in_year(when: date, language: Language) -> str:
    """Return "Tuesday, January 12", for places where the year is clear."""
    return _formatted(when, _DAY_IN_YEAR[language], language)


def short_day(when: date, language: Language) -> str:
    """Return "Tue, Jan 12"."""
    return _formatted(when, _SHORT_DAY[language], language)


def month(when: date, language: Language) -> str:
    """Return "January 2027", as a heading: with a capital in both languages."""
    text = _formatted(when.replace(day=1), _MONTH[language], language)
    return text[0].upper() + text[1:]


def short_month(when: date, language: Language) -> str:
    """Return "Jan"."""
    return _formatted(when.replace(day=1), "LLL", language).rstrip(".")


@cache
def weekdays(language: Language, width: Literal["wide", "narrow"] = "wide") -> tuple[str, ...]:
    """Return the seven days' names, from Sunday on, as calendars in the United States begin."""
    names = dates.get_day_names(width, "stand-alone", locale(language))
    return tuple(names[number] for number in (6, 0, 1, 2, 3, 4, 5))


@cache
def zone_name(zone: ZoneInfo, language: Language) -> str:
    """Return "Pacific time" or "hora del Pacífico", whatever the season."""
    name = dates.get_timezone_name(zone, width="long", zone_variant="generic", locale=locale(language))
    return name.replace(" Time", " time")


@lru_cache(maxsize=20_000)
def clock(when: time, language: Language) -> str:
    """Return "3:00 p.m."."""
    return f"{_figures(when)} {_half(when, language)}"


def time_range(period: Period, language: Language) -> str:
    """Return "3:00 to 4:30 p.m. Pacific time", or "all day"; the days stand elsewhere."""
    if period.all_day:
        return _ALL_DAY[language]
    start, end = period.local_start.time(), period.local_end.time()
    if not period.several_days:
        words = _time_range(start, end, language)
    elif language is Language.ENGLISH:
        words = f"{clock(start, language)} on the first day to {clock(end, language)} on the last,"
    else:
        words = f"de las {clock(start, language)} del primer día a las {clock(end, language)} del último"
    return _join_zone(words, period.zone, language)


def short_time(period: Period, language: Language) -> str:
    """Return "3:00–4:30 p.m.", "all day", or "Dec 9, 10:00 a.m. – Dec 11, 3:00 p.m."."""
    start, end = period.local_start, period.local_end
    if period.several_days:
        last = period.last_day if period.all_day else end.date()
        first_words, last_words = (
            _formatted(one, _DAY_OF_MONTH[language], language) for one in (period.first_day, last)
        )
        if period.all_day:
            return f"{first_words} – {last_words}, {_ALL_DAY[language]}"
        return f"{first_words}, {clock(start.time(), language)} – {last_words}, {clock(end.time(), language)}"
    if period.all_day:
        return _ALL_DAY[language]
    if (start.hour >= 12) is (end.hour >= 12):
        return f"{_figures(start.time())}–{clock(end.time(), language)}"
    return f"{clock(start.time(), language)} – {clock(end.time(), language)}"


def tile(period: Period, language: Language) -> tuple[str, str, str]:
    """Return ("Dec", "3", "Thu"), or ("Jan–Feb", "31–1", "Sun–Mon") for several days."""
    ends = (period.first_day, period.last_day) if period.several_days else (period.first_day,)
    months, numbers, weekdays = (
        [_formatted(one, pattern, language).rstrip(".") for one in ends] for pattern in ("MMM", "d", "EEE")
    )
    return "–".join(dict.fromkeys(months)), "–".join(numbers), "–".join(weekdays)


def days(period: Period, language: Language) -> str:
    """Return the day, or the first and the last: "Thursday, December 10, to Friday, December 11, 2026"."""
    first, last = period.first_day, period.last_day
    if not period.several_days:
        return day(first, language)
    start = day_in_year(first, language) if first.year == last.year else day(first, language)
    return _from_to(start, day(last, language), language)


def days_in_year(period: Period, language: Language) -> str:
    """Return "Thursday, December 10", or "Thursday, December 10, to Friday, December 11"."""
    first, last = day_in_year(period.first_day, language), day_in_year(period.last_day, language)
    return _from_to(first, last, language) if period.several_days else first


def short_days(period: Period, language: Language) -> str:
    """Return "Thu, Dec 10", or "Thu, Dec 10 – Fri, Dec 11"."""
    first, last = short_day(period.first_day, language), short_day(period.last_day, language)
    return f"{first} – {last}" if period.several_days else first


def when(period: Period, language: Language) -> str:
    """Return a whole period: "Tuesday, January 12, 2027, 3:00 to 4:30 p.m. Pacific time"."""
    first, last = period.first_day, period.last_day
    if first == last:
        return f"{day(first, language)}, {time_range(period, language)}"
    if period.all_day:
        return f"{days(period, language)}, {_ALL_DAY[language]}"
    start = f"{day(first, language)}, {clock(period.local_start.time(), language)}"
    end = f"{day(period.local_end.date(), language)}, {clock(period.local_end.time(), language)}"
    words = f"{start}, to {end}" if language is Language.ENGLISH else f"del {start}, al {end}"
    return _join_zone(words, period.zone, language)


def instant(moment: datetime, zone: ZoneInfo, language: Language) -> str:
    """Return an instant: "Tuesday, January 12, 2027, 3:00 p.m. Pacific time"."""
    local = moment.astimezone(zone)
    return _join_zone(f"{day(local.date(), language)}, {clock(local.time(), language)}", zone, language)


def short_instant(moment: datetime, zone: ZoneInfo, language: Language) -> str:
    """Return "Jan 12, 3:00 p.m.", for lists of what has just happened: without year and zone."""
    local = moment.astimezone(zone)
    return f"{_formatted(local.date(), _DAY_OF_MONTH[language], language)}, {clock(local.time(), language)}"


def duration(length: timedelta, language: Language) -> str:
    """Return "1 hour 30 minutes"; whole minutes, nothing below."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    parts = []
    if hours:
        parts.append(f"{hours} {_HOURS[language][hours != 1]}")
    if minutes or not hours:
        parts.append(f"{minutes} {_MINUTES[language][minutes != 1]}")
    return " ".join(parts) if language is Language.ENGLISH else " y ".join(parts)


def phone(number: Phone, language: Language) -> str:
    """Return "(530) 666-1977, extension 8"."""
    if number.extension is None:
        return number.display
    return f"{number.display}, {_EXTENSION[language]} {number.extension}"


@cache
def language_name(named: Language, language: Language) -> str:
    """Return the name of a language in a language: "Spanish", "inglés"."""
    name = locale(language).languages[named.value]
    return str(name)


def all_of(items: Sequence[str], language: Language) -> str:
    """Return "a, b, and c", or "a, b y c"; in Spanish "e" where the last one sounds like another "y"."""
    text = lists.format_list(list(items), locale=locale(language))
    if language is Language.SPANISH and len(items) > 1 and _SOUNDS_LIKE_Y.match(items[-1]):
        text = text.removesuffix(f" y {items[-1]}") + f" e {items[-1]}"
    return text


def _figures(when: time) -> str:
    return f"{(when.hour - 1) % 12 + 1}:{when.minute:02}"


def _half(when: time, language: Language) -> str:
    return _HALVES[language][when.hour >= 12]


def _time_range(start: time, end: time, language: Language) -> str:
    same_half = (start.hour >= 12) is (end.hour >= 12)
    first = _figures(start) if same_half else clock(start, language)
    if language is Language.ENGLISH:
        return f"{first} to {clock(end, language)}"
    return f"de {first} a {clock(end, language)}"


def _from_to(first: str, last: str, language: Language) -> str:
    return f"{first}, to {last}" if language is Language.ENGLISH else f"del {first} al {last}"


def _join_zone(words: str, zone: ZoneInfo, language: Language) -> str:
    separator = " " if language is Language.ENGLISH else ", "
    return f"{words}{separator}{zone_name(zone, language)}"
