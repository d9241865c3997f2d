# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody is faster than a correction or a move, or its answer is lost, between two calls to DynamoDB."""

from __future__ import annotations

from dataclasses import replace

import pytest

from register.domain.changes import MoveResult
from register.domain.errors import PersonTaken, SessionCancelled, UnknownRegistration
from register.domain.model import ChangedBy, Kind, Registration, State
from register.stores.dynamodb.store import DynamoDBStore
from schedule.model import Status
from tests.support.builders import SESSION, People, counts, kinds, notice, opened, person, terms
from tests.support.constants import NOW
from tests.support.dynamodb_engine import Engine
from tests.support.dynamodb_faults import before, forgetful, lost_reply
from tests.support.emails import snapshot_json
from tests.support.schedules import session

NEW = "new@example.net"
HERE, THERE = "here", "there"
BY = ChangedBy.PERSON


def two_dates(store: DynamoDBStore, there: int = 2) -> People:
    """Open two dates of one training."""
    dates = {each: snapshot_json(replace(session(), id=each)) for each in (HERE, THERE)}
    return opened(
        store,
        terms(HERE, snapshot_json=dates[HERE], capacity=1),
        terms(THERE, snapshot_json=dates[THERE], capacity=there),
    )


def correct(store: DynamoDBStore, known: Registration, **changes: object) -> Registration:
    """Give somebody another address, and whatever else."""
    who = replace(known.person, **({"email": NEW} | changes))
    return store.amend(known.session_id, known.registration_id, who, now=NOW, by=BY)


def test_a_correction_whose_answer_was_lost_finds_itself(engine: Engine, dynamodb: DynamoDBStore) -> None:
    [ana] = (each.registration for each in opened(dynamodb).sign_up("Ana"))
    who = replace(ana.person, email=NEW)

    amended = engine.beside(dynamodb, forgetful(lost_reply)).amend(
        SESSION, ana.registration_id, who, now=NOW, by=BY, link_generation=0
    )

    assert amended == replace(ana, person=who, link_generation=1, used_link=True)
    assert dynamodb.registrations_of(NEW) == [amended]
    assert kinds(dynamodb, NEW) == [Kind.CORRECTION]


@pytest.mark.parametrize(("there", "result"), [(1, MoveResult.MOVED), (0, MoveResult.WAITS_TOO)])
def test_a_move_whose_answer_was_lost_finds_itself(
    engine: Engine, dynamodb: DynamoDBStore, there: int, result: MoveResult
) -> None:
    people = two_dates(dynamodb, there)
    ana, _ = (each.registration for each in people.sign_up("Ana", "Ben", session_id=HERE))

    moved = engine.beside(dynamodb, forgetful(lost_reply)).move(
        HERE, ana.registration_id, to=THERE, new_registration_id="new", now=people.now, by=BY
    )

    assert (moved.result, moved.there) == (result, dynamodb.registration(THERE, "new"))
    assert moved.left == dynamodb.registration(HERE, ana.registration_id)
    assert moved.place == (None if there else 1)
    assert (counts(dynamodb, HERE), counts(dynamodb, THERE)) == ((1, 1 - there), (there, 1 - there))
    assert len(dynamodb.pending()) == 3 + 2 * there


def test_a_correction_beside_a_promotion_loses_neither(engine: Engine, dynamodb: DynamoDBStore) -> None:
    people = opened(dynamodb, terms(capacity=1))
    ana, ben = (each.registration for each in people.sign_up("Ana", "Ben"))
    seam = before(1, "transact_write_items", lambda: correct(dynamodb, ben))

    engine.beside(dynamodb, seam).cancel(SESSION, ana.registration_id, now=people.now, by=BY)

    [now] = dynamodb.registrations_of(NEW)
    assert (now.state, now.queue_number) == (State.CONFIRMED, None)
    assert kinds(dynamodb, NEW) == [Kind.CORRECTION, Kind.PROMOTION]
    assert counts(dynamodb) == (1, 0)


