# SPDX-License-Identifier: AGPL-3.0-or-later
"""One's own registration by the link in the mail, and that mail once more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from register.guards import Rate
from register.registration import Kind, Registration, State, UnknownRegistration, UnknownSession
from register.stores import StoreUnavailable
from schedule.model import Status
from tests.functions.register.visitors import (
    HOUR,
    NOW,
    PHONE,
    STAFF,
    Visitor,
    World,
    broken,
    heading,
    manage_path,
    parsed,
)

CANCEL = "Cancelar mi inscripción"


def signed_up(world: World, visitor: Visitor, email: str = "ana@example.org") -> Registration:
    """Sign somebody up who wants Spanish mails."""
    assert visitor.sign_up(email=email).status_code == 303
    return next(one for one in world.store.registrations.values() if one.person.email == email)


def newest(world: World, registration: Registration) -> Registration:
    found = world.store.registration(registration.session_id, registration.identity)
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
    assert "Your registration is cancelled." in page.text
    assert f'href="/schedule/{STAFF}/#sign-up">Sign up again</a>' in page.text
    assert not list(parsed(page).all("form"))
    assert newest(world, registration).state is State.CANCELLED
    assert world.woken == [NOW, NOW]


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


def test_the_forms_on_the_page_lead_where_they_say(world: World, visitor: Visitor) -> None:
    path = manage_path(signed_up(world, visitor))
    (form,) = parsed(visitor.get(path)).all("form")

    assert form == {"method": "post", "action": f"{path}/cancel"}
    (hidden,) = parsed(visitor.get(path)).all("input")
    assert hidden == {"type": "hidden", "name": "page_language", "value": "es"}


def test_after_signing_up_again_the_old_link_is_dead_and_says_where_the_new_one_is(
    world: World, visitor: Visitor
) -> None:
    old = signed_up(world, visitor)
    visitor.post(f"{manage_path(old)}/cancel")
    new = signed_up(world, visitor)
    assert new.rid != old.rid
    before = world.snapshot()

    for response in (
        visitor.get(f"{manage_path(old)}?lang=en"),
        visitor.post(f"{manage_path(old)}/cancel", {"page_language": "en"}),
    ):
        assert (response.status_code, heading(response)) == (410, "This link no longer works")
        assert 'href="/register/link?lang=en"' in response.text
    assert world.snapshot() == before
    assert visitor.get(manage_path(new)).status_code == 200


def test_the_link_of_who_was_erased_is_dead(world: World, visitor: Visitor) -> None:
    registration = signed_up(world, visitor)
    visitor.post(f"{manage_path(registration)}/cancel")
    world.store.erase("ana@example.org", now=NOW)

    assert visitor.get(manage_path(registration)).status_code == 410
    assert visitor.post(f"{manage_path(registration)}/cancel").status_code == 410


def test_the_link_to_a_session_that_is_gone_is_dead(world: World, visitor: Visitor) -> None:
    registration = signed_up(world, visitor)
    del world.store.standings[STAFF]

    assert visitor.get(manage_path(registration)).status_code == 410
    assert visitor.post(f"{manage_path(registration)}/cancel").status_code == 410


def test_a_forged_link_is_no_page(world: World, visitor: Visitor) -> None:
    path = manage_path(signed_up(world, visitor))
    forged = path[:-4] + ("AAAA" if not path.endswith("AAAA") else "BBBB")

    for response in (visitor.get(forged), visitor.post(f"{forged}/cancel")):
        assert (response.status_code, heading(response)) == (404, "This link does not work")


def test_when_the_session_is_over_there_is_nothing_to_cancel(world: World, visitor: Visitor) -> None:
    registration = signed_up(world, visitor)
    world.change(STAFF, starts=NOW - HOUR, ends=NOW, closes=NOW - HOUR)
    before = world.snapshot()

    page = visitor.get(manage_path(registration))
    sent = visitor.post(f"{manage_path(registration)}/cancel")
    assert (page.status_code, sent.status_code) == (200, 409)
    for response in (page, sent):
        assert "<h2>Esta sesión ya pasó.</h2>" in response.text
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
    world.change(STAFF, closes=NOW)

    assert CANCEL in visitor.get(manage_path(registration)).text
    page = visitor.follow(visitor.post(f"{manage_path(registration)}/cancel"))
    assert "Inscribirse de nuevo" not in page.text
    assert "Otras fechas de esta capacitación" in page.text


def test_the_page_does_not_show_the_token_but_where_the_form_goes(world: World, visitor: Visitor) -> None:
    path = manage_path(signed_up(world, visitor))
    html = visitor.get(path).text

    assert html.count(path) == html.count(f'action="{path}/cancel"') == 1


def test_a_lost_mail_is_sent_again_for_each_sign_up_that_still_means_something(
    world: World, visitor: Visitor
) -> None:
    for session_id in (STAFF, "2026-12-10-secondary-user", "2027-01-14-overview"):
        assert visitor.sign_up(session_id).status_code == 303
    visitor.post(f"{manage_path(world.store.registrations_of('ana@example.org')[1])}/cancel")
    world.change("2027-01-14-overview", starts=NOW, ends=NOW + HOUR, closes=NOW)
    world.clock.now += HOUR
    world.woken.clear()
    before = set(world.store.outbox)

    response = visitor.post("/register/link", {"email": " Ana@example.ORG ", "page_language": "es"})
    assert (response.status_code, response.headers["Location"]) == (303, "/register/link?sent=yes&lang=es")
    assert [(key[0], key[3]) for key in sorted(set(world.store.outbox) - before)] == [
        (STAFF, Kind.CONFIRMATION)
    ]
    assert world.woken == [NOW + HOUR]


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
    assert heading(page) == "Please look at your mail"
    assert "If someone has signed up with that address" in page.text


def test_at_the_limit_for_one_person_the_answer_is_still_the_same(world: World) -> None:
    visitor = world.visitor(recipient_limit=Rate(1, 2 * HOUR))
    signed_up(world, visitor)
    mails = len(world.store.outbox)
    world.clock.now += HOUR / 2
    response = visitor.post("/register/link", {"email": "ana@example.org", "page_language": "en"})

    assert response.headers["Location"] == "/register/link?sent=yes&lang=en"
    assert len(world.store.outbox) == mails


@pytest.mark.parametrize("email", ["ana@example.org", "nobody@example.org"])
def test_the_limit_for_one_network_is_said_and_is_the_same_for_every_address(
    world: World, email: str
) -> None:
    visitor = world.visitor(client_limit=Rate(3, HOUR))
    signed_up(world, visitor)
    answers = [visitor.post("/register/link", {"email": email}) for _ in range(3)]

    assert [one.status_code for one in answers] == [303, 303, 429]
    assert heading(answers[-1]) == "Please wait a while"
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
    assert '<a href="#email">Escriba un correo electrónico como nombre@example.org.</a>' in response.text
    assert 'value="ana@"' in response.text
    assert world.store.counts == {}


def test_a_machine_that_fills_in_the_trap_is_answered_alike(world: World, visitor: Visitor) -> None:
    signed_up(world, visitor)
    world.clock.now += HOUR
    before = world.snapshot()
    data = {"email": "ana@example.org", "leave_empty": "x", "page_language": "en"}

    assert visitor.post("/register/link", data).headers["Location"] == "/register/link?sent=yes&lang=en"
    assert world.snapshot() == before


@pytest.mark.parametrize("error", [UnknownRegistration(STAFF), UnknownSession(STAFF)])
def test_what_goes_while_the_mails_are_looked_up_is_passed_over(
    world: World, visitor: Visitor, error: Exception
) -> None:
    signed_up(world, visitor)
    world.woken.clear()
    other = world.visitor(store=broken(world.store, error, "resend"))

    assert other.post("/register/link", {"email": "ana@example.org"}).status_code == 303
    assert world.woken == []


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
        assert heading(response) == "Our system does not answer just now"


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
    world.store.standings[STAFF] = replace(
        world.store.session(STAFF), offer=replace(world.store.session(STAFF).offer, capacity=1)
    )
    world.store.promote_one(STAFF, now=NOW)

    assert "Usted tiene un lugar." in visitor.get(manage_path(waiting)).text
