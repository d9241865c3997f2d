# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erasing takes all that is known of an address; what is still to be sent of cancellations keeps the address alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from register.domain.messages import Message, Method
from register.domain.model import ChangedBy, Kind, Registration, State
from register.operations.privacy import Forgotten, forget
from register.stores import Store
from register.stores.deliveries import KEPT_AFTER_ERASING, Delivery, DeliveryFault
from register.stores.dynamodb.store import DynamoDBStore
from register.stores.errors import StoreError
from schedule.model import Language
from tests.support.builders import (
    LEASE,
    SESSION,
    STARTS,
    UNLISTED,
    claim_all,
    counts,
    kinds,
    line,
    opened,
    person,
    terms,
)
from tests.support.constants import NOW, SECOND

FAMILY = "family@example.net"


def send_all(store: Store, now: object) -> list[Message]:
    """Send all that is due, in its order."""
    sent = []
    while claimed := store.claim(now=now, lease=LEASE):
        store.settle_sent(claimed.message, now=now)
        sent.append(claimed.message)
    return sent


def family(store: Store) -> list[Registration]:
    """Give two seats to two people of one address; their confirmations are out."""
    people = opened(store)
    registrations = [each.registration for each in people.sign_up("Ana", "Beto", email=FAMILY)]
    send_all(store, people.now)
    return registrations


def test_erasing_takes_all_of_one_address_and_nothing_of_another(store: Store) -> None:
    people = opened(store, terms(capacity=9))
    ana, _, ben = people.sign_up("Ana", "Ana Mia", email="ana@example.net") + people.sign_up("Ben")

    with pytest.raises(StoreError):
        store.erase("ana@example.net", now=people.now)
    for one in store.registrations_of("ana@example.net"):
        people.cancel(one)

    assert store.erase("ANA@example.net", now=people.now) == 2
    assert store.registrations_of("ana@example.net") == []
    assert store.registration(SESSION, ana.registration.registration_id) is None
    assert line(store) == [("Ben", "confirmed", None)]
    assert kinds(store, ben.registration.person.email) == [Kind.CONFIRMATION]
    assert store.erase("nobody@example.net", now=people.now) == 0


def test_what_is_over_is_erased_as_it_is(store: Store) -> None:
    people = opened(store)
    people.sign_up("Ana")

    with pytest.raises(StoreError):
        store.erase("ana@example.net", now=terms().ends - SECOND)
    assert store.erase("ana@example.net", now=terms().ends) == 1
    assert store.registrations_of("ana@example.net") == []


def test_of_several_cancellations_that_are_unsent_one_tells_a_family_and_ends_the_event(
    store: Store,
) -> None:
    ana, beto = family(store)
    for number, (one, by) in enumerate(((ana, ChangedBy.PERSON), (beto, ChangedBy.STAFF))):
        store.cancel(SESSION, one.registration_id, now=NOW + (5 + number) * SECOND, by=by)
    store.sign_up(SESSION, person("Cora", email=FAMILY), registration_id="cora", now=NOW + 8 * SECOND)

    assert forget(store, FAMILY, now=NOW + 9 * SECOND, organization=UNLISTED) == Forgotten(3, 1)

    [left] = send_all(store, NOW + 10 * SECOND)
    assert (left.registration_id, left.method, left.name, left.changed_by) == (
        "cora",
        Method.CANCEL,
        "",
        ChangedBy.ERASURE,
    )
    assert store.messages_of(FAMILY) == []


def test_the_cancellation_that_ends_the_event_is_the_one_that_is_left(store: Store) -> None:
    people = opened(store, terms(capacity=1))
    ana, beto = (each.registration for each in people.sign_up("Ana", "Beto", email=FAMILY))
    send_all(store, people.now)
    people.cancel(ana)
    people.cancel(beto)

    forget(store, FAMILY, now=people.now, organization=UNLISTED)

    assert [(each.registration_id, each.method) for each in send_all(store, people.now)] == [
        (beto.registration_id, Method.CANCEL)
    ]


