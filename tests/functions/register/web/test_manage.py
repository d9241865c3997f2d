# SPDX-License-Identifier: AGPL-3.0-or-later
"""One's own registration by the link in the mail, and that mail once more."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

import pytest

from register.domain.model import ChangedBy, Registration, State
from register.stores.errors import StoreUnavailable
from schedule.model import Status
from tests.support.constants import HOUR, NOON
from tests.support.visitors import (
    PHONE,
    STAFF,
    Visitor,
    World,
    broken,
    feed_path,
    heading,
    manage_path,
    mine_path,
    parsed,
    signed_up,
)

CANCEL = "Cancelar mi inscripción"


def newest(world: World, registration: Registration) -> Registration:
    found = world.store.registration(registration.session_id, registration.registration_id)
    assert found is not None
    return found


def test_the_link_shows_the_registration_in_the_language_of_its_mails(world: World, visitor: Visitor) -> None:
    path = manage_path(signed_up(world, visitor))
    page = visitor.get(path)

    assert (page.status_code, heading(page)) == (200, "Su inscripción")
    for said in ("Ana Núñez", "Usted tiene un lugar.", "Panorama general de CA MSIX", CANCEL, PHONE):
        assert said in page.text
    assert "Borramos sus datos 180 días después de la sesión." in page.text
    english = visitor.get(f"{path}?lang=en")
    assert heading(english) == "Your registration"
    assert "You have a seat." in english.text


def test_who_waits_sees_the_place_in_the_line_as_it_is_now_and_the_rule(
    world: World, visitor: Visitor
) -> None:
    world.fill(STAFF)
    first, second = signed_up(world, visitor), signed_up(world, visitor, "bea@example.org")
    assert "Le toca el número <strong>2</strong>." in visitor.get(manage_path(second)).text
    visitor.post(f"{manage_path(first)}/cancel")

    page = visitor.get(f"{manage_path(second)}?lang=en")
    assert "You are on the waiting list. Your place in line is number <strong>1</strong>." in page.text
    assert "First come, first served" in page.text


def test_a_cancel_is_a_post_and_shows_the_page_that_says_so(world: World, visitor: Visitor) -> None:
    registration = signed_up(world, visitor)
    path = manage_path(registration)
    response = visitor.post(f"{path}/cancel", {"page_language": "en"})

    assert (response.status_code, response.headers["Location"]) == (303, f"{path}?lang=en")
    page = visitor.follow(response)
    assert "You canceled your registration. Thank you for letting us know." in page.text
    assert f'href="/schedule/{STAFF}/#sign-up">Sign up again</a>' in page.text
    assert not list(parsed(page).all("form"))
    assert newest(world, registration).state is State.CANCELLED
    assert world.woken == [NOON, NOON]


def test_people_whom_staff_canceled_are_not_thanked_for_it(world: World, visitor: Visitor) -> None:
    registration = signed_up(world, visitor)
    world.store.cancel(STAFF, registration.registration_id, now=NOON, by=ChangedBy.STAFF)

    page = visitor.get(f"{manage_path(registration)}?lang=en").text

    assert "The training team canceled your registration." in page
    assert "Thank you" not in page


def test_cancelling_twice_is_no_error_and_changes_nothing_more(world: World, visitor: Visitor) -> None:
    path = manage_path(signed_up(world, visitor))
    visitor.post(f"{path}/cancel")
    before = world.snapshot()

    assert visitor.post(f"{path}/cancel").status_code == 303
    assert world.snapshot() == before


def test_a_cancel_hands_the_seat_on(world: World, visitor: Visitor) -> None:
    world.fill(STAFF, 1)
    first, second = signed_up(world, visitor), signed_up(world, visitor, "bea@example.org")
    visitor.post(f"{manage_path(first)}/cancel")

    assert newest(world, second).state is State.CONFIRMED
    assert "Usted tiene un lugar." in visitor.get(manage_path(second)).text


@pytest.mark.parametrize(("query", "language"), [("", "es"), ("?lang=en", "en")])
def test_who_comes_back_to_an_address_that_changes_something_is_led_to_the_page(
    world: World, visitor: Visitor, query: str, language: str
) -> None:
    path = manage_path(signed_up(world, visitor))
    before = world.snapshot()
    for method, change in product(("GET", "HEAD"), ("cancel", "correct", "move")):
        response = visitor.client.open(f"{path}/{change}{query}", method=method)
        assert (response.status_code, response.headers["Location"]) == (303, f"{path}{query}")

    assert f'<html lang="{language}">' in visitor.get(f"{path}{query}").text
    assert world.snapshot() == before


@pytest.mark.parametrize("token", ["x", "%0D%0ASet-Cookie:%20a", "%C3%B1", "..%5C"])
def test_the_address_that_cancels_leads_nowhere_with_what_is_no_link_of_ours(
    visitor: Visitor, token: str
) -> None:
    response = visitor.get(f"/register/manage/{token}/cancel")

    assert (response.status_code, heading(response)) == (404, "This link doesn’t work")


@pytest.mark.parametrize(
    ("language", "needs", "english", "spanish"),
    [
        ("es", "", "Our emails to you are in Spanish.\n", "Le enviamos nuestros correos en español.\n"),
        (
            "en",
            "An interpreter",
            "Our emails to you are in English. You told us about your accessibility needs.\n",
            "Le enviamos nuestros correos en inglés. Usted nos dijo qué necesita para participar.\n",
        ),
    ],
)
def test_the_page_says_the_language_of_the_mails_and_names_needs_in_the_form_alone(
    world: World, visitor: Visitor, language: str, needs: str, english: str, spanish: str
) -> None:
    visitor.sign_up(language=language, needs=needs)
    path = manage_path(world.only_registration())

    for asked, said in (("en", english), ("es", spanish)):
        text = visitor.get(f"{path}?lang={asked}").text
        assert f"<p>{said}" in text
        assert f">{needs}</textarea>" in text
        assert text.count("An interpreter") == bool(needs)


def test_the_token_stands_where_forms_go_and_the_calendar_file_is_and_nowhere_else(
    world: World, visitor: Visitor
) -> None:
    path = manage_path(signed_up(world, visitor))
    html = visitor.get(path).text

    assert re.findall(rf'(\w+)="{re.escape(path)}([^"]*)"', html) == [
        ("href", "/calendar.ics"),
        ("action", "/move"),
        ("action", "/correct"),
        ("action", "/cancel"),
    ]
    assert html.count(path) == 4
    assert [form["method"] for form in parsed(visitor.get(path)).all("form")] == ["post"] * 3


def test_after_signing_up_again_the_old_link_is_dead_and_says_where_the_new_one_is(
    world: World, visitor: Visitor
) -> None:
    old = signed_up(world, visitor)
    visitor.post(f"{manage_path(old)}/cancel")
    new = signed_up(world, visitor)
    assert new.registration_id != old.registration_id
    before = world.snapshot()

    for response in (
        visitor.get(f"{manage_path(old)}?lang=en"),
        visitor.post(f"{manage_path(old)}/cancel", {"page_language": "en"}),
    ):
        assert (response.status_code, heading(response)) == (410, "This link no longer works")
        assert 'href="/register/link?lang=en"' in response.text
    assert world.snapshot() == before
    assert visitor.get(manage_path(new)).status_code == 200


def test_a_link_of_an_older_generation_neither_shows_nor_cancels(world: World, visitor: Visitor) -> None:
    registration = signed_up(world, visitor)
    newer = replace(registration, link_generation=1)
    world.store.registrations[registration.session_id, registration.registration_id] = newer
    before = world.snapshot()

    assert visitor.get(manage_path(registration)).status_code == 410
    assert visitor.post(f"{manage_path(registration)}/cancel").status_code == 410
    assert world.snapshot() == before
    assert visitor.get(manage_path(newer)).status_code == 200


def test_the_link_of_who_was_erased_is_dead(world: World, visitor: Visitor) -> None:
    registration = signed_up(world, visitor)
    visitor.post(f"{manage_path(registration)}/cancel")
    world.store.erase("ana@example.org", now=NOON)

    assert visitor.get(manage_path(registration)).status_code == 410
    assert visitor.post(f"{manage_path(registration)}/cancel").status_code == 410


def test_the_link_to_a_session_that_is_gone_is_dead(world: World, visitor: Visitor) -> None:
    registration = signed_up(world, visitor)
    del world.store.occupancies[STAFF]

    assert visitor.get(manage_path(registration)).status_code == 410
    assert visitor.post(f"{manage_path(registration)}/cancel").status_code == 410


def test_a_forged_link_is_no_page(world: World, visitor: Visitor) -> None:
    path = manage_path(signed_up(world, visitor))
    forged = path[:-4] + ("AAAA" if not path.endswith("AAAA") else "BBBB")

    for response in (visitor.get(forged), visitor.post(f"{forged}/cancel")):
        assert (response.status_code, heading(response)) == (404, "This link doesn’t work")


def test_when_the_session_is_over_there_is_nothing_to_cancel(world: World, visitor: Visitor) -> None:
    registration = signed_up(world, visitor)
    world.change(STAFF, starts=NOON - HOUR, ends=NOON, closes=NOON - HOUR)
    before = world.snapshot()

    page = visitor.get(manage_path(registration))
    sent = visitor.post(f"{manage_path(registration)}/cancel")
    assert (page.status_code, sent.status_code) == (200, 409)
    for response in (page, sent):
        assert '<p class="lead">Gracias por asistir.' in response.text
        assert CANCEL not in response.text
    assert world.snapshot() == before


def test_when_the_session_is_cancelled_the_page_says_so(world: World, visitor: Visitor) -> None:
    registration = signed_up(world, visitor)
    world.change(STAFF, status=Status.CANCELLED)
    page = visitor.get(manage_path(registration))

    assert "<h2>Esta sesión se canceló.</h2>" in page.text
    assert CANCEL not in page.text


def test_after_the_time_to_sign_up_one_may_still_cancel_but_not_come_back(
    world: World, visitor: Visitor
) -> None:
    registration = signed_up(world, visitor)
    world.change(STAFF, closes=NOON)

    assert CANCEL in visitor.get(manage_path(registration)).text
    page = visitor.follow(visitor.post(f"{manage_path(registration)}/cancel"))
    assert "Inscribirse de nuevo" not in page.text
    assert "Otras fechas de esta capacitación" in page.text


def test_when_the_store_fails_the_pages_say_so(world: World, visitor: Visitor) -> None:
    registration = signed_up(world, visitor)
    down = StoreUnavailable("down")
    other = world.visitor(store=broken(world.store, down, "registration", "cancel", "count"))

    for response in (
        other.get(manage_path(registration)),
        other.post(f"{manage_path(registration)}/cancel"),
        other.post("/register/link", {"email": "ana@example.org"}),
    ):
        assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
        assert heading(response) == "Our system isn’t responding right now"


def test_looking_changes_nothing_wherever_a_link_leads(world: World, visitor: Visitor) -> None:
    done = visitor.sign_up().headers["Location"]
    registration = world.only_registration()
    world.woken.clear()
    before = world.snapshot()
    path = manage_path(registration)

    for address in (
        done,
        path,
        f"{path}?lang=en",
        f"{path}/cancel",
        f"{path}/correct",
        f"{path}/move",
        f"{path}/calendar.ics",
        mine_path("ana@example.org"),
        feed_path("ana@example.org"),
        "/register/link",
        "/register/link?sent=yes&email=ana@example.org",
        f"/register/{STAFF}",
        "/register/status.json",
        "/register/health",
    ):
        for method in ("GET", "HEAD", "OPTIONS"):
            response = visitor.client.open(address, method=method, data={"email": "ana@example.org"})
            assert response.status_code in {200, 303, 405}, (method, address)
            if method == "HEAD":
                assert response.data == b""
    assert world.snapshot() == before
    assert world.woken == []


def test_a_registration_that_was_promoted_is_still_reached_by_its_old_link(
    world: World, visitor: Visitor
) -> None:
    world.fill(STAFF)
    waiting = signed_up(world, visitor)
    world.store.occupancies[STAFF] = replace(
        world.store.session(STAFF), terms=replace(world.store.session(STAFF).terms, capacity=1)
    )
    world.store.promote_one(STAFF, now=NOON)

    assert "Usted tiene un lugar." in visitor.get(manage_path(waiting)).text
