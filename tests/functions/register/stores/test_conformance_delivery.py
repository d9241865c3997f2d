# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every store promises about whose turn it is: one at a time, in order, and what may have arrived waits alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from register.stores import Store
from register.stores.deliveries import Delivery, DeliveryFault
from tests.support.builders import LEASE, SESSION, claim_all, names, opened, person, terms
from tests.support.constants import SECOND

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FAMILY = "family@example.net"
PASSING = [DeliveryFault.MESSAGE, DeliveryFault.SERVER]


def later(
    store: Store, delivery: Delivery, wait: timedelta, fault: DeliveryFault, *, slow: bool = False
) -> None:
    """Let a message that was taken fail, and be due again some time after that."""
    assert delivery.tried is not None
    due = delivery.tried + wait
    store.settle_later(delivery.message, due=due, problem="it failed", fault=fault, slow=slow)


def test_one_message_is_claimed_at_a_time_the_longest_due_first(store: Store) -> None:
    people = opened(store)
    people.sign_up("Ana", "Ben")

    first = store.claim(now=people.now, lease=LEASE)
    second = store.claim(now=people.now, lease=LEASE)

    assert first is not None
    assert second is not None
    assert names([first, second]) == [("Ana", "confirmation"), ("Ben", "confirmation")]
    assert store.claim(now=people.now, lease=LEASE) is None


@pytest.mark.parametrize("fault", PASSING)
def test_a_newer_message_makes_the_older_one_due_at_once_and_only_once(
    store: Store, fault: DeliveryFault
) -> None:
    people = opened(store)
    [ana] = people.sign_up("Ana")
    [old] = claim_all(store, now=people.now)
    later(store, old, 6 * HOUR, fault)
    assert claim_all(store, now=people.now + HOUR) == []

    people.cancel(ana.registration)
    [hurried] = claim_all(store, now=people.now)
    later(store, hurried, 6 * HOUR, fault)

    assert names([hurried]) == [("Ana", "confirmation")]
    assert claim_all(store, now=people.now + HOUR) == []
    assert names(claim_all(store, now=people.now + 6 * HOUR)) == [("Ana", "confirmation")]


def test_a_message_that_was_recorded_during_a_try_hurries_the_next_one(store: Store) -> None:
    people = opened(store)
    [ana] = people.sign_up("Ana")
    [old] = claim_all(store, now=people.now)
    people.cancel(ana.registration)
    later(store, old, 6 * HOUR, DeliveryFault.MESSAGE)

    assert names(claim_all(store, now=people.now)) == [("Ana", "confirmation")]


def test_the_older_ones_go_out_in_their_order_when_a_newer_one_comes(store: Store) -> None:
    people = opened(store, terms(capacity=9))
    ana, _ = people.sign_up("Ana", "Beto", email="family@example.net")
    [first] = claim_all(store, now=people.now)
    later(store, first, 6 * HOUR, DeliveryFault.MESSAGE)
    people.cancel(ana.registration)
    out = []

    for _ in range(3):
        [taken] = claim_all(store, now=people.now)
        out.append(taken)
        store.settle_sent(taken.message, now=people.now)

    assert names(out) == [("Ana", "confirmation"), ("Beto", "confirmation"), ("Ana", "cancellation")]


def test_what_may_have_arrived_is_due_when_it_is_due_and_not_before(store: Store) -> None:
    people = opened(store)
    people.sign_up("Ana")
    [old] = claim_all(store, now=people.now)
    later(store, old, 4 * HOUR, DeliveryFault.UNKNOWN, slow=True)
    due = people.now + 4 * HOUR

    assert claim_all(store, now=due - SECOND) == []
    assert claim_all(store, now=due) == [
        Delivery(old.message, due, 0, "it failed", fault=DeliveryFault.UNKNOWN, unknown=1, slow=True)
    ]


def test_a_newer_message_takes_the_place_of_one_that_may_have_arrived(store: Store) -> None:
    people = opened(store)
    [ana] = people.sign_up("Ana")
    [old] = claim_all(store, now=people.now)
    later(store, old, 4 * HOUR, DeliveryFault.UNKNOWN)
    people.cancel(ana.registration)

    assert names(claim_all(store, now=people.now)) == [("Ana", "cancellation")]
    overtaken, _ = store.messages_of("ana@example.net")
    assert (overtaken.due, overtaken.sent, overtaken.problem) == (None, people.now, "unknown, overtaken")
    assert store.failed() == []


def test_messages_due_at_the_same_instant_go_out_by_session_and_address_in_every_store(store: Store) -> None:
    people = opened(store, *(terms(session_id, capacity=9) for session_id in ("b", "a")))
    people.sign_up("Ana", session_id="a", email=FAMILY)
    [early] = claim_all(store, now=people.now)
    store.settle_sent(early.message, now=people.now)
    now = (
        people.now - HOUR
    )  # the clock is set back, so that the family's next number is greater than the others'
    for session_id, name, email in [
        ("b", "Ben", "ben"),
        *(("a", name, name) for name in "vwxyz"),
        ("a", "Beto", ""),
    ]:
        who = person(name, email=f"{email}@example.net" if email else FAMILY)
        store.sign_up(session_id, who, registration_id=f"{session_id}-{name}", now=now)

    keys = [each.message.key[:2] for each in claim_all(store, now=now)]
    assert keys == sorted(keys)
    assert [session_id for session_id, _ in keys] == ["a"] * 6 + ["b"]


