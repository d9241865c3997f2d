# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far messages are on their way, and what follows from that: whose turn it is, and what is stuck."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from register.domain.messages import Message
from register.domain.model import ChangedBy, Kind
from register.domain.wishes import Wish

STUCK_AFTER = timedelta(minutes=30)
"""How long an email may wait through no fault of its own before somebody should hear of it."""

KEPT_AFTER_SENDING = timedelta(days=7)
"""How long an email that was sent stays, so that it is not written twice; then the personal data in it goes."""

KEPT_AFTER_ERASING = timedelta(days=3)
"""How long the address stays to which a cancellation could not be sent yet."""

LEFT_BY_ERASURE = (Kind.CANCELLATION, Kind.ADDRESS_CHANGED)
"""The emails that an erasure leaves while they are still to be sent: they take an event out of a calendar."""

OVERTAKEN = "unknown, overtaken"
"""What stands beside a message that may have arrived, and that a newer one makes needless."""


class DeliveryFault(StrEnum):
    """Why a try of a message came to nothing."""

    MESSAGE = "message"
    """This message's own, and it may pass; others went on."""
    SERVER = "server"
    """The email server's, or ours: no message could be sent."""
    UNKNOWN = "unknown"
    """All of it was handed over, and no answer came: it may have arrived."""
    REFUSED = "refused"
    """This message's own, for good."""
    STALE = "stale"
    """Nobody has any use for it now."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far a message is on its way."""

    message: Message
    due: datetime | None
    """When it is to be tried (again); None once it is sent or given up."""
    attempts: int = 0
    """How often it has failed by its own fault."""
    problem: str | None = None
    """What went wrong the last time."""
    sent: datetime | None = None
    fault: DeliveryFault | None = None
    """Whose fault the last failure was."""
    unknown: int = 0
    """How many tries ended so that it may have arrived: without an answer, or with whoever tried gone."""
    slow: bool = False
    """Whether it has ever made a connection run out of time."""
    lease: datetime | None = field(default=None, compare=False)
    """Until when it is somebody's; one that has passed means that they vanished."""
    tried: datetime | None = field(default=None, compare=False)
    """When it was last taken."""

    def is_taken(self, now: datetime) -> bool:
        """Whether somebody is at it."""
        return self.lease is not None and self.lease > now


@dataclass(frozen=True, slots=True)
class Turn:
    """What is to be done about the messages to one address about one session."""

    overtaken: tuple[Delivery, ...]
    """What is settled as OVERTAKEN and holds nothing back."""
    next: Delivery | None
    """What may be taken now."""


def turn(deliveries: Iterable[Delivery], now: datetime) -> Turn:
    """Return whose turn it is among the messages to one address about one session.

    They go out one at a time in the order of their numbers: Thunderbird makes a canceled event again from a late
    REQUEST. One that has failed is due at once when a newer one comes; one that may have arrived is not: the
    newer one takes its place. Only where the newer one says nothing to the calendar, and it does, it keeps its time,
    and lets the newer one pass.
    """
    pending = sorted((each for each in deliveries if each.due is not None), key=_number)
    unknown = [each for each in pending if each.fault is DeliveryFault.UNKNOWN and not each.is_taken(now)]
    overtaken = tuple(each for each in unknown if any(_replaces(newer, each) for newer in pending))
    left = [each for each in pending if each not in overtaken]
    if any(each.is_taken(now) for each in left):
        return Turn(overtaken, None)
    left = [each for each in left if each not in unknown or _is_due(each, now)]
    if not left:
        return Turn(overtaken, None)
    first, tried = left[0], left[0].tried
    hurried = tried is not None and any(each.message.recorded > tried for each in left[1:])
    return Turn(overtaken, first if hurried or _is_due(first, now) else None)


def left_by_erasure(deliveries: Iterable[Delivery], now: datetime) -> list[Delivery]:
    """Return what stays of the messages to one address about one session when that address is erased.

    One of `LEFT_BY_ERASURE` that is still to be sent, with the address alone: else the event would stay in a
    calendar. One tells all people of the address, since it names none, and of no seat on another date, since that
    is erased, too. It does not go out while something is being sent that is deleted: a late invitation would make the
    event again.
    """
    found = list(deliveries)
    unsent = [each for each in found if each.due is not None and each.message.kind in LEFT_BY_ERASURE]
    kept = sorted(unsent, key=lambda each: (each.message.method is not None, each.message.number))[-1:]
    leases = [each.lease for each in found if each.lease and each.is_taken(now) and each not in kept]
    return [
        replace(
            each,
            message=replace(each.message, name="", changed_by=ChangedBy.ERASURE, other_snapshot_json=None),
            due=max(each.due, *leases) if each.due and leases else each.due,
        )
        for each in kept
    ]


def held_back(message: Message, pending: Iterable[Delivery]) -> bool:
    """Whether an older email to the same address about the same session is still to be sent before it."""
    return any(
        delivery.due is not None
        and delivery.fault is not DeliveryFault.UNKNOWN
        and delivery.message.key[:2] == message.key[:2]
        and delivery.message.number < message.number
        for delivery in pending
    )


def stuck(pending: Sequence[Delivery], wishes: Iterable[Wish], now: datetime) -> list[datetime]:
    """Return since when emails wait that should have been sent, or looked up, long ago, the oldest first.

    Not what has failed by its own fault, nor what waits for that: nothing that a visitor does makes an email stuck.
    What their mailbox refuses fails by its own fault, and a wish waits for the store alone.
    """
    emails = [
        delivery.message.recorded
        for delivery in pending
        if delivery.due is not None
        and delivery.fault in (None, DeliveryFault.SERVER)
        and not held_back(delivery.message, pending)
    ]
    waiting = [*emails, *(wish.recorded for wish in wishes)]
    return sorted(recorded for recorded in waiting if recorded <= now - STUCK_AFTER)


def _replaces(newer: Delivery, unknown: Delivery) -> bool:
    """Whether a newer message makes one needless that may have arrived: it says as much to the calendar.

    None says what staff write, nor what they are told.
    """
    if newer.message.kind.stands_alone or unknown.message.kind.stands_alone:
        return False
    is_newer = newer.message.number > unknown.message.number
    return is_newer and (newer.message.method is not None or unknown.message.method is None)


def _is_due(delivery: Delivery, now: datetime) -> bool:
    return delivery.due is not None and delivery.due <= now


def _number(delivery: Delivery) -> int:
    return delivery.message.number
