# SPDX-License-Identifier: AGPL-3.0-or-later
"""The envelope of an email and its calendar: what servers, clients and strangers make of them."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest

from register.domain.messages import Method
from register.domain.model import Kind, State
from register.mail.compose import CannotCompose
from schedule.model import LANGUAGES, Language
from tests.support.emails import (
    KINDS_AND_STATES,
    NAME,
    NUMBER,
    RECORDED,
    calendar_of,
    composed,
    email_for,
    html_of,
    message,
    received,
    snapshot_json,
    text_of,
)
from tests.support.schedules import session

ENGLISH, SPANISH = Language.ENGLISH, Language.SPANISH
CONFIRMED, WAITLISTED = State.CONFIRMED, State.WAITLISTED
EVERY = pytest.mark.parametrize(
    ("kind", "state", "language"), [(*each, language) for each in KINDS_AND_STATES for language in LANGUAGES]
)


def types(email: EmailMessage) -> list[str]:
    """Return the types of an email's parts, as they are nested."""
    return [part.get_content_type() for part in email.walk()]


# The envelope


@EVERY
def test_the_headers_are_complete_and_say_nothing_more(kind: Kind, state: State, language: Language) -> None:
    email = email_for(kind, state, language)
    names = ["From", "Reply-To", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"]
    assert email.keys() == [
        *names,
        "X-Auto-Response-Suppress",
        "Content-Language",
        "MIME-Version",
        "Content-Type",
    ]
    assert email["From"] == "MSIX Training <training@example.org>"
    assert email["Reply-To"] == "The office <office@example.org>"
    nameless = kind is Kind.ADDRESS_CHANGED
    assert email["To"] == ("maria@example.net" if nameless else "María Núñez <maria@example.net>")
    assert email["Date"].datetime == RECORDED.replace(microsecond=0)
    assert email["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(rf"\s*<{kind}\.[\w-]{{43}}@example\.org>", email["Message-ID"])
    assert not email.defects


def test_the_same_message_gives_the_same_bytes() -> None:
    assert composed(message()) == composed(message())


def test_each_message_has_an_id_of_its_own() -> None:
    several = [message(), message(registration_id="rid-8"), message(occasion="twice"), message(Kind.REMINDER)]
    assert len({received(each)["Message-ID"] for each in several}) == 4


@pytest.mark.parametrize(
    "name",
    [
        "Eve\r\nBcc: eve@example.com",
        "Eve\nX: y",
        "Eve\x00\x0b\x85\u2028Adams",
        '"Eve" <eve@example.com>',
        "\ud800Eve",
    ],
)
def test_a_name_cannot_write_headers(name: str) -> None:
    email = received(message(name=name))
    assert [each.addr_spec for each in email["To"].addresses] == ["maria@example.net"]
    assert "Bcc" not in email
    assert "X" not in email


@pytest.mark.parametrize(
    "name",
    [
        "Ma.Elena Cruz",
        "J.R. Ortiz",
        "<b>Eve</b>",
        'Eve & "Ana" O\'Hara',
        "{{ 7 * 7 }}",
        "%(title)s",
        "x\n\ny",
    ],
)
def test_a_name_is_shown_as_it_is_and_nothing_else(name: str) -> None:
    email = received(message(name=name))
    shown = " ".join(name.split())
    assert text_of(email).startswith(f"Hello {shown},\n\nYou are signed up\n")
    assert html.unescape(re.findall(r"<p[^>]*>(Hello.*?)</p>", html_of(email))[0]) == f"Hello {shown},"
    assert "<b>Eve" not in html_of(email)


@pytest.mark.parametrize(
    "email",
    ["a@example.net, b@example.net", "a@example.net\nBcc: b@example.net", "a b@example.net", "a@b@example.net", "", "a", "ñ, b@example.net", f"a@{'x' * 64}.net"],
)  # fmt: skip
def test_what_is_not_one_email_address_gets_no_email(email: str) -> None:
    with pytest.raises(CannotCompose) as caught:
        composed(message(email=email))
    assert str(caught.value).startswith(
        "2026-12-03-overview/rid-7/confirmation/once: no email can be made of it ("
    )
    assert "example.net" not in str(caught.value)


def test_a_domain_in_other_letters_is_written_as_dns_has_it() -> None:
    assert composed(message(email="jose@exämple.net")).recipient == "jose@xn--exmple-cua.net"


def test_bad_data_is_an_error_of_this_message_alone() -> None:
    data = json.loads(snapshot_json(session()))
    data["sessions"][0]["start"] = "soon"
    empty: dict[str, Any] = {}
    for broken in ("", "{", json.dumps(empty), json.dumps({"schema_version": 99}), json.dumps(data)):
        with pytest.raises(CannotCompose):
            composed(message(snapshot_json=broken))


# For calendars


@pytest.mark.parametrize(
    ("kind", "state", "expected"),
    [
        (Kind.CONFIRMATION, CONFIRMED, Method.REQUEST),
        (Kind.WAITING_LIST, WAITLISTED, None),
        (Kind.PROMOTION, CONFIRMED, Method.REQUEST),
        (Kind.CHANGE, CONFIRMED, Method.REQUEST),
        (Kind.CHANGE, WAITLISTED, None),
        (Kind.LINK, CONFIRMED, Method.REQUEST),
        (Kind.CANCELLATION, CONFIRMED, Method.CANCEL),
        (Kind.CANCELLATION, WAITLISTED, None),
        (Kind.SESSION_CANCELLATION, CONFIRMED, Method.CANCEL),
        (Kind.SESSION_CANCELLATION, WAITLISTED, None),
        (Kind.REMINDER, CONFIRMED, None),
    ],
)
def test_only_people_who_have_or_had_a_seat_have_an_event_in_the_calendar(
    kind: Kind, state: State, expected: Method | None
) -> None:
    email = email_for(kind, state)
    body = ["multipart/alternative", "text/plain", "text/html"]
    if expected is None:
        assert types(email) == body
        return
    assert types(email) == ["multipart/mixed", *body, "text/calendar", "application/ics"]
    part = next(part for part in email.walk() if part.get_content_type() == "text/calendar")
    assert dict(part["Content-Type"].params) == {"charset": "utf-8", "method": expected.value}
    assert part["Content-Disposition"] is None
    calendar = calendar_of(email)
    assert calendar is not None
    read = icalendar.Calendar.from_ical(calendar)
    assert str(read["METHOD"]) == expected.value
    (event,) = read.events
    assert event["UID"] == "2026-12-03-overview@msix-trainings"
    assert event["SEQUENCE"] == NUMBER
    assert event["DTSTAMP"].dt == datetime(2026, 11, 20, 8, 15, 30, tzinfo=UTC)
    assert event["ORGANIZER"] == "mailto:training@example.org"
    assert event["ATTENDEE"] == "mailto:maria@example.net"
    assert event["ATTENDEE"].params == {
        "CN": NAME,
        "PARTSTAT": "ACCEPTED",
        "ROLE": "REQ-PARTICIPANT",
        "RSVP": "FALSE",
    }
    assert event["STATUS"] == ("CANCELLED" if expected is Method.CANCEL else "CONFIRMED")


def test_the_attached_file_is_the_same_calendar() -> None:
    for kind, name in ((Kind.CONFIRMATION, "invitation.ics"), (Kind.CANCELLATION, "cancellation.ics")):
        email = email_for(kind, CONFIRMED)
        (attached,) = email.iter_attachments()
        assert attached.get_filename() == name
        assert attached.get_content() == calendar_of(email)


def test_a_name_that_calendars_cannot_carry_is_left_out_there() -> None:
    calendar = calendar_of(received(message(name=r"Foo \Number")))
    assert calendar is not None
    (event,) = icalendar.Calendar.from_ical(calendar).events
    assert "CN" not in event["ATTENDEE"].params


def test_the_form_does_not_wait_for_what_only_emails_need() -> None:
    program = (
        "import sys, register.mail.compose, register.mail.delivery, register.mail.backends.base, register.mail.backends.smtp, register.mail.backends.ses;"
        "print(sorted({'babel', 'icalendar', 'boto3', 'botocore'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
