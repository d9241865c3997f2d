# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nothing in the outbox is lost, sent before its time, or held up by another mail that fails."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import pytest

from register.domain.errors import RegisterError
from register.domain.model import Kind, Message
from register.mail import delivery as outbox
from register.mail.backends.base import TIMEOUT, CannotDeliver, MailError, ServerDown, TryLater
from register.mail.backends.smtp import SmtpBackend
from register.mail.compose import CannotCompose, compose
from register.mail.delivery import (
    BATCH,
    LEASE,
    MOST_TRIES,
    TIME_FOR_ONE,
    Outcome,
    Report,
    deliver_one,
    retry_after,
)
from register.mail.outgoing import Email
from register.mail.worker import Worker
from register.stores import Delivery, StoreUnavailable
from register.stores.memory import MemoryStore
from tests.calendars import session
from tests.functions.register.builders import NOW, SECOND, SESSION, STARTS, People, opened, terms
from tests.functions.register.mails import mail_settings, told
from tests.functions.register.smtp_server import HOST, WAIT, running

MINUTE = timedelta(minutes=1)
PEOPLE = ("Ana", "Ben", "Carla", "David")


@dataclass
class Clock:
    """Says what time it is, and never goes on by itself."""

    time: datetime = NOW + timedelta(minutes=1)

    def __call__(self) -> datetime:
        return self.time


@dataclass
class FakeBackend:
    """Takes mail, and fails as it is told to."""

    problems: dict[str, list[Exception | None]] = field(default_factory=dict)
    """By address, what the next tries bring."""
    taken: list[str] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    closed: int = 0
    on_send: Callable[[], None] = lambda: None

    def send(self, mail: Email) -> None:
        self.on_send()
        email = mail.recipient
        self.tried.append(email)
        waiting = self.problems.get(email)
        if waiting and (problem := waiting.pop(0)):
            raise problem
        self.taken.append(email)

    def close(self) -> None:
        self.closed += 1


def written(message: Message) -> Email:
    """Return the least that can be sent; real emails take longer to write."""
    return Email("training@example.org", message.email, message.registration_id, b"")


class Post:
    """A store with people who have signed up, a clock, and who sends."""

    def __init__(self, *names: str) -> None:
        self.store = MemoryStore()
        self.people: People = opened(self.store, terms(capacity=100, snapshot_json=told(session())))
        self.people.sign_up(*names)
        self.clock = Clock()
        self.sender = FakeBackend()
        self.compose: Callable[[Message], Email] = written

    def deliver(self, go_on: Callable[[], bool] = lambda: True) -> Report:
        """Deliver what is due."""
        return outbox.deliver(self.store, self.sender, self.compose, now=self.clock, go_on=go_on)

    def one(self, email: str) -> Delivery:
        """Return how far the mail to an address is."""
        (found,) = self.store.messages_of(email)
        return found

    def deliver_one(self, email: str) -> Outcome | None:
        """Deliver the mail to an address, as the stream asks for it."""
        message = self.one(email).message
        return deliver_one(self.store, self.sender, self.compose, message.key, now=self.clock)

    def fails(self, name: str, *problems: Exception | None) -> None:
        """Let the next tries for a person fail."""
        self.sender.problems[address(name)] = list(problems)


def address(name: str) -> str:
    return f"{name.casefold()}@example.net"


def addresses(names: Sequence[str]) -> list[str]:
    return [address(name) for name in names]


@pytest.fixture
def post() -> Post:
    """Four people's confirmations, all due."""
    return Post(*PEOPLE)


def test_what_is_due_is_sent_in_its_order_and_once(post: Post) -> None:
    assert post.deliver() == Report(sent=4)
    assert post.sender.taken == addresses(PEOPLE)
    assert post.one(address("Ana")).sent == post.clock.time
    assert post.deliver() == Report()
    assert post.sender.taken == addresses(PEOPLE)


def test_more_than_a_batch_is_sent_to_the_last() -> None:
    names = [f"Person{number}" for number in range(2 * BATCH + 3)]
    post = Post(*names)
    assert post.deliver() == Report(sent=len(names))
    assert post.sender.taken == addresses(names)


def test_the_connection_is_closed_in_the_end(post: Post) -> None:
    post.deliver()
    assert post.sender.closed == 1


