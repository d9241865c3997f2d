# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages, lagging indexes and unprocessed keys make no difference; what is sent follows DynamoDB's rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from register.domain.model import ChangedBy, Kind
from register.domain.rate_limits import Limit
from register.stores.deliveries import DeliveryFault
from register.stores.dynamodb.store import DynamoDBStore
from tests.support.builders import LEASE, SESSION, claim_all, notice, opened, person, terms
from tests.support.constants import NOW, SECOND
from tests.support.dynamodb_engine import Engine
from tests.support.dynamodb_faults import Between


def everything(store: DynamoDBStore) -> list[Any]:
    """Do what takes each kind of request at least once, and return what was read."""
    people = opened(store, terms(capacity=2), terms("other"))
    limit = Limit("client", "k", 9, LEASE)
    ana, ben, *_ = people.sign_up("Ana", "Ben", "Eva", "Ida", "Leo", "Mia")
    store.sign_up(SESSION, person("Ana"), registration_id="again", now=people.now, limits=[limit])
    store.cancel(SESSION, ana.registration.registration_id, now=people.now, by=ChangedBy.PERSON)
    store.sync_session(
        terms(capacity=3, revision=4, join_url=None), notice(), expected=store.session(SESSION)
    )
    store.promote_one(SESSION, now=people.now)
    told = store.write_out_notice(SESSION)
    store.bounced(ben.registration.person.email, "550 no mailbox", now=people.now)
    first, second, third, *_ = claim_all(store, now=people.now)
    store.settle_sent(first.message, now=people.now)
    store.settle_later(second.message, due=people.now, problem="451 busy", fault=DeliveryFault.MESSAGE)
    store.settle_failed(third.message, now=people.now, problem="550 no mailbox")
    reminded = store.write_reminders(SESSION, now=terms().starts - LEASE)
    read = [
        store.roster(SESSION),
        [store.place(one) for one in store.roster(SESSION)],
        store.sessions(NOW),
        [(one.message.label, one.due) for one in store.pending()],
        [one.message.kind for one in store.failed()],
        [one.message.kind for one in store.messages_of(ben.registration.person.email)],
        (told, reminded, store.erase("ana@example.net", now=people.now), store.withdraw("other")),
    ]
    assert Kind.REMINDER in read[5]
    return read


def test_pages_make_no_difference(engine: Engine) -> None:
    def small(call: Callable[[], Any], name: str, request: dict[str, Any]) -> Any:
        if name == "query":
            return engine_client.query(**{"Limit": 2} | request)
        if name == "batch_get_item":
            ((table, wanted),) = request["RequestItems"].items()
            now, later = wanted["Keys"][:2], wanted["Keys"][2:]
            answer = engine_client.batch_get_item(RequestItems={table: wanted | {"Keys": now}})
            return answer | ({"UnprocessedKeys": {table: {"Keys": later}}} if later else {})
        return call()

    engine_client = engine.client()

    by_two = everything(engine.store(lambda client: Between(client, small), sleep=lambda _: None))

    assert by_two == everything(engine.store())


def test_a_place_is_counted_over_all_pages(engine: Engine) -> None:
    def small(call: Callable[[], Any], name: str, request: dict[str, Any]) -> Any:
        request |= {"Limit": 2} if name == "query" else {}
        return engine_client.query(**request) if name == "query" else call()

    engine_client = engine.client()
    store = engine.store(lambda client: Between(client, small))

    places = [
        one.place for one in opened(store, terms(capacity=1)).sign_up("Ana", "Ben", "Eva", "Ida", "Leo")
    ]

    assert places == [None, 1, 2, 3, 4]


def test_an_index_that_lags_is_asked_again_before_nothing_is_said(engine: Engine) -> None:
    asked: set[str] = set()

    def late(call: Callable[[], Any], _: str, request: dict[str, Any]) -> Any:
        values = str(request.get("ExpressionAttributeValues"))
        if "IndexName" in request and values not in asked:
            asked.add(values)
            return {"Items": [], "Count": 0}
        return call()

    store = engine.store(lambda client: Between(client, late))
    opened(store).sign_up("Ana")

    assert (
        len(store.sessions(NOW))
        == len(store.pending())
        == len(store.registrations_of("ana@example.net"))
        == 1
    )


def test_what_an_index_shows_twice_is_read_once(engine: Engine) -> None:
    def twice(call: Callable[[], Any], _: str, request: dict[str, Any]) -> Any:
        answer = call()
        return answer | {"Items": answer["Items"] * 2} if "IndexName" in request else answer

    store = engine.store(lambda client: Between(client, twice))
    opened(store).sign_up("Ana")

    assert (
        len(store.sessions(NOW))
        == len(store.pending())
        == len(store.registrations_of("ana@example.net"))
        == 1
    )


def test_what_an_index_still_shows_and_the_table_does_not_is_left_out(engine: Engine) -> None:
    stale: list[dict[str, Any]] = []

    def late(call: Callable[[], Any], _: str, request: dict[str, Any]) -> Any:
        return {"Items": stale, "Count": len(stale)} if "IndexName" in request and stale else call()

    store = engine.store(lambda client: Between(client, late))
    people = opened(store)
    people.sign_up("Ana")
    stale += engine.client().scan(TableName=store.table.name, IndexName="gsi2")["Items"]
    (one,) = claim_all(store, now=people.now, most=1)
    store.settle_sent(one.message, now=people.now)
    stale[:] = [item for item in stale if item["pk"]["S"].startswith("O#")]

    assert store.pending() == []
    assert store.failed() == []
    assert claim_all(store, now=people.now + LEASE + SECOND, most=1) == []


def test_every_name_in_an_expression_is_an_alias_and_no_number_a_float(engine: Engine) -> None:
    requests: list[Any] = []

    def look(call: Callable[[], Any], _: str, request: dict[str, Any]) -> Any:
        requests.append(request)
        return call()

    everything(engine.store(lambda client: Between(client, look)))

    text = str(requests)
    expressions = re.findall(r"'\w+Expression': '([^']*)'", text)
    words = set(re.findall(r"(?<![#:\w])[A-Za-z_]\w*", " ".join(expressions)))
    known = {
        "SET",
        "ADD",
        "REMOVE",
        "AND",
        "OR",
        "BETWEEN",
        "attribute_exists",
        "attribute_not_exists",
        "begins_with",
        "if_not_exists",
    }
    assert words <= known
    assert len(expressions) > 50
    assert re.findall(r"'N': '(?!-?\d+')", text) == []


def test_the_table_is_the_one_that_infra_describes(engine: Engine) -> None:
    client = engine.client()
    table = client.describe_table(TableName=(name := engine.table()))["Table"]

    keys = {"": table["KeySchema"]} | {
        one["IndexName"]: one["KeySchema"] for one in table["GlobalSecondaryIndexes"]
    }
    assert {name: [key["AttributeName"] for key in schema] for name, schema in keys.items()} == {
        "": ["pk", "sk"],
        "gsi1": ["gsi1pk"],
        "gsi2": ["gsi2pk", "gsi2sk"],
    }
    assert table["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    live = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert live == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}
