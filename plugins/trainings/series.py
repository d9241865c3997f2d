# SPDX-License-Identifier: AGPL-3.0-or-later
"""Repeated sessions: one file with a rule becomes an occurrence a date, each a session of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from plugins.trainings import values
from plugins.trainings.fields import Fields
from plugins.trainings.frontmatter import Document, Header
from plugins.trainings.keys import Words, optional
from plugins.trainings.problems import BadValue, ContentProblem
from plugins.trainings.session_times import DURATION, END, START

MOST = 400
"""Occurrences that one rule may have: more is a slip of the pen."""
LONGEST = timedelta(days=5 * 366)
"""From the first occurrence to the last."""

_EXAMPLES = (
    ("week|semana", "WEEKLY", "every week"),
    ("month|mes", "MONTHLY", "every month"),
    ("dail|every ?day|día", "DAILY", "every day"),
    ("", "WEEKLY", "every week"),
)
_EARLIER = "end it earlier, as in COUNT=5 or UNTIL=20270630, or look at its INTERVAL"

REPEAT = optional(
    "Repeat",
    values.ValueKind(
        values.Form.RULE, "a rule of RFC 5545 with `COUNT=…`, or `UNTIL=20270630` for the last day", str
    ),
    en=Words("Repeat", "For a series. FREQ=WEEKLY;COUNT=5 means every week, five times."),
    es=Words("Repetición", "Para una serie. FREQ=WEEKLY;COUNT=5 significa cada semana, cinco veces."),
)
EXCEPT = optional(
    "Except",
    values.several(values.DATE),
    en=Words("Except", "Dates on which the series takes a break."),
    es=Words("Excepto", "Fechas en las que no hay sesión de la serie."),
)


def expand(
    series: Document, overrides: Iterable[Document], zone: ZoneInfo
) -> tuple[dict[str, Document], tuple[ContentProblem, ...]]:
    """Return the occurrences of a series by their ids, with `overrides` in their place.

    An override inherits every key that it does not give; one whose date the rule does not produce is
    kept, with a warning. A series without a good rule has its first day alone, so that whatever else is
    wrong in it is found too.
    """
    fields = Fields(series)
    start = fields[START]
    excluded = fields[EXCEPT] or ()
    days: list[date] = []
    if start is not None:
        days = fields.through(REPEAT, lambda rule: _days(rule, start, zone)) or []
    for day in excluded:
        if days and day not in days:
            fields.error(EXCEPT, f"the rule has no date on {day}", f"its dates: {_listed(days)}")
    days = [day for day in days if day not in excluded]
    occurrences = {f"{series.stem}-{day}": _on(series, day) for day in days}
    if fields.failed and not occurrences:
        first = series.stem if start is None else f"{series.stem}-{start:%Y-%m-%d}"
        occurrences[first] = replace(_on(series, None), stem=first)
    for override in overrides:
        name = override.stem.removeprefix(f"{series.stem}-")
        try:
            day = date.fromisoformat(name)
        except ValueError:
            message = f'the file\'s name ends in "{name}", which is not in the calendar'
            fields.problems.append(
                ContentProblem(override.path, 1, None, message, "look at the month and the day")
            )
            continue
        if days and override.stem not in occurrences:
            message = f"the rule in {series.path} has no occurrence on {day}"
            fields.problems.append(
                ContentProblem(override.path, 1, None, message, "it is one more session", warning=True)
            )
        occurrences[override.stem] = _override(override, _on(series, day))
    return occurrences, tuple(fields.problems)


def _days(rule: str, start: date, zone: ZoneInfo) -> list[date]:
    """Return the days of an RFC 5545 rule (section 3.3.10); `start` must be the first of them."""
    first = start if isinstance(start, datetime) else datetime.combine(start, datetime.min.time())
    parts = _parts(rule)
    if "COUNT" not in parts and "UNTIL" not in parts:
        raise BadValue("the rule has no end", f'add COUNT, as in "{{key}}: {rule};COUNT=5"')
    if "COUNT" in parts and "UNTIL" in parts:
        raise BadValue("the rule has two ends", "keep COUNT or UNTIL")
    if parts.get("FREQ") in {"HOURLY", "MINUTELY", "SECONDLY"}:
        raise BadValue("the rule has several dates a day", "FREQ is DAILY, WEEKLY, MONTHLY or YEARLY")
    if not re.fullmatch(r"[1-9][0-9]{0,2}", parts.get("INTERVAL", "1")):
        raise _not_a_rule(rule)
    last = first + LONGEST
    until = _until(parts["UNTIL"], zone) if "UNTIL" in parts else last
    if until > last:
        raise BadValue("the rule goes on for more than five years", _EARLIER)
    try:
        count = int(parts.pop("COUNT")) if "COUNT" in parts else None
        # Bound by a date, whatever its count: the library looks for the dates of a rule that has none to the year 9999.
        parts["UNTIL"] = f"{until:%Y%m%dT%H%M%S}"
        parsed = rrulestr(";".join(f"{key}={value}" for key, value in parts.items()), dtstart=first)
        moments = list(islice(parsed, MOST + 1 if count is None else min(count, MOST + 1)))
    except (ValueError, KeyError, TypeError) as error:
        raise _not_a_rule(rule) from error
    days: list[date] = []
    for number, moment in enumerate(moments, 1):
        if number > MOST:
            raise BadValue(f"the rule has more than {MOST} dates", "end it earlier")
        if days and moment.date() == days[-1]:
            raise BadValue(f"the rule has two dates on {moment.date()}", "one a day at most")
        days.append(moment.date())
    if not days or days[0] != first.date():
        hint = (
            f"the first one is {days[0]}; begin on that day, or change the rule"
            if days
            else "is its COUNT or UNTIL right?"
        )
        raise BadValue(f"the rule has no date on the day of Start, {first.date()}", hint)
    if count is not None and len(days) < count:
        raise BadValue("the rule goes on for more than five years", _EARLIER)
    return days


def _parts(rule: str) -> dict[str, str]:
    """Take a rule apart: `FREQ=WEEKLY;COUNT=5`, each name once."""
    pieces = [re.sub(r"\s+", "", piece) for piece in rule.upper().removeprefix("RRULE:").split(";")]
    if len(pieces) > 1 and not pieces[-1]:
        del pieces[-1]
    if not all(re.fullmatch(r"[A-Z]+=[A-Z0-9,+-]+", piece) for piece in pieces):
        raise _not_a_rule(rule)
    parts = dict(piece.split("=") for piece in pieces)
    if len(parts) < len(pieces):
        raise _not_a_rule(rule)
    return parts


def _not_a_rule(rule: str) -> BadValue:
    """Return the error of a rule that is none, with one that works for what seems to be meant."""
    frequency, often = next(example for words, *example in _EXAMPLES if re.search(words, rule, re.IGNORECASE))
    return BadValue(
        f'"{rule}" is not a rule', f'as in "{{key}}: FREQ={frequency};COUNT=5", {often}, five times'
    )


def _until(value: str, zone: ZoneInfo) -> datetime:
    """Return the last moment of a rule as dateutil wants it, which is as Start is given: in wall time."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            value = value.replace("-", "")
        if re.fullmatch(r"[0-9]{8}", value):
            return datetime.strptime(f"{value}T235959", "%Y%m%dT%H%M%S")  # noqa: DTZ007 - wall time
        if re.fullmatch(r"[0-9]{8}T[0-9]{6}Z", value):
            moment = datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            return moment.astimezone(zone).replace(tzinfo=None)
        return datetime.strptime(value, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - wall time
    except ValueError as error:
        hint = "as in UNTIL=20270630, or UNTIL=20270630T235959Z for a time in UTC"
        raise BadValue(f'UNTIL "{value}" is no date', hint) from error


def _on(series: Document, day: date | None) -> Document:
    """Return the series' file as if it had been written for one day alone, the first one if none is given."""
    alone = {REPEAT.name, EXCEPT.name}
    headers = {name: header for name, header in series.headers.items() if name not in alone}
    start = headers.get(START.name)
    if start is None or day is None:
        return replace(series, headers=headers)
    headers[START.name] = _moved(start, start, day)
    if END.name in headers:
        headers[END.name] = _moved(headers[END.name], start, day)
    return replace(series, stem=f"{series.stem}-{day}", headers=headers)


def _moved(header: Header, start: Header, day: date) -> Header:
    """Return a time of the series moved by the days between its first day and `day`."""
    try:
        moved = values.wall_time(header.value) + (day - _day(values.wall_time(start.value)))
    except BadValue:
        return header  # reported where the session is read
    return header._replace(value=values.written_time(moved))


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _override(override: Document, occurrence: Document) -> Document:
    """Lay an override over its occurrence; a length given in one way replaces one given in the other."""
    inherited, own = dict(occurrence.headers), override.headers
    if END.name in own:
        inherited.pop(DURATION.name, None)
    if DURATION.name in own:
        inherited.pop(END.name, None)
    elif {START.name, END.name} <= inherited.keys() and START.name in own and END.name not in own:
        inherited[END.name] = _end_after(own[START.name], occurrence)
    return override.over(replace(occurrence, headers=inherited))


def _end_after(start: Header, occurrence: Document) -> Header:
    """Return the end that keeps the series' length when only the start has been moved."""
    old_start, old_end = occurrence.headers[START.name], occurrence.headers[END.name]
    try:
        old, end, new = (values.wall_time(header.value) for header in (old_start, old_end, start))
    except BadValue:
        return old_end  # reported where the session is read
    if isinstance(old, datetime) and isinstance(end, datetime):
        moved: date = new + (end - old)
    else:
        moved = new + (_day(end) - _day(old))
    return old_end._replace(value=values.written_time(moved))


def _listed(days: list[date]) -> str:
    """Return a few days for a message."""
    return ", ".join(map(str, days[:5])) + (", …" if len(days) > 5 else "")
