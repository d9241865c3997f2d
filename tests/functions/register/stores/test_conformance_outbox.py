# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every store promises about emails on their way: claims, and what becomes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from register.domain.messages import Message
from register.domain.model import Kind
from register.stores import Store
from register.stores.deliveries import KEPT_AFTER_SENDING, Delivery, DeliveryFault
from tests.support.builders import (
    LEASE,
    SESSION,
    claim_all,
    kinds,
    names,
    opened,
    terms,
)
from tests.support.constants import NOW, SECOND


def test_messages_are_claimed_oldest_first_and_by_one_alone(store: Store) -> None:
    people = opened(store, terms(capacity=9))
    people.sign_up("Ana", "Ben", "Cruz")

    first = claim_all(store, now=people.now, most=2)
    second = claim_all(store, now=people.now, most=2)

    assert [one.message.name for one in first] == ["Ana", "Ben"]
    assert [one.message.name for one in second] == ["Cruz"]
    assert claim_all(store, now=people.now, most=2) == []


def test_nothing_is_claimed_before_it_is_due(store: Store) -> None:
    people = opened(store)
    people.sign_up("Ana")

    assert claim_all(store, now=people.now - SECOND) == []


def test_a_claim_that_was_never_settled_is_free_again_after_its_lease(store: Store) -> None:
    people = opened(store)
    people.sign_up("Ana")
    [claimed] = claim_all(store, now=people.now)

    assert claim_all(store, now=people.now + LEASE - SECOND) == []
    # Whoever had it may have handed it over.
    assert claim_all(store, now=people.now + LEASE) == [replace(claimed, unknown=1)]


def claim_one(store: Store, message: Message, now: datetime) -> Delivery | None:
    return store.claim(now=now, lease=LEASE, of=message.key)


def test_one_message_is_claimed_by_its_key(store: Store) -> None:
    people = opened(store)
    people.sign_up("Ana", "Ben")
    ana, ben = store.pending()

    assert claim_one(store, ben.message, people.now) == ben
    assert claim_one(store, ben.message, people.now) is None
    assert claim_all(store, now=people.now) == [ana]
    assert claim_one(store, replace(ana.message, registration_id="none"), people.now) is None
    assert claim_one(store, ana.message, people.now) is None


def test_a_message_that_is_out_is_not_claimed_again(store: Store) -> None:
    people = opened(store)
    people.sign_up("Ana")
    [claimed] = claim_all(store, now=people.now)

    store.settle_sent(claimed.message, now=people.now)

    assert claim_all(store, now=people.now + LEASE) == []
    assert claim_one(store, claimed.message, people.now + LEASE) is None
    assert store.pending() == []
    assert store.messages_of("ana@example.net") == [Delivery(claimed.message, None, sent=people.now)]


def test_a_failed_try_is_due_again_later_and_the_others_go_on(store: Store) -> None:
    people = opened(store)
    people.sign_up("Ana", "Ben")
    ana, ben = claim_all(store, now=people.now)
    later = people.now + timedelta(minutes=1)

    store.settle_later(ana.message, due=later, problem="451 busy", fault=DeliveryFault.MESSAGE)
    store.settle_sent(ben.message, now=people.now)

    assert claim_all(store, now=later - SECOND) == []
    again = Delivery(ana.message, later, attempts=1, problem="451 busy", fault=DeliveryFault.MESSAGE)
    assert store.pending() == [again]
    assert claim_all(store, now=later) == [again]


def test_what_cannot_be_delivered_is_kept_with_the_reason(store: Store) -> None:
    people = opened(store)
    people.sign_up("Ana")
    [claimed] = claim_all(store, now=people.now)

    store.settle_failed(claimed.message, now=people.now, problem="550 no such mailbox")

    refused = Delivery(claimed.message, None, 1, "550 no such mailbox", fault=DeliveryFault.REFUSED)
    assert store.failed() == [refused]
    assert store.pending() == []
    assert claim_all(store, now=people.now + LEASE) == []


