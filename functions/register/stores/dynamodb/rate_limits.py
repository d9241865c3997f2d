# SPDX-License-Identifier: AGPL-3.0-or-later
"""Limits in DynamoDB: one item each, with a counter and the newest hits, as many as the limit lets through."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from register.domain.rate_limits import Limit
from register.stores.dynamodb.client import Unmet
from register.stores.dynamodb.expressions import Action
from register.stores.dynamodb.keys import Item, key, pack, seconds, unpack
from register.stores.dynamodb.reading import Reading
from register.stores.fields import Record
from register.stores.records import LIMIT

_ABSENT = "attribute_not_exists(#pk)"
_AS_READ = "#counter = :counter"
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


class RateLimits(Reading):
    """The port's verb that counts."""

    def count(self, limits: Sequence[Limit], *, now: datetime) -> None:
        """See `Registrations.count`."""
        if not limits:
            return
        keys = [_key(limit) for limit in limits]
        for _ in self.table.rounds("limits"):
            found = {item["pk"]["S"]: item for item in self.table.fetch(keys)}
            # Each is asked before anything is written.
            actions = [self._hit(limit, found.get(f"L#{limit.key}"), now) for limit in limits]
            try:
                # A transaction also where it is one item: only these have a token, and a lost answer counts once.
                self.table.transact(*actions)
            except Unmet:
                continue  # somebody was faster: read again
            return
        raise AssertionError  # rounds() has raised

    def _hit(self, limit: Limit, item: Item | None, now: datetime) -> Action:
        """Return the write of one more hit, under the condition that none was counted meanwhile.

        Raises LimitReached.
        """
        counter, known = (0, []) if item is None else ring(item)
        hits = limit.hit(known, now)
        values = pack({"counter": counter + 1, "expires": seconds(limit.expires(hits))})
        slots: Item = {"hits": {"L": [{"N": str((hit - _EPOCH) // _MICROSECOND)} for hit in hits]}}
        whole = _key(limit) | values | slots
        if item is None:
            return self.table.put(whole, _ABSENT)
        return self.table.put(whole, _AS_READ, counter=counter)


def _key(limit: Limit) -> Item:
    return key(f"L#{limit.key}", "RING")


def ring(item: Item) -> tuple[int, list[datetime]]:
    """Return the counter and the hits of a limit. Raises Damaged."""
    record = Record(LIMIT, unpack(item))
    try:
        numbers = [int(hit["N"]) for hit in item["hits"]["L"]]
        return record.number("counter"), [_EPOCH + number * _MICROSECOND for number in numbers]
    except (TypeError, KeyError, ValueError, OverflowError):
        raise record.damaged("hits", "are no instants") from None
