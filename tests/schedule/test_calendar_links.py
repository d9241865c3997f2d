# SPDX-License-Identifier: AGPL-3.0-or-later
"""The links that add one session to Google's and Microsoft's calendars, taken apart as a browser would."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest

from schedule.calendar_links import CalendarLinks, calendar_links
from schedule.model import Format, Language, Localized, Period, Session
from tests.support.built_site import BuiltSite, build
from tests.support.calendars import english, spanish
from tests.support.constants import PACIFIC, SITE_URL
from tests.support.schedules import ANA, all_day, cancelled, session, timed, titled

COMPOSE = {"path": "/calendar/action/compose", "rru": "addevent"}


def links(one: Session) -> CalendarLinks:
    """Return the links of a session that takes place."""
    found = calendar_links(one, Language.ENGLISH, SITE_URL, english)
    assert found is not None
    return found


def asked(link: str) -> tuple[str, dict[str, str]]:
    """Return a link's address and the values of its query."""
    parts = urlsplit(link)
    return f"{parts.scheme}://{parts.netloc}{parts.path}", dict(parse_qsl(parts.query, strict_parsing=True))


def test_google_gets_the_session_with_its_times_in_utc() -> None:
    assert asked(links(session()).google) == (
        "https://calendar.google.com/calendar/render",
        {
            "action": "TEMPLATE",
            "text": "MSIX overview",
            "dates": "20261203T180000Z/20261203T193000Z",
            "details": (
                "Trainer: Yecenia Ocampo, (530) 666-1977, extension 8\n"
                "Trainer: Uriel Ramírez Torres, (530) 555-0100\n"
                "Language: Spanish\n"
                "Where: Online\n"
                "Session page: https://trainings.example.org/schedule/2026-12-03-overview/"
            ),
            "location": "Online",
        },
    )


def test_outlook_gets_the_same_at_work_and_at_home() -> None:
    found = links(session())
    work, personal = asked(found.outlook_work), asked(found.outlook_personal)

    assert work == (
        "https://outlook.office.com/calendar/deeplink/compose",
        {
            **COMPOSE,
            "subject": "MSIX overview",
            "startdt": "2026-12-03T18:00:00Z",
            "enddt": "2026-12-03T19:30:00Z",
            "body": (
                "Trainer: Yecenia Ocampo, (530) 666-1977, extension 8<br>"
                "Trainer: Uriel Ramírez Torres, (530) 555-0100<br>"
                "Language: Spanish<br>"
                "Where: Online<br>"
                "Session page: https://trainings.example.org/schedule/2026-12-03-overview/"
            ),
            "location": "Online",
        },
    )
    assert personal == ("https://outlook.live.com/calendar/deeplink/compose", work[1])


def test_a_link_in_spanish_is_worded_in_spanish_and_leads_to_the_spanish_page() -> None:
    found = calendar_links(session(), Language.SPANISH, SITE_URL, spanish)
    assert found is not None
    _, values = asked(found.google)

    assert (values["text"], values["location"]) == ("Panorama de MSIX", "En línea")
    assert values["details"].endswith(
        "Página de la sesión: https://trainings.example.org/es/schedule/2026-12-03-overview/"
    )


