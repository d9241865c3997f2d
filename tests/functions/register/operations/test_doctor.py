# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the doctor finds, in which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from register.domain import snapshot as details
from register.domain.model import SessionTerms
from register.domain.wishes import Wish, WishPurpose
from register.operations.doctor import Finding, examine
from register.stores.deliveries import DeliveryFault
from register.stores.memory import MemoryStore
from schedule.model import Language, Status
from tests.support.builders import SESSION, STARTS, People, announcement, claim_all, notice, terms
from tests.support.constants import NOW
from tests.support.schedules import contract_with
from tests.support.whole_function import one_session

DETAILS = details.write(contract_with(one_session()), SESSION)


def told(**changes: Any) -> SessionTerms:
    return terms(snapshot_json=DETAILS, **changes)


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    store.sync_session(told(), None, expected=None)
    return store


def troubles(store: MemoryStore, now: Any = NOW) -> list[str]:
    return [one.words for one in examine(store, now=now) if one.trouble]


def test_a_sound_store_has_no_trouble(store: MemoryStore) -> None:
    People(store).sign_up("Ana", "Ben", "Cruz")

    assert examine(store, now=NOW) == [
        Finding("store: in memory, 1 sessions"),
        Finding("sessions: 1 to come, 2 confirmed, 1 waiting"),
        Finding("email: 3 to send"),
    ]


def test_a_store_without_sessions_is_probably_another_one() -> None:
    assert troubles(MemoryStore()) == [
        "sessions: 0 to come, 0 confirmed, 0 waiting; is this the right folder? then run register sync"
    ]


def test_reminders_that_nobody_writes_are_trouble(store: MemoryStore) -> None:
    words = f"{SESSION}: its reminders are late; start the server, or run register remind"
    due = STARTS - timedelta(days=1)

    assert words not in troubles(store, due + timedelta(minutes=5))
    assert words in troubles(store, due + timedelta(hours=1))
    store.write_reminders(SESSION, now=due + timedelta(hours=1))
    assert words not in troubles(store, due + timedelta(hours=2))


def test_mail_that_nobody_delivers_is_trouble(store: MemoryStore) -> None:
    People(store).sign_up("Ana")

    assert troubles(store, NOW + timedelta(minutes=30)) == []
    assert troubles(store, NOW + timedelta(minutes=31)) == [
        "email: 1 stuck since 2026-11-20 17:00Z; start the server, or run register deliver"
    ]


def test_what_people_ask_for_and_nobody_looks_up_is_trouble(store: MemoryStore) -> None:
    store.record_wish(Wish("w1", WishPurpose.LOST_LINK, "secret@example.net", Language.ENGLISH, NOW))

    assert examine(store, now=NOW)[-1] == Finding("email: 0 to send, 1 requests for an email to look up")
    assert troubles(store, NOW + timedelta(minutes=29)) == []
    assert troubles(store, NOW + timedelta(minutes=31)) == [
        "email: 1 stuck since 2026-11-20 17:00Z; start the server, or run register deliver"
    ]


def test_mail_that_fails_is_named_with_what_the_server_said(store: MemoryStore) -> None:
    People(store).sign_up("Ana", "Ben")
    ana, ben = claim_all(store, now=NOW + timedelta(minutes=1))
    store.settle_later(
        ana.message, due=NOW + timedelta(hours=1), problem="451 busy", fault=DeliveryFault.MESSAGE
    )
    store.settle_failed(ben.message, now=NOW, problem="550 no such mailbox")

    assert troubles(store) == [
        f"email {ana.message.label}: 1 tries, again at 2026-11-20 18:00Z: 451 busy",
        f"email {ben.message.label}: given up: 550 no such mailbox; register failed says whose it is",
    ]


def test_mail_that_waits_for_the_server_is_named_though_it_has_not_failed(store: MemoryStore) -> None:
    People(store).sign_up("Ana")
    [ana] = claim_all(store, now=NOW + timedelta(minutes=1))
    due = NOW + timedelta(hours=1)
    store.settle_later(ana.message, due=due, problem="mail:25: no connection", fault=DeliveryFault.SERVER)

    assert troubles(store) == [
        f"email {ana.message.label}: again when the server is back: mail:25: no connection",
    ]


