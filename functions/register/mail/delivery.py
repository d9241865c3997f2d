# SPDX-License-Identifier: AGPL-3.0-or-later
"""Delivery of what the outbox holds: one message after the other, none lost, and none late for another's sake.

`policy.py` decides what comes next; here it is carried out.
"""

from __future__ import annotations

import logging
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from register.domain.errors import RegisterError, UnknownSession
from register.domain.messages import Message, MessageKey, Method
from register.domain.snapshot import UnreadableSnapshot
from register.domain.staff import StaffMember
from register.domain.staff_messages import STAFF
from register.domain.staff_news import NothingToSay
from register.mail import wishes
from register.mail.backends.base import (
    CannotDeliver,
    Interrupted,
    MailBackend,
    ServerDown,
    TryLater,
    Unanswered,
)
from register.mail.compose import FAULTS, CannotCompose
from register.mail.outgoing import Email
from register.mail.policy import POLICY, DeliveryOutcome, Policy, after, is_over, may_be_sent
from register.mail.staff import for_each
from register.stores import Store
from register.stores.deliveries import Delivery, DeliveryFault
from register.stores.errors import Damaged

Compose = Callable[[Message], Email]
Clock = Callable[[], datetime]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """How many messages had each outcome, and whether the server was down in the end."""

    sent: int = 0
    later: int = 0
    failed: int = 0
    dropped: int = 0
    down: bool = False


class _Failure(NamedTuple):
    """Why a message did not go out."""

    fault: DeliveryFault
    problem: str
    slow: bool = False
    """Whether it made the connection run out of time."""
    down: bool = False
    """Whether the server is down, so that no other message should be tried now."""


class Tried(NamedTuple):
    """What came of one message, and whether the server is down."""

    outcome: DeliveryOutcome
    down: bool


