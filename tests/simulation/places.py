# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where sign-ups are kept: a store for each process, one that only looks, and all bytes that there are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from register.stores import Store
from register.stores.dynamodb.store import DynamoDBStore
from register.stores.sqlite.store import SQLiteStore
from tests.simulation.life import Connection, Life, MortalStore, mortal_client
from tests.support.dynamodb_engine import Engine, in_process

MakeSQLite = Callable[..., SQLiteStore]
"""Takes what `SQLiteStore` takes."""


class Place(Protocol):
    """A database that outlives the processes."""

    look: Store
    """Sees everything, and is nobody's."""

    def open(self, life: Life, *, within: bool) -> Store:
        """Return the store of a new process; with `within` it may end inside a verb, else between two."""

    def bury(self) -> None:
        """Let go of what the last process held, as an operating system does."""

    def expire(self, now: datetime) -> None:
        """Delete what the database itself lets expire."""

    def contents(self) -> Iterator[bytes]:
        """Yield all that is stored, as it is stored."""

    def close(self) -> None:
        """Delete it."""


class SQLitePlace:
    """A file."""

    def __init__(self, folder: Path, make: MakeSQLite = SQLiteStore) -> None:
        self._folder, self._make = folder, make
        self._path = folder / "register.sqlite3"
        self._connections: list[Connection] = []
        self.look: Store = SQLiteStore(self._path)

    def open(self, life: Life, *, within: bool) -> Store:
        """See `Place.open`."""

        def connect(*values: Any, **named: Any) -> Connection:
            connection = Connection(*values, **named, life=life if within else None)
            self._connections.append(connection)
            return connection

        store = self._make(self._path, connect)
        return store if within else MortalStore(store, life)

    def bury(self) -> None:
        """See `Place.bury`."""
        for connection in self._connections:
            connection.bury()
        self._connections.clear()

    def expire(self, now: datetime) -> None:
        """Nothing goes by itself."""

    def contents(self) -> Iterator[bytes]:
        """See `Place.contents`."""
        for file in sorted(self._folder.glob("register.sqlite3*")):
            yield file.read_bytes()

    def close(self) -> None:
        """See `Place.close`."""
        self.bury()
        self.look.close()


@cache
def _engine() -> Engine:
    return in_process()


class DynamoDBPlace:
    """A table."""

    def __init__(self) -> None:
        engine = _engine()
        self._client, self._table = engine.client(), engine.table()
        self.look: Store = self._store(self._client)

    def _store(self, client: Any) -> DynamoDBStore:
        return DynamoDBStore(self._table, lambda: client, sleep=lambda _: None)

    def open(self, life: Life, *, within: bool) -> Store:
        """See `Place.open`."""
        if within:
            return self._store(mortal_client(self._client, life))
        return MortalStore(self._store(self._client), life)

    def bury(self) -> None:
        """Nothing is held."""

    def expire(self, now: datetime) -> None:
        """See `Place.expire`."""
        for item in self._items():
            if "expires" in item and int(item["expires"]["N"]) <= now.timestamp():
                self._client.delete_item(
                    TableName=self._table, Key={name: item[name] for name in ("pk", "sk")}
                )

    def contents(self) -> Iterator[bytes]:
        """See `Place.contents`."""
        for item in self._items():
            yield json.dumps(item, ensure_ascii=False).encode()

    def _items(self) -> list[dict[str, Any]]:
        pages = self._client.get_paginator("scan").paginate(TableName=self._table)
        return [item for page in pages for item in page["Items"]]

    def close(self) -> None:
        """See `Place.close`."""
        self._client.delete_table(TableName=self._table)
        self._client.close()
