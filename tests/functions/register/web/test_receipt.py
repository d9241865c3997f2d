# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was mistyped is corrected on the page after the sign-up, for a while, by those who signed up alone."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from register.domain.model import ChangedBy, Kind, State
from register.domain.rate_limits import Limits
from register.stores.errors import StoreUnavailable
from schedule.model import Status
from tests.support.constants import HOUR, MINUTE, NOON
from tests.support.visitors import STAFF, Visitor, World, broken, heading, parsed, receipt_of, signed_up

RIGHT = {"page_language": "en", "leave_empty": "", "name": "Ana Núñez Ruiz", "email": "ana.nunez@example.org"}
WITHOUT = {
    "en": "Not right? Use the link in our email, or call us:",
    "es": "¿Hay un error? Use el enlace de nuestro correo o llámenos:",
}


def correct(visitor: Visitor, location: str, **changes: Any) -> TestResponse:
    return visitor.post(f"{location.partition('?')[0]}/correct", RIGHT | changes)


def has_form(page: TestResponse) -> bool:
    """Return whether a page has the form; one that has none says what to do instead."""
    forms = [form["action"] for form in parsed(page).all("form")]
    assert bool(forms) is (WITHOUT["en"] not in page.text and WITHOUT["es"] not in page.text)
    return bool(forms)


@pytest.mark.parametrize(
    ("language", "said", "offered", "save"),
    [
        ("en", "We wrote to <b>ana@example.org</b>.", "Not right? Correct it", "Save"),
        ("es", "Le escribimos a <b>ana@example.org</b>.", "¿Hay un error? Corríjalo", "Guardar"),
    ],
)
def test_the_page_says_where_we_wrote_and_offers_to_correct_it(
    visitor: Visitor, language: str, said: str, offered: str, save: str
) -> None:
    sent = visitor.sign_up(page_language=language)
    page = visitor.follow(sent)

    assert said in page.text
    assert f'<details class="screen"><summary>{offered}</summary>' in page.text
    assert f'<button class="btn">{save}</button>' in page.text
    (form,) = parsed(page).all("form")
    assert form["action"] == f"{sent.headers['Location']}/correct"
    values = {field["name"]: field.get("value") for field in parsed(page).all("input")}
    assert values == {
        "page_language": language,
        "leave_empty": None,
        "name": "Ana Núñez",
        "email": "ana@example.org",
    }


def test_a_correction_changes_name_and_address_and_nothing_else(world: World, visitor: Visitor) -> None:
    world.fill(STAFF, 1)
    location = visitor.sign_up(needs="An interpreter").headers["Location"]
    before = world.only_registration()
    waits = signed_up(world, visitor, "bea@example.org")
    world.woken.clear()
    answer = correct(visitor, location)

    assert answer.headers["Location"] == f"{location}?corrected=yes&lang=en"
    after = world.store.registration(STAFF, before.registration_id)
    person = replace(before.person, name="Ana Núñez Ruiz", email="ana.nunez@example.org")
    assert after == replace(before, person=person, link_generation=1)
    assert world.store.place(waits) == 1
    assert world.woken == [NOON]
    page = visitor.follow(answer)
    assert "Thank you, that’s corrected. We wrote to <b>ana.nunez@example.org</b>." in page.text
    assert has_form(page)
    told = {one.message.kind: one.message.email for one in world.store.pending()}
    assert (told[Kind.CORRECTION], told[Kind.ADDRESS_CHANGED]) == ("ana.nunez@example.org", "ana@example.org")


def test_nothing_different_is_no_correction(world: World, visitor: Visitor) -> None:
    location = visitor.sign_up().headers["Location"]
    stored, emails = world.only_registration(), world.store.pending()
    answer = correct(visitor, location, name="Ana Núñez", email="ana@example.org")

    assert answer.headers["Location"] == f"{location}?lang=en"
    assert (world.only_registration(), world.store.pending()) == (stored, emails)


def test_a_corrected_address_does_not_end_the_power_but_three_corrections_do(
    world: World, visitor: Visitor
) -> None:
    location = visitor.sign_up().headers["Location"]
    answers = [correct(visitor, location, email=f"ana{number}@example.org") for number in range(4)]

    assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
    assert answers[3].headers["Retry-After"] == "3600"
    assert world.only_registration().person.email == "ana2@example.org"
    assert "This was corrected several times in a short time. Nothing was changed." in answers[3].text
    assert '<details class="screen" open>' in answers[3].text
    assert 'value="ana3@example.org"' in answers[3].text
    world.clock.now += 59 * MINUTE
    assert correct(visitor, location).status_code == 429


