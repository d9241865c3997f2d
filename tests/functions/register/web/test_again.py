# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing up once more without typing: a colleague for the same date, or oneself for another."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from register.domain.model import ChangedBy, Registration
from register.web.tokens import Managed, Tokens
from schedule.model import Status
from tests.support.constants import HOUR, NOON
from tests.support.visitors import (
    FILLED_IN,
    IN_SPANISH,
    SECRETS,
    STAFF,
    Visitor,
    World,
    heading,
    manage_path,
    parsed,
    receipt_of,
    signed_up,
)

OTHER = "2027-01-14-overview"
LATER = ["Thursday, March 4", "Thursday, April 22", "Wednesday, June 9"]
KNOWN = {"organization": "Yolo County Office of Education", "role": "recruiter", "language": "es"}
WHO = {"name": "Ana Núñez", "email": "ana@example.org"}


def filled_in(page: TestResponse) -> dict[str, str]:
    """Return what the form of a page is filled in with, but for what is hidden."""
    assert page.status_code == 200
    html = parsed(page)
    boxes = [one for one in html.all("input") if one.get("type") != "radio" or "checked" in one]
    found = {one["name"]: one.get("value", "") for one in boxes if one.get("type") != "checkbox"}
    found["role"] = next((one["value"] for one in html.all("option") if "selected" in one), "")
    assert [one for one in html.all("input") if one.get("type") == "checkbox" and "checked" in one] == []
    return {name: value for name, value in found.items() if value and name != "page_language"}


def again(registration: Registration, *, with_name: bool = True) -> str:
    """Return what one's own page fills in other forms with."""
    managed = Managed(registration.session_id, registration.registration_id, registration.link_generation)
    return Tokens(SECRETS).again(managed, with_name=with_name)


def form(visitor: Visitor, token: str, session_id: str = STAFF, language: str = "en") -> TestResponse:
    return visitor.get(f"/register/{session_id}?as={token}&lang={language}")


def test_the_holder_of_a_personal_link_types_nothing_for_another_date_and_a_name_for_a_colleague(
    world: World, visitor: Visitor
) -> None:
    registration = signed_up(world, visitor)
    for_colleague, for_oneself = (again(registration, with_name=with_name) for with_name in (False, True))
    before = world.snapshot()
    colleague, other_date = form(visitor, for_colleague), form(visitor, for_oneself, OTHER)

    assert filled_in(colleague) == filled_in(form(visitor, for_oneself)) == KNOWN
    assert filled_in(form(visitor, for_colleague, OTHER)) == KNOWN
    link = manage_path(registration).rpartition("/")[2]
    assert filled_in(form(visitor, link)) == KNOWN
    assert filled_in(form(visitor, link, OTHER)) == KNOWN | WHO
    assert filled_in(other_date) == KNOWN | WHO
    assert colleague.headers["Cache-Control"] == "no-store"
    assert world.snapshot() == before
    assert visitor.sign_up(OTHER, **filled_in(other_date)).status_code == 303
    assert world.store.session(OTHER).confirmed == 1


def test_a_receipt_with_power_fills_in_neither_name_nor_address(world: World, visitor: Visitor) -> None:
    token = visitor.sign_up().headers["Location"].rpartition("/")[2]

    assert filled_in(form(visitor, token)) == filled_in(form(visitor, token, OTHER)) == KNOWN
    one = world.only_registration()
    world.store.registrations[STAFF, one.registration_id] = replace(one, used_link=True)
    assert filled_in(form(visitor, token)) == {"language": "en"}


@pytest.mark.parametrize(
    "which", ["", "x", "W10.AAAA", "receipt of a repeat", "old receipt", "old link", "erased"]
)
def test_any_other_token_gives_an_empty_form(world: World, visitor: Visitor, which: str) -> None:
    first = visitor.sign_up().headers["Location"].rpartition("/")[2]
    one = world.only_registration()
    known = again(one)
    repeat = visitor.sign_up().headers["Location"].rpartition("/")[2]
    named = {
        "receipt of a repeat": repeat,
        "old receipt": first,
        "old link": known,
        "erased": known,
    }
    token = named.get(which, which)
    if which == "old receipt":
        world.clock.now += HOUR
    elif which == "old link":
        world.store.registrations[STAFF, one.registration_id] = replace(one, link_generation=1)
    elif which == "erased":
        world.store.cancel(STAFF, one.registration_id, now=NOON, by=ChangedBy.ERASURE)
        world.store.erase("ana@example.org", now=NOON)

    assert filled_in(form(visitor, token)) == {"language": "en"}
    assert filled_in(form(visitor, token, OTHER, "es")) == {"language": "es"}


