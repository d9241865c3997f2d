# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a sign-up is not taken: a page says why and what to do, and what was typed stays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from register.domain.errors import SessionCancelled
from register.domain.model import hash_of
from register.domain.rate_limits import Limits, Rate
from register.domain.rules import NAMES_FOR_ONE_EMAIL
from register.stores.errors import Conflict, StoreUnavailable
from tests.support.constants import HOUR, NOON
from tests.support.visitors import (
    CALLED_OFF,
    LIMITS,
    PHONE,
    STAFF,
    Visitor,
    World,
    broken,
    heading,
    parsed,
)


@pytest.mark.parametrize(
    ("session_id", "changes", "status", "english", "spanish"),
    [
        ("no-such-session", None, 404, "We can’t find this date", "No encontramos esta fecha"),
        (CALLED_OFF, None, 409, "This date is canceled.", "Esta sesión se canceló."),
        (
            STAFF,
            {"closes": NOON},
            409,
            "Sign-up for this date has closed.",
            "La inscripción para esta fecha ya cerró.",
        ),
        (STAFF, {"closes": NOON, "ends": NOON}, 409, "This date has passed.", "Esta sesión ya pasó."),
    ],
    ids=["unknown", "cancelled", "closed", "over"],
)
@pytest.mark.parametrize("trap", ["", "x"], ids=["person", "machine"])
def test_where_nobody_may_sign_up_a_page_says_why_and_what_to_do(
    world: World,
    visitor: Visitor,
    session_id: str,
    changes: dict[str, Any] | None,
    status: int,
    english: str,
    spanish: str,
    trap: str,
) -> None:
    if changes:
        world.change(session_id, **changes)
    before = world.snapshot()
    nothing = {
        "en": "We didn’t keep anything you just entered.",
        "es": "No guardamos nada de lo que acaba",
    }
    for language, title in (("en", english), ("es", spanish)):
        response = visitor.sign_up(session_id, page_language=language, leave_empty=trap)
        assert (response.status_code, heading(response)) == (status, title)
        assert PHONE in response.text
        assert (nothing[language] in response.text) is (status == 409)
        hrefs = {link.get("href") for link in parsed(response).all("a")}
        prefix = "" if language == "en" else "/es"
        wanted = f"{prefix}/schedule/" if status == 404 else f"{prefix}/trainings/"
        assert any(href and href.startswith(wanted) for href in hrefs)
    assert world.snapshot() == before


def test_what_is_sent_is_read_as_the_form_that_the_session_has_now(world: World, visitor: Visitor) -> None:
    text = world.store.session(STAFF).terms.snapshot_json
    world.change(STAFF, snapshot_json=text.replace('"readers":"staff"', '"readers":"parents"'))

    assert visitor.sign_up(role="no role").status_code == 303
    assert world.only_registration().person.role == ""


def test_a_session_that_is_cancelled_in_the_same_moment_takes_nobody(world: World) -> None:
    visitor = world.visitor(store=broken(world.store, SessionCancelled(STAFF), "sign_up"))
    response = visitor.sign_up()

    assert (response.status_code, heading(response)) == (409, "This date is canceled.")
    assert "Thursday, December 3, 2026" in response.text
    assert world.woken == []


def test_a_limit_does_not_hide_that_the_session_has_closed(world: World) -> None:
    visitor = world.visitor(limits=replace(LIMITS, client=Rate(1, HOUR)))
    visitor.sign_up()
    world.change(STAFF, closes=NOON)
    response = visitor.sign_up(email="bea@example.org")

    assert (response.status_code, heading(response)) == (409, "Sign-up for this date has closed.")


def test_a_sixth_name_for_one_address_is_refused_in_the_form(world: World, visitor: Visitor) -> None:
    for number in range(NAMES_FOR_ONE_EMAIL):
        assert visitor.sign_up(name=f"Child {'abcdef'[number]}").status_code == 303
    response = visitor.sign_up(name="Child too many")

    assert response.status_code == 422
    assert 'value="Child too many"' in response.text
    assert (
        '<a href="#email">No more people can sign up for this session with this email address. '
        "Use another email address, or call us.</a>"
    ) in response.text
    assert PHONE in response.text
    assert len(world.store.registrations) == NAMES_FOR_ONE_EMAIL


def test_too_many_from_one_network_are_asked_to_wait_with_all_that_was_typed(world: World) -> None:
    visitor = world.visitor(limits=replace(LIMITS, client=Rate(2, HOUR)))
    for name in ("ana", "bea"):
        assert visitor.sign_up(email=f"{name}@example.org").status_code == 303
    response = visitor.sign_up(email="cruz@example.org", page_language="es")

    assert (response.status_code, response.headers["Retry-After"]) == (429, "3600")
    assert "<h2>Demasiadas solicitudes</h2>" in response.text
    assert 'value="cruz@example.org"' in response.text
    assert len(world.store.registrations) == 2
    visitor.address = "198.51.100.7"
    assert visitor.sign_up(email="cruz@example.org").status_code == 303


def test_too_many_for_one_address_are_asked_to_wait(world: World) -> None:
    visitor = world.visitor(limits=replace(LIMITS, recipient=Rate(1, HOUR)))
    visitor.sign_up()
    response = visitor.sign_up("2026-12-10-secondary-user")

    assert response.status_code == 429
    assert len(world.store.registrations) == 1


def test_all_ways_to_write_to_one_mailbox_share_its_limit(world: World) -> None:
    visitor = world.visitor(limits=replace(LIMITS, recipient=Rate(2, HOUR)))
    answers = [
        visitor.sign_up(email=email, name=f"Ana {letter}").status_code
        for letter, email in zip(
            "ABC", ("a.na@gmail.com", "ana+2@googlemail.com", "ANA@gmail.com"), strict=True
        )
    ]

    assert answers == [303, 303, 429]
    assert len(world.store.registrations) == 2


def test_limits_can_be_turned_off(world: World) -> None:
    visitor = world.visitor(limits=Limits(client=None, recipient=None))
    visitor.sign_up()

    assert world.store.hits == {}


def test_limits_count_what_names_nobody(world: World, visitor: Visitor) -> None:
    visitor.sign_up()
    client, recipient = world.store.hits

    assert client.startswith("client:")
    assert visitor.address not in client
    assert recipient == f"recipient:{hash_of('ana@example.org')}"


@pytest.mark.parametrize("error", [StoreUnavailable("down"), Conflict(STAFF)])
def test_when_the_store_fails_the_form_stays_with_all_that_was_typed(world: World, error: Exception) -> None:
    visitor = world.visitor(store=broken(world.store, error, "sign_up"))
    response = visitor.sign_up()

    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    assert "<h2>Our system isn’t responding right now</h2>" in response.text
    assert "Please wait a minute and press “Sign up” again. You won’t be signed up twice." in response.text
    assert 'value="Ana Núñez"' in response.text
    assert PHONE in response.text
    assert world.woken == []


def test_when_the_store_cannot_even_be_read_a_page_says_so(world: World) -> None:
    visitor = world.visitor(store=broken(world.store, StoreUnavailable("down"), "session"))
    for response in (visitor.get(f"/register/{STAFF}?lang=es"), visitor.sign_up(page_language="es")):
        assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
        assert heading(response) == "En este momento nuestro sistema no responde"
        assert "Lo que escribió debe seguir ahí" in response.text
        assert PHONE in response.text