def test_three_are_all_for_each_receipt_where_other_limits_are_off(world: World) -> None:
    visitor = world.visitor(limits=Limits(None, None))
    locations = [visitor.sign_up(email=f"{name}@example.org").headers["Location"] for name in ("ana", "bea")]

    for location, name in zip(locations, ("ana", "bea"), strict=True):
        answers = [correct(visitor, location, email=f"{name}{number}@example.org") for number in range(4)]
        assert [answer.status_code for answer in answers] == [303, 303, 303, 429]


def test_what_is_refused_counts_too(world: World, visitor: Visitor) -> None:
    signed_up(world, visitor, "bea@example.org")
    location = visitor.sign_up().headers["Location"]
    refused = [
        correct(visitor, location, name=name, email="bea@example.org").status_code
        for name in ("Ana Núñez", "ANA NUNEZ", "Ana-Nuñez", "Ana Núñez")
    ]

    assert refused == [422, 422, 422, 429]


def test_a_name_and_address_that_are_taken_change_nothing_and_the_page_says_so(
    world: World, visitor: Visitor
) -> None:
    signed_up(world, visitor, "bea@example.org")
    location = visitor.sign_up().headers["Location"]
    before = (world.store.registrations.copy(), world.store.pending())
    english = correct(visitor, location, name="ana nunez", email="bea@example.org")
    spanish = correct(visitor, location, name="ana nunez", email="bea@example.org", page_language="es")

    assert [english.status_code, spanish.status_code] == [422, 422]
    assert "This name is already signed up with this email address. Nothing was changed." in english.text
    assert "Este nombre ya está inscrito con este correo electrónico. No se cambió nada." in spanish.text
    assert "We wrote to <b>ana@example.org</b>." in english.text
    assert (world.store.registrations, world.store.pending()) == before


def test_a_sixth_name_for_one_address_is_refused(visitor: Visitor) -> None:
    for number in range(5):
        assert (
            visitor.sign_up(name=f"Name {'I' * (number + 1)}", email="office@example.org").status_code == 303
        )
    location = visitor.sign_up().headers["Location"]
    answer = correct(visitor, location, email="office@example.org")

    assert answer.status_code == 422
    assert "No more people can sign up for this session with this email address." in answer.text


def test_what_is_typed_is_checked_as_in_the_form(world: World, visitor: Visitor) -> None:
    location = visitor.sign_up().headers["Location"]
    stored = world.only_registration()
    answer = correct(visitor, location, name="Call 900 555 0199", email="ana@gmial.com")

    assert answer.status_code == 422
    assert parsed(answer).title.startswith("Error: You are signed up")
    assert '<a href="#name">Write your name in letters.' in answer.text
    assert "Did you mean ana@gmail.com?" in answer.text
    assert 'name="email_instead" value="ana@gmail.com">Use ana@gmail.com</button>' in answer.text
    assert "We wrote to <b>ana@example.org</b>." in answer.text
    assert world.only_registration() == stored
    assert correct(visitor, location, email="ana@gmial.com", email_asked="ana@gmial.com").status_code == 303
    assert correct(visitor, location, email="x", email_instead="ana@gmail.com").status_code == 303
    assert world.only_registration().person.email == "ana@gmail.com"


@pytest.mark.parametrize(
    "end", ["used link", "canceled", "session canceled", "session over", "erased", "machine", "repeat"]
)
def test_a_receipt_without_power_gives_the_same_page_without_the_form_and_changes_nothing(
    world: World, visitor: Visitor, end: str
) -> None:
    location = visitor.sign_up(leave_empty="x" if end == "machine" else "").headers["Location"]
    if end == "machine":
        visitor.sign_up()
    one = world.only_registration()
    key = (STAFF, one.registration_id)
    match end:
        case "repeat":
            location = visitor.sign_up().headers["Location"]
        case "used link":
            world.store.registrations[key] = replace(one, used_link=True)
        case "canceled":
            world.store.cancel(*key, now=NOON, by=ChangedBy.PERSON)
        case "session canceled":
            world.change(STAFF, status=Status.CANCELLED)
        case "session over":
            world.change(STAFF, ends=NOON)
        case "erased":
            world.store.cancel(*key, now=NOON, by=ChangedBy.ERASURE)
            world.store.erase("ana@example.org", now=NOON)
    before = world.store.registrations.copy(), world.store.outbox.copy()

    for language, said in WITHOUT.items():
        page = visitor.get(f"{location}?lang={language}")
        assert (page.status_code, said in page.text, has_form(page)) == (200, True, False)
        assert "ana@" not in page.text
        sent = correct(visitor, location, page_language=language)
        assert (sent.status_code, said in sent.text, has_form(sent)) == (409, True, False)
        assert heading(sent) == heading(page)
    assert (world.store.registrations, world.store.outbox) == before


