# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many at once, and the power cut: never a seat too many, never one lost, never a change without its mail."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from register.domain.admission import Admission
from register.domain.errors import LimitReached, LineClosed
from register.domain.messages import Method
from register.domain.model import ChangedBy, Kind, Person, Registration, State
from register.domain.rate_limits import Limit
from register.domain.rules import promotion_due
from register.domain.wishes import Wish, WishPurpose
from register.operations.privacy import forget
from register.stores import Store
from schedule.model import Language
from tests.support.builders import SESSION, STARTS, UNLISTED, counts, opened, person, terms
from tests.support.constants import HOUR, NOW, ROOT, SECOND
from tests.support.dynamodb_engine import Engine
from tests.support.dynamodb_faults import by_chance, conflict, lost_reply, no_connection, throttling
from tests.support.emails import snapshot_json
from tests.support.killed_process import THERE
from tests.support.schedules import session

THREADS = 32

FIRST_MAILS = {
    State.CONFIRMED: {Kind.CONFIRMATION, Kind.PROMOTION},
    State.WAITLISTED: {Kind.WAITING_LIST},
    State.CANCELLED: {Kind.CANCELLATION},
}


@pytest.fixture
def engine(dynamodb_server: Engine) -> Engine:
    """A server: nothing else can be asked by many at once."""
    return dynamodb_server


@pytest.fixture(params=["sqlite", "dynamodb"])
def store(request: pytest.FixtureRequest) -> Store:
    """Each real store in turn, empty."""
    found: Store = request.getfixturevalue(request.param)
    return found


def at_once(jobs: Sequence[Callable[[], Any]], threads: int = THREADS) -> list[Any]:
    """Do things in many threads; whatever one raises comes out."""
    with ThreadPoolExecutor(threads) as pool:
        return [future.result() for future in [pool.submit(job) for job in jobs]]


def counted(store: Store, session_id: str = SESSION) -> tuple[int, int]:
    """Return how many are confirmed and how many wait, counted one by one."""
    states = [one.state for one in store.roster(session_id)]
    return states.count(State.CONFIRMED), states.count(State.WAITLISTED)


def assert_sound(store: Store, seats: int) -> list[Registration]:
    """Hold a session's numbers against its people, and its people against their mails; return the people."""
    roster = store.roster(SESSION)
    assert counts(store) == counted(store)
    assert counts(store)[0] <= seats
    assert not promotion_due(store.session(SESSION), NOW)
    mails = defaultdict(set)
    for one in store.pending():
        mails[one.message.registration_id].add(one.message.kind)
    without = [
        one.registration_id for one in roster if not mails[one.registration_id] & FIRST_MAILS[one.state]
    ]
    assert without == []
    queue_numbers = [one.queue_number for one in roster if one.state is State.WAITLISTED]
    assert len(set(queue_numbers)) == len(queue_numbers)
    return roster


@pytest.mark.parametrize("crowd", [150, pytest.param(500, marks=pytest.mark.long)])
def test_a_crowd_at_once_gets_thirty_seats_and_a_place_each(store: Store, crowd: int) -> None:
    store.sync_session(terms(capacity=30), None, expected=None)

    def sign_up(number: int) -> Callable[[], Any]:
        who = person(f"Person {number}")
        return lambda: store.sign_up(SESSION, who, registration_id=f"r{number}", now=NOW)

    answers = at_once([sign_up(number) for number in range(crowd)])

    assert sum(one.registration.state is State.CONFIRMED for one in answers) == 30
    assert {one.repeated for one in answers} == {False}
    roster = assert_sound(store, 30)
    line = [one for one in roster if one.state is State.WAITLISTED]
    assert (len(roster), len(line)) == (crowd, crowd - 30)
    # The line goes by queue_number, and all differ; a place is counted anew each time, which takes a while.
    some = [0, 1, 2, *range(7, crowd - 30, 50), crowd - 31]
    assert [store.place(line[index]) for index in some] == [index + 1 for index in some]
    assert len(store.pending()) == crowd


def test_each_wish_is_taken_by_one_of_many(store: Store) -> None:
    wishes = {
        Wish(f"w{number}", WishPurpose.LOST_LINK, f"p{number}@example.net", Language.ENGLISH, NOW)
        for number in range(12)
    }
    at_once([lambda each=each: store.record_wish(each) for each in wishes])
    lease = timedelta(minutes=5)

    taken = at_once([lambda: store.claim_wish(now=NOW, lease=lease) for _ in range(THREADS)])
    while more := store.claim_wish(now=NOW, lease=lease):  # where somebody was faster each time
        taken.append(more)

    found = [each for each in taken if each is not None]
    assert (len(found), set(found)) == (12, wishes)


