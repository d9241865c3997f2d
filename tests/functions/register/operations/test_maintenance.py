# SPDX-License-Identifier: AGPL-3.0-or-later
"""Steps that are repeated until nothing is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from register.operations.maintenance import Maintenance, finish, remind, sweep
from register.stores.errors import StoreUnavailable
from register.stores.memory import MemoryStore
from tests.support.builders import SESSION, STARTS, announcement, counts, notice, opened, terms
from tests.support.constants import NOW


def crashed() -> MemoryStore:
    """A store in which a sync raised the seats from one to three and stopped there."""
    store = MemoryStore()
    opened(store, terms(capacity=1)).sign_up("Ana", "Ben", "Cruz", "Dee")
    before = store.session(SESSION)
    store.sync_session(replace(before.terms, capacity=3, revision=4), notice(), expected=before)
    return store


def test_what_a_crash_left_is_finished_by_the_sweep_and_not_done_twice() -> None:
    store = crashed()

    assert sweep(store, now=NOW + timedelta(hours=2)) == Maintenance(notices=4, promotions=2)
    assert counts(store) == (3, 1)
    assert sweep(store, now=NOW + timedelta(hours=2)) == Maintenance()


def test_what_staff_have_written_is_written_out_by_the_sweep_and_not_twice() -> None:
    store = MemoryStore()
    opened(store).sign_up("Ana", "Ben", "Cruz")
    store.announce(SESSION, announcement(), now=NOW, staff="office@example.org")

    assert sweep(store, now=NOW + timedelta(hours=2)) == Maintenance(notices=3)
    assert sweep(store, now=NOW + timedelta(hours=2)) == Maintenance()


class OneFails(MemoryStore):
    """A store in which the first session cannot be read just now."""

    def promote_one(self, session_id: str, *, now: datetime) -> bool:
        if session_id == "first":
            raise StoreUnavailable("first: no answer")
        return super().promote_one(session_id, now=now)


def test_a_session_that_fails_keeps_no_other_from_being_finished() -> None:
    store = OneFails()
    people = opened(store, terms("first", capacity=1), terms("second", capacity=1))
    for session_id in ("first", "second"):
        people.sign_up("Ana", "Ben", session_id=session_id)
        before = store.session(session_id)
        store.sync_session(replace(before.terms, capacity=2), None, expected=before)

    with pytest.raises(StoreUnavailable, match="first: no answer"):
        sweep(store, now=NOW + timedelta(hours=2))

    assert counts(store, "second") == (2, 0)


def test_one_session_is_finished_alone() -> None:
    store = crashed()

    assert finish(store, store.session(SESSION), now=NOW) == Maintenance(notices=4, promotions=2)


def test_the_sweep_deletes_what_has_expired() -> None:
    store = MemoryStore()
    opened(store).sign_up("Ana")

    assert sweep(store, now=terms().expires - timedelta(seconds=1)).purged == 0
    assert sweep(store, now=terms().expires).purged > 0
    assert store.registrations_of("ana@example.net") == []


def test_reminders_are_written_for_each_session_that_is_near() -> None:
    store = MemoryStore()
    near, far = terms("near"), terms("far", starts=STARTS + timedelta(days=3))
    people = opened(store, near, far)
    people.sign_up("Ana", "Ben", session_id="near")
    people.sign_up("Ana", session_id="far")

    assert remind(store, now=STARTS - timedelta(hours=20)) == Maintenance(reminders=2)
    assert remind(store, now=STARTS - timedelta(hours=19)) == Maintenance()