def test_mail_that_a_servers_outage_holds_up_is_stuck_after_half_an_hour(store: MemoryStore) -> None:
    People(store).sign_up("Ana")
    [ana] = claim_all(store, now=NOW + timedelta(minutes=1))
    later = NOW + timedelta(minutes=31)
    store.settle_later(ana.message, due=later, problem="mail:25: no connection", fault=DeliveryFault.SERVER)

    assert "email: 1 stuck since 2026-11-20 17:00Z; start the server, or run register deliver" in troubles(
        store, later
    )


@pytest.mark.parametrize("fault", [DeliveryFault.MESSAGE, DeliveryFault.UNKNOWN])
def test_mail_that_fails_by_its_own_fault_is_never_stuck(store: MemoryStore, fault: DeliveryFault) -> None:
    People(store).sign_up("Ana")
    [ana] = claim_all(store, now=NOW + timedelta(minutes=1))
    store.settle_later(ana.message, due=NOW, problem="451 busy", fault=fault)

    assert not [words for words in troubles(store, NOW + timedelta(days=1)) if "stuck" in words]


def test_mail_that_waits_for_an_older_one_is_no_sign_that_nobody_delivers(store: MemoryStore) -> None:
    people = People(store)
    [ana] = people.sign_up("Ana")
    people.cancel(ana.registration)
    [old] = claim_all(store, now=NOW + timedelta(minutes=1))
    store.settle_later(
        old.message, due=NOW + timedelta(hours=1), problem="451 busy", fault=DeliveryFault.MESSAGE
    )

    assert troubles(store, NOW + timedelta(minutes=50)) == [
        f"email {old.message.label}: 1 tries, again at 2026-11-20 18:00Z: 451 busy",
    ]


def test_mail_that_came_back_is_shown_at_its_session(store: MemoryStore) -> None:
    People(store).sign_up("Ana")
    store.bounced("ana@example.net", "550 no such mailbox", now=NOW)

    assert troubles(store) == [
        f"{SESSION} (confirmed): email bounced: 550 no such mailbox; register failed says whose it is"
    ]


def test_what_a_crash_left_is_shown_with_the_command_that_finishes_it(store: MemoryStore) -> None:
    People(store).sign_up("Ana", "Ben", "Cruz")
    before = store.session(SESSION)
    store.sync_session(replace(before.terms, capacity=5), notice(), expected=before)
    store.announce(SESSION, announcement(), now=NOW, staff="office@example.org")

    assert troubles(store) == [
        f"{SESSION}: not everybody has been told about a change; run register sweep",
        f"{SESSION}: not everybody has been told what staff have written; run register sweep",
        f"{SESSION}: somebody is waiting although a seat is free; run register sweep",
    ]


def test_a_cut_in_seats_is_a_fact_and_no_trouble(store: MemoryStore) -> None:
    People(store).sign_up("Ana", "Ben")
    before = store.session(SESSION)
    store.sync_session(replace(before.terms, capacity=1), None, expected=before)

    found = examine(store, now=NOW)
    assert Finding(f"{SESSION}: 2 confirmed for 1 seats") in found
    assert troubles(store) == []


@pytest.mark.parametrize(
    ("changes", "now", "found"),
    [
        ({"join_url": None}, STARTS - timedelta(days=3), True),
        ({"join_url": None}, STARTS - timedelta(days=4), False),
        ({"join_url": None, "status": Status.CANCELLED}, STARTS - timedelta(days=1), False),
        ({}, STARTS - timedelta(days=1), False),
    ],
)
def test_an_online_session_without_a_link_is_trouble_when_it_is_near(
    changes: dict, now: Any, found: bool
) -> None:
    store = MemoryStore()
    store.sync_session(told(**changes), None, expected=None)

    words = f"{SESSION}: has no link to join; add its Join-Url, or its secret, and run register sync"
    assert troubles(store, now) == ([words] if found else [])


def test_nothing_that_the_doctor_says_names_a_person(store: MemoryStore) -> None:
    People(store).sign_up("Ana Secretname", email="secret@example.net")
    [one] = claim_all(store, now=NOW + timedelta(minutes=1))
    store.settle_failed(one.message, now=NOW, problem="550 no such mailbox")
    store.bounced("secret@example.net", "550", now=NOW)

    said = " ".join(one.words for one in examine(store, now=NOW)).casefold()
    assert "secret" not in said
