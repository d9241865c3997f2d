# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is asked of a store, and what the store asks of its database, written down."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from register.stores import Store
from register.stores.dynamodb.store import DynamoDBStore
from register.stores.sqlite.store import SQLiteStore
from tests.support.dynamodb_engine import Engine
from tests.support.dynamodb_faults import Between

Request = tuple[str, dict[str, Any]]
"""An operation of DynamoDB, and what it is given."""


class Watched:
    """A store whose verbs are written down."""

    def __init__(self, store: Store, calls: list[str]) -> None:
        self._store, self._calls = store, calls

    def __getattr__(self, name: str) -> Any:
        self._calls.append(name)
        return getattr(self._store, name)


@contextmanager
def asked_of(store: Store, engine: Engine) -> Iterator[tuple[Store, list[Any]]]:
    """Give a store, and a list of what its database is asked: SQL without what is typed, or `Request`s."""
    asked: list[Any] = []
    if isinstance(store, SQLiteStore):
        with store.database.write() as connection:
            connection.set_trace_callback(lambda statement: asked.append(re.sub(r"'[^']*'", "?", statement)))
    elif isinstance(store, DynamoDBStore):

        def note(call: Callable[[], Any], operation: str, request: dict[str, Any]) -> Any:
            asked.append((operation, request))
            return call()

        with closing(engine.beside(store, lambda client: Between(client, note))) as beside:
            yield beside, asked
            return
    yield store, asked
