# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worker delivers when it is woken and on its own, sweeps, outlives errors, and stops after the email at hand."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from register.domain.messages import Message, MessageKey
from register.mail.delivery import Courier
from register.mail.policy import POLICY
from register.mail.worker import Workers
from register.stores.deliveries import Delivery, DeliveryFault
from register.stores.errors import StoreUnavailable
from register.stores.memory import MemoryStore
from tests.support.builders import opened, terms
from tests.support.emails import snapshot_json
from tests.support.outbox import PEOPLE, Clock, FakeBackend, emails_of, smallest_email
from tests.support.schedules import session
from tests.support.smtp_server import WAIT


class Rounds(MemoryStore):
    """Says when somebody has asked for work."""

    def __init__(self) -> None:
        super().__init__()
        self.asks: set[tuple[str, bool]] = set()
        """Who has asked for work, and whether also for what has run out of time once."""
        self.asked = threading.Semaphore(0)
        self.out = threading.Semaphore(0)
        self.lock = threading.Lock()
        self.broken = 0

    def claim(
        self, *, now: datetime, lease: timedelta, slow: bool = True, of: MessageKey | None = None
    ) -> Delivery | None:
        with self.lock:
            self.asks.add((threading.current_thread().name, slow))
            claimed = None if self.broken else super().claim(now=now, lease=lease, slow=slow, of=of)
            if claimed is None:
                self.asked.release()
            if self.broken:
                self.broken -= 1
                raise StoreUnavailable("the store is gone")
            return claimed

    def settle_sent(self, message: Message, *, now: datetime, instead: str | None = None) -> None:
        super().settle_sent(message, now=now, instead=instead)
        self.out.release()


class WorkerAtWork:
    """A worker and what it works with; `every` is in seconds, and long enough never to pass in a test."""

    def __init__(self, every: float = 3600, workers: int = 1, stop: float = WAIT) -> None:
        self.store = Rounds()
        self.people = opened(self.store, terms(capacity=100, snapshot_json=snapshot_json(session())))
        self.backend = FakeBackend()
        self.swept: list[float] = []
        self.seconds = 0.0
        self.failing_sweep: Exception | None = None
        self.have_swept = threading.Semaphore(0)
        self.clock = Clock()
        self.couriers = [
            Courier(self.store, self.backend, smallest_email, self.clock) for _ in range(workers)
        ]
        self.worker = Workers(
            self.couriers,
            now=self.clock,
            sweep=self.sweep,
            every=every,
            sweep_every=300,
            policy=replace(POLICY, stop=timedelta(seconds=stop)),
            monotonic=lambda: self.seconds,
        )

    def sweep(self) -> None:
        self.swept.append(self.seconds)
        self.have_swept.release()
        if self.failing_sweep:
            raise self.failing_sweep

    def round(self) -> None:
        """Wait until the worker has looked into the outbox and found it empty."""
        assert self.store.asked.acquire(timeout=WAIT)

    def sent(self) -> None:
        """Wait until an email is out."""
        assert self.store.out.acquire(timeout=WAIT)

    def __enter__(self) -> WorkerAtWork:
        self.worker.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.worker.stop()


def test_the_worker_delivers_when_it_is_woken() -> None:
    with WorkerAtWork() as work:
        work.round()
        work.people.sign_up("Ana")
        work.worker.wake()
        work.sent()
        assert work.backend.taken == emails_of(["Ana"])


def test_the_worker_looks_on_its_own() -> None:
    with WorkerAtWork(every=0.01) as work:
        work.round()
        work.people.sign_up("Ana")
        work.sent()
        assert work.backend.taken == emails_of(["Ana"])


def test_the_workers_sweep_at_first_and_then_every_few_minutes() -> None:
    with WorkerAtWork(every=0.01) as work:
        assert work.have_swept.acquire(timeout=WAIT)
        for work.seconds in (299, 300, 301, 599, 600):
            if work.seconds in {300, 600}:
                assert work.have_swept.acquire(timeout=WAIT)
        assert work.swept == [0, 300, 600]


