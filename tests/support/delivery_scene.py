# SPDX-License-Identifier: AGPL-3.0-or-later
"""Four workers, a database and a real SMTP server, by a clock of their own: what comes of it is counted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from register.mail.backends.smtp import SmtpBackend
from register.mail.delivery import Courier
from register.mail.policy import POLICY
from register.mail.worker import Workers
from register.stores.deliveries import Delivery
from register.stores.sqlite.store import SQLiteStore
from tests.support.builders import People, opened, terms
from tests.support.constants import NOW
from tests.support.emails import snapshot_json
from tests.support.outbox import email_of, smallest_email
from tests.support.schedules import session
from tests.support.smtp_server import HOST, WAIT, Running, running
from tests.support.virtual_time import VirtualTime

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Killed(BaseException):
    """Ends a process in the middle of what it does."""


class Mortal:
    """A store as one process has it: once that is killed, it hears and does nothing more."""

    def __init__(self, store: SQLiteStore) -> None:
        self._store = store
        self.is_dead = False

    def __getattr__(self, name: str) -> Any:
        verb = getattr(self._store, name)

        def done(*values: Any, **named: Any) -> Any:
            if self.is_dead:
                raise Killed
            return verb(*values, **named)

        return done


@dataclass
class Process:
    """The workers of one process, each with a thread; the scene says when they look into the outbox."""

    store: Mortal
    couriers: list[Courier]
    workers: Workers
    threads: list[ThreadPoolExecutor] = field(default_factory=list)
    idents: list[int] = field(default_factory=list)
    rounds: list[Future[None] | None] = field(default_factory=list)

    def look(self) -> None:
        """Let all who have nothing to do look into the outbox."""
        for number, courier in enumerate(self.couriers):
            at_work = self.rounds[number]
            if at_work is None or at_work.done():
                deliver = self.workers.deliver
                self.rounds[number] = self.threads[number].submit(deliver, courier, slow=not number)

    def email_of(self, thread: int) -> str | None:
        """Return whose email a thread has in hand."""
        if thread not in self.idents:
            return None
        in_hand = self.couriers[self.idents.index(thread)].in_hand
        return in_hand and in_hand.message.email

    def busy(self) -> list[Courier]:
        """Return those who have not finished."""
        pairs = zip(self.couriers, self.rounds, strict=True)
        return [courier for courier, at_work in pairs if at_work and not at_work.done()]

    def errors(self) -> list[BaseException]:
        """Return what the rounds have raised, apart from being killed."""
        raised = [each.exception() for each in self.rounds if each and each.done()]
        return [error for error in raised if error and not isinstance(error, Killed)]


@dataclass
class Scene:
    """What a situation works with."""

    store: SQLiteStore
    people: People
    server: Running
    clock: VirtualTime
    process: Process
    plan: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)

    def at(self, offset: timedelta, action: Callable[[], None]) -> None:
        """Plan something for some time after the beginning."""
        self.plan.append((NOW + offset, action))

    def sign_up(self, *names: str) -> None:
        """Sign people up, now."""
        self.people.now = max(self.clock.now, self.people.now)
        self.people.sign_up(*names)

    def every(self, step: timedelta, until: timedelta) -> list[str]:
        """Plan a sign-up of somebody else each so often; return their names."""
        names = [f"Other{number}" for number in range(until // step)]
        for number, name in enumerate(names):
            self.at(number * step, lambda name=name: self.sign_up(name))
        return names

    def takes(self, duration: timedelta, *names: str, at: str = "data", drips: bytes = b"") -> None:
        """Let the server take its time over people's emails, or over all; it may drip something each minute."""
        emails = {email_of(name) for name in names}

        async def take(server: SMTP, email: str) -> None:
            if emails and email not in emails:
                return
            left = duration
            while left > timedelta() and drips:
                server.transport.write(drips)
                left -= MINUTE
                if not await self.clock.take(email, MINUTE):
                    return
            if left > timedelta():
                await self.clock.take(email, left)

        setattr(self.server.mailbox, f"on_{at}", take)

    def run(self, until: timedelta) -> None:
        """Let time go on until then, or until nothing is left to do."""
        ends = NOW + until
        while self.clock.now < ends:
            self._do_what_is_planned()
            self.process.look()
            self._settle_down()
            then = self._next(ends)
            self.clock.goes_on_to(then, self.process.email_of)
            self._settle_down()
            if not self.plan and not self.store.pending():
                break
        assert self.process.errors() == []

    def kill(self) -> None:
        """End the process, and begin another one."""
        self.process.store.is_dead = True
        for courier in self.process.busy():
            self.clock.leave(courier.in_hand and courier.in_hand.message.email)
        for each in self.process.rounds:
            if each is not None:
                each.exception(WAIT)
        self._begin()

    def stop(self) -> None:
        """Tell the process to stop; it waits in vain for what is in hand. Begin another one."""
        for courier in self.process.busy():
            courier.give_up()
        self.kill()

    def _begin(self) -> None:
        for thread in self.process.threads:
            thread.shutdown()
        self.process = process(self.store, self.server, self.clock)

    def _do_what_is_planned(self) -> None:
        due = [each for each in self.plan if each[0] <= self.clock.now]
        self.plan = [each for each in self.plan if each not in due]
        for _, action in due:
            action()

    def _settle_down(self) -> None:
        """Wait until each worker has nothing to do, or waits for a server that takes its time."""

        def is_quiet() -> bool:
            slept_over = {sleeper.email for sleeper in self.clock.sleepers}
            return all(
                courier.in_hand is not None and courier.in_hand.message.email in slept_over
                for courier in self.process.busy()
            )

        for at_work in self.process.rounds:
            if at_work is not None:
                at_work.add_done_callback(self._notify)
        with self.clock.changed:
            assert self.clock.changed.wait_for(is_quiet, WAIT)

    def _notify(self, _done: Future[None]) -> None:
        with self.clock.changed:
            self.clock.changed.notify_all()

    def _next(self, ends: datetime) -> datetime:
        """Return the next instant at which something may happen."""
        pending = self.store.pending()
        events = [planned for planned, _ in self.plan] + [each.lease or each.due for each in pending]
        after = [event for event in events if event and event > self.clock.now]
        if any(each.due and each.due <= self.clock.now and not each.lease for each in pending):
            after.append(self.clock.now + MINUTE)  # it waits for a server
        if (event := self.clock.next_event()) is not None:
            after.append(event)
        return min([*after, ends])

    # What came of it

    def copies(self, name: str) -> int:
        """Return how many emails the server has taken for somebody."""
        return sum(people == [email_of(name)] for people in self.server.mailbox.people)

    def delivery(self, name: str) -> Delivery:
        """Return how far a person's newest message is."""
        return self.store.messages_of(email_of(name))[-1]

    def late(self, names: Sequence[str], back: timedelta = timedelta()) -> timedelta:
        """Return by how much the latest email of these people came after it could: the server was `back` then."""
        waits = []
        for name in names:
            delivery = self.delivery(name)
            assert delivery.sent is not None, (name, delivery)
            waits.append(delivery.sent - max(delivery.message.recorded, NOW + back))
        return max(waits, default=timedelta())


