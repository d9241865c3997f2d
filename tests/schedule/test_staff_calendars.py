# SPDX-License-Identifier: AGPL-3.0-or-later
"""The feed for staff: how many come stands in the title, and nobody's name or address anywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from plugins.calendar_rules import CalendarKind, lint
from schedule.model import Language
from schedule.staff_calendars import StaffEvent, staff_feed
from tests.support.calendars import SPANISH, english, lines, unfolded
from tests.support.constants import SITE_URL
from tests.support.schedules import all_day, cancelled, session

JOIN = "https://meet.example.net/j/1"
STAMP = datetime(2026, 11, 20, 8, 15, 30, tzinfo=UTC)
OWN = StaffEvent(
    session(), seats=20, confirmed=12, waiting=0, needs=0, is_own=True, number=217, stamp=STAMP, join_url=JOIN
)
FEED = f"{SITE_URL}/register/staff/feed/x.ics"
TRANSLATED = SPANISH | {
    "MSIX trainings: who is coming": "Capacitaciones de MSIX: participantes",
    "Roster: {url}": "Lista: {url}",
    "{confirmed} of {seats}": "{confirmed} de {seats}",
    "{number} waiting": "{number} en espera",
    "{number} need": "{number} necesidad",
    "{number} needs": "{number} necesidades",
}


def written(*events: StaffEvent) -> bytes:
    return staff_feed(events, Language.ENGLISH, SITE_URL, english, FEED)


@pytest.mark.parametrize(
    ("waiting", "needs", "title"),
    [
        (0, 0, "MSIX overview · 12 of 20"),
        (2, 0, "MSIX overview · 12 of 20 · 2 waiting"),
        (0, 1, "MSIX overview · 12 of 20 · 1 need"),
        (2, 3, "MSIX overview · 12 of 20 · 2 waiting · 3 needs"),
    ],
)
def test_the_title_says_how_many_come_wait_and_need_help(waiting: int, needs: int, title: str) -> None:
    assert lines(written(replace(OWN, waiting=waiting, needs=needs)), "SUMMARY") == [f"SUMMARY:{title}"]


def test_the_description_leads_to_the_meeting_and_to_the_roster() -> None:
    [description] = lines(written(OWN), "DESCRIPTION")

    assert description.endswith(
        f"\\n\\nJoin here: {JOIN}\\nRoster: {SITE_URL}/register/staff/sessions/2026-12-03-overview/"
        f"\\nSession page: {SITE_URL}/schedule/2026-12-03-overview/"
    )
    assert lines(written(OWN), "LOCATION") == [f"LOCATION:{JOIN}"]


def test_a_session_of_ones_own_takes_ones_time_for_whole_days_too() -> None:
    fair = replace(OWN, session=session(period=all_day("2026-12-10", "2026-12-11")))

    assert lines(written(OWN), "TRANSP") == ["TRANSP:OPAQUE"]
    assert lines(written(fair), "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS") == [
        "TRANSP:OPAQUE",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
    ]


def test_others_sessions_stand_as_in_public_feeds() -> None:
    other = written(replace(OWN, is_own=False))

    assert lines(other, "LOCATION", "X-MICROSOFT-CDO-BUSYSTATUS") == ["LOCATION:Online"]
    assert f"Join here: {JOIN}" in lines(other, "DESCRIPTION")[0]


def test_a_canceled_session_stays_as_canceled_without_numbers_and_link() -> None:
    gone = written(replace(OWN, session=cancelled(session()), waiting=2))

    assert lines(gone, "SUMMARY", "STATUS", "TRANSP") == [
        "SUMMARY:Canceled: MSIX overview",
        "STATUS:CANCELLED",
        "TRANSP:TRANSPARENT",
    ]
    assert JOIN not in "".join(unfolded(gone))
    assert "Roster: " in lines(gone, "DESCRIPTION")[0]


def test_it_goes_by_its_own_number_and_is_modified_with_the_newest_of_both() -> None:
    later = replace(session(), revision=replace(session().revision, time=STAMP + timedelta(days=9)))

    assert lines(written(OWN), "UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED") == [
        "DTSTAMP:20261120T081530Z",
        "UID:2026-12-03-overview@msix-trainings",
        "SEQUENCE:217",
        "LAST-MODIFIED:20261120T081530Z",
    ]
    assert lines(written(replace(OWN, session=later)), "DTSTAMP", "LAST-MODIFIED") == [
        "DTSTAMP:20261120T081530Z",
        "LAST-MODIFIED:20261129T081530Z",
    ]


def test_the_feed_keeps_the_rules_of_feeds() -> None:
    whole = replace(OWN, session=session(id="days", period=all_day("2026-12-10", "2026-12-11")))
    gone = replace(OWN, session=cancelled(session(id="gone")))
    data = written(OWN, replace(gone, is_own=False), whole)

    assert lint(data, CalendarKind.FEED) == []
    assert lint(written(), CalendarKind.FEED) == []
    assert lines(data, "NAME", "SOURCE", "METHOD", "ORGANIZER", "ATTENDEE") == [
        "NAME:MSIX trainings: who is coming",
        f"SOURCE;VALUE=URI:{FEED}",
    ]


def test_in_spanish_everything_is_spanish() -> None:
    data = staff_feed(
        [replace(OWN, waiting=2, needs=1)], Language.SPANISH, SITE_URL, TRANSLATED.__getitem__, FEED
    )

    assert lines(data, "NAME", "SUMMARY") == [
        "NAME:Capacitaciones de MSIX: participantes",
        "SUMMARY:Panorama de MSIX · 12 de 20 · 2 en espera · 1 necesidad",
    ]
