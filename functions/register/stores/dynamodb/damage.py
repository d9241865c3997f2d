# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads every item of the table, as `register doctor` wants it: what cannot be read, or is found by no index."""

from __future__ import annotations

from collections.abc import Callable

from register.stores import checks, records
from register.stores.dynamodb.items import (
    account,
    beside_record,
    counts,
    message_record,
    registration_record,
    session_record,
    tally_record,
    trail_record,
    wish_record,
)
from register.stores.dynamodb.keys import (
    COUNTS,
    FAILED,
    OUTBOX,
    SESSIONS,
    STAFF,
    WISHES,
    Item,
    read_message_key,
    read_wish_id,
    unpack,
)
from register.stores.dynamodb.rate_limits import ring
from register.stores.dynamodb.reading import Reading
from register.stores.errors import Damaged, StoreError
from register.stores.fields import Record, What, instant


class Damage(Reading):
    """The port's verb that looks for damage."""

    def damaged(self) -> list[StoreError]:
        """See `Store.damaged`."""
        found: list[StoreError] = []
        for item in self.table.scan():
            try:
                _check(item)
            except Damaged as error:
                found.append(error)
        return found


def _check(item: Item) -> None:
    """Check one item. Raises Damaged."""
    pk, sk = item["pk"]["S"], item["sk"]["S"]
    kind = next((check for is_it, check in _KINDS if is_it(pk, sk)), None)
    if kind is None:
        raise Damaged(f"item {pk} {sk}", "pk", "is of no kind that this program knows")
    kind(item)


def _session(item: Item) -> None:
    record = session_record(item)
    checks.session(record)
    terms = records.occupancy(record).terms
    if record.text("fingerprint") != terms.fingerprint:
        raise record.damaged("fingerprint", "is not that of its terms")
    record.flag("renew")
    _indexed(record, SESSIONS, instant(terms.starts))
    _expires(records.SESSION, item)


def _registration(item: Item) -> None:
    checks.registration(registration_record(item))
    _expires(records.REGISTRATION, item)


def _beside(item: Item) -> None:
    record = beside_record(item)
    record.text("registration_id")
    _expires(record.what, item)


def _tally(item: Item) -> None:
    checks.tally(tally_record(item))
    _expires(records.TALLY, item)


def _trail(item: Item) -> None:
    checks.trail_entry(trail_record(item))
    _expires(records.TRAIL, item)


def _message(item: Item) -> None:
    record = message_record(item)
    checks.message(record)
    record.text_if_any("holder")
    record.number_if_any("left_until")
    delivery = records.delivery(record)
    if delivery.due is not None:
        _indexed(record, OUTBOX)
    elif delivery.sent is None:
        _indexed(record, FAILED)
    _expires(records.MESSAGE, item)


def _wish(item: Item) -> None:
    record = wish_record(item)
    checks.wish(record)
    record.moment_if_any("lease")
    _indexed(record, WISHES)
    _expires(records.WISH, item)


def _limit(item: Item) -> None:
    ring(item)
    _expires(records.LIMIT, item)


def _account(item: Item) -> None:
    account(item)


def _counts(item: Item) -> None:
    counts(item)


def _indexed(record: Record, partition: str, order: str | None = None) -> None:
    """Check that an index finds it."""
    if record.text("gsi2pk") != partition:
        raise record.damaged("gsi2pk", f"is not {partition}")
    if order is None:
        record.moment("gsi2sk")
    elif record.text("gsi2sk") != order:
        raise record.damaged("gsi2sk", "is not its start")


def _expires(what: What, item: Item) -> None:
    Record(what, unpack(item)).number("expires")


_KINDS: tuple[tuple[Callable[[str, str], bool], Callable[[Item], None]], ...] = (
    (lambda pk, sk: pk.startswith("S#") and sk == "META", _session),
    (lambda pk, sk: pk.startswith("S#") and sk.startswith("R#"), _registration),
    (lambda pk, sk: pk.startswith("S#") and sk.startswith(("N#", "W#")), _beside),
    (lambda pk, sk: pk.startswith("S#") and sk.startswith("E#"), _tally),
    (lambda pk, sk: pk.startswith("S#") and sk.startswith("T#"), _trail),
    (lambda pk, _: read_wish_id(pk) is not None, _wish),
    (lambda pk, sk: read_message_key(pk, sk) is not None, _message),
    (lambda pk, sk: pk.startswith("L#") and sk == "RING", _limit),
    (lambda pk, _: pk == STAFF, _account),
    (lambda pk, _: pk == COUNTS, _counts),
)
"""How to know an item by its key, and what checks it."""
