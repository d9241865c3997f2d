# SPDX-License-Identifier: AGPL-3.0-or-later
"""The linter accepts what the project writes and names each way in which a calendar can be broken."""

from __future__ import annotations

import pytest

from plugins.calendar_lines import Fault
from plugins.calendar_rules import CalendarKind, lint
from schedule.feeds import TIMEZONE, feed, file_header, session_file
from schedule.invitations import event_bytes
from schedule.model import Language
from tests.support.calendars import english, header, in_feed
from tests.support.constants import SITE_URL
from tests.support.schedules import all_day, cancelled, session, timed

FIRST = session("first")
SECOND = session("second", timed("2026-12-05 10:00", "2026-12-05 11:00"))
FEED = in_feed(FIRST, SECOND)
FILE = session_file(file_header(Language.ENGLISH), event_bytes(FIRST, Language.ENGLISH, SITE_URL, english))
END_ALARM = b"BEGIN:VALARM\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT\r\n"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (FEED, CalendarKind.FEED),
        (feed(header(), []), CalendarKind.FEED),
        (in_feed(cancelled(FIRST), session("z", all_day("2026-12-10", "2026-12-11"))), CalendarKind.FEED),
        (FILE, CalendarKind.FILE),
    ],
    ids=["feed", "empty feed", "cancelled and all-day", "file"],
)
def test_what_the_project_writes_is_accepted(data: bytes, kind: CalendarKind) -> None:
    assert lint(data, kind) == []


def test_one_kind_is_not_taken_for_another() -> None:
    own = ("NAME", "X-WR-CALNAME", "X-WR-TIMEZONE", "REFRESH-INTERVAL", "X-PUBLISHED-TTL", "SOURCE", "URL")

    assert lint(FILE, CalendarKind.FEED) == [Fault(1, f"VCALENDAR has no {name}") for name in sorted(own)]
    assert sorted(told(FEED, CalendarKind.FILE)) == [
        *(f"VCALENDAR must not have {name}" for name in sorted(own)),
        "has 2 VEVENTs, not 1",
    ]


