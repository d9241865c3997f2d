# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a session is, and until when one may sign up: the keys, and what they mean together."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from plugins.trainings import values
from plugins.trainings.fields import Fields
from plugins.trainings.guesses import meant_closing
from plugins.trainings.keys import ContentKey, Words, optional, required
from plugins.trainings.problems import BadValue
from schedule.model import Period
from schedule.walltime import NonexistentTime, is_ambiguous, midnight, to_utc

LONGEST = timedelta(days=31)
"""What takes longer is a slip in a date or a number."""
EARLIEST = timedelta(days=366)

_BEFORE = re.compile(r"(\d{1,4}|one|a|an) (minute|hour|day|week)s? before(?: (?:the )?start)?", re.IGNORECASE)


def _closing_time(value: str) -> timedelta | datetime:
    before = _BEFORE.fullmatch(values.plain(value))
    if before:
        number = int(before[1]) if before[1].isdecimal() else 1
        return timedelta(**{f"{before[2].lower()}s": number})
    try:
        given = values.wall_time(value)
    except values.NoTime as bad:
        meant = meant_closing(values.plain(value))
        hint = 'as in "{key}: 2026-12-01 17:00", or "{key}: 1 day before"'
        raise BadValue(bad.message, f'write "{{key}}: {meant}"' if meant else hint) from bad
    if not isinstance(given, datetime):
        raise BadValue(f'"{value}" has no time', f'as in "{{key}}: {given} 17:00"')
    return given


START = required(
    "Start",
    values.DATE_AND_TIME,
    en=Words("Start", "When it begins, on the clock in California. Without a time, it takes the whole day."),
    es=Words("Inicio", "Cuándo empieza, según la hora de California. Sin hora, dura todo el día."),
)
DURATION = optional(
    "Duration",
    values.MINUTES,
    en=Words("Length in minutes", "How long it takes. Give this or the end, not both."),
    es=Words("Duración en minutos", "Cuánto dura. Indique la duración o el fin, no los dos."),
)
END = optional(
    "End",
    values.DATE_AND_TIME,
    en=Words("End", "When it ends. For whole days, the last one; a single whole day needs no end."),
    es=Words("Fin", "Cuándo termina. Si son días enteros, el último; si es uno solo, no hace falta."),
)
REGISTRATION_CLOSES = optional(
    "Registration-Closes",
    values.ValueKind(
        values.Form.CLOSING_TIME,
        "`2026-12-01 17:00`, or `1 day before` (also minutes, hours, weeks)",
        _closing_time,
        example="2026-12-01 17:00",
    ),
    en=Words("Last moment to sign up", "If you leave it out, people can sign up until the session starts."),
    es=Words(
        "Cierre de inscripciones",
        "Hasta cuándo se puede inscribir la gente. Si no lo indica, hasta que empiece la sesión.",
    ),
)


def read_period(fields: Fields, zone: ZoneInfo) -> Period | None:
    """Read Start with End or Duration; None if that gives no period."""
    start, end, length = fields[START], fields[END], fields[DURATION]
    if fields.has(END) and fields.has(DURATION):
        fields.error(END, "stands beside Duration", "keep one of the two lines")
        return None
    if start is None or (end is None and fields.has(END)) or (length is None and fields.has(DURATION)):
        return None
    if not isinstance(start, datetime):
        return _all_day(fields, start, end, zone)
    if end is not None and not isinstance(end, datetime):
        fields.error(END, "is a date, but Start has a time", f'as in "End: {end} 16:30"')
        return None
    if end is None and length is None:
        hint = (
            f'add a line "Duration: 90" (minutes), or "End: {start + timedelta(minutes=90):%Y-%m-%d %H:%M}"'
        )
        if fields.is_missing(DURATION) and fields.is_missing(END):
            fields.error(DURATION, "is missing", hint)
        return None
    first = _instant(fields, START, start, zone)
    last = _instant(fields, END, end, zone) if end is not None else None
    if first is None or (end is not None and last is None):
        return None
    if last is None and length is not None:
        last = first + length
    if last is None or last <= first:
        hint = f'as in "End: {start + timedelta(minutes=90):%Y-%m-%d %H:%M}"'
        fields.error(END, f"{end:%Y-%m-%d %H:%M} is not after Start, {start:%Y-%m-%d %H:%M}", hint)
        return None
    if last - first > LONGEST:
        _too_long(fields, END if end is not None else DURATION, last - first)
        return None
    return Period(first, last, zone)


