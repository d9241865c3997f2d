# SPDX-License-Identifier: AGPL-3.0-or-later
"""The outbox in DynamoDB, and what is known of one address.

A message is in the index's partition of what is to be sent until it is settled. Whoever sends it takes it by
a lease; should they vanish, it is free again when the lease is over.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from register.domain.model import Message, State, address_of
from register.domain.rules import NAMES_FOR_ONE_ADDRESS
from register.stores import KEPT_AFTER_SENDING, Delivery, StoreError, held_back
from register.stores.dynamodb.client import Unmet
from register.stores.dynamodb.items import (
    FAILED,
    OUTBOX,
    Item,
    Value,
    address_key,
    delivery,
    instant,
    key_of,
    message_key,
    occupancy,
    registration,
    registration_key,
    seconds,
    session_key,
    waiting_key,
)
from register.stores.dynamodb.reading import UNCHANGED, Reading

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


class Outbox(Reading):
    """The port's verbs about messages and addresses."""

    def messages_of(self, email: str) -> list[Delivery]:
        """See `Store.messages_of`."""
        return _by_record([delivery(item) for item in self.table.fetch(self._keys_of(email, "O#"))])

    def pending(self) -> list[Delivery]:
        """See `Store.pending`."""
        keys = self.table.keys_in("gsi2", "#gsi2pk = :outbox", outbox=OUTBOX)
        found = [delivery(item) for item in self.table.fetch(keys) if "due" in item]
        return sorted(found, key=lambda one: (one.due, one.message.key))

    def failed(self) -> list[Delivery]:
        """See `Store.failed`."""
        keys = self.table.keys_in("gsi2", "#gsi2pk = :failed", failed=FAILED)
        items = self.table.fetch(keys)
        return _by_record([delivery(item) for item in items if item.get("gsi2pk") == {"S": FAILED}])

    def claim(self, *, now: datetime, lease: timedelta, most: int) -> list[Delivery]:
        """See `Store.claim`."""
        holder = uuid4().hex
        taken: list[Delivery] = []
        condition = "#gsi2pk = :outbox AND #gsi2sk <= :now"
        for page in self.table.pages(condition, "gsi2", outbox=OUTBOX, now=instant(now)):
            for item in sorted(page, key=_by_due):
                if len(taken) == most:
                    return taken
                one = self._take({"pk": item["pk"], "sk": item["sk"]}, holder, now, lease)
                if one is not None:
                    taken.append(one)
        return taken

    def claim_one(
        self,
        session_id: str,
        identity: str,
        registration_id: str,
        kind: str,
        occasion: str,
        *,
        now: datetime,
        lease: timedelta,
    ) -> Delivery | None:
        """See `Store.claim_one`."""
        return self._take(
            message_key(session_id, identity, registration_id, kind, occasion), uuid4().hex, now, lease
        )

    def settle_sent(self, message: Message, *, now: datetime) -> None:
        """See `Store.settle_sent`."""
        self._settle(message, _SENT, _THERE, now=instant(now), expires=seconds(now + KEPT_AFTER_SENDING))

    def settle_later(self, message: Message, *, due: datetime, problem: str, counted: bool = True) -> None:
        """See `Store.settle_later`."""
        values: dict[str, Value] = {"due": instant(due), "problem": problem, "outbox": OUTBOX}
        if not self._settle(message, _LATER, _PENDING, tries=int(counted), **values):
            self._settle(message, _ANEW, _UNSENT, tries=0, **values)

    def settle_failed(self, message: Message, *, now: datetime, problem: str) -> None:
        """See `Store.settle_failed`."""
        self._settle(message, _GIVEN_UP, _UNSENT, one=1, now=instant(now), problem=problem, failed=FAILED)

    def bounced(self, email: str, problem: str, *, now: datetime) -> int:  # noqa: ARG002 - the port's
        """See `Store.bounced`."""
        number = 0
        for key in self._keys_of(email, "R#"):
            try:
                self.table.write(self.table.update(key, "SET #bounced = :problem", _THERE, problem=problem))
            except Unmet:
                continue  # the index has not heard yet that it is gone
            number += 1
        return number

    def erase(self, email: str, *, now: datetime) -> int:
        """See `Store.erase`."""
        found = [registration(item) for item in self.table.fetch(self._keys_of(email, "R#"))]
        active = {one.session_id for one in found if one.state is not State.CANCELLED}
        there = [occupancy(item) for item in self.table.fetch([session_key(one) for one in sorted(active)])]
        if any(one.terms.ends > now for one in there):
            raise StoreError("a registration of this address is active still; cancel it first")
        # Listed before the registrations go: what a new sign-up writes meanwhile is none of these.
        messages = {_text(key): key for key in self._keys_of(email, "O#")}
        for one in found:  # the index of messages may lag, the table does not
            for item in self.table.query("#pk = :pk", pk=f"O#{one.session_id}#{one.identity}"):
                messages[_text(item)] = {"pk": item["pk"], "sk": item["sk"]}
        for one in found:
            key = registration_key(one.session_id, one.identity)
            if not self._delete(key, UNCHANGED, registration_id=one.registration_id, state=one.state):
                raise StoreError("a registration of this address has just become active; cancel it first")
            if one.queue_number is not None:
                self._delete(
                    waiting_key(one.session_id, one.queue_number),
                    "#registration_id = :registration_id",
                    registration_id=one.registration_id,
                )
            # What was active is over, and nobody signs up there with this address any more.
            names = NAMES_FOR_ONE_ADDRESS if one.session_id in active else 0
            self._delete(address_key(one.session_id, address_of(email)), "#n <= :names", names=names)
        for key in messages.values():
            self.table.write(self.table.delete(key))
        return len(found)

    def _delete(self, key: Item, condition: str, **values: Value) -> bool:
        try:
            self.table.write(self.table.delete(key, condition, **values))
        except Unmet as unmet:
            return not unmet.items[0]
        return True

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
        """Whether a message is held back; what was recorded before it has long been written."""
        same = "#pk = :pk AND begins_with(#sk, :registration_id)"
        items = self.table.query(
            same, pk=key["pk"]["S"], registration_id=key["sk"]["S"].partition("#")[0] + "#"
        )
        found = [delivery(item) for item in items]
        return any(key_of(one.message) == key and held_back(one.message, found) for one in found)

    def _settle(self, message: Message, change: str, condition: str, **values: Value) -> bool:
        """Return whether the condition held; it does not of a message that is gone, as after `erase`."""
        # A transaction for its token: a lost answer must not count an attempt twice.
        try:
            self.table.transact(self.table.update(key_of(message), change, condition, **values))
        except Unmet:
            return False
        return True


def _by_due(item: Item) -> tuple[str, str, str]:
    return item["gsi2sk"]["S"], item["pk"]["S"].rsplit("#", 1)[0], item["sk"]["S"]


def _by_record(found: list[Delivery]) -> list[Delivery]:
    return sorted(found, key=lambda one: (one.message.recorded, one.message.key))


def _text(item: Item) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]