def test_the_power_ends_in_the_moment_in_which_the_link_is_used(world: World, visitor: Visitor) -> None:
    location = visitor.sign_up().headers["Location"]
    one = world.only_registration()
    visitor.get(location)
    world.store.amend(
        STAFF,
        one.registration_id,
        replace(one.person, name="Ana Ruiz"),
        now=NOON,
        by=ChangedBy.PERSON,
        link_generation=0,
    )

    assert correct(visitor, location).status_code == 409
    assert world.only_registration().person.name == "Ana Ruiz"


def test_a_link_that_is_used_at_the_same_time_ends_the_power_too(world: World, visitor: Visitor) -> None:
    location = visitor.sign_up().headers["Location"]
    one = world.only_registration()
    world.store.registrations[STAFF, one.registration_id] = used = replace(one, used_link=True)
    reads_first = copy(world.store)
    setattr(reads_first, "registration", lambda *_: one)  # noqa: B010 - of this store alone

    assert correct(world.visitor(store=reads_first), location).status_code == 409
    assert world.only_registration() == used


@pytest.mark.parametrize("after", [HOUR, 2 * HOUR])
def test_after_an_hour_there_is_neither_form_nor_page(
    world: World, visitor: Visitor, after: timedelta
) -> None:
    location = visitor.sign_up().headers["Location"]
    stored = world.only_registration()
    world.clock.now += after

    assert correct(visitor, location).status_code == 410
    assert visitor.get(f"{location}/correct").status_code == 410
    assert world.only_registration() == stored


def test_it_corrects_after_sign_up_has_closed(world: World, visitor: Visitor) -> None:
    location = visitor.sign_up().headers["Location"]
    world.change(STAFF, closes=NOON)

    assert correct(visitor, location).status_code == 303


def test_a_machine_that_fills_in_every_field_corrects_nothing(world: World, visitor: Visitor) -> None:
    location = visitor.sign_up().headers["Location"]
    stored = world.only_registration()

    assert correct(visitor, location, leave_empty="x").status_code == 409
    assert world.only_registration() == stored


def test_a_form_from_elsewhere_or_with_a_forged_receipt_changes_nothing(
    world: World, visitor: Visitor
) -> None:
    location = visitor.sign_up().headers["Location"]
    before = world.snapshot()

    foreign = visitor.post(f"{location}/correct", RIGHT, headers={"Origin": "https://elsewhere.example"})
    assert foreign.status_code == 400
    assert visitor.post("/register/done/forged/correct", RIGHT).status_code == 404
    assert world.snapshot() == before


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_comes_back_to_the_address_of_the_form_is_led_to_the_page(
    world: World, visitor: Visitor, method: str
) -> None:
    location = visitor.sign_up(page_language="es").headers["Location"]
    before = world.snapshot()
    answer = visitor.client.open(f"{location}/correct", method=method)

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{location}?lang=es")
    assert world.snapshot() == before


def test_when_the_store_is_down_a_page_says_so(world: World, visitor: Visitor) -> None:
    location = visitor.sign_up().headers["Location"]
    down = world.visitor(store=broken(world.store, StoreUnavailable("down"), "amend"))
    answer = correct(down, location)

    assert (answer.status_code, heading(answer)) == (503, "Our system isn’t responding right now")


def test_a_correction_counts_for_the_network_and_both_mailboxes_each_once(
    world: World, visitor: Visitor
) -> None:
    location = visitor.sign_up().headers["Location"]
    hits = {key: len(found) for key, found in world.store.hits.items()}
    correct(visitor, location, email="ana+x@example.org")
    same_mailbox = {key: len(found) for key, found in world.store.hits.items()}
    nonce = f"receipt:{receipt_of(visitor.sign_up()).nonce}"

    assert nonce not in same_mailbox
    assert len(same_mailbox) == len(hits) + 1
    assert {key: same_mailbox[key] - hits[key] for key in hits} == dict.fromkeys(hits, 1)
    correct(visitor, location, email="bea@example.org")
    assert len(world.store.hits) == len(same_mailbox) + 1


def test_people_who_wait_correct_too_and_keep_their_place(world: World, visitor: Visitor) -> None:
    world.fill(STAFF)
    location = visitor.sign_up().headers["Location"]
    signed_up(world, visitor, "bea@example.org")

    assert correct(visitor, location).status_code == 303
    corrected = next(
        one for one in world.store.registrations.values() if one.person.email == "ana.nunez@example.org"
    )
    assert (corrected.state, world.store.place(corrected)) == (State.WAITLISTED, 1)
