# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calendars of people who get our emails: one that obeys RFC 5546, and one that forgets what was canceled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message as Email
from email.policy import compat32
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from plugins.calendar_lines import Component, Property, parsed


class BadInvitation(Exception):
    """A calendar that a client could not act on."""


@dataclass(frozen=True, slots=True)
class Event:
    """What a calendar shows of an event."""

    uid: str
    starts: datetime
    ends: datetime
    location: str


@dataclass(frozen=True, slots=True)
class CalendarMessage:
    """What an email asks a calendar to do (RFC 5546 §3.2)."""

    method: str
    event: Event
    order: tuple[int, str]
    """SEQUENCE and DTSTAMP: of two messages with one UID, the greater one is the newer (RFC 5546 §2.1.5)."""


@dataclass
class CalendarClient:
    """The calendar of one address, as RFC 5546 has it: it knows how far it has heard of each UID, for good."""

    events: dict[str, Event] = field(default_factory=dict)
    heard: dict[str, tuple[int, str]] = field(default_factory=dict)
    refused: int = 0
    """How many messages were older than what was known."""

    def receive(self, message: CalendarMessage) -> None:
        """Do what a message asks for, unless something newer of the same event was heard (RFC 5546 §2.1.5)."""
        uid = message.event.uid
        if message.order < self.heard.get(uid, message.order):
            self.refused += 1
            return
        self.heard[uid] = message.order
        if message.method == "REQUEST":
            self.events[uid] = message.event
        else:
            self.events.pop(uid, None)


@dataclass
class ForgetfulClient(CalendarClient):
    """A calendar as Thunderbird is: it forgets what was canceled.

    It makes a canceled event again from a late older REQUEST, and obeys any CANCEL.
    """

    def receive(self, message: CalendarMessage) -> None:
        """Do what a message asks for; only a REQUEST for an event that is there may be too old."""
        if message.method == "REQUEST":
            super().receive(message)
            return
        self.events.pop(message.event.uid, None)
        self.heard.pop(message.event.uid, None)


def calendars() -> tuple[CalendarClient, CalendarClient]:
    """Return one calendar of each kind."""
    return CalendarClient(), ForgetfulClient()


def fed(emails: Iterable[bytes], address: str) -> tuple[CalendarClient, CalendarClient]:
    """Return calendars of each kind that these emails have reached, one after the other."""
    both = calendars()
    for email in emails:
        if (message := read(email, address)) is not None:
            for client in both:
                client.receive(message)
    return both


def read(content: bytes, address: str) -> CalendarMessage | None:
    """Return what the bytes of an email ask the calendar of an address to do; None if nothing. Raises BadInvitation."""
    return read_email(message_from_bytes(content, policy=compat32), address)


def read_email(email: Email, address: str) -> CalendarMessage | None:
    """Do as `read` with an email that has been taken apart (by the policy compat32)."""
    parts = [part for part in email.walk() if part.get_content_type() == "text/calendar"]
    if not parts:
        return None
    if len(parts) > 1:
        raise BadInvitation(f"{len(parts)} calendars in one email")
    [part] = parts
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    return _message(parsed(data), str(part.get_param("method")), address)


def _message(calendar: Component, method: str, address: str) -> CalendarMessage:
    """Read a VCALENDAR that came with a method in its Content-Type (RFC 6047 §2.4: both are the same)."""
    if method not in ("REQUEST", "CANCEL") or calendar.value("METHOD") != method:
        raise BadInvitation(f"METHOD is {calendar.value('METHOD')}, Content-Type says {method}")
    if len(calendar.events) != 1:
        raise BadInvitation(f"{len(calendar.events)} events in one message")
    [event] = calendar.events
    # Who is not an attendee takes the event for somebody else's.
    attendees = [parseaddr(each.value.removeprefix("mailto:"))[1] for each in event.all("ATTENDEE")]
    if attendees != [address]:
        raise BadInvitation(f"{event.value('UID')}: its attendee is not the recipient")
    [starts], [ends] = event.all("DTSTART"), event.all("DTEND")
    return CalendarMessage(
        method=method,
        event=Event(event.value("UID"), _instant(starts), _instant(ends), _text(event.value("LOCATION"))),
        order=(int(event.value("SEQUENCE")), event.value("DTSTAMP")),
    )


def _instant(of: Property) -> datetime:
    """Return a DATE-TIME in UTC; a date is its midnight, of which only equality is asked."""
    if of.parameters.get("VALUE") == "DATE":
        return datetime.strptime(of.value, "%Y%m%d").replace(tzinfo=UTC)
    if of.value.endswith("Z"):
        return datetime.strptime(of.value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    zone = ZoneInfo(of.parameters["TZID"])
    return datetime.strptime(of.value, "%Y%m%dT%H%M%S").replace(tzinfo=zone).astimezone(UTC)


def _text(value: str) -> str:
    """Return a TEXT value (RFC 5545 §3.3.11) without its escapes."""
    plain = value.replace("\\\\", "\0").replace("\\n", "\n").replace("\\N", "\n")
    return plain.replace("\\,", ",").replace("\\;", ";").replace("\0", "\\")
