# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who gets the emails: an inbox and two calendars for each address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.policy import compat32

from schedule.addresses import FUNCTION
from tests.support.calendar_client import CalendarClient, CalendarMessage, calendars, read_email

_LINK = re.compile(rf"\S*({FUNCTION}manage/[\w.~-]+)")


@dataclass(frozen=True)
class Arrival:
    """An email that has arrived."""

    name: str
    """The email's own, from its recipient and Message-ID; a copy has the same."""
    at: datetime
    """By the clock of whoever sent it."""
    text: str = field(repr=False)
    """What is read."""
    asked: CalendarMessage | None
    """What it asks the calendar to do."""


@dataclass
class Recipient:
    """One email address."""

    email: str
    calendars: tuple[CalendarClient, CalendarClient] = field(default_factory=calendars)
    inbox: list[Arrival] = field(default_factory=list)

    def take(self, name: str, content: bytes, at: datetime) -> Arrival:
        """Let an email arrive, and the calendars do what it says."""
        email = message_from_bytes(content, policy=compat32)
        asked = read_email(email, self.email) if b"text/calendar" in content else None
        if asked is not None:
            for client in self.calendars:
                client.receive(asked)
        [plain] = (part for part in email.walk() if part.get_content_type() == "text/plain")
        data = plain.get_payload(decode=True)
        assert isinstance(data, bytes)
        arrival = Arrival(name, at, data.decode(), asked)
        self.inbox.append(arrival)
        return arrival

    def links(self) -> Iterator[str]:
        """Yield the paths of the personal links in the inbox, the newest first."""
        for arrival in reversed(self.inbox):
            yield from _LINK.findall(arrival.text)
