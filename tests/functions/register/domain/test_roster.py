# SPDX-License-Identifier: AGPL-3.0-or-later
"""The roster, to read and for spreadsheets."""

from __future__ import annotations

from register.domain.roster import Row, as_rows, as_table, rows
from register.stores.memory import MemoryStore
from schedule.model import Language
from tests.support.builders import SESSION, opened, terms
from tests.support.constants import PACIFIC


def row(**changes: str) -> Row:
    said = dict.fromkeys(Row.__dataclass_fields__, "") | changes
    return Row(**said)


def test_the_columns_are_those_that_were_promised() -> None:
    [header] = as_rows([])

    assert [*header] == [
        "state",
        "place",
        "name",
        "email",
        "organization",
        "role",
        "language",
        "needs",
        "signed_up",
        "changed_by",
        "attended",
    ]


def test_everybody_is_there_with_state_and_place() -> None:
    store = MemoryStore()
    people = opened(store, terms(capacity=1))
    ana, _, _ = people.sign_up("Ana", "Ben", "Cruz", needs="Large print", language=Language.SPANISH)
    people.sign_up("Dee")
    people.cancel(ana.registration)

    listed = rows(store.roster(SESSION), PACIFIC)

    assert [(one.state, one.place, one.name) for one in listed] == [
        ("confirmed", "", "Ben"),
        ("waitlisted", "1", "Cruz"),
        ("waitlisted", "2", "Dee"),
        ("cancelled", "", "Ana"),
    ]
    assert listed[0] == row(
        state="confirmed",
        name="Ben",
        email="ben@example.net",
        organization="Yolo COE",
        role="recruiter",
        language="es",
        needs="Large print",
        signed_up="2026-11-20 09:00-08:00",
        changed_by="schedule",
    )


def test_what_people_typed_is_in_its_row_as_it_was() -> None:
    needs = 'an "interpreter", please\nand a ramp'

    [_, said] = as_rows([row(name="=Ana", needs=needs)])

    assert (said[2], said[7]) == ("=Ana", needs)


def test_the_table_has_a_person_a_line() -> None:
    listed = as_table(
        [row(state="confirmed", name="Ana", needs="one\ntwo"), row(state="waitlisted", name="Bo")]
    )

    assert listed.split("\n") == [
        "state       place  name  email  organization  role  language  needs    signed_up  changed_by  attended",
        "confirmed          Ana                                        one two",
        "waitlisted         Bo",
    ]