BROKEN = {
    # Bytes
    "bare LF": (FEED, b"VERSION:2.0\r\n", b"VERSION:2.0\n", ["CR or LF outside of CRLF"]),
    "empty line": (
        FEED,
        b"VERSION:2.0\r\n",
        b"VERSION:2.0\r\n\r\n",
        ["is empty", "is no content line"],
    ),
    "long line": (
        FEED,
        b"NAME:MSIX trainings\r\n",
        b"NAME:" + b"x" * 71 + b"\r\n",
        ["76 octets, more than 75"],
    ),
    "split character": (
        FEED,
        b"NAME:MSIX trainings\r\n",
        b"NAME:\xc3\r\n \xb1\r\n",
        ["is not UTF-8 by itself", "is not UTF-8 by itself"],
    ),
    "control character": (
        FEED,
        b"NAME:MSIX trainings\r\n",
        b"NAME:a\x07\r\n",
        ["contains a control character"],
    ),
    "cut off": (
        FEED,
        b"END:VCALENDAR\r\n",
        b"END:VCALENDAR",
        ["the last line does not end in CRLF"],
    ),
    # Lines and components
    "no colon": (FEED, b"VERSION:2.0", b"VERSION", ["is no content line"]),
    "never closed": (FEED, b"END:VCALENDAR\r\n", b"", ["BEGIN:VCALENDAR is never closed"]),
    "wrong end": (FEED, b"END:VCALENDAR", b"END:VEVENT", ["END:VEVENT closes nothing"]),
    "two calendars": (
        FEED,
        b"END:VCALENDAR\r\n",
        b"END:VCALENDAR\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        ["is not exactly one VCALENDAR"],
    ),
    # The calendar
    "no component": (feed(header(), []), TIMEZONE, b"", ["VCALENDAR has no component"]),
    "no version": (FEED, b"VERSION:2.0\r\n", b"", ["VCALENDAR has no VERSION"]),
    "other version": (FEED, b"VERSION:2.0", b"VERSION:1.0", ["VERSION is 1.0, not 2.0"]),
    "no product": (
        FEED,
        b"PRODID:-//MSIX trainings//Schedule//EN\r\n",
        b"",
        ["VCALENDAR has no PRODID"],
    ),
    "a calendar's UID": (
        FEED,
        b"VERSION:2.0\r\n",
        b"VERSION:2.0\r\nUID:x\r\n",
        ["VCALENDAR must not have UID"],
    ),
    "alarm": (FEED, b"END:VEVENT\r\n", END_ALARM, ["VALARM does not belong here"]),
    # Time zones
    "no zone": (
        FEED,
        TIMEZONE,
        b"",
        [f"{name} is in America/Los_Angeles, which is not defined" for name in ("DTSTART", "DTEND") * 2],
    ),
    "zone twice": (FEED, TIMEZONE, TIMEZONE * 2, ["America/Los_Angeles is defined again"]),
    "dates for a rule": (
        FEED,
        b"RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3",
        b"RDATE:20080309T020000",
        ["DAYLIGHT has no RRULE", "DAYLIGHT must not have RDATE"],
    ),
    # Feeds
    "no VALUE": (
        FEED,
        b"REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        b"REFRESH-INTERVAL:PT6H",
        ["REFRESH-INTERVAL:PT6H is not of the form REFRESH-INTERVAL;VALUE=DURATION:PT6H"],
    ),
    "method in a feed": (
        FEED,
        b"VERSION:2.0\r\n",
        b"VERSION:2.0\r\nMETHOD:PUBLISH\r\n",
        ["VCALENDAR must not have METHOD"],
    ),
    "no source": (
        FEED,
        b"SOURCE;VALUE=URI:https://trainings.example.org/calendar/all.ics\r\n",
        b"",
        ["VCALENDAR has no SOURCE"],
    ),
    # Events
    "no UID": (FEED, b"UID:first@msix-trainings\r\n", b"", ["VEVENT has no UID"]),
    "same UID": (FEED, b"UID:first@", b"UID:second@", ["UID second@msix-trainings stands again"]),
    "organizer in a feed": (
        FEED,
        b"STATUS:CONFIRMED\r\n",
        b"STATUS:CONFIRMED\r\nORGANIZER:mailto:a@example.org\r\n",
        ["VEVENT must not have ORGANIZER"],
    ),
    "HTML": (
        FEED,
        b"STATUS:CONFIRMED\r\n",
        b"STATUS:CONFIRMED\r\nX-ALT-DESC;FMTTYPE=text/html:<p>\r\n",
        ["VEVENT must not have X-ALT-DESC"],
    ),
    "a rule in an event": (
        FEED,
        b"STATUS:CONFIRMED\r\n",
        b"STATUS:CONFIRMED\r\nRRULE:FREQ=DAILY\r\n",
        ["VEVENT must not have RRULE"],
    ),
    "a clock's stamp": (FEED, b"DTSTAMP:2026", b"DTSTAMP:2027", ["DTSTAMP is not LAST-MODIFIED"]),
    "local stamp": (
        FEED,
        b":20260901T173000Z",
        b":20260901T173000",
        ["DTSTAMP is not LAST-MODIFIED", "DTSTAMP is not in UTC"],
    ),
    "no number": (FEED, b"SEQUENCE:3", b"SEQUENCE:x", ["SEQUENCE is no number"]),
    "no category": (
        FEED,
        b"CATEGORIES:MSIX overview,Spanish,Online,For staff\r\n",
        b"",
        ["VEVENT has no CATEGORIES"],
    ),
    "a color by its code": (FEED, b"COLOR:navy", b"COLOR:#000080", ["COLOR is #000080, no name of a color"]),
    "tentative": (
        FEED,
        b"STATUS:CONFIRMED",
        b"STATUS:TENTATIVE",
        ["STATUS is neither CONFIRMED nor CANCELLED"],
    ),
    "busy though cancelled": (
        FEED,
        b"STATUS:CONFIRMED",
        b"STATUS:CANCELLED",
        ["TRANSP is OPAQUE", "X-MICROSOFT-CDO-BUSYSTATUS and TRANSP disagree"],
    ),
    "no such day": (
        FEED,
        b":20261203T100000",
        b":20261303T100000",
        ["DTSTART is no date and no time in a known zone"],
    ),
    "a folder of zones": (
        FEED,
        b"DTSTART;TZID=America/Los_Angeles",
        b"DTSTART;TZID=America",
        ["DTSTART is in America, which is not defined", "DTSTART is no date and no time in a known zone"],
    ),
    "a time that comes twice": (
        in_feed(session("night", timed("2026-11-01 00:30", "2026-11-01 03:00"))),
        b":20261101T030000",
        b":20261101T013000",
        ["DTEND comes twice on that day; only UTC says which one is meant"],
    ),
    "ends at once": (
        FEED,
        b":20261203T113000",
        b":20261203T100000",
        ["ends when it starts, or before"],
    ),
    "date and time": (
        FEED,
        b"DTEND;TZID=America/Los_Angeles:20261203T113000",
        b"DTEND;VALUE=DATE:20261204",
        ["one of DTSTART and DTEND is a date, the other a time"],
    ),
}


def told(data: bytes, kind: CalendarKind = CalendarKind.FEED) -> list[str]:
    """Return what is wrong with a calendar, without the numbers of the lines."""
    return [text for _, text in lint(data, kind)]


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_calendar_is_told_what_is_wrong(name: str) -> None:
    data, found, put, texts = BROKEN[name]
    assert found in data

    assert told(data.replace(found, put, 1)) == texts


def test_a_fault_names_the_line_of_the_file_on_which_it_begins() -> None:
    lines = FEED.split(b"\r\n")
    second = len(lines) - lines[::-1].index(b"BEGIN:VEVENT")
    folded = next(n for n, line in enumerate(lines, 1) if n > second and line.startswith(b"DESCRIPTION"))
    lines[folded - 1] = lines[folded - 1].replace(b"DESCRIPTION:", b"X-ALT-DESC:")
    lines[folded] = lines[folded][:-1] + b"\x07"

    assert lint(b"\r\n".join(lines), CalendarKind.FEED) == [
        (folded, "VEVENT must not have X-ALT-DESC"),
        (folded + 1, "contains a control character"),
    ]


def test_events_out_of_order_are_told() -> None:
    early = session("early", timed("2026-12-01 10:00", "2026-12-01 11:00"))
    second = session("first-b")

    out_of_order = ["starts before the event above it, or has the lesser UID"]
    assert told(in_feed(FIRST, early)) == out_of_order
    assert told(in_feed(second, FIRST)) == out_of_order
    assert told(in_feed(FIRST, second)) == []


def test_a_file_holds_one_session() -> None:
    two = FILE.replace(
        b"END:VCALENDAR", event_bytes(SECOND, Language.ENGLISH, SITE_URL, english) + b"END:VCALENDAR"
    )

    assert lint(two, CalendarKind.FILE) == [(1, "has 2 VEVENTs, not 1")]
