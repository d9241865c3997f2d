# SPDX-License-Identifier: AGPL-3.0-or-later
"""A session that cannot be read holds up none of the others: they are shown, synced, swept and reminded of."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from register.operations import maintenance
from register.operations.doctor import examine
from register.operations.sync import sync
from register.stores import Store
from register.stores.dynamodb.store import DynamoDBStore
from register.stores.errors import Damaged
from register.stores.sqlite.store import SQLiteStore
from tests.support.builders import People
from tests.support.constants import NOW, SECOND
from tests.support.dynamodb_engine import in_process
from tests.support.schedules import contract_with, revised, session

DAMAGED, WHOLE = session("2026-12-03-damaged"), session("2026-12-03-whole")
NAMED = (
    'session 2026-12-03-damaged: "status" is none of scheduled, cancelled; '
    "see docs/operations.md, What is damaged"
)


def in_sqlite(folder: Path) -> tuple[Store, Callable[[], None]]:
    store = SQLiteStore(folder / "register.sqlite3")

    def damage() -> None:
        with store.database.write() as connection:
            connection.execute("UPDATE sessions SET status = 'x' WHERE session_id = ?", (DAMAGED.id,))

    return store, damage


def in_dynamodb(_: Path) -> tuple[Store, Callable[[], None]]:
    engine = in_process()
    client, table = engine.client(), engine.table()
    key = {"pk": {"S": f"S#{DAMAGED.id}"}, "sk": {"S": "META"}}

    def damage() -> None:
        client.update_item(
            TableName=table,
            Key=key,
            UpdateExpression="SET #s = :x",
            ExpressionAttributeNames={"#s": "status"},
            ExpressionAttributeValues={":x": {"S": "x"}},
        )

    return DynamoDBStore(table, lambda: client), damage


@pytest.mark.parametrize("opened_in", [in_sqlite, in_dynamodb])
def test_a_session_that_cannot_be_read_holds_up_none_of_the_others(
    tmp_path: Path, opened_in: Callable[[Path], tuple[Store, Callable[[], None]]]
) -> None:
    store, damage = opened_in(tmp_path)
    with closing(store):
        sync(contract_with(DAMAGED, WHOLE), store, {}.get, now=NOW)
        people = People(store)
        people.sign_up("Ana", session_id=DAMAGED.id)
        people.sign_up("Ben", session_id=WHOLE.id)
        damage()

        assert [each.terms.session_id for each in store.sessions(NOW)] == [WHOLE.id]
        day_before = WHOLE.period.start - timedelta(days=1)
        assert maintenance.remind(store, now=day_before).reminders == 1
        assert maintenance.sweep(store, now=day_before).reminders == 0
        more = revised(WHOLE, capacity=WHOLE.capacity + 1)
        with pytest.raises(Damaged) as caught:
            sync(contract_with(DAMAGED, more), store, {}.get, now=NOW + SECOND)
        assert str(caught.value) == NAMED
        assert store.session(WHOLE.id).terms.capacity == WHOLE.capacity + 1
        told = [finding.words for finding in examine(store, now=NOW)]
        assert f"store: {NAMED}" in told
        assert "sessions: 1 to come, 1 confirmed, 0 waiting" in told
