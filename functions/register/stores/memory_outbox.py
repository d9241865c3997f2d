# SPDX-License-Identifier: AGPL-3.0-or-later
"""The outbox in plain Python: what its verbs mean, as simply as it can be said."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from register.domain.identity import hash_of
from register.domain.messages import Message, MessageKey
from register.domain.model import ChangedBy
from register.domain.wishes import Wish
from register.stores.deliveries import OVERTAKEN, Delivery, DeliveryFault, turn


class MemoryOutbox:
    """`register.stores.Outbox` in a dictionary, for one thread."""

    def __init__(self) -> None:
        self.outbox: dict[MessageKey, Delivery] = {}
        self.left_until: dict[MessageKey, datetime] = {}
        """When what an erasure has left goes at the latest."""

    def messages_of(self, email: str) -> list[Delivery]:
        """See `Outbox.messages_of`."""
        email_hash = hash_of(email)
        found = [delivery for key, delivery in self.outbox.items() if key.email_hash == email_hash]
        return sorted(found, key=lambda delivery: (delivery.message.session_id, delivery.message.number))

    def pending(self) -> list[Delivery]:
        """See `Outbox.pending`."""
        found = [
            (delivery.due, delivery.message.number, key, delivery)
            for key, delivery in self.outbox.items()
            if delivery.due
        ]
        return [row[-1] for row in sorted(found, key=lambda row: row[:-1])]

    def failed(self) -> list[Delivery]:
        """See `Outbox.failed`."""
        found = [(key, each) for key, each in self.outbox.items() if each.due is None and each.sent is None]
        return [each for _, each in sorted(found, key=lambda row: (row[1].message.recorded, row[0]))]

    def claim(
        self, *, now: datetime, lease: timedelta, slow: bool = True, of: MessageKey | None = None
    ) -> Delivery | None:
        """See `Outbox.claim`."""
        due = sorted((each.due, key[:2]) for key, each in self.outbox.items() if each.due and each.due <= now)
        for address in dict.fromkeys(address for _, address in due) if of is None else [of[:2]]:
            at = turn(self._to(address), now)
            for each in at.overtaken:
                self.settle_sent(each.message, now=now, instead=OVERTAKEN)
            if at.next and (slow or not at.next.slow):
                vanished = at.next.lease is not None
                taken = replace(at.next, lease=now + lease, tried=now, unknown=at.next.unknown + vanished)
                self.outbox[taken.message.key] = taken
                return taken
        return None

    def settle_sent(self, message: Message, *, now: datetime, instead: str | None = None) -> None:
        """See `Outbox.settle_sent`."""
        known = self.outbox.get(message.key)
        if known and known.message.changed_by is ChangedBy.ERASURE:
            del self.outbox[message.key]
        elif known:
            self._settle(replace(known, due=None, sent=now, problem=instead or known.problem))

    def settle_later(
        self, message: Message, *, due: datetime, problem: str, fault: DeliveryFault, slow: bool = False
    ) -> None:
        """See `Outbox.settle_later`."""
        known = self.outbox.get(message.key)
        if known and known.sent is None:
            attempts = known.attempts + (fault is DeliveryFault.MESSAGE) if known.due is not None else 0
            unknown = known.unknown + (fault is DeliveryFault.UNKNOWN)
            failed = replace(known, problem=problem, fault=fault, slow=known.slow or slow)
            self._settle(replace(failed, due=due, attempts=attempts, unknown=unknown))

    def settle_failed(
        self,
        message: Message,
        *,
        now: datetime,  # noqa: ARG002 - the port's
        problem: str,
        fault: DeliveryFault = DeliveryFault.REFUSED,
    ) -> None:
        """See `Outbox.settle_failed`."""
        known = self.outbox.get(message.key)
        if known and known.sent is None:
            attempts = known.attempts + (fault is not DeliveryFault.UNKNOWN)
            unknown = known.unknown + (fault is DeliveryFault.UNKNOWN)
            failed = replace(known, problem=problem, fault=fault)
            self._settle(replace(failed, due=None, attempts=attempts, unknown=unknown))

    def _to(self, address: tuple[str, ...]) -> list[Delivery]:
        """Return the messages to one address about one session."""
        return [each for key, each in self.outbox.items() if key[:2] == address]

    def _settle(self, delivery: Delivery) -> None:
        self.outbox[delivery.message.key] = replace(delivery, lease=None)


class MemoryWishes:
    """`register.stores.Wishes` in a dictionary, for one thread."""

    def __init__(self) -> None:
        self.wished: dict[str, Wish] = {}
        self.wish_leases: dict[str, datetime] = {}

    def record_wish(self, wish: Wish) -> None:
        """See `Wishes.record_wish`."""
        self.wished[wish.wish_id] = wish

    def wishes(self, *, now: datetime) -> list[Wish]:
        """See `Wishes.wishes`."""
        found = [wish for wish in self.wished.values() if wish.expires > now]
        return sorted(found, key=lambda wish: (wish.recorded, wish.wish_id))

    def wishes_of(self, email: str) -> list[Wish]:
        """See `Wishes.wishes_of`."""
        found = [wish for wish in self.wished.values() if wish.email_hash == hash_of(email)]
        return sorted(found, key=lambda wish: (wish.recorded, wish.wish_id))

    def claim_wish(self, *, now: datetime, lease: timedelta, of: str | None = None) -> Wish | None:
        """See `Wishes.claim_wish`."""
        for wish in self.wishes(now=now):
            if of in (None, wish.wish_id) and self.wish_leases.get(wish.wish_id, now) <= now:
                self.wish_leases[wish.wish_id] = now + lease
                return wish
        return None

    def delete_wish(self, wish: Wish) -> None:
        """See `Wishes.delete_wish`."""
        self.wished.pop(wish.wish_id, None)
        self.wish_leases.pop(wish.wish_id, None)
