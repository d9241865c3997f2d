# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long anything may take, and what comes after what happened to an email: data and pure functions.

`delivery.py` carries out what is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from register.domain import snapshot
from register.domain.messages import Message
from register.domain.notifications import is_stale
from register.stores.deliveries import Delivery, DeliveryFault

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of delivery, all of them."""

    connect: timedelta = 15 * SECOND
    """For a connection and the server's greeting, or its good-bye."""
    command: timedelta = 5 * MINUTE
    """For the answer to one command."""
    after_data: timedelta = 10 * MINUTE
    """For the answer to the email itself (RFC 5321 §4.5.3.2.6); one that is missed brings a second copy."""
    deadline: timedelta = 20 * MINUTE
    """For one email, however often the server says a little."""
    probe: timedelta = 45 * SECOND
    """For the question whether the server is there."""
    margin: timedelta = MINUTE
    """What a lease has besides: the probe, and the store."""
    wish_lease: timedelta = 5 * MINUTE
    """How long a wish that was taken is nobody else's: it is looked up in the store alone."""
    amazon_connect: timedelta = 3 * SECOND
    amazon_answer: timedelta = 20 * SECOND
    """For a connection to SES and for its answer: a call of Lambda has minutes."""
    workers: int = 4
    """How many deliver at the same time; what has run out of time once is tried by one of them alone."""
    stop: timedelta = 60 * SECOND
    """How long a stop waits for the emails in hand."""
    first_retry: timedelta = MINUTE
    longest_retry: timedelta = 6 * HOUR
    most_tries: int = 21
    """An email is given up when it has failed this often by its own fault, which takes three days."""
    longest_outage_wait: timedelta = 15 * MINUTE
    """How long a server that is down is left alone at most."""
    unknown_waits: tuple[timedelta, ...] = (4 * HOUR, 8 * HOUR)
    """How long an email waits that may have arrived: a greylisting server or a slow one has said so by then."""

    @property
    def lease(self) -> timedelta:
        """How long a message that was taken is nobody else's."""
        return self.deadline + self.margin

    @property
    def most_unknown(self) -> int:
        """How many tries there are that may each bring a copy."""
        return len(self.unknown_waits) + 1


POLICY = Policy()


class DeliveryOutcome(StrEnum):
    """What has become of one message."""

    SENT = "sent"
    LATER = "later"
    FAILED = "failed"
    DROPPED = "dropped"
    """Not sent, since nobody has any use for it now."""


@dataclass(frozen=True, slots=True)
class Step:
    """How a try that came to nothing is to be settled."""

    outcome: DeliveryOutcome
    fault: DeliveryFault
    due: datetime | None = None
    """When it is tried again, if it is."""


def after(fault: DeliveryFault, delivery: Delivery, now: datetime, policy: Policy = POLICY) -> Step:
    """Return what comes after a try failed.

    The server's fault leaves a message due: whoever delivers waits, and not each message, so that all go out when
    the server is back.
    """
    if fault is DeliveryFault.SERVER:
        return Step(DeliveryOutcome.LATER, fault, now)
    if fault is DeliveryFault.MESSAGE and delivery.attempts + 1 < policy.most_tries:
        return Step(DeliveryOutcome.LATER, fault, now + retry_after(delivery.attempts, policy))
    if fault is DeliveryFault.UNKNOWN and delivery.unknown + 1 < policy.most_unknown:
        return Step(DeliveryOutcome.LATER, fault, now + policy.unknown_waits[delivery.unknown])
    return Step(DeliveryOutcome.DROPPED if fault is DeliveryFault.STALE else DeliveryOutcome.FAILED, fault)


def may_be_sent(delivery: Delivery, policy: Policy = POLICY) -> bool:
    """Whether one more copy may come of it: those who vanished with a message may have sent it, too."""
    return delivery.unknown < policy.most_unknown


def retry_after(attempts: int, policy: Policy = POLICY) -> timedelta:
    """Return how long a message waits that has failed `attempts` times before: 1, 2, 4 … minutes."""
    return min(policy.first_retry * (1 << min(attempts, 20)), policy.longest_retry)


def outage_wait(failures: int, policy: Policy = POLICY) -> timedelta:
    """Return how long a server is left alone that was down `failures` times in a row before: 1, 2, 4 … minutes."""
    return min(policy.first_retry * (1 << min(failures, 20)), policy.longest_outage_wait)


def is_over(message: Message, now: datetime) -> bool:
    """Whether nobody has any use for an email: its session is over, or it reminds of what has begun.

    Raises what `snapshot.read` raises.
    """
    return (
        is_stale(message, now)
        or snapshot.read(message.snapshot_json, message.label).session.period.end <= now
    )
