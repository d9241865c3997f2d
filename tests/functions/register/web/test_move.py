# SPDX-License-Identifier: AGPL-3.0-or-later
"""Moving to another date of the same training, by the link in the email."""

from __future__ import annotations

import re
from typing import Any

import pytest

from register.domain.model import Kind, Registration, State
from register.domain.rate_limits import Limits, Rate
from register.stores.errors import StoreUnavailable
from schedule.model import Status
from tests.support.constants import HOUR, NOON
from tests.support.visitors import (
    IN_PERSON,
    STAFF,
    Visitor,
    World,
    broken,
    heading,
    manage_path,
    mine_path,
    signed_up,
)

ANA = "ana@example.org"


@pytest.fixture
def other(world: World) -> str:
    """The next date of the same training."""
    slug = next(one for one in world.contract.schedule.sessions if one.id == STAFF).training.slug
    return next(
        one.id for one in world.contract.schedule.sessions if one.training.slug == slug and one.id > STAFF
    )


def move(visitor: Visitor, registration: Registration, to: str) -> Any:
    return visitor.post(f"{manage_path(registration)}/move", {"page_language": "en", "session": to})


def offered(visitor: Visitor, registration: Registration) -> list[tuple[str, bool]]:
    """Return the dates that the page offers, and whether each has a seat."""
    html = visitor.get(f"{manage_path(registration)}?lang=en").text
    buttons = re.findall(r'name="session" value="([^"]*)">(.*?)</button>', html, re.DOTALL)
    return [(session_id, "Full: wait there too" not in words) for session_id, words in buttons]


def states(world: World, name: str = "Ana Núñez") -> dict[str, State]:
    return {
        session_id: one.state
        for (session_id, _), one in world.store.registrations.items()
        if one.person.name == name
    }


def kinds(world: World, email: str = ANA) -> list[tuple[str, Kind]]:
    return [(one.message.session_id, one.message.kind) for one in world.store.messages_of(email)]


def test_dates_of_the_same_training_are_offered_full_ones_to_wait_there_too(
    world: World, visitor: Visitor, other: str
) -> None:
    registration = signed_up(world, visitor)
    slug = next(one for one in world.contract.schedule.sessions if one.id == STAFF).training.slug
    dates = [
        one.id
        for one in world.contract.schedule.sessions
        if one.training.slug == slug and one.id != STAFF and not one.cancelled and one.period.start > NOON
    ]
    assert offered(visitor, registration) == [(date, True) for date in dates]

    world.fill(other)
    assert offered(visitor, registration) == [(date, date != other) for date in dates]
    world.change(other, status=Status.CANCELLED)
    assert other not in dict(offered(visitor, registration))


def test_a_move_takes_three_clicks_and_nothing_typed(world: World, visitor: Visitor, other: str) -> None:
    """The link in the email, the heading that opens the dates, the button of a date."""
    registration = signed_up(world, visitor)
    html = visitor.get(manage_path(registration)).text
    form = html[html.index(f'action="{manage_path(registration)}/move"') :].partition("</form>")[0]

    assert f'<button class="btn alt date" name="session" value="{other}">' in form
    assert re.findall(r"<(?:input|select|textarea)[^>]*>", form) == [
        '<input type="hidden" name="page_language" value="es">'
    ]


def test_who_moves_has_a_seat_there_and_none_here(world: World, visitor: Visitor, other: str) -> None:
    registration = signed_up(world, visitor)
    response = move(visitor, registration, other)
    there = next(one for one in world.store.registrations.values() if one.session_id == other)

    assert states(world) == {STAFF: State.CANCELLED, other: State.CONFIRMED}
    assert kinds(world) == [
        (STAFF, Kind.CONFIRMATION),
        (STAFF, Kind.CANCELLATION),
        (other, Kind.CONFIRMATION),
    ]
    assert response.headers["Location"] == f"{manage_path(there)}?lang=en&news=moved"
    page = visitor.follow(response).text
    assert "You moved to this date. We’ve emailed you the details." in page
    assert "You have a seat." in page
    assert len(world.woken) == 2


