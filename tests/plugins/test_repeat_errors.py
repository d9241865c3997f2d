# SPDX-License-Identifier: AGPL-3.0-or-later
"""What writers are told about repeated sessions and the files of single occurrences, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.content import ContentFolder

A_RULE = 'as in "Repeat: FREQ=WEEKLY;COUNT=5", every week, five times'
AN_END = "as in UNTIL=20270630, or UNTIL=20270630T235959Z for a time in UTC"


def cafe(tmp_path: Path, rule: str = "FREQ=WEEKLY;COUNT=3", **keys: str | None) -> ContentFolder:
    """Return a content folder with a series on the Thursdays 3, 10 and 17 December 2026; Repeat is line 9."""
    folder = ContentFolder(tmp_path)
    folder.session("cafe", Repeat=rule, **keys)
    return folder


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("FREQ=WEEKLY", 'the rule has no end (add COUNT, as in "Repeat: FREQ=WEEKLY;COUNT=5")'),
        ("every week", f'"every week" is not a rule ({A_RULE})'),
        ("FREQ=WEEKLY;COUNT=3;COUNT=4", f'"FREQ=WEEKLY;COUNT=3;COUNT=4" is not a rule ({A_RULE})'),
        ("FREQ=WEEKLY;COUNT=3;;", f'"FREQ=WEEKLY;COUNT=3;;" is not a rule ({A_RULE})'),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20261231", "the rule has two ends (keep COUNT or UNTIL)"),
        ("COUNT=3", f'"COUNT=3" is not a rule ({A_RULE})'),
        ("FREQ=OFTEN;COUNT=3", f'"FREQ=OFTEN;COUNT=3" is not a rule ({A_RULE})'),
        ("FREQ=WEEKLY;COUNT=few", f'"FREQ=WEEKLY;COUNT=few" is not a rule ({A_RULE})'),
        (
            "FREQ=WEEKLY;BYDAY=XX;COUNT=3",
            f'"FREQ=WEEKLY;BYDAY=XX;COUNT=3" is not a rule ({A_RULE})',
        ),
        (
            "FREQ=WEEKLY;COUNT=3;INTERVAL=0",
            f'"FREQ=WEEKLY;COUNT=3;INTERVAL=0" is not a rule ({A_RULE})',
        ),
        ("freq=weekly;until=2026-31-12", f'UNTIL "20263112" is no date ({AN_END})'),
        ("FREQ=WEEKLY;UNTIL=20261332", f'UNTIL "20261332" is no date ({AN_END})'),
        ("FREQ=WEEKLY;UNTIL=20261232T000000Z", f'UNTIL "20261232T000000Z" is no date ({AN_END})'),
        ("FREQ=DAILY;BYHOUR=10,15;COUNT=4", "the rule has two dates on 2026-12-03 (one a day at most)"),
        ("FREQ=DAILY;COUNT=401", "the rule has more than 400 dates (end it earlier)"),
        (
            "FREQ=WEEKLY;COUNT=0",
            "the rule has no date on the day of Start, 2026-12-03 (is its COUNT or UNTIL right?)",
        ),
        (
            "FREQ=WEEKLY;BYDAY=FR;COUNT=2",
            (
                "the rule has no date on the day of Start, 2026-12-03 "
                "(the first one is 2026-12-04; begin on that day, or change the rule)"
            ),
        ),
        (
            "FREQ=WEEKLY;UNTIL=20261202",
            "the rule has no date on the day of Start, 2026-12-03 (is its COUNT or UNTIL right?)",
        ),
    ],
)
def test_a_bad_rule_is_an_error(tmp_path: Path, rule: str, told: str) -> None:
    assert cafe(tmp_path, rule).errors() == [f"content/sessions/cafe.md:9: Repeat: {told}"]


def test_two_rules_are_an_error_told_in_one_line(tmp_path: Path) -> None:
    folder = cafe(tmp_path, "FREQ=WEEKLY;COUNT=3\n    FREQ=DAILY;COUNT=2")

    assert folder.errors() == [
        (
            'content/sessions/cafe.md:9: Repeat: "FREQ=WEEKLY;COUNT=3 FREQ=DAILY;COUNT=2" '
            f"is not a rule ({A_RULE})"
        )
    ]


def test_as_many_occurrences_as_may_be_are_no_error(tmp_path: Path) -> None:
    assert len(cafe(tmp_path, "FREQ=DAILY;COUNT=400").sessions()) == 400


@pytest.mark.parametrize(
    ("excluded", "told"),
    [
        ("2026-12-11", "the rule has no date on 2026-12-11 (its dates: 2026-12-03, 2026-12-10, 2026-12-17)"),
        ("2026-12-10 10:00", '"2026-12-10 10:00" is no date alone (as in "Except: 2026-12-10")'),
        (
            "10 December",
            '"10 December" is no date (as in "Except: 2026-12-03")',
        ),
        ("2026-12-10, 2026-12-10", '"2026-12-10" stands twice (name it once)'),
    ],
)
def test_a_bad_exception_is_an_error(tmp_path: Path, excluded: str, told: str) -> None:
    assert cafe(tmp_path, Except=excluded).errors() == [f"content/sessions/cafe.md:10: Except: {told}"]


def test_what_else_is_wrong_with_a_series_is_told_beside_its_bad_rule(tmp_path: Path) -> None:
    assert cafe(tmp_path, "FREQ=WEEKLY", Capacity="0").errors() == [
        'content/sessions/cafe.md:5: Capacity: 0 is less than 1 (as in "Capacity: 20")',
        'content/sessions/cafe.md:9: Repeat: the rule has no end (add COUNT, as in "Repeat: FREQ=WEEKLY;COUNT=5")',
    ]


def test_a_series_without_start_is_an_error_also_when_an_occurrence_has_a_file(tmp_path: Path) -> None:
    folder = cafe(tmp_path, Start=None, Capacity="0")
    folder.write("sessions/cafe-2026-12-10.md", "Start: 2026-12-11 10:00\nStatus: gone\n")

    assert folder.errors() == [
        (
            'content/sessions/cafe-2026-12-10.md:2: Status: "gone" is none of the choices '
            '(write "Status: scheduled" or "Status: cancelled")'
        ),
        'content/sessions/cafe.md:1: Start: is missing (add a line "Start: 2026-12-03 10:00")',
        'content/sessions/cafe.md:4: Capacity: 0 is less than 1 (as in "Capacity: 20")',
    ]


def test_a_mistake_in_a_series_is_told_once_however_often_it_repeats(tmp_path: Path) -> None:
    assert cafe(tmp_path, Trainers="uriel-ramirez").errors() == [
        'content/sessions/cafe.md:4: Trainers: no trainer "uriel-ramirez" (did you mean "uriel-ramirez-torres"?)'
    ]


def test_an_occurrence_in_the_spring_gap_is_an_error(tmp_path: Path) -> None:
    folder = cafe(tmp_path, Start="2027-03-07 02:30", Duration="30")

    assert folder.errors() == [
        "content/sessions/cafe.md:2: Start: 2027-03-14 02:30 does not exist (the clocks go to 03:00 that night)"
    ]


def test_one_closing_time_for_all_occurrences_is_an_error(tmp_path: Path) -> None:
    assert cafe(tmp_path, Registration_Closes="2026-12-01 17:00").errors() == [
        'content/sessions/cafe.md:10: Registration-Closes: is one time for all dates of the series (as in "Registration-Closes: 1 day before")'
    ]


def test_a_closing_time_in_the_file_of_one_occurrence_is_right(tmp_path: Path) -> None:
    folder = cafe(tmp_path)
    folder.write("sessions/cafe-2026-12-10.md", "Registration-Closes: 2026-12-09 17:00\n")

    assert folder.errors() == []


def test_a_file_for_a_day_that_the_rule_does_not_produce_is_a_warning_and_one_more_session(
    tmp_path: Path,
) -> None:
    folder = cafe(tmp_path)
    folder.write("sessions/cafe-2026-12-11.md", "Capacity: 5\n")

    assert folder.warnings() == [
        (
            "content/sessions/cafe-2026-12-11.md:1: warning: the rule in content/sessions/cafe.md "
            "has no occurrence on 2026-12-11 (it is one more session)"
        )
    ]
    assert {name: session.capacity for name, session in folder.sessions().items()} == {
        "cafe-2026-12-03": 20,
        "cafe-2026-12-10": 20,
        "cafe-2026-12-11": 5,
        "cafe-2026-12-17": 20,
    }


def test_a_file_for_a_day_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    folder = cafe(tmp_path)
    folder.write("sessions/cafe-2026-12-32.md", "Capacity: 5\n")

    assert folder.errors() == [
        (
            'content/sessions/cafe-2026-12-32.md:1: the file\'s name ends in "2026-12-32", '
            "which is not in the calendar (look at the month and the day)"
        )
    ]


@pytest.mark.parametrize(("key", "value"), [("Repeat", "FREQ=DAILY;COUNT=2"), ("Except", "2026-12-17")])
def test_a_rule_in_the_file_of_one_occurrence_is_an_error(tmp_path: Path, key: str, value: str) -> None:
    folder = cafe(tmp_path)
    folder.write("sessions/cafe-2026-12-10.md", f"{key}: {value}\n")

    assert folder.errors() == [
        (
            f"content/sessions/cafe-2026-12-10.md:1: {key}: does not belong in the file of one date of a series "
            "(it goes into cafe.md)"
        )
    ]


def test_a_mistake_in_the_file_of_one_occurrence_is_told_with_its_own_place(tmp_path: Path) -> None:
    folder = cafe(tmp_path)
    folder.write("sessions/cafe-2026-12-10.md", "\n".join(["Status: cancelled", "Capacity: none", ""]))

    assert folder.errors() == [
        'content/sessions/cafe-2026-12-10.md:2: Capacity: "none" is not a whole number (as in "Capacity: 20")'
    ]


def test_an_occurrence_moved_onto_another_session_of_its_trainer_is_an_error_at_its_own_file(
    tmp_path: Path,
) -> None:
    folder = cafe(tmp_path)
    folder.session("other", Start="2026-12-11 10:00")
    folder.write("sessions/cafe-2026-12-10.md", "Start: 2026-12-11 11:00\nTrainers: uriel-ramirez-torres\n")

    assert folder.errors() == [
        (
            "content/sessions/cafe-2026-12-10.md:2: Trainers: Uriel Ramirez Torres holds other at that time "
            "(it is Friday, December 11, 2026, 10:00 to 11:30 a.m. Pacific time)"
        )
    ]


@pytest.mark.parametrize("rule", ["FREQ=HOURLY;COUNT=3", "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3"])
def test_a_rule_below_a_day_is_an_error_and_is_not_even_tried(tmp_path: Path, rule: str) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("cafe", Repeat=rule)

    assert [message.split(": ", 1)[1] for message in folder.errors()] == [
        "Repeat: the rule has several dates a day (FREQ is DAILY, WEEKLY, MONTHLY or YEARLY)"
    ]
