# SPDX-License-Identifier: AGPL-3.0-or-later
"""The roster, to read and for spreadsheets."""

from __future__ import annotations

import csv
import io

import pytest

from register.domain.roster import Row, as_csv, as_excel_csv, as_table, rows
from register.stores.memory import MemoryStore
from schedule.model import Language
from tests.support.builders import SESSION, opened, terms
from tests.support.constants import PACIFIC


def row(**changes: str) -> Row:
    said = dict.fromkeys(Row.__dataclass_fields__, "") | changes
    return Row(**said)


def test_the_columns_are_those_that_were_promised() -> None:
    header = as_csv([]).removesuffix("\r\n").split(",")

    assert header == [
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


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_no_cell_is_a_formula(first: str) -> None:
    name = f"{first}HYPERLINK(A1)"

    [_, said] = csv.reader(io.StringIO(as_csv([row(name=name)]), newline=""))

    assert said[2] == f"'{name}"


def test_commas_quotes_and_lines_come_back_whole() -> None:
    needs = 'an "interpreter", please\nand a ramp'

    [_, said] = csv.reader(io.StringIO(as_csv([row(needs=needs)]), newline=""))

    assert said[7] == needs


def test_excel_is_told_that_the_file_is_utf_8() -> None:
    assert as_excel_csv([row(name="Ana Núñez")]) == f"\ufeff{as_csv([row(name='Ana Núñez')])}".encode()


def test_the_table_has_a_person_a_line() -> None:
    listed = as_table(
        [row(state="confirmed", name="Ana", needs="one\ntwo"), row(state="waitlisted", name="Bo")]
    )

    assert listed.split("\n") == [
        "state       place  name  email  organization  role  language  needs    signed_up  changed_by  attended",
        "confirmed          Ana                                        one two",
        "waitlisted         Bo",
    ]
