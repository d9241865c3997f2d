# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looking for people: by parts of a name or an email address, among those whom one may see."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from register.domain.model import ChangedBy
from register.stores.errors import Damaged
from tests.support.builders import People
from tests.support.constants import NOON, SECOND
from tests.support.staff import OFFICE, OTHERS_SESSION, TRAINER, TRAINERS_SESSION, StaffWorld, keep
from tests.support.visitors import IN_PERSON, Visitor, broken

SEARCH = "/register/staff/search"
EARLY = NOON - timedelta(days=20)


def found(visitor: Visitor, asked: str) -> list[str]:
    """Return whom a search finds, each as name and session."""
    text = visitor.post(SEARCH, {"q": asked, "page_language": "en"}).text
    hits = re.findall(r'<h3><a href="/register/staff/sessions/([^/]+)/people/[^"]+">([^<]+)</a>', text)
    return [f"{name} {session_id}" for session_id, name in hits]


@pytest.fixture
def people(staff: StaffWorld) -> People:
    people = People(staff.world.store, EARLY)
    people.sign_up("María-José O’Brien", session_id=TRAINERS_SESSION, email="mj@example.org")
    people.sign_up("Ana Núñez", "Mariana López", session_id=OTHERS_SESSION)
    return people


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("nunez", ["Ana Núñez"]),
        ("NÚÑEZ ana", ["Ana Núñez"]),
        ("maria jose", ["María-José O’Brien"]),
        ("obrien", ["María-José O’Brien"]),
        ("o'brien", ["María-José O’Brien"]),
        ("  maria  ", ["Mariana López", "María-José O’Brien"]),
        ("MJ@Example.org", ["María-José O’Brien"]),
        ("example.net", ["Ana Núñez", "Mariana López"]),
        ("@example.net", ["Ana Núñez", "Mariana López"]),
        ("j@example.org", []),
        ("mj@example", ["María-José O’Brien"]),
        ("ana nobody", []),
        ("%", []),
        ("__", []),
        ("..", []),
    ],
)
def test_a_word_is_part_of_a_name_or_an_address_however_it_is_written(
    staff: StaffWorld, people: People, asked: str, names: list[str]
) -> None:
    assert people.store is staff.world.store
    assert [each.rsplit(" ", 1)[0] for each in found(staff.signed_in(), asked)] == names


@pytest.mark.parametrize("asked", ["", " ", "a", "\u00a0"])
def test_too_little_finds_nobody_and_says_what_to_do(staff: StaffWorld, people: People, asked: str) -> None:
    assert people.store is staff.world.store
    answer = staff.signed_in().post(SEARCH, {"q": asked})

    assert answer.status_code == 422
    assert "Type at least two letters of a name or an email address." in answer.text
    assert "Ana" not in answer.text


def test_a_trainer_finds_only_people_of_their_own_sessions(staff: StaffWorld, people: People) -> None:
    assert people.store is staff.world.store
    assert found(staff.signed_in(TRAINER), "ma") == [f"María-José O’Brien {TRAINERS_SESSION}"]
    assert len(found(staff.signed_in(OFFICE), "ma")) == 2


def test_people_are_found_in_sessions_ahead_first_and_180_days_back(staff: StaffWorld) -> None:
    people = People(staff.world.store, EARLY)
    for session_id in (OTHERS_SESSION, TRAINERS_SESSION, IN_PERSON):
        people.sign_up("Ana Núñez", session_id=session_id)
    store, clock = staff.world.store, staff.world.clock
    clock.now = store.session(TRAINERS_SESSION).terms.ends
    every = [f"Ana Núñez {session_id}" for session_id in (IN_PERSON, TRAINERS_SESSION, OTHERS_SESSION)]
    assert found(staff.signed_in(), "ana") == every

    clock.now = store.session(OTHERS_SESSION).terms.ends + timedelta(days=180) - SECOND
    assert found(staff.signed_in(), "ana") == every
    clock.now += SECOND
    assert found(staff.signed_in(), "ana") == every[:2]


def test_somebody_who_has_canceled_is_found_as_well(staff: StaffWorld) -> None:
    people = People(staff.world.store, EARLY)
    [signed_up] = people.sign_up("Ana Núñez", session_id=TRAINERS_SESSION)
    people.cancel(signed_up.registration, ChangedBy.PERSON)
    text = staff.signed_in().post(SEARCH, {"q": "ana"}).text

    assert '<strong class="tag off">Canceled</strong>' in text


def test_what_is_asked_for_stands_in_the_page_and_in_no_address(staff: StaffWorld) -> None:
    visitor = staff.signed_in()
    answer = visitor.post(SEARCH, {"q": '"><b>ana'})

    assert 'value="&#34;&gt;&lt;b&gt;ana"' in answer.text
    assert visitor.get(f"{SEARCH}?q=ana").headers["Location"] == "/register/staff/"


def test_more_people_than_a_page_shows_are_told(staff: StaffWorld) -> None:
    people = People(staff.world.store, EARLY)
    for number in range(51):
        people.sign_up(
            f"Ana {chr(65 + number // 26)}{chr(97 + number % 26)}", session_id="2026-12-08-parents"
        )
    visitor = staff.signed_in()
    text = visitor.post(SEARCH, {"q": "ana"}).text

    assert "Here are the first 50: type more of the name to see fewer." in text
    assert len(found(visitor, "ana")) == 50


def test_a_session_that_cannot_be_read_is_left_out_and_told(staff: StaffWorld) -> None:
    store = broken(staff.world.store, Damaged("a registration", "state", "is odd"), "roster")
    visitor = staff.visitor(store=store)
    keep(visitor, staff.cookie())

    assert "One session can’t be read and was left out" in visitor.post(SEARCH, {"q": "ana"}).text