def mixed(store: Store, people: int, threads: int) -> None:
    """Sign up, cancel, and change the number of seats, all at once; then let the sync finish."""
    store.sync_session(terms(capacity=5), None, expected=None)

    def live(number: int) -> Callable[[], None]:
        chance = random.Random(number)  # noqa: S311 - the same each time
        who = person(f"Person {number}")

        def steps() -> None:
            for again in range(3):
                registration_id = f"r{number}-{again}"
                got = store.sign_up(SESSION, who, registration_id=registration_id, now=NOW + SECOND * again)
                assert got.registration.registration_id == registration_id
                if chance.random() < 0.6:
                    gone = store.cancel(
                        SESSION, registration_id, now=NOW + SECOND * again, by=ChangedBy.PERSON
                    )
                    assert gone.state is State.CANCELLED
                else:
                    return

        return steps

    def resize() -> None:
        for capacity in (9, 3, 12, 6):
            seen = store.session(SESSION)
            newer = replace(seen.terms, capacity=capacity, revision=seen.terms.revision + 1)
            store.sync_session(newer, None, expected=seen)
            store.promote_one(SESSION, now=NOW)

    half = people // 2
    first, others = map(live, range(half)), map(live, range(half, people))
    at_once([*first, resize, *others], threads)
    while store.promote_one(SESSION, now=NOW):
        pass
    roster = assert_sound(store, 12)
    assert len(roster) == people


def test_sign_ups_cancels_and_changed_seats_at_once_leave_everything_sound(store: Store) -> None:
    mixed(store, people=40, threads=16)


@pytest.mark.parametrize(
    "faults",
    [(conflict,), (throttling, no_connection), (lost_reply,), (conflict, throttling, lost_reply)],
    ids=["conflicts", "throttling", "lost replies", "all"],
)
def test_what_goes_wrong_on_the_way_to_dynamodb_leaves_everything_sound(
    engine: Engine, faults: tuple[Any, ...]
) -> None:
    store = engine.store(by_chance(0.2, *faults), sleep=lambda _: None)

    mixed(store, people=16, threads=8)


def test_in_the_last_hour_seats_go_by_hand_alone_however_much_happens_at_once(store: Store) -> None:
    people = opened(store, terms(capacity=10))
    seated = people.sign_up(*(f"Seated {number}" for number in range(10)))
    waiting = people.sign_up(*(f"Waits {number}" for number in range(10)))
    now = STARTS - HOUR
    store.sync_session(replace(terms(), capacity=12, revision=4), None, expected=store.session(SESSION))

    def cancel(one: Registration) -> Callable[[], Any]:
        return lambda: store.cancel(SESSION, one.registration_id, now=now, by=ChangedBy.PERSON)

    def sign_up(
        who: Person, registration_id: str, admission: Admission = Admission.FORM
    ) -> Callable[[], State | None]:
        def try_it() -> State | None:
            try:
                answer = store.sign_up(
                    SESSION, who, registration_id=registration_id, now=now, admission=admission
                )
            except LineClosed:
                return None
            return answer.registration.state

        return try_it

    by_hand = [
        sign_up(one.registration.person, f"h{number}", Admission.LATE) for number, one in enumerate(waiting)
    ]
    by_hand += [sign_up(person(f"New {number}"), f"n{number}", Admission.LATE) for number in range(4)]
    public = [sign_up(person(f"Late {number}"), f"l{number}") for number in range(6)]
    gone = [cancel(one.registration) for one in seated[:4]]
    promotions = [lambda: store.promote_one(SESSION, now=now)] * 3
    answers = at_once(
        [
            step
            for steps in zip(by_hand, [*public, *gone, *promotions, *gone][:14], strict=True)
            for step in steps
        ]
    )

    by_staff = [answer for answer in answers[::2] if answer is not None]
    assert set(by_staff) == {State.CONFIRMED}
    assert set(answers[1::2][:6]) == {None}
    assert set(answers[1::2][10:13]) == {False}
    confirmed, left = counts(store)
    assert counts(store) == counted(store)
    assert confirmed == 6 + len(by_staff) <= 12
    promoted = [one for one in store.pending() if one.message.kind is Kind.PROMOTION]
    assert left == 10 - len(promoted)


def test_an_address_that_many_erase_at_once_while_others_sign_up_is_erased_once(store: Store) -> None:
    people = opened(store, terms(capacity=4))
    people.sign_up(*"ABC", email="family@example.net")
    people.sign_up("Seated", "Waits", "Waits too")
    people.sign_up("D", email="family@example.net")

    def sign_up(number: int) -> Callable[[], Any]:
        who = person(f"Late {number}")
        return lambda: store.sign_up(SESSION, who, registration_id=f"l{number}", now=people.now)

    erase = [lambda: forget(store, "family@example.net", now=people.now, organization=UNLISTED)] * 6
    at_once([step for steps in zip(erase, map(sign_up, range(6)), strict=True) for step in steps])

    assert store.registrations_of("family@example.net") == []
    [left] = store.messages_of("family@example.net")
    told = left.message
    assert (told.name, told.kind, told.method) == ("", Kind.CANCELLATION, Method.CANCEL)
    assert store.session(SESSION).highest_erased == told.number
    while store.promote_one(SESSION, now=people.now):
        pass
    assert counts(store) == counted(store) == (4, 5)
    seated = {each.person.name for each in store.roster(SESSION)[:4]}
    assert seated > {"Seated", "Waits", "Waits too"}


