# SPDX-License-Identifier: AGPL-3.0-or-later
"""The function's pages are as small as a session's: they open on a phone with a bad connection, too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from register.domain.rate_limits import Limits
from tests.support.constants import NOON
from tests.support.sizes import sent_with
from tests.support.visitors import (
    FILLED_IN,
    IN_PERSON,
    STAFF,
    World,
    manage_path,
    mine_path,
    signed_up,
)

LIMIT = 8 * 1024
NAME = "María de los Ángeles Hernández Villaseñor"
EMAIL = "maria-de-los-angeles.hernandez@condado-de-muestra.example.org"
SPANISH = FILLED_IN | {
    "page_language": "es",
    "name": NAME,
    "email": EMAIL,
    "needs": "Letra grande, por favor.",
}


def after(world: World) -> TestResponse:
    visitor = world.visitor()
    return visitor.follow(visitor.sign_up(**SPANISH))


def after_wrong(world: World) -> TestResponse:
    visitor = world.visitor()
    path = visitor.sign_up(**SPANISH).headers["Location"].partition("?")[0]
    return visitor.post(f"{path}/correct", SPANISH | {"name": "", "email": "maria@gmial.com"})


def own(world: World) -> TestResponse:
    visitor = world.visitor()
    visitor.sign_up(**SPANISH)
    visitor.sign_up(IN_PERSON, **SPANISH)
    return visitor.get(manage_path(next(iter(world.store.registrations.values()))))


def own_waiting(world: World) -> TestResponse:
    world.fill(STAFF)
    return own(world)


def own_wrong(world: World) -> TestResponse:
    visitor = world.visitor()
    visitor.sign_up(**SPANISH)
    wrong = SPANISH | {"name": "", "email": "maria@gmial.com", "organization": "", "role": ""}
    return visitor.post(f"{manage_path(world.only_registration())}/correct", wrong)


def mine(world: World) -> TestResponse:
    """See what three people of a family or an office have signed up for in a term."""
    visitor = world.visitor(limits=Limits(None, None))
    for occupancy in world.store.sessions(after=NOON)[:6]:
        for name in (NAME, "Beto Hernández", "Cruz Hernández"):
            visitor.sign_up(occupancy.terms.session_id, **SPANISH | {"name": name})
    assert len(world.store.registrations) >= 15
    return visitor.get(mine_path(EMAIL))


def form_wrong(world: World) -> TestResponse:
    visitor = world.visitor()
    nothing = {"name": "", "email": "maria@gmial.com", "organization": "", "role": "", "consent": None}
    return visitor.sign_up(**SPANISH | nothing)


def form_again(world: World) -> TestResponse:
    visitor = world.visitor()
    token = manage_path(signed_up(world, visitor)).rpartition("/")[2]
    return visitor.get(f"/register/{IN_PERSON}?as={token}&lang=es")


@pytest.mark.parametrize(
    ("page", "status"),
    [
        (after, 200),
        (after_wrong, 422),
        (own, 200),
        (own_waiting, 200),
        (own_wrong, 422),
        (mine, 200),
        (form_wrong, 422),
        (form_again, 200),
    ],
)
def test_in_spanish_each_page_keeps_to_its_budget_of_bytes(
    world: World, page: Callable[[World], TestResponse], status: int
) -> None:
    answer = page(world)

    assert (answer.status_code, '<html lang="es"' in answer.text) == (status, True)
    assert sent_with(world.site, answer.text) <= LIMIT
