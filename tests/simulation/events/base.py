# SPDX-License-Identifier: AGPL-3.0-or-later
"""An event as it has been drawn, and what events ask of the world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from register.domain.model import ChangedBy, Registration
from schedule.model import Status
from tests.simulation.world import World


@dataclass(frozen=True)
class Action:
    """Something that happens now."""

    words: str
    do: Callable[[], str]
    """Returns what came of it."""
    sessions: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    """What it touches."""
    again: bool = False
    """Whether somebody whose process was killed does it once more, as staff with a command."""
    by: ChangedBy = ChangedBy.SCHEDULE
    """Who does it."""


def future(world: World) -> list[str]:
    """Return the published sessions that have not begun."""
    office = world.office
    return [each for each in sorted(office.published) if office.sessions[each].period.start > world.time()]


def open_sessions(world: World) -> list[str]:
    """Return those of them that take place."""
    return [each for each in future(world) if not world.office.sessions[each].cancelled]


def active(world: World) -> list[Registration]:
    """Return everybody with a seat or a place in a session to come, in an order that no store decides on."""
    return [
        registration
        for session_id in future(world)
        if (seen := world.laws.sessions.seen.get(session_id)) is not None
        for registration in sorted(seen.people.values(), key=lambda each: each.registration_id)
        if registration.is_active
    ]


def is_cancelled(world: World, session_id: str) -> bool:
    """Whether staff have canceled a session."""
    return world.office.sessions[session_id].status is Status.CANCELLED
