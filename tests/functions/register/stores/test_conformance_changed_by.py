# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who changed something is kept, at the registration and with the message, and every store gives it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from register.domain.model import ChangedBy, Kind
from register.stores import Store
from tests.support.builders import SESSION, STARTS, notice, opened, person, terms
from tests.support.constants import HOUR, NOW, SECOND

PERSON, STAFF, SCHEDULE = ChangedBy.PERSON, ChangedBy.STAFF, ChangedBy.SCHEDULE


def kept(store: Store) -> dict[str, ChangedBy]:
    """Return who brought each person into the state that they are in."""
    return {each.person.name: each.changed_by for each in store.roster(SESSION)}


def told(store: Store, email: str) -> list[tuple[Kind, ChangedBy]]:
    return [(each.message.kind, each.message.changed_by) for each in store.messages_of(email)]


@pytest.mark.parametrize("by", ChangedBy)
def test_whoever_cancels_is_kept_and_told_and_the_seat_passes_on_by_itself(
    store: Store, by: ChangedBy
) -> None:
    people = opened(store, terms(capacity=1))
    ana, _ = people.sign_up("Ana", "Ben")

    gone = people.cancel(ana.registration, by)

    assert (gone.changed_by, kept(store)) == (by, {"Ben": SCHEDULE, "Ana": by})
    assert told(store, "ana@example.net") == [(Kind.CONFIRMATION, PERSON), (Kind.CANCELLATION, by)]
    assert told(store, "ben@example.net") == [(Kind.WAITING_LIST, PERSON), (Kind.PROMOTION, SCHEDULE)]


def test_a_second_cancel_by_somebody_else_changes_nothing(store: Store) -> None:
    people = opened(store)
    [ana] = people.sign_up("Ana")
    people.cancel(ana.registration, STAFF)

    assert people.cancel(ana.registration, PERSON).changed_by is STAFF
    assert kept(store) == {"Ana": STAFF}


def test_whom_staff_sign_up_is_told_so_each_time(store: Store) -> None:
    opened(store, terms(capacity=1))
    for number, name in enumerate(("Ana", "Ben")):
        store.sign_up(SESSION, person(name), registration_id=str(number), now=NOW, by=STAFF)
    store.resend(SESSION, "0", now=NOW + HOUR)

    assert kept(store) == {"Ana": STAFF, "Ben": STAFF}
    assert told(store, "ana@example.net") == [(Kind.CONFIRMATION, STAFF)] * 2
    assert told(store, "ben@example.net") == [(Kind.WAITING_LIST, STAFF)]


def test_more_seats_changes_and_reminders_come_by_the_schedule(store: Store) -> None:
    people = opened(store, terms(capacity=1))
    people.sign_up("Ana", "Ben")
    before = store.session(SESSION)
    store.sync_session(replace(before.terms, capacity=2, revision=4), notice(), expected=before)
    store.write_out_notice(SESSION)
    store.promote_one(SESSION, now=people.now + SECOND)
    store.write_reminders(SESSION, now=STARTS - timedelta(days=1))

    assert kept(store) == {"Ana": PERSON, "Ben": SCHEDULE}
    by_schedule = {
        (each.message.name, each.message.kind)
        for each in store.pending()
        if each.message.changed_by is SCHEDULE
    }
    assert by_schedule == {
        ("Ana", Kind.CHANGE),
        ("Ana", Kind.REMINDER),
        ("Ben", Kind.CHANGE),
        ("Ben", Kind.PROMOTION),
        ("Ben", Kind.REMINDER),
    }
