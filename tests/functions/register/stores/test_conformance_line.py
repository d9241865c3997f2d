# SPDX-License-Identifier: AGPL-3.0-or-later
"""The line closes an hour before the start: nobody joins it, nobody is promoted, and staff seat people by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from register.domain.admission import Admission
from register.domain.errors import LineClosed, SignUpClosed
from register.domain.model import ChangedBy, Kind, SignedUp, State
from register.stores import Store
from tests.support.builders import SESSION, STARTS, People, counts, kinds, line, opened, person, terms
from tests.support.constants import HOUR, SECOND

CLOSED = STARTS - HOUR


def full(store: Store, *who_waits: str) -> tuple[People, list[SignedUp]]:
    """Fill the two seats, let people wait, and go to the moment in which the line closes."""
    people = opened(store)
    answers = people.sign_up("Ana", "Ben", *who_waits)
    people.now = CLOSED
    return people, answers


def by_staff(store: Store, name: str, registration_id: str = "by-hand") -> SignedUp:
    who = person(name)
    return store.sign_up(
        SESSION,
        who,
        registration_id=registration_id,
        now=CLOSED,
        admission=Admission.LATE,
        by=ChangedBy.STAFF,
    )


def test_until_an_hour_before_the_start_seats_pass_on_and_the_line_takes_people(store: Store) -> None:
    people, [ana, _, _] = full(store, "Cruz")
    people.now = CLOSED - 3 * SECOND

    people.cancel(ana.registration)
    [dee] = people.sign_up("Dee")

    assert (dee.registration.state, dee.place) == (State.WAITLISTED, 1)
    assert line(store)[:2] == [("Ben", "confirmed", None), ("Cruz", "confirmed", None)]


def test_seats_that_come_free_beside_people_who_wait_stay_free(store: Store) -> None:
    people, [ana, ben, _] = full(store, "Cruz")

    people.cancel(ana.registration)

    assert counts(store) == (1, 1)
    assert store.session(SESSION).seats_left == 0
    assert store.promote_one(SESSION, now=people.now) is False
    people.cancel(ben.registration)
    assert counts(store) == (0, 1)
    assert kinds(store, "cruz@example.net") == [Kind.WAITING_LIST]


@pytest.mark.parametrize("seat_is_free", [False, True])
def test_nobody_joins_the_line_and_nothing_is_written(store: Store, seat_is_free: bool) -> None:
    people, [ana, _, cruz] = full(store, "Cruz")
    if seat_is_free:
        people.cancel(ana.registration)
    before = counts(store)

    with pytest.raises(LineClosed):
        people.sign_up("Dee")
    with pytest.raises(LineClosed):
        people.sign_up("Cruz")

    assert counts(store) == before
    assert store.registrations_of("dee@example.net") == []
    assert kinds(store, "cruz@example.net") == [Kind.WAITING_LIST]
    assert store.place(cruz.registration) == 1


def test_somebody_with_a_seat_who_signs_up_again_is_told_of_it_although_the_line_is_closed(
    store: Store,
) -> None:
    people, [ana, ben, _] = full(store, "Cruz")

    [again] = people.sign_up("Ana")
    by_hand = by_staff(store, "Ben")

    assert [again, by_hand] == [SignedUp(each.registration, None, repeated=True) for each in (ana, ben)]
    assert counts(store) == (2, 1)
    assert kinds(store, "ana@example.net") == [Kind.CONFIRMATION, Kind.CONFIRMATION]


def test_where_nobody_waits_a_free_seat_is_taken_until_sign_up_closes_and_then_the_session_is_closed(
    store: Store,
) -> None:
    people, [ana, _] = full(store)
    people.cancel(ana.registration)

    [dee] = people.sign_up("Dee")

    assert (dee.registration.state, counts(store)) == (State.CONFIRMED, (2, 0))
    with pytest.raises(LineClosed):
        people.sign_up("Eva")
    people.cancel(dee.registration)
    people.now = STARTS
    with pytest.raises(SignUpClosed):
        people.sign_up("Eva")


def test_staff_seat_by_hand_whom_they_like_in_a_free_seat_and_in_no_other(store: Store) -> None:
    people, [ana, _, _, dee] = full(store, "Cruz", "Dee")
    with pytest.raises(LineClosed):
        by_staff(store, "Eva")
    people.cancel(ana.registration)

    eva = by_staff(store, "Eva")

    assert (eva.registration.state, eva.registration.changed_by, eva.repeated) == (
        State.CONFIRMED,
        ChangedBy.STAFF,
        False,
    )
    assert (counts(store), store.place(dee.registration)) == ((2, 2), 2)
    assert kinds(store, "eva@example.net") == [Kind.CONFIRMATION]
    with pytest.raises(LineClosed):
        by_staff(store, "Fay", "another")


def test_staff_seat_somebody_who_waits_past_the_others(store: Store) -> None:
    people, [ana, _, cruz, dee] = full(store, "Cruz", "Dee")
    people.cancel(ana.registration)

    answer = by_staff(store, "Dee")

    seated = replace(
        dee.registration,
        state=State.CONFIRMED,
        since=CLOSED,
        changed=CLOSED,
        queue_number=None,
        changed_by=ChangedBy.STAFF,
    )
    assert answer == SignedUp(seated, None, repeated=True)
    assert store.registration(SESSION, seated.registration_id) == seated
    assert (counts(store), store.place(cruz.registration)) == ((2, 1), 1)
    assert [
        (each.message.kind, each.message.changed_by) for each in store.messages_of("dee@example.net")
    ] == [
        (Kind.WAITING_LIST, ChangedBy.PERSON),
        (Kind.PROMOTION, ChangedBy.STAFF),
    ]
    with pytest.raises(LineClosed):
        by_staff(store, "Cruz")


def test_before_the_line_closes_staff_pass_nobody_either(store: Store) -> None:
    people = opened(store, terms(closes=STARTS - 3 * HOUR))
    people.sign_up("Ana", "Ben", "Cruz")
    before = store.session(SESSION)
    store.sync_session(replace(before.terms, capacity=3), None, expected=before)

    now = STARTS - 2 * HOUR
    dee = store.sign_up(SESSION, person("Dee"), registration_id="d", now=now, admission=Admission.LATE)
    cruz = store.sign_up(SESSION, person("Cruz"), registration_id="c", now=now, admission=Admission.LATE)

    assert (dee.registration.state, dee.place) == (State.WAITLISTED, 2)
    assert (cruz.registration.state, cruz.place, cruz.repeated) == (State.WAITLISTED, 1, True)


def test_more_seats_in_the_last_hour_are_given_to_nobody_until_the_session_is_moved(store: Store) -> None:
    people, _ = full(store, "Cruz", "Dee")
    before = store.session(SESSION)
    store.sync_session(replace(before.terms, capacity=3, revision=4), None, expected=before)
    assert store.promote_one(SESSION, now=people.now) is False
    later = STARTS + timedelta(days=1)
    between = store.session(SESSION)
    moved = replace(between.terms, starts=later, ends=later + HOUR, closes=later, revision=5)
    store.sync_session(moved, None, expected=between)

    assert [store.promote_one(SESSION, now=people.now) for _ in range(2)] == [True, False]
    assert counts(store) == (3, 1)
