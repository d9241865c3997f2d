# SPDX-License-Identifier: AGPL-3.0-or-later
"""What writers are told about a session, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.content import ContentFolder

HOW_TO_WRITE = 'as in "Start: 2026-12-03 10:00", or "Start: 2026-12-03" for a whole day'
WHEN_IN_DOUBT = "look at the month, the day and the time"


def told(tmp_path: Path, body: str = "", **keys: str | None) -> list[str]:
    """Return what is told about one session with these keys, without the path that all lines begin with."""
    folder = ContentFolder(tmp_path)
    folder.session("a", body, **keys)
    return [line.removeprefix("content/sessions/a.md:") for line in folder.errors()]


@pytest.mark.parametrize(
    ("keys", "lines"),
    [
        pytest.param(
            {"Training": "advanced"},
            ['1: Training: no training "advanced" (there are: overview)'],
            id="a training that resembles none",
        ),
        pytest.param(
            {"Trainers": "uriel-ramirez-torres, nobody"},
            ['4: Trainers: no trainer "nobody" (there are: ca-msix-support, uriel-ramirez-torres)'],
            id="one trainer of two",
        ),
        pytest.param(
            {"Trainers": "uriel-ramirez-torres, uriel-ramirez-torres"},
            ['4: Trainers: "uriel-ramirez-torres" stands twice (name it once)'],
            id="a trainer twice",
        ),
        pytest.param(
            {"Capacity": "0"}, ['5: Capacity: 0 is less than 1 (as in "Capacity: 20")'], id="no seats"
        ),
        pytest.param(
            {"Capacity": "many"},
            ['5: Capacity: "many" is not a whole number (as in "Capacity: 20")'],
            id="seats in words",
        ),
        pytest.param(
            {"Language": "french"},
            ['6: Language: "french" is none of the choices (write "Language: en" or "Language: es")'],
            id="a language that is none of the two",
        ),
        pytest.param(
            {"Format": "on-line"},
            ['7: Format: "on-line" is none of the choices (did you mean "online"?)'],
            id="a mistyped format",
        ),
        pytest.param(
            {"Format": "in-person"},
            [
                (
                    "1: Location: is missing "
                    '(a session in person needs it, as in "Location: Room 2, county office")'
                )
            ],
            id="in person nowhere",
        ),
        pytest.param(
            {"Status": "cancled"},
            ['8: Status: "cancled" is none of the choices (did you mean "cancelled"?)'],
            id="a mistyped status",
        ),
        pytest.param(
            {"Start": None}, ['1: Start: is missing (add a line "Start: 2026-12-03 10:00")'], id="no start"
        ),
        pytest.param(
            {"Start": "Dec 3, 10 am"},
            [f'2: Start: "Dec 3, 10 am" is no date and time ({HOW_TO_WRITE})'],
            id="words",
        ),
        pytest.param(
            {"Start": "2026-12-03 900"},
            [f'2: Start: "2026-12-03 900" is no date and time ({HOW_TO_WRITE})'],
            id="a time without a colon",
        ),
        pytest.param(
            {"Start": "2027-02-29 10:00"},
            [f'2: Start: "2027-02-29 10:00" is not in the calendar ({WHEN_IN_DOUBT})'],
            id="a day that does not exist",
        ),
        pytest.param(
            {"Start": "2027-02-29", "Duration": None},
            [f'2: Start: "2027-02-29" is not in the calendar ({WHEN_IN_DOUBT})'],
            id="a whole day that does not exist",
        ),
        pytest.param(
            {"Start": "0226-12-03 10:00"},
            [
                '2: Start: "0226-12-03 10:00" is not in the years 2000 to 2099 (look at the year, as in "Start: 2026-12-03")'
            ],
            id="a slip in the year",
        ),
        pytest.param(
            {"Start": "9999-12-31", "Duration": None},
            [
                '2: Start: "9999-12-31" is not in the years 2000 to 2099 (look at the year, as in "Start: 2026-12-31")'
            ],
            id="the last day of all",
        ),
        pytest.param(
            {"Duration": None},
            ['1: Duration: is missing (add a line "Duration: 90" (minutes), or "End: 2026-12-03 11:30")'],
            id="no length",
        ),
        pytest.param(
            {"Duration": "0"},
            ['3: Duration: 0 is less than 1 (as in "Duration: 90")'],
            id="a length of nothing",
        ),
        pytest.param(
            {"End": "2026-12-03 11:00"},
            ["9: End: stands beside Duration (keep one of the two lines)"],
            id="a length given twice",
        ),
        pytest.param(
            {"Duration": None, "End": "2026-12-03 10:00"},
            ['8: End: 2026-12-03 10:00 is not after Start, 2026-12-03 10:00 (as in "End: 2026-12-03 11:30")'],
            id="an end at the start",
        ),
        pytest.param(
            {"Duration": None, "End": "2026-12-03 09:00"},
            ['8: End: 2026-12-03 09:00 is not after Start, 2026-12-03 10:00 (as in "End: 2026-12-03 11:30")'],
            id="an end before the start",
        ),
        pytest.param(
            {"Duration": None, "End": "noon"},
            [f'8: End: "noon" is no date and time ({HOW_TO_WRITE.replace("Start", "End")})'],
            id="an end in words",
        ),
        pytest.param(
            {"Duration": None, "End": "2026-12-03"},
            ['8: End: is a date, but Start has a time (as in "End: 2026-12-03 16:30")'],
            id="a time to a date",
        ),
        pytest.param(
            {"Start": "2026-12-03", "Duration": None, "End": "2026-12-03 11:00"},
            ['8: End: has a time, but Start is a date alone (as in "End: 2026-12-03")'],
            id="a date to a time",
        ),
        pytest.param(
            {"Start": "2026-12-03"},
            [
                (
                    "3: Duration: does not go with a whole day "
                    '(give Start a time, as in "Start: 2026-12-03 10:00", or leave Duration out)'
                )
            ],
            id="a whole day of ninety minutes",
        ),
        pytest.param(
            {"Start": "2026-12-03", "Duration": None, "End": "2026-12-02"},
            ['8: End: 2026-12-02 is before Start, 2026-12-03 (as in "End: 2026-12-04")'],
            id="whole days that end before they begin",
        ),
        pytest.param(
            {"Location": ""},
            [
                "9: warning: Location: has no Spanish translation (add it to content/sessions/a.es.md)",
                "9: Location: is empty (write something behind the colon, or delete the line)",
            ],
            id="an empty location",
        ),
        pytest.param(
            {"Except": "2026-12-10"},
            ['9: Except: stands without Repeat (give the rule too, as in "Repeat: FREQ=WEEKLY;COUNT=5")'],
            id="exceptions from no rule",
        ),
        pytest.param(
            {"Registration-Closes": "2026-12-03 10:01"},
            [
                (
                    "9: Registration-Closes: 2026-12-03 10:01 is after the start "
                    '(as in "Registration-Closes: 1 day before")'
                )
            ],
            id="registration that closes after the start",
        ),
        pytest.param(
            {"Registration-Closes": "2026-12-02"},
            [
                '9: Registration-Closes: "2026-12-02" has no time (as in "Registration-Closes: 2026-12-02 17:00")'
            ],
            id="registration that closes on a day",
        ),
        pytest.param(
            {"Registration-Closes": "in time"},
            [
                (
                    '9: Registration-Closes: "in time" is no date and time '
                    '(as in "Registration-Closes: 2026-12-01 17:00", or "Registration-Closes: 1 day before")'
                )
            ],
            id="registration that closes in words",
        ),
        pytest.param(
            {"Registration-Closes": "2026-03-08 02:15"},
            ["9: Registration-Closes: 2026-03-08 02:15 does not exist (the clocks go to 03:00 that night)"],
            id="registration that closes in the spring gap",
        ),
    ],
)
def test_a_writer_is_told(tmp_path: Path, keys: dict[str, str | None], lines: list[str]) -> None:
    assert told(tmp_path, **keys) == lines


def test_a_start_in_the_spring_gap_is_an_error(tmp_path: Path) -> None:
    assert told(tmp_path, Start="2027-03-14 02:30") == [
        "2: Start: 2027-03-14 02:30 does not exist (the clocks go to 03:00 that night)"
    ]


def test_an_end_in_the_spring_gap_is_an_error(tmp_path: Path) -> None:
    assert told(tmp_path, Start="2027-03-14 01:00", Duration=None, End="2027-03-14 02:00") == [
        "8: End: 2027-03-14 02:00 does not exist (the clocks go to 03:00 that night)"
    ]


def test_a_start_in_the_autumn_overlap_is_a_warning(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session(Start="2027-11-07 01:30")

    assert folder.warnings() == [
        (
            "content/sessions/a.md:2: warning: Start: 2027-11-07 01:30 comes twice that night "
            "(the first one, in summer time, is meant)"
        )
    ]


@pytest.mark.parametrize(
    "link",
    [
        "http://meet.example.org/private",
        "meet.example.org/private",
        "https://meet.example.org/private link",
        "https:///private",
        "secret: private",
        "secret:",
        "",
    ],
)
def test_a_bad_private_link_is_an_error_that_does_not_repeat_it(tmp_path: Path, link: str) -> None:
    assert told(tmp_path, Join_Url=link) == [
        (
            "9: Join-Url: is neither an address nor a secret "
            '(as in "Join-Url: https://…", or "Join-Url: secret:overview-may")'
        )
    ]


def test_a_good_private_link_stands_in_no_message_about_other_keys(tmp_path: Path) -> None:
    assert told(
        tmp_path, Join_Url="https://meet.example.org/private", Join_url="https://meet.example.org/x"
    ) == ["10: Join-Url: stands twice, first in line 9 (keep one of them)"]


def test_a_trainer_in_two_places_at_once_is_an_error_that_names_both(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("a")
    folder.session("b", Start="2026-12-03 11:00")

    assert folder.errors() == [
        (
            "content/sessions/b.md:4: Trainers: Uriel Ramirez Torres holds a at that time "
            "(it is Thursday, December 3, 2026, 10:00 to 11:30 a.m. Pacific time)"
        )
    ]


@pytest.mark.parametrize("change", [{"Start": "2026-12-03 11:30"}, {"Status": "cancelled"}])
def test_sessions_in_a_row_and_cancelled_ones_are_no_collision(
    tmp_path: Path, change: dict[str, str]
) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("a")
    folder.session("b", **change)

    assert folder.errors() == []


def test_text_that_a_calendar_cannot_carry_is_an_error_at_its_place(tmp_path: Path) -> None:
    assert told(tmp_path, body=r"See C:\New") == [
        r"10: contains \N, which calendars turn into a line break (delete the character, or write it in another way)",
        "10: warning: the text has no Spanish translation (add it to content/sessions/a.es.md)",
    ]
