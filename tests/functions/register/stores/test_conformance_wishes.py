# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every store promises about wishes: taken by one at a time, gone when looked up, erased or too old."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from register.domain.wishes import KEPT, Wish, WishPurpose
from register.stores import Store
from register.stores.dynamodb.keys import read_wish_id, wish_key
from schedule.model import Language
from tests.support.builders import LEASE, opened
from tests.support.constants import NOW, SECOND

EMAIL = "ana@example.net"


def wish(wish_id: str = "w1", **changes: Any) -> Wish:
    """Return what somebody wants on a Spanish page."""
    whole: dict[str, Any] = {
        "wish_id": wish_id,
        "purpose": WishPurpose.LOST_LINK,
        "email": EMAIL,
        "language": Language.SPANISH,
        "recorded": NOW,
    }
    return Wish(**(whole | changes))


def claimed(store: Store, now: datetime, of: str | None = None) -> Wish | None:
    return store.claim_wish(now=now, lease=LEASE, of=of)


def test_a_wish_is_kept_as_it_was_made_and_gone_when_it_was_looked_up(store: Store) -> None:
    first, second = wish(), wish("w2", email="Ben@Example.net", recorded=NOW + SECOND)
    for each in (second, first):
        store.record_wish(each)

    assert store.wishes(now=NOW) == [first, second]
    assert store.wishes_of("BEN@example.net") == [second]
    store.delete_wish(first)
    store.delete_wish(first)
    assert store.wishes(now=NOW) == [second]
    assert store.wishes_of(EMAIL) == []


def test_the_oldest_wish_is_taken_first_and_by_one_at_a_time(store: Store) -> None:
    first, second = wish(), wish("w2", recorded=NOW + SECOND)
    for each in (second, first):
        store.record_wish(each)

    assert [claimed(store, NOW + SECOND) for _ in range(3)] == [first, second, None]
    assert store.wishes(now=NOW) == [first, second]
    # Whoever took them is gone: they are free again.
    assert claimed(store, NOW + SECOND + LEASE - timedelta(microseconds=1)) is None
    assert [claimed(store, NOW + SECOND + LEASE) for _ in range(3)] == [first, second, None]


def test_one_wish_can_be_asked_for_by_its_id(store: Store) -> None:
    first, second = wish(), wish("w2")
    for each in (first, second):
        store.record_wish(each)

    assert [claimed(store, NOW, of=of) for of in ("w2", "w2", "w3")] == [second, None, None]
    assert claimed(store, NOW) == first


def test_a_wish_that_nobody_looked_at_goes_after_a_day(store: Store) -> None:
    store.record_wish(wish())
    last = NOW + KEPT - timedelta(microseconds=1)
    assert len(store.wishes(now=last)) == 1

    assert store.wishes(now=NOW + KEPT) == []
    assert claimed(store, NOW + KEPT) is None
    store.purge(now=last)
    assert claimed(store, last) == wish()


def test_erasing_takes_the_wishes_of_an_address_along_and_leaves_those_of_others(store: Store) -> None:
    opened(store)
    other = wish("w2", email="ben@example.net")
    for each in (wish(), other, wish("w3")):
        store.record_wish(each)

    assert store.erase(EMAIL, now=NOW) == 0
    assert store.wishes(now=NOW) == [other]
    assert store.wishes_of(EMAIL) == []


def test_wishes_are_no_messages(store: Store) -> None:
    store.record_wish(wish())

    assert (store.pending(), store.failed(), store.messages_of(EMAIL)) == ([], [], [])
    assert store.claim(now=NOW + SECOND, lease=LEASE) is None


def test_the_stream_tells_a_wish_by_its_key() -> None:
    key = wish_key(wish("w-1"))

    assert key == {"pk": {"S": "O#WISH#w-1"}, "sk": {"S": "lost-link#2026-11-20T17:00:00.123456+00:00"}}
    assert read_wish_id(key["pk"]["S"]) == "w-1"
    assert read_wish_id("O#2026-12-03-overview#hash") is None
