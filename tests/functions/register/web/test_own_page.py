# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one's own page shows besides the registration: the link to join, calendars, materials, the address's others."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from register.domain import snapshot
from register.domain.model import Registration
from schedule.materials import Material
from schedule.model import Localized, Status
from tests.support.constants import HOUR, MINUTE, NOON
from tests.support.visitors import (
    IN_PERSON,
    IN_SPANISH,
    STAFF,
    Visitor,
    World,
    feed_path,
    manage_path,
    mine_path,
    signed_up,
)

JOIN = "https://meet.example.org/secret-room"
MATERIALS = Localized(
    (Material("Slides", "https://example.org/slides.pdf"),),
    (Material("Diapositivas", "https://example.org/diapositivas.pdf"),),
)


def with_materials(world: World, session_id: str) -> None:
    """Publish materials of a session, and of its training in English alone."""
    session = next(one for one in world.contract.schedule.sessions if one.id == session_id)
    training = replace(
        session.training, materials=Localized((Material("Guide", "https://example.org/guide"),))
    )
    told = replace(session, materials=MATERIALS, training=training)
    schedule = replace(world.contract.schedule, sessions=(told,))
    world.change(
        session_id, snapshot_json=snapshot.write(replace(world.contract, schedule=schedule), told.id)
    )


def over(world: World, session_id: str = STAFF) -> None:
    world.change(session_id, starts=NOON - HOUR, ends=NOON, closes=NOON - HOUR)


def links(html: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'<a\b[^>]*? href="([^"]*)"', html)]


def main(visitor: Visitor, registration: Registration) -> str:
    """Return what stands in the main part of one's own page, in English."""
    html = visitor.get(f"{manage_path(registration)}?lang=en").text
    return html[html.index("<main") : html.index("</main>")]


@pytest.mark.parametrize("before", [timedelta(days=2), MINUTE, timedelta(0)])
def test_the_link_to_join_comes_first_for_people_with_a_seat(
    world: World, visitor: Visitor, before: timedelta
) -> None:
    registration = signed_up(world, visitor)
    world.clock.now = world.store.session(STAFF).terms.starts - before
    page = main(visitor, registration)

    assert links(page)[0] == JOIN
    assert f'href="{JOIN}" rel="noreferrer">Join the session</a>' in page
    assert "You have a seat." in page


def test_the_link_to_join_is_there_for_nobody_else(world: World, visitor: Visitor) -> None:
    seat = signed_up(world, visitor)
    world.fill(STAFF, 1)
    waits = signed_up(world, visitor, "bea@example.org")
    assert JOIN not in main(visitor, waits)
    assert JOIN not in visitor.get(f"{manage_path(waits)}/calendar.ics").text

    visitor.post(f"{manage_path(waits)}/cancel")
    assert JOIN not in main(visitor, waits)
    world.change(STAFF, status=Status.CANCELLED)
    assert JOIN not in main(visitor, seat)
    world.change(STAFF, status=Status.SCHEDULED)
    over(world)
    assert JOIN not in main(visitor, seat)


def test_a_link_that_is_not_known_yet_is_promised(world: World, visitor: Visitor) -> None:
    registration = signed_up(world, visitor)
    world.change(STAFF, join_url=None)
    page = main(visitor, registration)

    assert "You have a seat. We’ll send you the link to join before the session." in page
    assert "Join the session" not in page


def test_the_page_tells_when_where_with_whom_and_for_whom_it_is(world: World, visitor: Visitor) -> None:
    page = main(visitor, signed_up(world, visitor))

    for said in ("<b>Ana Núñez</b>", "ana@example.org", "Thursday, December 3, 2026", "(530) 666-1977"):
        assert said in page
    assert "we’ll email you the link" not in page


def test_the_date_can_be_added_to_any_calendar_and_no_link_of_others_holds_the_private_one(
    world: World, visitor: Visitor
) -> None:
    registration = signed_up(world, visitor)
    found = links(main(visitor, registration))

    assert f"{manage_path(registration)}/calendar.ics" in found
    for maker in ("calendar.google.com/calendar/render", "outlook.office.com", "outlook.live.com"):
        assert [link for link in found if maker in link], maker
    assert [link for link in found if "secret-room" in link] == [JOIN]


def test_the_event_holds_the_link_to_join_and_has_no_method(world: World, visitor: Visitor) -> None:
    registration = signed_up(world, visitor)
    response = visitor.get(f"{manage_path(registration)}/calendar.ics")
    [sent] = world.store.messages_of("ana@example.org")

    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{STAFF}.ics"'
    assert f"SEQUENCE:{sent.message.number}\r\n" in response.text
    assert f"LOCATION:{JOIN}\r\n" in response.text
    assert "METHOD" not in response.text
    assert "SUMMARY:Panorama general de CA MSIX\r\n" in response.text


def test_what_is_canceled_is_no_event_any_more(world: World, visitor: Visitor) -> None:
    registration = signed_up(world, visitor)
    visitor.post(f"{manage_path(registration)}/cancel")

    assert "BEGIN:VEVENT" not in visitor.get(f"{manage_path(registration)}/calendar.ics").text
    assert f"{manage_path(registration)}/calendar.ics" not in main(visitor, registration)


def test_the_page_leads_to_all_registrations_of_the_address_and_to_their_feed(
    world: World, visitor: Visitor
) -> None:
    registration = signed_up(world, visitor)
    page = main(visitor, registration)
    assert f"{mine_path('ana@example.org')}?lang=en" in links(page)
    assert f"webcal://trainings.example.org{feed_path('ana@example.org')}" in links(page)
    assert "more registration" not in page

    visitor.sign_up(name="Beto Núñez")
    assert "There is one more registration with your email address." in main(visitor, registration)
    visitor.sign_up(IN_SPANISH, organization="")
    visitor.sign_up(email="bea@example.org")
    assert "There are 2 more registrations with your email address." in main(visitor, registration)


def test_what_is_over_or_canceled_is_not_counted(world: World, visitor: Visitor) -> None:
    registration = signed_up(world, visitor)
    visitor.sign_up(name="Beto Núñez")
    [beto] = [one for one in world.store.registrations.values() if one.person.name == "Beto Núñez"]
    visitor.sign_up(IN_PERSON)
    world.change(IN_PERSON, ends=NOON)
    visitor.post(f"{manage_path(beto)}/cancel")

    assert "more registration" not in main(visitor, registration)


def test_after_the_session_people_who_had_a_seat_are_thanked_and_find_its_materials(
    world: World, visitor: Visitor
) -> None:
    registration = signed_up(world, visitor)
    with_materials(world, STAFF)
    assert "slides.pdf" not in main(visitor, registration)
    over(world)

    english = main(visitor, registration)
    assert "Thank you for coming." in english
    assert "choose another date" not in english
    assert [link for link in links(english) if "example.org/" in link][:2] == [
        "https://example.org/slides.pdf",
        "https://example.org/guide",
    ]
    spanish = visitor.get(manage_path(registration)).text
    assert ">Diapositivas</a>" in spanish
    assert ">Slides</a>" not in spanish


def test_people_who_waited_are_not_thanked_for_coming(world: World, visitor: Visitor) -> None:
    world.fill(STAFF)
    registration = signed_up(world, visitor)
    with_materials(world, STAFF)
    over(world)
    page = main(visitor, registration)

    assert "<h2>This date has passed.</h2>" in page
    assert "Thank you" not in page
    assert "slides.pdf" not in page
