# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which form a session has is remembered, so that a good form costs one call of the store; and never believed for long."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from register.domain.model import Person, SignedUp
from register.domain.rate_limits import Rate
from register.domain.rules import NAMES_FOR_ONE_EMAIL
from register.stores import StoreUnavailable
from register.stores.memory import MemoryStore
from register.web.sign_up import REMEMBERED
from schedule.model import Status
from tests.functions.register.visitors import (
    HOUR,
    IN_SPANISH,
    NOW,
    PHONE,
    STAFF,
    World,
    heading,
    parsed,
)


class Asked:
    """A store that keeps what it was asked for, and can be told to fail."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self.verbs: list[str] = []
        self.failing: set[str] = set()

    def __getattr__(self, verb: str) -> Any:
        self.verbs.append(verb)
        if verb in self.failing:
            raise StoreUnavailable("down")
        return getattr(self._store, verb)


def for_parents(world: World, session_id: str, *, parents: bool) -> None:
    """Change for whom the session's training is."""
    told = world.store.session(session_id).terms.snapshot_json
    old, new = ("staff", "parents") if parents else ("parents", "staff")
    assert told.count(f'"readers":"{old}"') == 1
    world.change(session_id, snapshot_json=told.replace(f'"readers":"{old}"', f'"readers":"{new}"'))


def roles(world: World, session_id: str) -> dict[str, str]:
    return {one.person.email: one.person.role for one in world.store.roster(session_id)}


def test_after_the_first_form_of_a_session_a_good_one_asks_the_store_for_nothing_else(world: World) -> None:
    asked = Asked(world.store)
    visitor = world.visitor(store=asked)
    for name in ("ana", "bea", "cruz"):
        assert visitor.sign_up(email=f"{name}@example.org").status_code == 303

    assert asked.verbs == ["session", "sign_up", "sign_up", "sign_up"]


def test_a_form_with_mistakes_and_one_of_a_machine_read_the_session_anew(world: World) -> None:
    asked = Asked(world.store)
    visitor = world.visitor(store=asked)
    visitor.sign_up()
    asked.verbs.clear()
    for changes, status in (({"name": ""}, 422), ({"leave_empty": "x"}, 303), ({"lang": "es"}, 200)):
        assert visitor.sign_up(**changes).status_code == status

    assert asked.verbs == ["session"] * 3


def test_who_sends_the_form_for_parents_after_the_session_turned_into_one_for_them_is_signed_up(
    world: World,
) -> None:
    visitor = world.visitor()
    visitor.sign_up()
    for_parents(world, STAFF, parents=True)

    form = visitor.sign_up(email="bea@example.org", name="", role=None)
    assert form.status_code == 422
    assert "Your role" not in form.text
    assert visitor.sign_up(email="bea@example.org", role=None, organization="").status_code == 303
    assert roles(world, STAFF) == {"ana@example.org": "recruiter", "bea@example.org": ""}


def test_what_staff_enter_after_a_session_for_parents_turned_into_theirs_is_not_lost(world: World) -> None:
    visitor = world.visitor()
    visitor.sign_up(IN_SPANISH, role=None)
    for_parents(world, IN_SPANISH, parents=False)

    assert visitor.sign_up(IN_SPANISH, email="bea@example.org", role=None).status_code == 422
    assert visitor.sign_up(IN_SPANISH, email="bea@example.org").status_code == 303
    assert roles(world, IN_SPANISH) == {"ana@example.org": "", "bea@example.org": "recruiter"}


@pytest.mark.parametrize(
    ("changes", "status", "title"),
    [
        ({"status": Status.CANCELLED}, 409, "This date is cancelled."),
        ({"closes": NOW}, 409, "Sign-up for this date has closed."),
        ({"closes": NOW, "ends": NOW}, 409, "This date has passed."),
        (None, 404, "We do not have this date"),
    ],
    ids=["cancelled", "closed", "over", "withdrawn"],
)
@pytest.mark.parametrize(
    "sent",
    [{}, {"name": ""}, {"leave_empty": "x"}, {"lang": "en"}],
    ids=["good", "mistake", "machine", "language"],
)
def test_a_session_that_was_taken_away_since_is_answered_as_what_it_is(
    world: World, changes: dict[str, Any] | None, status: int, title: str, sent: dict[str, str]
) -> None:
    visitor = world.visitor()
    visitor.sign_up()
    if changes:
        moved = world.store.session(STAFF).terms.snapshot_json.replace("December 3, 2026", "December 4, 2026")
        world.change(STAFF, snapshot_json=moved, **changes)
    else:
        del world.store.occupancies[STAFF]
    before = world.snapshot()
    response = visitor.sign_up(**({"email": "bea@example.org"} | sent))

    assert (response.status_code, heading(response)) == (status, title)
    assert ("Thursday, December 4, 2026" in response.text) is (status == 409)
    assert PHONE in response.text
    assert world.snapshot() == before


def test_a_form_that_is_shown_again_shows_the_session_as_it_is_now(world: World) -> None:
    visitor = world.visitor(client_limit=Rate(NAMES_FOR_ONE_EMAIL + 1, HOUR))
    for number in range(NAMES_FOR_ONE_EMAIL):
        assert visitor.sign_up(name=f"Child {'abcdef'[number]}").status_code == 303
    moved = world.store.session(STAFF).terms.snapshot_json.replace("December 3, 2026", "December 4, 2026")
    world.change(STAFF, snapshot_json=moved)

    too_many = visitor.sign_up(name="Child too many")
    visitor.sign_up(email="bea@example.org")
    too_often = visitor.sign_up(email="cruz@example.org")
    assert (too_many.status_code, too_often.status_code) == (422, 429)
    for response in (too_many, too_often):
        assert '<p class="lead">Thursday, December 4, 2026' in response.text


class CountsFirst(MemoryStore):
    """Counts limits before it looks at the session, as DynamoDB does."""

    def sign_up(self, session_id: str, person: Person, **options: Any) -> SignedUp:
        self.count(options["limits"], now=options["now"])
        return super().sign_up(session_id, person, **options | {"limits": ()})


def test_a_limit_does_not_hide_that_the_session_has_closed(world: World) -> None:
    store = CountsFirst()
    store.occupancies = world.store.occupancies
    visitor = world.visitor(store=store, client_limit=Rate(1, HOUR))
    visitor.sign_up()
    world.change(STAFF, closes=NOW)
    response = visitor.sign_up(email="bea@example.org")

    assert (response.status_code, heading(response)) == (409, "Sign-up for this date has closed.")


def test_when_the_store_is_down_the_form_is_still_shown_with_all_that_was_typed(world: World) -> None:
    asked = Asked(world.store)
    visitor = world.visitor(store=asked)
    visitor.sign_up()
    asked.failing = {"session", "sign_up"}
    response = visitor.sign_up(email="bea@example.org")

    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    assert {one.get("value") for one in parsed(response).all("input")} >= {"bea@example.org", "Ana Núñez"}


def test_no_more_sessions_are_remembered_than_there_is_room_for(world: World) -> None:
    asked = Asked(world.store)
    visitor = world.visitor(store=asked)
    terms = world.store.session(STAFF).terms
    for number in range(REMEMBERED):
        other = replace(terms, session_id=f"other-{number}")
        world.store.sync_session(other, None, expected=None)
    for one in (STAFF, *(f"other-{number}" for number in range(REMEMBERED))):
        visitor.sign_up(one, leave_empty="x")
    asked.verbs.clear()
    visitor.sign_up(f"other-{REMEMBERED - 1}")
    visitor.sign_up(STAFF)

    assert asked.verbs == ["sign_up", "session", "sign_up"]
