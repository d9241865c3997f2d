# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erasing in DynamoDB: repeated after a crash, and beside somebody who signs up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from register.domain.model import Kind, State
from register.stores.dynamodb.items import read_message_key
from register.stores.dynamodb.store import DynamoDBStore
from tests.support.builders import SESSION, counts, kinds, opened, person, terms
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


@pytest.mark.parametrize("over", [False, True], ids=["canceled", "after the session"])
@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_an_erasure_that_was_killed_is_done_by_the_next(
    engine: Engine, dynamodb: DynamoDBStore, number: int, over: bool
) -> None:
    people = opened(dynamodb, terms(capacity=1))
    signed = people.sign_up("Ana", "Beto", email=EMAIL)
    if not over:
        for each in reversed(signed):
            people.cancel(each.registration)
    now = terms().ends if over else people.now
    last = dynamodb.messages_of(EMAIL)[-1].message.number

    try:
        engine.beside(dynamodb, killed_before(number)).erase(EMAIL, now=now)
    except Killed:
        assert dynamodb.erase(EMAIL, now=now) == 2

    assert keys(dynamodb) == {"ME"}
    assert dynamodb.session(SESSION).highest_erased == last
    assert counts(dynamodb) == (0, 0)


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
    assert kinds(dynamodb, EMAIL) == [Kind.CONFIRMATION]
    assert counts(dynamodb) == (1, 0)
    assert dynamodb.sign_up(SESSION, person("Eva", email=EMAIL), registration_id="eva", now=people.now)


@pytest.mark.parametrize("sk", ["", "needs#rid", "lost-link"])
def test_what_is_no_message_about_a_registration_is_passed_over_by_the_stream(sk: str) -> None:
    assert read_message_key("O#WISH#x", sk) is None
