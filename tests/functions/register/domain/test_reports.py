# SPDX-License-Identifier: AGPL-3.0-or-later
"""The report: numbers of groups, none so small that it tells who it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from register.domain.counts import Counts, SessionCounts
from register.domain.reports import Line, Report, as_rows, latest, report
from tests.support.builders import STARTS

FIVE = Counts(confirmed=4, waited=1, attended=3, absent=1)
TWO = Counts(confirmed=1, cancelled=1, attended=1)


def counted(session_id: str = "one", **changes: object) -> SessionCounts:
    """Return the counts of a session of five people."""
    whole = SessionCounts(
        session_id,
        "overview",
        STARTS,
        20,
        people=FIVE,
        organizations={"Butte COE": FIVE},
        roles={"recruiter": Counts(confirmed=3), "teacher": TWO},
        languages={"en": Counts(confirmed=3), "es": TWO},
    )
    return replace(whole, **changes)


def test_sessions_are_added_up_and_the_largest_groups_come_first() -> None:
    two = counted("two", organizations={"Butte COE": TWO, "Yolo COE": Counts(confirmed=9)})
    parents = counted("three", training="parents", seats=40, people=Counts(confirmed=30))

    assert report([counted(), two, parents]) == Report(
        total=Line("", FIVE + FIVE + Counts(confirmed=30), dates=3, seats=80),
        trainings=[
            Line("parents", Counts(confirmed=30), dates=1, seats=40),
            Line("overview", FIVE + FIVE, dates=2, seats=40),
        ],
        organizations=[Line("Butte COE", FIVE + TWO + FIVE), Line("Yolo COE", Counts(confirmed=9))],
        roles=[Line("recruiter", Counts(confirmed=9)), Line("teacher", TWO + TWO + TWO)],
        languages=[Line("en", Counts(confirmed=9)), Line("es", TWO + TWO + TWO)],
    )


def test_a_group_of_fewer_than_three_is_in_the_total_alone() -> None:
    found = report([counted()])
    assert found.total == Line("", FIVE, dates=1, seats=20)
    assert [line.name for line in found.roles] == ["recruiter"]
    assert [line.name for line in found.languages] == ["en"]


def test_a_training_with_a_few_people_shows_dates_and_seats_and_an_empty_one_its_zeros() -> None:
    few, none = counted(people=TWO), counted("two", training="parents", people=Counts())
    rows = as_rows(report([few, none]), lambda group, name: f"{group} {name}".strip())
    assert rows[2:4] == [
        ["training", "training overview", "1", "20", "", "", "", "", "", ""],
        ["training", "training parents", "1", "20", "0", "0", "0", "0", "0", "0"],
    ]


def test_the_rows_hold_each_group_with_its_numbers() -> None:
    assert as_rows(report([counted()]), lambda group, name: f"{group}: {name}") == [
        [
            "group",
            "name",
            "dates",
            "seats",
            "signed_up",
            "confirmed",
            "waited",
            "cancelled",
            "attended",
            "absent",
        ],
        ["total", "total: ", "1", "20", "5", "4", "1", "0", "3", "1"],
        ["training", "training: overview", "1", "20", "5", "4", "1", "0", "3", "1"],
        ["organization", "organization: Butte COE", "", "", "5", "4", "1", "0", "3", "1"],
        ["role", "role: recruiter", "", "", "3", "3", "0", "0", "0", "0"],
        ["language", "language: en", "", "", "3", "3", "0", "0", "0", "0"],
    ]


def test_nothing_gives_a_report_of_zeros() -> None:
    assert report([]) == Report(Line(""), [], [], [], [])


def test_what_was_kept_stands_for_people_who_are_erased_and_each_session_counts_once() -> None:
    kept = [
        counted("erased", starts=STARTS - timedelta(days=300)),
        counted("partly", erased=True),
        counted("old", people=TWO),
    ]
    live = [counted("old"), counted("partly", people=TWO), counted("new", starts=STARTS - timedelta(days=1))]
    assert latest(kept, live) == [
        counted("erased", starts=STARTS - timedelta(days=300)),
        counted("new", starts=STARTS - timedelta(days=1)),
        counted("old"),
        counted("partly", erased=True, people=FIVE.or_more(TWO)),
    ]
