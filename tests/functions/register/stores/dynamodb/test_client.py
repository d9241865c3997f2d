# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the store speaks to DynamoDB: what it tries again and for how long, and its one client."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)

from register.domain.errors import UnknownSession
from register.domain.model import ChangedBy
from register.stores.dynamodb.store import DynamoDBStore
from register.stores.errors import StoreUnavailable
from tests.support.builders import SESSION, person, terms
from tests.support.constants import NOW
from tests.support.dynamodb_engine import Engine
from tests.support.dynamodb_faults import Between, cancelled, refused

URL = "http://db.example"
LONGEST = [0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]

PASSING = {
    "conflict": cancelled("TransactionConflict", "None"),
    "throttled": cancelled("ThrottlingError", "None"),
    "throughput": cancelled("None", "ProvisionedThroughputExceeded"),
    "single conflict": refused("TransactionConflictException"),
    "in progress": refused("TransactionInProgressException"),
    "throttling": refused("ThrottlingException"),
    "call throughput": refused("ProvisionedThroughputExceededException"),
    "request limit": refused("RequestLimitExceeded"),
    "internal": refused("InternalServerError"),
    "bad gateway": refused("502", ResponseMetadata={"HTTPStatusCode": 502}),
    "connect timeout": ConnectTimeoutError(endpoint_url=URL),
    "read timeout": ReadTimeoutError(endpoint_url=URL),
    "closed": ConnectionClosedError(endpoint_url=URL),
    "unreachable": EndpointConnectionError(endpoint_url=URL),
}


class Broken:
    """A client that answers with errors, then with what a session that is not there gives."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)

    def get_item(self, **_: Any) -> dict[str, Any]:
        if self.errors:
            raise self.errors.pop(0)
        return {}


def paused(client: Any) -> tuple[DynamoDBStore, list[tuple[float, float]]]:
    """Return a store that does not sleep, and the list of the pauses that it would have drawn from."""
    drawn: list[tuple[float, float]] = []

    def uniform(low: float, high: float) -> float:
        drawn.append((low, high))
        return high

    return DynamoDBStore("table", lambda: client, sleep=lambda _: None, uniform=uniform), drawn


@pytest.mark.parametrize("error", PASSING.values(), ids=PASSING)
def test_what_passes_by_itself_is_tried_again(error: Exception) -> None:
    store, drawn = paused(Broken(error, error))

    with pytest.raises(UnknownSession):
        store.session(SESSION)

    assert drawn == [(0, 0.025), (0, 0.05)]


def test_it_sleeps_as_long_as_was_drawn() -> None:
    slept: list[float] = []
    store = DynamoDBStore(
        "table", lambda: Broken(PASSING["internal"]), sleep=slept.append, uniform=lambda *_: 0.0123
    )

    with pytest.raises(UnknownSession):
        store.session(SESSION)

    assert slept == [0.0123]


def test_it_gives_up_after_twelve_pauses() -> None:
    store, drawn = paused(Broken(*[PASSING["conflict"]] * 13))

    with pytest.raises(StoreUnavailable) as caught:
        store.session(SESSION)

    assert str(caught.value) == "table table: get_item failed 13 times (TransactionConflict)"
    assert drawn == [(0, longest) for longest in LONGEST]


def test_health_is_told_soon() -> None:
    store, drawn = paused(Broken(*[PASSING["read timeout"]] * 9))

    with pytest.raises(StoreUnavailable):
        store.health()

    assert drawn == [(0, 0.025)]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            refused("ResourceNotFoundException"),
            (
                "table table: get_item was refused (ResourceNotFoundException); check the table in REGISTER_STORE, "
                "the account and the region"
            ),
        ),
        (
            NoCredentialsError(),
            "table table: get_item cannot be sent (NoCredentialsError); check the region, the endpoint and the credentials",
        ),
    ],
    ids=["no table", "no credentials"],
)
def test_what_does_not_pass_is_told_at_once(error: Exception, message: str) -> None:
    store, drawn = paused(Broken(error))

    with pytest.raises(StoreUnavailable) as caught:
        store.session(SESSION)

    assert (str(caught.value), drawn) == (message, [])


def test_a_verb_that_others_are_always_faster_than_gives_up(engine: Engine) -> None:
    def never(call: Callable[[], Any], name: str, request: dict[str, Any]) -> Any:
        if name == "transact_write_items" and len(request["TransactItems"]) > 1:
            raise cancelled("ConditionalCheckFailed", *["None"] * (len(request["TransactItems"]) - 1))
        return call()

    store = engine.store(lambda client: Between(client, never), sleep=lambda _: None)
    store.sync_session(terms(), None, expected=None)
    ana = person("Ana")
    engine_side = DynamoDBStore(store.table.name, engine.client)
    engine_side.sign_up(SESSION, ana, registration_id="ana", now=NOW)

    with pytest.raises(StoreUnavailable) as caught:
        store.cancel(SESSION, "ana", now=NOW, by=ChangedBy.PERSON)

    assert str(caught.value) == f"{SESSION}: too many changes at the same time; try again"


def test_the_client_is_made_late_and_once() -> None:
    made: list[Broken] = []

    def make() -> Broken:
        made.append(Broken())
        return made[-1]

    store = DynamoDBStore("table", make)
    assert made == []
    together = threading.Barrier(8)

    def use() -> None:
        together.wait()
        store.registration(SESSION, "nobody")

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 1


def test_a_store_that_was_never_used_closes_without_a_client() -> None:
    DynamoDBStore("table", lambda: pytest.fail("a client was made")).close()
