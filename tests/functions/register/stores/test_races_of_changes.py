# SPDX-License-Identifier: AGPL-3.0-or-later
"""Corrections and moves among all else that happens at once: nobody untold, no seat lost, nobody twice."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from register.domain.changes import MoveResult
from register.domain.errors import Refused
from register.domain.identity import hash_of
from register.domain.messages import Message
from register.domain.model import ChangedBy, Kind, Registration, State, Tally
from register.domain.rules import promotion_due
from register.operations.privacy import forget
from register.stores import Store
from register.stores.dynamodb.items import tally
from register.stores.dynamodb.keys import tally_key
from register.stores.dynamodb.store import DynamoDBStore
from register.stores.errors import StoreUnavailable
from register.stores.sqlite.store import SQLiteStore
from tests.functions.register.stores.test_races import at_once
from tests.functions.register.stores.test_races import engine as engine
from tests.functions.register.stores.test_races import store as store
from tests.support.builders import STARTS, UNLISTED, notice, opened, person, terms
from tests.support.constants import NOW, SECOND
from tests.support.dynamodb_engine import Engine
from tests.support.dynamodb_faults import by_chance, conflict, lost_reply, throttling
from tests.support.emails import snapshot_json
from tests.support.schedules import session

DATES = ("a", "b")
SNAPSHOTS = {each: snapshot_json(replace(session(), id=each)) for each in DATES}
BY = ChangedBy.PERSON
TELLS = {
    State.CONFIRMED: {Kind.CONFIRMATION, Kind.PROMOTION, Kind.CORRECTION},
    State.WAITLISTED: {Kind.WAITING_LIST, Kind.CORRECTION},
    State.CANCELLED: {Kind.CANCELLATION},
}


def two_dates(store: Store, seats: int) -> None:
    """Open two dates of one training."""
    opened(store, *(terms(each, snapshot_json=SNAPSHOTS[each], capacity=seats) for each in DATES))


def stored_tally(store: Any, session_id: str, email: str) -> Tally:
    """Return the counts of an address as the store keeps them."""
    if isinstance(store, DynamoDBStore):
        return tally(store.table.get(tally_key(session_id, hash_of(email))))
    assert isinstance(store, SQLiteStore)
    with store.transaction() as transaction:
        return transaction.tally(session_id, hash_of(email))


def messages(store: Store) -> dict[tuple[str, str], list[Message]]:
    """Return what is to be sent, by session and address, in the order of its numbers."""
    found: dict[tuple[str, str], list[Message]] = defaultdict(list)
    for each in sorted((each.message for each in store.pending()), key=lambda each: each.number):
        found[each.session_id, hash_of(each.email)].append(each)
    return found


def assert_sound(store: Store, seats: int) -> None:
    """Hold sessions, people, counts and messages against each other."""
    told = messages(store)
    for session_id in DATES:
        occupancy = store.session(session_id)
        roster = store.roster(session_id)
        states = Counter(each.state for each in roster)
        assert (occupancy.confirmed, occupancy.waiting) == (
            states[State.CONFIRMED],
            states[State.WAITLISTED],
        )
        assert occupancy.confirmed <= seats
        assert not promotion_due(occupancy, NOW)
        active = [each for each in roster if each.is_active]
        identities = [each.person.identity for each in active]
        assert len(set(identities)) == len(identities)
        by_address: dict[str, list[Registration]] = defaultdict(list)
        for each in roster:
            by_address[each.person.email].append(each)
        for email, people in by_address.items():
            mine = told[session_id, hash_of(email)]
            numbers = [each.number for each in mine]
            assert numbers == sorted(set(numbers))
            seated = [each for each in people if each.state is State.CONFIRMED]
            counted = stored_tally(store, session_id, email)
            assert (counted.active, counted.seats) == (
                sum(each.is_active for each in people),
                len(seated),
            )
            assert counted.last == numbers[-1]
            in_calendar = [each.method for each in mine if each.method is not None][-1:]
            assert in_calendar == (["REQUEST"] if seated else in_calendar and ["CANCEL"])
            for each in people:
                kinds = {one.kind for one in mine if one.registration_id == each.registration_id}
                assert kinds & TELLS[each.state], (each, kinds)
    assert store.damaged() == []


def live(store: Store, number: int) -> Callable[[], None]:
    """Return a life: signing up, then a few corrections, moves and cancellations at random."""
    chance = random.Random(number)  # noqa: S311 - the same each time
    who = person(f"Person {chr(65 + number)}", email=f"{number % 5}@example.net")

    def steps() -> None:
        for turn in range(3):
            here, there = chance.sample(DATES, 2)
            now, own = NOW + SECOND * turn, f"r{number}-{turn}"
            try:
                known = store.sign_up(here, who, registration_id=own, now=now).registration
                for again in range(3):
                    step = chance.choice(("amend", "amend", "move", "move", "cancel"))
                    if step == "amend":
                        email = f"{chance.randrange(5)}@example.net"
                        corrected = replace(known.person, email=email, needs=f"{again}")
                        known = store.amend(here, known.registration_id, corrected, now=now, by=BY)
                    elif step == "move":
                        new = f"{own}-{again}"
                        store.move(
                            here, known.registration_id, to=there, new_registration_id=new, now=now, by=BY
                        )
                    else:
                        store.cancel(here, known.registration_id, now=now, by=BY)
            except Refused:
                continue  # taken, five names, canceled by now: as the rules say

    return steps


def mixed(store: Store, people: int, threads: int) -> None:
    """Let many live at once, while notices and reminders are written out."""
    seats = people // 4
    two_dates(store, seats)

    def sync() -> None:
        for revision in (4, 5):
            for each in DATES:
                seen = store.session(each)
                newer = replace(seen.terms, revision=revision)
                told = notice(recorded=NOW + SECOND * revision, before_snapshot_json=SNAPSHOTS[each])
                store.sync_session(newer, told, expected=seen)
                store.write_out_notice(each)

    def remind() -> None:
        for each in DATES:
            store.write_reminders(each, now=STARTS - timedelta(hours=20))

    lives = [live(store, number) for number in range(people)]
    at_once([*lives[: people // 2], sync, remind, *lives[people // 2 :]], threads)
    for each in DATES:
        while store.promote_one(each, now=NOW):
            pass
    assert_sound(store, seats)


def test_corrections_and_moves_among_all_else_leave_everything_sound(store: Store) -> None:
    mixed(store, people=20, threads=32)


def test_what_goes_wrong_on_the_way_leaves_corrections_and_moves_sound(engine: Engine) -> None:
    faults = by_chance(0.1, conflict, throttling, lost_reply)
    mixed(engine.store(faults, sleep=lambda _: None), people=10, threads=8)


def test_many_who_move_both_ways_at_once_lose_no_seat(store: Store) -> None:
    two_dates(store, 6)
    people = [
        store.sign_up(date, person(f"{date} {number}"), registration_id=f"{date}{number}", now=NOW)
        for date in DATES
        for number in range(6)
    ]
    spare = [replace(store.session(each).terms, capacity=7, revision=4) for each in DATES]
    for each in spare:
        store.sync_session(each, None, expected=store.session(each.session_id))

    def move(known: Registration) -> Callable[[], MoveResult]:
        to = DATES[known.session_id == "a"]
        new = f"{known.registration_id}-new"
        return lambda: (
            store.move(
                known.session_id, known.registration_id, to=to, new_registration_id=new, now=NOW, by=BY
            ).result
        )

    results = at_once([move(each.registration) for each in people])

    for each in DATES:
        while store.promote_one(each, now=NOW):
            pass
    assert {MoveResult.MOVED} <= set(results) <= {MoveResult.MOVED, MoveResult.WAITS_TOO}
    everybody = [each for date in DATES for each in store.roster(date) if each.state is State.CONFIRMED]
    assert {each.person.name for each in everybody} == {each.registration.person.name for each in people}
    assert_sound(store, 7)


def test_one_who_moves_many_times_at_once_moves_once(store: Store) -> None:
    two_dates(store, 2)
    store.sign_up("a", person("Ana"), registration_id="ana", now=NOW)

    def move(number: int) -> Callable[[], Any]:
        new = f"new-{number}"
        return lambda: store.move("a", "ana", to="b", new_registration_id=new, now=NOW, by=BY)

    answers = at_once([move(number) for number in range(32)])

    assert {each.result for each in answers} == {MoveResult.MOVED}
    assert len({each.there.registration_id for each in answers}) == 1
    assert len(store.messages_of("ana@example.net")) == 3
    assert_sound(store, 2)


def test_two_people_are_never_corrected_into_one(store: Store) -> None:
    two_dates(store, 32)
    people = [
        store.sign_up("a", person(f"P{number}"), registration_id=f"r{number}", now=NOW)
        for number in range(16)
    ]
    same = person("Ana", email="ana@example.net")

    def amend(known: Registration) -> Callable[[], bool]:
        def try_it() -> bool:
            try:
                store.amend("a", known.registration_id, same, now=NOW, by=BY)
            except Refused:
                return False
            return True

        return try_it

    assert sum(at_once([amend(each.registration) for each in people])) == 1
    assert_sound(store, 32)


def test_an_address_that_is_erased_while_people_leave_it_keeps_nobody(store: Store) -> None:
    two_dates(store, 9)
    family = "family@example.net"
    people = [
        store.sign_up(
            "a", person(f"P{chr(65 + number)}", email=family), registration_id=f"r{number}", now=NOW
        )
        for number in range(5)
    ]

    def amend(known: Registration) -> Callable[[], bool]:
        who = replace(known.person, email=f"{known.registration_id}@example.net")

        def try_it() -> bool:
            try:
                store.amend("a", known.registration_id, who, now=NOW, by=BY)
            except Refused:
                return False
            return True

        return try_it

    def erase() -> bool:
        try:
            forget(store, family, now=NOW, organization=UNLISTED)
        except (StoreUnavailable, Refused):
            return False
        return True

    answers = at_once([*[amend(each.registration) for each in people], erase, erase])
    forget(store, family, now=NOW, organization=UNLISTED)

    assert store.registrations_of(family) == []
    assert {each.message.name for each in store.messages_of(family)} <= {""}
    left = [each.registration_id for each in store.roster("a")]
    assert len(left) == sum(answers[:5])
    assert_sound(store, 9)
