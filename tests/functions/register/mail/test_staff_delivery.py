# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages to staff on their way: who gets them is decided when they are delivered, and they hold up nobody."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from register.domain.errors import ConfigError
from register.domain.messages import Message
from register.domain.model import Kind
from register.domain.staff import StaffEmail, StaffMember
from register.domain.staff_messages import STAFF, staff_message
from register.domain.staff_news import NothingToSay
from register.domain.wishes import Wish, WishPurpose
from register.mail.backends.base import CannotDeliver
from register.mail.backends.smtp import SmtpBackend
from register.mail.compose import compose
from register.mail.delivery import DeliveryReport, deliver
from register.operations.staff_news import Reader
from register.stores.deliveries import Delivery, DeliveryFault
from register.stores.memory import MemoryStore
from register.stores.sqlite.store import SQLiteStore
from schedule.model import Language
from tests.support.builders import SESSION, opened, terms
from tests.support.constants import HOUR, MINUTE, NOW
from tests.support.emails import mail_settings, parsed, snapshot_json, text_of
from tests.support.outbox import Clock, Outbox
from tests.support.schedules import session
from tests.support.smtp_server import HOST, running
from tests.support.staff_emails import OFFICE, OTHER, TRAINER
from tests.support.staff_emails import STAFF as EVERYBODY


def send(outbox: Outbox, staff: Callable[[], tuple[StaffMember, ...]] = lambda: EVERYBODY) -> DeliveryReport:
    """Deliver what is due, with these people as staff."""
    return deliver(outbox.store, outbox.backend, outbox.compose, now=outbox.clock, staff=staff)


def to_all(outbox: Outbox, kind: Kind, session_id: str = "-", registration_id: str = "-") -> Message:
    """Record a message to all of staff."""
    message = staff_message(
        kind,
        session_id=session_id,
        registration_id=registration_id,
        occasion="2026-11-20",
        recorded=outbox.clock.time,
    )
    assert outbox.store.record([message]) == 1
    return message


def staff_messages(store: MemoryStore) -> dict[str, Delivery]:
    """Return the messages to staff, by the email address."""
    return {each.message.email: each for each in store.outbox.values() if each.message.kind.for_staff}


@pytest.fixture
def quiet(outbox: Outbox) -> Outbox:
    """An outbox in which all emails to people have been sent."""
    outbox.deliver()
    outbox.backend.taken.clear()
    return outbox


@pytest.mark.parametrize(
    ("kind", "session_id", "expected"),
    [
        (Kind.STAFF_NEEDS, SESSION, [OFFICE.email, TRAINER.email]),
        (Kind.STAFF_ROSTER, SESSION, [OFFICE.email, TRAINER.email]),
        (Kind.STAFF_DAILY, "-", [OFFICE.email, TRAINER.email, OTHER.email]),
        (Kind.STAFF_PROBLEMS, "-", [OFFICE.email]),
    ],
)
def test_each_who_wants_it_and_may_see_the_session_gets_one(
    quiet: Outbox, kind: Kind, session_id: str, expected: list[str]
) -> None:
    to_all(quiet, kind, session_id)

    report = send(quiet)

    assert sorted(quiet.backend.taken) == sorted(expected)
    assert report.sent == len(expected) + 1  # what was passed on is settled, too
    languages = {email: each.message.language for email, each in staff_messages(quiet.store).items()}
    assert languages[OFFICE.email] is Language.ENGLISH
    assert languages.get(TRAINER.email, Language.SPANISH) is Language.SPANISH


def test_where_nobody_gets_these_it_is_settled_as_that(quiet: Outbox) -> None:
    to_all(quiet, Kind.STAFF_ROSTER, SESSION)

    report = send(quiet, staff=lambda: (OTHER, replace(OFFICE, emails=frozenset({StaffEmail.NEEDS}))))

    assert (report.dropped, quiet.backend.taken) == (1, [])
    found = staff_messages(quiet.store)[STAFF]
    assert (found.due, found.problem) == (None, "nobody among staff gets these")


def test_a_session_that_is_gone_is_nobodys(quiet: Outbox) -> None:
    to_all(quiet, Kind.STAFF_ROSTER, "gone")

    assert (send(quiet).dropped, quiet.backend.taken) == (1, [])


def test_what_was_passed_on_once_is_not_passed_on_again(quiet: Outbox) -> None:
    message = to_all(quiet, Kind.STAFF_DAILY)
    send(quiet)
    quiet.store.settle_later(message, due=quiet.clock.time, problem="", fault=DeliveryFault.SERVER)

    send(quiet)

    assert sorted(quiet.backend.taken) == sorted(each.email for each in EVERYBODY)


