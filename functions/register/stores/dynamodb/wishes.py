# SPDX-License-Identifier: AGPL-3.0-or-later
"""Wishes in DynamoDB: an item each, in a partition of its own, whose insertion the stream tells of."""

from __future__ import annotations

from datetime import datetime, timedelta

from register.domain.wishes import KEPT, Wish
from register.stores.dynamodb.client import Unmet
from register.stores.dynamodb.items import wish, wish_item
from register.stores.dynamodb.keys import WISHES, Item, wish_key, wish_partition
from register.stores.dynamodb.reading import Reading
from register.stores.fields import instant

_FREE = "attribute_exists(#pk) AND (attribute_not_exists(#lease) OR #lease <= :now)"


class DynamoDBWishes(Reading):
    """`register.stores.Wishes` in a table."""

    def record_wish(self, wish: Wish) -> None:
        """See `Wishes.record_wish`."""
        # Where the answer is lost and somebody has looked it up meanwhile, it comes again, and brings nothing new.
        self.table.write(self.table.put(wish_item(wish)))

    def wishes(self, *, now: datetime) -> list[Wish]:
        """See `Wishes.wishes`."""
        found = map(wish, self.table.fetch(self.table.keys_in("gsi2", "#gsi2pk = :wishes", wishes=WISHES)))
        return _in_order([each for each in found if each.expires > now])

    def wishes_of(self, email: str) -> list[Wish]:
        """See `Wishes.wishes_of`."""
        return _in_order(list(map(wish, self.table.fetch(self._keys_of(email, "O#WISH#")))))

    def claim_wish(self, *, now: datetime, lease: timedelta, of: str | None = None) -> Wish | None:
        """See `Wishes.claim_wish`."""
        values = {"now": instant(now), "until": instant(now + lease)}
        for key in self._keys_of_wishes(of):
            if key["sk"]["S"].partition("#")[2] <= instant(now - KEPT):
                continue  # time to live comes late
            try:
                taken = self.table.write(
                    self.table.update(key, "SET #lease = :until", _FREE, **values), returns="ALL_NEW"
                )
            except Unmet:
                continue  # it is somebody's, or gone
            return wish(taken)  # one that cannot be read stays taken, and so holds up no other
        return None

    def delete_wish(self, wish: Wish) -> None:
        """See `Wishes.delete_wish`."""
        self.table.write(self.table.delete(wish_key(wish)))

    def _keys_of_wishes(self, of: str | None) -> list[Item]:
        """Return the key of one wish from the table itself, or of all from the index, the oldest first."""
        if of is None:
            items = self.table.query("#gsi2pk = :wishes", "gsi2", wishes=WISHES)
        else:
            items = self.table.query("#pk = :pk", pk=wish_partition(of))
        return [{"pk": item["pk"], "sk": item["sk"]} for item in items]


def _in_order(wishes: list[Wish]) -> list[Wish]:
    return sorted(wishes, key=lambda each: (each.recorded, each.wish_id))
