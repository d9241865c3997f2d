# SPDX-License-Identifier: AGPL-3.0-or-later
"""Time that passes only where a test lets it: for the clock, for timers, and for a server that takes its time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.support.constants import NOW


@dataclass(eq=False)
class VirtualTimer:
    """Does what `threading.Timer` does, by the virtual time."""

    owner: VirtualTime
    seconds: float
    call: Callable[[], None]
    thread: int = field(default_factory=threading.get_ident)
    """Who has made it."""
    due: datetime | None = None

    def start(self) -> None:
        with self.owner.lock:
            self.due = self.owner.now + timedelta(seconds=self.seconds)
            self.owner.timers.add(self)

    def cancel(self) -> None:
        with self.owner.lock:
            self.owner.timers.discard(self)


@dataclass(eq=False)
class Sleeper:
    """A server that takes its time over somebody's email."""

    email: str
    until: datetime
    awake: asyncio.Future[bool]

    def wake(self, *, in_time: bool) -> None:
        """Let the server go on, if it has not ended meanwhile."""
        loop = self.awake.get_loop()
        loop.call_soon_threadsafe(lambda: self.awake.done() or self.awake.set_result(in_time))


class VirtualTime:
    """A clock, its timers, and those who sleep by it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.timers: set[VirtualTimer] = set()
        self.sleepers: list[Sleeper] = []

    def __call__(self) -> datetime:
        return self.now

    def timer(self, seconds: float, call: Callable[[], None]) -> VirtualTimer:
        """Return a timer that has not begun."""
        return VirtualTimer(self, seconds, call)

    def passes(self, duration: timedelta) -> bool:
        """Let time pass for the only one who works; stop at the first timer, and say whether there was none."""
        with self.lock:
            ends = self.now + duration
            ran_out = [timer for timer in self.timers if timer.due and timer.due <= ends]
            if not ran_out:
                self.now = ends
                return True
            first = min(ran_out, key=_due)
            self.now = _due(first)
            self.timers.discard(first)
        first.call()
        return False

    async def take(self, email: str, duration: timedelta) -> bool:
        """Take time over somebody's email; False if the client has given up meanwhile."""
        awake: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        with self.changed:
            self.sleepers.append(Sleeper(email, self.now + duration, awake))
            self.changed.notify_all()
        return await awake

    def goes_on_to(self, then: datetime, email_of: Callable[[int], str | None]) -> None:
        """Go on to an instant at which timers may run out and sleepers wake.

        `email_of` says whose email a thread has in hand: a server that takes its time over that is left by its client.
        """
        with self.lock:
            self.now = max(self.now, then)
            for sleeper in [each for each in self.sleepers if each.until <= self.now]:
                self.sleepers.remove(sleeper)
                sleeper.wake(in_time=True)
            ran_out = sorted((each for each in self.timers if _due(each) <= self.now), key=_due)
            for timer in ran_out:
                email = email_of(timer.thread)
                if email not in {each.email for each in self.sleepers}:
                    continue  # it is answered at this very instant
                self.timers.discard(timer)
                timer.call()  # first, so that no late answer comes through
                self.leave(email)

    def leave(self, email: str | None) -> None:
        """Let a server hear that nobody waits for its answer any more."""
        with self.lock:
            for sleeper in [each for each in self.sleepers if each.email == email]:
                self.sleepers.remove(sleeper)
                sleeper.wake(in_time=False)

    def next_event(self) -> datetime | None:
        """Return when a timer runs out or a sleeper wakes next."""
        with self.lock:
            return min(
                [_due(each) for each in self.timers] + [each.until for each in self.sleepers], default=None
            )


def _due(timer: VirtualTimer) -> datetime:
    assert timer.due is not None
    return timer.due
