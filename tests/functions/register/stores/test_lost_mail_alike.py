# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking for one's email costs the same for every email address, on each store: calls, and what is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from register.stores import Store
from register.stores.memory import MemoryStore
from tests.support.constants import HOUR
from tests.support.dynamodb_engine import Engine
from tests.support.visitors import STAFF, World
from tests.support.watched import Watched, asked_of

KNOWN, UNKNOWN = "ana@example.org", "ida@example.org"


def written(request: dict[str, Any]) -> list[list[str]]:
    """Return the names of the attributes of each item that a request writes."""
    actions = [*request.get("TransactItems", ()), {"Put": request}]
    return [sorted(action["Put"]["Item"]) for action in actions if "Item" in action.get("Put", {})]


@pytest.fixture
def watched(store: Store, engine: Engine) -> Iterator[tuple[Store, list[Any]]]:
    """Each store in turn, and a list of what its database is asked."""
    with asked_of(store, engine) as watched:
        yield watched


def test_a_known_and_an_unknown_address_cost_the_same(world: World, watched: tuple[Store, list[Any]]) -> None:
    store, asked = watched
    for occupancy in world.store.sessions(after=world.clock.now):
        store.sync_session(occupancy.terms, None, expected=None)
    calls: list[str] = []
    visitor = world.visitor(store=Watched(store, calls))
    assert visitor.sign_up(STAFF, email=KNOWN).status_code == 303
    world.clock.now += 2 * HOUR  # what the sign-up itself has counted is not what this is about
    store.purge(now=world.clock.now)

    costs = []
    for number, email in enumerate((KNOWN, UNKNOWN)):
        visitor.address = f"192.0.2.{number + 10}"
        calls.clear()
        asked.clear()
        world.woken.clear()
        answer = visitor.post("/register/link", {"email": email, "page_language": "es"})
        costs.append(
            (
                [*calls],
                [one if isinstance(one, str) else (one[0], written(one[1])) for one in asked],
                [*world.woken],
                (answer.status_code, answer.data, sorted(answer.headers.items())),
            )
        )

    known, unknown = costs
    assert known == unknown
    assert known[1] or isinstance(store, MemoryStore)
    assert known[0] == ["count", "count", "record_wish"]
    assert [wish.email for wish in store.wishes(now=world.clock.now)] == [KNOWN, UNKNOWN]
    assert known[3][0] == 303
