# SPDX-License-Identifier: AGPL-3.0-or-later
"""Repeated sessions: which occurrences a rule gives, and what the files of single ones change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schedule.model import Localized, Status
from tests.support.content import ContentFolder
from tests.support.schedules import noted


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def starts(folder: ContentFolder) -> dict[str, datetime]:
    return {name: session.period.start for name, session in folder.sessions().items()}


def test_a_weekly_series_with_one_left_out_and_one_moved_across_the_end_of_summer_time(
    tmp_path: Path,
) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("cafe", Start="2026-10-21 09:00", Repeat="FREQ=WEEKLY;COUNT=5", Except="2026-11-11")
    folder.write("sessions/cafe-2026-11-04.md", "Start: 2026-11-04 14:00\n")

    assert starts(folder) == {
        "cafe-2026-10-21": utc("2026-10-21 16:00"),
        "cafe-2026-10-28": utc("2026-10-28 16:00"),
        "cafe-2026-11-04": utc("2026-11-04 22:00"),
        "cafe-2026-11-18": utc("2026-11-18 17:00"),
    }


def test_each_occurrence_knows_its_series_and_other_sessions_have_none(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("a")
    folder.session("cafe", Start="2027-01-07 10:00", Repeat="FREQ=WEEKLY;COUNT=2")

    assert {name: session.series for name, session in folder.sessions().items()} == {
        "a": None,
        "cafe-2027-01-07": "cafe",
        "cafe-2027-01-14": "cafe",
    }


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=WEEKLY;UNTIL=20261217", ["03", "10", "17"]),
        ("FREQ=WEEKLY;UNTIL=20261216", ["03", "10"]),
        ("FREQ=WEEKLY;UNTIL=20261217T100000", ["03", "10", "17"]),
        ("FREQ=WEEKLY;UNTIL=20261217T095959", ["03", "10"]),
        ("FREQ=WEEKLY;UNTIL=20261217T180000Z", ["03", "10", "17"]),
        ("FREQ=WEEKLY;UNTIL=20261217T175959Z", ["03", "10"]),
        ("freq=weekly; count=2", ["03", "10"]),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=2", ["03", "17"]),
        ("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=3", ["03", "08", "10"]),
        ("FREQ=MONTHLY;BYDAY=1TH;COUNT=1", ["03"]),
    ],
)
def test_a_rule_gives_its_days(tmp_path: Path, rule: str, days: list[str]) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("cafe", Repeat=rule)

    assert list(folder.sessions()) == [f"cafe-2026-12-{day}" for day in days]


def test_whole_days_repeat_too(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session(
        "camp", Start="2026-10-31", Duration=None, End="2026-11-01", Repeat="FREQ=WEEKLY;UNTIL=20261107"
    )

    assert {name: session.period.length for name, session in folder.sessions().items()} == {
        "camp-2026-10-31": timedelta(hours=49),
        "camp-2026-11-07": timedelta(hours=48),
    }
    assert all(session.period.all_day for session in folder.sessions().values())


def test_an_end_moves_with_its_start(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session(
        "night", Start="2026-12-03 23:00", Duration=None, End="2026-12-04 01:00", Repeat="FREQ=DAILY;COUNT=2"
    )

    assert {name: session.period.end for name, session in folder.sessions().items()} == {
        "night-2026-12-03": utc("2026-12-04 09:00"),
        "night-2026-12-04": utc("2026-12-05 09:00"),
    }


def test_several_days_may_be_left_out(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("cafe", Repeat="FREQ=WEEKLY;COUNT=4", Except="2026-12-03, 2026-12-17")

    assert list(folder.sessions()) == ["cafe-2026-12-10", "cafe-2026-12-24"]


def test_an_occurrence_inherits_every_key_and_the_text_that_it_does_not_give(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session(
        "cafe",
        "Bring a question.",
        Location="Room 2",
        Format="in-person",
        Join_Url="secret:CAFE",
        Repeat="FREQ=WEEKLY;COUNT=2",
    )
    folder.write("sessions/cafe.es.md", "Location: Sala 2\n\nTraiga una pregunta.\n")
    folder.write("sessions/cafe-2026-12-10.md", "Capacity: 5\nStatus: cancelled\n")
    first, second = folder.sessions().values()

    assert (second.capacity, second.status) == (5, Status.CANCELLED)
    assert (second.training, second.trainers, second.language, second.format) == (
        first.training,
        first.trainers,
        first.language,
        first.format,
    )
    assert second.location == Localized("Room 2", "Sala 2")
    assert second.note == noted("Bring a question.", "Traiga una pregunta.")
    assert folder.read().schedule.join_urls == {
        "cafe-2026-12-03": "secret:CAFE",
        "cafe-2026-12-10": "secret:CAFE",
    }


def test_an_occurrence_may_say_something_of_its_own(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("cafe", "Bring a question.", Repeat="FREQ=WEEKLY;COUNT=2", Join_Url="secret:CAFE")
    folder.write("sessions/cafe.es.md", "\nTraiga una pregunta.\n")
    folder.write("sessions/cafe-2026-12-10.md", "Join-Url: https://meet.example.org/new\n\nBring two.\n")

    assert folder.sessions()["cafe-2026-12-10"].note == noted("Bring two.")
    assert folder.read().schedule.join_urls["cafe-2026-12-10"] == "https://meet.example.org/new"


def test_an_occurrence_that_is_moved_keeps_its_id_and_its_length(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("cafe", Duration=None, End="2026-12-03 11:45", Repeat="FREQ=WEEKLY;COUNT=2")
    folder.write("sessions/cafe-2026-12-10.md", "Start: 2026-12-11 15:00\n")
    moved = folder.sessions()["cafe-2026-12-10"].period

    assert (moved.start, moved.end) == (utc("2026-12-11 23:00"), utc("2026-12-12 00:45"))


@pytest.mark.parametrize(
    ("series", "override"),
    [
        ({"Duration": "90"}, "End: 2026-12-10 11:00\n"),
        ({"Duration": None, "End": "2026-12-03 11:30"}, "Duration: 60\n"),
        ({"Duration": None, "End": "2026-12-03 11:30"}, "Start: 2026-12-10 10:00\nEnd: 2026-12-10 11:00\n"),
    ],
)
def test_a_length_given_one_way_replaces_the_one_of_the_series(
    tmp_path: Path, series: dict[str, str | None], override: str
) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("cafe", Repeat="FREQ=WEEKLY;COUNT=2", **series)
    folder.write("sessions/cafe-2026-12-10.md", override)

    assert [session.period.length for session in folder.sessions().values()] == [
        timedelta(minutes=90),
        timedelta(minutes=60),
    ]


def test_whole_days_that_are_moved_keep_their_number(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("camp", Start="2026-12-03", Duration=None, End="2026-12-04", Repeat="FREQ=WEEKLY;COUNT=2")
    folder.write("sessions/camp-2026-12-10.md", "Start: 2026-12-14\n")
    moved = folder.sessions()["camp-2026-12-10"].period

    assert (moved.first_day.isoformat(), moved.last_day.isoformat()) == ("2026-12-14", "2026-12-15")


def test_registration_closes_on_the_clock_so_long_before_each_start(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session(
        "cafe", Start="2026-10-26 09:00", Repeat="FREQ=WEEKLY;COUNT=2", Registration_Closes="2 days before"
    )

    assert {name: session.registration_closes for name, session in folder.sessions().items()} == {
        "cafe-2026-10-26": utc("2026-10-24 16:00"),
        "cafe-2026-11-02": utc("2026-10-31 16:00"),
    }


@pytest.mark.parametrize(
    ("given", "closes"),
    [
        (None, "2026-11-01 18:00"),
        ("2026-10-30 17:00", "2026-10-31 00:00"),
        ("2026-11-01 10:00", "2026-11-01 18:00"),
        ("1 day before", "2026-10-31 17:00"),
        ("1 week before", "2026-10-25 17:00"),
        ("10 hours before", "2026-11-01 08:00"),
        ("30 minutes before", "2026-11-01 17:30"),
    ],
)
def test_registration_closes_as_given_or_at_the_start(tmp_path: Path, given: str | None, closes: str) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("a", Start="2026-11-01 10:00", Registration_Closes=given)

    assert folder.sessions()["a"].registration_closes == utc(closes)
