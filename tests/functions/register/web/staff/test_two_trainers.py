# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two trainers who save the same list at once, on the stores that are used: no tick is lost or overwritten unseen."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from register.domain.model import Registration, State
from register.stores import Store
from register.stores.sqlite.store import SQLiteStore
from register.web.staff.attendance_form import Keeper, Kept, SentTicks, shown
from tests.support.builders import SESSION, STARTS, opened, person, terms
from tests.support.dynamodb_engine import running

NOW = STARTS - timedelta(minutes=10)


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Store]:
    """A database in a file."""
    store = SQLiteStore(tmp_path / "register.sqlite3")
    yield store
    store.close()


@pytest.fixture
def dynamodb() -> Iterator[Store]:
    """A table that many may ask at once."""
    with running() as engine:
        store = engine.store()
        yield store
        store.close()


@pytest.fixture(params=["sqlite", "dynamodb"])
def store(request: pytest.FixtureRequest) -> Store:
    """Each real store in turn, empty."""
    found: Store = request.getfixturevalue(request.param)
    return found


def page(roster: list[Registration], *came: Registration, complete: bool = False) -> SentTicks:
    """Return what a page of this roster sends with some ticks."""
    return SentTicks(
        shown={each.registration_id: shown(each) for each in roster},
        came=frozenset(each.registration_id for each in came),
        complete=complete,
    )


def test_each_tick_is_the_first_ones_and_the_other_sees_it(store: Store) -> None:
    people = [each.registration for each in opened(store, terms(capacity=9)).sign_up(*"ABCDEFGHI")]
    roster = store.roster(SESSION)
    forms = {
        "one@example.org": page(roster, *people[:6]),
        "two@example.org": page(roster, *people[3:], complete=True),
    }

    def keep(staff: str) -> Kept:
        return Keeper(store, SESSION, NOW, staff, lambda: "new").keep(forms[staff], roster)

    with ThreadPoolExecutor(2) as pool:
        kept = dict(zip(forms, pool.map(keep, forms), strict=True))

    stored = {each.registration_id: each.attended for each in store.roster(SESSION)}
    trail = {entry.registration_id: entry.who for entry in store.trail(SESSION)}
    disputed = {each.registration_id for each in people[:3]}
    assert {each for each in stored if each not in disputed and stored[each] is not True} == set()
    for each in disputed:
        first = "one@example.org" if stored[each] else "two@example.org"
        assert trail[each] == first
        assert {staff: each in kept[staff].others for staff in forms} == {
            staff: staff != first for staff in forms
        }
    assert len(store.trail(SESSION)) == 9
    assert kept["one@example.org"].others | kept["two@example.org"].others == disputed


def test_two_who_add_the_same_walk_in_add_one(store: Store) -> None:
    opened(store, terms(capacity=1)).sign_up("A")
    numbers = count(1)

    def add(staff: str) -> None:
        Keeper(store, SESSION, NOW, staff, lambda: f"{staff}-{next(numbers)}").walk_in(
            person("Dee Cruz", email="")
        )

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(add, ["one@example.org", "two@example.org"]))

    assert [(each.person.name, each.state, each.attended) for each in store.roster(SESSION)] == [
        ("A", State.CONFIRMED, None),
        ("Dee Cruz", State.CONFIRMED, True),
    ]
    occupancy = store.session(SESSION)
    assert (occupancy.confirmed, occupancy.waiting) == (2, 0)


def test_whoever_waits_and_is_ticked_by_both_gets_one_seat(store: Store) -> None:
    _, waits = opened(store, terms(capacity=1)).sign_up("A", "B")
    roster = store.roster(SESSION)
    form = page(roster, waits.registration)

    def keep(staff: str) -> Kept:
        return Keeper(store, SESSION, NOW, staff, lambda: f"new-{staff}").keep(form, roster)

    with ThreadPoolExecutor(2) as pool:
        kept = list(pool.map(keep, ["one@example.org", "two@example.org"]))

    assert kept == [Kept(), Kept()]
    assert [(each.person.name, each.state, each.attended) for each in store.roster(SESSION)] == [
        ("A", State.CONFIRMED, None),
        ("B", State.CONFIRMED, True),
    ]
    assert store.session(SESSION).confirmed == 2