@dataclass(slots=True)
class Courier:
    """Takes messages from the outbox one at a time, and hands each over; not for several threads at once."""

    store: Store
    backend: MailBackend
    compose: Compose
    now: Clock
    policy: Policy = POLICY
    staff: Callable[[], Sequence[StaffMember]] = tuple
    """Gives who is staff; raises RegisterError where that is not known."""
    in_hand: Delivery | None = field(default=None, init=False)
    """What is being sent; others may look."""

    def deliver_next(self, *, slow: bool = True, of: MessageKey | None = None) -> Tried | None:
        """Deliver the next message whose turn it is, as `Outbox.claim` says; None if there is none.

        Raises StoreError: then the message is somebody's again when the lease is over.
        """
        delivery = self.store.claim(now=self.now(), lease=self.policy.lease, slow=slow, of=of)
        if delivery is None:
            return None
        self.in_hand = delivery
        try:
            failure = self._try(delivery)
            return Tried(self._settle(delivery, failure), failure is not None and failure.down)
        finally:
            self.in_hand = None

    def deliver_all(
        self, go_on: Callable[[], bool] = lambda: True, *, slow: bool = True, of: MessageKey | None = None
    ) -> DeliveryReport:
        """Deliver until nothing is left, the server is down, or `go_on` says no. Raises StoreError."""
        outcomes: Counter[str] = Counter()
        down = False
        while not down and go_on() and (tried := self.deliver_next(slow=slow, of=of)):
            outcomes[tried.outcome.value] += 1
            down = tried.down
        return DeliveryReport(**outcomes, down=down)

    def look_up_wishes(self, go_on: Callable[[], bool] = lambda: True) -> None:
        """Record the emails that people have asked for, as `wishes.look_up` does. Raises StoreError."""
        wishes.look_up(self.store, now=self.now, lease=self.policy.wish_lease, staff=self.staff, go_on=go_on)

    def give_up(self) -> None:
        """Keep of what is in hand that it may have arrived, as the process is about to end. Raises StoreError."""
        if (delivery := self.in_hand) is not None:
            problem = "stopped before the server answered; it may have arrived"
            self._settle(delivery, _Failure(DeliveryFault.UNKNOWN, problem, slow=True))

    def _try(self, delivery: Delivery) -> _Failure | None:
        """Hand one message over; return why that failed, if it did."""
        message = delivery.message
        if not may_be_sent(delivery, self.policy):
            return _Failure(DeliveryFault.UNKNOWN, "nobody knows whether it has arrived")
        try:
            if message.email == STAFF:
                return self._pass_on(message)
            if not message.kind.for_staff and self._is_over(message):
                return _Failure(
                    DeliveryFault.STALE, "not sent: the session is over, or what it reminds of has begun"
                )
            email = self.compose(message)
        except (CannotCompose, UnreadableSnapshot) as error:
            return _Failure(DeliveryFault.REFUSED, str(error))
        except NothingToSay as error:
            return _Failure(DeliveryFault.STALE, str(error))
        except RegisterError as error:
            if message.kind.for_staff:
                # As where the list of staff cannot be read, which holds up nobody else.
                return _Failure(DeliveryFault.MESSAGE, str(error))
            # True of all emails, such as a missing build.
            return _Failure(DeliveryFault.SERVER, str(error), down=True)
        except FAULTS as error:
            return _Failure(DeliveryFault.REFUSED, str(CannotCompose(message, error)))
        return self._hand_over(message, email)

    def _pass_on(self, message: Message) -> _Failure | None:
        """Record a message to all of staff for each of them who wants it. Raises RegisterError."""
        passed_on = for_each(message, self.staff(), self.store)
        if not passed_on:
            return _Failure(DeliveryFault.STALE, "nobody among staff gets these")
        self.store.record(passed_on)
        return None

    def _is_over(self, message: Message) -> bool:
        """Whether nobody has any use for an email, also since its session was moved to a time that has passed by now.

        A CANCEL goes by what it says itself: it takes an event out of a calendar that stands there at that time.
        """
        now = self.now()
        if is_over(message, now):
            return True
        if message.method is Method.CANCEL:
            return False
        try:
            return self.store.session(message.session_id).terms.ends <= now
        except (UnknownSession, Damaged):
            return False  # it was withdrawn, or the doctor tells of it

    def _hand_over(self, message: Message, email: Email) -> _Failure | None:
        try:
            self.backend.send(email)
        except Interrupted as error:
            return self._probed(_Failure(DeliveryFault.MESSAGE, str(error), slow=error.timed_out))
        except Unanswered as error:
            return self._probed(_Failure(DeliveryFault.UNKNOWN, str(error), slow=error.timed_out))
        except TryLater as error:
            return _Failure(DeliveryFault.MESSAGE, str(error))
        except CannotDeliver as error:
            return _Failure(DeliveryFault.REFUSED, str(error))
        except ServerDown as error:
            return _Failure(DeliveryFault.SERVER, str(error), down=True)
        except Exception as error:  # noqa: BLE001 - here, where one email is at hand, it holds up no other
            log_places(message.label, error)
            self.backend.close()  # who knows what the connection is in the middle of
            return _Failure(DeliveryFault.MESSAGE, type(error).__name__)
        return None

    def _probed(self, failure: _Failure) -> _Failure:
        """Ask whether the server is there: if it is not, that is no fault of the message; unknown stays unknown."""
        try:
            self.backend.probe()
        except ServerDown as error:
            _log.warning("the email server is down: %s", error)
            if failure.fault is DeliveryFault.MESSAGE:
                return _Failure(DeliveryFault.SERVER, failure.problem, down=True)
            return failure._replace(down=True)
        return failure

    def _settle(self, delivery: Delivery, failure: _Failure | None) -> DeliveryOutcome:
        """Keep what came of a try."""
        message, now = delivery.message, self.now()
        if failure is None:
            self.store.settle_sent(message, now=now)
            _log.info("%s: sent", message.label)
            return DeliveryOutcome.SENT
        step = after(failure.fault, delivery, now, self.policy)
        if step.due is not None:
            again = step.due.isoformat(timespec="seconds")
            when = (
                "again when the server is back" if step.fault is DeliveryFault.SERVER else f"again at {again}"
            )
            _log.warning("%s: %s: %s", message.label, when, failure.problem)
            self.store.settle_later(
                message, due=step.due, problem=failure.problem, fault=step.fault, slow=failure.slow
            )
        elif step.outcome is DeliveryOutcome.DROPPED:
            # Staff are told when there is something to tell; on most days there is nothing, and nothing is wrong.
            level = logging.INFO if message.kind.for_staff else logging.WARNING
            _log.log(level, "%s: %s", message.label, failure.problem)
            self.store.settle_sent(message, now=now, instead=failure.problem)
        else:
            _log.error("%s: given up: %s", message.label, failure.problem)
            self.store.settle_failed(message, now=now, problem=failure.problem, fault=step.fault)
        return step.outcome


def deliver(
    store: Store,
    backend: MailBackend,
    compose: Compose,
    *,
    now: Clock,
    go_on: Callable[[], bool] = lambda: True,
    policy: Policy = POLICY,
    staff: Callable[[], Sequence[StaffMember]] = tuple,
) -> DeliveryReport:
    """Look up what people ask for, send what is due, and close the connection at the end. Raises StoreError."""
    try:
        courier = Courier(store, backend, compose, now, policy, staff)
        courier.look_up_wishes(go_on)
        return courier.deliver_all(go_on)
    finally:
        backend.close()


def log_places(what: str, error: Exception) -> None:
    """Log an unexpected error: its type and where it was raised, since its words may name a person."""
    places = "".join(traceback.format_tb(error.__traceback__))
    _log.error("%s: %s\n%s", what, type(error).__name__, places)
