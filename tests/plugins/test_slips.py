# SPDX-License-Identifier: AGPL-3.0-or-later
"""Slips that make a session nobody meant are told once, where they stand; what may be meant is a warning."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest

from tests.support.constants import PACIFIC
from tests.support.content import ContentFolder, Repository

EARLIER = "end it earlier, as in COUNT=5 or UNTIL=20270630, or look at its INTERVAL"


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (
            {"Duration": None, "End": "2029-12-03 11:30"},
            "8: End: the session would take 1096 days, and 31 are the most (look at the year and the month)",
        ),
        (
            {"Start": "2026-12-03", "Duration": None, "End": "2029-12-03"},
            "8: End: the session would take 1096 days, and 31 are the most (look at the year and the month)",
        ),
        (
            {"Duration": "99999"},
            "3: Duration: the session would take 69 days, and 31 are the most (give minutes, as 90)",
        ),
    ],
)
def test_a_session_that_would_take_months_is_one_error_and_blames_no_other_file(
    tmp_path: Path, keys: dict[str, str | None], told: str
) -> None:
    folder = ContentFolder(tmp_path)
    for number in (7, 8, 9):
        folder.session(f"other-{number}", Start=f"2027-01-0{number} 10:00")
    folder.session("a", **keys)

    assert folder.errors() == [f"content/sessions/a.md:{told}"]


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (
            "FREQ=WEEKLY;INTERVAL=999;COUNT=33",
            f"the rule goes on for more than five years ({EARLIER})",
        ),
        (
            "FREQ=YEARLY;COUNT=9",
            f"the rule goes on for more than five years ({EARLIER})",
        ),
        ("FREQ=WEEKLY;COUNT=999", f"the rule goes on for more than five years ({EARLIER})"),
        ("FREQ=WEEKLY;UNTIL=20361203", f"the rule goes on for more than five years ({EARLIER})"),
        (
            "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3",
            "the rule has no date on the day of Start, 2026-12-03 (is its COUNT or UNTIL right?)",
        ),
        ("weekly", '"weekly" is not a rule (as in "Repeat: FREQ=WEEKLY;COUNT=5", every week, five times)'),
        (
            "Monthly",
            '"Monthly" is not a rule (as in "Repeat: FREQ=MONTHLY;COUNT=5", every month, five times)',
        ),
        ("cada día", '"cada día" is not a rule (as in "Repeat: FREQ=DAILY;COUNT=5", every day, five times)'),
    ],
)
def test_a_rule_that_nobody_means_is_one_error_at_the_rule(tmp_path: Path, rule: str, told: str) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("cafe", Repeat=rule)

    assert folder.errors() == [f"content/sessions/cafe.md:9: Repeat: {told}"]


def test_a_slip_in_the_times_of_a_series_is_told_for_its_first_date(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("cafe", Duration=None, End="2026-12-03 09:00", Repeat="FREQ=WEEKLY;COUNT=30")

    assert folder.errors() == [
        'content/sessions/cafe.md:8: End: 2026-12-03 09:00 is not after Start, 2026-12-03 10:00 (as in "End: 2026-12-03 11:30")'
    ]


def test_a_date_of_a_series_without_its_time_is_told_in_its_own_file(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("cafe", Repeat="FREQ=WEEKLY;COUNT=3")
    folder.write("sessions/cafe-2026-12-10.md", "Start: 2026-12-11\n")

    assert folder.errors() == [
        (
            "content/sessions/cafe-2026-12-10.md:1: Start: has no time, and the series has a Duration "
            '(as in "Start: 2026-12-11 10:00")'
        )
    ]


def test_two_series_that_meet_again_and_again_are_one_error(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("cafe", Repeat="FREQ=WEEKLY;COUNT=10")
    folder.session("clinic", Start="2026-12-03 11:00", Repeat="FREQ=WEEKLY;COUNT=10")

    assert folder.errors() == [
        (
            "content/sessions/clinic.md:4: Trainers: Uriel Ramirez Torres holds cafe-2026-12-03 at that time "
            "(it is Thursday, December 3, 2026, 10:00 to 11:30 a.m. Pacific time)"
        )
    ]


PAST = "is in the past, so nobody can sign up"


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (
            {"Start": "2025-12-03 10:00"},
            f"2: warning: Start: {PAST} (is the year right? Past sessions may stay as they are)",
        ),
        (
            {"Registration_Closes": "2025-12-02 17:00"},
            f'9: warning: Registration-Closes: {PAST} (as in "Registration-Closes: 1 day before")',
        ),
        (
            {"Start": "2028-12-03 10:00", "Registration_Closes": "2026-12-02 17:00"},
            "9: warning: Registration-Closes: is 731 days before the start (is the year right?)",
        ),
        (
            {"Registration_Closes": "9999 days before"},
            f'9: warning: Registration-Closes: {PAST} (as in "Registration-Closes: 1 day before")',
        ),
        (
            {"Start": "2025-12-03 10:00", "Repeat": "FREQ=WEEKLY;COUNT=3"},
            "2: warning: Start: all dates of the series are in the past (is the year right?)",
        ),
        (
            {"Trainers": "ca-msix-support"},
            (
                "4: warning: Trainers: CA MSIX Support is the support line, and holds no sessions "
                "(name the people who hold it)"
            ),
        ),
        ({"Start": "2026-11-18 10:00", "Repeat": "FREQ=WEEKLY;COUNT=3"}, None),
        ({"Start": "2026-11-20 09:30"}, None),
    ],
)
def test_what_may_be_a_slip_is_a_warning(tmp_path: Path, keys: dict[str, str], told: str | None) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("a", **keys)

    assert folder.warnings() == ([f"content/sessions/a.md:{told}"] if told else [])


def test_a_session_that_was_written_before_it_took_place_is_no_slip(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("a", Start="2026-11-03 10:00", Registration_Closes="2026-11-02 10:00")
    folder.session("cafe", Start="2026-10-06 10:00", Repeat="FREQ=WEEKLY;COUNT=3")
    Repository(tmp_path).commit(at="2026-10-01T12:00:00Z")

    assert folder.warnings() == []


def test_without_a_repository_the_files_time_counts(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("a", Start="2026-11-03 10:00")
    assert len(folder.warnings()) == 1
    written = datetime(2026, 11, 2, tzinfo=PACIFIC).timestamp()
    os.utime(folder.path / "sessions/a.md", (written, written))

    assert folder.warnings() == []
