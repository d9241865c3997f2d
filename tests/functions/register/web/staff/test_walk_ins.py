# SPDX-License-Identifier: AGPL-3.0-or-later
"""People who come without a seat: from the line, after they canceled, or without having signed up."""

from __future__ import annotations

import pytest

from register.domain.model import Kind, State
from schedule.model import Language
from tests.support.attendance import PATH, Room, page_of
from tests.support.builders import kinds, person
from tests.support.staff import TRAINER, TRAINERS_SESSION


@pytest.mark.parametrize("state", [State.WAITLISTED, State.CANCELLED])
def test_whoever_waits_or_canceled_and_comes_gets_a_seat_by_a_tick(room: Room, state: State) -> None:
    room.staff.world.change(TRAINERS_SESSION, capacity=3)
    dee = room.signed_up("Dee Cruz")[0]
    if state is State.CANCELLED:
        room.people.cancel(dee)
    page = room.page()
    assert (
        page.labels[page.field("came-", "Dee")]
        == f"Dee Cruz Yolo COE {'Waiting list' if state is State.WAITLISTED else 'Canceled'}"
    )
    page.ticked("Dee Cruz").saved(room.trainer)
    assert room.stored()["Dee Cruz"] == (State.CONFIRMED, True)
    assert (TRAINER.email, "walked-in", "Dee Cruz") in room.trail()


def test_a_walk_in_gets_a_seat_and_a_tick_whatever_the_capacity_and_the_ticks_are_saved(room: Room) -> None:
    room.staff.world.change(TRAINERS_SESSION, capacity=3)
    form = (
        room.page()
        .ticked("Ana Núñez")
        .typed(do="add", name="Dee Cruz", email="dee@example.net", organization="Butte COE", language="es")
    )
    answer = form.sent(room.trainer)

    assert answer.headers["Location"] == f"{PATH}?news=added#walk-in"
    assert room.ticks() == {"Ana Núñez": True, "Ben O’Brien": None, "Carla Vang": None, "Dee Cruz": True}
    dee = next(
        each for each in room.staff.world.store.roster(TRAINERS_SESSION) if each.person.name == "Dee Cruz"
    )
    assert dee.person == person(
        "Dee Cruz", email="dee@example.net", organization="Butte COE", role="", language=Language.SPANISH
    )
    assert kinds(room.staff.world.store, "dee@example.net") == [Kind.CONFIRMATION]
    assert room.staff.world.woken


def test_the_form_for_walk_ins_offers_the_listed_organizations_and_keeps_their_spelling(room: Room) -> None:
    page, listed = room.page(), room.staff.world.site.told.organizations
    assert page.root.query("input[name=organization]")[0].attrs["list"] == "organizations"
    assert page.says("datalist[id=organizations] option") == list(listed)

    page.typed(do="add", name="Dee Cruz", organization=f" {listed[0].upper()}").saved(room.trainer)
    roster = room.staff.world.store.roster(TRAINERS_SESSION)
    assert {each.person.name: each.person.organization for each in roster}["Dee Cruz"] == listed[0]


def test_what_was_done_about_a_walk_in_stands_where_the_next_one_is_typed(room: Room) -> None:
    page = room.page().typed(do="add", name="Dee Cruz").saved(room.trainer)

    assert page.says(".news") == page.says("#walk-in .news") == ["Saved, and added to the list as present."]
    assert page.ticked("Ana Núñez").saved(room.trainer).says("#walk-in .news") == []


def test_a_walk_in_without_email_gets_none(room: Room) -> None:
    room.page().typed(do="add", name="Dee Cruz").saved(room.trainer)
    assert room.ticks()["Dee Cruz"] is True
    assert [
        each.message.email for each in room.staff.world.store.pending() if each.message.name == "Dee Cruz"
    ] == []


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "Ana Núñez", "email": "ananez@example.net"},
        {"name": "ana nunez", "email": "ANANEZ@example.net"},
    ],
)
def test_a_walk_in_who_is_on_the_list_is_ticked_there(room: Room, typed: dict[str, str]) -> None:
    page = room.page().typed(do="add", **typed).saved(room.trainer)
    assert page.says(".news") == ["Saved. This person was on the list already, and is present now."]
    assert room.ticks() == {"Ana Núñez": True, "Ben O’Brien": None, "Carla Vang": None}
    assert room.trail() == [(TRAINER.email, "attended", "Ana Núñez")]


