# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing up: from the form to the page that says what came of it, in the visitor's language."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from werkzeug.test import Client

from register.domain.model import Kind, Person, State
from register.web.forms import MISSING
from register.web.pages import Pages
from schedule.model import Language
from tests.support.constants import HOUR, NOON
from tests.support.visitors import (
    FILLED_IN,
    IN_SPANISH,
    PHONE,
    STAFF,
    Visitor,
    World,
    heading,
    parsed,
    told,
)


def test_a_good_form_takes_a_seat_and_leads_to_a_page_that_says_so(world: World, visitor: Visitor) -> None:
    response = visitor.sign_up()

    assert response.status_code == 303
    assert response.headers["Location"].startswith("/register/done/")
    done = visitor.follow(response)
    assert (done.status_code, heading(done)) == (200, "You are signed up")
    registration = world.only_registration()
    assert (registration.state, registration.session_id, registration.registration_id) == (
        State.CONFIRMED,
        STAFF,
        "rid-1",
    )
    assert registration.person == Person(
        "Ana Núñez",
        "ana@example.org",
        "Yolo County Office of Education",
        "recruiter",
        Language.SPANISH,
    )
    assert [one.message.kind for one in world.store.pending()] == [Kind.CONFIRMATION]
    assert world.woken == [NOON]


def test_who_comes_after_the_last_seat_gets_a_number_in_the_line(world: World, visitor: Visitor) -> None:
    world.fill(STAFF, 1)
    visitor.sign_up()
    visitor.sign_up(email="bea@example.org")
    done = visitor.follow(visitor.sign_up(email="cruz@example.org"))

    assert heading(done) == "You are on the waiting list"
    assert "Your place in line is number <strong>2</strong>." in done.text


@pytest.mark.parametrize(
    ("language", "confirmed", "waiting"),
    [
        ("en", "You are signed up", "You are on the waiting list"),
        ("es", "Su inscripción está confirmada", "Está en la lista de espera"),
    ],
)
def test_the_page_after_is_in_the_language_of_the_form_and_offers_the_other(
    world: World, visitor: Visitor, language: str, confirmed: str, waiting: str
) -> None:
    first = visitor.sign_up(page_language=language)
    assert heading(visitor.follow(first)) == confirmed
    world.fill(STAFF)
    second = visitor.sign_up(page_language=language, email="bea@example.org")
    assert heading(visitor.follow(second)) == waiting
    for other, title in (("en", "You are signed up"), ("es", "Su inscripción está confirmada")):
        page = visitor.get(f"{first.headers['Location']}?lang={other}")
        assert heading(page) == title
        assert {link["href"] for link in parsed(page).all("a") if link.get("rel") == "alternate"} == {
            "?lang=es" if other == "en" else "?lang=en"
        }


def test_the_page_after_says_what_happens_next_and_whom_to_call(visitor: Visitor) -> None:
    done = visitor.follow(visitor.sign_up())

    for said in (
        "We’ll send you an email with an invitation for your calendar.",
        "The email also has a personal link.",
        "Please check your spam or junk folder, too.",
        PHONE,
        'href="/register/link?lang=en"',
        "Thursday, December 3, 2026",
    ):
        assert said in done.text


def test_the_page_after_says_of_the_person_only_what_it_may_correct(visitor: Visitor) -> None:
    sent = visitor.sign_up(needs="An interpreter")
    again = visitor.follow(visitor.sign_up())

    for typed, first in (("Ana Núñez", 1), ("ana@", 2), ("Yolo County", 0), ("interpreter", 0)):
        assert (visitor.follow(sent).text.count(typed), again.text.count(typed)) == (first, 0)


def test_a_repeat_takes_no_second_seat(world: World, visitor: Visitor) -> None:
    first, again = visitor.sign_up(), visitor.sign_up(name="ANA  núñez", email="Ana@Example.org")

    assert heading(visitor.follow(first)) == heading(visitor.follow(again)) == "You are signed up"
    assert world.store.session(STAFF).confirmed == 1
    assert len(world.store.pending()) == 1


def test_a_receipt_is_good_for_an_hour_and_then_says_where_to_look(world: World, visitor: Visitor) -> None:
    location = visitor.sign_up(page_language="es").headers["Location"]
    world.clock.now += HOUR
    old = visitor.get(location)

    assert (old.status_code, heading(old)) == (410, "This page was only available for one hour")
    assert "/register/link?lang=en" in old.text
    spanish = visitor.get(location, headers={"Accept-Language": "es-MX,es;q=0.9"})
    assert heading(spanish) == "Esta página solo se podía ver durante una hora"


def test_a_forged_receipt_is_no_page(visitor: Visitor) -> None:
    response = visitor.get("/register/done/forged.receipt")

    assert (response.status_code, heading(response)) == (404, "This link doesn’t work")