def test_the_old_link_says_where_to_and_has_no_power_there(
    world: World, visitor: Visitor, other: str
) -> None:
    registration = signed_up(world, visitor)
    visitor.sign_up(name="Beto Núñez")
    move(visitor, registration, other)
    there = next(one for one in world.store.registrations.values() if one.session_id == other)
    page = visitor.get(f"{manage_path(registration)}?lang=en").text

    assert f'You moved to another date: <a href="/schedule/{other}/">' in page
    main = page[page.index("<main") : page.index("</main>")]
    for power in (manage_path(there), mine_path(ANA), "/register/mine/", "<form", "secret-room"):
        assert power not in main
    before = world.snapshot()
    assert visitor.post(f"{manage_path(registration)}/cancel").status_code == 303
    for path, to in (("move", STAFF), ("move", other), ("correct", "")):
        sent = visitor.post(f"{manage_path(registration)}/{path}", {"session": to, "name": "Somebody"})
        assert sent.status_code in {409, 422}
        assert manage_path(there) not in f"{sent.headers}{sent.text}"
    assert world.snapshot()[:2] == before[:2]
    assert visitor.get(manage_path(there)).status_code == 200


def test_who_moves_to_a_full_date_waits_there_and_keeps_the_seat_here(
    world: World, visitor: Visitor, other: str
) -> None:
    registration = signed_up(world, visitor)
    world.fill(other)
    page = visitor.follow(move(visitor, registration, other)).text

    assert states(world) == {STAFF: State.CONFIRMED, other: State.WAITLISTED}
    assert "You wait for this date now, and keep your other one." in page
    assert "Your place in line is number <strong>1</strong>" in page


def test_once_the_seat_comes_the_page_offers_to_give_up_the_other(
    world: World, visitor: Visitor, other: str
) -> None:
    world.fill(other)
    registration = signed_up(world, visitor)
    move(visitor, registration, other)
    there = next(one for one in world.store.registrations.values() if one.session_id == other)
    assert "You kept another date" not in visitor.get(f"{manage_path(there)}?lang=en").text
    world.fill(other, 1)
    world.store.promote_one(other, now=NOON)

    page = visitor.get(f"{manage_path(there)}?lang=en").text
    assert "You kept another date of this training while you waited." in page
    assert mine_path(ANA) in page

    visitor.post(f"{manage_path(registration)}/cancel")
    assert "You kept another date" not in visitor.get(f"{manage_path(there)}?lang=en").text


def test_whoever_moves_there_after_all_is_not_asked_to_give_up_what_is_gone(
    world: World, visitor: Visitor, other: str
) -> None:
    registration = signed_up(world, visitor)
    world.fill(other)
    move(visitor, registration, other)
    world.fill(other, 1)
    page = visitor.follow(move(visitor, registration, other)).text

    assert states(world) == {STAFF: State.CANCELLED, other: State.CONFIRMED}
    assert "You kept another date" not in page


def test_who_has_a_seat_there_already_is_told_so_and_keeps_both(
    world: World, visitor: Visitor, other: str
) -> None:
    registration = signed_up(world, visitor)
    visitor.sign_up(other)
    outbox = dict(world.store.outbox)
    response = move(visitor, registration, other)

    assert response.headers["Location"] == f"{manage_path(registration)}?lang=en&news=there-already"
    assert "You are signed up for that date already: nothing has changed." in visitor.follow(response).text
    assert states(world) == {STAFF: State.CONFIRMED, other: State.CONFIRMED}
    assert world.store.outbox == outbox


def test_who_waits_there_already_is_told_so(world: World, visitor: Visitor, other: str) -> None:
    registration = signed_up(world, visitor)
    world.fill(other)
    visitor.sign_up(other)
    response = move(visitor, registration, other)

    assert "You are on the waiting list for that date already" in visitor.follow(response).text
    assert states(world) == {STAFF: State.CONFIRMED, other: State.WAITLISTED}