def test_a_mail_that_fails_is_tried_again_and_the_others_go_on(post: Post) -> None:
    post.fails("Ben", TryLater("mail: 451 come again"))
    assert post.deliver() == Report(sent=3, later=1)
    assert post.sender.taken == addresses(["Ana", "Carla", "David"])
    ben = post.one(address("Ben"))
    assert (ben.due, ben.attempts, ben.problem) == (post.clock.time + MINUTE, 1, "mail: 451 come again")

    post.clock.time += MINUTE - SECOND
    assert post.deliver() == Report()
    post.clock.time += SECOND
    assert post.deliver() == Report(sent=1)
    assert post.one(address("Ben")).sent == post.clock.time


def test_the_time_between_tries_doubles_up_to_six_hours() -> None:
    minutes = [retry_after(attempts) // MINUTE for attempts in (0, 1, 2, 3, 8, 9, 30, 1000)]
    assert minutes == [1, 2, 4, 8, 256, 360, 360, 360]


def test_a_mail_that_fails_for_three_days_is_given_up_and_kept_for_staff(post: Post) -> None:
    post.fails("Ana", *[TryLater("mail: 451 come again")] * 100)
    started, tries = post.clock.time, 0
    while (due := post.one(address("Ana")).due) is not None:
        post.clock.time = max(due, post.clock.time)
        post.deliver()
        tries += 1
    assert tries == post.one(address("Ana")).attempts == MOST_TRIES
    assert timedelta(days=3) <= post.clock.time - started < timedelta(days=3, hours=6)
    assert [one.message.name for one in post.store.failed()] == ["Ana"]


def test_an_old_mail_is_not_given_up_by_its_first_failures(post: Post) -> None:
    post.clock.time += timedelta(days=5)
    post.fails("Ana", TryLater("mail: 451 come again"))
    assert post.deliver() == Report(sent=3, later=1)


def test_an_outage_of_days_does_not_count_against_a_mail(post: Post) -> None:
    post.sender.on_send = lambda: (_ for _ in ()).throw(ServerDown("mail:25: no connection"))
    ends = post.clock.time + timedelta(days=4)
    while post.clock.time < ends:
        post.deliver()
        post.clock.time = min(one.due for one in post.store.pending() if one.due)
    assert [(one.attempts, one.problem) for one in post.store.pending()] == [
        (0, "mail:25: no connection")
    ] * 4

    post.sender.on_send = lambda: None
    post.clock.time = ends + timedelta(hours=1)
    post.fails("Ana", TryLater("mail: 451 greylisted"))
    assert post.deliver() == Report(sent=3, later=1)
    ana = post.one(address("Ana"))
    assert (ana.due, ana.attempts) == (post.clock.time + MINUTE, 1)


def test_the_time_between_tries_doubles_in_an_outage(post: Post) -> None:
    post.sender.on_send = lambda: (_ for _ in ()).throw(ServerDown("mail:25: no connection"))
    waits: list[int] = []
    post.clock.time = post.one(address("Ana")).message.recorded
    for _ in range(7):
        post.deliver_one(address("Ana"))
        due = post.one(address("Ana")).due
        assert due is not None
        waits.append((due - post.clock.time) // MINUTE)
        post.clock.time = due
    assert waits == [1, 1, 2, 4, 8, 15, 15]


def test_a_mail_that_cannot_be_delivered_is_given_up_at_once_and_the_others_go_on(post: Post) -> None:
    post.fails("Ben", CannotDeliver("mail: 550 no such user"))
    assert post.deliver() == Report(sent=3, failed=1)
    (failed,) = post.store.failed()
    assert (failed.message.name, failed.due, failed.problem) == ("Ben", None, "mail: 550 no such user")


def test_a_mail_that_cannot_be_written_is_given_up_and_the_others_go_on(post: Post) -> None:
    whole = post.compose

    def broken(message: Message) -> Email:
        if message.name == "Ben":
            raise CannotCompose(message, ValueError("Ben"))
        return whole(message)

    post.compose = broken
    assert post.deliver() == Report(sent=3, failed=1)
    (failed,) = post.store.failed()
    assert failed.problem == f"{failed.message.label}: no email can be made of it (ValueError)"


def test_an_error_that_nobody_has_foreseen_costs_no_other_mail_its_turn(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    post.fails("Ben", *[ZeroDivisionError("Ben <ben@example.net>")] * 100)
    assert post.deliver() == Report(sent=3, later=1)
    assert post.sender.taken == addresses(["Ana", "Carla", "David"])
    ben = post.one(address("Ben"))
    assert (ben.due, ben.attempts, ben.problem) == (post.clock.time + MINUTE, 1, "ZeroDivisionError")
    # The connection may be in the middle of something.
    assert post.sender.closed == 2
    (logged,) = [one.getMessage() for one in caplog.records if one.levelname == "ERROR"]
    assert logged.startswith(f"{ben.message.label}: ZeroDivisionError\n")
    assert "in send" in logged
    assert "ben@" not in caplog.text

    while (due := post.one(address("Ben")).due) is not None:
        post.clock.time = due
        post.deliver()
    assert [(one.message.name, one.problem) for one in post.store.failed()] == [("Ben", "ZeroDivisionError")]


def test_an_error_of_ours_that_is_of_all_mails_is_no_fault_of_any(post: Post) -> None:
    def no_build(_message: Message) -> Email:
        raise RegisterError("build/site.json is not there; run make html first")

    post.compose = no_build
    assert post.deliver() == Report(later=4)
    assert {(one.attempts, one.problem) for one in post.store.pending()} == {
        (0, "build/site.json is not there; run make html first")
    }


def test_mails_of_one_registration_arrive_in_the_order_in_which_they_were_recorded(post: Post) -> None:
    ana = post.one(address("Ana")).message
    post.fails("Ana", TryLater("mail: 451 greylisted"))
    post.store.cancel(SESSION, ana.registration_id, now=post.clock.time)
    assert post.deliver() == Report(sent=3, later=1)

    post.clock.time += MINUTE
    assert post.deliver() == Report(sent=2)
    assert [
        one.message.kind
        for one in sorted(post.store.messages_of(address("Ana")), key=lambda one: str(one.sent))
    ] == [Kind.CONFIRMATION, Kind.CANCELLATION]
    assert post.sender.taken[-2:] == addresses(["Ana", "Ana"])


def test_a_reminder_of_what_has_begun_is_not_sent(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    post.deliver()
    assert post.store.write_reminders(SESSION, now=STARTS - timedelta(hours=1)) == len(PEOPLE)
    post.clock.time = STARTS - SECOND
    assert post.deliver(go_on=lambda: len(post.sender.taken) < len(PEOPLE) + 1) == Report(sent=1)

    post.clock.time = STARTS
    assert post.deliver() == Report(dropped=3)
    assert len(post.sender.taken) == len(PEOPLE) + 1
    assert (post.store.pending(), post.store.failed()) == ([], [])
    dropped = [one.getMessage() for one in caplog.records if one.levelname == "WARNING"]
    assert len(dropped) == 3
    assert all(
        one.endswith(f"/reminder/{int(STARTS.timestamp())}: not sent: the session has begun")
        for one in dropped
    )


def test_a_server_that_is_down_is_asked_once_and_nothing_is_lost(post: Post) -> None:
    post.fails("Ben", ServerDown("mail:25: no connection"))
    assert post.deliver() == Report(sent=1, later=3)
    assert post.sender.tried == addresses(["Ana", "Ben"])
    assert [(one.message.name, one.due, one.problem) for one in post.store.pending()] == [
        (name, post.clock.time + MINUTE, "mail:25: no connection") for name in ("Ben", "Carla", "David")
    ]
    post.clock.time += MINUTE
    assert post.deliver() == Report(sent=3)


def test_a_long_outage_loses_nothing_and_ends_within_a_quarter_of_an_hour(post: Post) -> None:
    post.sender.on_send = lambda: (_ for _ in ()).throw(ServerDown("mail:25: no connection"))
    ends = post.clock.time + timedelta(days=10)
    while post.clock.time < ends:
        assert post.deliver().failed == 0
        post.clock.time = min(one.due for one in post.store.pending() if one.due)
    post.sender.on_send = lambda: None
    assert max(one.due for one in post.store.pending() if one.due) - ends <= timedelta(minutes=15)
    post.clock.time += timedelta(minutes=15)
    assert post.deliver() == Report(sent=4)


def test_a_crash_after_sending_sends_once_more_and_never_less(post: Post) -> None:
    whole = post.store.settle_sent

    def crash(_message: Message, **_: object) -> None:
        raise StoreUnavailable("the store is gone")

    post.store.settle_sent = crash  # type: ignore[method-assign]
    with pytest.raises(StoreUnavailable):
        post.deliver()
    post.store.settle_sent = whole  # type: ignore[method-assign]
    assert post.sender.closed == 1

    post.clock.time += LEASE - SECOND
    assert post.deliver() == Report()
    post.clock.time += SECOND
    assert post.deliver() == Report(sent=4)
    assert post.sender.taken == addresses(["Ana", *PEOPLE])


def test_two_who_deliver_at_once_share_the_work(post: Post) -> None:
    other = FakeBackend()
    reports: list[Report] = []

    def meanwhile() -> None:
        post.sender.on_send = lambda: None
        reports.append(outbox.deliver(post.store, other, post.compose, now=post.clock))

    post.people.sign_up(*[f"Person{number}" for number in range(BATCH)])
    post.sender.on_send = meanwhile
    reports.append(post.deliver())
    assert reports == [Report(sent=4), Report(sent=BATCH)]
    assert not set(post.sender.taken) & set(other.taken)


def test_no_mail_is_begun_when_the_lease_may_run_out_under_it() -> None:
    post = Post(*(f"Person{number}" for number in range(BATCH)))
    claims: list[datetime] = []
    claim = post.store.claim

    def counted(*, now: datetime, lease: timedelta, most: int) -> list[Delivery]:
        claims.append(now)
        return claim(now=now, lease=lease, most=most)

    late: list[timedelta] = []

    def slowly() -> None:
        left = claims[-1] + LEASE - post.clock.time
        late.extend([left] if left < TIME_FOR_ONE else [])
        post.clock.time += TIME_FOR_ONE - SECOND

    post.store.claim = counted  # type: ignore[method-assign]
    post.sender.on_send = slowly
    report = post.deliver()
    while report.sent < BATCH:
        post.clock.time += LEASE
        report += post.deliver()
    assert report == Report(sent=BATCH)
    assert late == []
    assert len(post.sender.taken) == len(set(post.sender.taken))


def test_a_lease_outlives_the_slowest_mail() -> None:
    # Twenty answers: connection, two greetings, STARTTLS, log-in, sender, person, mail; and all again.
    assert timedelta(seconds=20 * TIMEOUT) <= TIME_FOR_ONE < LEASE


def test_who_is_told_to_stop_gives_back_what_is_not_sent(post: Post) -> None:
    assert post.deliver(go_on=lambda: len(post.sender.taken) < 2) == Report(sent=2)
    assert [(one.attempts, one.problem or "") for one in post.store.pending()] == [(0, "")] * 2
    assert post.deliver() == Report(sent=2)
    assert post.sender.taken == addresses(PEOPLE)


def test_the_log_names_messages_and_nobody(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    post.fails("Ana", TryLater("mail: 451 come again"))
    post.fails("Ben", CannotDeliver("mail: 550 no such user"))
    post.fails("David", ServerDown("mail:25: no connection"))
    post.deliver()
    keys = {name: post.one(address(name)).message.label for name in PEOPLE}
    assert [(one.levelname, one.getMessage()) for one in caplog.records] == [
        ("WARNING", f"{keys['Ana']}: again at 2026-11-20T17:02:00+00:00: mail: 451 come again"),
        ("ERROR", f"{keys['Ben']}: given up: mail: 550 no such user"),
        ("INFO", f"{keys['Carla']}: sent"),
        ("WARNING", f"{keys['David']}: again at 2026-11-20T17:02:00+00:00: mail:25: no connection"),
    ]
    assert not [one for one in caplog.text.casefold().split() if "example.net" in one or "ana" in one]


# One message, as the stream names it


def test_one_message_is_sent_by_its_key_and_once(post: Post) -> None:
    assert post.deliver_one(address("Carla")) is Outcome.SENT
    assert post.sender.taken == addresses(["Carla"])
    assert post.deliver_one(address("Carla")) is None
    assert post.deliver() == Report(sent=3)


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (TryLater("mail: 451 come again"), Outcome.LATER),
        (ServerDown("mail:25: no connection"), Outcome.LATER),
        (CannotDeliver("mail: 550 no such user"), Outcome.FAILED),
    ],
)
def test_one_message_that_fails_is_kept(post: Post, problem: MailError, expected: Outcome) -> None:
    post.fails("Carla", problem)
    assert post.deliver_one(address("Carla")) is expected
    kept = post.one(address("Carla"))
    assert (kept.attempts, kept.problem) == (0 if isinstance(problem, ServerDown) else 1, str(problem))
    assert kept.due == (None if expected is Outcome.FAILED else post.clock.time + MINUTE)


# Over a real connection


def test_a_real_server_that_refuses_some_keeps_nobody_else_waiting(post: Post) -> None:
    post.compose = partial(compose, mail_settings=mail_settings())
    with running() as server:
        server.mailbox.refused_people = {address("Ana"): "550 no", address("Ben"): "451 later"}
        server.mailbox.hangs_up_on = {address("Carla")}
        sender = SmtpBackend(HOST, server.port, timeout=WAIT)
        report = outbox.deliver(post.store, sender, post.compose, now=post.clock)
        assert report == Report(sent=1, later=2, failed=1)
        assert server.mailbox.people == [[address("David")]]

        server.mailbox.refused_people, server.mailbox.hangs_up_on = {}, set()
        post.clock.time += MINUTE
        assert outbox.deliver(post.store, sender, post.compose, now=post.clock) == Report(sent=2)
        assert server.mailbox.people == [[address(name)] for name in ("David", "Ben", "Carla")]


# The thread


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


class Office:
    """A worker at work; `every` is in seconds, and long enough never to pass in a test."""

    def __init__(self, every: float = 3600) -> None:
        self.store = Rounds()
        self.people = opened(self.store, terms(capacity=100, snapshot_json=told(session())))
        self.sender = FakeBackend()
        self.swept: list[float] = []
        self.seconds = 0.0
        self.failing_sweep: Exception | None = None
        self.worker = Worker(
            self.store,
            self.sender,
            written,
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

    def __enter__(self) -> Office:
        self.worker.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.worker.stop()


def test_the_postman_delivers_when_he_is_woken() -> None:
    with Office() as office:
        office.round()
        office.people.sign_up("Ana")
        office.worker.wake()
        office.round()
        assert office.sender.taken == addresses(["Ana"])


def test_the_postman_looks_by_himself() -> None:
    with Office(every=0.01) as office:
        office.round()
        office.people.sign_up("Ana")
        office.round()
        office.round()
        assert office.sender.taken == addresses(["Ana"])


def test_the_postman_sweeps_at_first_and_then_every_few_minutes() -> None:
    with Office() as office:
        office.round()
        for office.seconds in (299, 300, 301, 599, 600):
            office.worker.wake()
            office.round()
        assert office.swept == [0, 300, 600]


def test_an_error_of_the_store_or_the_sweep_does_not_end_the_postman(
    caplog: pytest.LogCaptureFixture,
) -> None:
    office = Office()
    office.failing_sweep = StoreUnavailable("the sweep found no store")
    office.store.broken = 1
    with office:
        office.round()
        office.people.sign_up("Ana")
        office.worker.wake()
        office.round()
    assert office.sender.taken == addresses(["Ana"])
    assert {one.getMessage() for one in caplog.records if one.levelname == "ERROR"} == {
        "StoreUnavailable: the sweep found no store; again later",
        "StoreUnavailable: the store is gone; again later",
    }


def test_an_error_that_nobody_has_foreseen_does_not_end_the_postman(
    caplog: pytest.LogCaptureFixture,
) -> None:
    office = Office()
    office.failing_sweep = ZeroDivisionError("ana@example.net")
    with office:
        office.round()
        office.people.sign_up("Ana")
        office.worker.wake()
        office.round()
    assert office.sender.taken == addresses(["Ana"])
    (logged,) = [one.getMessage() for one in caplog.records if one.levelname == "ERROR"]
    assert logged.startswith("unforeseen; again later: ZeroDivisionError\n")
    assert "in sweep" in logged
    assert "ana@" not in caplog.text


def test_a_postman_who_is_stopped_finishes_his_mail_and_goes() -> None:
    office = Office()
    sending, goes_on = threading.Event(), threading.Event()

    def slowly() -> None:
        sending.set()
        assert goes_on.wait(WAIT)

    office.people.sign_up(*PEOPLE)
    office.sender.on_send = slowly
    office.worker.start()
    assert sending.wait(WAIT)
    stopping = threading.Thread(target=office.worker.stop)
    stopping.start()
    goes_on.set()
    stopping.join(WAIT)
    assert not stopping.is_alive()
    assert office.sender.taken
    assert len(office.sender.taken) + len(office.store.pending()) == len(PEOPLE)


def test_a_postman_who_never_started_can_be_stopped() -> None:
    Office().worker.stop()
