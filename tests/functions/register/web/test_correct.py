# SPDX-License-Identifier: AGPL-3.0-or-later
"""Correcting what one has told us, by the link in the email."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from register.domain.model import ChangedBy, Kind, Person, Registration, State
from register.domain.rate_limits import Limits, Rate
from register.stores.errors import StoreUnavailable
from schedule.model import Language, Status
from tests.support.constants import HOUR, NOON
from tests.support.visitors import (
    FILLED_IN,
    IN_SPANISH,
    STAFF,
    Visitor,
    World,
    broken,
    heading,
    manage_path,
    signed_up,
)

ANA = "ana@example.org"


def correct(visitor: Visitor, registration: Registration, **changes: str) -> Any:
    return visitor.post(f"{manage_path(registration)}/correct", FILLED_IN | changes)


def stored(world: World, registration: Registration) -> Registration:
    return world.store.registrations[registration.session_id, registration.registration_id]


def kinds(world: World, email: str) -> list[Kind]:
    return [one.message.kind for one in world.store.messages_of(email)]


def test_the_form_shows_what_is_stored_and_asks_for_no_consent_again(world: World, visitor: Visitor) -> None:
    visitor.sign_up(needs="An interpreter", language="en")
    page = visitor.get(manage_path(world.only_registration())).text

    for shown in (
        'value="Ana Núñez"',
        'value="ana@example.org"',
        'value="Yolo County Office of Education"',
        '<option value="recruiter" selected>',
        'value="en" checked',
        ">An interpreter</textarea>",
    ):
        assert shown in page
    assert 'name="consent"' not in page


def test_what_is_sent_is_stored_and_the_seat_stays(world: World, visitor: Visitor) -> None:
    world.fill(STAFF, 1)
    registration = signed_up(world, visitor)
    world.clock.now += timedelta(minutes=5)
    response = correct(
        visitor, registration, name="Ana Núñez Ruiz", role="teacher", language="en", needs="A ramp"
    )

    person = Person(
        "Ana Núñez Ruiz",
        ANA,
        "Yolo County Office of Education",
        "teacher",
        Language.ENGLISH,
        "A ramp",
    )
    assert (stored(world, registration).person, stored(world, registration).state) == (
        person,
        State.CONFIRMED,
    )
    assert kinds(world, ANA) == [Kind.CONFIRMATION, Kind.CORRECTION]
    assert world.woken == [NOON, world.clock.now]
    assert response.headers["Location"] == f"{manage_path(registration)}?lang=en&news=corrected"
    page = visitor.follow(response).text
    assert "Your details are corrected. We’ve emailed you what we have now." in page
    assert "<b>Ana Núñez Ruiz</b>" in page


def test_somebody_who_waits_keeps_the_place_in_line(world: World, visitor: Visitor) -> None:
    world.fill(STAFF)
    first = signed_up(world, visitor)
    signed_up(world, visitor, "bea@example.org")
    correct(visitor, first, name="Ana Núñez Ruiz")

    assert world.store.place(stored(world, first)) == 1


def test_the_form_of_a_session_for_parents_asks_for_no_role(world: World, visitor: Visitor) -> None:
    visitor.sign_up(IN_SPANISH, organization="", role=None)
    registration = world.only_registration()
    assert 'name="role"' not in visitor.get(manage_path(registration)).text

    correct(visitor, registration, name="Ana Ruiz", role="", organization="")
    assert stored(world, registration).person.name == "Ana Ruiz"


def test_what_is_wrong_is_said_as_in_the_form_and_what_was_typed_stays(
    world: World, visitor: Visitor
) -> None:
    registration = signed_up(world, visitor)
    before = world.snapshot()
    response = correct(visitor, registration, name="", email="ana@", needs="A ramp")

    assert response.status_code == 422
    for said in (
        "<title>Error: Your registration",
        '<a href="#name">Enter your full name.</a>',
        '<a href="#email">Enter an email address like name@example.org.</a>',
        'value="ana@"',
        ">A ramp</textarea>",
        "<details open>\n<summary>Correct my details</summary>",
    ):
        assert said in response.text
    assert world.snapshot() == before


def test_nothing_different_changes_nothing_and_sends_nothing(world: World, visitor: Visitor) -> None:
    registration = signed_up(world, visitor)
    response = correct(visitor, registration)

    assert response.headers["Location"].endswith("&news=same")
    assert "nothing has changed" in visitor.follow(response).text
    assert kinds(world, ANA) == [Kind.CONFIRMATION]
    assert stored(world, registration).person == registration.person


def test_a_name_and_address_that_are_taken_change_nothing_and_the_page_says_so(
    world: World, visitor: Visitor
) -> None:
    registration = signed_up(world, visitor)
    visitor.sign_up(name="Beto Núñez")
    outbox = dict(world.store.outbox)
    response = correct(visitor, registration, name="beto  núñez")

    assert response.status_code == 409
    assert "There is another registration for this date with that name and email address." in response.text
    assert stored(world, registration) == registration
    assert world.store.outbox == outbox


def test_a_corrected_address_makes_the_link_dead_and_gets_the_new_one_alone(
    world: World, visitor: Visitor
) -> None:
    registration = signed_up(world, visitor)
    response = correct(visitor, registration, email="ana@new.example.org")

    assert (response.status_code, heading(response)) == (200, "Your email address is corrected")
    changed = stored(world, registration)
    assert (changed.person.email, changed.link_generation) == ("ana@new.example.org", 1)
    assert manage_path(changed) not in response.text
    assert kinds(world, ANA) == [Kind.CONFIRMATION, Kind.ADDRESS_CHANGED]
    assert kinds(world, "ana@new.example.org") == [Kind.CORRECTION]
    old, before = manage_path(registration), world.snapshot()
    for dead in (
        visitor.get(old),
        visitor.get(f"{old}/calendar.ics"),
        visitor.post(f"{old}/cancel"),
        visitor.post(f"{old}/correct", FILLED_IN),
        visitor.post(f"{old}/move", {"session": STAFF}),
        visitor.get(f"{old}/correct", follow_redirects=True),
    ):
        assert dead.status_code == 410
    assert world.snapshot() == before
    assert visitor.get(manage_path(changed)).status_code == 200


def test_an_address_with_five_names_takes_no_sixth(world: World, visitor: Visitor) -> None:
    for name in ("Ana", "Beto", "Cruz", "Dora", "Eva"):
        visitor.sign_up(name=name)
    registration = signed_up(world, visitor, "bea@example.org")
    response = correct(visitor, registration, email=ANA)

    assert response.status_code == 422
    assert '<a href="#email">No more people can sign up for this session' in response.text
    assert stored(world, registration) == registration


@pytest.mark.parametrize("who", ["old address", "new address", "network"])
def test_the_old_and_the_new_address_and_the_network_each_count(world: World, who: str) -> None:
    limits = Limits(Rate(3, HOUR) if who == "network" else None, None if who == "network" else Rate(3, HOUR))
    visitor = world.visitor(limits=limits)
    first, second = signed_up(world, visitor, "a@example.org"), signed_up(world, visitor, "b@example.org")

    def to(registration: Registration, email: str) -> int:
        return int(correct(visitor, stored(world, registration), email=email).status_code)

    if who == "old address":
        assert [to(first, "a@example.org"), to(first, "a@example.org")] == [303, 303]
        assert to(first, "elsewhere@example.org") == 429
    elif who == "new address":
        assert [to(second, "b@example.org"), to(second, "b@example.org")] == [303, 303]
        assert to(first, "b@example.org") == 429
    else:
        assert [to(first, "a@example.org"), to(first, "a@example.org")] == [303, 429]
    assert stored(world, first).person.email == "a@example.org"


def test_asking_for_names_that_are_taken_counts(world: World) -> None:
    visitor = world.visitor(limits=Limits(Rate(3, HOUR), None))
    registration = signed_up(world, visitor)
    visitor.sign_up(name="Beto Núñez")

    answers = [correct(visitor, registration, name="Beto Núñez").status_code for _ in range(2)]
    assert answers == [409, 429]


def test_too_many_requests_are_told_beside_what_was_typed(world: World) -> None:
    visitor = world.visitor(limits=Limits(Rate(1, HOUR), None))
    response = correct(visitor, signed_up(world, visitor), needs="A ramp")

    assert (response.status_code, response.headers["Retry-After"]) == (429, "3600")
    assert ">A ramp</textarea>" in response.text


def test_when_the_store_fails_what_was_typed_stays(world: World, visitor: Visitor) -> None:
    registration = signed_up(world, visitor)
    down = world.visitor(store=broken(world.store, StoreUnavailable("down"), "amend"))
    response = correct(down, registration, needs="A ramp")

    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    assert ">A ramp</textarea>" in response.text


@pytest.mark.parametrize("why", ["canceled", "session canceled", "over"])
def test_what_is_over_or_canceled_is_not_corrected(world: World, visitor: Visitor, why: str) -> None:
    registration = signed_up(world, visitor)
    if why == "canceled":
        world.store.cancel(STAFF, registration.registration_id, now=NOON, by=ChangedBy.STAFF)
    elif why == "session canceled":
        world.change(STAFF, status=Status.CANCELLED)
    else:
        world.change(STAFF, starts=NOON - HOUR, ends=NOON, closes=NOON - HOUR)
    before = stored(world, registration)
    assert "Correct my details" not in visitor.get(f"{manage_path(registration)}?lang=en").text
    response = correct(visitor, registration, name="Ana Ruiz")

    assert (response.status_code, heading(response)) == (409, "Your registration")
    assert stored(world, registration) == before
