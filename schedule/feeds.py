# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calendars put together from bytes: a header, the time zone, and events that were serialized once.

The result is what `icalendar.Calendar.to_ical()` writes, at a hundredth of its cost when one event
stands in several feeds. No clock and no I/O.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from icalendar import Calendar
from icalendar.prop import vDuration, vText, vUri

from schedule.model import Language
from schedule.walltime import ZONE

# RFC 5545 §3.6.5. The rules hold since 2007 (Energy Policy Act of 2005). Outlook reads RRULE, and not the
# RDATE lists that icalendar's `add_missing_timezones()` writes.
TIMEZONE = b"""\
BEGIN:VTIMEZONE
TZID:America/Los_Angeles
BEGIN:DAYLIGHT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
TZNAME:PDT
TZOFFSETFROM:-0800
TZOFFSETTO:-0700
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
TZNAME:PST
TZOFFSETFROM:-0700
TZOFFSETTO:-0800
END:STANDARD
END:VTIMEZONE
""".replace(b"\n", b"\r\n")

REFRESH = timedelta(hours=6)

_END = b"END:VCALENDAR\r\n"


def bare_calendar(language: Language) -> Calendar:
    """Return a VCALENDAR with what RFC 5545 §3.6 requires; PRODID ends in the language of its texts.

    Not `Calendar.new()`, whose random UID makes vdirsyncer take all events for one.
    """
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", f"-//MSIX trainings//Schedule//{language.value.upper()}")
    calendar.add("CALSCALE", "GREGORIAN")
    return calendar


def calendar_header(name: str, feed_url: str, page_url: str, language: Language) -> bytes:
    """Return how a subscribed feed begins (RFC 7986 §5), up to its first component."""
    calendar = bare_calendar(language)
    # icalendar would write NAME and the X- properties without escapes unless told that they are text.
    calendar.add("NAME", vText(name))
    calendar.add("X-WR-CALNAME", vText(name))
    calendar.add("X-WR-TIMEZONE", vText(ZONE))
    calendar.add("REFRESH-INTERVAL", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH))
    calendar.add("SOURCE", vUri(feed_url), parameters={"VALUE": "URI"})
    calendar.add("URL", vUri(page_url))
    return header_bytes(calendar)


def header_bytes(calendar: Calendar) -> bytes:
    """Return a calendar's properties as bytes, open for components."""
    return bytes(calendar.to_ical()).removesuffix(_END)


def feed(header: bytes, events: Iterable[bytes]) -> bytes:
    """Return a whole calendar of events in the order given, which is the schedule's: by start, then id.

    The time zone is always there, so that a feed without events is no calendar without a component,
    which RFC 5545 §3.6 forbids.
    """
    return b"".join((header, TIMEZONE, *events, _END))


def file_header(language: Language) -> bytes:
    """Return how one session's file begins, which people add once: nothing asks to be fetched again."""
    return header_bytes(bare_calendar(language))


def session_file(header: bytes, event: bytes) -> bytes:
    """Return one session's file; the header, alike in all files of a language, is made once."""
    return feed(header, (event,))
