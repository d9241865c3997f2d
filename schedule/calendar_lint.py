# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks of finished calendars, byte by byte, that share no code with what wrote them.

Every function is pure and returns messages; none means that the calendar is as real programs need it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import Enum, auto
from zoneinfo import ZoneInfo

from schedule.calendar_lines import Component, MalformedCalendar, Property, byte_problems, parsed

_ZONE = ZoneInfo("America/Los_Angeles")
_UTC = re.compile(r"\d{8}T\d{6}Z")
_ONCE = ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "LAST-MODIFIED", "STATUS", "TRANSP")
_IN_FEEDS = {
    "NAME": re.compile(r"NAME:.+"),
    "X-WR-CALNAME": re.compile(r"X-WR-CALNAME:.+"),
    "X-WR-TIMEZONE": re.compile(r"X-WR-TIMEZONE:America/Los_Angeles"),
    "REFRESH-INTERVAL": re.compile(r"REFRESH-INTERVAL;VALUE=DURATION:PT6H"),
    "X-PUBLISHED-TTL": re.compile(r"X-PUBLISHED-TTL:PT6H"),
    "SOURCE": re.compile(r"SOURCE;VALUE=URI:https?://\S+"),
    "URL": re.compile(r"URL:https?://\S+"),
}
_REPEATS = ("RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")


class Kind(Enum):
    """What a calendar is for: to subscribe to, to add once, or to be acted on (RFC 5546)."""

    FEED = auto()
    FILE = auto()
    MESSAGE = auto()


def lint(data: bytes, kind: Kind | None = None) -> list[str]:
    """Return what is wrong with a calendar; without a kind it is judged as what it looks like."""
    problems = list(byte_problems(data))
    try:
        calendar = parsed(data)
    except MalformedCalendar as error:
        return [*problems, str(error)]
    kind = kind or _kind_of(calendar)
    problems += _calendar_problems(calendar)
    problems += _zone_problems(calendar)
    problems += _kind_problems(calendar, kind)
    events = [part for part in calendar.parts if part.name == "VEVENT"]
    for event in events:
        problems += _event_problems(event, kind)
    problems += _order_problems(events)
    return problems


def _kind_of(calendar: Component) -> Kind:
    if calendar.all("METHOD"):
        return Kind.MESSAGE
    events = sum(part.name == "VEVENT" for part in calendar.parts)
    subscribed = any(calendar.all(name) for name in _IN_FEEDS)
    return Kind.FEED if subscribed or events != 1 else Kind.FILE


def _calendar_problems(calendar: Component) -> Iterator[str]:
    if not calendar.parts:
        yield "VCALENDAR has no component"
    yield from _not_once(calendar, ("VERSION", "PRODID"))
    if calendar.all("VERSION") and calendar.value("VERSION") != "2.0":
        yield f"VERSION is {calendar.value('VERSION')}, not 2.0"
    yield from _forbidden(calendar, ("UID",))
    for component in calendar.walk():
        if component.name not in ("VCALENDAR", "VTIMEZONE", "STANDARD", "DAYLIGHT", "VEVENT"):
            yield f"line {component.line}: {component.name} does not belong here"


