# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every store promises about moving to another date of the same training."""

from __future__ import annotations

from dataclasses import replace

import pytest

from register.domain.changes import Moved, MoveResult
from register.domain.errors import (
    UnknownRegistration,
)
from register.domain.messages import Method
from register.domain.model import ChangedBy, Kind, Registration, State
from register.operations.privacy import forget
from register.stores import Store
from tests.support.builders import UNLISTED, counts, line
from tests.support.moves import EMAIL, HERE, THERE, date, move, newest, resized, signed_up, told, two_dates


def test_somebody_with_a_seat_moves_into_a_free_seat_and_passes_theirs_on(store: Store) -> None:
    people = two_dates(store, here=1)
    ana, ben = signed_up(people, "Ana", "Ben")
    store.bounced(EMAIL, "550 no mailbox", now=people.now)

    answer = move(store, people, ana)

    left = replace(
        ana,
        state=State.CANCELLED,
        since=people.now,
        changed=people.now,
        moved_to=THERE,
        bounced="550 no mailbox",
    )
    new = Registration(
        THERE,
        "new",
        State.CONFIRMED,
        ana.person,
        people.now,
        people.now,
        people.now,
        bounced="550 no mailbox",
    )
    assert answer == Moved(MoveResult.MOVED, left, new, None)
    assert store.registration(HERE, ana.registration_id) == left
    assert store.registration(THERE, "new") == new
    assert line(store, HERE) == [("Ben", "confirmed", None), ("Ana", "cancelled", None)]
    assert line(store, THERE) == [("Ana", "confirmed", None)]
    assert (counts(store, HERE), counts(store, THERE)) == ((1, 0), (1, 0))
    assert sorted(told(store)[1:]) == [
        (HERE, Kind.CANCELLATION, Method.CANCEL),
        (THERE, Kind.CONFIRMATION, Method.REQUEST),
    ]
    assert newest(store, HERE).other_snapshot_json == date(THERE).snapshot_json
    assert newest(store, THERE).other_snapshot_json == date(HERE).snapshot_json
    assert newest(store, HERE, "ben@example.net").kind is Kind.PROMOTION
    assert ben.state is State.WAITLISTED


def test_who_moved_and_is_erased_before_the_email_went_out_is_told_of_no_other_seat(store: Store) -> None:
    people = two_dates(store)
    [ana] = signed_up(people, "Ana")
    move(store, people, ana)
    unsent = newest(store, HERE)

    forget(store, EMAIL, now=people.now, organization=UNLISTED)

    left = replace(unsent, name="", changed_by=ChangedBy.ERASURE, other_snapshot_json=None)
    assert newest(store, HERE) == left
    assert newest(store, THERE).other_snapshot_json is None


def test_once_more_changes_nothing(store: Store) -> None:
    people = two_dates(store)
    [ana] = signed_up(people, "Ana")
    first = move(store, people, ana, link_generation=0)

    again = move(store, people, ana, new_registration_id="newer", link_generation=0)

    assert again == first
    assert len(told(store)) == 3
    assert counts(store, THERE) == (1, 0)


def test_there_and_back_again(store: Store) -> None:
    people = two_dates(store)
    [ana] = signed_up(people, "Ana")
    there = move(store, people, ana).there

    back = move(store, people, there, new_registration_id="newer")

    assert (back.result, back.there.state) == (MoveResult.MOVED, State.CONFIRMED)
    assert (counts(store, HERE), counts(store, THERE)) == ((1, 0), (0, 0))
    with pytest.raises(UnknownRegistration):
        move(store, people, ana)


def test_the_calendar_keeps_the_event_while_others_with_the_address_have_a_seat(store: Store) -> None:
    people = two_dates(store)
    ana, beto = signed_up(people, "Ana", "Beto", email=EMAIL)

    move(store, people, ana)
    move(store, people, beto, new_registration_id="newer")

    cancellations = [each for each in told(store) if each[1] is Kind.CANCELLATION]
    assert cancellations == [
        (HERE, Kind.CANCELLATION, None),
        (HERE, Kind.CANCELLATION, Method.CANCEL),
    ]
    assert counts(store, THERE) == (2, 0)


def test_somebody_who_waits_here_moves_into_a_free_seat_there(store: Store) -> None:
    people = two_dates(store, here=1)
    _, ana, cruz = signed_up(people, "Ben", "Ana", "Cruz")

    answer = move(store, people, ana)

    assert (answer.result, answer.place) == (MoveResult.MOVED, None)
    assert line(store, HERE) == [
        ("Ben", "confirmed", None),
        ("Cruz", "waitlisted", 1),
        ("Ana", "cancelled", None),
    ]
    assert sorted(told(store)[1:]) == [
        (HERE, Kind.CANCELLATION, None),
        (THERE, Kind.CONFIRMATION, Method.REQUEST),
    ]
    assert cruz.state is State.WAITLISTED


