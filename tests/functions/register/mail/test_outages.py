# SPDX-License-Identifier: AGPL-3.0-or-later
"""While the server is down nothing is lost, nothing is given up, and nothing counts against an email."""

from __future__ import annotations

from datetime import timedelta

from register.domain.errors import RegisterError
from register.domain.model import Message
from register.mail.backends.base import ServerDown, TryLater
from register.mail.delivery import DeliveryReport
from register.mail.outgoing import Email
from tests.support.outbox import MINUTE, Outbox, emails_of


def test_a_server_that_is_down_is_asked_once_and_nothing_is_lost(outbox: Outbox) -> None:
    outbox.fails("Ben", ServerDown("mail:25: no connection"))
    assert outbox.deliver() == DeliveryReport(sent=1, later=3)
    assert outbox.backend.tried == emails_of(["Ana", "Ben"])
    assert [(waiting.message.name, waiting.due, waiting.problem) for waiting in outbox.store.pending()] == [
        (name, outbox.clock.time + MINUTE, "mail:25: no connection") for name in ("Ben", "Carla", "David")
    ]
    outbox.clock.time += MINUTE
    assert outbox.deliver() == DeliveryReport(sent=3)


def test_an_outage_of_days_does_not_count_against_an_email(outbox: Outbox) -> None:
    outbox.backend.goes_down()
    ends = outbox.clock.time + timedelta(days=4)
    while outbox.clock.time < ends:
        outbox.deliver()
        outbox.clock.time = outbox.next_due()
    assert [(waiting.attempts, waiting.problem) for waiting in outbox.store.pending()] == [
        (0, "mail:25: no connection")
    ] * 4

    outbox.backend.comes_back()
    outbox.clock.time = ends + timedelta(hours=1)
    outbox.fails("Ana", TryLater("mail: 451 greylisted"))
    assert outbox.deliver() == DeliveryReport(sent=3, later=1)
    ana = outbox.delivery("Ana")
    assert (ana.due, ana.attempts) == (outbox.clock.time + MINUTE, 1)


def test_the_time_between_tries_doubles_in_an_outage(outbox: Outbox) -> None:
    outbox.backend.goes_down()
    waits: list[int] = []
    outbox.clock.time = outbox.delivery("Ana").message.recorded
    for _ in range(7):
        outbox.deliver_one("Ana")
        due = outbox.delivery("Ana").due
        assert due is not None
        waits.append((due - outbox.clock.time) // MINUTE)
        outbox.clock.time = due
    assert waits == [1, 1, 2, 4, 8, 15, 15]


def test_a_long_outage_loses_nothing_and_ends_within_a_quarter_of_an_hour(outbox: Outbox) -> None:
    outbox.backend.goes_down()
    ends = outbox.clock.time + timedelta(days=10)
    while outbox.clock.time < ends:
        assert outbox.deliver().failed == 0
        outbox.clock.time = outbox.next_due()
    outbox.backend.comes_back()
    last_due = max(waiting.due for waiting in outbox.store.pending() if waiting.due)
    assert last_due - ends <= timedelta(minutes=15)
    outbox.clock.time += timedelta(minutes=15)
    assert outbox.deliver() == DeliveryReport(sent=4)


def test_an_error_of_ours_that_is_true_of_all_emails_counts_against_none(outbox: Outbox) -> None:
    def no_build(_message: Message) -> Email:
        raise RegisterError("build/site.json is not there; run make html first")

    outbox.compose = no_build
    assert outbox.deliver() == DeliveryReport(later=4)
    assert {(waiting.attempts, waiting.problem) for waiting in outbox.store.pending()} == {
        (0, "build/site.json is not there; run make html first")
    }
