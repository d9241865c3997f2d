# SPDX-License-Identifier: AGPL-3.0-or-later
"""A probably mistyped email address is asked about once, in both languages, with all that was typed."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from tests.support.visitors import FILLED_IN, STAFF, Visitor, World, manage_path, parsed, signed_up

TYPED, MEANT = "ana@gmial.com", "ana@gmail.com"
QUESTION = {
    "en": f"Did you mean {MEANT}? If the address you typed is right, send the form again.",
    "es": f"¿Quiso escribir {MEANT}? Si la dirección que escribió es correcta, envíe el formulario otra vez.",
}
USE = {"en": f"Use {MEANT}", "es": f"Usar {MEANT}"}


def fields(response: TestResponse) -> dict[str, str]:
    """Return what a browser would send of the form that a page shows, but for its radio buttons."""
    shown = [one for one in parsed(response).all("input") if one.get("type") != "radio"]
    return {one["name"]: one.get("value", "") for one in shown}


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_near_miss_is_asked_about_and_everything_stays_as_it_was_typed(
    world: World, visitor: Visitor, language: str
) -> None:
    before = world.snapshot()
    answer = visitor.sign_up(email=TYPED, needs="An interpreter", page_language=language)

    assert answer.status_code == 422
    assert f'<li><a href="#email">{QUESTION[language]}</a>' in answer.text
    assert fields(answer) == {
        "page_language": language,
        "leave_empty": "",
        "name": "Ana Núñez",
        "email": TYPED,
        "organization": "Yolo County Office of Education",
        "consent": "yes",
        "email_asked": TYPED,
    }
    assert ">An interpreter</textarea>" in answer.text
    assert f'name="email_instead" value="{MEANT}">{USE[language]}</button>' in answer.text
    assert world.snapshot() == before


def test_the_same_again_passes(world: World, visitor: Visitor) -> None:
    assert visitor.sign_up(email=f" {TYPED.upper()} ", email_asked=TYPED).status_code == 303
    assert world.only_registration().person.email.casefold() == TYPED


def test_one_press_sends_the_right_one(world: World, visitor: Visitor) -> None:
    answer = visitor.sign_up(email=TYPED, email_asked=TYPED, email_instead=MEANT)

    assert answer.status_code == 303
    assert world.only_registration().person.email == MEANT


def test_one_press_keeps_the_right_one_where_something_else_is_wrong(visitor: Visitor) -> None:
    answer = visitor.sign_up(name="", email=TYPED, email_asked=TYPED, email_instead=MEANT)

    assert answer.status_code == 422
    assert "Did you mean" not in answer.text
    assert "email_asked" not in answer.text
    assert fields(answer)["email"] == MEANT


def test_another_near_miss_is_another_question(visitor: Visitor) -> None:
    answer = visitor.sign_up(email="ana@hotmial.com", email_asked=TYPED)

    assert answer.status_code == 422
    assert "Did you mean ana@hotmail.com?" in answer.text


def test_what_is_wrong_besides_is_said_in_the_same_answer_and_the_question_is_not_put_again(
    visitor: Visitor,
) -> None:
    first = visitor.sign_up(name="", email=TYPED)
    assert [one in first.text for one in ("Enter your full name.", QUESTION["en"])] == [True, True]
    assert first.text.index("Enter your full name.") < first.text.index(QUESTION["en"])

    second = visitor.sign_up(name="", email=TYPED, email_asked=TYPED)
    assert [one in second.text for one in ("Enter your full name.", QUESTION["en"])] == [True, False]
    assert fields(second)["email_asked"] == TYPED
    assert USE["en"] in second.text


@pytest.mark.parametrize("instead", ["nobody", "a@b@c.org", "=?x?=@gmail.com", '"><script>@gmail.com'])
def test_what_the_button_sends_is_checked_as_the_field_is(
    world: World, visitor: Visitor, instead: str
) -> None:
    answer = visitor.sign_up(email=TYPED, email_instead=instead)

    assert answer.status_code == 422
    assert "<script>" not in answer.text
    assert not world.store.registrations


def test_an_address_that_is_shown_again_is_text_and_no_markup(visitor: Visitor) -> None:
    answer = visitor.sign_up(email="'a&b@gmial.com")

    assert answer.status_code == 422
    assert "Did you mean &#39;a&amp;b@gmail.com?" in answer.text
    assert 'value="&#39;a&amp;b@gmail.com">Use &#39;a&amp;b@gmail.com</button>' in answer.text


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_form_for_lost_emails_asks_too(world: World, visitor: Visitor, language: str) -> None:
    first = visitor.post("/register/link", {"email": TYPED, "page_language": language})
    assert first.status_code == 422
    assert QUESTION[language] in first.text
    assert not world.store.wished

    chosen = fields(first) | {"email_instead": MEANT}
    assert visitor.post("/register/link", fields(first)).status_code == 303
    assert visitor.post("/register/link", chosen).status_code == 303
    assert [wish.email for wish in world.store.wishes(now=world.clock.now)] == [TYPED, MEANT]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_form_on_ones_own_page_asks_too(world: World, visitor: Visitor, language: str) -> None:
    path = manage_path(signed_up(world, visitor))
    stored = world.only_registration()
    typed = FILLED_IN | {"email": TYPED, "page_language": language}
    first = visitor.post(f"{path}/correct", typed)
    assert (first.status_code, QUESTION[language] in first.text, USE[language] in first.text) == (
        422,
        True,
        True,
    )
    assert world.only_registration() == stored

    visitor.post(f"{path}/correct", typed | {"email_asked": TYPED, "email_instead": MEANT})
    assert world.only_registration().person.email == MEANT


def test_machines_that_fill_in_every_field_are_not_asked(world: World, visitor: Visitor) -> None:
    assert visitor.sign_up(email=TYPED, leave_empty="x").status_code == 303
    assert not world.store.registrations


def test_the_static_form_asks_nothing(world: World) -> None:
    assert "email_asked" not in world.site.read(f"/schedule/{STAFF}/")
