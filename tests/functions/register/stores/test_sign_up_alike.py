# SPDX-License-Identifier: AGPL-3.0-or-later
"""A name that is nearly right costs with a known email address what it costs with an unknown one, on each store.

The exact name and address are a repeat, which the page says, and which costs what it costs: whoever has both knows
as much. docs/decisions/0026-receipt.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.test import TestResponse

from register.stores import Store
from register.stores.memory import MemoryStore
from tests.support.constants import HOUR
from tests.support.dynamodb_engine import Engine
from tests.support.visitors import FILLED_IN, STAFF, World
from tests.support.watched import Watched, asked_of

KNOWN, UNKNOWN = "ana@example.org", "ida@example.org"
NAME, NEARLY = "Ana Núñez", "Ane Núñes"


def requests(asked: list[Any]) -> list[str]:
    """Return each request without its values: SQL, or an operation with how many items it is about."""
    found = []
    for one in asked:
        if isinstance(one, str):
            found.append(re.sub(r"\b\d+\b", "?", one))
        else:
            operation, request = one
            tables = request.get("RequestItems", {}).values()
            items = len(request.get("TransactItems", ())) + sum(len(table["Keys"]) for table in tables)
            found.append(f"{operation} {items}")
    return found


class Cost:
    """Somebody with another network each time, and what each answer cost."""

    def __init__(self, world: World, store: Store, asked: list[Any]) -> None:
        self._world, self._asked, self._calls = world, asked, list[str]()
        self.visitor = world.visitor(store=Watched(store, self._calls))
        self._networks = iter(range(10, 250))

    def of(self, path: str, **typed: str) -> tuple[TestResponse, list[str], list[str], int]:
        """Send a form; return the answer, the calls of the store, the requests to its database, and the wakes."""
        self.visitor.address = f"192.0.2.{next(self._networks)}"
        for kept in (self._calls, self._asked, self._world.woken):
            kept.clear()
        answer = self.visitor.post(path, FILLED_IN | typed)
        return answer, [*self._calls], requests(self._asked), len(self._world.woken)


@pytest.fixture
def cost(world: World, store: Store, engine: Engine) -> Iterator[Cost]:
    """Each store in turn, in which one person has signed up two hours ago."""
    with asked_of(store, engine) as (watched, asked):
        for occupancy in world.store.sessions(after=world.clock.now):
            watched.sync_session(occupancy.terms, None, expected=None)
        cost = Cost(world, watched, asked)
        assert cost.of(f"/register/{STAFF}", name=NAME, email=KNOWN)[0].status_code == 303
        world.clock.now += 2 * HOUR  # what the sign-up itself has counted is not what this is about
        watched.purge(now=world.clock.now)
        yield cost


def alike(answer: TestResponse) -> tuple[int, list[str]]:
    """Return what two answers that lead to a page have in common."""
    headers = [f"{name}: {value}" for name, value in answer.headers if name != "Location"]
    return answer.status_code, sorted(headers)


def test_a_name_two_letters_away_costs_at_a_known_address_what_it_costs_at_an_unknown_one(
    cost: Cost, store: Store
) -> None:
    fresh, *of_fresh = cost.of(f"/register/{STAFF}", name=NAME, email=UNKNOWN)
    near, *of_near = cost.of(f"/register/{STAFF}", name=NEARLY, email=KNOWN)
    nobody, *of_nobody = cost.of(f"/register/{STAFF}", name=NEARLY, email="eva@example.org")

    assert of_fresh == of_near == of_nobody
    assert alike(fresh) == alike(near) == alike(nobody)
    assert of_near[0] == ["session", "sign_up"]
    assert len(of_near[1]) == {"MemoryStore": 0, "SQLiteStore": 18, "DynamoDBStore": 5}[type(store).__name__]


def test_a_repeat_costs_the_same_calls_of_the_store(cost: Cost, store: Store) -> None:
    fresh, *of_fresh = cost.of(f"/register/{STAFF}", name=NAME, email=UNKNOWN)
    repeat, *of_repeat = cost.of(f"/register/{STAFF}", name=NAME, email=KNOWN)

    assert (of_fresh[0], of_fresh[2]) == (of_repeat[0], of_repeat[2])
    assert alike(fresh) == alike(repeat)
    # It reads what is stored and the email that it sends once more, in DynamoDB by requests of their own.
    assert (
        len(of_repeat[1]) == {"MemoryStore": 0, "SQLiteStore": 18, "DynamoDBStore": 10}[type(store).__name__]
    )


def test_correcting_to_a_known_address_costs_what_it_costs_to_an_unknown_one(
    cost: Cost, store: Store
) -> None:
    costs = []
    for own, email in (("eve@example.org", KNOWN), ("eva@example.org", UNKNOWN)):
        sent, *_ = cost.of(f"/register/{STAFF}", name="Eve", email=own)
        path = sent.headers["Location"].partition("?")[0]
        answer, *of_it = cost.of(f"{path}/correct", name=NEARLY, email=email)
        costs.append((alike(answer), *of_it))

    assert costs[0] == costs[1]
    assert costs[0][0][0] == 303
    assert bool(costs[0][2]) is not isinstance(store, MemoryStore)