def _too_long(fields: Fields, key: ContentKey[Any], length: timedelta) -> None:
    message = f"the session would take {length.days} days, and {LONGEST.days} are the most"
    fields.error(key, message, "look at the year and the month" if key is END else "give minutes, as 90")


def _all_day(fields: Fields, start: date, end: date | None, zone: ZoneInfo) -> Period | None:
    headers = fields.document.headers
    if fields.has(DURATION) and headers[DURATION.name].path != headers[START.name].path:
        fields.error(START, "has no time, and the series has a Duration", f'as in "Start: {start} 10:00"')
        return None
    if fields.has(DURATION):
        hint = f'give Start a time, as in "Start: {start} 10:00", or leave Duration out'
        fields.error(DURATION, "does not go with a whole day", hint)
        return None
    if isinstance(end, datetime):
        fields.error(END, "has a time, but Start is a date alone", f'as in "End: {end:%Y-%m-%d}"')
        return None
    last = end or start
    if last < start:
        fields.error(END, f"{last} is before Start, {start}", f'as in "End: {start + timedelta(days=1)}"')
        return None
    if last - start > LONGEST:
        _too_long(fields, END, last - start)
        return None
    return Period(midnight(start, zone), midnight(last + timedelta(days=1), zone), zone, all_day=True)


def _instant(fields: Fields, key: ContentKey[Any], wall: datetime, zone: ZoneInfo) -> datetime | None:
    try:
        instant = to_utc(wall, zone)
    except NonexistentTime as error:
        fields.error(
            key, f"{wall:%Y-%m-%d %H:%M} does not exist", f"the clocks go to {error.after:%H:%M} that night"
        )
        return None
    if is_ambiguous(wall, zone):
        message = f"{wall:%Y-%m-%d %H:%M} comes twice that night"
        fields.error(key, message, "the first one, in summer time, is meant", warning=True)
    return instant


def read_closing(fields: Fields, period: Period | None, zone: ZoneInfo, series: str | None) -> datetime:
    """Return when registration closes: as given, or at the start."""
    given = fields[REGISTRATION_CLOSES]
    if period is None:
        return datetime.min.replace(tzinfo=zone)  # nothing is built from it
    if given is None:
        return period.start
    if isinstance(given, timedelta):
        return _before(period, given)
    header = fields.document.headers[REGISTRATION_CLOSES.name]
    if series is not None and header.path.endswith(f"/{series}.md"):
        hint = 'as in "Registration-Closes: 1 day before"'
        fields.error(REGISTRATION_CLOSES, "is one time for all dates of the series", hint)
    closes = _instant(fields, REGISTRATION_CLOSES, given, zone)
    if closes is not None and closes > period.start:
        hint = 'as in "Registration-Closes: 1 day before"'
        fields.error(REGISTRATION_CLOSES, f"{given:%Y-%m-%d %H:%M} is after the start", hint)
    return closes or period.start


def _before(period: Period, length: timedelta) -> datetime:
    """Return what comes before a start: whole days on the wall clock, hours and minutes as they pass."""
    if length % timedelta(days=1):
        return period.start - length
    return (period.local_start - length).astimezone(UTC)


def warn_of_past(fields: Fields, period: Period | None, closes: datetime, written: datetime) -> None:
    """Warn of times that had passed when they were written, and of a sign-up that ends a year before the start."""
    if period is None:
        return
    if period.end <= written:
        message, hint = (
            "is in the past, so nobody can sign up",
            "is the year right? Past sessions may stay as they are",
        )
        fields.error(START, message, hint, warning=True)
    elif fields.has(REGISTRATION_CLOSES) and closes <= written:
        hint = 'as in "Registration-Closes: 1 day before"'
        fields.error(REGISTRATION_CLOSES, "is in the past, so nobody can sign up", hint, warning=True)
    elif period.start - closes > EARLIEST:
        message = f"is {(period.start - closes).days} days before the start"
        fields.error(REGISTRATION_CLOSES, message, "is the year right?", warning=True)
