# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every store promises about notices and reminders: who is told what, and once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from register.domain.messages import Message, Method
from register.domain.model import ChangedBy, Kind, State
from register.domain.notifications import FIRST_INSTANT
from register.stores import Store
from register.stores.deliveries import Delivery
from schedule.model import Language, Status
from tests.support.builders import (
    SESSION,
    STARTS,
    kinds,
    names,
    notice,
    opened,
    person,
    terms,
)
from tests.support.constants import HOUR, NOW, SECOND


def changed(
    store: Store, at: datetime, kind: Kind = Kind.CHANGE, *, to_waiting: bool = True, **facts: object
) -> None:
    """Sync a change of the session together with its notice."""
    before = store.session(SESSION)
    told = notice(kind, recorded=at, before_snapshot_json=before.terms.snapshot_json, to_waiting=to_waiting)
    newer = replace(before.terms, revision=before.terms.revision + 1, **facts)
    store.sync_session(newer, told, expected=before)


def test_a_message_holds_all_that_is_needed_to_write_the_mail(store: Store) -> None:
    people = opened(store)
    who = person("Ana Núñez", language=Language.SPANISH)
    store.sign_up(SESSION, who, registration_id="r", now=people.now)

    assert store.messages_of(who.email) == [
        Delivery(
            Message(
                session_id=SESSION,
                registration_id="r",
                kind=Kind.CONFIRMATION,
                occasion=str(int(people.now.timestamp())),
                name="Ana Núñez",
                email=who.email,
                language=Language.SPANISH,
                state=State.CONFIRMED,
                changed_by=ChangedBy.PERSON,
                recorded=people.now,
                number=int((people.now - FIRST_INSTANT).total_seconds()),
                method=Method.REQUEST,
                snapshot_json=terms().snapshot_json,
                join_url="https://meet.example.org/j/1",
            ),
            due=people.now,
        )
    ]


def test_only_who_has_a_seat_is_sent_the_link_to_join(store: Store) -> None:
    people = opened(store, terms(capacity=1))
    ana, _, _ = people.sign_up("Ana", "Ben", "Cruz")
    people.cancel(ana.registration)
    changed(store, people.now + HOUR, snapshot_json="later", join_url="https://meet.example.org/j/2")
    store.write_out_notice(SESSION)

    links = {(one.message.name, one.message.kind): one.message.join_url for one in store.pending()}
    assert links == {
        ("Ana", Kind.CONFIRMATION): "https://meet.example.org/j/1",
        ("Ana", Kind.CANCELLATION): None,
        ("Ben", Kind.WAITING_LIST): None,
        ("Ben", Kind.PROMOTION): "https://meet.example.org/j/1",
        ("Ben", Kind.CHANGE): "https://meet.example.org/j/2",
        ("Cruz", Kind.WAITING_LIST): None,
        ("Cruz", Kind.CHANGE): None,
    }


def test_a_change_is_told_once_to_everybody_who_is_signed_up(store: Store) -> None:
    people = opened(store)
    _, ben, _, _ = people.sign_up("Ana", "Ben", "Cruz", "Dee")
    people.cancel(ben.registration)
    earlier = store.pending()
    changed(store, NOW + HOUR, snapshot_json="new")

    assert store.write_out_notice(SESSION) == 3
    assert store.write_out_notice(SESSION) == 0

    told = [one for one in store.pending() if one not in earlier]
    assert sorted(names(told)) == [("Ana", "change"), ("Cruz", "change"), ("Dee", "change")]
    assert {
        (one.message.before_snapshot_json, one.message.snapshot_json, one.message.occasion) for one in told
    } == {(terms().snapshot_json, "new", "4")}
    assert store.session(SESSION).notice is None


def test_a_new_link_is_told_to_who_has_a_seat_alone(store: Store) -> None:
    people = opened(store, terms(capacity=1))
    people.sign_up("Ana", "Ben")
    changed(store, NOW + HOUR, to_waiting=False)

    assert store.write_out_notice(SESSION) == 1
    assert kinds(store, "ana@example.net") == [Kind.CONFIRMATION, Kind.CHANGE]
    assert kinds(store, "ben@example.net") == [Kind.WAITING_LIST]


def test_a_cancelled_session_is_told_to_everybody(store: Store) -> None:
    people = opened(store, terms(capacity=1))
    people.sign_up("Ana", "Ben")
    changed(store, NOW + HOUR, Kind.SESSION_CANCELLATION, status=Status.CANCELLED)

    assert store.write_out_notice(SESSION) == 2
    told = {one.message.name: one.message for one in store.pending() if one.message.occasion == "4"}
    assert {name: (one.kind, one.state, one.join_url) for name, one in told.items()} == {
        "Ana": (Kind.SESSION_CANCELLATION, State.CONFIRMED, None),
        "Ben": (Kind.SESSION_CANCELLATION, State.WAITLISTED, None),
    }


