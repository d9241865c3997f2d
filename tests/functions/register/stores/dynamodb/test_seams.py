# SPDX-License-Identifier: AGPL-3.0-or-later
"""At the seams between two calls to DynamoDB somebody else is faster, or the answer is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from register.domain.model import ChangedBy, Kind, State
from register.stores.deliveries import DeliveryFault
from register.stores.dynamodb.items import tally
from register.stores.dynamodb.keys import tally_key
from register.stores.dynamodb.store import DynamoDBStore
from register.stores.errors import Conflict
from tests.support.builders import LEASE, SESSION, claim_all, counts, kinds, notice, opened, person, terms
from tests.support.constants import NOW
from tests.support.dynamodb_engine import Engine
from tests.support.dynamodb_faults import before, forgetful, in_turn, lost_reply

ANA, BEN, EVA = person("Ana"), person("Ben"), person("Eva")


@pytest.mark.parametrize(
    ("number", "operation"),
    [(1, "update_item"), (2, "transact_write_items")],
    ids=["before the queue number", "after the queue number"],
)
def test_a_cancel_between_the_tries_of_a_sign_up_leaves_nobody_waiting_beside_a_free_seat(
    engine: Engine, dynamodb: DynamoDBStore, number: int, operation: str
) -> None:
    people = opened(dynamodb)
    seam = before(number, operation, lambda: people.cancel(ana.registration))
    store = engine.beside(dynamodb, seam)
    store.sign_up(SESSION, EVA, registration_id="eva", now=NOW)
    (ana,) = people.sign_up("Ana")

    ben = store.sign_up(SESSION, BEN, registration_id="ben", now=NOW)

    assert (ben.registration.state, ben.place) == (State.CONFIRMED, None)
    assert counts(dynamodb) == (2, 0)
    assert kinds(dynamodb, BEN.email) == [Kind.CONFIRMATION]


def test_a_seat_that_is_taken_between_two_tries_is_not_given_twice(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    people = opened(dynamodb, terms(capacity=1))
    seam = before(1, "transact_write_items", lambda: people.sign_up("Ana"))

    ben = engine.beside(dynamodb, seam).sign_up(SESSION, BEN, registration_id="ben", now=NOW)

    assert (ben.registration.state, ben.place) == (State.WAITLISTED, 1)
    assert counts(dynamodb) == (1, 1)


def test_a_sign_up_between_reading_and_cancelling_is_given_the_seat(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    people = opened(dynamodb, terms(capacity=1))
    (ana,) = people.sign_up("Ana")
    seam = before(1, "transact_write_items", lambda: people.sign_up("Ben"))
    later = people.now + LEASE

    engine.beside(dynamodb, seam).cancel(
        SESSION, ana.registration.registration_id, now=later, by=ChangedBy.PERSON
    )

    assert counts(dynamodb) == (1, 0)
    assert kinds(dynamodb, BEN.email) == [Kind.WAITING_LIST, Kind.PROMOTION]


@pytest.mark.parametrize("capacity", [1, 0], ids=["the last seat", "the waiting list"])
def test_a_sign_up_whose_answer_was_lost_finds_itself(
    engine: Engine, dynamodb: DynamoDBStore, capacity: int
) -> None:
    opened(dynamodb, terms(capacity=capacity))

    answer = engine.beside(dynamodb, forgetful(lost_reply)).sign_up(
        SESSION, ANA, registration_id="ana", now=NOW
    )

    assert (answer.registration.registration_id, answer.repeated) == ("ana", False)
    assert answer.place == (None if capacity else 1)
    assert counts(dynamodb) == (capacity, 1 - capacity)
    assert dynamodb.registration(SESSION, answer.registration.registration_id) == answer.registration
    assert len(dynamodb.pending()) == 1


def test_no_verb_is_done_twice_when_its_answer_is_lost(engine: Engine, dynamodb: DynamoDBStore) -> None:
    people = opened(dynamodb, terms(capacity=1))
    ana, ben = people.sign_up("Ana", "Ben")

    def losing(only: str = "transact_write_items") -> DynamoDBStore:
        return engine.beside(dynamodb, in_turn(lost_reply, only=only))

    stored = dynamodb.session(SESSION)
    losing().sync_session(terms(capacity=2, revision=4), None, expected=stored)
    assert losing().promote_one(SESSION, now=people.now) is True
    hour_later = ana.registration.since + timedelta(hours=1)
    assert losing().resend(SESSION, ana.registration.registration_id, now=hour_later) is True
    gone = losing().cancel(SESSION, ana.registration.registration_id, now=people.now, by=ChangedBy.PERSON)
    assert gone.state is State.CANCELLED
    assert counts(dynamodb) == (1, 0)
    assert sorted(kinds(dynamodb, BEN.email)) == [Kind.PROMOTION, Kind.WAITING_LIST]
    later = NOW + timedelta(hours=2)
    claimed = claim_all(losing("update_item"), now=later)
    # Each one's later emails wait for the first.
    assert (len(claimed), len(dynamodb.pending())) == (2, 5)
    losing().settle_later(claimed[0].message, due=later, problem="451 busy", fault=DeliveryFault.MESSAGE)
    assert [one.attempts for one in dynamodb.pending()] == [0, 0, 0, 0, 1]
    assert ben.registration.registration_id == "rid-2"


def test_one_seat_is_handed_to_one_person_though_two_promote_at_once(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    people = opened(dynamodb, terms(capacity=1))
    people.sign_up("Ana", "Ben", "Eva")
    dynamodb.sync_session(terms(capacity=2, revision=4), None, expected=dynamodb.session(SESSION))
    seam = before(1, "query", lambda: dynamodb.promote_one(SESSION, now=people.now))

    assert engine.beside(dynamodb, seam).promote_one(SESSION, now=people.now) is False

    assert counts(dynamodb) == (2, 1)


def test_a_place_is_never_below_one_though_the_person_has_just_been_promoted(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    people = opened(dynamodb, terms(capacity=1))
    (ana,) = people.sign_up("Ana")
    seam = before(1, "query", lambda: people.cancel(ana.registration))

    ben = engine.beside(dynamodb, seam).sign_up(SESSION, BEN, registration_id="ben", now=people.now)

    assert ben.place == 1
    assert dynamodb.roster(SESSION)[0].person == BEN


def test_a_sign_up_that_was_cancelled_before_its_answer_came_does_not_sign_up_again(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    opened(dynamodb)

    def cancelled_meanwhile(call: Callable[[], Any], operation: str, request: dict[str, Any]) -> Any:
        try:
            lost_reply(call, operation, request)
        finally:
            dynamodb.cancel(SESSION, "ana", now=NOW, by=ChangedBy.PERSON)

    store = engine.beside(dynamodb, forgetful(cancelled_meanwhile))

    assert store.sign_up(SESSION, ANA, registration_id="ana", now=NOW).registration.state is State.CANCELLED
    assert counts(dynamodb) == (0, 0)


def test_somebody_who_signs_up_again_while_being_erased_keeps_the_new_registration_and_its_email(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    people = opened(dynamodb)
    people.cancel(people.sign_up("Ana")[0].registration)
    seam = before(1, "delete_item", lambda: people.sign_up("Ana"))

    assert engine.beside(dynamodb, seam).erase(ANA.email, now=people.now) == 1

    assert counts(dynamodb) == (1, 0)
    told = [(each.message.registration_id, each.message.kind) for each in dynamodb.messages_of(ANA.email)]
    assert told == [("rid-1", Kind.CANCELLATION), ("rid-2", Kind.CONFIRMATION)]
    assert [each.registration_id for each in dynamodb.registrations_of(ANA.email)] == ["rid-2"]


def test_who_signs_up_while_a_session_is_withdrawn_and_put_back_stays(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    people = opened(dynamodb)
    people.cancel(people.sign_up("Ana")[0].registration)

    def put_back() -> None:
        opened(dynamodb)
        people.sign_up("Ana")

    assert engine.beside(dynamodb, before(1, "delete_item", put_back)).withdraw(SESSION) is True

    assert [one.registration_id for one in dynamodb.roster(SESSION)] == ["rid-2"]
    assert counts(dynamodb) == (1, 0)
    assert tally(dynamodb.table.get(tally_key(SESSION, ANA.email_hash))).active == 1


def test_a_sync_is_refused_that_has_not_seen_the_notice_of_another(dynamodb: DynamoDBStore) -> None:
    opened(dynamodb)
    seen = dynamodb.session(SESSION)
    dynamodb.sync_session(terms(), notice(), expected=seen)

    with pytest.raises(Conflict):
        dynamodb.sync_session(terms(revision=4), None, expected=seen)

    assert dynamodb.session(SESSION).notice == notice()


def test_a_relative_who_signs_up_while_an_address_is_erased_still_counts(
    engine: Engine, dynamodb: DynamoDBStore
) -> None:
    people = opened(dynamodb)
    people.cancel(people.sign_up("Ana")[0].registration)
    seam = before(1, "delete_item", lambda: people.sign_up("Ana Mia", email=ANA.email))

    assert engine.beside(dynamodb, seam).erase(ANA.email, now=people.now) == 1

    assert tally(dynamodb.table.get(tally_key(SESSION, ANA.email_hash))).active == 1
    assert kinds(dynamodb, ANA.email) == [Kind.CANCELLATION, Kind.CONFIRMATION]