@pytest.mark.parametrize("state", [State.WAITLISTED, State.CANCELLED])
def test_a_walk_in_who_waits_or_has_canceled_gets_a_seat_and_is_there_once(room: Room, state: State) -> None:
    room.staff.world.change(TRAINERS_SESSION, capacity=3)
    dee = room.signed_up("Dee Cruz")[0]
    if state is State.CANCELLED:
        room.people.cancel(dee)
    page = room.page().typed(do="add", name="Dee Cruz", email=dee.person.email).saved(room.trainer)
    assert page.says(".news") == ["Saved. This person was on the list already, and is present now."]
    assert room.stored()["Dee Cruz"] == (State.CONFIRMED, True)
    assert len(room.stored()) == 4


@pytest.mark.parametrize(
    "typed",
    [{"name": "Ana Núñez"}, {"name": "Núñez, Ana"}, {"name": "Ana M. Núñez", "email": "x@example.net"}],
)
def test_a_walk_in_who_may_be_on_the_list_is_asked_about_once(room: Room, typed: dict[str, str]) -> None:
    asked = page_of(room.page().ticked("Ben O’Brien").typed(do="add", **typed).sent(room.trainer))
    assert asked.status == 422
    assert asked.says("#name-error") == [
        "Error: Ana Núñez is on the list: is it the same person? Then check the name there. If not, press “Add” again."
    ]
    assert room.ticks() == {"Ana Núñez": None, "Ben O’Brien": None, "Carla Vang": None}

    asked.typed(do="add").saved(room.trainer)
    roster = room.staff.world.store.roster(TRAINERS_SESSION)
    assert sorted((each.person.name, each.person.email, each.attended) for each in roster) == sorted(
        [
            ("Ana Núñez", "ananez@example.net", None),
            ("Ben O’Brien", "benobrien@example.net", True),
            ("Carla Vang", "carlavang@example.net", None),
            (typed["name"], typed.get("email", ""), True),
        ]
    )


def test_a_second_person_of_a_name_without_email_needs_another_name(room: Room) -> None:
    room.page().typed(do="add", name="Dee Cruz").saved(room.trainer)
    page = page_of(room.page().typed(do="add", name="Dee Cruz").sent(room.trainer))
    assert page.status == 422
    assert page.says("#name-error") == [
        "Error: This name is on the list and present already. Another person? Add a second name or an initial."
    ]


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"do": "add"}, ["Enter the person’s name."]),
        ({"organization": "Butte COE"}, ["Enter the person’s name."]),
        ({"name": "<b>Dee</b>", "email": "dee"}, None),
        ({"name": "Dee", "email": "dee@gmial.com"}, None),
    ],
)
def test_a_walk_in_that_is_not_right_saves_nothing_and_loses_nothing(
    room: Room, typed: dict[str, str], errors: list[str] | None
) -> None:
    form = room.page().ticked("Ana Núñez").typed(complete="1", **typed)
    page = page_of(form.sent(room.trainer))
    assert page.status == 422
    assert page.form == {name: value for name, value in form.form.items() if name != "do"} | (
        {"email_asked": "dee@gmial.com"} if "gmial" in typed.get("email", "") else {}
    )
    assert room.ticks() == {"Ana Núñez": None, "Ben O’Brien": None, "Carla Vang": None}
    if errors:
        assert page.says(".problem li") == errors
    assert "<b>Dee</b>" not in page.response.text


def test_an_address_that_is_probably_mistyped_is_asked_about_and_the_other_is_one_press_away(
    room: Room,
) -> None:
    page = page_of(room.page().typed(name="Dee Cruz", email="dee@gmial.com").sent(room.trainer))
    page.typed(email_instead="dee@gmail.com").saved(room.trainer)
    assert kinds(room.staff.world.store, "dee@gmail.com") == [Kind.CONFIRMATION]
