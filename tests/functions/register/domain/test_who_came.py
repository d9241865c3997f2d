# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who of a report is who on the list: by address, then by a name that fits one person alone, and never by a guess."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.domain.meeting_report import Joined
from register.domain.model import Registration, State
from register.domain.who_came import WhoCame, who_came
from tests.support.builders import SESSION, person
from tests.support.constants import NOW


def listed(*people: str, state: State = State.CONFIRMED) -> list[Registration]:
    """Return registrations whose ids are the names, each "Name" or "Name <address>"."""
    found = []
    for each in people:
        name, _, address = each.removesuffix(">").partition(" <")
        who = person(name, email=address) if address else person(name)
        found.append(Registration(SESSION, each, state, who, NOW, NOW, NOW))
    return found


def found(name: str, roster: list[Registration], email: str = "") -> str | None:
    """Return the id of the registration that somebody of a report is found to be, None if that is left open."""
    joined = Joined(name, email)
    came = who_came([joined], roster)
    if came.left:
        assert came == WhoCame({}, (joined,))
        return None
    ((registration_id, people),) = came.found.items()
    assert people == (joined,)
    return registration_id


def test_an_address_decides_whatever_the_name_is() -> None:
    roster = listed("Ana Núñez <Ana@example.net>", "Ben O’Brien <ben@example.net>")
    assert found("Ben O’Brien", roster, "ana@example.net") == "Ana Núñez <Ana@example.net>"


def test_of_people_with_one_address_the_name_decides_and_nobody_else_is_looked_for() -> None:
    roster = listed("Ana Núñez <x@example.net>", "Eva Núñez <x@example.net>", "Ben O’Brien <ben@example.net>")
    assert found("eva nunez", roster, "x@example.net") == "Eva Núñez <x@example.net>"
    assert found("Ben O’Brien", roster, "x@example.net") is None


@pytest.mark.parametrize(
    "shown",
    [
        *("Ana Núñez", "ANA NUNEZ", "ana nún\u0303ez", "Núñez, Ana", "Nunez,Ana", "  Ana  Núñez "),
        *(
            "Ana Núñez (Guest)",
            "Anita (Ana Núñez)",
            "Anita (Núñez, Ana)",
            "Ana Núñez (she/her)",
            "Ana Núñez [BCOE]",
        ),
        *("Ana Núñez - Butte COE", "Butte COE | Ana Núñez", "BCOE/Ana Núñez", "Ana Núñez (ella) – Yolo"),
        *("Ana M. Núñez", "Ana María Núñez", "Ana Núñez García", "Ana M Núñez-García"),
    ],
)
def test_a_name_is_found_however_it_is_shown(shown: str) -> None:
    assert found(shown, listed("Ana Núñez", "Ben O’Brien")) == "Ana Núñez"


@pytest.mark.parametrize(
    ("shown", "on_list"),
    [
        ("Ana Núñez", "Ana María Núñez García"),
        ("Ana M. Núñez", "Ana María Núñez"),
        ("María-José Cruz", "María José Cruz"),
        ("D’Angelo Smith", "Dangelo Smith"),
        ("Cher", "Cher"),
        ("José Luis Cruz", "Jose-Luis Cruz"),
    ],
)
def test_second_names_may_be_left_out_or_abbreviated(shown: str, on_list: str) -> None:
    assert found(shown, listed(on_list, "Ben O’Brien")) == on_list


@pytest.mark.parametrize(
    "shown",
    [
        *(
            "Ana",
            "A. Núñez",
            "A N",
            "Ana N.",
            "Núñez",
            "iPhone",
            "15305550100",
            "Eva Núñez",
            "Ana Cruz",
            "…",
            "María",
        ),
        *("Ana y Ben", "Ana Núñez / Ben O’Brien", "=cmd", "<b>Ana</b>"),
    ],
)
def test_nobody_is_guessed(shown: str) -> None:
    assert found(shown, listed("Ana Núñez", "Ben O’Brien", "Cruz María")) is None


