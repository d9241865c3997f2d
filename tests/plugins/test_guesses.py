# SPDX-License-Identifier: AGPL-3.0-or-later
"""A writer who writes in another way than content files do is told the line that was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.trainings.guesses import meant_closing, meant_time
from tests.support.content import ContentFolder


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("5/11/2027 10am", "2027-05-11T10:00:00"),
        ("5/11/27 2:30 PM", "2027-05-11T14:30:00"),
        ("Tuesday, May 11, 2027 10:00 a.m.", "2027-05-11T10:00:00"),
        ("May 11, 2027 at midnight", None),
        ("May 11, 2027", "2027-05-11"),
        ("12/3/26", "2026-12-03"),
        ("May 2027", None),
        ("11:30", None),
        ("tomorrow at 10", None),
        ("2027-13-01", None),
        ("1/1/1999", None),
        ("9" * 30, None),
    ],
)
def test_a_date_is_understood_if_it_is_whole(written: str, meant: str | None) -> None:
    found = meant_time(written)

    assert (found and found.isoformat()) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2 days", "2 days before"),
        ("1 Week prior to the start", "1 week before"),
        ("the day before", "1 day before"),
        ("an hour", "1 hour before"),
        ("before", None),
        ("2 moons", None),
    ],
)
def test_a_time_before_the_start_is_understood(written: str, meant: str | None) -> None:
    assert meant_closing(written) == meant


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("Start", "12/3/2026 10am", '"12/3/2026 10am" is no date and time (write "Start: 2026-12-03 10:00")'),
        ("Duration", "1:30", '"1:30" is not a number of minutes (write "Duration: 90")'),
        (
            "Registration-Closes",
            "2 days",
            '"2 days" is no date and time (write "Registration-Closes: 2 days before")',
        ),
        ("Training", "Overview of MSIX", 'no training "overview-of-msix" (did you mean "overview"?)'),
        ("Trainers", "Support Line", 'no trainer "support-line" (did you mean "ca-msix-support"?)'),
    ],
)
def test_the_hint_is_the_line_that_was_meant(tmp_path: Path, key: str, value: str, told: str) -> None:
    folder = ContentFolder(tmp_path)
    folder.change("trainings/overview.md", "Title: Overview", "Title: Overview of MSIX")
    folder.change("trainings/overview.es.md", "Title: ", "Title: De ")
    folder.change("trainers/ca-msix-support.md", "Title: CA MSIX Support", "Title: Support Line")
    folder.session("a", **{key.replace("-", "_"): value})

    assert [line.split(" ", 1)[1] for line in folder.errors()] == [f"{key}: {told}"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Seats", "Capacity"),  # as the desk calls it
        ("cupo", "Capacity"),
        ("date", "Start"),
        ("Zoom", "Join-Url"),
        ("Length", "Duration"),
        ("Where", "Location"),
        ("Instructor", "Trainers"),
        ("Capcity", "Capacity"),
    ],
)
def test_a_key_by_another_name_is_told_once_with_its_own(tmp_path: Path, name: str, meant: str) -> None:
    folder = ContentFolder(tmp_path)
    folder.session(
        "a", **{"Format": "in-person", "Location": "Room 2", meant.replace("-", "_"): None, name: "20"}
    )
    folder.write("sessions/a.es.md", "Location: Sala 2\n" if meant != "Location" else "\n")

    assert [line.split(" ", 1)[1] for line in folder.errors()] == [
        f'{name}: unknown key (did you mean "{meant}"?)'
    ]