@pytest.mark.parametrize(
    ("period", "google", "outlook"),
    [
        (
            all_day("2026-12-10", "2026-12-10"),
            "20261210/20261211",
            {"startdt": "2026-12-10", "enddt": "2026-12-11", "allday": "true"},
        ),
        (
            all_day("2026-12-10", "2026-12-11"),
            "20261210/20261212",
            {"startdt": "2026-12-10", "enddt": "2026-12-12", "allday": "true"},
        ),
        (
            timed("2026-12-09 10:00", "2026-12-11 15:00"),
            "20261209T180000Z/20261211T230000Z",
            {"startdt": "2026-12-09T18:00:00Z", "enddt": "2026-12-11T23:00:00Z"},
        ),
        (
            timed("2026-12-08 15:00", "2026-12-08 17:30"),
            "20261208T230000Z/20261209T013000Z",
            {"startdt": "2026-12-08T23:00:00Z", "enddt": "2026-12-09T01:30:00Z"},
        ),
        (
            timed("2026-11-01 00:30", "2026-11-01 03:00"),
            "20261101T073000Z/20261101T110000Z",
            {"startdt": "2026-11-01T07:30:00Z", "enddt": "2026-11-01T11:00:00Z"},
        ),
        (
            Period(datetime(2026, 11, 1, 9, 30, tzinfo=UTC), datetime(2026, 11, 1, 11, tzinfo=UTC), PACIFIC),
            "20261101T093000Z/20261101T110000Z",
            {"startdt": "2026-11-01T09:30:00Z", "enddt": "2026-11-01T11:00:00Z"},
        ),
    ],
    ids=[
        "a whole day",
        "two whole days",
        "three days",
        "over midnight in UTC",
        "fall back",
        "the hour that comes twice",
    ],
)
def test_a_link_means_the_very_days_and_instants(
    period: Period, google: str, outlook: dict[str, str]
) -> None:
    found = links(session(period=period))
    times = ("startdt", "enddt", "allday")

    assert asked(found.google)[1]["dates"] == google
    _, values = asked(found.outlook_work)
    assert {name: values[name] for name in times if name in values} == outlook


def test_signs_of_a_text_stay_in_their_place() -> None:
    title = 'Q&A: 50 % "more" #1 + <b>ñ</b> = 1/2?'
    one = replace(
        titled(title),
        trainers=(replace(ANA, name=Localized("Ana <Ann> & Co")),),
        format=Format.IN_PERSON,
        location=Localized("Room 2 & 3; 1st floor"),
    )
    found = links(one)
    _, google = asked(found.google)
    _, outlook = asked(found.outlook_work)

    assert (google["text"], outlook["subject"]) == (title, title)
    assert (google["location"], outlook["location"]) == ("Room 2 & 3; 1st floor",) * 2
    # Both take the text of an event for HTML.
    assert google["details"].startswith("Trainer: Ana &lt;Ann&gt; &amp; Co, (530) 666-1977\n")
    assert outlook["body"].startswith("Trainer: Ana &lt;Ann&gt; &amp; Co, (530) 666-1977<br>")
    for link in (found.google, found.outlook_work, found.outlook_personal):
        assert not {" ", "+", '"', "<", ">"} & set(link)


def test_a_session_without_a_place_yet_names_none() -> None:
    one = session(format=Format.IN_PERSON, location=None)

    assert "location" not in asked(links(one).google)[1]
    assert "location" not in asked(links(one).outlook_work)[1]


def test_nobody_is_offered_a_canceled_session() -> None:
    assert calendar_links(cancelled(session()), Language.ENGLISH, SITE_URL, english) is None


def offered(site: BuiltSite, url: str) -> list[tuple[str, str | None]]:
    """Return what a session's page offers to add it with: the links' hosts or files, and the name to save."""
    return [
        (urlsplit(link["href"]).netloc or link["href"], link.get("download"))
        for link in site.pages[url].all("a")
        if link["href"].endswith("session.ics")
        or urlsplit(link["href"]).netloc.startswith(("calendar.google", "outlook."))
    ]


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_the_page_of_a_session_offers_the_file_under_its_name_google_and_outlook(
    site: BuiltSite, prefix: str
) -> None:
    page = f"{prefix}/schedule/2026-12-10-secondary-user/"

    assert offered(site, page) == [
        (f"{page}session.ics", "2026-12-10-secondary-user.ics"),
        ("calendar.google.com", None),
        ("outlook.office.com", None),
        ("outlook.live.com", None),
    ]


def test_a_canceled_or_past_session_is_offered_to_no_calendar(site: BuiltSite, tmp_path) -> None:
    assert offered(site, "/schedule/2027-02-09-user-administrator/") == []
    assert offered(build(tmp_path, BUILD_DATE="2026-12-04"), "/schedule/2026-12-03-overview/") == []
