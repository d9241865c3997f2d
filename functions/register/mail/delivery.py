# SPDX-License-Identifier: AGPL-3.0-or-later
"""Delivery of what the outbox holds: at least once, and no email waits for another person's that fails."""

from __future__ import annotations

import logging
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
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
"""What sending one email takes at worst, about twenty answers at `backends.base.TIMEOUT`; with less of the lease
left none is begun."""

FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=6)
LONGEST_OUTAGE_RETRY = timedelta(minutes=15)
"""How long an email that nothing is wrong with waits at most while the server is down."""

MOST_TRIES = 21
"""An email is given up when it has failed this often, which takes three days, not counting outages."""

Compose = Callable[[Message], Email]
Clock = Callable[[], datetime]

_log = logging.getLogger(__name__)


class DeliveryOutcome(StrEnum):
    """What has become of one message."""

    SENT = "sent"
    LATER = "later"
    FAILED = "failed"
    DROPPED = "dropped"
    """Not sent, since nobody has any use for it now."""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """How many messages had each outcome."""

    sent: int = 0
    later: int = 0
    failed: int = 0
    dropped: int = 0


def retry_after(attempts: int) -> timedelta:
    """Return how long a message waits that has failed `attempts` times before: 1, 2, 4 … minutes."""
    return min(FIRST_RETRY * (1 << min(attempts, 20)), LONGEST_RETRY)


def deliver(
    store: Store,
    backend: MailBackend,
    compose: Compose,
    *,
    now: Clock,
    go_on: Callable[[], bool] = lambda: True,
) -> DeliveryReport:
    """Send what is due until nothing is left, the server is down, or `go_on` says no. Raises StoreError.

    The connection is closed at the end.
    """
    try:
        outcomes = Counter(_outcomes(store, backend, compose, now, go_on))
    finally:
        backend.close()
    return DeliveryReport(**{outcome.value: number for outcome, number in outcomes.items()})


def deliver_one(
    store: Store,
    backend: MailBackend,
    compose: Compose,
    key: MessageKey,
    *,
    now: Clock,
) -> DeliveryOutcome | None:
    """Send one message by its key, as the stream names it; None if it is not due or somebody else's.

    Raises StoreError. The connection stays open for the next.
    """
    delivery = store.claim_one(key, now=now(), lease=LEASE)
    if delivery is None:
        return None
    try:
        return _try(store, backend, compose, delivery, now)
    except ServerDown as error:
        return _postpone(store, delivery, now, error)


def _outcomes(
    store: Store, backend: MailBackend, compose: Compose, now: Clock, go_on: Callable[[], bool]
) -> Iterator[DeliveryOutcome]:
    """Send what is due, and yield what has become of each message."""
    while go_on():
        claimed_at = now()
        claimed = store.claim(now=claimed_at, lease=LEASE, most=BATCH)
        if not claimed:
            return
        for position, delivery in enumerate(claimed):
            if now() + TIME_FOR_ONE > claimed_at + LEASE:
                break  # somebody else may have claimed the rest by the time it would be sent
            if not go_on():
                _give_back(store, claimed[position:], now)
                break
            try:
                outcome = _try(store, backend, compose, delivery, now)
            except ServerDown as error:
                yield from (_postpone(store, waiting, now, error) for waiting in claimed[position:])
                return
            yield outcome


def _try(
    store: Store, backend: MailBackend, compose: Compose, delivery: Delivery, now: Clock
) -> DeliveryOutcome:
    """Send one message and keep what came of it. Raises ServerDown, with nothing kept."""
    message = delivery.message
    if is_stale(message, now()):
        _log.warning("%s: not sent: the session has begun", message.label)
        store.settle_sent(message, now=now())
        return DeliveryOutcome.DROPPED
    try:
        backend.send(compose(message))
    except TryLater as error:
        return _later(store, delivery, now(), str(error))
    except ServerDown:
        raise
    except (CannotCompose, CannotDeliver) as error:
        _log.error("%s: given up: %s", message.label, error)
        store.settle_failed(message, now=now(), problem=str(error))
        return DeliveryOutcome.FAILED
    except RegisterError as error:  # true of all emails, such as a missing build
        raise ServerDown(str(error)) from error
    except Exception as error:  # noqa: BLE001 - here, where one email is at hand, it holds up no other
        log_places(message.label, error)
        backend.close()  # who knows what the connection is in the middle of
        return _later(store, delivery, now(), type(error).__name__)
    store.settle_sent(message, now=now())
    _log.info("%s: sent", message.label)
    return DeliveryOutcome.SENT


def _later(store: Store, delivery: Delivery, now: datetime, problem: str) -> DeliveryOutcome:
    message = delivery.message
    if delivery.attempts + 1 >= MOST_TRIES:
        _log.error("%s: given up after %s tries: %s", message.label, delivery.attempts + 1, problem)
        store.settle_failed(message, now=now, problem=problem)
        return DeliveryOutcome.FAILED
    due = now + retry_after(delivery.attempts)
    _log.warning("%s: again at %s: %s", message.label, due.isoformat(timespec="seconds"), problem)
    store.settle_later(message, due=due, problem=problem)
    return DeliveryOutcome.LATER


def _postpone(store: Store, delivery: Delivery, now: Clock, error: ServerDown) -> DeliveryOutcome:
    """Keep a message for when the server is back; it is never given up for that, and this counts as no try.

    It waits as long again as it has waited, so that the time between tries doubles here, too.
    """
    tried = now()
    waited = tried - delivery.message.recorded
    due = tried + min(max(waited, FIRST_RETRY), LONGEST_OUTAGE_RETRY)
    _log.warning("%s: again at %s: %s", delivery.message.label, due.isoformat(timespec="seconds"), error)
    store.settle_later(delivery.message, due=due, problem=str(error), counted=False)
    return DeliveryOutcome.LATER


def _give_back(store: Store, deliveries: list[Delivery], now: Clock) -> None:
    """Let others have what was claimed and not tried."""
    for delivery in deliveries:
        store.settle_later(delivery.message, due=now(), problem=delivery.problem or "", counted=False)


def log_places(what: str, error: Exception) -> None:
    """Log an unexpected error: its type and where it was raised, since its words may name a person."""
    places = "".join(traceback.format_tb(error.__traceback__))
    _log.error("%s: %s\n%s", what, type(error).__name__, places)
