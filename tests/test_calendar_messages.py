# SPDX-License-Identifier: AGPL-3.0-or-later
"""The check of invitations and cancellations accepts what the project writes, and names what is broken."""

from __future__ import annotations

import pytest

from schedule.invitations import Address, cancellation, invitation
from schedule.model import Language
from tests.support.calendar_messages import lint_message
from tests.support.calendars import ORGANIZER, RECORDED, english
from tests.support.constants import SITE_URL
from tests.support.schedules import session

MAIL = {
    "organizer": ORGANIZER,
    "attendee": Address("Al", "al@example.net"),
    "number": 7,
    "stamp": RECORDED,
}
REQUEST = invitation(session("first"), Language.ENGLISH, SITE_URL, english, **MAIL)
CANCEL = cancellation(session("first"), Language.ENGLISH, SITE_URL, english, **MAIL)
BROKEN = {
    "other method": (
        REQUEST,
        b"METHOD:REQUEST",
        b"METHOD:PUBLISH",
        ["METHOD is PUBLISH, neither REQUEST nor CANCEL"],
    ),
    "request to cancel": (
        CANCEL,
        b"METHOD:CANCEL",
        b"METHOD:REQUEST",
        ["STATUS is CANCELLED in a CANCEL, and only there"],
    ),
    "wants an answer": (
        REQUEST,
        b"RSVP=FALSE",
        b"RSVP=TRUE",
        ["ATTENDEE is no mailto: address with RSVP=FALSE"],
    ),
    "organizer's role": (
        REQUEST,
        b'ORGANIZER;CN="MSIX Training":',
        b"ORGANIZER;ROLE=CHAIR:",
        ["ORGANIZER is no mailto: address with a name"],
    ),
    "no organizer": (
        REQUEST,
        b'ORGANIZER;CN="MSIX Training":mailto:training@example.org\r\n',
        b"",
        ["VEVENT has no ORGANIZER"],
    ),
    "a feed's name": (
        REQUEST,
        b"METHOD:REQUEST\r\n",
        b"METHOD:REQUEST\r\nNAME:MSIX\r\n",
        ["VCALENDAR must not have NAME"],
    ),
    "cut off": (REQUEST, b"END:VCALENDAR\r\n", b"", ["BEGIN:VCALENDAR is never closed"]),
}


@pytest.mark.parametrize("data", [REQUEST, CANCEL], ids=["invitation", "cancellation"])
def test_what_the_project_writes_is_accepted(data: bytes) -> None:
    assert lint_message(data) == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_message_is_told_what_is_wrong(name: str) -> None:
    data, found, put, texts = BROKEN[name]
    assert found in data

    assert [text for _, text in lint_message(data.replace(found, put, 1))] == texts