def test_a_full_date_lets_people_wait_there_too_and_keep_their_seat(store: Store) -> None:
    people = two_dates(store, there=1)
    ben, _ = signed_up(people, "Ben", "Dee", at=THERE)
    [ana] = signed_up(people, "Ana")

    answer = move(store, people, ana, link_generation=0)

    kept = replace(ana, used_link=True)
    assert (answer.result, answer.left, answer.place) == (MoveResult.WAITS_TOO, kept, 2)
    assert (answer.there.state, answer.there.besides) == (State.WAITLISTED, True)
    assert store.registration(HERE, ana.registration_id) == kept
    assert store.registration(THERE, "new") == answer.there
    assert (counts(store, HERE), counts(store, THERE)) == ((1, 0), (1, 2))
    assert told(store)[1:] == [(THERE, Kind.WAITING_LIST, None)]
    assert newest(store, THERE).other_snapshot_json == date(HERE).snapshot_json

    people.cancel(ben)
    people.cancel(store.roster(THERE)[0])
    promotion = newest(store, THERE)
    assert (promotion.kind, promotion.besides) == (Kind.PROMOTION, True)
    assert counts(store, HERE) == (1, 0)


def test_signed_up_there_already_changes_nothing(store: Store) -> None:
    people = two_dates(store)
    [ana] = signed_up(people, "Ana")
    [there] = signed_up(people, "Ana", at=THERE)

    answer = move(store, people, ana)

    assert answer == Moved(MoveResult.THERE_ALREADY, ana, there, None)
    assert (counts(store, HERE), counts(store, THERE)) == ((1, 0), (1, 0))
    assert len(told(store)) == 2


def test_waiting_there_already_without_a_free_seat_changes_nothing(store: Store) -> None:
    people = two_dates(store, there=1)
    signed_up(people, "Ben", "Dee", at=THERE)
    [there] = signed_up(people, "Ana", at=THERE)
    [ana] = signed_up(people, "Ana")

    assert move(store, people, ana) == Moved(MoveResult.WAITING_ALREADY, ana, there, 2)
    resized(store, THERE, 2)  # that seat is Dee's
    assert move(store, people, ana) == Moved(MoveResult.WAITING_ALREADY, ana, there, 2)
    assert len(told(store)) == 2


def test_waiting_there_beside_a_free_seat_takes_it_and_gives_up_the_one_here(store: Store) -> None:
    people = two_dates(store, there=1)
    signed_up(people, "Ben", "Dee", at=THERE)
    [there] = signed_up(people, "Ana", at=THERE)
    [ana] = signed_up(people, "Ana")
    resized(store, THERE, 3)

    answer = move(store, people, ana)

    seated = replace(there, state=State.CONFIRMED, since=people.now, changed=people.now, queue_number=None)
    assert (answer.result, answer.there, answer.place) == (MoveResult.MOVED, seated, None)
    assert (counts(store, HERE), counts(store, THERE)) == ((0, 0), (2, 1))
    assert store.promote_one(THERE, now=people.now)
    assert {(name, state) for name, state, _ in line(store, THERE)} == {
        ("Ben", "confirmed"),
        ("Ana", "confirmed"),
        ("Dee", "confirmed"),
    }
    assert sorted(told(store)[2:]) == [
        (HERE, Kind.CANCELLATION, Method.CANCEL),
        (THERE, Kind.CONFIRMATION, Method.REQUEST),
    ]


def test_whoever_gives_up_the_date_that_was_kept_is_not_asked_to_give_it_up(store: Store) -> None:
    people = two_dates(store, there=1)
    signed_up(people, "Ben", at=THERE)
    [ana] = signed_up(people, "Ana")
    assert move(store, people, ana).there.besides
    resized(store, THERE, 2)

    answer = move(store, people, ana, new_registration_id="newer")

    assert (answer.result, answer.left.moved_to) == (MoveResult.MOVED, THERE)
    assert (answer.there.registration_id, answer.there.state, answer.there.besides) == (
        "new",
        State.CONFIRMED,
        False,
    )
    assert store.registration(THERE, "new") == answer.there
    assert newest(store, THERE).besides is False


def test_staff_who_move_somebody_are_kept_and_said(store: Store) -> None:
    people = two_dates(store)
    [ana] = signed_up(people, "Ana")

    answer = move(store, people, ana, by=ChangedBy.STAFF)

    assert (answer.left.changed_by, answer.there.changed_by) == (ChangedBy.STAFF, ChangedBy.STAFF)
    assert (newest(store, HERE).changed_by, newest(store, THERE).changed_by) == (
        ChangedBy.STAFF,
        ChangedBy.STAFF,
    )
    assert store.damaged() == []