def test_families_are_not_asked_for_a_role_there_either(world: World, visitor: Visitor) -> None:
    known = again(signed_up(world, visitor))

    assert filled_in(form(visitor, known, IN_SPANISH)) == {
        name: value for name, value in (KNOWN | WHO).items() if name != "role"
    }


@pytest.mark.parametrize("change", [{"closes": NOON}, {"ends": NOON}, {"status": Status.CANCELLED}])
def test_where_nobody_may_sign_up_it_leads_to_the_page_of_the_session(
    world: World, visitor: Visitor, change: dict[str, object]
) -> None:
    token = visitor.sign_up().headers["Location"].rpartition("/")[2]
    world.change(STAFF, **change)

    assert form(visitor, token, STAFF, "es").headers["Location"] == f"/es/schedule/{STAFF}/"


def links(page: TestResponse) -> dict[str, str]:
    """Return text and address of the links that sign up once more."""
    pairs = re.findall(r'<a[^>]* href="([^"]*[?]as=[^"]*)">([^<]*)</a>', page.text)
    return {text: address.replace("&amp;", "&") for address, text in pairs}


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_after_a_sign_up_leads_there(visitor: Visitor, language: str) -> None:
    sent = visitor.sign_up(page_language=language)
    token = sent.headers["Location"].rpartition("/")[2]
    found = links(visitor.follow(sent))

    colleague = {"en": "Sign up another person", "es": "Inscribir a otra persona"}[language]
    assert found[colleague] == f"/register/{STAFF}?as={token}&lang={language}"
    dates = [address for text, address in found.items() if text != colleague]
    assert dates[0] == f"/register/{OTHER}?as={token}&lang={language}"
    assert [visitor.get(address).status_code for address in found.values()] == [200] * len(found)
    assert len(dates) == 3


@pytest.mark.parametrize(
    ("language", "colleague"), [("en", "Sign up another person"), ("es", "Inscribir a otra persona")]
)
def test_ones_own_page_leads_there_too(world: World, visitor: Visitor, language: str, colleague: str) -> None:
    registration = signed_up(world, visitor)
    path = manage_path(registration)
    found = links(visitor.get(f"{path}?lang={language}"))

    token = again(registration, with_name=False)
    assert found[colleague] == f"/register/{STAFF}?as={token}&lang={language}"
    dates = [address for text, address in found.items() if text != colleague]
    assert filled_in(visitor.get(dates[0])) == KNOWN | WHO
    # People pass on the address of a form: it must not be the power over a registration.
    for address in found.values():
        passed_on = address.partition("?as=")[2].partition("&")[0]
        for at in ("manage", "mine", "done"):
            assert visitor.get(f"/register/{at}/{passed_on}").status_code == 404
    visitor.post(f"{path}/cancel")
    assert "?as=" not in visitor.get(path).text


def test_people_who_wait_are_named_the_dates_with_seats_alone(world: World, visitor: Visitor) -> None:
    world.fill(STAFF)
    world.fill(OTHER)
    page = visitor.follow(visitor.sign_up())

    assert "<h2>Other dates with seats</h2>" in page.text
    assert "You can sign up for another date and keep your place in line." in page.text
    assert list(links(page)) == [*LATER, "Sign up another person"]


def test_a_closed_session_takes_no_colleague_and_a_damaged_one_costs_nobody_the_page(
    world: World, visitor: Visitor
) -> None:
    sent = visitor.sign_up()
    world.change(STAFF, closes=NOON)
    world.change(OTHER, snapshot_json="{}")
    page = visitor.follow(sent)

    assert heading(page) == "You are signed up"
    assert list(links(page)) == LATER


def test_the_form_that_is_filled_in_is_the_form(world: World, visitor: Visitor) -> None:
    link = manage_path(signed_up(world, visitor)).rpartition("/")[2]
    fields = [one["name"] for one in parsed(form(visitor, link)).all("input")]

    assert set(fields) == set(FILLED_IN) - {"role", "needs"}
    assert receipt_of(visitor.sign_up(name="Bea", **KNOWN)).repeated is False
