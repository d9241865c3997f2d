# SPDX-License-Identifier: AGPL-3.0-or-later
"""The thread that delivers, reminds and sweeps on its own."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import partial

from register.domain.errors import RegisterError
from register.mail.backends.base import MailBackend
from register.mail.delivery import Clock, Compose, deliver, log_places
from register.stores import Store

_log = logging.getLogger(__name__)


class Worker:
    """A thread that delivers when it is woken and every few seconds, and sweeps every few minutes.

    Any error is logged, and the next round tries again.
    """

    def __init__(
        self,
        store: Store,
        backend: MailBackend,
        compose: Compose,
        *,
        now: Clock,
        sweep: Callable[[], object],
        every: float = 5.0,
        sweep_every: float = 300.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`every` and `sweep_every` are seconds."""
        self._woken, self._stopped = threading.Event(), threading.Event()
        self._deliver = partial(
            deliver, store, backend, compose, now=now, go_on=lambda: not self._stopped.is_set()
        )
        self._sweep, self._monotonic = sweep, monotonic
        self._every, self._sweep_every = every, sweep_every
        self._swept: float | None = None
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)

    def start(self) -> None:
        """Begin, with a sweep."""
        self._thread.start()

    def wake(self) -> None:
        """Say that there may be something to deliver."""
        self._woken.set()

    def stop(self) -> None:
        """Finish the email that is being sent, and end."""
        self._stopped.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._woken.clear()
            self._round()
            self._woken.wait(self._every)

    def _round(self) -> None:
        if self._swept is None or self._monotonic() - self._swept >= self._sweep_every:
            self._swept = self._monotonic()
            self._try(self._sweep)
        self._try(self._deliver)

    def _try(self, step: Callable[[], object]) -> None:
        try:
            step()
        except (RegisterError, OSError) as error:
            # No traceback: it would quote what servers and databases say, and so perhaps a person.
            _log.error("%s: %s; trying again later", type(error).__name__, error)
        except Exception as error:  # noqa: BLE001 - nobody would notice that the thread ended and email stopped
            log_places("unexpected error; trying again later", error)