def test_an_error_of_the_store_or_the_sweep_does_not_end_the_worker(
    caplog: pytest.LogCaptureFixture,
) -> None:
    work = WorkerAtWork()
    work.failing_sweep = StoreUnavailable("the sweep found no store")
    work.store.broken = 1
    with work:
        work.round()
        work.people.sign_up("Ana")
        work.worker.wake()
        work.sent()
    assert work.backend.taken == emails_of(["Ana"])
    assert {record.getMessage() for record in caplog.records if record.levelname == "ERROR"} == {
        "StoreUnavailable: the sweep found no store; trying again later",
        "StoreUnavailable: the store is gone; trying again later",
    }


def test_an_unexpected_error_does_not_end_the_worker(caplog: pytest.LogCaptureFixture) -> None:
    work = WorkerAtWork()
    work.failing_sweep = ZeroDivisionError("ana@example.net")
    with work:
        work.round()
        work.people.sign_up("Ana")
        work.worker.wake()
        work.sent()
    assert work.backend.taken == emails_of(["Ana"])
    (logged,) = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert logged.startswith("unexpected error; trying again later: ZeroDivisionError\n")
    assert "in sweep" in logged
    assert "ana@" not in caplog.text


def test_four_workers_send_four_emails_at_a_time_and_each_once() -> None:
    names = [f"Person{number}" for number in range(12)]
    work = WorkerAtWork(workers=POLICY.workers)
    at_once = threading.Barrier(POLICY.workers)
    work.people.sign_up(*names)
    work.backend.on_send = lambda: at_once.wait(WAIT) and None
    with work:
        for _ in names:
            work.sent()
    assert sorted(work.backend.taken) == sorted(emails_of(names))


def test_the_first_worker_alone_asks_for_what_has_run_out_of_time_once() -> None:
    with WorkerAtWork(workers=POLICY.workers) as work:
        for _ in range(200):
            work.round()
            if len(work.store.asks) == POLICY.workers:
                break
            work.worker.wake()
    assert work.store.asks == {
        ("worker-1", True),
        ("worker-2", False),
        ("worker-3", False),
        ("worker-4", False),
    }


def test_what_has_run_out_of_time_once_is_left_to_one_worker() -> None:
    work = WorkerAtWork()
    work.people.sign_up("Ana")
    [ana] = work.store.pending()
    work.store.settle_later(
        ana.message, due=work.clock.time, problem="slow", fault=DeliveryFault.MESSAGE, slow=True
    )
    [courier] = work.couriers

    work.worker.deliver(courier, slow=False)
    assert work.backend.taken == []
    work.worker.deliver(courier, slow=True)
    assert work.backend.taken == emails_of(["Ana"])


class Sending:
    """A worker in the middle of an email."""

    def __init__(self, work: WorkerAtWork) -> None:
        self.work, self.goes_on = work, threading.Event()
        sending = threading.Event()

        def slowly() -> None:
            sending.set()
            assert self.goes_on.wait(WAIT)

        work.people.sign_up(*PEOPLE)
        work.backend.on_send = slowly
        work.worker.start()
        assert sending.wait(WAIT)


def test_workers_that_are_stopped_finish_their_emails_and_end() -> None:
    work = WorkerAtWork()
    sending = Sending(work)
    stopping = threading.Thread(target=work.worker.stop)
    stopping.start()
    sending.goes_on.set()
    stopping.join(WAIT)
    assert not stopping.is_alive()
    assert work.backend.taken
    assert len(work.backend.taken) + len(work.store.pending()) == len(PEOPLE)
    assert {waiting.fault for waiting in work.store.pending()} <= {None}


def test_an_email_that_outlasts_a_stop_is_kept_as_one_that_may_have_arrived() -> None:
    work = WorkerAtWork(stop=0)
    sending = Sending(work)
    work.worker.stop()
    [unknown] = [waiting for waiting in work.store.pending() if waiting.fault]
    assert (unknown.message.name, unknown.fault, unknown.unknown) == ("Ana", DeliveryFault.UNKNOWN, 1)
    assert unknown.due == work.clock.time + timedelta(hours=4)
    assert unknown.problem == "stopped before the server answered; it may have arrived"
    sending.goes_on.set()


def test_a_worker_that_never_started_can_be_stopped() -> None:
    WorkerAtWork().worker.stop()
