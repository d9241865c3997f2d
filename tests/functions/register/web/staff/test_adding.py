# SPDX-License-Identifier: AGPL-3.0-or-later
"""Staff add somebody who calls: late, and over capacity where they were told the numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from register.domain.model import ChangedBy
from register.domain.trail import TrailAction
from register.stores.errors import StoreUnavailable
from schedule.model import Language, Status
from tests.support.constants import HOUR, MINUTE, NOON
from tests.support.page_texts import plain
from tests.support.rosters import EVA, PEOPLE, joined, on_roster, person_path
from tests.support.staff import OFFICE, OTHER, TRAINER, TRAINERS_SESSION, StaffWorld
from tests.support.visitors import broken


def question(page: str) -> str:
    """Return what staff are asked."""
    return plain(page.partition('<div role="alert">')[2].partition("</form>")[0])


def test_somebody_who_calls_gets_a_seat_and_the_trail_says_who_gave_it(staff: StaffWorld) -> None:
    visitor = staff.signed_in(TRAINER)
    page = visitor.follow(visitor.post(PEOPLE, EVA))

    registration = staff.world.only_registration()
    assert (registration.person.name, registration.state, registration.changed_by) == (
        "Eva Lara",
        "confirmed",
        ChangedBy.STAFF,
    )
    assert page.request.path == person_path(registration)
    assert "Added, with a seat. The confirmation is on its way." in plain(page.text)
    [entry] = staff.world.store.trail(TRAINERS_SESSION)
    assert (entry.who, entry.action, entry.registration_id) == (
        TRAINER.email,
        TrailAction.ADDED,
        registration.registration_id,
    )
    assert len(staff.world.woken) == 1


def test_people_are_added_after_sign_up_has_closed(staff: StaffWorld) -> None:
    staff.world.change(TRAINERS_SESSION, closes=NOON - MINUTE)

    assert staff.signed_in().post(PEOPLE, EVA).status_code == 303
    assert on_roster(staff) == [("Eva Lara", "confirmed")]


def test_more_than_five_people_may_have_one_address(staff: StaffWorld) -> None:
    joined(staff, "Ana", "Ben", "Cruz", "Dee", "Fay", email="office@example.net")

    assert staff.signed_in().post(PEOPLE, EVA | {"email": "office@example.net"}).status_code == 303
    assert len(on_roster(staff)) == 6


def test_a_full_session_takes_nobody_before_the_numbers_were_named(staff: StaffWorld) -> None:
    staff.world.fill(TRAINERS_SESSION, 2)
    joined(staff, "Ana", "Ben")
    answer = staff.signed_in().post(PEOPLE, EVA)

    assert answer.status_code == 409
    assert question(answer.text) == (
        "2 of 2 seats are taken. Add Eva Lara as number 3? Yes, as number 3 No, on the waiting list"
    )
    assert on_roster(staff) == [("Ana", "confirmed"), ("Ben", "confirmed")]


def test_the_second_click_seats_somebody_over_capacity(staff: StaffWorld) -> None:
    staff.world.fill(TRAINERS_SESSION, 2)
    joined(staff, "Ana", "Ben", "Waits Long")
    staff.world.clock.now += MINUTE
    visitor = staff.signed_in()
    page = visitor.follow(visitor.post(PEOPLE, EVA | {"over": "2"}))

    assert "Added, with a seat." in page.text
    assert on_roster(staff) == [
        ("Ana", "confirmed"),
        ("Ben", "confirmed"),
        ("Eva Lara", "confirmed"),
        ("Waits Long", "waitlisted"),
    ]


@pytest.mark.parametrize("over", ["1", "3", "", "yes", "-1"])
def test_a_second_click_on_other_numbers_asks_again(staff: StaffWorld, over: str) -> None:
    staff.world.fill(TRAINERS_SESSION, 2)
    joined(staff, "Ana", "Ben")
    answer = staff.signed_in().post(PEOPLE, EVA | {"over": over})

    assert answer.status_code == 409
    assert "Add Eva Lara as number 3?" in question(answer.text)
    assert len(on_roster(staff)) == 2


def test_the_question_may_be_answered_with_the_waiting_list(staff: StaffWorld) -> None:
    staff.world.fill(TRAINERS_SESSION, 1)
    joined(staff, "Ana")
    visitor = staff.signed_in()
    page = visitor.follow(visitor.post(PEOPLE, EVA | {"wait": "yes"}))

    assert "Added to the waiting list." in page.text
    assert on_roster(staff) == [("Ana", "confirmed"), ("Eva Lara", "waitlisted")]


def test_an_hour_before_the_start_nobody_is_offered_the_waiting_list(staff: StaffWorld) -> None:
    staff.world.fill(TRAINERS_SESSION, 1)
    joined(staff, "Ana")
    staff.world.clock.now = staff.world.store.session(TRAINERS_SESSION).terms.starts - HOUR
    answers = [staff.signed_in().post(PEOPLE, EVA | more) for more in ({}, {"wait": "yes"})]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert {question(answer.text) for answer in answers} == {
        "1 of 1 seat is taken. Add Eva Lara as number 2? Yes, as number 2"
    }
    assert on_roster(staff) == [("Ana", "confirmed")]


def test_staff_are_told_that_somebody_waits_already_and_may_give_the_seat(staff: StaffWorld) -> None:
    staff.world.fill(TRAINERS_SESSION, 1)
    _ana, eva = joined(staff, "Ana", "Eva Lara", email="eva@example.net")
    visitor = staff.signed_in()
    asked = visitor.post(PEOPLE, EVA)
    page = visitor.follow(visitor.post(PEOPLE, EVA | {"over": "1"}))

    assert question(asked.text) == (
        "1 of 1 seat is taken. 1 person waits. Eva Lara is already one of them, as number 1. "
        "Give Eva Lara a seat as number 2? Yes, as number 2"
    )
    assert "Has a seat now." in page.text
    assert page.request.path == person_path(eva)
    assert on_roster(staff) == [("Ana", "confirmed"), ("Eva Lara", "confirmed")]


def test_somebody_with_a_seat_is_found_and_nothing_changes(staff: StaffWorld) -> None:
    staff.world.fill(TRAINERS_SESSION, 1)
    joined(staff, "Eva Lara", email="eva@example.net")
    visitor = staff.signed_in()
    page = visitor.follow(visitor.post(PEOPLE, EVA | {"name": "éva  LARA"}))

    assert "This person was signed up already: nothing has changed." in page.text
    assert on_roster(staff) == [("Eva Lara", "confirmed")]
    assert staff.world.store.trail(TRAINERS_SESSION) == []


def test_what_cannot_be_taken_comes_back_as_it_was_typed(staff: StaffWorld) -> None:
    typed = EVA | {"name": "<b>3</b>", "organization": 'x" onfocus="', "role": "boss", "needs": "</textarea>"}
    answer = staff.signed_in().post(PEOPLE, typed)

    assert answer.status_code == 422
    assert "<title>Error: Add a person" in answer.text
    assert 'value="&lt;b&gt;3&lt;/b&gt;"' in answer.text
    assert 'value="x&#34; onfocus=&#34;"' in answer.text
    assert ">&lt;/textarea&gt;</textarea>" in answer.text
    problems = plain(answer.text.partition('<div role="alert">')[2].partition("</ul>")[0])
    assert problems == (
        "Please check what you entered Write the name in letters. Periods, commas, hyphens and apostrophes are fine, "
        "but no numbers or other symbols: write III for 3rd. Choose the role. If none fits, choose “Other”."
    )
    assert on_roster(staff) == []


def test_a_likely_slip_in_an_address_is_asked_about_once(staff: StaffWorld) -> None:
    visitor, slip = staff.signed_in(), EVA | {"email": "eva@gmial.com"}
    asked = visitor.post(PEOPLE, slip)

    assert asked.status_code == 422
    assert 'name="email_instead" value="eva@gmail.com"' in asked.text
    assert visitor.post(PEOPLE, slip | {"email_asked": "eva@gmial.com"}).status_code == 303
    assert staff.world.only_registration().person.email == "eva@gmial.com"


def test_an_address_that_was_asked_about_is_not_asked_about_again_after_the_seats(staff: StaffWorld) -> None:
    staff.world.fill(TRAINERS_SESSION)
    slip = EVA | {"email": "eva@gmial.com", "email_asked": "eva@gmial.com"}
    answer = staff.signed_in().post(PEOPLE, slip)

    assert answer.status_code == 409
    assert '<input type="hidden" name="email_asked" value="eva@gmial.com">' in answer.text


@pytest.mark.parametrize(
    "changes", [{"status": Status.CANCELLED}, {"ends": NOON - MINUTE}], ids=["canceled", "over"]
)
def test_a_session_that_is_over_or_canceled_takes_nobody(
    staff: StaffWorld, changes: dict[str, object]
) -> None:
    staff.world.change(TRAINERS_SESSION, **changes)
    answer = staff.signed_in().post(PEOPLE, EVA)

    assert answer.status_code == 409
    assert "This session is over or canceled. Nothing was saved." in plain(answer.text)
    assert 'value="Eva Lara"' in answer.text
    assert on_roster(staff) == []


def test_nothing_is_lost_while_the_store_does_not_answer(staff: StaffWorld) -> None:
    store = broken(staff.world.store, StoreUnavailable("no disk"), "sign_up")
    answer = staff.signed_in(store=store).post(PEOPLE, EVA)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert 'value="Eva Lara"' in answer.text


def test_the_question_is_in_the_language_of_whoever_asks(staff: StaffWorld) -> None:
    staff.world.fill(TRAINERS_SESSION, 2)
    joined(staff, "Ana", "Ben")
    staff.members = [replace(OFFICE, language=Language.SPANISH)]
    answer = staff.signed_in(staff.members[0]).post(PEOPLE, EVA | {"page_language": "es"})

    assert question(answer.text) == (
        "Están ocupados 2 de 2 lugares. ¿Agregar a Eva Lara con el número 3? Sí, con el número 3 "
        "No, a la lista de espera"
    )


def test_the_form_of_somebody_who_has_canceled_is_filled_in(staff: StaffWorld) -> None:
    (ana,) = joined(staff, "Ana", organization="Butte COE")
    visitor = staff.signed_in()
    visitor.post(person_path(ana, "cancel"))
    page = visitor.get(f"{PEOPLE}?again={ana.registration_id}").text

    assert 'value="Ana"' in page
    assert 'value="Butte COE"' in page
    assert 'value="Ana"' not in visitor.get(f"{PEOPLE}?again=unknown").text


def test_another_trainer_adds_nobody(staff: StaffWorld) -> None:
    visitor = staff.signed_in(OTHER)

    assert [visitor.get(PEOPLE).status_code, visitor.post(PEOPLE, EVA).status_code] == [404, 404]
    assert on_roster(staff) == []
