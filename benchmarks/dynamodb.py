# SPDX-License-Identifier: AGPL-3.0-or-later
"""A sign-up through the DynamoDB store beside the bare transaction with the same writes, on the same engine."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

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
    return [lambda one=one: client.transact_write_items(**one) for one in recorder.transactions]


def beside_the_bare(engine: Engine) -> tuple[float, float]:
    """Return the median seconds of a sign-up through the store and of the bare transaction, in turn."""
    ours, plain = engine.store(), engine.store()
    for store in (ours, plain):
        filled(store, "one", 0)
    bare = bare_ones(plain, engine.client(), (1 + BATCHES) * BATCH)
    steps = [sign_up(ours, "one", number) for number in range(len(bare))]
    times = []
    for start in range(0, len(bare), BATCH):
        batch = slice(start, start + BATCH)
        times.append((seconds(steps[batch]), seconds(bare[batch])))
    through, without = zip(*times[1:], strict=True)  # the first only warms up
    assert ours.session("one").confirmed == plain.session("one").confirmed == len(bare)
    return statistics.median(through), statistics.median(without)


def growth(engine: Engine) -> tuple[float, float]:
    """Return the median seconds of a sign-up beside few and beside many registrations, in one table, in turn."""
    store = engine.store()
    filled(store, "many", MANY)
    few, many = [], []
    for batch in range(BATCHES):
        name = f"few-{batch}"
        filled(store, name, FEW)
        few.append(seconds([sign_up(store, name, FEW + number) for number in range(FEW)]))
        start = MANY + batch * FEW
        many.append(seconds([sign_up(store, "many", start + number) for number in range(FEW)]))
    return statistics.median(few), statistics.median(many)


def main() -> None:
    """Print the table."""
    print("A sign-up in DynamoDB (ministack on loopback), one client; medians of batches, in turn")
    with running() as engine:
        ours, bare = beside_the_bare(engine)
        print(f"{'through the store':<28} {1 / ours:>7.0f}/s {ours * 1000:>6.2f} ms")
        print(f"{'bare TransactWriteItems':<28} {1 / bare:>7.0f}/s {bare * 1000:>6.2f} ms")
        print(
            f"rate {bare / ours:.2f} of the bare one's (wanted: at least 0.5, since it reads first)",
            flush=True,
        )
        few, many = growth(engine)
        print(
            f"beside {MANY} registrations {many * 1000:.2f} ms, beside {FEW} {few * 1000:.2f} ms: "
            f"{many / few:.2f} times (wanted: at most 1.2)\n"
        )


if __name__ == "__main__":
    main()
