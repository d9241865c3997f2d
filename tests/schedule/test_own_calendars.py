# SPDX-License-Identifier: AGPL-3.0-or-later
"""One's own calendar: seats with the link to join, waiting without it, numbered as the emails are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from schedule.invitations import invitation
from schedule.model import Language
from schedule.own_calendars import OwnEvent, own_feed, own_file
from tests.support.calendars import ATTENDEE, ORGANIZER, english, lines, spanish, unfolded
from tests.support.constants import SITE_URL
from tests.support.schedules import all_day, cancelled, session

JOIN = "https://meet.example.net/j/1"
STAMP = datetime(2026, 11, 20, 8, 15, 30, tzinfo=UTC)
SEAT = OwnEvent(session(), Language.ENGLISH, has_seat=True, number=217, stamp=STAMP, join_url=JOIN)
WAITS = replace(SEAT, has_seat=False, join_url=None)
TRANSLATED = {Language.ENGLISH: english, Language.SPANISH: spanish}


def file(*events: OwnEvent) -> bytes:
    return own_file(events, Language.ENGLISH, SITE_URL, TRANSLATED.__getitem__)


def test_a_seat_is_the_event_of_the_invitation_without_the_people() -> None:
    invited = invitation(
        session(),
        Language.ENGLISH,
        SITE_URL,
        english,
        organizer=ORGANIZER,
        attendee=ATTENDEE,
        number=217,
        stamp=STAMP,
        join_url=JOIN,
    )
    left_out = ("METHOD", "ORGANIZER", "ATTENDEE", "LAST-MODIFIED", "DESCRIPTION")
    usual = [line for line in unfolded(invited) if not line.replace(";", ":").startswith(left_out)]

    assert sorted(usual) == sorted(
        line for line in unfolded(file(SEAT)) if not line.replace(";", ":").startswith(left_out)
    )
    assert lines(file(SEAT), "METHOD", "ORGANIZER", "ATTENDEE") == []
    assert lines(file(SEAT), "LOCATION", "SEQUENCE", "DTSTAMP") == [
        "DTSTAMP:20261120T081530Z",
        "SEQUENCE:217",
        f"LOCATION:{JOIN}",
    ]


def test_waiting_is_tentative_takes_no_time_and_says_so() -> None:
    assert lines(file(WAITS), "SUMMARY", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "LOCATION") == [
        "SUMMARY:Waiting list: MSIX overview",
        "LOCATION:Online",
        "STATUS:TENTATIVE",
        "TRANSP:TRANSPARENT",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
    ]
    [description] = lines(file(WAITS), "DESCRIPTION")
    assert "You are on the waiting list. We’ll email you if you get a seat." in description


def test_whole_days_take_ones_time_too() -> None:
    fair = replace(SEAT, session=session(period=all_day("2026-12-10", "2026-12-11")))

    assert lines(file(fair), "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS") == [
        "TRANSP:OPAQUE",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
    ]


@pytest.mark.parametrize("seat", [True, False])
def test_a_canceled_session_is_canceled_for_everybody(*, seat: bool) -> None:
    gone = replace(SEAT, session=cancelled(session()), has_seat=seat, join_url=None)

    assert lines(file(gone), "SUMMARY", "STATUS", "TRANSP") == [
        "SUMMARY:Canceled: MSIX overview",
        "STATUS:CANCELLED",
        "TRANSP:TRANSPARENT",
    ]


def test_what_was_said_last_is_when_it_was_modified() -> None:
    later = STAMP + timedelta(days=9)
    reworded = replace(session(), revision=replace(session().revision, time=later))

    assert lines(file(SEAT), "LAST-MODIFIED") == ["LAST-MODIFIED:20261120T081530Z"]
    assert lines(file(replace(SEAT, session=reworded)), "LAST-MODIFIED") == ["LAST-MODIFIED:20261129T081530Z"]
    assert lines(file(replace(SEAT, session=reworded)), "DTSTAMP") == ["DTSTAMP:20261120T081530Z"]


def test_a_feed_is_worded_event_by_event_and_asks_to_be_fetched_again() -> None:
    events = (SEAT, replace(SEAT, session=session(id="later"), language=Language.SPANISH))
    feed = own_feed(events, Language.ENGLISH, SITE_URL, TRANSLATED.__getitem__, f"{SITE_URL}/x/calendar.ics")

    assert lines(feed, "SUMMARY") == ["SUMMARY:MSIX overview", "SUMMARY:Panorama de MSIX"]
    assert lines(feed, "NAME", "SOURCE", "REFRESH-INTERVAL", "METHOD", "UID") == [
        "NAME:My MSIX trainings",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        f"SOURCE;VALUE=URI:{SITE_URL}/x/calendar.ics",
        "UID:2026-12-03-overview@msix-trainings",
        "UID:later@msix-trainings",
    ]


def test_with_nothing_to_add_it_is_a_calendar_with_a_time_zone_alone() -> None:
    assert b"BEGIN:VEVENT" not in file()
    assert b"BEGIN:VTIMEZONE" in file()