def test_an_outage_is_no_failed_try_of_a_mail(store: Store) -> None:
    people = opened(store)
    people.sign_up("Ana")
    [claimed] = claim_all(store, now=people.now)
    later = people.now + timedelta(minutes=1)

    store.settle_later(claimed.message, due=people.now, problem="451 busy", fault=DeliveryFault.MESSAGE)
    store.settle_later(claimed.message, due=later, problem="no connection", fault=DeliveryFault.SERVER)

    waits = Delivery(claimed.message, later, attempts=1, problem="no connection", fault=DeliveryFault.SERVER)
    assert store.pending() == [waits]
    assert claim_all(store, now=later) == store.pending()


@pytest.mark.parametrize("late", ["later", "outage", "failed"])
def test_what_is_out_stays_out_whatever_somebody_says_who_has_lost_the_lease(store: Store, late: str) -> None:
    people = opened(store)
    people.sign_up("Ana")
    [claimed] = claim_all(store, now=people.now)
    store.settle_sent(claimed.message, now=people.now)

    if late == "failed":
        store.settle_failed(claimed.message, now=people.now, problem="550 no")
    else:
        fault = DeliveryFault.MESSAGE if late == "later" else DeliveryFault.SERVER
        store.settle_later(claimed.message, due=people.now, problem="451 no", fault=fault)

    assert store.messages_of("ana@example.net") == [Delivery(claimed.message, None, sent=people.now)]
    assert (store.pending(), store.failed()) == ([], [])
    assert claim_all(store, now=people.now + LEASE) == []


@pytest.mark.parametrize("fault", [DeliveryFault.MESSAGE, DeliveryFault.SERVER])
def test_what_was_given_up_can_be_made_due_again_with_its_tries_from_nought(
    store: Store, fault: DeliveryFault
) -> None:
    people = opened(store)
    people.sign_up("Ana")
    [claimed] = claim_all(store, now=people.now)
    store.settle_failed(claimed.message, now=people.now, problem="550 no")

    store.settle_later(claimed.message, due=people.now, problem="550 no", fault=fault)

    again = Delivery(claimed.message, people.now, attempts=0, problem="550 no", fault=fault)
    assert (store.pending(), store.failed()) == ([again], [])
    assert claim_all(store, now=people.now) == [again]


def test_what_was_given_up_can_be_dismissed_as_if_it_were_sent(store: Store) -> None:
    people = opened(store)
    people.sign_up("Ana")
    [claimed] = claim_all(store, now=people.now)
    store.settle_failed(claimed.message, now=people.now, problem="550 no")

    store.settle_sent(claimed.message, now=people.now)

    assert (store.pending(), store.failed()) == ([], [])
    assert store.messages_of("ana@example.net") == [
        Delivery(claimed.message, None, 1, "550 no", sent=people.now, fault=DeliveryFault.REFUSED)
    ]


def test_nothing_can_be_settled_of_a_message_that_is_gone(store: Store) -> None:
    people = opened(store)
    [ana] = people.sign_up("Ana")
    [claimed] = claim_all(store, now=people.now)
    people.cancel(ana.registration)
    store.erase("ana@example.net", now=people.now)

    store.settle_sent(claimed.message, now=people.now)
    store.settle_later(claimed.message, due=people.now, problem="451 no", fault=DeliveryFault.MESSAGE)
    store.settle_failed(claimed.message, now=people.now, problem="550 no")

    assert kinds(store, "ana@example.net") == [Kind.CANCELLATION]
    assert store.failed() == []


