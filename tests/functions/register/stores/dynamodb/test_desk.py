# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff write and are told in DynamoDB: cut off at any call, beside somebody who is faster, and what it asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from register.domain.counts import Counts, SessionCounts
from register.domain.errors import UnknownSession
from register.domain.identity import hash_of
from register.domain.model import ChangedBy, Kind
from register.domain.staff_messages import staff_message
from register.stores import Store
from register.stores.desk import StaffAccount
from register.stores.dynamodb.store import DynamoDBStore
from tests.support.builders import SESSION, STARTS, announcement, kinds, opened, person, terms
from tests.support.constants import NOW
from tests.support.dynamodb_engine import Engine
from tests.support.dynamodb_faults import Between, before, in_turn, lost_reply
from tests.support.watched import asked_of

OFFICE = "office@example.org"
ANA, BEN, EVA = person("Ana"), person("Ben"), person("Eva")
SEEN = SessionCounts(SESSION, "overview", STARTS, 2, people=Counts(confirmed=2))


class Crash(BaseException):
    """The process ends here."""


def announced(store: Store) -> list[int]:
    """Return how often each of three people has what staff have written."""
    return [kinds(store, each.email).count(Kind.ANNOUNCEMENT) for each in (ANA, BEN, EVA)]


def crashing(engine: Engine, store: DynamoDBStore, number: int) -> DynamoDBStore:
    """Return the same store, of which the process ends right before its n-th call."""
    seen = iter(range(1, 1000))

    def judge(call: Callable[[], Any], *_: Any) -> Any:
        if next(seen) == number:
            raise Crash
        return call()

    return engine.beside(store, lambda client: Between(client, judge))