def test_bad_input_shows_the_page_again_with_all_that_was_typed(world: World, visitor: Visitor) -> None:
    response = visitor.sign_up(
        name="", email="no address", needs="Two\r\nlines", consent=None, role="teacher", language="es"
    )
    page = parsed(response)

    assert response.status_code == 422
    assert page.title == "Error: CA MSIX Overview, Thursday, December 3"
    summary = response.text.split('<div class="problem" tabindex="-1" autofocus>')[1].split("</div></div>")[0]
    assert [line for line in summary.splitlines() if line.startswith("<li>")] == [
        '<li><a href="#name">Enter your full name.</a>',
        '<li><a href="#email">Enter an email address like name@example.org.</a>',
        f'<li><a href="#consent">{MISSING["consent"]}</a>',
    ]
    fields = {field.get("name"): field for field in page.all("input") if field.get("type") != "radio"}
    assert fields["email"]["value"] == "no address"
    assert fields["email"]["aria-describedby"] == "email-hint email-error"
    assert fields["email"]["aria-invalid"] == "true"
    assert (fields["email"]["inputmode"], fields["email"]["autocomplete"]) == ("email", "email")
    assert fields["name"]["aria-describedby"] == "name-error"
    assert fields["organization"]["value"] == "Yolo County Office of Education"
    assert "aria-invalid" not in fields["organization"]
    assert "checked" not in fields["consent"]
    assert [option["value"] for option in page.all("option") if "selected" in option] == ["teacher"]
    assert [one["value"] for one in page.all("input") if one.get("type") == "radio" and "checked" in one] == [
        "es"
    ]
    assert ">Two\r\nlines</textarea>" in response.text
    assert "No email address? Call us, and we’ll sign you up:" in response.text
    assert world.store.registrations == {}
    assert world.woken == []


def test_the_messages_are_in_the_visitors_language(visitor: Visitor) -> None:
    response = visitor.sign_up(IN_SPANISH, page_language="es", name="", organization="x" * 201, role=None)

    assert parsed(response).title.startswith("Error: ")
    for said in ("Escriba su nombre completo.", "“Su organización”: use 200 caracteres como máximo."):
        assert said in response.text
    assert "Your role" not in response.text
    assert 'lang="es"' in response.text.splitlines()[1]


def test_the_box_stays_checked_and_the_trap_stays_empty_when_the_form_is_shown_again(
    visitor: Visitor,
) -> None:
    fields = {field.get("name"): field for field in parsed(visitor.sign_up(name="")).all("input")}

    assert "checked" in fields["consent"]
    assert "value" not in fields["leave_empty"]
    assert fields["page_language"]["value"] == "en"


def test_parents_are_not_asked_for_a_role(world: World, visitor: Visitor) -> None:
    assert visitor.sign_up(IN_SPANISH, role=None, organization="").status_code == 303
    assert (world.only_registration().person.role, world.only_registration().person.organization) == ("", "")


def test_who_fills_in_what_people_do_not_see_gets_the_same_page_and_nothing_is_written(
    world: World, visitor: Visitor
) -> None:
    before = world.snapshot()
    trapped = visitor.sign_up(leave_empty="http://spam.example")
    assert world.snapshot() == before
    assert told(visitor.sign_up()) == told(trapped)
    world.fill(STAFF)
    before = world.snapshot()
    trapped = visitor.sign_up(leave_empty="x", email="bea@example.org")
    assert world.snapshot() == before
    assert told(visitor.sign_up(email="bea@example.org")) == told(trapped)
    assert world.woken == [NOON, NOON]


@pytest.mark.parametrize(("query", "where"), [("", ""), ("?lang=es", "/es"), ("?lang=fr", "")])
def test_who_opens_the_forms_address_is_led_to_the_sessions_page(
    visitor: Visitor, query: str, where: str
) -> None:
    response = visitor.get(f"/register/{STAFF}{query}")

    assert (response.status_code, response.headers["Location"]) == (303, f"{where}/schedule/{STAFF}/")


def test_the_browsers_language_counts_where_nothing_else_is_known(visitor: Visitor) -> None:
    for asked, title in (
        ("es-US,es;q=0.9,en;q=0.5", "No encontramos esta fecha"),
        ("fr", "We can’t find this date"),
    ):
        response = visitor.get("/register/no-such-session", headers={"Accept-Language": asked})
        assert (response.status_code, heading(response)) == (404, title)


def test_a_form_without_a_known_language_is_answered_in_the_browsers(visitor: Visitor) -> None:
    response = visitor.post(
        f"/register/{STAFF}",
        FILLED_IN | {"page_language": "xx", "name": ""},
        headers={"Accept-Language": "es"},
    )

    assert "Escriba su nombre completo." in response.text


def test_a_training_without_translation_is_marked_on_a_spanish_page(world: World, visitor: Visitor) -> None:
    occupancy = world.store.session(STAFF)
    terms = replace(
        occupancy.terms,
        snapshot_json=occupancy.terms.snapshot_json.replace(
            '"es":"Panorama general de CA MSIX"', '"es":null'
        ),
    )
    world.store.occupancies[STAFF] = replace(occupancy, terms=terms)
    response = visitor.sign_up(name="", page_language="es")

    assert '<h1 lang="en">' in response.text


def test_the_answer_to_a_good_form_renders_nothing(world: World) -> None:
    app = world.app(pages=Pages(world.site.output / "no-theme-here", world.site.told))

    assert Visitor(Client(app)).sign_up().status_code == 303


def test_seats_left_after_an_hour_are_still_what_the_receipt_said(world: World, visitor: Visitor) -> None:
    world.fill(STAFF)
    location = visitor.sign_up().headers["Location"]
    world.fill(STAFF, 5)
    world.store.promote_one(STAFF, now=NOON)
    world.clock.now += timedelta(minutes=59)

    assert heading(visitor.get(location)) == "You are on the waiting list"
