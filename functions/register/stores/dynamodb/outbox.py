# SPDX-License-Identifier: AGPL-3.0-or-later
"""The outbox in DynamoDB.

A message is in the index's partition of what is to be sent until it is settled. Whoever sends it takes it by
a lease; should they vanish, it is free again when the lease is over.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import uuid4

from register.domain.messages import Message, MessageKey
from register.domain.model import ChangedBy
from register.stores.deliveries import KEPT_AFTER_SENDING, OVERTAKEN, Delivery, DeliveryFault, turn
from register.stores.dynamodb.client import Unmet
from register.stores.dynamodb.items import delivery
from register.stores.dynamodb.keys import FAILED, OUTBOX, Item, message_key, seconds
from register.stores.dynamodb.reading import Reading
from register.stores.errors import Damaged
from register.stores.fields import instant
from register.stores.records import Value

# `holder`: when the answer to a claim was lost, the claim may be made again.
_FREE = "(attribute_not_exists(#lease) OR #lease <= :now"
_TAKEN_AS_READ = f"#due = :due AND {_FREE} OR #holder = :holder)"
_TAKE = "SET #lease = :until, #holder = :holder, #tried = :now, #unknown = :unknown"
_SENT = "SET #sent = :now, #expires = :expires{} REMOVE #due, #lease, #holder, #gsi2pk, #gsi2sk"
_WHY = "#problem = :problem, #fault = :fault"
_DUE = f"#due = :due, {_WHY}, #gsi2pk = :outbox, #gsi2sk = :due{{}} REMOVE #lease, #holder"
_LATER = f"ADD #attempts :tries, #unknown :lost SET {_DUE}"
_ANEW = f"ADD #unknown :lost SET #attempts = :tries, {_DUE}"
_GIVEN_UP = (
    f"ADD #attempts :tries, #unknown :lost SET {_WHY}, #gsi2pk = :failed, #gsi2sk = :now "
    "REMOVE #due, #lease, #holder"
)
_THERE = "attribute_exists(#pk)"
_UNSENT = f"{_THERE} AND attribute_not_exists(#sent)"
_PENDING = "attribute_exists(#due)"
_STILL_UNKNOWN = f"{_PENDING} AND #fault = :fault AND {_FREE})"


class DynamoDBOutbox(Reading):
    """The port's verbs about messages and addresses."""

    def messages_of(self, email: str) -> list[Delivery]:
        """See `Outbox.messages_of`."""
        found = [delivery(item) for item in self.table.fetch(self._keys_of(email, "O#"))]
        return sorted(found, key=lambda each: (each.message.session_id, each.message.number))

    def pending(self) -> list[Delivery]:
        """See `Outbox.pending`."""
        keys = self.table.keys_in("gsi2", "#gsi2pk = :outbox", outbox=OUTBOX)
        found = [delivery(item) for item in self.table.fetch(keys) if "due" in item]
        return sorted(found, key=lambda each: (each.due, each.message.number, each.message.key))

    def failed(self) -> list[Delivery]:
        """See `Outbox.failed`."""
        keys = self.table.keys_in("gsi2", "#gsi2pk = :failed", failed=FAILED)
        items = self.table.fetch(keys)
        return _by_record([delivery(item) for item in items if item.get("gsi2pk") == {"S": FAILED}])

    def claim(
        self, *, now: datetime, lease: timedelta, slow: bool = True, of: MessageKey | None = None
    ) -> Delivery | None:
        """See `Outbox.claim`."""
        for partition in self._due(now) if of is None else [message_key(of)["pk"]["S"]]:
            try:
                found = [delivery(item) for item in self.table.query("#pk = :pk", pk=partition)]
            except Damaged:
                continue  # it holds up nobody else's; `damaged` names it
            at = turn(found, now)
            for each in at.overtaken:
                self._settle_overtaken(each, now)
            if at.next is None or at.next.due is None or (at.next.slow and not slow):
                continue
            if taken := self._take(at.next, at.next.due, now, now + lease):
                return taken
        return None

    def _due(self, now: datetime) -> Iterator[str]:
        """Yield the partitions with messages that are due, each once, that of the message due longest first."""
        condition, seen = "#gsi2pk = :outbox AND #gsi2sk <= :now", set()
        for page in self.table.pages(condition, "gsi2", outbox=OUTBOX, now=instant(now)):
            for item in sorted(page, key=_by_due):
                partition = item["pk"]["S"]
                if partition not in seen:
                    seen.add(partition)
                    yield partition

    def _take(self, next_: Delivery, due: datetime, now: datetime, until: datetime) -> Delivery | None:
        """Take a message as it was read; None if somebody was faster."""
        values: dict[str, Value] = {
            "due": instant(due),
            "now": instant(now),
            "until": instant(until),
            "unknown": next_.unknown + (next_.lease is not None),
            "holder": uuid4().hex,
        }
        take = self.table.update(message_key(next_.message.key), _TAKE, _TAKEN_AS_READ, **values)
        try:
            return delivery(self.table.write(take, returns="ALL_NEW"))
        except Unmet:
            return None

    def _settle_overtaken(self, each: Delivery, now: datetime) -> None:
        fault = DeliveryFault.UNKNOWN.value
        self._settle_sent(each.message, _STILL_UNKNOWN, now, OVERTAKEN, fault=fault)

    def settle_sent(self, message: Message, *, now: datetime, instead: str | None = None) -> None:
        """See `Outbox.settle_sent`."""
        self._settle_sent(message, _THERE, now, instead)

    def _settle_sent(
        self, message: Message, condition: str, now: datetime, instead: str | None, **values: Value
    ) -> None:
        change = _SENT.format(", #problem = :problem" if instead else "")
        values |= {"now": instant(now), "erasure": ChangedBy.ERASURE.value}
        expires = seconds(now + KEPT_AFTER_SENDING)
        unless = f"{condition} AND #changed_by <> :erasure"
        if not self._settle(message, change, unless, expires=expires, problem=instead or "", **values):
            key = message_key(message.key)
            with suppress(Unmet):
                forget = self.table.delete(key, f"{condition} AND #changed_by = :erasure", **values)
                self.table.write(forget)

    def settle_later(
        self, message: Message, *, due: datetime, problem: str, fault: DeliveryFault, slow: bool = False
    ) -> None:
        """See `Outbox.settle_later`."""
        values: dict[str, Value] = {"due": instant(due), "problem": problem, "outbox": OUTBOX, "yes": True}
        values |= {"fault": fault.value, "lost": int(fault is DeliveryFault.UNKNOWN)}
        later, anew = (change.format(", #slow = :yes" if slow else "") for change in (_LATER, _ANEW))
        if not self._settle(message, later, _PENDING, tries=int(fault is DeliveryFault.MESSAGE), **values):
            self._settle(message, anew, _UNSENT, tries=0, **values)

    def settle_failed(
        self, message: Message, *, now: datetime, problem: str, fault: DeliveryFault = DeliveryFault.REFUSED
    ) -> None:
        """See `Outbox.settle_failed`."""
        lost = fault is DeliveryFault.UNKNOWN
        counts = {"tries": int(not lost), "lost": int(lost)}
        values = {"now": instant(now), "problem": problem, "fault": fault.value, "failed": FAILED}
        self._settle(message, _GIVEN_UP, _UNSENT, **counts, **values)

    def _settle(self, message: Message, change: str, condition: str, **values: Value) -> bool:
        """Return whether the condition held; it does not of a message that is gone, as after `erase`."""
        # A transaction for its token: a lost answer must not count an attempt twice.
        try:
            self.table.transact(self.table.update(message_key(message.key), change, condition, **values))
        except Unmet:
            return False
        return True


def _by_due(item: Item) -> tuple[str, str]:
    return item["gsi2sk"]["S"], item["pk"]["S"]


def _by_record(found: list[Delivery]) -> list[Delivery]:
    return sorted(found, key=lambda each: (each.message.recorded, each.message.key))