def test_a_mail_waits_until_the_older_ones_of_the_same_registration_are_sent(store: Store) -> None:
    people = opened(store)
    ana, _ = people.sign_up("Ana", "Ben")
    people.cancel(ana.registration)
    old, ben = claim_all(store, now=people.now)
    [new] = [one for one in store.pending() if one.message.kind is Kind.CANCELLATION]
    later = people.now + timedelta(minutes=1)
    assert names([old, ben]) == [("Ana", "confirmation"), ("Ben", "confirmation")]

    assert claim_all(store, now=people.now) == []  # while the older one is taken
    store.settle_later(old.message, due=later, problem="451 greylisted", fault=DeliveryFault.MESSAGE)
    assert claim_all(store, now=people.now) == []  # while it waits
    assert claim_one(store, new.message, people.now) is None
    assert names(claim_all(store, now=later)) == [("Ana", "confirmation")]
    store.settle_sent(old.message, now=later)

    assert claim_all(store, now=later) == [new]


def test_a_mail_does_not_wait_for_an_older_one_that_was_given_up(store: Store) -> None:
    people = opened(store)
    [ana] = people.sign_up("Ana")
    people.cancel(ana.registration)
    [old] = claim_all(store, now=people.now)
    [new] = [one for one in store.pending() if one.message.kind is Kind.CANCELLATION]

    store.settle_failed(old.message, now=people.now, problem="550 no")

    assert claim_one(store, new.message, people.now) == new


def test_a_familys_emails_about_a_session_go_out_one_after_the_other(store: Store) -> None:
    people = opened(store)
    ana, _ = people.sign_up("Ana", "Beto", email="family@example.net")
    people.cancel(ana.registration)
    sent = []

    for _ in range(3):
        [claimed] = claim_all(store, now=people.now)
        sent.append(claimed)
        store.settle_sent(claimed.message, now=people.now)

    assert names(sent) == [("Ana", "confirmation"), ("Beto", "confirmation"), ("Ana", "cancellation")]


def test_a_repeat_within_the_hour_does_not_send_again_what_is_out(store: Store) -> None:
    people = opened(store)
    people.sign_up("Ana")
    [claimed] = claim_all(store, now=people.now)
    store.settle_sent(claimed.message, now=people.now)

    people.sign_up("Ana")

    assert store.pending() == []


def test_messages_stay_long_enough_to_be_known_as_sent(store: Store) -> None:
    people = opened(store)
    people.sign_up("Ana")
    [claimed] = claim_all(store, now=people.now)
    store.settle_sent(claimed.message, now=people.now)

    store.purge(now=people.now + KEPT_AFTER_SENDING - SECOND)

    assert names(store.messages_of("ana@example.net")) == [("Ana", "confirmation")]


def test_a_mail_goes_out_although_its_session_has_been_withdrawn(store: Store) -> None:
    people = opened(store)
    [ana] = people.sign_up("Ana")
    people.cancel(ana.registration)
    store.withdraw(SESSION)

    for kind in ("confirmation", "cancellation"):
        [claimed] = claim_all(store, now=people.now)
        assert names([claimed]) == [("Ana", kind)]
        store.settle_sent(claimed.message, now=people.now)
    assert store.registrations_of("ana@example.net") == []


def test_what_was_given_up_goes_a_week_later_where_its_session_is_withdrawn(store: Store) -> None:
    people = opened(store, terms(), terms("stays"))
    for session_id in (SESSION, "stays"):
        [ana] = people.sign_up("Ana", session_id=session_id)
        people.cancel(ana.registration)
    for each in claim_all(store, now=people.now):
        store.settle_failed(each.message, now=people.now, problem="550")
    while more := claim_all(store, now=people.now):
        for each in more:
            store.settle_failed(each.message, now=people.now, problem="550")
    assert store.withdraw(SESSION)
    week = KEPT_AFTER_SENDING

    store.purge(now=NOW + week)
    assert {each.message.session_id for each in store.failed()} == {SESSION, "stays"}
    assert store.purge(now=people.now + week) == 2
    assert [each.message.session_id for each in store.failed()] == ["stays", "stays"]
    assert store.purge(now=people.now + week) == 0
