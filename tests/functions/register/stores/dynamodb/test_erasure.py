# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erasing in DynamoDB: repeated after a crash, and beside somebody who signs up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from register.domain.messages import Method
from register.domain.model import Kind, State
from register.domain.notifications import number_at
from register.operations.privacy import forget
from register.stores.deliveries import Delivery
from register.stores.dynamodb.keys import read_message_key
from register.stores.dynamodb.store import DynamoDBStore
from tests.support.builders import LEASE, SESSION, UNLISTED, claim_all, counts, kinds, opened, person, terms
from tests.support.constants import SECOND
from tests.support.dynamodb_engine import Engine
from tests.support.dynamodb_faults import Between, before

EMAIL = "family@example.net"


class Killed(BaseException):
    """The process is gone."""


def killed_before(number: int) -> Callable[[Any], Between]:
    """Return what wraps a client so that nothing is written from the n-th write on."""
    writes = {"delete_item", "transact_write_items", "update_item", "put_item"}
    seen = [0]

    def judge(call: Callable[[], Any], name: str, _: dict[str, Any]) -> Any:
        seen[0] += name in writes
        if name in writes and seen[0] >= number:
            raise Killed
        return call()

    return lambda client: Between(client, judge)


def keys(store: DynamoDBStore) -> set[str]:
    found = store.table.client.scan(TableName=store.table.name)["Items"]
    return {item["sk"]["S"][:2] if item["pk"]["S"].startswith("S#") else "O#" for item in found}


def left(store: DynamoDBStore) -> list[tuple[str, Kind, Method | None]]:
    return [(each.message.name, each.message.kind, each.message.method) for each in store.messages_of(EMAIL)]


@pytest.mark.parametrize("number", range(1, 8))
def test_an_erasure_that_was_killed_anywhere_is_done_by_the_next(
    engine: Engine, dynamodb: DynamoDBStore, number: int
) -> None:
    people = opened(dynamodb, terms(capacity=1))
    people.sign_up("Ana", "Beto", email=EMAIL)
    people.sign_up("Cruz")

    erased = people.now
    try:
        done = forget(
            engine.beside(dynamodb, killed_before(number)), EMAIL, now=erased, organization=UNLISTED
        )
    except Killed:
        erased += SECOND
        done = forget(dynamodb, EMAIL, now=erased, organization=UNLISTED)
        assert number < 7
    else:
        assert number == 7

    assert done.unsent == 1
    assert left(dynamodb) == [("", Kind.CANCELLATION, Method.CANCEL)]
    assert dynamodb.registrations_of(EMAIL) == []
    last = dynamodb.messages_of(EMAIL)[0].message.number
    assert dynamodb.session(SESSION).highest_erased == max(last, number_at(erased))
    assert [(each.person.name, each.state) for each in dynamodb.roster(SESSION)] == [
        ("Cruz", State.CONFIRMED)
    ]
    assert counts(dynamodb) == (1, 0)
    assert "Ana" not in str(dynamodb.table.client.scan(TableName=dynamodb.table.name)["Items"])


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_an_erasure_after_the_session_that_was_killed_is_done_by_the_next(
    engine: Engine, dynamodb: DynamoDBStore, number: int
) -> None:
    opened(dynamodb, terms(capacity=1)).sign_up("Ana", "Beto", email=EMAIL)

    try:
        engine.beside(dynamodb, killed_before(number)).erase(EMAIL, now=terms().ends)
    except Killed:
        assert dynamodb.erase(EMAIL, now=terms().ends) == 2

    assert keys(dynamodb) == {"ME"}
    assert dynamodb.session(SESSION).highest_erased == number_at(terms().ends)
    assert counts(dynamodb) == (0, 0)


@pytest.mark.parametrize("operation", ["update_item", "delete_item"])
def test_what_somebody_begins_to_send_meanwhile_holds_the_cancellation_back(
    engine: Engine, dynamodb: DynamoDBStore, operation: str
) -> None:
    people = opened(dynamodb)
    [ana] = people.sign_up("Ana", email=EMAIL)
    people.cancel(ana.registration)
    taken: list[Delivery] = []
    seam = before(1, operation, lambda: taken.extend(claim_all(dynamodb, now=people.now)))

    assert engine.beside(dynamodb, seam).erase(EMAIL, now=people.now) == 1

    assert [each.message.kind for each in taken] == [Kind.CONFIRMATION]
    assert claim_all(dynamodb, now=people.now + LEASE - SECOND) == []
    assert [each.message.name for each in claim_all(dynamodb, now=people.now + LEASE)] == [""]


@pytest.mark.parametrize(("number", "operation"), [(1, "update_item"), (1, "delete_item")])
def test_a_cancellation_that_is_sent_while_its_address_is_erased_is_gone_as_well(
    engine: Engine, dynamodb: DynamoDBStore, number: int, operation: str
) -> None:
    people = opened(dynamodb)
    [ana] = people.sign_up("Ana", email=EMAIL)
    people.cancel(ana.registration)
    cancellation = dynamodb.messages_of(EMAIL)[-1].message
    seam = before(number, operation, lambda: dynamodb.settle_sent(cancellation, now=people.now))

    engine.beside(dynamodb, seam).erase(EMAIL, now=people.now)

    assert dynamodb.messages_of(EMAIL) == []


@pytest.mark.parametrize(
    ("number", "operation"), [(2, "query"), (1, "delete_item"), (1, "transact_write_items")]
)
def test_a_relative_who_signs_up_meanwhile_keeps_seat_and_email(
    engine: Engine, dynamodb: DynamoDBStore, number: int, operation: str
) -> None:
    people = opened(dynamodb)
    people.cancel(people.sign_up("Ana", email=EMAIL)[0].registration)
    seam = before(number, operation, lambda: people.sign_up("Beto", email=EMAIL))

    assert engine.beside(dynamodb, seam).erase(EMAIL, now=people.now) == 1

    assert [(each.person.name, each.state) for each in dynamodb.roster(SESSION)] == [
        ("Beto", State.CONFIRMED)
    ]
    assert sorted(kinds(dynamodb, EMAIL)) == [Kind.CANCELLATION, Kind.CONFIRMATION]
    assert counts(dynamodb) == (1, 0)
    assert dynamodb.sign_up(SESSION, person("Eva", email=EMAIL), registration_id="eva", now=people.now)


@pytest.mark.parametrize("sk", ["", "needs#rid", "lost-link"])
def test_what_is_no_message_about_a_registration_is_passed_over_by_the_stream(sk: str) -> None:
    assert read_message_key("O#WISH#x", sk) is None
