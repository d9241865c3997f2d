# SPDX-License-Identifier: AGPL-3.0-or-later
"""The outbox in DynamoDB.

A message is in the index's partition of what is to be sent until it is settled. Whoever sends it takes it by
a lease; should they vanish, it is free again when the lease is over.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from register.domain.model import Message, MessageKey
from register.stores import KEPT_AFTER_SENDING, Delivery, held_back
from register.stores.dynamodb.client import Unmet
from register.stores.dynamodb.items import (
    FAILED,
    OUTBOX,
    Item,
    Value,
    delivery,
    instant,
    message_key,
    seconds,
)
from register.stores.dynamodb.reading import Reading

# `holder`: when the answer to a claim was lost, the claim may be made again.
_FREE = "#due <= :now AND (attribute_not_exists(#lease) OR #lease <= :now OR #holder = :holder)"
_TAKE = "SET #lease = :until, #holder = :holder"
_SENT = "SET #sent = :now, #expires = :expires REMOVE #due, #lease, #holder, #gsi2pk, #gsi2sk"
_DUE = "#due = :due, #problem = :problem, #gsi2pk = :outbox, #gsi2sk = :due REMOVE #lease, #holder"
_LATER = f"ADD #attempts :tries SET {_DUE}"
_ANEW = f"SET #attempts = :tries, {_DUE}"
_GIVEN_UP = "ADD #attempts :one SET #problem = :problem, #gsi2pk = :failed, #gsi2sk = :now REMOVE #due, #lease, #holder"
_THERE = "attribute_exists(#pk)"
_UNSENT = f"{_THERE} AND attribute_not_exists(#sent)"
_PENDING = "attribute_exists(#due)"


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

    def claim(self, *, now: datetime, lease: timedelta, most: int) -> list[Delivery]:
        """See `Outbox.claim`."""
        holder = uuid4().hex
        taken: list[Delivery] = []
        condition = "#gsi2pk = :outbox AND #gsi2sk <= :now"
        for page in self.table.pages(condition, "gsi2", outbox=OUTBOX, now=instant(now)):
            for item in sorted(page, key=_by_due):
                if len(taken) == most:
                    return taken
                claimed = self._take({"pk": item["pk"], "sk": item["sk"]}, holder, now, lease)
                if claimed is not None:
                    taken.append(claimed)
        return taken

    def claim_one(self, key: MessageKey, *, now: datetime, lease: timedelta) -> Delivery | None:
        """See `Outbox.claim_one`."""
        return self._take(message_key(key), uuid4().hex, now, lease)

    def settle_sent(self, message: Message, *, now: datetime) -> None:
        """See `Outbox.settle_sent`."""
        self._settle(message, _SENT, _THERE, now=instant(now), expires=seconds(now + KEPT_AFTER_SENDING))

    def settle_later(self, message: Message, *, due: datetime, problem: str, counted: bool = True) -> None:
        """See `Outbox.settle_later`."""
        values: dict[str, Value] = {"due": instant(due), "problem": problem, "outbox": OUTBOX}
        if not self._settle(message, _LATER, _PENDING, tries=int(counted), **values):
            self._settle(message, _ANEW, _UNSENT, tries=0, **values)

    def settle_failed(self, message: Message, *, now: datetime, problem: str) -> None:
        """See `Outbox.settle_failed`."""
        self._settle(message, _GIVEN_UP, _UNSENT, one=1, now=instant(now), problem=problem, failed=FAILED)

    def _take(self, key: Item, holder: str, now: datetime, lease: timedelta) -> Delivery | None:
        if self._waits(key):
            return None
        times = {"now": instant(now), "until": instant(now + lease)}
        take = self.table.update(key, _TAKE, _FREE, holder=holder, **times)
        try:
            return delivery(self.table.write(take, returns="ALL_NEW"))
        except Unmet:
            return None

    def _waits(self, key: Item) -> bool:
        """Whether a message is held back; what has a lower number has long been written."""
        items = self.table.query("#pk = :pk", pk=key["pk"]["S"])
        pending = [delivery(item) for item in items]
        own = next((each.message for each in pending if message_key(each.message.key) == key), None)
        return own is not None and held_back(own, pending)

    def _settle(self, message: Message, change: str, condition: str, **values: Value) -> bool:
        """Return whether the condition held; it does not of a message that is gone, as after `erase`."""
        # A transaction for its token: a lost answer must not count an attempt twice.
        try:
            self.table.transact(self.table.update(message_key(message.key), change, condition, **values))
        except Unmet:
            return False
        return True


def _by_due(item: Item) -> tuple[str, str, str]:
    return item["gsi2sk"]["S"], item["pk"]["S"].rsplit("#", 1)[0], item["sk"]["S"]


def _by_record(found: list[Delivery]) -> list[Delivery]:
    return sorted(found, key=lambda each: (each.message.recorded, each.message.key))


def _text(item: Item) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]