def test_a_name_of_many_parts_costs_no_more_than_one_of_a_few() -> None:
    roster = listed("Ana Núñez", "Ben O’Brien")
    assert found("Butte | SELPA | Migrant Ed - Ana Núñez | she | her", roster) == "Ana Núñez"
    assert found("a|b|c|d|Ana Núñez", roster) is None


def test_an_initial_in_place_of_the_first_name_tells_nobody_apart() -> None:
    assert found("A. Núñez García", listed("A. Núñez Cruz García")) is None
    assert found("A. Núñez García", listed("A. Núñez García")) == "A. Núñez García"


def test_two_people_of_one_name_are_told_apart_by_address_alone() -> None:
    roster = listed("Ana Núñez <one@example.net>", "Ana Núñez <two@example.net>")
    assert found("Ana Núñez", roster) is None
    assert found("Ana Núñez", roster, "else@example.net") is None
    assert found("Ana Núñez", roster, "two@example.net") == "Ana Núñez <two@example.net>"
    left = Joined("Ana Núñez", "", 60)
    sure = Joined("Ana Núñez", "one@example.net", 60)
    assert who_came([sure, left], roster) == WhoCame({"Ana Núñez <one@example.net>": (sure,)}, (left,))


def test_a_whole_name_goes_before_one_that_leaves_something_out() -> None:
    roster = listed("Ana Núñez", "Ana Núñez García", "Ana María Núñez Cruz")
    assert found("Ana Núñez", roster) == "Ana Núñez"
    assert found("Ana N. García", roster) == "Ana Núñez García"
    assert found("Ana Cruz", roster) == "Ana María Núñez Cruz"
    assert found("Ana M. Núñez", listed("Ana María Núñez", "Ana Marta Núñez")) is None


def test_one_person_with_two_devices_is_one() -> None:
    desk, phone = Joined("Ana Núñez", "ana@example.net", 3600), Joined("Ana Núñez (iPhone)", "", 600)
    assert who_came([desk, phone], listed("Ana Núñez <ana@example.net>")) == WhoCame(
        {"Ana Núñez <ana@example.net>": (desk, phone)}, ()
    )


def test_people_who_wait_are_found_and_canceled_ones_where_nobody_else_fits() -> None:
    waits = listed("Ana Núñez", state=State.WAITLISTED)
    gone = listed("Ben O’Brien", state=State.CANCELLED)
    again = [replace(each, registration_id="again") for each in listed("Ben O’Brien <other@example.net>")]
    assert found("Ana Núñez", waits + gone) == "Ana Núñez"
    assert found("Ben O’Brien", waits + gone) == "Ben O’Brien"
    assert found("Ben O’Brien", waits + gone + again) == "again"


def test_the_trainer_is_no_participant_but_where_the_list_says_so() -> None:
    trainer, ana = Joined("Ocampo, Yecenia", "trainer@example.org", 60), Joined("Ana Núñez", "", 60)
    assert who_came([trainer, ana], listed("Ana Núñez"), ["Yecenia Ocampo"]) == WhoCame(
        {"Ana Núñez": (ana,)}, ()
    )
    assert who_came([trainer], listed("Yecenia Ocampo"), ["Yecenia Ocampo"]) == WhoCame(
        {"Yecenia Ocampo": (trainer,)}, ()
    )


WORDS = st.sampled_from(["Ana", "Ben", "Núñez", "Cruz", "M.", "García", "-", ",", "(", ")", "/", "A"])
SHOWN = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)


@given(st.lists(SHOWN, max_size=6), st.lists(SHOWN, max_size=6, unique=True))
def test_everybody_is_found_once_or_left(shown: list[str], names: list[str]) -> None:
    people = [Joined(name, "", number) for number, name in enumerate(shown)]
    came = who_came(people, listed(*names))
    anywhere = [each for several in came.found.values() for each in several] + list(came.left)
    assert sorted(anywhere, key=people.index) == people
    assert set(came.found) <= set(names)
