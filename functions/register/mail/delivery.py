# SPDX-License-Identifier: AGPL-3.0-or-later
"""Delivery of what the outbox holds: at least once, and no mail waits for another person's that fails."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from register.domain.errors import RegisterError
from register.domain.model import Message, MessageKey
from register.domain.notifications import is_stale
from register.mail.backends.base import CannotDeliver, MailBackend, ServerDown, TryLater
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
    sender: MailBackend,
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
    sender: MailBackend,
    compose: Compose,
    key: MessageKey,
    *,
    now: Clock,
) -> Outcome | None:
    """Send one message by its key, as the stream names it; None if it is not due or somebody else's.

    Raises StoreError. The connection stays open for the next.
    """
    delivery = store.claim_one(key, now=now(), lease=LEASE)
    if delivery is None:
        return None
    try:
        return _try(store, sender, compose, delivery, now)
    except ServerDown as error:
        _postpone(store, delivery, now, error)
        return Outcome.LATER


def _deliver_batch(
    store: Store,
    sender: MailBackend,
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


def _try(store: Store, sender: MailBackend, compose: Compose, delivery: Delivery, now: Clock) -> Outcome:
    """Send one message and keep what came of it. Raises ServerDown, with nothing kept."""
    message = delivery.message
    if is_stale(message, now()):
        log.warning("%s: not sent: the session has begun", message.label)
        store.settle_sent(message, now=now())
        return Outcome.DROPPED
    try:
        sender.send(compose(message))
    except TryLater as error:
        return _later(store, delivery, now(), str(error))
    except ServerDown:
        raise
    except (CannotCompose, CannotDeliver) as error:
        log.error("%s: given up: %s", message.label, error)  # noqa: TRY400 - a traceback would quote the server
        store.settle_failed(message, now=now(), problem=str(error))
        return Outcome.FAILED
    except RegisterError as error:  # of all mails alike, as that the build is not there
        raise ServerDown(str(error)) from error
    except Exception as error:  # noqa: BLE001 - here, where one mail is at hand, it holds up no other mail
        log_places(message.label, error)
        sender.close()  # who knows what the connection is in the middle of
        return _later(store, delivery, now(), type(error).__name__)
    store.settle_sent(message, now=now())
    log.info("%s: sent", message.label)
    return Outcome.SENT


def _later(store: Store, delivery: Delivery, now: datetime, problem: str) -> Outcome:
    message = delivery.message
    if delivery.attempts + 1 >= MOST_TRIES:
        log.error("%s: given up after %s tries: %s", message.label, delivery.attempts + 1, problem)
        store.settle_failed(message, now=now, problem=problem)
        return Outcome.FAILED
    due = now + retry_after(delivery.attempts)
    log.warning("%s: again at %s: %s", message.label, due.isoformat(timespec="seconds"), problem)
    store.settle_later(message, due=due, problem=problem)
    return Outcome.LATER


def _postpone(store: Store, delivery: Delivery, now: Clock, error: ServerDown) -> None:
    """Keep a message for when the server is back; it is never given up for that, and no try of its own.

    It waits as long again as it has waited, so that the time between tries doubles here, too.
    """
    tried = now()
    waited = tried - delivery.message.recorded
    due = tried + min(max(waited, FIRST_RETRY), LONGEST_OUTAGE_RETRY)
    log.warning("%s: again at %s: %s", delivery.message.label, due.isoformat(timespec="seconds"), error)
    store.settle_later(delivery.message, due=due, problem=str(error), counted=False)


def _give_back(store: Store, deliveries: list[Delivery], now: Clock) -> None:
    """Let others have what was claimed and not tried."""
    for one in deliveries:
        store.settle_later(one.message, due=now(), problem=one.problem or "", counted=False)


def log_places(what: str, error: Exception) -> None:
    """Log an error that nobody has foreseen: its type and where it was raised; its words may name a person."""
    places = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s: %s\n%s", what, type(error).__name__, places)
