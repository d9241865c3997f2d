# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff change in the schedule; each change is built and synced."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from schedule.model import Status
from tests.simulation.events.base import Action, future, is_cancelled, open_sessions
from tests.simulation.office import PLACES, period_from
from tests.simulation.world import World


def more_seats(world: World) -> Action | None:
    """A larger room."""
    return _seats(world, world.chance.randint(1, 4))


def fewer_seats(world: World) -> Action | None:
    """A smaller room, perhaps for fewer people than have a seat."""
    return _seats(world, -world.chance.randint(1, 4))


def _seats(world: World, change: int) -> Action | None:
    session_id = _one(world, open_sessions(world))
    if session_id is None:
        return None
    capacity = max(1, world.office.sessions[session_id].capacity + change)
    return _synced(
        world, session_id, f"{capacity} seats", lambda: world.office.edit(session_id, capacity=capacity)
    )


def move(world: World) -> Action | None:
    """Another day or another hour, which has not passed."""
    session_id = _one(world, open_sessions(world))
    if session_id is None:
        return None
    chance, starts = world.chance, world.office.sessions[session_id].period.start
    starts += timedelta(days=chance.randint(-2, 2), hours=chance.choice((-2, -1, 1, 2)))
    if starts <= max(world.clock.now, world.time()) + timedelta(hours=2):
        return None
    period = period_from(starts)
    return _synced(
        world, session_id, f"at {starts:%d %H:%M}", lambda: world.office.edit(session_id, period=period)
    )


def cancel(world: World) -> Action | None:
    """It does not take place."""
    session_id = _one(world, open_sessions(world))
    if session_id is None:
        return None
    return _synced(
        world, session_id, "canceled", lambda: world.office.edit(session_id, status=Status.CANCELLED)
    )


def restore(world: World) -> Action | None:
    """It takes place after all."""
    session_id = _one(world, [each for each in future(world) if is_cancelled(world, each)])
    if session_id is None:
        return None
    return _synced(
        world, session_id, "restored", lambda: world.office.edit(session_id, status=Status.SCHEDULED)
    )


def publish(world: World) -> Action | None:
    """A session that is planned, or whose file had vanished, is published."""
    office = world.office
    hidden = [
        each
        for each in sorted(office.sessions.keys() - office.published)
        if office.sessions[each].period.start > world.time()
    ]
    session_id = _one(world, hidden)
    if session_id is None:
        return None
    return _synced(world, session_id, "published", lambda: office.published.add(session_id))


def withdraw(world: World) -> Action | None:
    """A session's file vanishes, which it should not while people are signed up."""
    session_id = _one(world, future(world))
    if session_id is None:
        return None
    return _synced(world, session_id, "withdrawn", lambda: world.office.published.discard(session_id))


def change_link(world: World) -> Action | None:
    """The first link to join, or another one."""
    session_id = _one(world, open_sessions(world))
    if session_id is None:
        return None
    link = f"https://meet.example.org/{session_id}/{world.chance.randint(2, 999)}"
    return _synced(world, session_id, "another link", lambda: world.office.links.update({session_id: link}))


def change_place(world: World) -> Action | None:
    """Another room, or online."""
    session_id = _one(world, open_sessions(world))
    if session_id is None:
        return None
    place = world.chance.choice(PLACES)
    return _synced(world, session_id, "another place", lambda: world.office.place(session_id, place))


def reword(world: World) -> Action | None:
    """Somebody edits the file, and nobody has to know."""
    session_id = _one(world, future(world))
    if session_id is None:
        return None
    return _synced(world, session_id, "other words", lambda: world.office.edit(session_id))


def _one(world: World, session_ids: list[str]) -> str | None:
    return world.chance.choice(session_ids) if session_ids else None


def _synced(world: World, session_id: str, words: str, edit: Callable[[], object]) -> Action:
    def do() -> str:
        # What is written is written, however often the command is given.
        edit_once()
        return world.process.sync()

    written: list[bool] = []

    def edit_once() -> None:
        if not written:
            edit()
            world.office.build()
            written.append(True)

    touched = frozenset(world.office.published | world.laws.sessions.seen.keys() | {session_id})
    return Action(f"{session_id}: {words}", do, touched, again=True)
