# SPDX-License-Identifier: AGPL-3.0-or-later
"""Delivery of what the outbox holds: at least once, and no mail waits for another person's that fails."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from register.domain.model import Message, RegisterError, comes_too_late
from register.mail.backends.base import CannotDeliver, Sender, ServerDown, TryLater
from register.mail.compose import CannotCompose
from register.mail.outgoing import Email
from register.stores import Delivery, Store

BATCH = 10
"""How many messages are claimed at once."""

LEASE = timedelta(minutes=10)
"""How long a claimed message is nobody else's; one that is claimed and then forgotten is due again after it."""

TIME_FOR_ONE = timedelta(minutes=5)
"""What sending one mail takes at worst, about twenty answers at `senders.TIMEOUT`; with less of the lease left
none is begun."""

FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=6)
LONGEST_OUTAGE_RETRY = timedelta(minutes=15)
"""How long a mail waits at most that nothing is wrong with, while the server is down."""

MOST_TRIES = 21
"""A mail is given up when it has failed so often, which takes three days; the time of an outage is not in them."""

Compose = Callable[[Message], Email]
Clock = Callable[[], datetime]

log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What has become of one message."""

    SENT = "sent"
    LATER = "later"
    FAILED = "failed"
    DROPPED = "dropped"
    """Not sent, since nobody has any use for it now."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a delivery did: how many mails are out, wait for another try, are given up, were of no use any more."""

    sent: int = 0
    later: int = 0
    failed: int = 0
    dropped: int = 0

    def __add__(self, other: Report) -> Report:
        return Report(
            self.sent + other.sent,
            self.later + other.later,
            self.failed + other.failed,
            self.dropped + other.dropped,
        )


def retry_after(attempts: int) -> timedelta:
    """Return how long a message waits that has failed `attempts` times before: 1, 2, 4 … minutes."""
    return min(FIRST_RETRY * (1 << min(attempts, 20)), LONGEST_RETRY)


def deliver(
    store: Store,
    sender: Sender,
    compose: Compose,
    *,
    now: Clock,
    go_on: Callable[[], bool] = lambda: True,
) -> Report:
    """Send what is due until nothing is left, the server is down, or `go_on` says no. Raises StoreError.

    The connection is closed at the end.
    """
    report = Report()
    try:
        while go_on():
            claimed_at = now()
            claimed = store.claim(now=claimed_at, lease=LEASE, most=BATCH)
            if not claimed:
                break
            done, down = _deliver_batch(store, sender, compose, claimed, now, claimed_at, go_on)
            report += done
            if down:
                break
    finally:
        sender.close()
    return report


def deliver_one(
    store: Store,
    sender: Sender,
    compose: Compose,
    session_id: str,
    identity: str,
    rid: str,
    kind: str,
    stamp: str,
    *,
    now: Clock,
) -> Outcome | None:
    """Send one message by its key, as the stream names it; None if it is not due or somebody else's.

    Raises StoreError. The connection stays open for the next.
    """
    delivery = store.claim_one(session_id, identity, rid, kind, stamp, now=now(), lease=LEASE)
    if delivery is None:
        return None
    try:
        return _try(store, sender, compose, delivery, now)
    except ServerDown as error:
        _postpone(store, delivery, now, error)
        return Outcome.LATER


def _deliver_batch(
    store: Store,
    sender: Sender,
    compose: Compose,
    claimed: list[Delivery],
    now: Clock,
    claimed_at: datetime,
    go_on: Callable[[], bool],
) -> tuple[Report, bool]:
    """Send what was claimed; also return whether the server is down.

    Where the lease runs out the rest is left alone: somebody else may have it by now.
    """
    report = Report()
    for position, delivery in enumerate(claimed):
        if now() + TIME_FOR_ONE > claimed_at + LEASE:
            break
        if not go_on():
            _give_back(store, claimed[position:], now)
            break
        try:
            outcome = _try(store, sender, compose, delivery, now)
        except ServerDown as error:
            for one in claimed[position:]:
                _postpone(store, one, now, error)
            return report + Report(later=len(claimed) - position), True
        report += Report(**{outcome.value: 1})
    return report, False


