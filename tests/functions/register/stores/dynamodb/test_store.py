# SPDX-License-Identifier: AGPL-3.0-or-later
"""What only the DynamoDB store has: what it remembers, what expires, what its stream tells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from register.domain.errors import SignUpClosed, UnknownSession
from register.domain.model import Occupancy, State
from register.stores import KEPT_AFTER_SENDING
from register.stores.dynamodb.items import read_message_key, seconds
from register.stores.dynamodb.reading import REMEMBERED
from register.stores.dynamodb.store import DynamoDBStore
from tests.functions.register.builders import (
    LEASE,
    NOW,
    SECOND,
    SESSION,
    notice,
    opened,
    person,
    terms,
)
from tests.functions.register.stores.engine import Engine
from tests.functions.register.stores.faults import Between

ANA, BEN, EVA = person("Ana"), person("Ben"), person("Eva")


def items(store: DynamoDBStore) -> dict[str, dict[str, Any]]:
    """Return all items of a table by the first two letters of their sort key, or O# for messages."""
    found = store.table.client.scan(TableName=store.table.name)["Items"]
    return {("O#" if one["pk"]["S"].startswith("O#") else one["sk"]["S"][:2]): one for one in found}


def test_an_ordinary_sign_up_is_one_call(engine: Engine, dynamodb: DynamoDBStore) -> None:
    calls: list[str] = []

    def judge(call: Callable[[], Any], name: str, _: dict[str, Any]) -> Any:
        calls.append(name)
        return call()

    opened(dynamodb)
    store = engine.beside(dynamodb, lambda client: Between(client, judge))
    store.sign_up(SESSION, ANA, registration_id="ana", now=NOW)
    assert calls == ["get_item", "transact_write_items"]
    calls.clear()

    store.sign_up(SESSION, BEN, registration_id="ben", now=NOW)

    assert calls == ["transact_write_items"]


@pytest.mark.parametrize(
    "changes",
    [
        {"details": '{"of": "later"}'},
        {"join_url": "https://meet.example.org/j/2"},
        {"revision": 4},
        {"capacity": 9},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_is_remembered_of_a_session_never_gets_into_a_mail_once_it_has_changed(
    engine: Engine, dynamodb: DynamoDBStore, changes: dict[str, Any]
) -> None:
    opened(dynamodb).sign_up("Ana")
    engine.beside(dynamodb).sync_session(terms(**changes), None, expected=dynamodb.session(SESSION))

    dynamodb.sign_up(SESSION, BEN, registration_id="ben", now=NOW)
    dynamodb.sign_up(SESSION, ANA, registration_id="again", now=NOW + timedelta(hours=1))

    newest = [dynamodb.messages_of(one.email)[-1].message for one in (ANA, BEN)]
    assert {(one.details, one.join_url) for one in newest} == {
        (terms(**changes).details, terms(**changes).join_url)
    }


def test_what_is_remembered_of_a_session_opens_it_to_nobody(engine: Engine, dynamodb: DynamoDBStore) -> None:
    opened(dynamodb).sign_up("Ana")
    other = engine.beside(dynamodb)
    other.sync_session(terms(closes=NOW), None, expected=other.session(SESSION))

    with pytest.raises(SignUpClosed):
        dynamodb.sign_up(SESSION, BEN, registration_id="ben", now=NOW)

    other.sync_session(terms(), None, expected=other.session(SESSION))
    assert (
        dynamodb.sign_up(SESSION, BEN, registration_id="ben", now=NOW).registration.state is State.CONFIRMED
    )


def test_a_session_that_was_withdrawn_is_unknown_although_it_is_remembered(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    people = opened(dynamodb)
    people.cancel(people.sign_up("Ana")[0].registration)
    assert engine.beside(dynamodb).withdraw(SESSION) is True

    with pytest.raises(UnknownSession):
        dynamodb.sign_up(SESSION, BEN, registration_id="ben", now=NOW)

    assert [kind for kind in items(dynamodb) if kind != "O#"] == []


def expiry(of: datetime) -> dict[str, str]:
    return {"N": str(seconds(of))}


@pytest.mark.parametrize("told", [True, False], ids=["with a notice", "without"])
def test_a_session_that_is_moved_keeps_its_people_longer(dynamodb: DynamoDBStore, told: bool) -> None:
    opened(dynamodb, terms(capacity=1)).sign_up("Ana", "Ben")
    first = items(dynamodb)
    assert {first[kind]["expires"]["N"] for kind in ("ME", "R#", "W#", "E#", "O#")} == {
        str(seconds(terms().expires))
    }
    moved = terms(capacity=1, expires=terms().expires + timedelta(days=90), revision=4)

    dynamodb.sync_session(moved, notice() if told else None, expected=dynamodb.session(SESSION))
    if told:
        dynamodb.write_out_notice(SESSION)

    now = items(dynamodb)
    assert [now[kind]["expires"] for kind in ("ME", "R#", "W#", "E#")] == [expiry(moved.expires)] * 4
    assert dynamodb.session(SESSION).notice is None
    assert "renew" not in now["ME"]


def test_a_mail_that_is_out_goes_some_days_later(dynamodb: DynamoDBStore) -> None:
    opened(dynamodb).sign_up("Ana")
    (one,) = dynamodb.claim(now=NOW + SECOND, lease=LEASE, most=1)

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
    assert key[:4] == (SESSION, ANA.identity, ana.registration.registration_id, "confirmation")
    claimed = dynamodb.claim_one(*key, now=NOW + SECOND, lease=LEASE)
    assert claimed is not None
    assert claimed.message.name == "Ana"
    assert read_message_key(f"S#{SESSION}", "META") is None


def test_only_so_many_sessions_are_remembered_and_the_oldest_goes_first(dynamodb: DynamoDBStore) -> None:
    for number in range(REMEMBERED + 1):
        dynamodb._remember(Occupancy(terms(f"s{number}")))

    assert len(dynamodb._known) == REMEMBERED
    assert "s0" not in dynamodb._known