def test_what_the_calendar_may_not_have_heard_is_replaced_only_by_what_says_as_much(store: Store) -> None:
    people = opened(store)
    ana, _ = (each.registration for each in people.sign_up("Ana", "Beto", email=FAMILY))
    [first] = claim_all(store, now=people.now)
    store.settle_sent(first.message, now=people.now)
    [unknown] = claim_all(store, now=people.now)
    later(store, unknown, 4 * HOUR, DeliveryFault.UNKNOWN)
    again = people.now + 4 * HOUR
    people.cancel(ana)  # Beto keeps his seat: this says nothing to the calendar

    [passing] = claim_all(store, now=people.now, lease=5 * HOUR)
    assert names([passing]) == [("Ana", "cancellation")]
    assert claim_all(store, now=again) == []  # one at a time
    store.settle_sent(passing.message, now=people.now)
    assert claim_all(store, now=again - SECOND) == []
    assert names(claim_all(store, now=again, lease=MINUTE)) == [("Beto", "confirmation")]

    later(store, unknown, 8 * HOUR, DeliveryFault.UNKNOWN)
    people.sign_up("Ana", email=FAMILY)
    assert names(claim_all(store, now=people.now)) == [("Ana", "confirmation")]
    assert [each.problem for each in store.messages_of(FAMILY)] == [None, "unknown, overtaken", None, None]


def test_what_is_tried_again_is_overtaken_by_none_until_that_is_over(store: Store) -> None:
    people = opened(store)
    [ana] = people.sign_up("Ana")
    [old] = claim_all(store, now=people.now)
    later(store, old, 4 * HOUR, DeliveryFault.UNKNOWN)
    again = people.now + 4 * HOUR
    assert names(claim_all(store, now=again)) == [("Ana", "confirmation")]
    people.now = again
    people.cancel(ana.registration)

    assert claim_all(store, now=people.now) == []
    store.settle_sent(old.message, now=people.now)
    assert names(claim_all(store, now=people.now)) == [("Ana", "cancellation")]
    assert store.messages_of("ana@example.net")[0].problem == "it failed"


def test_whoever_vanishes_with_a_message_counts_as_a_try_that_may_have_arrived(store: Store) -> None:
    people = opened(store)
    people.sign_up("Ana")
    [taken] = claim_all(store, now=people.now)

    for vanished in (1, 2):
        [taken] = claim_all(store, now=people.now + vanished * LEASE)
        assert taken.unknown == vanished
    store.settle_later(taken.message, due=people.now, problem="451", fault=DeliveryFault.UNKNOWN)

    assert [waiting.unknown for waiting in store.pending()] == [3]
    store.settle_failed(taken.message, now=people.now, problem="no answer", fault=DeliveryFault.UNKNOWN)
    assert store.failed() == [
        Delivery(taken.message, None, 0, "no answer", fault=DeliveryFault.UNKNOWN, unknown=4)
    ]


def test_what_made_a_connection_run_out_of_time_is_left_to_those_who_ask_for_it(store: Store) -> None:
    people = opened(store, terms(capacity=9))
    people.sign_up("Ana", "Ben")
    ana, ben = claim_all(store, now=people.now)
    later(store, ana, MINUTE, DeliveryFault.MESSAGE, slow=True)
    later(store, ben, MINUTE, DeliveryFault.MESSAGE)
    now = people.now + MINUTE

    quick = store.claim(now=now, lease=LEASE, slow=False)
    assert quick == replace(ben, due=now, attempts=1, problem="it failed", fault=DeliveryFault.MESSAGE)
    assert store.claim(now=now, lease=LEASE, slow=False) is None
    slow = store.claim(now=now, lease=LEASE)
    assert slow == replace(
        ana, due=now, attempts=1, problem="it failed", fault=DeliveryFault.MESSAGE, slow=True
    )
    later(store, ana, MINUTE, DeliveryFault.MESSAGE)
    assert [waiting.slow for waiting in store.pending() if waiting.message == ana.message] == [True]


def test_a_claim_by_key_is_for_one_address_and_session_whatever_else_is_due(store: Store) -> None:
    people = opened(store, terms(capacity=9), terms("b", capacity=9))
    _, ben = people.sign_up("Ana", "Ben")
    people.sign_up("Ben", session_id="b")
    people.cancel(ben.registration)
    newest = store.messages_of("ben@example.net")[1].message
    assert newest.session_id == SESSION

    taken = store.claim(now=people.now, lease=LEASE, of=newest.key)

    assert taken is not None
    assert (taken.message.session_id, taken.message.kind.value) == (SESSION, "confirmation")
    assert store.claim(now=people.now, lease=LEASE, of=newest.key) is None


def test_what_is_of_no_use_is_settled_with_the_reason(store: Store) -> None:
    people = opened(store)
    people.sign_up("Ana")
    [taken] = claim_all(store, now=people.now)

    store.settle_sent(taken.message, now=people.now, instead="the session is over")

    assert store.messages_of("ana@example.net") == [
        Delivery(taken.message, None, problem="the session is over", sent=people.now)
    ]
    assert (store.pending(), store.failed()) == ([], [])
