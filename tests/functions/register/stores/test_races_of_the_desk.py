# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff write, while people come and go: each gets it once, whoever else is at work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from register.domain.counts import Counts, SessionCounts
from register.domain.identity import hash_of
from register.domain.model import ChangedBy, Kind, Registration
from register.domain.staff_messages import staff_message
from register.stores import Store
from register.stores.errors import Conflict
from tests.functions.register.stores.test_races import assert_sound, at_once
from tests.support.builders import SESSION, STARTS, announcement, opened, person, terms
from tests.support.constants import NOW
from tests.support.dynamodb_engine import Engine

OFFICE = "office@example.org"


@pytest.fixture
def engine(dynamodb_server: Engine) -> Engine:
    """A server: nothing else can be asked by many at once."""
    return dynamodb_server


@pytest.fixture(params=["sqlite", "dynamodb"])
def store(request: pytest.FixtureRequest) -> Store:
    """Each real store in turn, empty."""
    found: Store = request.getfixturevalue(request.param)
    return found


def told(store: Store, occasion: str = "drawn-1") -> Counter[str]:
    """Return how many emails of what staff have written each registration has."""
    return Counter(
        each.message.registration_id
        for each in store.pending()
        if each.message.kind is Kind.ANNOUNCEMENT and each.message.occasion == occasion
    )


def test_what_many_send_at_once_is_announced_once_and_reaches_everybody_once(store: Store) -> None:
    opened(store, terms(capacity=6)).sign_up(*(f"Person {number}" for number in range(12)))

    def announce() -> bool:
        return store.announce(SESSION, announcement(), now=NOW, staff=OFFICE)

    answers = at_once([announce, lambda: store.write_out_announcement(SESSION)] * 8, 8)
    store.write_out_announcement(SESSION)

    assert sum(answer is True for answer in answers) == 1
    everybody = {each.registration_id: 1 for each in store.roster(SESSION)}
    assert told(store) == everybody
    assert sum(answer for answer in answers if type(answer) is int) <= len(everybody)


def test_an_announcement_beside_sign_ups_cancels_and_syncs_reaches_everybody_who_stays_once(
    store: Store,
) -> None:
    people = opened(store, terms(capacity=8))
    before = [each.registration for each in people.sign_up(*(f"Person {number}" for number in range(12)))]

    def cancel(one: Registration) -> Callable[[], Any]:
        return lambda: store.cancel(SESSION, one.registration_id, now=NOW, by=ChangedBy.PERSON)

    def sign_up(number: int) -> Callable[[], Any]:
        who = person(f"New {number}", needs="A ramp")
        return lambda: store.sign_up(SESSION, who, registration_id=f"n{number}", now=NOW)

    def announce(occasion: str) -> Callable[[], Any]:
        written = announcement(occasion=occasion)

        def both() -> None:
            store.announce(SESSION, written, now=NOW, staff=OFFICE)
            store.write_out_announcement(SESSION)

        return both

    def sync() -> None:
        for revision in range(4, 8):
            seen = store.session(SESSION)
            try:
                store.sync_session(replace(seen.terms, revision=revision), None, expected=seen)
            except Conflict:
                continue  # another sync was faster

    occasions = ["first", "second"]
    at_once(
        [
            *map(announce, occasions),
            sync,
            *(cancel(each) for each in before[:4]),
            *map(sign_up, range(6)),
            *(lambda: store.write_out_announcement(SESSION) for _ in range(2)),
        ],
        8,
    )
    store.write_out_announcement(SESSION)

    assert store.session(SESSION).announcement is None
    roster = assert_sound(store, 8)
    stayed = {each.registration_id for each in before[4:]}
    for occasion in occasions:
        found = told(store, occasion)
        assert set(found.values()) == {1}
        assert stayed <= set(found) <= {each.registration_id for each in roster}
    asked = Counter(
        each.message.registration_id for each in store.pending() if each.message.kind is Kind.STAFF_NEEDS
    )
    assert asked == {f"n{number}": 1 for number in range(6)}


def test_generations_that_many_raise_at_once_are_all_different(store: Store) -> None:
    account = hash_of(OFFICE)

    raised = at_once([lambda: store.end_staff_sessions(account), lambda: store.new_staff_feed(account)] * 10)

    assert sorted(raised) == sorted([*range(1, 11)] * 2)
    assert store.staff_account(account).session_generation == 10


def test_what_many_record_at_once_is_new_once(store: Store) -> None:
    message = staff_message(Kind.STAFF_ROSTER, session_id=SESSION, occasion="2026-12-02", recorded=NOW)

    assert sum(at_once([lambda: store.record([message])] * 16)) == 1


def test_counts_kept_by_an_erasure_beside_sweeps_never_fall(store: Store) -> None:
    whole = SessionCounts(SESSION, "overview", STARTS, 9, people=Counts(confirmed=9))
    fewer = replace(whole, people=Counts(confirmed=3))

    at_once([lambda: store.keep_counts(fewer), lambda: store.keep_counts(replace(whole, erased=True))] * 6, 8)
    store.keep_counts(fewer)

    assert store.counts(STARTS) == [replace(whole, erased=True)]
