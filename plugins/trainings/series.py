# SPDX-License-Identifier: AGPL-3.0-or-later
"""Repeated sessions: one file with a rule becomes an occurrence a date, each a session of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from dateutil.rrule import rruleset, rrulestr

from plugins.trainings.fields import Fields, several, wall_time
from plugins.trainings.frontmatter import Document, Header
from plugins.trainings.problems import BadValue, Problem

MOST = 400
"""Occurrences that one rule may have: more is a slip of the pen."""


def expand(
    series: Document, overrides: Iterable[Document], zone: ZoneInfo
) -> tuple[dict[str, Document], tuple[Problem, ...]]:
    """Return the occurrences of a series by their ids, with `overrides` in their place.

    An override inherits every key that it does not give; one whose date the rule does not produce is
    kept, with a warning.
    """
    fields = Fields(series)
    start = fields.required("Start", wall_time)
    excluded = fields.optional("Except", several(_date)) or ()
    days: list[date] = []
    if start is not None:
        days = fields.required("Repeat", lambda value: _days(value, start, zone)) or []
    for day in excluded:
        if days and day not in days:
            fields.error("Except", f"the rule has no occurrence on {day}")
    days = [day for day in days if day not in excluded]
    occurrences = {f"{series.stem}-{day}": _on(series, day) for day in days}
    for override in overrides:
        day = date.fromisoformat(override.stem.removeprefix(f"{series.stem}-"))
        if days and override.stem not in occurrences:
            message = f"the rule in {series.path} has no occurrence on {day}"
            fields.problems.append(
                Problem(override.path, 1, None, message, "it is one more session", warning=True)
            )
        occurrences[override.stem] = _override(override, _on(series, day))
    return occurrences, tuple(fields.problems)


def _date(value: str) -> date:
    day = wall_time(value)
    if isinstance(day, datetime):
        raise BadValue(f'"{value}" is no date alone', "written 2026-12-03")
    return day


def _days(rule: str, start: date, zone: ZoneInfo) -> list[date]:
    """Return the days of an RFC 5545 rule (section 3.3.10); `start` must be the first of them."""
    first = start if isinstance(start, datetime) else datetime.combine(start, datetime.min.time())
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";"))
    if "COUNT" not in parts and "UNTIL" not in parts:
        raise BadValue("the rule has no end", "add COUNT=… or UNTIL=…")
    if parts.get("UNTIL", "").endswith("Z"):
        # dateutil wants UNTIL as DTSTART is given: here in wall time.
        try:
            until = datetime.strptime(parts["UNTIL"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).astimezone(zone)
        except ValueError as error:
            raise BadValue(f'"{parts["UNTIL"]}" is no time in UTC', "as in UNTIL=20270630T235959Z") from error
        rule = ";".join(
            f"{key}={value}" for key, value in {**parts, "UNTIL": f"{until:%Y%m%dT%H%M%S}"}.items()
        )
    elif len(parts.get("UNTIL", "")) == len("20270630"):
        rule = rule.upper().replace(parts["UNTIL"], parts["UNTIL"] + "T235959")
    try:
        parsed = rrulestr(rule, dtstart=first)
    except (ValueError, KeyError, TypeError) as error:
        raise BadValue(f'"{rule}" is not an RFC 5545 rule', "as in FREQ=WEEKLY;COUNT=5") from error
    if isinstance(parsed, rruleset):
        raise BadValue("takes one rule", "as in FREQ=WEEKLY;COUNT=5")
    days: list[date] = []
    for number, moment in enumerate(parsed, 1):
        if number > MOST:
            raise BadValue(f"the rule has more than {MOST} occurrences", "end it earlier")
        if days and moment.date() == days[-1]:
            raise BadValue(f"the rule has two occurrences on {moment.date()}", "one a day at most")
        days.append(moment.date())
    if not days or days[0] != first.date():
        hint = f"the first one is {days[0]}" if days else None
        raise BadValue(f"the rule has no occurrence on the day of Start, {first.date()}", hint)
    return days


def _on(series: Document, day: date) -> Document:
    """Return the series' file as if it had been written for one day alone."""
    headers = {key: header for key, header in series.headers.items() if key not in {"Repeat", "Except"}}
    start = headers["Start"]
    headers["Start"] = _moved(start, start, day)
    if "End" in headers:
        headers["End"] = _moved(headers["End"], start, day)
    return replace(series, stem=f"{series.stem}-{day}", headers=headers)


def _moved(header: Header, start: Header, day: date) -> Header:
    """Return a time of the series moved by the days between its first day and `day`."""
    try:
        shift = day - date.fromisoformat(start.value[:10])
        moved = date.fromisoformat(header.value[:10]) + shift
    except ValueError:
        return header  # reported where the session is read
    return replace(header, value=f"{moved}{header.value[10:]}")


def _override(override: Document, occurrence: Document) -> Document:
    """Lay an override over its occurrence; a length given in one way replaces one given in the other."""
    inherited = dict(occurrence.headers)
    if "End" in override.headers:
        inherited.pop("Duration", None)
    if "Duration" in override.headers:
        inherited.pop("End", None)
    elif "Start" in override.headers and "End" in inherited and "End" not in override.headers:
        inherited["End"] = _end_after(override.headers["Start"], occurrence)
    return override.over(replace(occurrence, headers=inherited))


def _end_after(start: Header, occurrence: Document) -> Header:
    """Return the end that keeps the series' length when only the start has been moved."""
    old_start, old_end = occurrence.headers["Start"], occurrence.headers["End"]
    try:
        length = datetime.fromisoformat(old_end.value) - datetime.fromisoformat(old_start.value)
        moved = datetime.fromisoformat(start.value) + length
    except ValueError:
        return old_end  # reported where the session is read
    return replace(
        old_end,
        value=f"{moved:%Y-%m-%d}" if len(start.value) == len("2026-12-03") else f"{moved:%Y-%m-%d %H:%M}",
    )
