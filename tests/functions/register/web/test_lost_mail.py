# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who has lost a mail gets it again; nobody learns from it who has signed up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from register.domain.rate_limits import Limits, Rate
from register.domain.wishes import Wish, WishPurpose
from schedule.model import Language
from tests.support.constants import HOUR, NOON
from tests.support.visitors import (
    IN_PERSON,
    LIMITS,
    Visitor,
    World,
    heading,
    parsed,
    signed_up,
)


def test_asking_records_a_wish_and_nothing_else(world: World, visitor: Visitor) -> None:
    signed_up(world, visitor)
    world.clock.now += HOUR
    world.woken.clear()
    before = world.store.outbox.copy()

    response = visitor.post("/register/link", {"email": " Ana@example.ORG ", "page_language": "es"})

    assert (response.status_code, response.headers["Location"]) == (303, "/register/link?sent=yes&lang=es")
    assert world.store.outbox == before
    [wish] = world.store.wished.values()
    assert wish == Wish(
        wish.wish_id, WishPurpose.LOST_LINK, "Ana@example.org", Language.SPANISH, world.clock.now
    )
    assert world.woken == [NOON + HOUR]


def test_the_answer_is_the_same_for_every_address(world: World, visitor: Visitor) -> None:
    signed_up(world, visitor)
    world.clock.now += HOUR
    known, unknown = (
        visitor.post("/register/link", {"email": email, "page_language": "en"})
        for email in ("ana@example.org", "nobody@example.org")
    )

    assert (known.status_code, known.data, dict(known.headers)) == (
        unknown.status_code,
        unknown.data,
        dict(unknown.headers),
    )
    page = visitor.follow(known)
    assert heading(page) == "Check your email"
    assert "If someone signed up for a coming session with that email address" in page.text


def test_lost_mails_count_alike_for_a_sign_up_with_a_known_and_an_unknown_address(world: World) -> None:
    answers = []
    for email, known in (("ana@example.org", True), ("bea@example.org", False)):
        visitor = world.visitor()
        visitor.address = f"192.0.2.{len(answers) + 1}"
        if known:
            signed_up(world, visitor, email)
            world.clock.now += HOUR  # what the sign-up itself counts is not what this is about
        links = [visitor.post("/register/link", {"email": email}) for _ in range(11)]
        response = visitor.sign_up(IN_PERSON, name="Somebody Else", email=email)
        told = response.text.replace(email, "EMAIL")
        answers.append(([one.headers["Location"] for one in links], response.status_code, told))

    assert answers[0] == answers[1]
    assert answers[0][1] == 429


def test_at_the_limit_for_one_network_nothing_counts_for_the_person(world: World) -> None:
    visitor = world.visitor(limits=Limits(client=Rate(1, HOUR), recipient=Rate(2, HOUR)))
    for _ in range(5):
        visitor.post("/register/link", {"email": "ana@example.org"})
    visitor.address = "198.51.100.7"

    assert visitor.sign_up().status_code == 303


def test_at_the_limit_for_one_person_the_answer_is_still_the_same(world: World) -> None:
    visitor = world.visitor(limits=replace(LIMITS, recipient=Rate(1, 2 * HOUR)))
    signed_up(world, visitor)
    world.clock.now += HOUR / 2
    response = visitor.post("/register/link", {"email": "ana@example.org", "page_language": "en"})

    assert response.headers["Location"] == "/register/link?sent=yes&lang=en"
    assert world.store.wished == {}


@pytest.mark.parametrize("email", ["ana@example.org", "nobody@example.org"])
def test_the_limit_for_one_network_is_said_and_is_the_same_for_every_address(
    world: World, email: str
) -> None:
    visitor = world.visitor(limits=replace(LIMITS, client=Rate(3, HOUR)))
    signed_up(world, visitor)
    answers = [visitor.post("/register/link", {"email": email}) for _ in range(3)]

    assert [one.status_code for one in answers] == [303, 303, 429]
    assert heading(answers[-1]) == "Too many requests"
    assert answers[-1].headers["Retry-After"] == "3600"


def test_the_form_for_a_lost_mail_says_what_is_wrong_and_keeps_what_was_typed(
    world: World, visitor: Visitor
) -> None:
    empty = visitor.get("/register/link?lang=es")
    assert (empty.status_code, heading(empty)) == (200, "Recibir nuestro correo otra vez")
    (form,) = parsed(empty).all("form")
    assert form == {"method": "post", "action": "/register/link", "novalidate": ""}
    response = visitor.post("/register/link", {"email": "ana@", "page_language": "es"})

    assert response.status_code == 422
    assert parsed(response).title.startswith("Error: Recibir nuestro correo")
    assert '<a href="#email">Escriba un correo electrónico como ana@example.org.</a>' in response.text
    assert 'value="ana@"' in response.text
    assert world.store.hits == {}


def test_a_machine_that_fills_in_the_trap_is_answered_alike(world: World, visitor: Visitor) -> None:
    signed_up(world, visitor)
    world.clock.now += HOUR
    before = world.snapshot()
    data = {"email": "ana@example.org", "leave_empty": "x", "page_language": "en"}

    assert visitor.post("/register/link", data).headers["Location"] == "/register/link?sent=yes&lang=en"
    assert world.snapshot() == before