@pytest.mark.parametrize("most", [5, 60])
def test_a_limit_lets_exactly_so_many_through_however_many_come_at_once(store: Store, most: int) -> None:
    store.sync_session(terms(capacity=1000), None, expected=None)
    limit = Limit("client", "somebody", most, timedelta(hours=1))

    def hit(number: int) -> Callable[[], bool]:
        def try_it() -> bool:
            try:
                store.sign_up(
                    SESSION, person(f"Person {number}"), registration_id=f"r{number}", now=NOW, limits=[limit]
                )
            except LimitReached:
                return False
            return True

        return try_it

    through = at_once([hit(number) for number in range(300)])

    assert sum(through) == most
    assert counts(store) == (most, 0)


def test_an_email_that_many_ask_for_at_once_comes_once(store: Store) -> None:
    [ana] = opened(store).sign_up("Ana")
    later = ana.registration.since + timedelta(hours=1)

    def resend() -> bool:
        return store.resend(SESSION, ana.registration.registration_id, now=later)

    def repeat() -> bool:
        return store.sign_up(SESSION, person("Ana"), registration_id="again", now=later + SECOND).repeated

    answers = at_once([resend, repeat] * 16)

    assert all(answers[1::2])
    assert sum(answers[::2]) <= 1
    assert len(store.messages_of("ana@example.net")) == 2


@contextlib.contextmanager
def process_to_kill(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Run the process whose children are to be killed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.killed_process", *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def kill_in_mid_write(process: subprocess.Popen[str], round_: int, after: int) -> list[list[str]]:
    """Let a child work until it has been answered so often, kill it, and return all that it was answered."""
    assert process.stdin
    assert process.stdout
    process.stdin.write(f"{round_}\n")
    process.stdin.flush()
    started, child = process.stdout.readline().split()
    assert started == "started"
    answers = [process.stdout.readline().split() for _ in range(after)]
    os.kill(int(child), signal.SIGKILL)
    while (words := process.stdout.readline().split()) != ["dead"]:
        assert words
        answers.append(words)
    return answers


@pytest.mark.parametrize("kills", [5, pytest.param(20, marks=pytest.mark.long)])
@pytest.mark.parametrize("kind", ["sqlite", "dynamodb"])
def test_a_process_killed_in_mid_write_loses_no_seat_and_no_mail(
    kind: str, kills: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    store: Any = request.getfixturevalue(kind)
    for each in (SESSION, THERE):
        about = snapshot_json(replace(session(), id=each))
        store.sync_session(terms(each, snapshot_json=about, capacity=40), None, expected=None)
    places = {"sqlite": lambda: str(tmp_path / "register.sqlite3"), "dynamodb": lambda: store.table.name}
    environment = request.getfixturevalue("engine").environment if kind == "dynamodb" else {}
    chance = random.Random(20)  # noqa: S311 - the same each time
    answered: list[list[str]] = []

    with process_to_kill(kind, places[kind](), **environment) as process:
        for round_ in range(kills):
            answered += kill_in_mid_write(process, round_, after=chance.randint(1, 8))
            assert counts(store) == counted(store)

    everybody = {one.registration_id: one for one in assert_sound(store, 40)}
    asked = [
        each.message.registration_id
        for each in store.pending()
        if each.message.kind is Kind.STAFF_NEEDS and each.message.session_id == SESSION
    ]
    assert sorted(asked) == sorted(everybody)
    states = {name: one.state for name, one in everybody.items()}
    assert [
        registration_id
        for word, registration_id in answered
        if word == "signed-up" and registration_id not in states
    ] == []
    assert [
        registration_id
        for word, registration_id in answered
        if word == "cancelled" and states[registration_id] is not State.CANCELLED
    ] == []
    there = {one.registration_id for one in store.roster(THERE)}
    assert [name for word, name in answered if word == "moved" and name not in there] == []
    moved = [name for name, one in everybody.items() if one.moved_to == THERE]
    assert sorted(moved) == sorted(there)
    assert len(there) == sum(counts(store, THERE)) == sum(counted(store, THERE))
    amended = [everybody[name].person.email for word, name in answered if word == "amended"]
    assert [email for email in amended if not email.startswith("new")] == []
    active = [state for state in states.values() if state is not State.CANCELLED]
    assert active.count(State.CONFIRMED) == min(40, len(active))
