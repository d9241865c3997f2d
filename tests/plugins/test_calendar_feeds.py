# SPDX-License-Identifier: AGPL-3.0-or-later
"""The calendars of a real build: which there are, what is in them, and how a change shows."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
import vobject

from plugins.calendar_feeds import filtered_feeds, kept
from plugins.calendar_rules import CalendarKind, lint
from schedule.addresses import Addresses
from schedule.model import Format, Language, Localized, Period, Schedule, Session
from schedule.walltime import midnight
from tests.support.built_site import BuiltSite, build
from tests.support.calendars import english
from tests.support.constants import PACIFIC, SITE_URL
from tests.support.content import copy_content
from tests.support.schedules import OVERVIEW, all_day, cancelled, session, timed

TRAININGS = (
    "virtual-cafe",
    "overview",
    "user-administrator",
    "data-administrator",
    "secondary-user",
    "parents-overview",
)
FEEDS = (
    "all",
    *(f"trainings/{slug}" for slug in TRAININGS),
    "trainers/uriel-ramirez-torres",
    "trainers/yecenia-ocampo",
    "languages/en",
    "languages/es",
    *(
        f"filtered/{training}/{language}/{form}"
        for training, language, form in product(
            ("any", *TRAININGS), ("any", "en", "es"), ("any", "online", "in-person")
        )
    ),
)


def instants(data: bytes) -> dict[str, datetime]:
    """Return the start of each event by its UID, as vobject reads it."""
    calendar = vobject.readOne(data.decode())
    return {event.uid.value: event.dtstart.value for event in calendar.contents.get("vevent", [])}


def test_every_feed_of_the_design_exists_in_both_languages(site: BuiltSite) -> None:
    found = {path for path in site.files if path.startswith(("calendar/", "es/calendar/"))}
    assert found == {f"{prefix}calendar/{name}.ics" for prefix in ("", "es/") for name in FEEDS}
    sessions = {path for path in site.files if path.endswith("session.ics")}
    pages = {url.lstrip("/") for url in site.pages if "schedule/" in url and not url.endswith("/schedule/")}
    assert sessions == {f"{page}session.ics" for page in pages}


def test_every_calendar_of_a_build_passes_the_byte_linter(site: BuiltSite) -> None:
    calendars = {path: data for path, data in site.files.items() if path.endswith(".ics")}
    messages = {
        path: lint(data, CalendarKind.FILE if path.endswith("session.ics") else CalendarKind.FEED)
        for path, data in calendars.items()
    }
    assert messages == {path: [] for path in calendars}


def test_a_session_has_one_uid_and_one_instant_in_every_calendar(site: BuiltSite) -> None:
    everything = instants(site.files["calendar/all.ics"])
    assert len(everything) == 26
    for path, data in site.files.items():
        if path.endswith(".ics"):
            some = instants(data)
            assert some == {uid: everything[uid] for uid in some}, path
    for prefix in ("", "es/"):
        for folder in ("trainings", "languages"):
            parts = [
                data for path, data in site.files.items() if path.startswith(f"{prefix}calendar/{folder}/")
            ]
            assert sorted(uid for data in parts for uid in instants(data)) == sorted(everything)


def test_each_page_offers_the_calendar_of_what_it_is_about(site: BuiltSite) -> None:
    for url, feed in {
        "/": "/calendar/all.ics",
        "/es/schedule/": "/es/calendar/all.ics",
        "/trainings/overview/": "/calendar/trainings/overview.ics",
        "/es/schedule/2026-12-03-overview/": "/es/schedule/2026-12-03-overview/session.ics",
    }.items():
        links = [link for link in site.pages[url].all("link") if link.get("type") == "text/calendar"]
        assert [(link["rel"], link["href"]) for link in links] == [("alternate", feed)], url


def ways(feed: str) -> set[str]:
    """Return the links that subscribe to a feed of the site, but for the names that they give it."""
    host = SITE_URL.removeprefix("https://")
    encoded = f"{host}{feed}".replace("/", "%2F")
    return {
        f"webcal://{host}{feed}",
        f"https://calendar.google.com/calendar/u/0/r?cid=webcal%3A%2F%2F{encoded}",
        f"https://outlook.office.com/calendar/0/addfromweb/?url=https%3A%2F%2F{encoded}",
        f"https://outlook.live.com/calendar/0/addfromweb/?url=https%3A%2F%2F{encoded}",
    }


@pytest.mark.parametrize(
    ("page", "feeds"),
    [
        ("/schedule/", ("all", "languages/en", "languages/es")),
        ("/parents/", ("languages/en", "languages/es")),
        ("/contacts/", ("trainers/uriel-ramirez-torres", "trainers/yecenia-ocampo")),
        ("/trainings/overview/", ("trainings/overview",)),
        ("/es/schedule/", ("all", "languages/en", "languages/es")),
        ("/es/parents/", ("languages/en", "languages/es")),
        ("/es/contacts/", ("trainers/uriel-ramirez-torres", "trainers/yecenia-ocampo")),
        ("/es/trainings/overview/", ("trainings/overview",)),
    ],
)
def test_each_page_offers_every_way_to_subscribe_to_its_feeds(
    site: BuiltSite, page: str, feeds: tuple[str, ...]
) -> None:
    prefix = "/es" if page.startswith("/es/") else ""
    addresses = [f"{prefix}/calendar/{feed}.ics" for feed in feeds]
    offered = [
        re.sub("&name=.*", "", link["href"])
        for link in site.pages[page].all("a")
        if re.match("webcal:|.*calendar/u/0/|.*addfromweb", link["href"])
    ]

    assert sorted(offered) == sorted(way for address in addresses for way in ways(address))
    # The address to copy, for every other program.
    codes = re.findall(r"<code data-copy[^>]*>(https:[^<]+)</code>", site.read(page))
    assert sorted(codes) == sorted(f"{SITE_URL}{address}" for address in addresses)


def test_outlook_is_told_the_name_of_a_feed(site: BuiltSite) -> None:
    links = [link["href"] for link in site.pages["/es/contacts/"].all("a")]

    assert [link.partition("&name=")[2] for link in links if "yecenia" in link and "outlook" in link] == [
        "Capacitaciones%20de%20MSIX%3A%20Yecenia%20Ocampo"
    ] * 2


def test_pages_for_parents_lead_to_the_calendars(site: BuiltSite) -> None:
    for url in ("/parents/questions/", "/parents/what-msix-holds/", "/es/parents/when-you-move/"):
        prefix = "/es" if url.startswith("/es/") else ""
        links = [link["href"] for link in site.pages[url].all("a")]
        assert f"{prefix}/parents/#subscribe" in links


def test_a_session_stays_in_the_feeds_for_a_year_and_its_file_for_good(tmp_path: Path) -> None:
    later = build(tmp_path, BUILD_DATE="2027-12-08")
    everything = instants(later.files["calendar/all.ics"])
    assert "2026-12-08-parents@msix-trainings" in everything
    assert "2026-12-03-overview@msix-trainings" not in everything
    assert "schedule/2026-12-03-overview/session.ics" in later.files


def on(day: date, *sessions: Session) -> list[str]:
    """Return the ids of the sessions that stand in the feeds of a build of this day."""
    schedule = Schedule((OVERVIEW,), (), sessions)
    return [one.id for one in kept(schedule, midnight(day, PACIFIC))]


@pytest.mark.parametrize(
    ("period", "last"),
    [
        (timed("2026-12-03 10:00", "2026-12-03 11:30"), date(2026, 12, 3)),
        (timed("2026-12-08 17:00", "2026-12-08 23:30"), date(2026, 12, 8)),
        (all_day("2026-12-10", "2026-12-11"), date(2026, 12, 11)),
    ],
    ids=["a morning", "an evening, whose end is the next day in UTC", "two whole days"],
)
def test_a_canceled_session_stays_in_the_feeds_until_its_day_is_over(period: Period, last: date) -> None:
    one, other = cancelled(session("off", period)), session("on", period)

    assert on(last, one, other) == ["off", "on"]
    assert on(last + timedelta(days=1), one, other) == ["on"]
    assert on(last + timedelta(days=365), one, other) == ["on"]
    assert on(last + timedelta(days=366), one, other) == []


def test_each_choice_of_the_filter_has_a_feed_of_just_its_sessions() -> None:
    cafe = replace(OVERVIEW, slug="cafe", title=Localized("Café"))
    online = session("a", language=Language.ENGLISH)
    there = session("b", language=Language.SPANISH, format=Format.IN_PERSON)
    other = session("c", language=Language.SPANISH, training=cafe)
    schedule = Schedule((OVERVIEW, cafe), (), (online, there, other))
    addresses = Addresses(SITE_URL, Language.SPANISH)

    made = {
        feed.url.removeprefix("/es/calendar/filtered/"): [one.id for one in feed.sessions]
        for feed in filtered_feeds(schedule, addresses, english, datetime(2026, 11, 30, tzinfo=UTC))
    }

    assert len(made) == 3 * 3 * 3
    assert {path: ids for path, ids in made.items() if ids} == {
        "any/any/any.ics": ["a", "b", "c"],
        "any/any/online.ics": ["a", "c"],
        "any/any/in-person.ics": ["b"],
        "any/en/any.ics": ["a"],
        "any/en/online.ics": ["a"],
        "any/es/any.ics": ["b", "c"],
        "any/es/online.ics": ["c"],
        "any/es/in-person.ics": ["b"],
        "overview/any/any.ics": ["a", "b"],
        "overview/any/online.ics": ["a"],
        "overview/any/in-person.ics": ["b"],
        "overview/en/any.ics": ["a"],
        "overview/en/online.ics": ["a"],
        "overview/es/any.ics": ["b"],
        "overview/es/in-person.ics": ["b"],
        "cafe/any/any.ics": ["c"],
        "cafe/any/online.ics": ["c"],
        "cafe/es/any.ics": ["c"],
        "cafe/es/online.ics": ["c"],
    }


def test_a_filtered_feed_is_named_after_its_choice(site: BuiltSite) -> None:
    for path, name in {
        "calendar/filtered/any/any/any": "MSIX Trainings",
        "calendar/filtered/overview/any/any": "MSIX Trainings: CA MSIX Overview",
        "calendar/filtered/overview/es/online": "MSIX Trainings: CA MSIX Overview · Spanish · Online",
        "es/calendar/filtered/any/es/in-person": "Capacitaciones de MSIX: español · Presencial",
    }.items():
        calendar = vobject.readOne(site.files[f"{path}.ics"].decode())
        assert calendar.x_wr_calname.value == name
        assert calendar.source.value == f"{SITE_URL}/{path}.ics"


def test_a_choice_of_one_thing_has_the_events_of_that_things_own_feed(site: BuiltSite) -> None:
    for filtered, own in {
        "any/any/any": "all",
        "overview/any/any": "trainings/overview",
        "any/es/any": "languages/es",
    }.items():
        for prefix in ("", "es/"):
            some = events(site.files[f"{prefix}calendar/filtered/{filtered}.ics"])
            assert some == events(site.files[f"{prefix}calendar/{own}.ics"])


def test_an_empty_feed_is_still_a_calendar(tmp_path: Path) -> None:
    later = build(tmp_path, BUILD_DATE="2030-01-01")
    assert instants(later.files["calendar/all.ics"]) == {}
    assert lint(later.files["calendar/all.ics"], CalendarKind.FEED) == []


def git(folder: Path, day: int, *arguments: str) -> None:
    """Run git in a folder, on a day of October 2026, with nobody's own settings."""
    date = f"2026-10-{day:02}T12:00:00Z"
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_DATE": date,
        "GIT_COMMITTER_DATE": date,
    }
    who = ("-c", "user.name=Writer", "-c", "user.email=writer@example.org")
    subprocess.run(
        ["git", "-C", str(folder), *who, *arguments], env=environment, check=True, capture_output=True
    )


