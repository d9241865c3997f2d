# SPDX-License-Identifier: AGPL-3.0-or-later
"""Emails go out in the order in which they were recorded, and not after they are of use."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from register.domain.errors import RegisterError, UnknownSession
from register.domain.model import ChangedBy, Kind, Occupancy
from register.mail.backends.base import TryLater
from register.mail.delivery import DeliveryReport
from register.stores.errors import Damaged
from register.stores.memory import MemoryStore
from tests.support.builders import SESSION, STARTS
from tests.support.constants import MINUTE, SECOND
from tests.support.outbox import PEOPLE, Outbox, email_of, emails_of


def test_what_is_due_is_sent_in_its_order_and_once(outbox: Outbox) -> None:
    assert outbox.deliver() == DeliveryReport(sent=4)
    assert outbox.backend.taken == emails_of(PEOPLE)
    assert outbox.delivery("Ana").sent == outbox.clock.time
    assert outbox.deliver() == DeliveryReport()
    assert outbox.backend.taken == emails_of(PEOPLE)


def test_emails_of_one_registration_arrive_in_the_order_in_which_they_were_recorded(outbox: Outbox) -> None:
    ana = outbox.delivery("Ana").message
    outbox.fails("Ana", TryLater("mail: 451 greylisted"))
    outbox.store.cancel(SESSION, ana.registration_id, now=outbox.clock.time, by=ChangedBy.PERSON)
    assert outbox.deliver() == DeliveryReport(sent=3, later=1)

    outbox.clock.time += MINUTE
    assert outbox.deliver() == DeliveryReport(sent=2)
    assert [
        delivery.message.kind
        for delivery in sorted(
            outbox.store.messages_of(email_of("Ana")), key=lambda delivery: str(delivery.sent)
        )
    ] == [Kind.CONFIRMATION, Kind.CANCELLATION]
    assert outbox.backend.taken[-2:] == emails_of(["Ana", "Ana"])


def test_a_reminder_of_a_session_that_has_begun_is_not_sent(
    outbox: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    outbox.deliver()
    assert outbox.store.write_reminders(SESSION, now=STARTS - timedelta(hours=1)) == len(PEOPLE)
    outbox.clock.time = STARTS - SECOND
    first_reminder_only = outbox.deliver(go_on=lambda: len(outbox.backend.taken) < len(PEOPLE) + 1)
    assert first_reminder_only == DeliveryReport(sent=1)

    outbox.clock.time = STARTS
    assert outbox.deliver() == DeliveryReport(dropped=3)
    assert len(outbox.backend.taken) == len(PEOPLE) + 1
    assert (outbox.store.pending(), outbox.store.failed()) == ([], [])
    warnings = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    why = "not sent: the session is over, or what it reminds of has begun"
    expected = f"/reminder/{int(STARTS.timestamp())}: {why}"
    assert [warning.endswith(expected) for warning in warnings] == [True] * 3


def test_nothing_goes_out_about_a_session_that_is_over(outbox: Outbox) -> None:
    ends = outbox.store.session(SESSION).terms.ends
    outbox.clock.time = ends - SECOND
    assert outbox.deliver(go_on=lambda: not outbox.backend.taken) == DeliveryReport(sent=1)
    outbox.clock.time = ends
    assert outbox.deliver() == DeliveryReport(dropped=3)
    assert outbox.backend.taken == emails_of(["Ana"])
    assert (outbox.store.pending(), outbox.store.failed()) == ([], [])
    assert outbox.delivery("Ben").problem == (
        "not sent: the session is over, or what it reminds of has begun"
    )


def moved_to_now(outbox: Outbox) -> datetime:
    """Move the session ahead, so that it begins at once; return when it ends."""
    before, now = outbox.store.session(SESSION), outbox.clock.time
    earlier = replace(before.terms, starts=now, closes=now, ends=now + MINUTE)
    outbox.store.sync_session(earlier, None, expected=before)
    return earlier.ends


def test_nothing_goes_out_about_a_session_that_was_moved_to_a_time_that_has_passed(outbox: Outbox) -> None:
    ends = moved_to_now(outbox)
    outbox.clock.time = ends - SECOND
    assert outbox.deliver(go_on=lambda: not outbox.backend.taken) == DeliveryReport(sent=1)
    outbox.clock.time = ends
    assert outbox.deliver() == DeliveryReport(dropped=3)
    assert outbox.backend.taken == emails_of(["Ana"])


def test_an_event_that_stands_in_a_calendar_for_later_ends_although_its_session_was_moved_and_is_over(
    outbox: Outbox,
) -> None:
    ana = outbox.delivery("Ana").message
    outbox.deliver()
    outbox.store.cancel(SESSION, ana.registration_id, now=outbox.clock.time, by=ChangedBy.PERSON)
    outbox.clock.time = moved_to_now(outbox)

    assert outbox.deliver() == DeliveryReport(sent=1)
    assert outbox.backend.taken[-1] == email_of("Ana")


class _WithoutSession(MemoryStore):
    """A store from which a session cannot be read any more."""

    def __init__(self, store: MemoryStore, error: RegisterError) -> None:
        vars(self).update(vars(store))
        self.error = error

    def session(self, session_id: str) -> Occupancy:  # noqa: ARG002 - the port's
        raise self.error


@pytest.mark.parametrize(
    "error",
    [UnknownSession(SESSION), Damaged(SESSION, "ends", "is no time")],
    ids=["withdrawn", "damaged"],
)
def test_emails_about_a_session_that_is_withdrawn_or_damaged_go_by_what_they_say(
    outbox: Outbox, error: RegisterError
) -> None:
    outbox.store = _WithoutSession(outbox.store, error)

    assert outbox.deliver() == DeliveryReport(sent=4)


def test_a_message_that_cannot_be_read_is_given_up_and_holds_up_no_other(outbox: Outbox) -> None:
    ben = outbox.delivery("Ben")
    outbox.store.outbox[ben.message.key] = replace(ben, message=replace(ben.message, snapshot_json="{"))
    assert outbox.deliver() == DeliveryReport(sent=3, failed=1)
