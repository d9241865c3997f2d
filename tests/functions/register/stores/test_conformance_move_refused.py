# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every store promises about moves that are refused, and about the last hours in which people move."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from register.domain.changes import MoveResult
from register.domain.errors import (
    LimitReached,
    LineClosed,
    NotActive,
    OtherTraining,
    SameSession,
    SessionCancelled,
    SessionOver,
    SessionStarted,
    SignUpClosed,
    TooManyNames,
    UnknownRegistration,
    UnknownSession,
)
from register.domain.messages import Method
from register.domain.model import ChangedBy, Kind, State
from register.domain.rate_limits import Limit
from register.stores import Store
from schedule.model import Status
from tests.support.builders import STARTS, counts, opened
from tests.support.constants import HOUR, SECOND
from tests.support.emails import snapshot_json
from tests.support.moves import EMAIL, HERE, THERE, date, move, signed_up, told, two_dates
from tests.support.schedules import session


def test_five_names_of_an_address_are_enough_there_too(store: Store) -> None:
    people = two_dates(store, there=9)
    signed_up(people, *"ABCDE", at=THERE, email=EMAIL)
    [ana] = signed_up(people, "Ana")

    with pytest.raises(TooManyNames):
        move(store, people, ana)
    assert store.registration(HERE, ana.registration_id) == ana
    assert counts(store, THERE) == (5, 0)


def test_staff_correct_and_move_any_number_of_people_of_one_address(store: Store) -> None:
    people = two_dates(store, there=9)
    signed_up(people, *"ABCDE", at=THERE, email=EMAIL)
    [ana] = signed_up(people, "Ana", email="slip@example.net")
    by_staff = {"now": people.now, "by": ChangedBy.STAFF}
    signed_up(people, *"FGHIJ", email=EMAIL)

    ana = store.amend(HERE, ana.registration_id, replace(ana.person, email=EMAIL), **by_staff)
    moved = store.move(HERE, ana.registration_id, to=THERE, new_registration_id="new", **by_staff)

    assert (ana.person.email, moved.result, counts(store, THERE)) == (EMAIL, MoveResult.MOVED, (6, 0))


def test_a_date_whose_sign_up_is_closed_may_be_left_until_its_start(store: Store) -> None:
    people = opened(store, date(HERE), date(THERE, 7))
    ana, ben = signed_up(people, "Ana", "Ben")
    closed = replace(date(HERE), closes=people.now, revision=4)
    store.sync_session(closed, None, expected=store.session(HERE))

    with pytest.raises(SessionOver):
        move(store, people, ana, now=closed.ends)
    with pytest.raises(SessionStarted):
        move(store, people, ana, now=closed.starts)
    assert move(store, people, ana, now=closed.starts - SECOND).result is MoveResult.MOVED
    with pytest.raises(SignUpClosed):
        store.move(THERE, "new", to=HERE, new_registration_id="newer", now=people.now, by=ChangedBy.PERSON)
    assert ben.state is State.CONFIRMED


def test_a_seat_left_in_the_last_hour_stays_free_and_no_full_date_is_waited_for(store: Store) -> None:
    people = two_dates(store, here=1)
    ana, _ = signed_up(people, "Ana", "Ben")
    [dee] = signed_up(people, "Dee", at=THERE)
    now = STARTS - HOUR

    with pytest.raises(LineClosed):
        move(store, people, dee, now=now)
    assert move(store, people, ana, now=now).result is MoveResult.MOVED
    assert counts(store, HERE) == (0, 1)
    with pytest.raises(LineClosed):
        move(store, people, dee, now=now)


def test_a_canceled_date_may_be_left_and_none_is_moved_to(store: Store) -> None:
    people = two_dates(store)
    [ana] = signed_up(people, "Ana")
    [dee] = signed_up(people, "Dee", at=THERE)
    called_off = replace(date(HERE), status=Status.CANCELLED, revision=4)
    store.sync_session(called_off, None, expected=store.session(HERE))

    with pytest.raises(SessionCancelled):
        move(store, people, dee)
    assert move(store, people, ana).result is MoveResult.MOVED
    assert sorted(told(store)[1:])[0] == (HERE, Kind.CANCELLATION, Method.CANCEL)


def test_what_makes_no_sense_is_refused_and_changes_nothing(store: Store) -> None:
    people = two_dates(store)
    training = replace(session().training, slug="another")
    store.sync_session(
        date("other", snapshot_json=snapshot_json(replace(session(), id="other", training=training))),
        None,
        expected=None,
    )
    ana, ben = signed_up(people, "Ana", "Ben")
    people.cancel(ben)

    with pytest.raises(SameSession):
        move(store, people, ana, to=HERE)
    with pytest.raises(OtherTraining):
        move(store, people, ana, to="other")
    with pytest.raises(UnknownSession):
        move(store, people, ana, to="unknown")
    with pytest.raises(UnknownRegistration):
        move(store, people, replace(ana, registration_id="unknown"))
    with pytest.raises(UnknownRegistration):
        move(store, people, ana, link_generation=1)
    with pytest.raises(NotActive):
        move(store, people, ben)
    assert store.registration(HERE, ana.registration_id) == ana
    assert len(told(store)) == 1


def test_moves_count_against_limits(store: Store) -> None:
    people = two_dates(store)
    ana, ben = signed_up(people, "Ana", "Ben")
    limits = [Limit("client", "c", 1, timedelta(hours=1))]
    move(store, people, ana, limits=limits)

    with pytest.raises(LimitReached):
        move(store, people, ben, limits=limits, new_registration_id="newer")
    assert store.registration(HERE, ben.registration_id) == ben
