# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the function's pages say once the line is closed, an hour before the start."""

from __future__ import annotations

import pytest

from register.domain import snapshot
from register.domain.model import ChangedBy
from tests.support.constants import HOUR, NOON, SECOND
from tests.support.schedules import all_day, contract_with, session
from tests.support.visitors import PHONE, STAFF, Visitor, World, heading, manage_path, signed_up

RULE = (
    "The waiting list closes an hour before the start. You don’t need to come unless we email you that you have a seat.",
    "La lista de espera cierra una hora antes del inicio. No hace falta que asista, a menos que le avisemos",
)
EVENING_BEFORE = (
    "The waiting list closes at 11 p.m. the evening before. You don’t need to come unless we email you that you have a seat.",
    "La lista de espera cierra a las 11 p. m. del día anterior. No hace falta que asista, a menos que le avisemos",
)
CLOSED = (
    "The waiting list has closed. Please don’t come unless we tell you that you have a seat.",
    "La lista de espera ya cerró. Por favor, no asista a menos que le hayamos avisado",
)


def starts_in_an_hour(world: World, less: object = 0 * SECOND) -> None:
    world.change(STAFF, starts=NOON + HOUR - less, closes=NOON + HOUR - less, ends=NOON + 2 * HOUR)


def status(visitor: Visitor) -> dict[str, object]:
    found: dict[str, object] = visitor.get("/register/status.json").json["sessions"][STAFF]
    return found


def in_both(visitor: Visitor, path: str) -> list[str]:
    return [visitor.get(f"{path}?lang={language}").text for language in ("en", "es")]


@pytest.mark.parametrize("trap", ["", "x"], ids=["person", "machine"])
def test_a_full_session_is_closed_and_the_page_says_why_what_to_do_and_whom_to_call(
    world: World, visitor: Visitor, trap: str
) -> None:
    world.fill(STAFF)
    starts_in_an_hour(world)
    before = world.snapshot()
    hits = len(world.store.hits)

    for language, title, why, what in (
        (
            "en",
            "Sign-up for this date has closed.",
            "The waiting list has closed, too. We didn’t keep anything you just entered.",
            "Call us to ask whether there is a seat left, or choose another date.",
        ),
        (
            "es",
            "La inscripción para esta fecha ya cerró.",
            "La lista de espera también cerró. No guardamos nada de lo que acaba de escribir.",
            "Llámenos para preguntar si queda algún lugar o elija otra fecha.",
        ),
    ):
        response = visitor.sign_up(page_language=language, leave_empty=trap)
        assert (response.status_code, heading(response)) == (409, title)
        assert [text for text in (why, what, PHONE) if text not in response.text] == []
    # Whether a person has a seat was looked up, and that counts; a machine is told what is told to all.
    assert (len(world.store.hits) > hits) is (not trap)
    world.store.hits.clear()
    assert world.snapshot() == before


def test_status_says_closed_while_people_wait_or_no_seat_is_left(world: World, visitor: Visitor) -> None:
    world.fill(STAFF)
    first = signed_up(world, visitor)
    starts_in_an_hour(world, -SECOND)
    assert status(visitor) == {"state": "full", "seats_left": 0, "waiting": 1}
    starts_in_an_hour(world)
    assert status(visitor) == {"state": "closed", "seats_left": 0, "waiting": 1}
    world.fill(STAFF, 5)
    assert status(visitor) == {"state": "closed", "seats_left": 0, "waiting": 1}
    world.store.cancel(STAFF, first.registration_id, now=NOON, by=ChangedBy.PERSON)
    assert status(visitor) == {"state": "open", "seats_left": 5, "waiting": 0}
    assert heading(visitor.follow(visitor.sign_up())) == "You are signed up"


def test_people_who_wait_read_when_the_line_closes_and_then_that_it_has(
    world: World, visitor: Visitor
) -> None:
    world.fill(STAFF)
    done = visitor.sign_up().headers["Location"]
    path = manage_path(world.only_registration())

    pages = [*in_both(visitor, done), *in_both(visitor, path)]
    assert [rule in page for rule, page in zip(RULE * 2, pages, strict=True)] == [True] * 4
    starts_in_an_hour(world)
    pages = in_both(visitor, path)
    assert [[said in page for said in (*RULE, *CLOSED)] for page in pages] == [
        [False, False, True, False],
        [False, False, False, True],
    ]


def test_somebody_with_a_seat_who_signs_up_again_reads_so_while_everybody_else_reads_that_it_is_closed(
    world: World, visitor: Visitor
) -> None:
    world.fill(STAFF, 1)
    assert heading(visitor.follow(visitor.sign_up())) == "You are signed up"
    starts_in_an_hour(world)

    again = visitor.follow(visitor.sign_up())

    assert heading(again) == "You are signed up"
    assert "You were already signed up, and nothing has changed." in again.text
    for changes in ({"name": "Somebody Else"}, {"email": "nobody"}, {"lang": "es"}):
        assert visitor.sign_up(**changes).status_code == 409, changes


def test_people_who_wait_for_whole_days_read_that_the_line_closes_the_evening_before(
    world: World, visitor: Visitor
) -> None:
    whole_day = contract_with(session(STAFF, all_day("2026-12-03", "2026-12-03")))
    world.change(STAFF, capacity=0, snapshot_json=snapshot.write(whole_day, STAFF))
    done = visitor.sign_up().headers["Location"]
    path = manage_path(world.only_registration())

    pages = [*in_both(visitor, done), *in_both(visitor, path)]

    assert [rule in page for rule, page in zip(RULE * 2, pages, strict=True)] == [False] * 4
    assert [rule in page for rule, page in zip(EVENING_BEFORE * 2, pages, strict=True)] == [True] * 4


def test_who_has_canceled_is_not_asked_to_join_a_line_that_is_closed(world: World, visitor: Visitor) -> None:
    world.fill(STAFF, 1)
    registration = signed_up(world, visitor)
    signed_up(world, visitor, "bea@example.org")
    starts_in_an_hour(world)

    page = visitor.follow(visitor.post(f"{manage_path(registration)}/cancel", {"page_language": "en"}))

    assert "You canceled your registration." in page.text
    assert "Sign up again" not in page.text
