# SPDX-License-Identifier: AGPL-3.0-or-later
"""The calendars of the tests' recipients do what RFC 5546 says, or what Thunderbird does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from register.domain.messages import Method
from register.domain.model import Kind, State
from tests.support.calendar_client import BadInvitation, CalendarClient, Event, ForgetfulClient, fed, read
from tests.support.emails import JOIN, MOVED, NUMBER, composed, message
from tests.support.schedules import session

MARIA = "maria@example.net"
EVENT = Event(
    uid="2026-12-03-overview@msix-trainings",
    starts=datetime(2026, 12, 3, 18, tzinfo=UTC),
    ends=datetime(2026, 12, 3, 19, 30, tzinfo=UTC),
    location=JOIN,
)
INVITATION = composed(message(Kind.CONFIRMATION)).content
MOVE = composed(message(Kind.CHANGE, about=MOVED, number=NUMBER + 1)).content
CANCELLATION = composed(message(Kind.CANCELLATION, number=NUMBER + 2)).content
NEITHER = composed(message(Kind.CANCELLATION, number=NUMBER + 3, method=None)).content


def events(*emails: bytes) -> list[dict[str, Event]]:
    """Return what the two calendars show after these emails: first RFC 5546's, then the forgetful one's."""
    return [client.events for client in fed(emails, MARIA)]


def test_an_invitation_puts_an_event_into_a_calendar_and_a_cancellation_takes_it_out() -> None:
    moved = replace(EVENT, starts=MOVED.period.start, ends=MOVED.period.end)

    assert events(INVITATION) == [{EVENT.uid: EVENT}] * 2
    assert events(INVITATION, MOVE) == [{EVENT.uid: moved}] * 2
    assert events(INVITATION, MOVE, NEITHER) == [{EVENT.uid: moved}] * 2
    assert events(INVITATION, MOVE, CANCELLATION) == [{}] * 2


def test_an_older_invitation_changes_no_event_that_is_there() -> None:
    moved = replace(EVENT, starts=MOVED.period.start, ends=MOVED.period.end)
    assert events(MOVE, INVITATION) == [{EVENT.uid: moved}] * 2


def test_only_who_forgets_takes_a_canceled_event_up_again_from_a_late_older_invitation() -> None:
    assert events(INVITATION, CANCELLATION, INVITATION) == [{}, {EVENT.uid: EVENT}]


def test_only_who_forgets_obeys_an_old_cancellation() -> None:
    later = composed(message(Kind.CONFIRMATION, number=NUMBER + 9)).content
    assert events(later, CANCELLATION) == [{EVENT.uid: EVENT}, {}]


def test_of_two_equal_sequences_the_stamp_decides() -> None:
    client = CalendarClient()
    newer = read(MOVE, MARIA)
    assert newer is not None
    client.receive(newer)
    client.receive(replace(newer, method="CANCEL", order=(newer.order[0], "20200101T000000Z")))
    assert (list(client.events), client.refused) == ([EVENT.uid], 1)


def test_the_same_email_once_more_changes_nothing() -> None:
    assert events(INVITATION, INVITATION) == events(INVITATION)
    assert events(INVITATION, CANCELLATION, CANCELLATION) == [{}] * 2
    assert ForgetfulClient().refused == 0


def test_an_email_without_a_calendar_asks_for_nothing() -> None:
    waiting = message(Kind.WAITING_LIST, State.WAITLISTED)
    assert read(composed(waiting).content, MARIA) is None


@pytest.mark.parametrize(
    ("found", "put", "words"),
    [
        (b'method="CANCEL"', b'method="REQUEST"', "METHOD is CANCEL, Content-Type says REQUEST"),
        (b"text/plain", b"text/calendar", "2 calendars in one email"),
    ],
)
def test_what_no_client_could_act_on_is_no_invitation(found: bytes, put: bytes, words: str) -> None:
    assert found in CANCELLATION
    with pytest.raises(BadInvitation, match=words):
        read(CANCELLATION.replace(found, put, 1), MARIA)


def test_an_invitation_of_somebody_else_is_refused() -> None:
    with pytest.raises(BadInvitation, match="its attendee is not the recipient"):
        read(INVITATION, "beto@example.net")


def test_a_cancellation_is_what_the_message_says_it_is() -> None:
    called_off = message(Kind.CANCELLATION, method=Method.CANCEL)
    asked = read(composed(called_off).content, MARIA)
    assert asked is not None
    assert (asked.method, asked.order) == ("CANCEL", (NUMBER, "20261120T081530Z"))
    assert session().id in asked.event.uid
