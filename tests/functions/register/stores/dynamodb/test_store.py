# SPDX-License-Identifier: AGPL-3.0-or-later
"""What only the DynamoDB store has: what it asks for, what expires, what its stream tells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from register.domain.errors import LimitReached, SignUpClosed, UnknownSession
from register.domain.rate_limits import Limit
from register.stores.deliveries import KEPT_AFTER_SENDING
from register.stores.dynamodb.keys import read_message_key, seconds
from register.stores.dynamodb.store import DynamoDBStore
from tests.support.builders import LEASE, SESSION, claim_all, notice, opened, person, terms
from tests.support.constants import NOW, SECOND
from tests.support.dynamodb_engine import Engine
from tests.support.dynamodb_faults import Between, before, in_turn, lost_reply

LIMITS = tuple(Limit(what, f"{what}:k", 2, timedelta(hours=1)) for what in ("client", "recipient"))
ANA, BEN, EVA = person("Ana"), person("Ben"), person("Eva")


def items(store: DynamoDBStore) -> dict[str, dict[str, Any]]:
    """Return all items of a table by the first two letters of their sort key, or O# for messages."""
    found = store.table.client.scan(TableName=store.table.name)["Items"]
    return {("O#" if one["pk"]["S"].startswith("O#") else one["sk"]["S"][:2]): one for one in found}


def test_an_ordinary_sign_up_is_one_read_and_one_write(engine: Engine, dynamodb: DynamoDBStore) -> None:
    calls: list[str] = []

    def judge(call: Callable[[], Any], name: str, _: dict[str, Any]) -> Any:
        calls.append(name)
        return call()

    opened(dynamodb)
    store = engine.beside(dynamodb, lambda client: Between(client, judge))

    store.sign_up(SESSION, BEN, registration_id="ben", now=NOW)

    assert calls == ["batch_get_item", "transact_write_items"]


