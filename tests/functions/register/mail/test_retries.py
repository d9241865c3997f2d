# SPDX-License-Identifier: AGPL-3.0-or-later
"""An email that fails is tried again or given up, and holds up no other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from register.domain.messages import Message
from register.mail.backends.base import CannotDeliver, MailError, ServerDown, TryLater
from register.mail.compose import CannotCompose
from register.mail.delivery import DeliveryReport, Tried
from register.mail.outgoing import Email
from register.mail.policy import POLICY, DeliveryOutcome, retry_after
from tests.support.constants import MINUTE, SECOND
from tests.support.outbox import Outbox, emails_of


def test_an_email_that_fails_is_tried_again_and_the_others_go_on(outbox: Outbox) -> None:
    outbox.fails("Ben", TryLater("mail: 451 come again"))
    assert outbox.deliver() == DeliveryReport(sent=3, later=1)
    assert outbox.backend.taken == emails_of(["Ana", "Carla", "David"])
    ben = outbox.delivery("Ben")
    assert (ben.due, ben.attempts, ben.problem) == (outbox.clock.time + MINUTE, 1, "mail: 451 come again")

    outbox.clock.time += MINUTE - SECOND
    assert outbox.deliver() == DeliveryReport()
    outbox.clock.time += SECOND
    assert outbox.deliver() == DeliveryReport(sent=1)
    assert outbox.delivery("Ben").sent == outbox.clock.time


def test_the_time_between_tries_doubles_up_to_six_hours() -> None:
    minutes = [retry_after(attempts) // MINUTE for attempts in (0, 1, 2, 3, 8, 9, 30, 1000)]
    assert minutes == [1, 2, 4, 8, 256, 360, 360, 360]


def test_an_email_that_fails_for_three_days_is_given_up_and_kept_for_staff(outbox: Outbox) -> None:
    outbox.fails("Ana", *[TryLater("mail: 451 come again")] * 100)
    started, tries = outbox.clock.time, 0
    while (due := outbox.delivery("Ana").due) is not None:
        outbox.clock.time = max(due, outbox.clock.time)
        outbox.deliver()
        tries += 1
    assert tries == outbox.delivery("Ana").attempts == POLICY.most_tries
    assert timedelta(days=3) <= outbox.clock.time - started < timedelta(days=3, hours=6)
    assert [failed.message.name for failed in outbox.store.failed()] == ["Ana"]


def test_an_old_email_is_not_given_up_by_its_first_failures(outbox: Outbox) -> None:
    outbox.clock.time += timedelta(days=5)
    outbox.fails("Ana", TryLater("mail: 451 come again"))
    assert outbox.deliver() == DeliveryReport(sent=3, later=1)


def test_an_email_that_cannot_be_delivered_is_given_up_at_once_and_the_others_go_on(outbox: Outbox) -> None:
    outbox.fails("Ben", CannotDeliver("mail: 550 no such user"))
    assert outbox.deliver() == DeliveryReport(sent=3, failed=1)
    (failed,) = outbox.store.failed()
    assert (failed.message.name, failed.due, failed.problem) == ("Ben", None, "mail: 550 no such user")


def test_an_email_that_cannot_be_written_is_given_up_and_the_others_go_on(outbox: Outbox) -> None:
    whole = outbox.compose

    def broken(message: Message) -> Email:
        if message.name == "Ben":
            raise CannotCompose(message, ValueError("Ben"))
        return whole(message)

    outbox.compose = broken
    assert outbox.deliver() == DeliveryReport(sent=3, failed=1)
    (failed,) = outbox.store.failed()
    assert failed.problem == f"{failed.message.label}: no email can be made of it (ValueError)"


def test_an_unexpected_error_costs_no_other_email_its_turn(
    outbox: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    outbox.fails("Ben", *[ZeroDivisionError("Ben <ben@example.net>")] * 100)
    assert outbox.deliver() == DeliveryReport(sent=3, later=1)
    assert outbox.backend.taken == emails_of(["Ana", "Carla", "David"])
    ben = outbox.delivery("Ben")
    assert (ben.due, ben.attempts, ben.problem) == (outbox.clock.time + MINUTE, 1, "ZeroDivisionError")
    # The connection may be in the middle of something.
    assert outbox.backend.closed == 2
    (logged,) = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert logged.startswith(f"{ben.message.label}: ZeroDivisionError\n")
    assert "in send" in logged
    assert "ben@" not in caplog.text

    while (due := outbox.delivery("Ben").due) is not None:
        outbox.clock.time = due
        outbox.deliver()
    (failed,) = outbox.store.failed()
    assert (failed.message.name, failed.problem) == ("Ben", "ZeroDivisionError")


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (TryLater("mail: 451 come again"), DeliveryOutcome.LATER),
        (ServerDown("mail:25: no connection"), DeliveryOutcome.LATER),
        (CannotDeliver("mail: 550 no such user"), DeliveryOutcome.FAILED),
    ],
)
def test_a_message_that_fails_is_kept_when_the_stream_names_it(
    outbox: Outbox, problem: MailError, expected: DeliveryOutcome
) -> None:
    outbox.fails("Carla", problem)
    down = isinstance(problem, ServerDown)
    assert outbox.deliver_one("Carla") == Tried(expected, down)
    kept = outbox.delivery("Carla")
    assert (kept.attempts, kept.problem) == (0 if down else 1, str(problem))
    wait = timedelta() if down else MINUTE
    assert kept.due == (None if expected is DeliveryOutcome.FAILED else outbox.clock.time + wait)
