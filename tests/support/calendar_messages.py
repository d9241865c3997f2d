# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a calendar that an email carries must be (RFC 5546), checked byte by byte."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.calendar_lines import Component, Fault, MalformedCalendar, byte_faults, parsed
from plugins.calendar_rules import common_faults, not_once, not_subscribed

_ADDRESS = r"mailto:[^\s@]+@[^\s@]+"


def lint_message(data: bytes) -> list[Fault]:
    """Return what is wrong with an invitation or a cancellation."""
    faults = list(byte_faults(data))
    try:
        calendar = parsed(data)
    except MalformedCalendar as error:
        return [*faults, error.fault]
    return [*faults, *common_faults(calendar), *not_subscribed(calendar), *_message_faults(calendar)]


def _message_faults(calendar: Component) -> Iterator[Fault]:
    yield from not_once(calendar, ("METHOD",))
    for one in calendar.all("METHOD"):
        if one.value not in ("REQUEST", "CANCEL"):
            yield Fault(one.line, f"METHOD is {one.value}, neither REQUEST nor CANCEL")
    for event in calendar.events:
        if (event.value("STATUS") == "CANCELLED") is not (calendar.value("METHOD") == "CANCEL"):
            yield Fault(event.line, "STATUS is CANCELLED in a CANCEL, and only there")
        yield from not_once(event, ("ORGANIZER", "ATTENDEE"))
        for one in event.all("ORGANIZER"):
            if not re.fullmatch(rf'ORGANIZER(?:;CN=(?:"[^"]*"|[^;:,"]*))?:{_ADDRESS}', one.text):
                yield Fault(one.line, "ORGANIZER is no mailto: address with a name")
        for one in event.all("ATTENDEE"):
            if one.parameters.get("RSVP") != "FALSE" or not re.fullmatch(_ADDRESS, one.value):
                yield Fault(one.line, "ATTENDEE is no mailto: address with RSVP=FALSE")
