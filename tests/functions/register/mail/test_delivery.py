# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who delivers claims what is due, sends it at least once, gives back the rest, and logs nobody's name."""

from __future__ import annotations

import logging
from functools import partial

import pytest

from register.domain.messages import Message
from register.domain.model import Kind
from register.domain.staff_messages import staff_message
from register.mail.backends.base import CannotDeliver, ServerDown, TryLater
from register.mail.backends.smtp import SmtpBackend
from register.mail.compose import compose
from register.mail.delivery import DeliveryReport, Tried, deliver
from register.mail.policy import POLICY, DeliveryOutcome
from register.stores.errors import StoreUnavailable
from tests.support.constants import MINUTE, NOW, SECOND
from tests.support.emails import mail_settings
from tests.support.outbox import PEOPLE, FakeBackend, Outbox, email_of, emails_of
from tests.support.smtp_server import HOST, running


def test_the_connection_is_closed_in_the_end(outbox: Outbox) -> None:
    outbox.deliver()
    assert outbox.backend.closed == 1


def test_a_crash_after_sending_sends_once_more_and_never_less(outbox: Outbox) -> None:
    whole = outbox.store.settle_sent

    def crash(_message: Message, **_: object) -> None:
        raise StoreUnavailable("the store is gone")

    outbox.store.settle_sent = crash
    with pytest.raises(StoreUnavailable):
        outbox.deliver()
    outbox.store.settle_sent = whole
    assert outbox.backend.closed == 1

    assert outbox.deliver() == DeliveryReport(sent=3)  # it hides no other
    outbox.clock.time += POLICY.lease - SECOND
    assert outbox.deliver() == DeliveryReport()
    outbox.clock.time += SECOND
    assert outbox.deliver() == DeliveryReport(sent=1)
    assert outbox.backend.taken == emails_of([*PEOPLE, "Ana"])


def test_what_nobody_among_staff_gets_is_settled_and_no_failure(outbox: Outbox) -> None:
    outbox.store.record([staff_message(Kind.STAFF_DAILY, occasion="2026-11-20", recorded=NOW)])

    assert outbox.deliver() == DeliveryReport(sent=4, dropped=1)
    assert (outbox.store.pending(), outbox.store.failed()) == ([], [])


def test_two_who_deliver_at_once_share_the_work(outbox: Outbox) -> None:
    other = FakeBackend()
    reports: list[DeliveryReport] = []

    def meanwhile() -> None:
        outbox.backend.on_send = lambda: None
        reports.append(deliver(outbox.store, other, outbox.compose, now=outbox.clock))

    outbox.backend.on_send = meanwhile
    reports.append(outbox.deliver())
    assert reports == [DeliveryReport(sent=3), DeliveryReport(sent=1)]
    assert (outbox.backend.taken, other.taken) == (emails_of(["Ana"]), emails_of(PEOPLE[1:]))


def test_a_lease_outlives_the_slowest_email_and_the_question_after_it() -> None:
    assert POLICY.deadline + POLICY.probe < POLICY.lease


def test_a_delivery_that_is_told_to_stop_leaves_the_rest_to_others(outbox: Outbox) -> None:
    assert outbox.deliver(go_on=lambda: len(outbox.backend.taken) < 2) == DeliveryReport(sent=2)
    assert [(waiting.attempts, waiting.problem) for waiting in outbox.store.pending()] == [(0, None)] * 2
    assert outbox.deliver() == DeliveryReport(sent=2)
    assert outbox.backend.taken == emails_of(PEOPLE)


def test_one_message_is_sent_by_its_key_and_once(outbox: Outbox) -> None:
    assert outbox.deliver_one("Carla") == Tried(DeliveryOutcome.SENT, down=False)
    assert outbox.backend.taken == emails_of(["Carla"])
    assert outbox.deliver_one("Carla") is None
    assert outbox.deliver() == DeliveryReport(sent=3)


def test_the_log_names_messages_and_nobody(outbox: Outbox, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    outbox.fails("Ana", TryLater("mail: 451 come again"))
    outbox.fails("Ben", CannotDeliver("mail: 550 no such user"))
    outbox.fails("David", ServerDown("mail:25: no connection"))
    outbox.deliver()
    keys = {name: outbox.delivery(name).message.label for name in PEOPLE}
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", f"{keys['Ana']}: again at 2026-11-20T17:02:00+00:00: mail: 451 come again"),
        ("ERROR", f"{keys['Ben']}: given up: mail: 550 no such user"),
        ("INFO", f"{keys['Carla']}: sent"),
        ("WARNING", f"{keys['David']}: again when the server is back: mail:25: no connection"),
    ]
    assert not [word for word in caplog.text.casefold().split() if "example.net" in word or "ana" in word]


def test_a_real_server_that_refuses_some_keeps_nobody_else_waiting(outbox: Outbox) -> None:
    with running() as server:
        backend = SmtpBackend(HOST, server.port)
        write = partial(compose, mail_settings=mail_settings())
        server.mailbox.refused_people = {email_of("Ana"): "550 no", email_of("Ben"): "451 later"}
        server.mailbox.hangs_up_on = {email_of("Carla")}
        report = deliver(outbox.store, backend, write, now=outbox.clock)
        assert report == DeliveryReport(sent=1, later=2, failed=1)
        assert server.mailbox.people == [[email_of("David")]]

        server.mailbox.refused_people, server.mailbox.hangs_up_on = {}, set()
        outbox.clock.time += MINUTE
        assert deliver(outbox.store, backend, write, now=outbox.clock) == DeliveryReport(sent=2)
        assert server.mailbox.people == [[email_of(name)] for name in ("David", "Ben", "Carla")]
