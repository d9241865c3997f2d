# SPDX-License-Identifier: AGPL-3.0-or-later
"""Real programs that are subscribed to a private feed: what they show after each change of a registration."""

from __future__ import annotations

from pathlib import Path

import pytest

from register.domain.model import Registration
from tests.support.calendars import strictly_read
from tests.support.constants import MINUTE
from tests.support.serving import listen, serving
from tests.support.subscriber import Subscriber
from tests.support.visitors import FILLED_IN, IN_PERSON, STAFF, World, feed_path, manage_path, signed_up

ANA = "ana@example.org"
OTHER = "2027-01-14-overview"
OVERVIEW, USER = "Panorama general de CA MSIX", "Usuario secundario"


def seat(world: World, session_id: str) -> Registration:
    return next(
        one
        for one in world.store.registrations.values()
        if (one.session_id, one.person.email) == (session_id, ANA) and one.is_active
    )


def test_programs_see_a_promotion_a_move_another_language_and_a_cancellation(
    world: World, tmp_path: Path
) -> None:
    visitor = world.visitor()
    signed_up(world, visitor)
    world.fill(IN_PERSON)
    visitor.sign_up(IN_PERSON)
    numbers: dict[str, list[int]] = {}

    def read() -> list[tuple[str, str]]:
        """Return title and state of each event as the strict reader has them, and keep their numbers."""
        found = strictly_read(visitor.get(feed_path(ANA)).data).events
        for one in found:
            numbers.setdefault(one.uid, []).append(one.sequence or 0)
        return [(str(one.summary), one.status.value if one.status else "") for one in found]

    listening, address = listen()
    with serving(world.app(), listening):
        subscriber = Subscriber(tmp_path, f"{address}{feed_path(ANA)}")

        def shown() -> list[tuple[str, str, str]]:
            world.clock.now += MINUTE
            listed = [line.split(" / ") for line in subscriber.sees()]
            assert read() == [(title, state) for *_, title, state in listed]
            return [(start[:10], title, state) for start, *_, title, state in listed]

        waiting = ("2026-12-10", f"Lista de espera: {USER}", "TENTATIVE")
        assert shown() == [("2026-12-03", OVERVIEW, "CONFIRMED"), waiting]

        world.fill(IN_PERSON, 1)
        world.store.promote_one(IN_PERSON, now=world.clock.now)
        assert shown() == [("2026-12-03", OVERVIEW, "CONFIRMED"), ("2026-12-10", USER, "CONFIRMED")]

        visitor.post(f"{manage_path(seat(world, STAFF))}/move", {"session": OTHER})
        assert shown() == [("2026-12-10", USER, "CONFIRMED"), ("2027-01-14", OVERVIEW, "CONFIRMED")]

        visitor.post(f"{manage_path(seat(world, OTHER))}/correct", FILLED_IN | {"language": "en"})
        assert shown() == [("2026-12-10", USER, "CONFIRMED"), ("2027-01-14", "CA MSIX Overview", "CONFIRMED")]

        visitor.post(f"{manage_path(seat(world, IN_PERSON))}/cancel")
        assert shown() == [("2027-01-14", "CA MSIX Overview", "CONFIRMED")]

    assert len(numbers) == 3
    for uid, seen in numbers.items():
        assert seen == sorted(seen), uid
    assert numbers[f"{IN_PERSON}@msix-trainings"][0] < numbers[f"{IN_PERSON}@msix-trainings"][-1]
    assert numbers[f"{OTHER}@msix-trainings"][0] < numbers[f"{OTHER}@msix-trainings"][-1]


@pytest.mark.parametrize("email", [ANA, "nobody@example.org"])
def test_a_feed_that_shows_nothing_is_a_good_calendar(world: World, email: str) -> None:
    assert strictly_read(world.visitor().get(feed_path(email)).data).events == []