def test_who_was_erased_can_sign_up_again(store: Store) -> None:
    people = opened(store)
    [ana] = people.sign_up("Ana")
    people.cancel(ana.registration)
    store.erase("ana@example.net", now=people.now)

    [again] = people.sign_up("Ana")

    assert (again.registration.state, again.repeated) == (State.CONFIRMED, False)


def test_erasing_somebody_after_the_session_frees_what_was_counted(store: Store) -> None:
    people = opened(store, terms(capacity=1))
    people.sign_up("Ana", "Ben", "Cruz")
    for email in ("ana@example.net", "cruz@example.net"):
        store.erase(email, now=terms().ends)
    before = store.session(SESSION)
    later = replace(before.terms, starts=STARTS + timedelta(days=30), ends=STARTS + timedelta(days=31))
    store.sync_session(replace(later, closes=later.starts), None, expected=before)

    assert counts(store) == (0, 1)
    assert store.promote_one(SESSION, now=NOW) is True
    assert store.promote_one(SESSION, now=NOW) is False
    assert line(store) == [("Ben", "confirmed", None)]


def test_one_email_for_the_address_tells_of_an_erasure_and_ends_the_event(store: Store) -> None:
    registrations = family(store)
    numbers = [each.message.number for each in store.messages_of(FAMILY)]

    assert forget(store, "Family@Example.net", now=NOW + 9 * SECOND, organization=UNLISTED) == Forgotten(2, 1)

    assert store.registrations_of(FAMILY) == []
    [left] = store.messages_of(FAMILY)
    assert left == Delivery(
        Message(
            session_id=SESSION,
            registration_id=left.message.registration_id,
            kind=Kind.CANCELLATION,
            occasion="once",
            number=numbers[-1] + 7,
            method=Method.CANCEL,
            name="",
            email=FAMILY,
            language=Language.ENGLISH,
            state=State.CONFIRMED,
            changed_by=ChangedBy.ERASURE,
            recorded=NOW + 9 * SECOND,
            snapshot_json=terms().snapshot_json,
        ),
        due=NOW + 9 * SECOND,
    )
    assert left.message.registration_id in {each.registration_id for each in registrations}
    assert store.session(SESSION).highest_erased == left.message.number
    assert send_all(store, NOW + 10 * SECOND) == [left.message]
    assert store.messages_of(FAMILY) == []


def test_the_seats_of_an_address_that_is_erased_go_to_others_who_wait(store: Store) -> None:
    people = opened(store)
    people.sign_up("Ana", email=FAMILY)
    people.sign_up("Ben", "Cruz")
    people.sign_up("Beto", email=FAMILY)

    forget(store, FAMILY, now=people.now, organization=UNLISTED)

    assert line(store) == [("Ben", "confirmed", None), ("Cruz", "confirmed", None)]
    assert kinds(store, "cruz@example.net") == [Kind.WAITING_LIST, Kind.PROMOTION]
    assert [(each.message.kind, each.message.method) for each in store.messages_of(FAMILY)] == [
        (Kind.CANCELLATION, Method.CANCEL)
    ]


@pytest.mark.parametrize("first", [0, 1], ids=["the seat first", "the place first"])
def test_whichever_of_an_address_goes_first_its_event_ends(store: Store, first: int) -> None:
    people = opened(store, terms(capacity=1))
    people.sign_up("Ana", email=FAMILY)
    people.sign_up("Ben")
    people.sign_up("Beto", email=FAMILY)
    [ana, beto] = sorted(store.registrations_of(FAMILY), key=lambda each: each.person.name)
    for each in (ana, beto)[:: -1 if first else 1]:
        people.cancel(each, ChangedBy.ERASURE)

    methods = [each.message.method for each in store.messages_of(FAMILY) if not each.message.name]
    assert Method.CANCEL in methods


def test_a_cancellation_that_a_person_still_waits_for_is_left_without_the_name(store: Store) -> None:
    people = opened(store)
    [ana] = people.sign_up("Ana Núñez", email=FAMILY)
    send_all(store, people.now)
    people.cancel(ana.registration)
    [unsent] = store.pending()

    assert forget(store, FAMILY, now=people.now, organization=UNLISTED) == Forgotten(1, 1)

    nobody = replace(unsent.message, name="", changed_by=ChangedBy.ERASURE)
    assert store.messages_of(FAMILY) == [replace(unsent, message=nobody)]
    store.settle_sent(unsent.message, now=people.now)  # by somebody who took it before
    assert store.messages_of(FAMILY) == []


