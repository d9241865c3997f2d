# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who comes to a session, as a table to read and as rows for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from zoneinfo import ZoneInfo

from register.domain.model import Registration, State


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the roster; the names of the fields are those of the columns."""

    state: str
    place: str
    name: str
    email: str
    organization: str
    role: str
    language: str
    needs: str
    signed_up: str
    changed_by: str
    """Who brought somebody into the state."""
    attended: str
    """`yes` or `no`; empty where nobody has said so."""


_ATTENDED = {True: "yes", False: "no", None: ""}

COLUMNS = tuple(column.name for column in fields(Row))


def rows(roster: Iterable[Registration], zone: ZoneInfo) -> list[Row]:
    """Return a roster in its order; times are on the session's clock, which is that of `zone`."""
    found, place = [], 0
    for registration in roster:
        waits = registration.state is State.WAITLISTED
        place += waits
        person = registration.person
        found.append(
            Row(
                state=registration.state.value,
                place=str(place) if waits else "",
                name=person.name,
                email=person.email,
                organization=person.organization,
                role=person.role,
                language=person.language.value,
                needs=person.needs,
                signed_up=registration.signed_up.astimezone(zone).isoformat(" ", "minutes"),
                changed_by=registration.changed_by.value,
                attended=_ATTENDED[registration.attended],
            )
        )
    return found


def as_rows(roster: Iterable[Row]) -> list[Sequence[str]]:
    """Return the roster as rows of a spreadsheet, their head first."""
    return [COLUMNS, *map(astuple, roster)]


def as_table(roster: Sequence[Row]) -> str:
    """Return the roster in columns; what somebody wrote is on one line each."""
    cells = [[" ".join(cell.split()) for cell in row] for row in as_rows(roster)]
    widths = [max(len(cell) for cell in column) for column in zip(*cells, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in cells)
    return "\n".join(line.rstrip() for line in lines)
