# SPDX-License-Identifier: AGPL-3.0-or-later
"""All that a term happens in: people, schedule, clock, email server, database, the process of the day, and the laws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random

from register.domain.messages import Message
from register.domain.model import ChangedBy, Person
from register.mail.backends.base import MailBackend
from register.mail.policy import POLICY
from tests.simulation.cast import cast
from tests.simulation.laws import Laws
from tests.simulation.laws.base import LawBroken
from tests.simulation.life import Killed, Life
from tests.simulation.mail_server import MailServer
from tests.simulation.office import Office
from tests.simulation.places import Place
from tests.simulation.process import Process
from tests.simulation.recipients import Recipient
from tests.support.calendar_client import BadInvitation
from tests.support.constants import MINUTE
from tests.support.virtual_time import VirtualTime

LOOK_EVERY = 6 * MINUTE
"""How often the workers look into an outbox with something that is due; really it is every few seconds."""


@dataclass(frozen=True)
class Options:
    """What kind of term it is."""

    people: int = 60
    sessions: int = 4
    days: int = 6
    steps: int = 9
    """A day."""
    kills: float = 0.08
    """The share of steps in which the process may be killed."""
    within: bool = True
    """Whether a kill may fall inside a verb of the store, or only between two."""
    limits: bool = False
    """Whether the limits of the forms are on."""


@dataclass
class World:
    """The world of one term."""

    seed: str
    options: Options
    place: Place
    folder: Path
    now: datetime
    wrap: Callable[[MailBackend], MailBackend] = lambda backend: backend
    skew: timedelta = timedelta()
    """By how much the process's clock is wrong."""
    transcript: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    """What has happened, by its name."""
    idle: timedelta = timedelta()
    """How much time has passed in which no worker spoke with the server; there are three others to speak meanwhile."""
    erased: set[tuple[str, str]] = field(default_factory=set)
    """The addresses of which all was erased, and the sessions that there were then."""
    trouble_ends: datetime | None = None
    acting: ChangedBy = ChangedBy.SCHEDULE
    """Who does what happens at this step; between steps things follow by themselves."""

    def __post_init__(self) -> None:
        self.chance = Random(f"{self.seed} what happens")  # noqa: S311 - the same each time
        self.clock = VirtualTime(self.now)
        self.office = Office(self.folder / "build")
        self.cast = cast(self.chance, self.options.people)
        self.recipients = {person.email: Recipient(person.email) for person in self.cast}
        self.server = MailServer(self.clock, self.seed, self._arrive)
        self.laws = Laws(self)
        self._ids = 0
        self._worker = 0
        self._arrived: list[tuple[str, Message]] = []
        self._begin()

    # Time

    def time(self) -> datetime:
        """Return what the process's clock says."""
        return self.clock.now + self.skew

    def go_on_to(self, then: datetime) -> None:
        """Let time pass; the workers do what is due."""
        while self.clock.now < then:
            upcoming = max(min(then, self._next()), self.clock.now)
            self.idle += upcoming - self.clock.now
            self.clock.now = upcoming
            if self.trouble_ends and self.trouble_ends <= upcoming:
                self.server.heal_passing()
                self.trouble_ends = None
            self.alive(self._look)
            self.laws.tick()
        self._say_what_arrived()

    def _next(self) -> datetime:
        """Return when something may be due."""
        after = [self.trouble_ends] if self.trouble_ends else []
        for each in self.place.look.pending():
            due = max(filter(None, (each.due, each.lease)))
            after.append(max(due - self.skew, self.clock.now + LOOK_EVERY))
        return min(after, default=datetime.max.replace(tzinfo=self.clock.now.tzinfo))

    # The process

    def alive(self, step: Callable[[], str | None], *, again: bool = False) -> str:
        """Do something that may end the process; a new one begins, and with `again` does it once more."""
        try:
            return step() or ""
        except Killed:
            self.done["kill"] += 1
        self._die()
        return f"killed, then {step() or 'done'}" if again else "killed"

    def endanger(self, touches: int | None) -> None:
        """Let the process end after it has touched the world so often; None lets it live on."""
        self._life.ends_after(touches)

    def _die(self) -> None:
        self.place.bury()
        self.laws.emails.process_died()
        self._begin()
        self.process.sweep()

    def _begin(self) -> None:
        life = self._life = Life()

        def clock() -> datetime:
            life.touch()
            return self.time()

        self.process = Process(
            self.office.folder,
            self.place.open(life, within=self.options.within),
            clock=clock,
            new_registration_id=self._new_id,
            connect=self.server.connect_for(life),
            make_timer=self.clock.timer,
            limits=self.options.limits,
            wrap=self.wrap,
        )

    def _new_id(self) -> str:
        self._ids += 1
        return sha256(f"{self.seed} {self._ids}".encode()).hexdigest()[:22]

    # Email

    def settle(self) -> None:
        """Deliver all that can be delivered now."""
        self.alive(self._look)
        self.alive(self._look)  # what a kill has left
        self.laws.tick()
        self._say_what_arrived()

    def sweep(self) -> None:
        """Let the server sweep, and remind."""
        self.alive(lambda: self.process.sweep())
        self.settle()

    def _look(self) -> None:
        self._worker = self._worker % (POLICY.workers - 1) + 1
        self.process.deliver(self._worker)
        self.process.deliver(0)

    def _arrive(self, email: str, name: str, content: bytes) -> None:
        try:
            arrival = self.recipients[email].take(name, content, self.time())
        except (BadInvitation, ValueError, LookupError) as error:  # delivery would catch it
            raise LawBroken("calendars", f"{name}: no client can read it: {error}") from error
        message = self.laws.emails.arrived(email, arrival)
        self.done[f"email: {message.kind}"] += 1
        self._arrived.append((email, message))

    def _say_what_arrived(self) -> None:
        """Write down what has arrived, in an order that no store decides on, and hold the calendars against it."""
        arrived, self._arrived = self._arrived, []
        self.transcript += sorted(
            f"  -> {email} {message.session_id} {message.kind} {message.name}" for email, message in arrived
        )
        self.laws.after_step({message.session_id for _, message in arrived}, {email for email, _ in arrived})

    def people_of(self, email: str) -> list[Person]:
        """Return a family."""
        return [person for person in self.cast if person.email == email]