def test_what_is_out_or_was_given_up_is_erased_and_so_is_every_other_kind(store: Store) -> None:
    people = opened(store, terms(capacity=9))
    ana, ben, _ = people.sign_up("Ana", "Ben", "Cruz", email=FAMILY)
    send_all(store, people.now)
    people.cancel(ana.registration)
    send_all(store, people.now)
    people.cancel(ben.registration)
    [claimed] = claim_all(store, now=people.now)
    store.settle_failed(claimed.message, now=people.now, problem="550 no mailbox")
    people.sign_up("Dee", email=FAMILY)

    forget(store, FAMILY, now=people.now, organization=UNLISTED)

    [left] = store.messages_of(FAMILY)
    assert (left.message.kind, left.message.method, left.message.name) == (
        Kind.CANCELLATION,
        Method.CANCEL,
        "",
    )
    assert store.failed() == []


def test_what_tells_of_an_erasure_waits_for_what_is_being_sent(store: Store) -> None:
    """An invitation that somebody has in hand is deleted, and must not come after the cancellation."""
    people = opened(store)
    people.sign_up("Ana", email=FAMILY)
    [invitation] = claim_all(store, now=people.now)

    forget(store, FAMILY, now=people.now + SECOND, organization=UNLISTED)

    assert claim_all(store, now=people.now + LEASE - SECOND) == []
    store.settle_sent(invitation.message, now=people.now + LEASE - SECOND)
    [left] = claim_all(store, now=people.now + LEASE)
    assert (left.message.kind, left.message.method, left.unknown) == (
        Kind.CANCELLATION,
        Method.CANCEL,
        0,
    )


def test_the_address_goes_when_the_email_is_given_up_for_good_or_of_no_use_or_after_three_days(
    store: Store,
) -> None:
    family(store)
    now = NOW + 9 * SECOND
    forget(store, FAMILY, now=now, organization=UNLISTED)
    [left] = claim_all(store, now=now)
    store.settle_later(left.message, due=now, problem="no connection", fault=DeliveryFault.SERVER)
    assert forget(store, FAMILY, now=now + timedelta(days=2), organization=UNLISTED) == Forgotten(0, 1)

    if isinstance(store, DynamoDBStore):  # time to live deletes
        [item] = (
            each for each in store.table.client.scan(TableName=store.table.name)["Items"] if "email" in each
        )
        assert (
            int(item["expires"]["N"]) - 1
            <= (now + KEPT_AFTER_ERASING).timestamp()
            <= int(item["expires"]["N"])
        )
        assert FAMILY in str(item)
        assert "Ana" not in str(item)
        return
    store.purge(now=now + KEPT_AFTER_ERASING - SECOND)
    assert [each.message.name for each in store.messages_of(FAMILY)] == [""]
    store.purge(now=now + KEPT_AFTER_ERASING)
    assert store.messages_of(FAMILY) == []


def test_what_is_of_no_use_any_more_is_deleted_as_if_it_were_sent(store: Store) -> None:
    family(store)
    forget(store, FAMILY, now=NOW + 9 * SECOND, organization=UNLISTED)
    [left] = claim_all(store, now=STARTS)

    store.settle_sent(left.message, now=STARTS, instead="the session is over")

    assert store.messages_of(FAMILY) == []


def test_whoever_signs_up_again_gets_the_invitation_after_the_cancellation(store: Store) -> None:
    family(store)
    forget(store, FAMILY, now=NOW + 9 * SECOND, organization=UNLISTED)
    store.sign_up(SESSION, person("Ana", email=FAMILY), registration_id="again", now=NOW)

    sent = send_all(store, NOW + 9 * SECOND)

    assert [(each.kind, each.method) for each in sent] == [
        (Kind.CANCELLATION, Method.CANCEL),
        (Kind.CONFIRMATION, Method.REQUEST),
    ]
    assert sent[0].number < sent[1].number
    assert [each.message for each in store.messages_of(FAMILY)] == sent[1:]
