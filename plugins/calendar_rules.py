# SPDX-License-Identifier: AGPL-3.0-or-later
"""What must hold in a finished calendar, looked up byte by byte; shares no code with what wrote it.

Every function is pure and returns what is wrong; nothing means that the calendar is as real programs need it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import Enum, auto
from zoneinfo import ZoneInfo

from plugins.calendar_lines import Component, Fault, MalformedCalendar, Property, byte_faults, parsed

_ZONE = "America/Los_Angeles"
_UTC = re.compile(r"\d{8}T\d{6}Z")
_DATE, _TIME = re.compile(r"\d{8}"), re.compile(r"\d{8}T\d{6}Z?")
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
# What tells trainings apart at a glance (RFC 7986 §5.9): a name of CSS3, not a code.
_COLOR = re.compile(r"[a-z]+")
_REPEATS = ("RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")

Place = tuple[datetime, str, str]
"""Where an event belongs among others: its start, the session's id (its UID up to the @), and the whole UID."""


class CalendarKind(Enum):
    """What a published calendar is for: to subscribe to, or to add once."""

    FEED = auto()
    FILE = auto()


def lint(data: bytes, kind: CalendarKind) -> list[Fault]:
    """Return what is wrong with a calendar, in the order of its lines."""
    return sorted(read(data, kind)[0])


def read(data: bytes, kind: CalendarKind) -> tuple[list[Fault], list[Place]]:
    """Return what is wrong with a calendar, and the places of those events that have one."""
    faults = list(byte_faults(data))
    try:
        calendar = parsed(data)
    except MalformedCalendar as error:
        return [*faults, error.fault], []
    faults += common_faults(calendar)
    faults += _feed_faults(calendar) if kind is CalendarKind.FEED else _file_faults(calendar)
    for event in calendar.events:
        faults += _published_faults(event)
    return faults, [place for event in calendar.events if (place := _place(event))]


def common_faults(calendar: Component) -> Iterator[Fault]:
    """Yield what is wrong with a calendar of whatever kind, also one that an email carries."""
    yield from _calendar_faults(calendar)
    yield from _zone_faults(calendar)
    for event in calendar.events:
        yield from _event_faults(event)
    yield from _order_faults(calendar.events)


def _calendar_faults(calendar: Component) -> Iterator[Fault]:
    if not calendar.parts:
        yield Fault(calendar.line, "VCALENDAR has no component")
    yield from not_once(calendar, ("VERSION", "PRODID"))
    for version in calendar.all("VERSION"):
        if version.value != "2.0":
            yield Fault(version.line, f"VERSION is {version.value}, not 2.0")
    yield from forbidden(calendar, ("UID",))
    for component in calendar.walk():
        if component.name not in ("VCALENDAR", "VTIMEZONE", "STANDARD", "DAYLIGHT", "VEVENT"):
            yield Fault(component.line, f"{component.name} does not belong here")