def test_limits_are_one_read_and_one_write_before_the_sign_up(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    calls: list[str] = []

    def judge(call: Callable[[], Any], name: str, _: dict[str, Any]) -> Any:
        calls.append(name)
        return call()

    opened(dynamodb)
    store = engine.beside(dynamodb, lambda client: Between(client, judge))

    store.sign_up(SESSION, BEN, registration_id="ben", now=NOW, limits=LIMITS)

    assert calls == ["batch_get_item", "batch_get_item", "transact_write_items", "transact_write_items"]


def test_a_limit_is_one_item_that_goes_after_its_window(dynamodb: DynamoDBStore) -> None:
    [limit, _] = LIMITS
    for now in (NOW, NOW + SECOND, NOW + limit.window):
        dynamodb.count([limit], now=now)

    assert items(dynamodb) == {
        "RI": {
            "pk": {"S": "L#client:k"},
            "sk": {"S": "RING"},
            "counter": {"N": "3"},
            "hits": {"L": [{"N": "1795194001123456"}, {"N": "1795197600123456"}]},
            "expires": expiry(NOW + 2 * limit.window),
        }
    }


def test_a_request_whose_answer_is_lost_is_counted_once(engine: Engine) -> None:
    store = engine.store(in_turn(lost_reply, only="transact_write_items"), sleep=lambda _: None)

    store.count(LIMITS, now=NOW)
    store.count(LIMITS, now=NOW)

    with pytest.raises(LimitReached):
        store.count(LIMITS, now=NOW)


@pytest.mark.parametrize("faster", [1, 2])
def test_a_request_that_somebody_else_was_faster_than_is_counted_with_theirs(
    engine: Engine, dynamodb: DynamoDBStore, faster: int
) -> None:
    """Also where the limit was not there yet, and where theirs was the last that passes."""

    def others() -> None:
        for _ in range(faster):
            dynamodb.count(LIMITS[:1], now=NOW)

    store = engine.beside(dynamodb, before(1, "transact_write_items", others))
    refused = faster == LIMITS[0].most
    if refused:
        with pytest.raises(LimitReached):
            store.count(LIMITS, now=NOW)
    else:
        store.count(LIMITS, now=NOW)

    counters = dynamodb.table.client.scan(TableName=dynamodb.table.name)["Items"]
    assert {each["pk"]["S"]: each["counter"]["N"] for each in counters} == (
        {"L#client:k": "2"} if refused else {"L#client:k": "2", "L#recipient:k": "1"}
    )


@pytest.mark.parametrize(
    ("number", "operation"), [(2, "batch_get_item"), (1, "query"), (1, "transact_write_items")]
)
def test_an_email_that_somebody_else_has_just_asked_for_is_not_recorded_twice(
    engine: Engine, dynamodb: DynamoDBStore, number: int, operation: str
) -> None:
    [ana] = opened(dynamodb).sign_up("Ana")
    known, later = ana.registration, ana.registration.since + timedelta(hours=1)
    faster = before(number, operation, lambda: dynamodb.resend(SESSION, known.registration_id, now=later))

    assert engine.beside(dynamodb, faster).resend(SESSION, known.registration_id, now=later + SECOND) is False

    assert len(dynamodb.messages_of(ANA.email)) == 2


@pytest.mark.parametrize("operation", ["transact_write_items", "batch_get_item"])
def test_a_session_that_changes_during_a_sign_up_is_told_as_it_is_then(
    engine: Engine, dynamodb: DynamoDBStore, operation: str
) -> None:
    opened(dynamodb)
    changes: dict[str, Any] = {"snapshot_json": '{"of": "later"}', "join_url": "https://meet.example.org/j/2"}
    changed = before(
        1,
        operation,
        lambda: dynamodb.sync_session(terms(**changes), None, expected=dynamodb.session(SESSION)),
    )

    engine.beside(dynamodb, changed).sign_up(SESSION, BEN, registration_id="ben", now=NOW)

    [told] = dynamodb.messages_of(BEN.email)
    assert {"snapshot_json": told.message.snapshot_json, "join_url": told.message.join_url} == changes


def test_a_session_that_closes_during_a_sign_up_takes_nobody(engine: Engine, dynamodb: DynamoDBStore) -> None:
    opened(dynamodb)
    closed = before(
        1,
        "transact_write_items",
        lambda: dynamodb.sync_session(terms(closes=NOW), None, expected=dynamodb.session(SESSION)),
    )

    with pytest.raises(SignUpClosed):
        engine.beside(dynamodb, closed).sign_up(SESSION, BEN, registration_id="ben", now=NOW)

    assert dynamodb.registrations_of(BEN.email) == []


def test_a_session_that_is_withdrawn_leaves_messages_alone(dynamodb: DynamoDBStore) -> None:
    people = opened(dynamodb)
    people.cancel(people.sign_up("Ana")[0].registration)
    assert dynamodb.withdraw(SESSION) is True

    with pytest.raises(UnknownSession):
        dynamodb.sign_up(SESSION, BEN, registration_id="ben", now=NOW)

    assert [kind for kind in items(dynamodb) if kind != "O#"] == []


def expiry(of: datetime) -> dict[str, str]:
    return {"N": str(seconds(of))}


@pytest.mark.parametrize("told", [True, False], ids=["with a notice", "without"])
def test_a_session_that_is_moved_keeps_its_people_longer(dynamodb: DynamoDBStore, told: bool) -> None:
    opened(dynamodb, terms(capacity=1)).sign_up("Ana", "Ben")
    first = items(dynamodb)
    assert {first[kind]["expires"]["N"] for kind in ("ME", "R#", "N#", "W#", "E#", "O#")} == {
        str(seconds(terms().expires))
    }
    moved = terms(capacity=1, expires=terms().expires + timedelta(days=90), revision=4)

    dynamodb.sync_session(moved, notice() if told else None, expected=dynamodb.session(SESSION))
    if told:
        dynamodb.write_out_notice(SESSION)

    now = items(dynamodb)
    assert [now[kind]["expires"] for kind in ("ME", "R#", "N#", "W#", "E#")] == [expiry(moved.expires)] * 5
    assert dynamodb.session(SESSION).notice is None
    assert "renew" not in now["ME"]


def test_a_mail_that_is_out_goes_some_days_later(dynamodb: DynamoDBStore) -> None:
    opened(dynamodb).sign_up("Ana")
    (one,) = claim_all(dynamodb, now=NOW + SECOND, most=1)

    dynamodb.settle_sent(one.message, now=NOW + SECOND)

    message = items(dynamodb)["O#"]
    assert message["expires"] == expiry(NOW + SECOND + KEPT_AFTER_SENDING)
    assert {"gsi2pk", "gsi2sk", "due", "lease", "holder"} & set(message) == set()


def test_erasing_after_the_session_leaves_nothing_of_an_address(dynamodb: DynamoDBStore) -> None:
    opened(dynamodb, terms(capacity=1)).sign_up("Ana", "Ana Mia", email=ANA.email)

    assert dynamodb.erase(ANA.email, now=terms().ends) == 2

    assert list(items(dynamodb)) == ["ME"]


def test_the_stream_tells_which_message_is_new(dynamodb: DynamoDBStore) -> None:
    (ana,) = opened(dynamodb).sign_up("Ana")
    message = items(dynamodb)["O#"]

    key = read_message_key(message["pk"]["S"], message["sk"]["S"])

    assert key is not None
    assert key[:4] == (SESSION, ANA.email_hash, ana.registration.registration_id, "confirmation")
    claimed = dynamodb.claim(now=NOW + SECOND, lease=LEASE, of=key)
    assert claimed is not None
    assert claimed.message.name == "Ana"
    assert read_message_key(f"S#{SESSION}", "META") is None