def test_a_list_that_cannot_be_read_holds_up_nobody_and_costs_no_email(outbox: Outbox) -> None:
    to_all(outbox, Kind.STAFF_NEEDS, SESSION)

    def unreadable() -> tuple[StaffMember, ...]:
        raise ConfigError("var/staff.toml: entry 1: language is wrong")

    report = send(outbox, staff=unreadable)
    assert (report.sent, report.later, report.down) == (4, 1, False)
    assert staff_messages(outbox.store)[STAFF].problem == "var/staff.toml: entry 1: language is wrong"

    outbox.clock.time += MINUTE
    outbox.backend.taken.clear()
    send(outbox)
    assert sorted(outbox.backend.taken) == sorted([OFFICE.email, TRAINER.email])


def test_what_is_of_no_use_any_more_is_dropped_and_says_why(
    quiet: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    def nothing(message: Message) -> None:
        if message.kind.for_staff:
            raise NothingToSay("not sent: nothing is wrong")

    quiet.compose = nothing
    to_all(quiet, Kind.STAFF_PROBLEMS)

    assert send(quiet).dropped == 1
    assert staff_messages(quiet.store)[OFFICE.email].problem == "not sent: nothing is wrong"
    # A day without news is no warning.
    assert [record.levelname for record in caplog.records if "nothing is wrong" in record.getMessage()] == []


def test_a_mailbox_of_staff_that_refuses_keeps_nobody_elses_email_back(quiet: Outbox) -> None:
    quiet.backend.problems[OFFICE.email] = [CannotDeliver("550 no such user")]
    to_all(quiet, Kind.STAFF_DAILY)

    report = send(quiet)

    assert (report.failed, sorted(quiet.backend.taken)) == (1, sorted([TRAINER.email, OTHER.email]))
    assert [each.message.email for each in quiet.store.failed()] == [OFFICE.email]


# Signing in


def wish(outbox: Outbox, email: str, wish_id: str = "w1") -> None:
    """Ask for the link to sign in, as the page does."""
    outbox.store.record_wish(
        Wish(wish_id, WishPurpose.STAFF_LINK, email, Language.ENGLISH, outbox.clock.time)
    )


def test_a_wish_to_sign_in_brings_staff_one_link_in_their_own_language(quiet: Outbox) -> None:
    wish(quiet, "TRAINER@example.org")
    send(quiet)
    send(quiet)

    assert (quiet.backend.taken, quiet.store.wished) == ([TRAINER.email], {})
    link = staff_messages(quiet.store)[TRAINER.email].message
    assert (link.kind, link.occasion, link.language, link.recorded) == (
        Kind.STAFF_LINK,
        "w1",
        Language.SPANISH,
        quiet.clock.time,
    )


def test_a_wish_to_sign_in_of_anybody_else_leaves_nothing(quiet: Outbox) -> None:
    for number, email in enumerate(("ana@example.net", "nobody@example.net")):
        wish(quiet, email, f"w{number}")
    send(quiet)

    assert (quiet.backend.taken, quiet.store.wished, staff_messages(quiet.store)) == ([], {}, {})


def test_a_wish_to_sign_in_waits_while_nobody_knows_who_is_staff(quiet: Outbox) -> None:
    def unreadable() -> tuple[StaffMember, ...]:
        raise ConfigError("var/staff.toml: entry 1: language is wrong")

    wish(quiet, TRAINER.email)
    send(quiet, staff=unreadable)
    assert list(quiet.store.wished) == ["w1"]

    quiet.clock.time += timedelta(minutes=6)
    send(quiet)
    assert quiet.backend.taken == [TRAINER.email]


# By a real server


def test_staff_get_their_emails_by_a_real_server_as_things_are_when_it_is_sent(tmp_path: Path) -> None:
    clock = Clock(NOW + HOUR)
    with running() as server, closing(SQLiteStore(tmp_path / "register.sqlite3")) as store:
        people = opened(store, terms(snapshot_json=snapshot_json(session())))
        people.sign_up("Ana", needs="Intérprete de mixteco")
        settings = replace(
            mail_settings(), staff_news=Reader(store, lambda: (OFFICE, TRAINER), lambda: clock.time)
        )
        report = deliver(
            store,
            SmtpBackend(HOST, server.port),
            lambda message: compose(message, settings),
            now=clock,
            staff=lambda: (OFFICE, TRAINER, OTHER),
        )

    assert report == DeliveryReport(sent=4, dropped=0)
    sent = {
        people[0]: parsed(mail)
        for people, mail in zip(server.mailbox.people, server.mailbox.mails, strict=True)
    }
    assert set(sent) == {"ana@example.net", OFFICE.email, TRAINER.email}
    assert sent[TRAINER.email]["Subject"] == (
        "Alguien necesita apoyo para participar (jue, 3 de dic): Panorama de MSIX"
    )
    assert "- Ana, Yolo COE, ana@example.net\n  Needs: Intérprete de mixteco\n" in text_of(sent[OFFICE.email])
