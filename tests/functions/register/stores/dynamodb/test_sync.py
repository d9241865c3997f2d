# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notices and reminders in DynamoDB are written one by one, and each step may be cut off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from register.domain.model import Kind
from register.stores.dynamodb.keys import seconds
from register.stores.dynamodb.store import DynamoDBStore
from tests.support.builders import SESSION, kinds, notice, opened, person, terms
from tests.support.constants import NOW, SECOND
from tests.support.dynamodb_engine import Engine
from tests.support.dynamodb_faults import Between, before

ANA, BEN, EVA = person("Ana"), person("Ben"), person("Eva")


class Crash(BaseException):
    """The process ends here."""


def test_a_notice_can_be_finished_after_a_crash_at_any_call(engine: Engine, dynamodb: DynamoDBStore) -> None:
    opened(dynamodb, terms(capacity=2)).sign_up("Ana", "Ben", "Eva")
    whole = terms(capacity=2, revision=4, expires=terms().expires + SECOND)
    dynamodb.sync_session(whole, notice(), expected=dynamodb.session(SESSION))

    def crash() -> None:
        raise Crash

    for number in range(1, 20):
        seen = iter(range(1, 100))

        def judge(call: Callable[[], Any], *_: Any, seen: Any = seen, number: int = number) -> Any:
            return crash() if next(seen) == number else call()

        try:
            engine.beside(dynamodb, lambda client, judge=judge: Between(client, judge)).write_out_notice(
                SESSION
            )
        except Crash:
            continue
        break

    assert dynamodb.session(SESSION).notice is None
    assert [kinds(dynamodb, one.email).count(Kind.CHANGE) for one in (ANA, BEN, EVA)] == [1, 1, 1]
    assert number > 5


def test_who_cancels_while_a_notice_is_written_out_is_not_told_of_it(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    people = opened(dynamodb)
    (ana,) = people.sign_up("Ana")
    dynamodb.sync_session(terms(revision=4), notice(), expected=dynamodb.session(SESSION))
    seam = before(1, "transact_write_items", lambda: people.cancel(ana.registration))

    assert engine.beside(dynamodb, seam).write_out_notice(SESSION) == 0

    assert kinds(dynamodb, ANA.email) == [Kind.CONFIRMATION, Kind.CANCELLATION]


def test_reminders_stop_when_the_session_is_moved_meanwhile(engine: Engine, dynamodb: DynamoDBStore) -> None:
    opened(dynamodb).sign_up("Ana")
    moved = replace(terms(), starts=terms().starts + timedelta(days=1), revision=4)

    def move() -> None:
        dynamodb.sync_session(moved, None, expected=dynamodb.session(SESSION))

    seam = before(1, "transact_write_items", move)
    assert (
        engine.beside(dynamodb, seam).write_reminders(SESSION, now=terms().starts - timedelta(hours=5)) == 0
    )

    assert dynamodb.session(SESSION).reminded is None
    assert kinds(dynamodb, ANA.email) == [Kind.CONFIRMATION]


def test_a_newer_notice_is_not_cleared_by_who_wrote_out_the_one_before(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    opened(dynamodb).sign_up("Ana")
    dynamodb.sync_session(terms(revision=4), notice(), expected=dynamodb.session(SESSION))
    newer = notice(recorded=notice().recorded + SECOND)

    def change_again() -> None:
        dynamodb.write_out_notice(SESSION)
        dynamodb.sync_session(terms(revision=4), newer, expected=dynamodb.session(SESSION))

    engine.beside(dynamodb, before(1, "update_item", change_again)).write_out_notice(SESSION)

    assert dynamodb.session(SESSION).notice == newer


def test_a_renewal_that_a_crash_cut_off_is_finished_by_the_sweep(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    opened(dynamodb).sign_up("Ana")
    later = terms(expires=terms().expires + timedelta(days=90))

    def crash() -> None:
        raise Crash

    with pytest.raises(Crash):
        engine.beside(dynamodb, before(1, "query", crash)).sync_session(
            later, None, expected=dynamodb.session(SESSION)
        )
    assert dynamodb.session(SESSION).terms == later

    assert dynamodb.purge(now=NOW) == 0

    items = dynamodb.table.query("#pk = :pk", pk=f"S#{SESSION}")
    assert {item["expires"]["N"] for item in items} == {str(seconds(later.expires))}
    assert [item for item in items if "renew" in item] == []