def _try(store: Store, sender: Sender, compose: Compose, delivery: Delivery, now: Clock) -> Outcome:
    """Send one message and keep what came of it. Raises ServerDown, with nothing kept."""
    message = delivery.message
    if comes_too_late(message, now()):
        log.warning("%s: not sent: the session has begun", message.key)
        store.settle_sent(message, now=now())
        return Outcome.DROPPED
    try:
        sender.send(compose(message))
    except TryLater as error:
        return _later(store, delivery, now(), str(error))
    except ServerDown:
        raise
    except (CannotCompose, CannotDeliver) as error:
        log.error("%s: given up: %s", message.key, error)  # noqa: TRY400 - a traceback would quote the server
        store.settle_failed(message, now=now(), problem=str(error))
        return Outcome.FAILED
    except RegisterError as error:  # of all mails alike, as that the build is not there
        raise ServerDown(str(error)) from error
    except Exception as error:  # noqa: BLE001 - here, where one mail is at hand, it holds up no other mail
        _log_places(message.key, error)
        sender.close()  # who knows what the connection is in the middle of
        return _later(store, delivery, now(), type(error).__name__)
    store.settle_sent(message, now=now())
    log.info("%s: sent", message.key)
    return Outcome.SENT


def _later(store: Store, delivery: Delivery, now: datetime, problem: str) -> Outcome:
    message = delivery.message
    if delivery.attempts + 1 >= MOST_TRIES:
        log.error("%s: given up after %s tries: %s", message.key, delivery.attempts + 1, problem)
        store.settle_failed(message, now=now, problem=problem)
        return Outcome.FAILED
    due = now + retry_after(delivery.attempts)
    log.warning("%s: again at %s: %s", message.key, due.isoformat(timespec="seconds"), problem)
    store.settle_later(message, due=due, problem=problem)
    return Outcome.LATER


def _postpone(store: Store, delivery: Delivery, now: Clock, error: ServerDown) -> None:
    """Keep a message for when the server is back; it is never given up for that, and no try of its own.

    It waits as long again as it has waited, so that the time between tries doubles here, too.
    """
    tried = now()
    waited = tried - delivery.message.recorded
    due = tried + min(max(waited, FIRST_RETRY), LONGEST_OUTAGE_RETRY)
    log.warning("%s: again at %s: %s", delivery.message.key, due.isoformat(timespec="seconds"), error)
    store.settle_later(delivery.message, due=due, problem=str(error), counted=False)


def _give_back(store: Store, deliveries: list[Delivery], now: Clock) -> None:
    """Let others have what was claimed and not tried."""
    for one in deliveries:
        store.settle_later(one.message, due=now(), problem=one.problem or "", counted=False)


def _log_places(what: str, error: Exception) -> None:
    """Log an error that nobody has foreseen: its type and where it was raised; its words may name a person."""
    places = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s: %s\n%s", what, type(error).__name__, places)


class Postman:
    """A thread that delivers when it is woken and every few seconds, and sweeps every few minutes.

    An error, whatever it is, is logged, and the next round tries again.
    """

    def __init__(
        self,
        store: Store,
        sender: Sender,
        compose: Compose,
        *,
        now: Clock,
        sweep: Callable[[], object],
        every: float = 5.0,
        sweep_every: float = 300.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`every` and `sweep_every` are seconds."""
        self._store, self._sender, self._compose = store, sender, compose
        self._now, self._sweep, self._monotonic = now, sweep, monotonic
        self._every, self._sweep_every = every, sweep_every
        self._swept: float | None = None
        self._woken, self._stopped = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="postman", daemon=True)

    def start(self) -> None:
        """Begin, with a sweep."""
        self._thread.start()

    def wake(self) -> None:
        """Say that there may be something to deliver."""
        self._woken.set()

    def stop(self) -> None:
        """Finish the mail that is being sent, and end."""
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

    def _deliver(self) -> None:
        deliver(
            self._store,
            self._sender,
            self._compose,
            now=self._now,
            go_on=lambda: not self._stopped.is_set(),
        )

    def _try(self, step: Callable[[], object]) -> None:
        try:
            step()
        except (RegisterError, OSError) as error:
            # No traceback: it would quote what servers and databases say, and so perhaps a person.
            log.error("%s: %s; again later", type(error).__name__, error)  # noqa: TRY400
        except Exception as error:  # noqa: BLE001 - a thread that ends is missed by nobody, and no mail goes out
            _log_places("unforeseen; again later", error)