def events(data: bytes) -> dict[str, bytes]:
    """Return the bytes of each event by its UID."""
    parts = data.split(b"BEGIN:VEVENT\r\n")[1:]
    return {part.split(b"UID:")[1].split(b"\r\n")[0].decode(): part for part in parts}


def stamp(event: bytes, name: bytes) -> bytes:
    """Return the value of a property of an event."""
    return event.split(b"\r\n" + name + b":")[1].split(b"\r\n")[0]


def test_a_committed_change_moves_one_event_and_leaves_all_others_as_they_are(tmp_path: Path) -> None:
    content = copy_content(tmp_path)
    git(tmp_path, 1, "init", "--quiet")
    git(tmp_path, 1, "add", "content")
    git(tmp_path, 1, "commit", "--quiet", "-m", "All")
    before = events(build(tmp_path / "one", PATH=str(content)).files["calendar/all.ics"])
    file = content / "sessions/2026-12-03-overview.md"
    file.write_text(file.read_text().replace("10:00", "11:00"))
    git(tmp_path, 2, "commit", "--quiet", "--all", "-m", "Move it")
    after = events(build(tmp_path / "two", PATH=str(content)).files["calendar/all.ics"])
    moved = "2026-12-03-overview@msix-trainings"
    assert {uid for uid in before if before[uid] != after[uid]} == {moved}
    assert before.keys() == after.keys()
    assert int(stamp(after[moved], b"SEQUENCE")) > int(stamp(before[moved], b"SEQUENCE"))
    for name in (b"DTSTAMP", b"LAST-MODIFIED"):
        assert (stamp(before[moved], name), stamp(after[moved], name)) == (
            b"20261001T120000Z",
            b"20261002T120000Z",
        )
