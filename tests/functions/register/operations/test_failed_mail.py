# SPDX-License-Identifier: AGPL-3.0-or-later
"""The emails that reached nobody, and what to do about them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from register.domain.model import Kind
from register.domain.staff_messages import staff_message
from register.operations.failed_mail import FailedMail, dismiss, find, retry
from register.stores.deliveries import DeliveryFault
from register.stores.memory import MemoryStore
from tests.support.builders import SESSION, STARTS, announcement, claim_all, names, opened
from tests.support.constants import NOW

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def store() -> MemoryStore:
    """Ana's email was given up, Ben's waits for another try, Cruz's came back, Dee's is still to go out."""
    store = MemoryStore()
    people = opened(store)
    people.sign_up("Ana", "Ben", "Cruz")
    ana, ben, cruz = claim_all(store, now=LATER)
    store.settle_failed(ana.message, now=NOW, problem="550 no such mailbox")
    store.settle_later(ben.message, due=LATER, problem="451 busy", fault=DeliveryFault.MESSAGE)
    store.settle_sent(cruz.message, now=NOW)
    store.bounced("cruz@example.net", "mailbox full", now=NOW)
    people.sign_up("Dee")
    return store


def told(found: FailedMail) -> tuple[list[str], list[str], list[str]]:
    """Return whose emails were found."""
    given_up, postponed = (
        [name for name, _ in names(list(some))] for some in (found.given_up, found.postponed)
    )
    return given_up, postponed, [one.person.name for one in found.bounced]


def test_each_email_is_found_with_what_became_of_it(store: MemoryStore) -> None:
    found = find(store, now=NOW)

    assert told(found) == (["Ana"], ["Ben"], ["Cruz"])
    assert [one.bounced for one in found.bounced] == ["mailbox full"]


def test_what_came_back_for_a_session_that_is_over_needs_nobody(store: MemoryStore) -> None:
    assert told(find(store, now=STARTS + timedelta(days=1)))[2] == []


def test_what_failed_is_due_again_at_once(store: MemoryStore) -> None:
    assert retry(store, find(store, now=NOW), now=NOW) == 2

    assert told(find(store, now=NOW)) == ([], ["Ana", "Ben"], ["Cruz"])
    assert {one.message.name: one.due for one in store.pending() if one.problem} == {"Ana": NOW, "Ben": NOW}


def test_what_may_have_arrived_is_not_sent_again_before_its_time() -> None:
    people = opened(MemoryStore())
    people.sign_up("Ana", "Ben")
    ana, ben = claim_all(people.store, now=LATER)
    people.store.settle_later(ana.message, due=LATER, problem="no answer", fault=DeliveryFault.UNKNOWN)
    people.store.settle_failed(ben.message, now=NOW, problem="no answer", fault=DeliveryFault.UNKNOWN)
    before = people.store.pending(), people.store.failed()

    assert retry(people.store, find(people.store, now=NOW), now=NOW) == 0
    assert (people.store.pending(), people.store.failed()) == before


def test_what_was_dismissed_is_named_no_more_and_what_still_has_a_try_stays(store: MemoryStore) -> None:
    assert dismiss(store, find(store, now=NOW), now=NOW) == 2

    assert told(find(store, now=NOW)) == ([], ["Ben"], [])
    assert store.failed() == []
    assert [one.bounced for one in store.roster(SESSION)] == [None, None, "", None]


def test_what_staff_write_and_are_told_is_sent_again_though_a_newer_email_has_arrived() -> None:
    store = MemoryStore()
    people = opened(store)
    [ana] = people.sign_up("Ana")
    told = {"session_id": SESSION, "email": "ana@example.net", "recorded": NOW}
    store.record([staff_message(Kind.STAFF_ROSTER, occasion="2026-12-02", **told)])
    store.announce(SESSION, announcement(recorded=NOW), now=NOW, staff="office@example.org")
    store.write_out_announcement(SESSION)
    for each in store.pending():
        store.settle_failed(each.message, now=NOW, problem="550")
    people.cancel(ana.registration)
    [newer] = claim_all(store, now=people.now)
    store.settle_sent(newer.message, now=people.now)

    assert retry(store, find(store, now=NOW), now=people.now) == 2
    assert sorted(each.message.kind for each in store.pending()) == [Kind.ANNOUNCEMENT, Kind.STAFF_ROSTER]


def test_what_a_newer_email_has_overtaken_is_not_sent_again() -> None:
    store = MemoryStore()
    people = opened(store)
    [ana] = people.sign_up("Ana")
    [old] = claim_all(store, now=LATER)
    store.settle_failed(old.message, now=NOW, problem="550 no such mailbox")
    people.cancel(ana.registration)
    [new] = claim_all(store, now=LATER)
    store.settle_sent(new.message, now=LATER)

    assert retry(store, find(store, now=NOW), now=LATER) == 0
    assert store.pending() == []
