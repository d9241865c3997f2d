# SPDX-License-Identifier: AGPL-3.0-or-later
"""One term from its first day to the day on which everybody is forgotten."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from hashlib import sha256
from pathlib import Path

from register.domain.model import ChangedBy
from register.mail.backends.base import MailBackend
from tests.simulation.events import drawn
from tests.simulation.laws.base import LawBroken
from tests.simulation.office import local
from tests.simulation.places import DynamoDBPlace, MakeSQLite, Place, SQLitePlace, SQLiteStore
from tests.simulation.world import Options, World

FIRST_DAY = date(2027, 1, 11)
DAY = timedelta(days=1)
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of one's own is made in it
"""Files in memory outlive a process, and the power never fails: there is no disk to wait for."""
UNTIL_TOLD = timedelta(days=4)
"""How long after the last day the last email has gone out or been given up."""
UNTIL_FORGOTTEN = timedelta(days=180 + 9)
"""How long after that nothing is kept: 180 days after a session, and a week of what was sent."""


@dataclass(frozen=True)
class Term:
    """What is played."""

    seed: int
    store: str = "sqlite"
    options: Options = field(default_factory=Options)
    make_sqlite: MakeSQLite = SQLiteStore
    wrap: Callable[[MailBackend], MailBackend] = lambda backend: backend


@dataclass(frozen=True)
class Played:
    """What came of it."""

    seed: int
    transcript: tuple[str, ...]
    done: Counter[str]
    broken: LawBroken | None
    step: int
    """In which a law broke, or how many there were."""

    @property
    def digest(self) -> str:
        """The same for terms in which the same has happened."""
        return sha256("\n".join(self.transcript).encode()).hexdigest()


def usual(seed: int) -> Options:
    """Return what kind of term a seed is, so that the seed alone says all: one in three is killed between verbs alone."""
    return Options(within=seed % 3 != 0, limits=seed % 4 == 1)


def play(term: Term) -> Played:
    """Play a term; a law that does not hold ends it."""
    with tempfile.TemporaryDirectory(prefix="term-", dir=_MEMORY if _MEMORY.is_dir() else None) as name:
        folder = Path(name)
        place: Place = SQLitePlace(folder, term.make_sqlite) if term.store == "sqlite" else DynamoDBPlace()
        world = World(str(term.seed), term.options, place, folder, local(FIRST_DAY, time(7)), wrap=term.wrap)
        broken = None
        try:
            _play(world)
        except LawBroken as error:
            broken = error
        finally:
            place.close()
        server = world.server
        world.done["email that came again"] = server.copies.total() - len(+server.copies)
        world.done["answer lost"] = server.lost.total()
        world.done["email refused"] = server.refusals.total()
        steps = world.done["step"]
        return Played(term.seed, tuple(world.transcript), world.done, broken, steps)


def _play(world: World) -> None:
    _open(world)
    for day in range(world.options.days):
        _day(world, FIRST_DAY + day * DAY)
    _end(world)


def _open(world: World) -> None:
    """Plan the sessions of the term; most are published at once."""
    chance, office = world.chance, world.office
    for number in range(world.options.sessions):
        last = world.options.days - 1
        # The first one is late, so that there is something to do until the end.
        day = FIRST_DAY + (last if number == 0 else chance.randint(2, last)) * DAY
        starts = local(day, time(chance.randint(9, 16)))
        session_id = f"{day}-{chr(ord('a') + number)}"
        office.plan(session_id, starts, chance.randint(2, 7), chance)
        if number == 0 or chance.random() < 0.75:
            office.published.add(session_id)
    office.build()
    world.process.sync()
    world.laws.after_day()


def _day(world: World, day: date) -> None:
    chance = world.chance
    world.transcript.append(f"{day}")
    at = [chance.randint(8 * 60, 20 * 60) for _ in range(world.options.steps)]
    sweeps = [(minute, False) for minute in (6 * 60, 12 * 60, 22 * 60)]
    for minute, is_step in sorted(sweeps + [(minute, True) for minute in at]):
        then = local(day, time(minute // 60, minute % 60))
        danger = chance.random() < world.options.kills
        touches = chance.randint(1, 150)
        world.endanger(touches if danger else None)
        world.go_on_to(then)
        if is_step:
            _step(world)
        else:
            world.sweep()
        world.endanger(None)
    world.laws.after_day()
    _write_roster(world)


def _step(world: World) -> None:
    """Let something happen."""
    name, action = drawn(world)
    world.done["step"] += 1
    world.done[f"event: {name}"] += 1
    number = world.done["step"]
    world.acting = action.by
    came = world.alive(action.do, again=action.again)
    world.transcript.append(f"{number} {world.clock.now:%H:%M} {name}: {action.words}: {came}")
    world.settle()
    world.laws.after_step(action.sessions, action.emails)
    world.acting = ChangedBy.SCHEDULE


def _write_roster(world: World) -> None:
    for session_id, seen in sorted(world.laws.sessions.seen.items()):
        people = sorted((each.person.name, each.state.value) for each in seen.people.values())
        world.transcript.append(f"  {session_id}: {people}")


def _end(world: World) -> None:
    """Let everything be told, then forgotten."""
    world.server.heal_passing()
    world.trouble_ends, world.skew = None, timedelta()
    for _ in range(UNTIL_TOLD // DAY):
        world.go_on_to(world.clock.now + DAY)
        world.sweep()
    world.laws.after_day()
    world.laws.after_term()
    _write_roster(world)
    world.go_on_to(world.clock.now + UNTIL_FORGOTTEN)
    world.sweep()
    world.place.expire(world.time())
    world.laws.after_retention()
