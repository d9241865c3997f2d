# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worker delivers when it is woken and on its own, sweeps, outlives errors, and stops after the email at hand."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest

from register.mail.worker import Worker
from register.stores import Delivery, StoreUnavailable
from register.stores.memory import MemoryStore
from tests.support.builders import opened, terms
from tests.support.calendars import session
from tests.support.emails import snapshot_json
from tests.support.outbox import PEOPLE, Clock, FakeBackend, emails_of, smallest_email
from tests.support.smtp_server import WAIT


class Rounds(MemoryStore):
    """Says when somebody has asked for work."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Semaphore(0)
        self.broken = 0

    def claim(self, *, now: datetime, lease: timedelta, most: int) -> list[Delivery]:
        claimed = [] if self.broken else super().claim(now=now, lease=lease, most=most)
        if not claimed:
            self.asked.release()
        if self.broken:
            self.broken -= 1
            raise StoreUnavailable("the store is gone")
        return claimed


class WorkerAtWork:
    """A worker and what it works with; `every` is in seconds, and long enough never to pass in a test."""

    def __init__(self, every: float = 3600) -> None:
        self.store = Rounds()
        self.people = opened(self.store, terms(capacity=100, snapshot_json=snapshot_json(session())))
        self.backend = FakeBackend()
        self.swept: list[float] = []
        self.seconds = 0.0
        self.failing_sweep: Exception | None = None
        self.worker = Worker(
            self.store,
            self.backend,
            smallest_email,
            now=Clock(),
            sweep=self.sweep,
            every=every,
            sweep_every=300,
            monotonic=lambda: self.seconds,
        )

    def sweep(self) -> None:
        self.swept.append(self.seconds)
        if self.failing_sweep:
            raise self.failing_sweep

    def round(self) -> None:
        """Wait until the worker has looked into the outbox and found it empty."""
        assert self.store.asked.acquire(timeout=WAIT)

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
        work.round()
        assert work.backend.taken == emails_of(["Ana"])


def test_the_worker_looks_on_its_own() -> None:
    with WorkerAtWork(every=0.01) as work:
        work.round()
        work.people.sign_up("Ana")
        work.round()
        work.round()
        assert work.backend.taken == emails_of(["Ana"])


def test_the_worker_sweeps_at_first_and_then_every_few_minutes() -> None:
    with WorkerAtWork() as work:
        work.round()
        for work.seconds in (299, 300, 301, 599, 600):
            work.worker.wake()
            work.round()
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
        work.round()
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
        work.round()
    assert work.backend.taken == emails_of(["Ana"])
    (logged,) = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert logged.startswith("unexpected error; trying again later: ZeroDivisionError\n")
    assert "in sweep" in logged
    assert "ana@" not in caplog.text


def test_a_worker_that_is_stopped_finishes_its_email_and_ends() -> None:
    work = WorkerAtWork()
    sending, goes_on = threading.Event(), threading.Event()

    def slowly() -> None:
        sending.set()
        assert goes_on.wait(WAIT)

    work.people.sign_up(*PEOPLE)
    work.backend.on_send = slowly
    work.worker.start()
    assert sending.wait(WAIT)
    stopping = threading.Thread(target=work.worker.stop)
    stopping.start()
    goes_on.set()
    stopping.join(WAIT)
    assert not stopping.is_alive()
    assert work.backend.taken
    assert len(work.backend.taken) + len(work.store.pending()) == len(PEOPLE)


def test_a_worker_that_never_started_can_be_stopped() -> None:
    WorkerAtWork().worker.stop()
