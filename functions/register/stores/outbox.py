# SPDX-License-Identifier: AGPL-3.0-or-later
"""The part of the port by which emails go out, and what is asked for is looked up. All instants are in UTC."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from register.domain.messages import Message, MessageKey
from register.domain.wishes import Wish
from register.stores.deliveries import Delivery, DeliveryFault


class Outbox(Protocol):
    """Messages on their way."""

    def messages_of(self, email: str) -> list[Delivery]:
        """Return all messages to an email address that are still there, by session and number."""

    def pending(self) -> list[Delivery]:
        """Return the messages that are still to be sent, by when they are due."""

    def failed(self) -> list[Delivery]:
        """Return the messages that were given up, by when they were recorded."""

    def claim(
        self, *, now: datetime, lease: timedelta, slow: bool = True, of: MessageKey | None = None
    ) -> Delivery | None:
        """Take the message that is due longest and whose turn it is, for the time of the lease; None if there is none.

        Of those due at the same instant, the first by session and hash of the address.

        `deliveries.turn` says whose turn it is; what it calls overtaken is settled. Without `slow`, what has made
        a connection run out of time is left alone. `of` looks at the address and the session of one message only.
        A message whose lease has passed was perhaps handed over by whoever vanished, and counts as `unknown`.
        """

    def settle_sent(self, message: Message, *, now: datetime, instead: str | None = None) -> None:
        """Keep that a message is out, also if it was given up before; or what is so `instead`, as that it is stale.

        What tells of an erasure is deleted.
        """

    def settle_later(
        self, message: Message, *, due: datetime, problem: str, fault: DeliveryFault, slow: bool = False
    ) -> None:
        """Keep that a try has failed, whose fault that was, and when the next one is due.

        One that was given up is due again, and its tries are counted from zero. One that is sent stays sent.
        """

    def settle_failed(
        self, message: Message, *, now: datetime, problem: str, fault: DeliveryFault = DeliveryFault.REFUSED
    ) -> None:
        """Keep that a message is given up, for `register doctor`. One that is sent stays sent."""


class Wishes(Protocol):
    """What email addresses want of which nobody knows yet; whoever delivers looks them up (`register.mail.wishes`)."""

    def record_wish(self, wish: Wish) -> None:
        """Keep a wish: the same writes for every email address."""

    def wishes(self, *, now: datetime) -> list[Wish]:
        """Return the wishes that are still to be looked up, and not too old for that, in their order."""

    def wishes_of(self, email: str) -> list[Wish]:
        """Return the wishes of an email address, in their order."""

    def claim_wish(self, *, now: datetime, lease: timedelta, of: str | None = None) -> Wish | None:
        """Take the oldest wish that is nobody's, for the time of the lease; `of` names one. None if there is none."""

    def delete_wish(self, wish: Wish) -> None:
        """Forget a wish that has been looked up."""
