# SPDX-License-Identifier: AGPL-3.0-or-later
"""The threads that deliver, remind and sweep on their own."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from register.domain.errors import RegisterError
from register.mail.delivery import Clock, Courier, log_places
from register.mail.policy import POLICY, DeliveryOutcome, Policy, outage_wait

_log = logging.getLogger(__name__)


class Outage:
    """What the workers of a process know of a server that is down: that it is not to be asked all the time."""

    def __init__(self, policy: Policy = POLICY) -> None:
        self._policy = policy
        self._lock = threading.Lock()
        self._failures = 0
        self._until: datetime | None = None

    def is_over(self, now: datetime) -> bool:
        """Whether the server may be asked.

        Also where it is to be left alone for longer than ever: then the clock has been set back meanwhile.
        """
        with self._lock:
            return self._may_ask(now)

    def heard(self, *, down: bool, now: datetime) -> None:
        """Keep whether the server was there."""
        with self._lock:
            if not down:
                self._failures, self._until = 0, None
            elif self._may_ask(now):  # else another worker has said so already
                self._until = now + outage_wait(self._failures, self._policy)
                self._failures += 1

    def _may_ask(self, now: datetime) -> bool:
        return self._until is None or not now < self._until <= now + self._policy.longest_outage_wait


class Workers:
    """Threads that deliver when they are woken and every few seconds, and one that sweeps every few minutes.

    Any error is logged, and the next round tries again. The first courier alone takes what has run out of time
    once, so that the others stay free for everybody else.
    """

    def __init__(
        self,
        couriers: Sequence[Courier],
        *,
        now: Clock,
        sweep: Callable[[], object],
        every: float = 5.0,
        sweep_every: float = 300.0,
        policy: Policy = POLICY,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Each courier has a backend of its own; `every` and `sweep_every` are seconds."""
        self._couriers, self._now, self._sweep, self._policy = couriers, now, sweep, policy
        self._every, self._sweep_every, self._monotonic = every, sweep_every, monotonic
        self._outage = Outage(policy)
        self._wakes = 0
        self._woken = threading.Condition()
        self._stopped = threading.Event()
        threads = [threading.Thread(target=self._keep_sweeping, name="sweep", daemon=True)]
        for number, courier in enumerate(couriers):
            work, name = (courier, not number), f"worker-{number + 1}"
            threads.append(threading.Thread(target=self._keep_delivering, args=work, name=name, daemon=True))
        self._threads = threads

    def start(self) -> None:
        """Begin, with a sweep."""
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Say that there may be something to deliver."""
        with self._woken:
            self._wakes += 1
            self._woken.notify_all()

    def stop(self) -> None:
        """Finish the emails in hand, and end; what takes too long is kept as one that may have arrived."""
        self._stopped.set()
        self.wake()
        ends = time.monotonic() + self._policy.stop.total_seconds()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, ends - time.monotonic()))
        for courier, thread in zip(self._couriers, self._threads[1:], strict=True):
            if thread.is_alive():
                self._try(courier.give_up)

    def deliver(self, courier: Courier, *, slow: bool) -> None:
        """Look up what people ask for, and deliver what is due, unless the server is known to be down.

        Raises StoreError.
        """
        try:
            courier.look_up_wishes(lambda: not self._stopped.is_set())
            while not self._stopped.is_set() and self._outage.is_over(self._now()):
                tried = courier.deliver_next(slow=slow)
                if tried is None:
                    return
                if tried.outcome is not DeliveryOutcome.DROPPED:  # then nobody has asked the server
                    self._outage.heard(down=tried.down, now=self._now())
        finally:
            courier.backend.close()

    def _keep_delivering(self, courier: Courier, slow: bool) -> None:
        while not self._stopped.is_set():
            wakes = self._wakes
            self._try(partial(self.deliver, courier, slow=slow))
            self._rest(wakes)

    def _keep_sweeping(self) -> None:
        swept: float | None = None
        while not self._stopped.is_set():
            wakes = self._wakes
            if swept is None or self._monotonic() - swept >= self._sweep_every:
                swept = self._monotonic()
                self._try(self._sweep)
                self.wake()
            self._rest(wakes)

    def _rest(self, wakes: int) -> None:
        """Wait for a while, or until there have been more wakes than these."""
        with self._woken:
            self._woken.wait_for(lambda: self._wakes != wakes, self._every)

    def _try(self, step: Callable[[], object]) -> None:
        try:
            step()
        except (RegisterError, OSError) as error:
            # No traceback: it would quote what servers and databases say, and so perhaps a person.
            _log.error("%s: %s; trying again later", type(error).__name__, error)
        except Exception as error:  # noqa: BLE001 - nobody would notice that the thread ended and email stopped
            log_places("unexpected error; trying again later", error)
