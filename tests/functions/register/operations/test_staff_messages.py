# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff are told by itself is recorded once a day, and what a sync left as it was at once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from register.domain.model import Kind
from register.domain.staff import StaffEmail
from register.domain.staff_messages import STAFF
from register.operations import counts, staff_messages
from register.stores.memory import MemoryStore
from schedule.model import Status
from tests.support.builders import SESSION, STARTS, UNLISTED, opened, terms
from tests.support.constants import HOUR, MINUTE, NOW, PACIFIC, SECOND
from tests.support.emails import snapshot_json
from tests.support.schedules import session, timed
from tests.support.staff_emails import STAFF as STAFF_NOW
from tests.support.staff_emails import TRAINER

DAY = timedelta(days=1)


def clock(text: str) -> datetime:
    """Return a time on the Pacific wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=PACIFIC).astimezone(UTC)


@pytest.fixture
def store() -> MemoryStore:
    """A store with the session of December 3, 10 a.m."""
    store = MemoryStore()
    opened(store, terms(snapshot_json=snapshot_json(session())))
    return store


def recorded(store: MemoryStore) -> list[tuple[Kind, str, str]]:
    """Return kind, session and occasion of all messages to staff, in their order."""
    messages = [each.message for each in store.outbox.values()]
    assert {message.email for message in messages} <= {STAFF}
    return [(message.kind, message.session_id, message.occasion) for message in messages]


def test_tomorrows_roster_goes_out_from_seven_in_the_morning_and_once(store: MemoryStore) -> None:
    before = clock("2026-12-02 06:59:59")
    assert staff_messages.record(store, STAFF_NOW, now=before) == 0

    for now in (before + SECOND, before + HOUR, clock("2026-12-03 09:59")):
        staff_messages.record(store, STAFF_NOW, now=now)

    rosters = [each for each in recorded(store) if each[0] is Kind.STAFF_ROSTER]
    assert rosters == [(Kind.STAFF_ROSTER, SESSION, "2026-12-02")]


def test_a_roster_that_is_late_goes_out_until_the_session_begins(store: MemoryStore) -> None:
    staff_messages.record(store, STAFF_NOW, now=STARTS)
    assert Kind.STAFF_ROSTER not in [kind for kind, *_ in recorded(store)]

    staff_messages.record(store, STAFF_NOW, now=STARTS - SECOND)
    assert (Kind.STAFF_ROSTER, SESSION, "2026-12-02") in recorded(store)


def test_a_session_that_moves_to_another_day_has_another_roster(store: MemoryStore) -> None:
    staff_messages.record(store, STAFF_NOW, now=clock("2026-12-02 07:00"))
    occupancy = store.session(SESSION)
    friday = session(period=timed("2026-12-04 13:00", "2026-12-04 14:30"))
    moved = terms(starts=STARTS + DAY + 3 * HOUR, snapshot_json=snapshot_json(friday), revision=4)
    store.sync_session(moved, None, expected=occupancy)

    staff_messages.record(store, STAFF_NOW, now=clock("2026-12-03 07:00"))

    assert [each for each in recorded(store) if each[0] is Kind.STAFF_ROSTER] == [
        (Kind.STAFF_ROSTER, SESSION, "2026-12-02"),
        (Kind.STAFF_ROSTER, SESSION, "2026-12-03"),
    ]


def test_a_canceled_session_has_no_roster() -> None:
    store = MemoryStore()
    opened(store, terms(snapshot_json=snapshot_json(session()), status=Status.CANCELLED))
    staff_messages.record(store, STAFF_NOW, now=clock("2026-12-02 07:00"))

    assert Kind.STAFF_ROSTER not in [kind for kind, *_ in recorded(store)]


def test_a_session_that_cannot_be_shown_holds_up_nothing() -> None:
    store = MemoryStore()
    opened(store, terms(snapshot_json="{"), terms("other", snapshot_json=snapshot_json(session("other"))))
    staff_messages.record(store, STAFF_NOW, now=clock("2026-12-02 07:00"))

    assert (Kind.STAFF_ROSTER, "other", "2026-12-02") in recorded(store)


def test_what_happened_and_what_is_wrong_is_told_once_a_day_from_seven_in_the_morning(
    store: MemoryStore,
) -> None:
    for now in (
        "2026-11-20 06:59",
        "2026-11-20 07:00",
        "2026-11-20 23:59",
        "2026-11-21 00:00",
        "2026-11-21 07:01",
    ):
        staff_messages.record(store, STAFF_NOW, now=clock(now))

    assert recorded(store) == [
        (kind, "-", day)
        for day in ("2026-11-20", "2026-11-21")
        for kind in (Kind.STAFF_DAILY, Kind.STAFF_PROBLEMS)
    ]


def test_what_a_sync_left_as_it_was_is_told_once_a_day_and_names_nobody(store: MemoryStore) -> None:
    gone = store.session(SESSION)
    new = [
        staff_messages.refused(store, vanished=vanished, too_many=emails, now=NOW + later)
        for vanished, emails, later in (
            ([], 0, HOUR),
            ([gone], 60, HOUR),
            ([gone], 0, 2 * HOUR),
            ([gone], 0, DAY),
        )
    ]

    assert new == [0, 1, 0, 1]
    first, second = (each.message for each in store.outbox.values())
    assert (first.kind, first.occasion, json.loads(first.body or "")) == (
        Kind.STAFF_PROBLEMS,
        "sync-2026-11-20",
        {"vanished": [SESSION], "too_many": 60},
    )
    assert second.occasion == "sync-2026-11-21"


def test_what_nobody_among_staff_wants_is_not_recorded(store: MemoryStore) -> None:
    now = clock("2026-12-02 07:00")
    assert staff_messages.record(store, (), now=now) == 0

    only = replace(TRAINER, emails=frozenset({StaffEmail.DAILY}))
    assert staff_messages.record(store, (only,), now=now) == 1
    assert recorded(store) == [(Kind.STAFF_DAILY, "-", "2026-12-02")]


def test_counts_are_kept_from_the_end_of_a_session_until_its_people_expire(store: MemoryStore) -> None:
    opened(store, terms("later", starts=STARTS + DAY, snapshot_json=snapshot_json(session("later"))))
    ends = terms().ends

    kept = [
        counts.keep(store, now=now, organization=UNLISTED)
        for now in (ends - MINUTE, ends, ends + HOUR, ends + DAY)
    ]
    assert kept == [0, 1, 0, 1]
    assert [each.session_id for each in store.counts(NOW)] == [SESSION, "later"]

    store.kept_counts.clear()
    assert [
        counts.keep(store, now=now, organization=UNLISTED) for now in (terms().expires, terms().expires + DAY)
    ] == [1, 0]
    assert [each.session_id for each in store.counts(NOW)] == ["later"]


def test_a_session_that_was_canceled_is_not_counted(store: MemoryStore) -> None:
    known = store.session(SESSION)
    store.sync_session(replace(known.terms, status=Status.CANCELLED), None, expected=known)

    assert counts.keep(store, now=terms().ends, organization=UNLISTED) == 0


def test_everything_is_counted_anew_each_morning(store: MemoryStore) -> None:
    counts.keep(store, now=terms().ends, organization=UNLISTED)
    assert [
        counts.keep(store, now=clock(f"2026-12-04 {at}"), organization=UNLISTED)
        for at in ("06:59", "07:00", "07:59", "08:00")
    ] == [
        0,
        1,
        1,
        0,
    ]


def test_a_damaged_session_keeps_no_counts_and_holds_up_no_other(store: MemoryStore) -> None:
    opened(store, terms("damaged", snapshot_json="{"))

    assert counts.keep(store, now=terms().ends, organization=UNLISTED) == 1
