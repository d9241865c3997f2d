# SPDX-License-Identifier: AGPL-3.0-or-later
"""All registrations of one email address, and the private feed of them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from plugins.calendar_rules import CalendarKind, lint
from register.domain.identity import hash_of
from register.domain.model import ChangedBy, State
from register.web.tokens import Tokens
from schedule.model import Status
from tests.support.calendars import strictly_read
from tests.support.constants import HOUR, NOON
from tests.support.visitors import (
    IN_PERSON,
    SECRETS,
    STAFF,
    Visitor,
    World,
    feed_path,
    heading,
    manage_path,
    mine_path,
    signed_up,
)

ANA = "ana@example.org"
MINE, FEED = mine_path(ANA), feed_path(ANA)


def rows(html: str) -> list[tuple[str, str, str]]:
    """Return the own page, the state and the name of each registration."""
    return re.findall(
        r'<h3[^>]*><a href="([^"?]*)\?lang=en">.*?class="tag[^"]*">([^<]*)<.*?<b>([^<]*)</b>', html, re.DOTALL
    )


def events(feed: str) -> list[tuple[str, str, str]]:
    """Return id, title and state of each event, as a strict reader takes them."""
    return [
        (str(one.uid).removesuffix("@msix-trainings"), str(one.summary), str(one.status and one.status.value))
        for one in strictly_read(feed.encode()).events
    ]


def test_a_session_that_cannot_be_read_hides_no_other_and_leaves_calendars_as_they_are(
    world: World, visitor: Visitor
) -> None:
    ana = signed_up(world, visitor)
    visitor.sign_up(IN_PERSON)
    world.change(IN_PERSON, snapshot_json="{}")

    assert rows(visitor.get(f"{MINE}?lang=en").text) == [(manage_path(ana), "Signed up", "Ana Núñez")]
    assert visitor.get(manage_path(ana)).status_code == 200
    assert visitor.get(FEED).status_code == 500
    world.change(STAFF, snapshot_json="{}")
    assert visitor.get(MINE).status_code == 500


def test_a_date_that_was_moved_from_is_not_called_canceled(world: World, visitor: Visitor) -> None:
    ana = signed_up(world, visitor)
    key = STAFF, ana.registration_id
    moved = replace(world.store.registrations[key], state=State.CANCELLED, moved_to=IN_PERSON)
    world.store.registrations[key] = moved

    assert rows(visitor.get(f"{MINE}?lang=en").text) == [
        (manage_path(ana), "Moved to another date", "Ana Núñez")
    ]
    assert '<span class="tag">Cambió de fecha</span>' in visitor.get(f"{MINE}?lang=es").text


def test_the_page_lists_everything_of_the_address_and_nothing_of_another(
    world: World, visitor: Visitor
) -> None:
    ana = signed_up(world, visitor)
    visitor.sign_up(name="Beto Núñez")
    visitor.sign_up(email="bea@example.org", name="Bea Other")
    world.fill(IN_PERSON)
    visitor.sign_up(IN_PERSON)
    beto, waiting = (
        next(one for one in world.store.registrations.values() if wanted(one))
        for wanted in (
            lambda one: one.person.name == "Beto Núñez",
            lambda one: one.session_id == IN_PERSON,
        )
    )
    page = visitor.get(f"{MINE}?lang=en")

    assert (page.status_code, heading(page)) == (200, "My registrations")
    assert rows(page.text) == [
        (manage_path(ana), "Signed up", "Ana Núñez"),
        (manage_path(beto), "Signed up", "Beto Núñez"),
        (manage_path(waiting), "Waiting list", "Ana Núñez"),
    ]
    assert "ana@example.org" in page.text
    assert "Bea" not in page.text
    visitor.post(f"{manage_path(beto)}/cancel")
    assert (manage_path(beto), "Canceled", "Beto Núñez") in rows(visitor.get(f"{MINE}?lang=en").text)


def test_past_dates_stand_below_those_to_come_and_their_links_work(world: World, visitor: Visitor) -> None:
    past = signed_up(world, visitor)
    visitor.sign_up(IN_PERSON)
    world.change(STAFF, starts=NOON - HOUR, ends=NOON, closes=NOON - HOUR)
    page = visitor.get(f"{MINE}?lang=en").text

    assert page.index("Coming up") < page.index("Secondary User") < page.index("Past dates")
    assert page.index("Past dates") < page.index(manage_path(past))
    assert visitor.get(manage_path(past)).status_code == 200


def test_the_page_is_in_the_language_of_the_newest_emails_and_never_cached(
    world: World, visitor: Visitor
) -> None:
    signed_up(world, visitor)
    page = visitor.get(MINE)

    assert heading(page) == "Mis inscripciones"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"


def test_who_signed_up_again_is_listed_once(world: World, visitor: Visitor) -> None:
    visitor.post(f"{manage_path(signed_up(world, visitor))}/cancel")
    again = signed_up(world, visitor)

    assert [path for path, *_ in rows(visitor.get(f"{MINE}?lang=en").text)] == [manage_path(again)]


@pytest.mark.parametrize("path", ["/register/mine/{}", "/register/mine/{}/calendar.ics"])
def test_tokens_that_are_forged_foreign_or_for_something_else_open_nothing(
    world: World, visitor: Visitor, path: str
) -> None:
    registration = signed_up(world, visitor)
    tokens, foreign = Tokens(SECRETS), Tokens(("somebody else's secret",))
    manage = manage_path(registration).rpartition("/")[2]
    mine, feed = tokens.mine(hash_of(ANA)), tokens.feed(hash_of(ANA))
    own, other = (feed, mine) if path.endswith(".ics") else (mine, feed)
    forged = own[:-4] + ("AAAA" if not own.endswith("AAAA") else "BBBB")

    assert visitor.get(path.format(own)).status_code == 200
    for token in (forged, other, manage, "x", foreign.mine(hash_of(ANA)), foreign.feed(hash_of(ANA))):
        response = visitor.get(path.format(token))
        assert (response.status_code, heading(response)) == (404, "This link doesn’t work"), token
    for token in (mine, feed):
        for below in ("", "/calendar.ics", "/cancel"):
            assert visitor.get(f"/register/manage/{token}{below}").status_code == 404


def test_links_work_as_long_as_their_key_is_known(world: World, visitor: Visitor) -> None:
    signed_up(world, visitor)
    later = world.visitor(tokens=Tokens(("brand new", SECRETS[0])))
    much_later = world.visitor(tokens=Tokens(("newer still", "brand new")))

    for path in (MINE, FEED):
        assert later.get(path).status_code == 200
        assert much_later.get(path).status_code == 404


def test_of_an_address_that_was_erased_nothing_is_left(world: World, visitor: Visitor) -> None:
    registration = signed_up(world, visitor)
    world.store.cancel(STAFF, registration.registration_id, now=NOON, by=ChangedBy.ERASURE)
    world.store.erase(ANA, now=NOON)

    assert visitor.get(MINE).status_code == 410
    assert visitor.get(mine_path("nobody@example.org")).status_code == 410
    emptied = visitor.get(FEED)
    assert (emptied.status_code, events(emptied.text)) == (200, [])
    assert visitor.get(feed_path("nobody@example.org")).status_code == 200


def test_the_feed_is_what_programs_subscribe_to(world: World, visitor: Visitor) -> None:
    signed_up(world, visitor)
    response = visitor.get(FEED)

    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert "Access-Control-Allow-Origin" not in response.headers
    assert lint(response.data, CalendarKind.FEED) == []
    text = response.text.replace("\r\n ", "")
    assert f"SOURCE;VALUE=URI:https://trainings.example.org{FEED}\r\n" in text
    assert "NAME:Mis capacitaciones de MSIX\r\n" in text
    for secret in ("Ana", ANA, "/register/manage/", MINE):
        assert secret not in text


def test_a_program_that_has_the_feed_is_told_so(world: World, visitor: Visitor) -> None:
    registration = signed_up(world, visitor)
    tag = visitor.get(FEED).headers["ETag"]

    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        response = visitor.get(FEED, headers={"If-None-Match": known})
        assert (response.status_code, response.data) == (304, b""), known
        assert (response.headers["ETag"], response.headers["Cache-Control"]) == (tag, "private, no-cache")
    visitor.post(f"{manage_path(registration)}/cancel")
    assert visitor.get(FEED, headers={"If-None-Match": tag}).status_code == 200


def test_the_feed_shows_seats_with_the_link_to_join_and_waiting_without(
    world: World, visitor: Visitor
) -> None:
    signed_up(world, visitor)
    world.fill(IN_PERSON)
    visitor.sign_up(IN_PERSON, language="en")
    text = visitor.get(FEED).text

    assert events(text) == [
        (STAFF, "Panorama general de CA MSIX", "CONFIRMED"),
        (IN_PERSON, "Waiting list: Secondary User", "TENTATIVE"),
    ]
    seat, waiting = text.split("BEGIN:VEVENT")[1:]
    assert "secret-room" in seat
    assert "TRANSP:OPAQUE" in seat
    assert "secret-room" not in waiting
    assert "TRANSP:TRANSPARENT" in waiting


def test_a_family_has_one_event_a_session_as_in_its_emails(world: World, visitor: Visitor) -> None:
    world.fill(STAFF, 1)
    ana = signed_up(world, visitor)
    visitor.sign_up(name="Beto Núñez")
    assert events(visitor.get(FEED).text) == [(STAFF, "Panorama general de CA MSIX", "CONFIRMED")]

    visitor.post(f"{manage_path(ana)}/cancel")  # Beto gets the seat
    assert events(visitor.get(FEED).text) == [(STAFF, "Panorama general de CA MSIX", "CONFIRMED")]


def test_a_canceled_session_says_so_until_its_day_is_over_and_past_seats_stay(
    world: World, visitor: Visitor
) -> None:
    signed_up(world, visitor)
    visitor.sign_up(IN_PERSON)
    occupancy = world.store.session(IN_PERSON)
    off = occupancy.terms.snapshot_json.replace('"status":"scheduled"', '"status":"cancelled"')
    world.change(IN_PERSON, status=Status.CANCELLED, snapshot_json=off)
    both = [
        (STAFF, "Panorama general de CA MSIX", "CONFIRMED"),
        (IN_PERSON, "Cancelada: Usuario secundario", "CANCELLED"),
    ]
    world.clock.now = datetime(2026, 12, 11, 7, 59, tzinfo=UTC)
    feed = visitor.get(FEED).text
    assert [(one[0], one[2]) for one in events(feed)] == [(one[0], one[2]) for one in both]
    assert feed.count("secret-room") == feed.split("BEGIN:VEVENT")[1].count("secret-room") > 0

    world.clock.now = datetime(2026, 12, 11, 8, 0, tzinfo=UTC)
    assert events(visitor.get(FEED).text) == both[:1]


def test_the_numbers_of_the_feed_are_those_of_the_newest_emails(world: World, visitor: Visitor) -> None:
    registration = signed_up(world, visitor)
    for _ in range(3):
        world.clock.now -= HOUR * 2  # however the clock is set
        world.store.resend(STAFF, registration.registration_id, now=world.clock.now)
        [*_, newest] = world.store.messages_of(ANA)
        for path in (FEED, f"{manage_path(registration)}/calendar.ics"):
            assert f"SEQUENCE:{newest.message.number}\r\n" in visitor.get(path).text


def test_a_corrected_address_leaves_the_old_feed_and_enters_the_new_one(
    world: World, visitor: Visitor
) -> None:
    registration = signed_up(world, visitor)
    new = replace(registration.person, email="ana@new.example.org")
    world.store.amend(STAFF, registration.registration_id, new, now=NOON, by=ChangedBy.STAFF)

    assert events(visitor.get(FEED).text) == []
    assert visitor.get(MINE).status_code == 410
    assert [one[0] for one in events(visitor.get(feed_path("ana@new.example.org")).text)] == [STAFF]