def _zone_faults(calendar: Component) -> Iterator[Fault]:
    zones = [part for part in calendar.parts if part.name == "VTIMEZONE"]
    defined = [zone.value("TZID") for zone in zones]
    for number, zone in enumerate(zones):
        if defined[number] in defined[:number]:
            yield Fault(zone.line, f"{defined[number]} is defined again")
        yield from not_once(zone, ("TZID",))
        if not zone.parts:
            yield Fault(zone.line, "VTIMEZONE defines no time")
        for part in zone.parts:
            yield from not_once(part, ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE"))
            yield from forbidden(part, ("RDATE",))
    for component in calendar.walk():
        for prop in component.properties:
            if "TZID" in prop.parameters and prop.parameters["TZID"] not in defined:
                yield Fault(prop.line, f"{prop.name} is in {prop.parameters['TZID']}, which is not defined")


def _feed_faults(calendar: Component) -> Iterator[Fault]:
    yield from forbidden(calendar, ("METHOD",))
    yield from not_once(calendar, tuple(_IN_FEEDS))
    for name, pattern in _IN_FEEDS.items():
        for prop in calendar.all(name):
            if not pattern.fullmatch(prop.text):
                yield Fault(prop.line, f"{prop.text} is not of the form {pattern.pattern}")


def _file_faults(calendar: Component) -> Iterator[Fault]:
    yield from forbidden(calendar, ("METHOD",))
    yield from not_subscribed(calendar)


def not_subscribed(calendar: Component) -> Iterator[Fault]:
    """Yield what is wrong with a calendar of one event to which nobody subscribes."""
    yield from forbidden(calendar, tuple(_IN_FEEDS))
    if len(calendar.events) != 1:
        yield Fault(calendar.line, f"has {len(calendar.events)} VEVENTs, not 1")


def _published_faults(event: Component) -> Iterator[Fault]:
    """Yield what an event must not have, or not say, where everybody can read it."""
    yield from forbidden(event, ("ORGANIZER", "ATTENDEE"))
    yield from not_once(event, ("CATEGORIES", "COLOR"))
    for color in event.all("COLOR"):
        if not _COLOR.fullmatch(color.value):
            yield Fault(color.line, f"COLOR is {color.value}, no name of a color")
    if event.value("DTSTAMP") != event.value("LAST-MODIFIED"):
        yield Fault(event.line, "DTSTAMP is not LAST-MODIFIED")


def _event_faults(event: Component) -> Iterator[Fault]:
    yield from not_once(event, _ONCE)
    yield from forbidden(event, ("X-ALT-DESC", *_REPEATS))
    for stamp in event.all("DTSTAMP") + event.all("LAST-MODIFIED"):
        if not _UTC.fullmatch(stamp.value):
            yield Fault(stamp.line, f"{stamp.name} is not in UTC")
    for sequence in event.all("SEQUENCE"):
        if not re.fullmatch(r"\d+", sequence.value):
            yield Fault(sequence.line, "SEQUENCE is no number")
    if event.value("STATUS") not in ("CONFIRMED", "CANCELLED"):
        yield Fault(event.line, "STATUS is neither CONFIRMED nor CANCELLED")
    yield from _time_faults(event)


def _time_faults(event: Component) -> Iterator[Fault]:
    times = [(prop, _instant(prop)) for prop in event.all("DTSTART") + event.all("DTEND")]
    for prop, instant in times:
        if instant is None:
            yield Fault(prop.line, f"{prop.name} is no date and no time in a known zone")
        elif _comes_twice(prop):
            yield Fault(prop.line, f"{prop.name} comes twice on that day; only UTC says which one is meant")
    if [prop.name for prop, _ in times] == ["DTSTART", "DTEND"]:
        (_, start), (_, end) = times
        if start and end and end <= start:
            yield Fault(event.line, "ends when it starts, or before")
    dates = [prop.parameters.get("VALUE") == "DATE" for prop, _ in times]
    if len(set(dates)) > 1:
        yield Fault(event.line, "one of DTSTART and DTEND is a date, the other a time")
    # An email to somebody who takes part says BUSY, for whole days too.
    takes_part = event.value("X-MICROSOFT-CDO-BUSYSTATUS") == "BUSY"
    free = event.value("STATUS") == "CANCELLED" or (all(dates) and not takes_part)
    if event.value("TRANSP") != ("TRANSPARENT" if free else "OPAQUE"):
        yield Fault(event.line, f"TRANSP is {event.value('TRANSP')}")
    if event.value("X-MICROSOFT-CDO-BUSYSTATUS") != ("FREE" if free else "BUSY" if takes_part else ""):
        yield Fault(event.line, "X-MICROSOFT-CDO-BUSYSTATUS and TRANSP disagree")


def _instant(prop: Property) -> datetime | None:
    """Return the instant that a date or time means, or None if it means none."""
    is_date = prop.parameters.get("VALUE") == "DATE"
    if not (_DATE if is_date else _TIME).fullmatch(prop.value):
        return None
    try:
        name = _ZONE if is_date else "UTC" if prop.value.endswith("Z") else prop.parameters["TZID"]
        local = datetime.fromisoformat(prop.value.removesuffix("Z"))
        return local.replace(tzinfo=ZoneInfo(name)).astimezone(UTC)
    except (KeyError, ValueError, OSError):  # what ZoneInfo raises for a name that is none, or a folder
        return None


def _comes_twice(prop: Property) -> bool:
    """Whether a time on the clock of a zone lies in the hour that is repeated in autumn; programs disagree about it."""
    if "TZID" not in prop.parameters:
        return False
    local = datetime.fromisoformat(prop.value).replace(tzinfo=ZoneInfo(prop.parameters["TZID"]))
    return local.utcoffset() != local.replace(fold=1).utcoffset()


def _place(event: Component) -> Place | None:
    start = next((_instant(prop) for prop in event.all("DTSTART")), None)
    uid = event.value("UID")
    return (start, uid.partition("@")[0], uid) if start else None


def _order_faults(events: Sequence[Component]) -> Iterator[Fault]:
    """Compare neighbors by their places, and all UIDs."""
    seen: set[str] = set()
    before: Place | None = None
    for event in events:
        uid, place = event.value("UID"), _place(event) or before
        if uid and uid in seen:
            yield Fault(event.line, f"UID {uid} stands again")
        if before and place and place[:2] < before[:2]:
            yield Fault(event.line, "starts before the event above it, or has the lesser UID")
        seen.add(uid)
        before = place


def not_once(component: Component, names: Sequence[str]) -> Iterator[Fault]:
    """Yield the properties that a component lacks, or has more than once."""
    for name in names:
        found = len(component.all(name))
        if found == 0:
            yield Fault(component.line, f"{component.name} has no {name}")
        elif found > 1:
            yield Fault(component.line, f"{component.name} has {found} of {name}")


def forbidden(component: Component, names: Sequence[str]) -> Iterator[Fault]:
    """Yield the properties that a component must not have."""
    for prop in component.properties:
        if prop.name in names:
            yield Fault(prop.line, f"{component.name} must not have {prop.name}")