def process(store: SQLiteStore, server: Running, clock: VirtualTime) -> Process:
    """Return the workers of a new process."""
    mortal = Mortal(store)
    couriers = [
        Courier(mortal, SmtpBackend(HOST, server.port, make_timer=clock.timer), smallest_email, clock)
        for _ in range(POLICY.workers)
    ]
    workers = Workers(couriers, now=clock, sweep=lambda: None)
    made = Process(mortal, couriers, workers)
    for _ in couriers:
        thread = ThreadPoolExecutor(1)
        made.threads.append(thread)
        made.idents.append(thread.submit(threading.get_ident).result(WAIT))
        made.rounds.append(None)
    return made


@contextmanager
def scene(folder: Path) -> Iterator[Scene]:
    """Open a session with room for everybody, and run a server."""
    with ExitStack() as stack:
        server = stack.enter_context(running())
        store = SQLiteStore(folder / "register.sqlite3")
        stack.callback(store.close)
        people = opened(store, terms(capacity=1000, snapshot_json=snapshot_json(session())))
        clock = VirtualTime()
        made = Scene(store, people, server, clock, process(store, server, clock))
        yield made
        for sleeper in list(clock.sleepers):
            clock.leave(sleeper.email)
        for thread in made.process.threads:
            thread.shutdown()