def test_a_promotion_beside_a_correction_loses_neither(engine: Engine, dynamodb: DynamoDBStore) -> None:
    people = opened(dynamodb, terms(capacity=1))
    ana, ben = (each.registration for each in people.sign_up("Ana", "Ben"))
    seam = before(1, "transact_write_items", lambda: people.cancel(ana))

    amended = correct(engine.beside(dynamodb, seam), ben)

    assert amended.state is State.CONFIRMED
    assert kinds(dynamodb, ben.person.email) == [
        Kind.WAITING_LIST,
        Kind.PROMOTION,
        Kind.ADDRESS_CHANGED,
    ]
    assert kinds(dynamodb, NEW) == [Kind.CORRECTION]


def test_who_is_corrected_while_a_notice_is_written_out_is_told_at_the_new_address(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    [ana] = (each.registration for each in opened(dynamodb).sign_up("Ana"))
    dynamodb.sync_session(terms(revision=4), notice(), expected=dynamodb.session(SESSION))
    seam = before(1, "transact_write_items", lambda: correct(dynamodb, ana))

    assert engine.beside(dynamodb, seam).write_out_notice(SESSION) == 1

    assert kinds(dynamodb, NEW) == [Kind.CORRECTION, Kind.CHANGE]


def test_a_receipt_that_loses_its_power_meanwhile_changes_nothing(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    [ana] = (each.registration for each in opened(dynamodb).sign_up("Ana"))
    by_link = replace(ana.person, needs="Ramp")
    seam = before(
        1,
        "transact_write_items",
        lambda: dynamodb.amend(SESSION, ana.registration_id, by_link, now=NOW, by=BY, link_generation=0),
    )

    with pytest.raises(UnknownRegistration):
        engine.beside(dynamodb, seam).amend(
            SESSION, ana.registration_id, replace(ana.person, email=NEW), now=NOW, by=BY, receipt=True
        )

    assert dynamodb.registrations_of(ana.person.email)[0].person == by_link


def test_a_name_that_is_taken_meanwhile_is_not_taken_twice(engine: Engine, dynamodb: DynamoDBStore) -> None:
    people = opened(dynamodb, terms(capacity=4))
    [ana] = (each.registration for each in people.sign_up("Ana"))
    seam = before(1, "transact_write_items", lambda: people.sign_up("Ana", email=NEW))

    with pytest.raises(PersonTaken):
        correct(engine.beside(dynamodb, seam), ana)

    assert counts(dynamodb) == (2, 0)
    assert dynamodb.registration(SESSION, ana.registration_id) == ana


def test_the_last_seat_there_goes_to_one_of_two(engine: Engine, dynamodb: DynamoDBStore) -> None:
    people = two_dates(dynamodb, there=1)
    [ana] = (each.registration for each in people.sign_up("Ana", session_id=HERE))
    seam = before(1, "transact_write_items", lambda: people.sign_up("Dee", session_id=THERE))

    moved = engine.beside(dynamodb, seam).move(
        HERE, ana.registration_id, to=THERE, new_registration_id="new", now=people.now, by=BY
    )

    assert (moved.result, moved.place) == (MoveResult.WAITS_TOO, 1)
    assert (counts(dynamodb, HERE), counts(dynamodb, THERE)) == ((1, 0), (1, 1))


def test_a_move_that_was_done_between_reading_the_two_dates_is_answered_as_done(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    people = two_dates(dynamodb)
    [ana] = (each.registration for each in people.sign_up("Ana", session_id=HERE))
    given = {"to": THERE, "now": people.now, "by": BY}
    first = []
    seam = before(
        2,
        "batch_get_item",
        lambda: first.append(dynamodb.move(HERE, ana.registration_id, new_registration_id="first", **given)),
    )

    second = engine.beside(dynamodb, seam).move(
        HERE, ana.registration_id, new_registration_id="second", **given
    )

    assert [second] == first
    assert counts(dynamodb, THERE) == (1, 0)


def test_nobody_waits_there_beside_a_seat_that_comes_free_meanwhile(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    people = two_dates(dynamodb, there=1)
    [ana] = (each.registration for each in people.sign_up("Ana", session_id=HERE))
    [dee] = (each.registration for each in people.sign_up("Dee", session_id=THERE))
    seam = before(1, "transact_write_items", lambda: people.cancel(dee))

    moved = engine.beside(dynamodb, seam).move(
        HERE, ana.registration_id, to=THERE, new_registration_id="new", now=people.now, by=BY
    )

    assert (moved.result, moved.place) == (MoveResult.MOVED, None)
    assert (counts(dynamodb, HERE), counts(dynamodb, THERE)) == ((0, 0), (1, 0))


def test_a_receipt_has_no_power_once_somebody_waits_elsewhere_by_the_link(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    people = two_dates(dynamodb, there=0)
    [ana] = (each.registration for each in people.sign_up("Ana", session_id=HERE))
    given = {"to": THERE, "new_registration_id": "new", "link_generation": 0, "by": BY}
    seam = before(
        1, "transact_write_items", lambda: dynamodb.move(HERE, ana.registration_id, now=NOW, **given)
    )

    with pytest.raises(UnknownRegistration):
        engine.beside(dynamodb, seam).amend(
            HERE, ana.registration_id, replace(ana.person, email=NEW), now=NOW, by=BY, receipt=True
        )
    assert dynamodb.registration(HERE, ana.registration_id) == replace(ana, used_link=True)


def test_who_joins_the_line_while_a_seat_is_left_gets_it(engine: Engine, dynamodb: DynamoDBStore) -> None:
    people = two_dates(dynamodb)
    [ana] = (each.registration for each in people.sign_up("Ana", session_id=HERE))
    seam = before(1, "transact_write_items", lambda: people.sign_up("Ben", session_id=HERE))

    engine.beside(dynamodb, seam).move(
        HERE, ana.registration_id, to=THERE, new_registration_id="new", now=people.now, by=BY
    )

    assert (counts(dynamodb, HERE), counts(dynamodb, THERE)) == ((1, 0), (1, 0))
    assert kinds(dynamodb, "ben@example.net") == [Kind.WAITING_LIST, Kind.PROMOTION]


def test_a_date_that_is_canceled_meanwhile_is_not_moved_to(engine: Engine, dynamodb: DynamoDBStore) -> None:
    people = two_dates(dynamodb)
    [ana] = (each.registration for each in people.sign_up("Ana", session_id=HERE))
    called_off = replace(dynamodb.session(THERE).terms, status=Status.CANCELLED, revision=4)
    seam = before(
        1,
        "transact_write_items",
        lambda: dynamodb.sync_session(called_off, None, expected=dynamodb.session(THERE)),
    )

    with pytest.raises(SessionCancelled):
        engine.beside(dynamodb, seam).move(
            HERE, ana.registration_id, to=THERE, new_registration_id="new", now=people.now, by=BY
        )
    assert dynamodb.registration(HERE, ana.registration_id) == ana


def test_erasing_the_address_before_a_correction_deletes_its_counts(dynamodb: DynamoDBStore) -> None:
    [ana] = (each.registration for each in opened(dynamodb).sign_up("Ana"))
    correct(dynamodb, ana)
    new = person(email=NEW).email_hash

    assert dynamodb.erase(ana.person.email, now=NOW) == 0

    left = dynamodb.table.query("#pk = :pk AND begins_with(#sk, :sk)", pk=f"S#{SESSION}", sk="E#")
    assert [item["sk"]["S"] for item in left] == [f"E#{new}"]
    assert [each.registration_id for each in dynamodb.registrations_of(NEW)] == [ana.registration_id]


def test_who_is_corrected_while_the_address_before_is_erased_stays(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    people = opened(dynamodb)
    ana, beto = (each.registration for each in people.sign_up("Ana", "Beto", email="a@example.net"))
    people.cancel(beto)
    over = terms().ends
    seam = before(1, "transact_write_items", lambda: correct(dynamodb, ana))

    assert engine.beside(dynamodb, seam).erase("a@example.net", now=over) == 1

    assert [each.registration_id for each in dynamodb.registrations_of(NEW)] == [ana.registration_id]
    assert dynamodb.registrations_of("a@example.net") == []
    assert counts(dynamodb) == (1, 0)