def test_somebody_who_waits_here_moves_into_a_free_seat_there(
    world: World, visitor: Visitor, other: str
) -> None:
    world.fill(STAFF)
    registration = signed_up(world, visitor)
    page = visitor.get(f"{manage_path(registration)}?lang=en").text
    assert "<details open>\n<summary>Move to another date</summary>" in page
    move(visitor, registration, other)

    assert states(world) == {STAFF: State.CANCELLED, other: State.CONFIRMED}


@pytest.mark.parametrize("to", ["", "unknown", IN_PERSON])
def test_what_is_no_other_date_of_the_training_is_no_page(world: World, visitor: Visitor, to: str) -> None:
    registration = signed_up(world, visitor)
    before = dict(world.store.registrations)
    response = move(visitor, registration, to)

    assert (response.status_code, heading(response)) == (404, "We can’t find this date")
    assert world.store.registrations == before


def test_an_id_that_no_session_has_is_not_looked_up(world: World, visitor: Visitor) -> None:
    """DynamoDB refuses a key of more than 2,048 bytes, as if it were down."""
    registration = signed_up(world, visitor)
    down = world.visitor(store=broken(world.store, StoreUnavailable("refused"), "move"))

    assert [move(down, registration, "x" * length).status_code for length in (200, 201, 4000)] == [
        503,
        404,
        404,
    ]


def test_a_move_that_is_sent_twice_says_where_to(world: World, visitor: Visitor, other: str) -> None:
    registration = signed_up(world, visitor)
    move(visitor, registration, other)
    before = world.snapshot()
    again = move(visitor, registration, other)

    assert (again.status_code, heading(again)) == (409, "Your registration")
    assert f'You moved to another date: <a href="/schedule/{other}/">' in again.text
    assert world.snapshot() == before


def test_the_date_itself_shows_the_page_unchanged(world: World, visitor: Visitor) -> None:
    registration = signed_up(world, visitor)

    assert move(visitor, registration, STAFF).status_code == 409
    assert states(world) == {STAFF: State.CONFIRMED}


@pytest.mark.parametrize("when", ["canceled", "closed"])
def test_a_date_that_takes_nobody_by_now_is_refused_as_by_the_form(
    world: World, visitor: Visitor, other: str, when: str
) -> None:
    registration = signed_up(world, visitor)
    world.change(other, **({"status": Status.CANCELLED} if when == "canceled" else {"closes": NOON}))
    response = move(visitor, registration, other)

    assert response.status_code == 409
    assert states(world) == {STAFF: State.CONFIRMED}


def test_one_may_leave_a_closed_date_until_its_start(world: World, visitor: Visitor, other: str) -> None:
    registration = signed_up(world, visitor)
    world.change(STAFF, starts=NOON + HOUR, closes=NOON)
    assert (other, True) in offered(visitor, registration)
    world.clock.now = NOON + HOUR
    assert offered(visitor, registration) == []
    late = move(visitor, registration, other)
    assert late.status_code == 409
    assert "This date has begun, so you can no longer move: nothing has changed." in late.text

    world.clock.now = NOON
    assert move(visitor, registration, other).status_code == 303


def test_the_limit_of_five_names_holds_there(world: World, visitor: Visitor, other: str) -> None:
    registration = signed_up(world, visitor)
    for name in ("Beto", "Cruz", "Dora", "Eva", "Flor"):
        visitor.sign_up(other, name=name)
    response = move(visitor, registration, other)

    assert response.status_code == 409
    assert heading(response) == "Your registration"
    assert "No more people can sign up for that date with your email address." in response.text
    assert states(world) == {STAFF: State.CONFIRMED}


@pytest.mark.parametrize("limits", [Limits(Rate(1, HOUR), None), Limits(None, Rate(1, HOUR))])
def test_moves_count_by_network_and_by_address(world: World, other: str, limits: Limits) -> None:
    visitor = world.visitor(limits=limits)
    registration = signed_up(world, visitor)

    assert move(visitor, registration, other).status_code == 429
    assert states(world) == {STAFF: State.CONFIRMED}


def test_when_the_store_fails_the_page_says_so(world: World, visitor: Visitor, other: str) -> None:
    registration = signed_up(world, visitor)
    down = world.visitor(store=broken(world.store, StoreUnavailable("down"), "move"))

    assert move(down, registration, other).status_code == 503
