# SPDX-License-Identifier: AGPL-3.0-or-later
"""The stores that one suite is held against: SQLite in a file, DynamoDB as an engine plays it, and the plain model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from register.stores import Store
from register.stores.dynamodb.store import DynamoDBStore
from register.stores.memory import MemoryStore
from register.stores.sqlite.store import SQLiteStore
from tests.support.dynamodb_engine import Engine, in_process, running


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
def engine() -> Engine:
    """A DynamoDB in this process, for tests that do one thing after the other."""
    return in_process()


@pytest.fixture(scope="session")
def dynamodb_server() -> Iterator[Engine]:
    """A DynamoDB that many threads and processes can ask at once."""
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
