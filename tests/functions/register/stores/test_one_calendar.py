# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two people with one address share a calendar: whatever they do, the real emails leave exactly their seats in it."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from register.domain.errors import Refused
from register.domain.model import ChangedBy, Person, Registration, State
from register.mail.delivery import deliver
from register.mail.outgoing import Email
from register.operations import maintenance, privacy
from register.operations.sync import sync
from register.stores import Store
from register.stores.memory import MemoryStore
from register.stores.sqlite.store import SQLiteStore
from schedule.model import Session, Status
from tests.support.builders import SESSION, UNLISTED, person
from tests.support.calendar_client import CalendarClient, Event, calendars, read
from tests.support.constants import HOUR, MINUTE, NOW
from tests.support.dynamodb_engine import Engine
from tests.support.emails import composed
from tests.support.schedules import LINK, contract_with, revised, session, timed

FAMILY = "family@example.net"
ANA, BETO = person("Ana", email=FAMILY), person("Beto", email=FAMILY)
EVA = person("Eva")
MOVED = timed("2026-12-04 13:00", "2026-12-04 14:30")
UID = f"{SESSION}@msix-trainings"


@dataclass
class Home:
    """A family and its calendars, a neighbor who competes for the seats, and a session that changes."""

    store: Store
    about: Session = field(default_factory=lambda: session(capacity=2))
    now: datetime = NOW
    calendars: tuple[CalendarClient, ...] = field(default_factory=calendars)
    numbers: list[int] = field(default_factory=list)
    """Of all messages to the family, in the order in which they arrived."""
    _ids: Iterator[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.sync()

    # What happens

    def sync(self, **changes: Any) -> None:
        """Change what the schedule says of the session, and tell everybody."""
        if changes:
            self.about = revised(self.about, **changes)
        sync(contract_with(self.about), self.store, lambda _: None, now=self.now, yes=True)

    def move(self) -> None:
        first = session().period
        self.sync(period=MOVED if self.about.period == first else first)

    def cancel_session(self) -> None:
        self.sync(status=Status.CANCELLED)

    def restore(self) -> None:
        self.sync(status=Status.SCHEDULED)

    def sign_up(self, who: Person) -> None:
        try:
            self.store.sign_up(SESSION, who, registration_id=f"r{next(self._ids)}", now=self.now)
        except Refused:
            assert self.about.cancelled

    def cancel(self, who: Person, by: ChangedBy = ChangedBy.PERSON) -> None:
        """Give back whatever somebody has."""
        if found := self.active(who):
            self.store.cancel(SESSION, found.registration_id, now=self.now, by=by)

    def erase(self) -> None:
        """Forget the family; it still hears that its seats are gone."""
        privacy.forget(self.store, FAMILY, now=self.now, organization=UNLISTED)

    def deliver(self) -> None:
        """Deliver what is due, also by a clock that is behind."""
        maintenance.sweep(self.store, now=self.now)
        while pending := self.store.pending():
            time = max(self.now, *(each.due for each in pending if each.due))
            deliver(self.store, self, composed, now=lambda time=time: time)

    # `MailBackend`: all emails arrive at once

    def send(self, email: Email) -> None:
        if email.recipient == FAMILY and (asked := read(email.content, FAMILY)):
            self.numbers.append(asked.order[0])
            for client in self.calendars:
                client.receive(asked)

    def probe(self) -> None:
        """It is always there."""

    def close(self) -> None:
        """Nothing is open."""

    # What is

    def active(self, who: Person) -> Registration | None:
        """Return the seat or the place that somebody has."""
        everybody = self.store.roster(SESSION)
        return next((r for r in everybody if r.is_active and r.person.identity == who.identity), None)

    def seats(self) -> dict[str, Event]:
        """Return what should be in the family's calendar."""
        has_seat = any((found := self.active(who)) and found.state is State.CONFIRMED for who in (ANA, BETO))
        if not has_seat or self.about.cancelled:
            return {}
        return {UID: Event(UID, self.about.period.start, self.about.period.end, LINK)}

    def check(self) -> None:
        """Deliver, and hold both calendars against the roster."""
        self.deliver()
        assert [client.events for client in self.calendars] == [self.seats()] * 2
        assert self.numbers == sorted(set(self.numbers))


@pytest.fixture
def home(store: Store) -> Home:
    return Home(store)


def test_the_event_stays_as_long_as_one_of_the_family_has_a_seat(home: Home) -> None:
    home.sign_up(ANA)
    home.check()
    home.sign_up(BETO)
    home.check()
    home.cancel(ANA)
    home.check()
    assert home.seats() != {}

    home.cancel(BETO)
    home.check()
    assert home.seats() == {}


def test_a_seat_that_passes_from_one_to_the_other_keeps_the_event(home: Home) -> None:
    home.sign_up(EVA)
    home.sign_up(ANA)
    home.sign_up(BETO)
    home.check()
    home.cancel(ANA)
    home.check()
    assert home.seats() != {}


def test_who_waits_has_no_event(home: Home) -> None:
    home.sync(capacity=1)
    home.sign_up(EVA)
    home.sign_up(ANA)
    home.check()
    assert home.calendars[0].heard == {}


def test_a_session_that_moves_moves_the_familys_event_and_takes_it_away_and_brings_it_back(
    home: Home,
) -> None:
    home.sign_up(ANA)
    home.sign_up(BETO)
    for change in (home.move, home.cancel_session, home.restore, home.move):
        change()
        home.check()
    home.cancel(BETO)
    home.cancel_session()
    home.cancel(ANA)
    home.check()
    home.restore()
    home.check()


def test_who_signs_up_again_has_the_event_again_also_after_an_erasure_and_by_a_clock_set_back(
    home: Home,
) -> None:
    home.sign_up(ANA)
    home.cancel(ANA)
    home.sign_up(ANA)
    home.check()
    home.now -= 3 * HOUR
    home.erase()
    home.check()
    home.now -= 24 * HOUR
    home.sign_up(BETO)
    home.check()
    assert home.seats() != {}


STEPS: dict[str, Callable[[Home], None]] = {
    "Ana signs up": lambda home: home.sign_up(ANA),
    "Beto signs up": lambda home: home.sign_up(BETO),
    "Eva signs up": lambda home: home.sign_up(EVA),
    "Ana cancels": lambda home: home.cancel(ANA),
    "staff cancel for Beto": lambda home: home.cancel(BETO, ChangedBy.STAFF),
    "Eva cancels": lambda home: home.cancel(EVA),
    "the session moves": Home.move,
    "it is canceled": Home.cancel_session,
    "it is restored": Home.restore,
    "one seat": lambda home: home.sync(capacity=1),
    "two seats": lambda home: home.sync(capacity=2),
    "the family is erased": Home.erase,
    "the clock is set back": lambda home: setattr(home, "now", home.now - 3 * HOUR),
    "time passes": lambda home: setattr(home, "now", home.now + MINUTE),
    "email goes out": Home.check,
}
histories = st.lists(st.sampled_from(sorted(STEPS)), min_size=6, max_size=16)


@pytest.mark.parametrize(
    ("name", "examples"),
    [
        ("memory", 20),
        ("sqlite", 10),
        ("dynamodb", 5),
        pytest.param("memory", 1500, marks=pytest.mark.long),
        pytest.param("sqlite", 400, marks=pytest.mark.long),
        pytest.param("dynamodb", 100, marks=pytest.mark.long),
    ],
)
def test_after_any_history_the_calendar_has_the_rosters_seats(
    name: str, examples: int, tmp_path: Path, engine: Engine
) -> None:
    numbers = itertools.count()
    makers: dict[str, Callable[[], Store]] = {
        "memory": MemoryStore,
        "sqlite": lambda: SQLiteStore(tmp_path / f"{next(numbers)}.sqlite3"),
        "dynamodb": engine.store,
    }

    @settings(max_examples=examples, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(histories)
    def run(history: list[str]) -> None:
        home = Home(makers[name]())
        for step in ("Ana signs up", "Beto signs up", *history):
            STEPS[step](home)
        home.check()
        home.store.close()

    run()


@pytest.mark.parametrize("name", ["sqlite", "dynamodb"])
def test_two_who_cancel_at_once_leave_no_event_and_one_cancellation(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    for number in range(8):
        if name == "sqlite":
            store: Store = SQLiteStore(tmp_path / f"{number}.sqlite3")
        else:
            store = request.getfixturevalue("dynamodb_server").store()
        home = Home(store)
        home.sign_up(ANA)
        home.sign_up(BETO)
        together = threading.Barrier(2)

        def cancel(who: Person, home: Home = home, together: threading.Barrier = together) -> None:
            found = home.active(who)
            together.wait()
            assert found is not None
            home.store.cancel(SESSION, found.registration_id, now=home.now, by=ChangedBy.PERSON)

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(cancel, who) for who in (ANA, BETO)]:
                done.result()
        methods = [each.message.method for each in home.store.messages_of(FAMILY)]
        assert [method and method.value for method in methods] == ["REQUEST", "REQUEST", None, "CANCEL"]
        home.check()
        assert home.seats() == {}
        store.close()


def test_the_check_itself_sees_an_event_too_many_and_one_too_few(home: Home) -> None:
    home.sign_up(ANA)
    home.check()
    gone, there = home.calendars[0].events.pop(UID), replace(home.seats()[UID], location="elsewhere")
    with pytest.raises(AssertionError):
        home.check()
    for wrong in (there, replace(gone, starts=NOW)):
        home.calendars[0].events[UID] = wrong
        with pytest.raises(AssertionError):
            home.check()