def test_reminders_go_out_once_a_day_before_with_the_link_for_a_seat_and_the_place_for_who_waits(
    store: Store,
) -> None:
    people = opened(store)
    _, _, cruz, *_ = people.sign_up("Ana", "Ben", "Cruz", "Dee", "Eli")
    people.cancel(cruz.registration)
    due = STARTS - timedelta(days=1)

    assert store.write_reminders(SESSION, now=due - SECOND) == 0
    assert store.write_reminders(SESSION, now=due) == 4
    assert store.write_reminders(SESSION, now=due + HOUR) == 0

    reminders = [one.message for one in store.pending() if one.message.kind is Kind.REMINDER]
    assert sorted((one.name, one.state, one.place, one.join_url) for one in reminders) == [
        ("Ana", State.CONFIRMED, None, "https://meet.example.org/j/1"),
        ("Ben", State.CONFIRMED, None, "https://meet.example.org/j/1"),
        ("Dee", State.WAITLISTED, 1, None),
        ("Eli", State.WAITLISTED, 2, None),
    ]
    assert store.session(SESSION).reminded == STARTS


def test_who_signs_up_on_the_last_day_gets_no_reminder_on_top(store: Store) -> None:
    people = opened(store)
    people.now = STARTS - timedelta(hours=3)
    people.sign_up("Ana")

    assert store.write_reminders(SESSION, now=people.now + SECOND) == 0
    assert kinds(store, "ana@example.net") == [Kind.CONFIRMATION]


def test_after_a_clock_was_set_back_new_people_and_new_addresses_are_reminded_and_none_twice(
    store: Store,
) -> None:
    people = opened(store, terms(capacity=3))
    _, cruz = people.sign_up("Ana", "Cruz")
    day = timedelta(days=1)
    assert store.write_reminders(SESSION, now=STARTS - day + HOUR) == 2
    people.now = STARTS - 2 * day + 2 * HOUR
    registration_id, corrected = cruz.registration.registration_id, person("Cruz", email="right@example.net")
    store.amend(SESSION, registration_id, corrected, now=people.now, by=ChangedBy.STAFF)

    assert store.write_reminders(SESSION, now=people.now) == 0
    assert store.session(SESSION).reminded is None
    people.sign_up("Ben")

    assert store.write_reminders(SESSION, now=STARTS - day) == 2
    assert [kinds(store, f"{name}@example.net") for name in ("ana", "ben", "cruz", "right")] == [
        [Kind.CONFIRMATION, Kind.REMINDER],
        [Kind.CONFIRMATION, Kind.REMINDER],
        [Kind.CONFIRMATION, Kind.REMINDER, Kind.ADDRESS_CHANGED],
        [Kind.CORRECTION, Kind.REMINDER],
    ]


def test_a_session_that_is_moved_reminds_again(store: Store) -> None:
    people = opened(store)
    people.sign_up("Ana")
    store.write_reminders(SESSION, now=STARTS - timedelta(days=1))
    later = STARTS + timedelta(days=7)
    changed(store, STARTS - HOUR, starts=later, ends=later + HOUR, closes=later)
    store.write_out_notice(SESSION)

    assert store.write_reminders(SESSION, now=STARTS) == 0
    assert store.write_reminders(SESSION, now=later - timedelta(days=1)) == 1
    assert kinds(store, "ana@example.net") == [Kind.CONFIRMATION, Kind.REMINDER, Kind.CHANGE, Kind.REMINDER]


def test_somebody_who_waits_and_then_gets_a_seat_on_the_last_day_is_not_reminded_twice(store: Store) -> None:
    people = opened(store, terms(capacity=1))
    ana, _ = people.sign_up("Ana", "Ben")
    people.now = STARTS - timedelta(days=1)
    store.write_reminders(SESSION, now=people.now)

    people.cancel(ana.registration)

    assert store.write_reminders(SESSION, now=people.now) == 0
    assert kinds(store, "ben@example.net") == [Kind.WAITING_LIST, Kind.REMINDER, Kind.PROMOTION]


@pytest.mark.parametrize("now", [STARTS, STARTS + HOUR])
def test_nobody_is_reminded_of_what_has_begun(store: Store, now: datetime) -> None:
    opened(store).sign_up("Ana")

    assert store.write_reminders(SESSION, now=now) == 0


def test_nobody_is_reminded_of_a_cancelled_session(store: Store) -> None:
    opened(store, terms(status=Status.CANCELLED))

    assert store.write_reminders(SESSION, now=STARTS - HOUR) == 0