def _zone_problems(calendar: Component) -> Iterator[str]:
    zones = [part for part in calendar.parts if part.name == "VTIMEZONE"]
    defined = [zone.value("TZID") for zone in zones]
    yield from (f"{zone} is defined {times} times" for zone, times in Counter(defined).items() if times > 1)
    for zone in zones:
        yield from _not_once(zone, ("TZID",))
        if not zone.parts:
            yield f"line {zone.line}: VTIMEZONE defines no time"
        for part in zone.parts:
            yield from _not_once(part, ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE"))
            yield from _forbidden(part, ("RDATE",))
    for component in calendar.walk():
        for one in component.properties:
            if "TZID" in one.parameters and one.parameters["TZID"] not in defined:
                yield f"line {one.line}: {one.name} is in {one.parameters['TZID']}, which is not defined"


def _kind_problems(calendar: Component, kind: Kind) -> Iterator[str]:
    events = sum(part.name == "VEVENT" for part in calendar.parts)
    if kind is not Kind.FEED:
        yield from _forbidden(calendar, tuple(_IN_FEEDS))
        if events != 1:
            yield f"has {events} VEVENTs, not 1"
    if kind is not Kind.MESSAGE:
        yield from _forbidden(calendar, ("METHOD",))
    if kind is Kind.FEED:
        yield from _not_once(calendar, tuple(_IN_FEEDS))
        for name, pattern in _IN_FEEDS.items():
            for one in calendar.all(name):
                if not pattern.fullmatch(one.text):
                    yield f"line {one.line}: {one.text} is not of the form {pattern.pattern}"
    if kind is Kind.MESSAGE:
        yield from _not_once(calendar, ("METHOD",))
        if calendar.all("METHOD") and calendar.value("METHOD") not in ("REQUEST", "CANCEL"):
            yield f"METHOD is {calendar.value('METHOD')}, neither REQUEST nor CANCEL"
        cancelled = ["CANCELLED" in part.value("STATUS") for part in calendar.parts if part.name == "VEVENT"]
        if any(one is not (calendar.value("METHOD") == "CANCEL") for one in cancelled):
            yield "STATUS is CANCELLED in a CANCEL, and only there"


def _event_problems(event: Component, kind: Kind) -> Iterator[str]:
    yield from _not_once(event, _ONCE)
    yield from _forbidden(event, ("X-ALT-DESC", *_REPEATS))
    if kind is Kind.MESSAGE:
        yield from _not_once(event, ("ORGANIZER", "ATTENDEE"))
        for one in event.all("ORGANIZER"):
            if not re.fullmatch(r"ORGANIZER:mailto:[^\s@]+@[^\s@]+", one.text):
                yield f"line {one.line}: ORGANIZER is no bare mailto: address"
        for one in event.all("ATTENDEE"):
            if one.parameters.get("RSVP") != "FALSE" or not re.fullmatch(
                r"mailto:[^\s@]+@[^\s@]+", one.value
            ):
                yield f"line {one.line}: ATTENDEE is no mailto: address with RSVP=FALSE"
    else:
        yield from _forbidden(event, ("ORGANIZER", "ATTENDEE"))
        if event.value("DTSTAMP") != event.value("LAST-MODIFIED"):
            yield f"line {event.line}: DTSTAMP is not LAST-MODIFIED"
    for one in event.all("DTSTAMP") + event.all("LAST-MODIFIED"):
        if not _UTC.fullmatch(one.value):
            yield f"line {one.line}: {one.name} is not in UTC"
    for one in event.all("SEQUENCE"):
        if not re.fullmatch(r"\d+", one.value):
            yield f"line {one.line}: SEQUENCE is no number"
    if event.value("STATUS") not in ("CONFIRMED", "CANCELLED"):
        yield f"line {event.line}: STATUS is neither CONFIRMED nor CANCELLED"
    yield from _time_problems(event)


def _time_problems(event: Component) -> Iterator[str]:
    starts, ends = event.all("DTSTART"), event.all("DTEND")
    start, end = (_instant(starts[0]) if starts else None), (_instant(ends[0]) if ends else None)
    for one in (*starts, *ends):
        if _instant(one) is None:
            yield f"line {one.line}: {one.name} is no date and no time in a known zone"
    if start and end and end <= start:
        yield f"line {event.line}: ends when it starts, or before"
    dates = [one.parameters.get("VALUE") == "DATE" for one in (*starts, *ends)]
    if len(set(dates)) > 1:
        yield f"line {event.line}: one of DTSTART and DTEND is a date, the other a time"
    free = event.value("STATUS") == "CANCELLED" or all(dates)
    if event.value("TRANSP") != ("TRANSPARENT" if free else "OPAQUE"):
        yield f"line {event.line}: TRANSP is {event.value('TRANSP')}"
    if event.value("X-MICROSOFT-CDO-BUSYSTATUS") != ("FREE" if free else ""):
        yield f"line {event.line}: X-MICROSOFT-CDO-BUSYSTATUS and TRANSP disagree"


def _instant(one: Property) -> datetime | None:
    """Return the instant that a date or time means, or None if it means none."""
    try:
        if one.parameters.get("VALUE") == "DATE":
            return datetime.strptime(one.value, "%Y%m%d").replace(tzinfo=_ZONE).astimezone(UTC)
        if one.value.endswith("Z"):
            return datetime.strptime(one.value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        zone = ZoneInfo(one.parameters["TZID"])
        return datetime.strptime(one.value, "%Y%m%dT%H%M%S").replace(tzinfo=zone).astimezone(UTC)
    except (KeyError, ValueError):  # ZoneInfoNotFoundError is a KeyError
        return None


def _order_problems(events: Sequence[Component]) -> Iterator[str]:
    """Compare neighbours by start, then by the UID's part before the @, which is the session's id."""
    times = Counter(event.value("UID") for event in events)
    yield from (f"UID {uid} stands {count} times" for uid, count in times.items() if uid and count > 1)
    before: tuple[datetime, str] | None = None
    for event in events:
        start = next((_instant(one) for one in event.all("DTSTART")), None)
        key = (start, event.value("UID").partition("@")[0]) if start else before
        if before and key and key < before:
            yield f"line {event.line}: starts before the event above it, or has the lesser UID"
        before = key


def _not_once(component: Component, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        found = len(component.all(name))
        if found == 0:
            yield f"line {component.line}: {component.name} has no {name}"
        elif found > 1:
            yield f"line {component.line}: {component.name} has {found} of {name}"


def _forbidden(component: Component, names: Sequence[str]) -> Iterator[str]:
    for one in component.properties:
        if one.name in names:
            yield f"line {one.line}: {component.name} must not have {one.name}"
