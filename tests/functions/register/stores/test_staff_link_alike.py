# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking for the link to the staff desk costs the same for every email address, on each store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from register.domain.wishes import WishPurpose
from register.stores import Store
from register.stores.memory import MemoryStore
from tests.functions.register.stores.test_lost_mail_alike import written
from tests.support.dynamodb_engine import Engine
from tests.support.staff import OFFICE, StaffWorld
from tests.support.visitors import World
from tests.support.watched import Watched, asked_of

UNKNOWN = "nobody@example.org"


@pytest.fixture
def watched(store: Store, engine: Engine) -> Iterator[tuple[Store, list[Any]]]:
    """Each store in turn, and a list of what its database is asked."""
    with asked_of(store, engine) as watched:
        yield watched


def test_staff_and_anybody_else_cost_the_same(world: World, watched: tuple[Store, list[Any]]) -> None:
    store, asked = watched
    calls: list[str] = []
    visitor = StaffWorld(world).visitor(store=Watched(store, calls))

    costs = []
    for number, email in enumerate((OFFICE.email, UNKNOWN)):
        visitor.address = f"192.0.2.{number + 10}"
        calls.clear()
        asked.clear()
        world.woken.clear()
        answer = visitor.post("/register/staff/", {"email": email, "page_language": "es"})
        costs.append(
            (
                [*calls],
                [one if isinstance(one, str) else (one[0], written(one[1])) for one in asked],
                [*world.woken],
                (answer.status_code, answer.data, sorted(answer.headers.items())),
            )
        )

    staff, anybody = costs
    assert staff == anybody
    assert staff[1] or isinstance(store, MemoryStore)
    assert staff[0] == ["count", "count", "record_wish"]
    wishes = store.wishes(now=world.clock.now)
    assert [(wish.email, wish.purpose) for wish in wishes] == [
        (OFFICE.email, WishPurpose.STAFF_LINK),
        (UNKNOWN, WishPurpose.STAFF_LINK),
    ]
    assert store.pending() == []
    assert staff[3][0] == 303


@pytest.mark.parametrize("times", [1, 2])
def test_a_link_is_used_once_and_a_sign_in_ends_on_each_store(
    world: World, watched: tuple[Store, list[Any]], times: int
) -> None:
    store, _asked = watched
    staff = StaffWorld(world)
    visitor, another = staff.visitor(store=store), staff.visitor(store=store)
    for _ in range(times):
        answers = [visitor.post(staff.link(nonce=f"n{times}")), another.post(staff.link(nonce=f"n{times}"))]
        assert answers[1].status_code == 410
    assert "Signed in as" in visitor.get("/register/staff/").text
    visitor.post("/register/staff/out")

    assert store.staff_account(OFFICE.email_hash).session_generation == 1
