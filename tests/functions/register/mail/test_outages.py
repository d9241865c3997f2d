# SPDX-License-Identifier: AGPL-3.0-or-later
"""While the server is down nothing is lost, nothing is given up, and nothing counts against an email."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from register.domain.errors import RegisterError
from register.domain.messages import Message
from register.mail.backends.base import Interrupted, MailError, ServerDown, TryLater, Unanswered
from register.mail.delivery import DeliveryReport
from register.mail.outgoing import Email
from register.mail.policy import POLICY, outage_wait
from register.mail.worker import Outage
from register.stores.deliveries import DeliveryFault
from tests.support.constants import MINUTE, SECOND
from tests.support.outbox import Clock, Outbox, emails_of

GONE = ServerDown("mail:25: no connection")


def test_a_server_that_is_down_is_asked_once_and_nothing_is_lost(outbox: Outbox) -> None:
    outbox.fails("Ben", GONE)
    assert outbox.deliver() == DeliveryReport(sent=1, later=1, down=True)
    assert outbox.backend.tried == emails_of(["Ana", "Ben"])
    # All are still due, and the one that has been tried comes last.
    assert [(waiting.message.name, waiting.problem) for waiting in outbox.store.pending()] == [
        ("Carla", None),
        ("David", None),
        ("Ben", "mail:25: no connection"),
    ]
    assert outbox.deliver() == DeliveryReport(sent=3)


def test_an_outage_of_days_does_not_count_against_an_email(outbox: Outbox) -> None:
    outbox.backend.goes_down()
    for _ in range(4 * 24 * 4):
        assert outbox.deliver() == DeliveryReport(later=1, down=True)
        outbox.clock.time += 15 * MINUTE
    assert [(waiting.attempts, waiting.problem) for waiting in outbox.store.pending()] == [
        (0, "mail:25: no connection")
    ] * 4

    outbox.backend.comes_back()
    outbox.fails("Ana", TryLater("mail: 451 greylisted"))
    assert outbox.deliver() == DeliveryReport(sent=3, later=1)
    ana = outbox.delivery("Ana")
    assert (ana.due, ana.attempts) == (outbox.clock.time + MINUTE, 1)


def test_the_time_between_questions_doubles_up_to_a_quarter_of_an_hour() -> None:
    assert [outage_wait(failures) // MINUTE for failures in (0, 1, 2, 3, 4, 5, 1000)] == [
        1,
        2,
        4,
        8,
        15,
        15,
        15,
    ]


def test_the_workers_of_a_process_ask_a_server_that_is_down_once_in_a_while() -> None:
    outage, clock = Outage(), Clock()
    waits = []
    for _ in range(6):
        asked = clock.time
        for _worker in range(POLICY.workers):
            outage.heard(down=True, now=clock.time)
        while not outage.is_over(clock.time):
            clock.time += SECOND
        waits.append((clock.time - asked) // MINUTE)
    assert waits == [1, 2, 4, 8, 15, 15]

    outage.heard(down=True, now=clock.time)
    outage.heard(down=False, now=clock.time)
    assert outage.is_over(clock.time)
    outage.heard(down=True, now=clock.time)
    assert outage.is_over(clock.time + MINUTE)


def test_a_clock_that_is_set_back_during_an_outage_keeps_nobody_waiting() -> None:
    outage, clock = Outage(), Clock()
    outage.heard(down=True, now=clock.time)
    assert not outage.is_over(clock.time)

    clock.time -= timedelta(hours=3)
    assert outage.is_over(clock.time)
    outage.heard(down=True, now=clock.time)
    assert not outage.is_over(clock.time)
    assert outage.is_over(clock.time + 2 * MINUTE)


@pytest.mark.parametrize("timed_out", [False, True])
def test_a_broken_connection_is_the_messages_fault_where_the_server_answers(
    outbox: Outbox, timed_out: bool
) -> None:
    outbox.fails("Ana", Interrupted("mail:25: hung up", timed_out=timed_out))
    assert outbox.deliver() == DeliveryReport(sent=3, later=1)
    ana = outbox.delivery("Ana")
    assert (ana.fault, ana.attempts, ana.slow) == (DeliveryFault.MESSAGE, 1, timed_out)
    assert ana.due == outbox.clock.time + MINUTE
    assert outbox.backend.probed == 1


def test_a_broken_connection_is_the_servers_fault_where_it_does_not_answer(outbox: Outbox) -> None:
    outbox.fails("Ana", Interrupted("mail:25: hung up", timed_out=True))
    outbox.backend.probes = [GONE]
    assert outbox.deliver() == DeliveryReport(later=1, down=True)
    ana = outbox.delivery("Ana")
    assert (ana.fault, ana.attempts, ana.slow, ana.due) == (DeliveryFault.SERVER, 0, False, outbox.clock.time)
    assert outbox.deliver() == DeliveryReport(sent=4)


@pytest.mark.parametrize("gone", [None, GONE])
def test_what_may_have_arrived_is_tried_after_four_and_eight_hours_and_then_given_up(
    outbox: Outbox, gone: MailError | None
) -> None:
    outbox.fails("Ana", *[Unanswered("mail:25: hung up after all")] * 9)
    tries = []
    while (due := outbox.delivery("Ana").due) is not None:
        outbox.clock.time = max(due, outbox.clock.time)
        outbox.backend.probes = [gone]
        tries.append(outbox.clock.time)
        outbox.deliver_one("Ana")
    assert [later - earlier for earlier, later in pairwise(tries)] == [
        timedelta(hours=4),
        timedelta(hours=8),
    ]
    ana = outbox.delivery("Ana")
    assert (ana.fault, ana.attempts, ana.problem) == (DeliveryFault.UNKNOWN, 0, "mail:25: hung up after all")
    assert [given_up.message.name for given_up in outbox.store.failed()] == ["Ana"]


def test_those_who_vanish_with_a_message_send_three_copies_at_most() -> None:
    outbox = Outbox("Ana")

    class Killed(BaseException):
        """Ends a process in the middle of a call."""

    def kill() -> None:
        raise Killed

    outbox.backend.on_send = kill
    for _ in range(POLICY.most_unknown):
        with pytest.raises(Killed):
            outbox.deliver()
        assert outbox.deliver() == DeliveryReport()
        outbox.clock.time += POLICY.lease

    assert outbox.deliver() == DeliveryReport(failed=1)
    assert outbox.delivery("Ana").problem == "nobody knows whether it has arrived"


def test_an_error_of_ours_that_is_true_of_all_emails_counts_against_none(outbox: Outbox) -> None:
    def no_build(_message: Message) -> Email:
        raise RegisterError("build/site.json is not there; run make html first")

    outbox.compose = no_build
    assert outbox.deliver() == DeliveryReport(later=1, down=True)
    waiting = outbox.store.pending()
    assert [(each.attempts, each.fault) for each in waiting] == [(0, None)] * 3 + [(0, DeliveryFault.SERVER)]
    assert waiting[-1].problem == "build/site.json is not there; run make html first"
