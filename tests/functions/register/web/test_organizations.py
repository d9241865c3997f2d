# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every form of the function offers the listed organizations as the session's page does, and reads them alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from justhtml import JustHTML
from werkzeug.test import TestResponse

from register.web.pages import Pages
from tests.support.constants import ROOT
from tests.support.visitors import (
    FILLED_IN,
    IN_PERSON,
    IN_SPANISH,
    STAFF,
    Visitor,
    World,
    manage_path,
    signed_up,
)

LISTED = "Sample County Office of Education"
TYPED = " sample county, OFFICE of educatión"


def refused(_: World, visitor: Visitor) -> TestResponse:
    return visitor.sign_up(name="")


def again(world: World, visitor: Visitor) -> TestResponse:
    token = manage_path(signed_up(world, visitor)).rpartition("/")[2]
    return visitor.get(f"/register/{IN_PERSON}?as={token}&lang=es")


def own(world: World, visitor: Visitor) -> TestResponse:
    return visitor.get(manage_path(signed_up(world, visitor)))


def offered(page: TestResponse) -> tuple[list[str | None], list[str]]:
    """Return which list each field for the organization has, and what is in all lists."""
    html = JustHTML(page.text, sanitize=False)
    fields = html.query("input[name=organization]")
    return [field.attrs.get("list") for field in fields], [
        option.to_text() for option in html.query("datalist[id=organizations] option")
    ]


@pytest.mark.parametrize("form", [refused, again, own])
def test_each_form_for_staff_offers_them(
    world: World, visitor: Visitor, form: Callable[[World, Visitor], TestResponse]
) -> None:
    assert offered(form(world, visitor)) == (["organizations"], list(world.site.told.organizations))
    assert LISTED in world.site.told.organizations


def test_a_form_for_parents_offers_none(visitor: Visitor) -> None:
    assert offered(visitor.sign_up(IN_SPANISH, name="")) == ([None], [])


def test_without_a_list_a_form_offers_none(world: World) -> None:
    site = replace(world.site.told, organizations=())
    visitor = world.visitor(pages=Pages(ROOT / "theme", site))

    assert offered(visitor.sign_up(name="")) == ([None], [])


@pytest.mark.parametrize("session", [STAFF, IN_SPANISH])
def test_a_sign_up_keeps_the_listed_spelling(world: World, visitor: Visitor, session: str) -> None:
    visitor.sign_up(session, organization=TYPED)

    assert world.only_registration().person.organization == LISTED


def test_a_correction_keeps_the_listed_spelling(world: World, visitor: Visitor) -> None:
    path = manage_path(signed_up(world, visitor))
    visitor.post(f"{path}/correct", FILLED_IN | {"organization": TYPED})

    assert world.only_registration().person.organization == LISTED


def test_what_was_typed_is_shown_again_as_it_was_typed(visitor: Visitor) -> None:
    page = JustHTML(visitor.sign_up(name="", organization=TYPED).text, sanitize=False)

    assert [field.attrs["value"] for field in page.query("input[name=organization]")] == [TYPED]
