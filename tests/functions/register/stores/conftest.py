# SPDX-License-Identifier: AGPL-3.0-or-later
"""The stores that one suite is held against: SQLite in a file, DynamoDB on a real server, and the plain model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from register.stores import Store
from register.stores.dynamodb.store import DynamoDBStore
from register.stores.memory import MemoryStore
from register.stores.sqlite.store import SQLiteStore
from tests.functions.register.stores.engine import Engine, running


@pytest.fixture
def fake() -> MemoryStore:
    """The model itself, so that the suite holds it, too."""
    return MemoryStore()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[SQLiteStore]:
    """An empty database in a file of its own."""
    store = SQLiteStore(tmp_path / "register.sqlite3")
    yield store
    store.close()


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """A DynamoDB server, one for all tests."""
    with running() as started:
        yield started


@pytest.fixture
def dynamodb(engine: Engine) -> Iterator[DynamoDBStore]:
    """An empty table of its own."""
    store = engine.store()
    yield store
    store.close()


@pytest.fixture(params=["fake", "sqlite", "dynamodb"])
def store(request: pytest.FixtureRequest) -> Store:
    """Each store in turn, empty."""
    found: Store = request.getfixturevalue(request.param)
    return found