def test_what_staff_write_goes_to_each_once_after_crashes_at_every_call(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    opened(dynamodb).sign_up("Ana", "Ben", "Eva")

    for number in range(1, 60):
        store = crashing(engine, dynamodb, number)
        try:
            store.announce(SESSION, announcement(), now=NOW, staff=OFFICE)
            store.write_out_announcement(SESSION)
        except Crash:
            continue
        break

    assert number > 10
    assert announced(dynamodb) == [1, 1, 1]
    assert dynamodb.session(SESSION).announcement is None


def test_one_that_a_crash_left_is_written_out_before_the_next_also_after_crashes_at_every_call(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    opened(dynamodb).sign_up("Ana", "Ben", "Eva")
    dynamodb.announce(SESSION, announcement(), now=NOW, staff=OFFICE)

    for number in range(1, 60):
        try:
            crashing(engine, dynamodb, number).announce(
                SESSION, announcement(occasion="next"), now=NOW, staff=OFFICE
            )
        except Crash:
            continue
        break

    assert number > 10
    assert announced(dynamodb) == [1, 1, 1]
    assert dynamodb.session(SESSION).announcement == announcement(occasion="next")


@pytest.mark.parametrize("number", [1, 2, 3])
def test_two_who_write_it_out_at_once_tell_each_once(
    engine: Engine, dynamodb: DynamoDBStore, number: int
) -> None:
    opened(dynamodb).sign_up("Ana", "Ben", "Eva")
    dynamodb.announce(SESSION, announcement(), now=NOW, staff=OFFICE)
    seam = before(number, "transact_write_items", lambda: dynamodb.write_out_announcement(SESSION))

    engine.beside(dynamodb, seam).write_out_announcement(SESSION)

    assert announced(dynamodb) == [1, 1, 1]


def test_a_newer_one_is_not_cleared_by_whoever_wrote_out_the_one_before(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    opened(dynamodb).sign_up("Ana")
    newer = announcement(occasion="newer")
    dynamodb.announce(SESSION, announcement(), now=NOW, staff=OFFICE)
    seam = before(1, "update_item", lambda: dynamodb.announce(SESSION, newer, now=NOW, staff=OFFICE))

    assert engine.beside(dynamodb, seam).write_out_announcement(SESSION) == 1

    assert dynamodb.session(SESSION).announcement == newer
    assert dynamodb.write_out_announcement(SESSION) == 1


def test_what_was_written_out_meanwhile_is_not_told_again_at_an_address_that_was_corrected_since(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    people = opened(dynamodb)
    [ana] = people.sign_up("Ana")
    dynamodb.announce(SESSION, announcement(), now=NOW, staff=OFFICE)
    corrected = person("Ana", email="right@example.net")

    def finish() -> None:
        dynamodb.write_out_announcement(SESSION)
        dynamodb.amend(
            SESSION, ana.registration.registration_id, corrected, now=people.now, by=ChangedBy.PERSON
        )

    seam = before(1, "transact_write_items", finish)
    assert engine.beside(dynamodb, seam).write_out_announcement(SESSION) == 0

    assert announced(dynamodb)[0] == 1
    assert kinds(dynamodb, "right@example.net") == [Kind.CORRECTION]


def test_what_was_sent_twice_is_not_kept_again_after_it_was_written_out(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    opened(dynamodb).sign_up("Ana")

    def first() -> None:
        dynamodb.announce(SESSION, announcement(), now=NOW, staff=OFFICE)
        dynamodb.write_out_announcement(SESSION)

    again = engine.beside(dynamodb, before(1, "transact_write_items", first))
    assert again.announce(SESSION, announcement(), now=NOW, staff=OFFICE) is False

    assert dynamodb.session(SESSION).announcement is None


def test_a_session_that_is_withdrawn_meanwhile_does_not_come_back(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    opened(dynamodb)
    seam = before(1, "transact_write_items", lambda: dynamodb.withdraw(SESSION))

    with pytest.raises(UnknownSession):
        engine.beside(dynamodb, seam).announce(SESSION, announcement(), now=NOW, staff=OFFICE)

    assert list(dynamodb.table.scan()) == []


@pytest.mark.parametrize("occasion", ["drawn-1", "another"])
def test_of_two_at_once_each_is_kept_and_one_that_is_sent_twice_is_kept_once(
    engine: Engine, dynamodb: DynamoDBStore, occasion: str
) -> None:
    opened(dynamodb).sign_up("Ana")
    first = announcement(occasion=occasion, subject_en="First")
    seam = before(1, "transact_write_items", lambda: dynamodb.announce(SESSION, first, now=NOW, staff=OFFICE))

    new = engine.beside(dynamodb, seam).announce(SESSION, announcement(), now=NOW, staff=OFFICE)
    dynamodb.write_out_announcement(SESSION)

    assert new is (occasion == "another")
    assert announced(dynamodb)[0] == (2 if new else 1)


def test_a_session_that_changes_while_it_is_written_out_leaves_nobody_untold(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    opened(dynamodb).sign_up("Ana", "Ben", "Eva")
    dynamodb.announce(SESSION, announcement(), now=NOW, staff=OFFICE)

    def sync() -> None:
        newer = replace(terms(), capacity=9, revision=4, snapshot_json="newer")
        dynamodb.sync_session(newer, None, expected=dynamodb.session(SESSION))

    seam = before(2, "transact_write_items", sync)
    assert engine.beside(dynamodb, seam).write_out_announcement(SESSION) == 3

    assert announced(dynamodb) == [1, 1, 1]
    told = [each.message for each in dynamodb.pending() if each.message.kind is Kind.ANNOUNCEMENT]
    assert sorted(each.snapshot_json for each in told) == ["newer", "newer", terms().snapshot_json]


def test_who_cancels_or_is_corrected_meanwhile_is_told_by_what_holds_then(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    people = opened(dynamodb)
    ana, ben = people.sign_up("Ana", "Ben")
    dynamodb.announce(SESSION, announcement(), now=NOW, staff=OFFICE)
    corrected = person("Ben", email="right@example.net")

    def change() -> None:
        people.cancel(ana.registration)
        dynamodb.amend(
            SESSION, ben.registration.registration_id, corrected, now=people.now, by=ChangedBy.PERSON
        )

    seam = before(1, "transact_write_items", change)
    assert engine.beside(dynamodb, seam).write_out_announcement(SESSION) == 1

    assert announced(dynamodb) == [0, 0, 0]
    assert kinds(dynamodb, "right@example.net") == [Kind.CORRECTION, Kind.ANNOUNCEMENT]


def test_what_was_done_is_answered_as_done_though_the_answer_was_lost(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    opened(dynamodb).sign_up("Ana")

    def losing(only: str) -> DynamoDBStore:
        return engine.beside(dynamodb, in_turn(lost_reply, only=only))

    told = staff_message(Kind.STAFF_DAILY, occasion="2026-11-20", recorded=NOW)
    assert losing("transact_write_items").record([told]) == 1
    assert losing("transact_write_items").announce(SESSION, announcement(), now=NOW, staff=OFFICE) is True
    assert losing("transact_write_items").write_out_announcement(SESSION) == 1
    losing("put_item").keep_counts(SEEN)
    assert dynamodb.counts(STARTS) == [SEEN]
    # Raised twice, which makes dead what was given out before as well.
    assert losing("update_item").end_staff_sessions(hash_of(OFFICE)) == 2
    assert dynamodb.staff_account(hash_of(OFFICE)) == StaffAccount(2, 0)


@pytest.mark.parametrize("first", [False, True], ids=["there already", "new"])
def test_counts_of_an_erasure_are_not_lost_beside_those_of_a_sweep(
    engine: Engine, dynamodb: DynamoDBStore, first: bool
) -> None:
    if not first:
        dynamodb.keep_counts(SEEN)
    seam = before(1, "put_item", lambda: dynamodb.keep_counts(replace(SEEN, erased=True)))

    engine.beside(dynamodb, seam).keep_counts(replace(SEEN, people=Counts(confirmed=1)))

    assert dynamodb.counts(STARTS) == [replace(SEEN, erased=True)]


def test_each_costs_no_more_than_it_must(engine: Engine, dynamodb: DynamoDBStore) -> None:
    opened(dynamodb)

    with asked_of(dynamodb, engine) as (store, asked):

        def cost_of(step: Callable[[], object]) -> list[tuple[str, int]]:
            asked.clear()
            step()
            return [(name, len(request.get("TransactItems", ()))) for name, request in asked]

        read, account = ("batch_get_item", 0), hash_of(OFFICE)
        sign_up = {"registration_id": "ana", "now": NOW}
        assert cost_of(lambda: store.sign_up(SESSION, ANA, **sign_up)) == [read, ("transact_write_items", 5)]
        sign_up["registration_id"] = "ben"
        asks = person("Ben", needs="A ramp")
        assert cost_of(lambda: store.sign_up(SESSION, asks, **sign_up)) == [read, ("transact_write_items", 6)]
        assert cost_of(lambda: store.staff_account(account)) == [("get_item", 0)]
        assert cost_of(lambda: store.end_staff_sessions(account)) == [("update_item", 0)]
        assert cost_of(lambda: store.announce(SESSION, announcement(), now=NOW, staff=OFFICE)) == [
            read,
            ("transact_write_items", 2),
        ]
        assert cost_of(lambda: store.counts(STARTS)) == [("query", 0)]
