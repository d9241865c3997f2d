# SPDX-License-Identifier: AGPL-3.0-or-later
"""A sign-up through the DynamoDB store beside the bare transaction with the same writes, on the same engine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from benchmarks.progress import say
from benchmarks.tables import Row, Table, at_least, at_most
from register.domain.model import Person, SessionTerms
from register.stores.dynamodb.store import DynamoDBStore
from schedule.model import Status
from tests.support.dynamodb_engine import Engine, running

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
DETAILS = "x" * 3000  # about what one session's contract has
BATCHES = 20
BATCH = 20
FEW, MANY = 10, 1000


@dataclass
class Recorder:
    """A client that writes nothing, and keeps the transactions that it was to write."""

    real: Any
    transactions: list[dict[str, Any]] = field(default_factory=list)

    def batch_get_item(self, **request: Any) -> Any:
        """Read from the real table."""
        return self.real.batch_get_item(**request)

    def transact_write_items(self, **request: Any) -> dict[str, Any]:
        """Keep a transaction."""
        self.transactions.append(request)
        return {}


def session(session_id: str) -> SessionTerms:
    """Return a session with seats for everybody."""
    starts = NOW + timedelta(days=13)
    ends, expires = starts + timedelta(minutes=90), starts + timedelta(days=180)
    return SessionTerms(session_id, starts, ends, starts, expires, 1_000_000, Status.SCHEDULED, 3, DETAILS)


def sign_up(store: DynamoDBStore, session_id: str, number: int) -> Callable[[], object]:
    """Return a sign-up that is ready to go."""
    local = f"person{number}"
    person = Person(f"Person {number}", f"{local}@example.net", "Yolo COE", "recruiter", needs="Large print")
    return lambda: store.sign_up(session_id, person, registration_id=f"{session_id}-{local}", now=NOW)


def seconds(steps: Sequence[Callable[[], object]]) -> float:
    """Return how long one of these steps takes."""
    start = time.perf_counter()
    for step in steps:
        step()
    return (time.perf_counter() - start) / len(steps)


def filled(store: DynamoDBStore, session_id: str, people: int) -> None:
    """Put a session with so many registrations into a store."""
    store.sync_session(session(session_id), None, expected=None)
    for number in range(people):
        sign_up(store, session_id, number)()


def bare_ones(store: DynamoDBStore, client: Any, count: int) -> list[Callable[[], object]]:
    """Return the very transactions that a store would write, to be written without it."""
    recorder = Recorder(client)
    recording = DynamoDBStore(store.table.name, lambda: recorder)
    for number in range(count):
        sign_up(recording, "one", number)()
    return [partial(client.transact_write_items, **one) for one in recorder.transactions]


def beside_the_bare(engine: Engine) -> Row:
    """Return the rate of sign-ups through the store, beside that of the bare transactions, in turn."""
    say("dynamodb: beside the bare transaction")
    ours, plain = engine.store(), engine.store()
    for store in (ours, plain):
        filled(store, "one", 0)
    bare = bare_ones(plain, engine.client(), (1 + BATCHES) * BATCH)
    steps = [sign_up(ours, "one", number) for number in range(len(bare))]
    through, without = [], []
    for start in range(0, len(bare), BATCH):
        batch = slice(start, start + BATCH)
        through.append(1 / seconds(steps[batch]))
        without.append(1 / seconds(bare[batch]))
    assert ours.session("one").confirmed == plain.session("one").confirmed == len(bare)
    # The first batch only warms up. The store reads before it writes, which the bare one does not.
    return Row("through the store", "/s", tuple(through[1:]), tuple(without[1:]), at_least(0.5))


def growth(engine: Engine) -> Row:
    """Return what a sign-up costs beside many registrations, and beside few, in one table, in turn."""
    say("dynamodb: among many")
    store = engine.store()
    filled(store, "many", MANY)
    few, many = [], []
    for batch in range(BATCHES):
        name = f"few-{batch}"
        filled(store, name, FEW)
        few.append(seconds([sign_up(store, name, FEW + number) for number in range(FEW)]) * 1000)
        start = MANY + batch * FEW
        many.append(seconds([sign_up(store, "many", start + number) for number in range(FEW)]) * 1000)
    return Row(f"beside {MANY:,} registrations, and {FEW}", "ms", tuple(many), tuple(few), at_most(1.2))


def tables() -> Iterator[Table]:
    """Yield the rate, and what grows with the number of people."""
    with running() as engine:
        yield Table(
            "A sign-up in DynamoDB (ministack on loopback), beside the bare transaction with the same writes",
            "beside",
            (beside_the_bare(engine), growth(engine)),
        )
