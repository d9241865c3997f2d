# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody is faster than a tick, its answer is lost, or whoever writes it is killed, between two calls to DynamoDB."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from register.domain.admission import Admission
from register.domain.errors import NotActive
from register.domain.model import ChangedBy, Registration
from register.domain.trail import TrailAction
from register.stores.dynamodb.store import DynamoDBStore
from tests.support.builders import SESSION, STARTS, counts, opened, person, terms
from tests.support.constants import SECOND
from tests.support.dynamodb_engine import Engine
from tests.support.dynamodb_faults import before, forgetful, lost_reply

TRAINER = "trainer@example.org"
STAFF: dict[str, Any] = {"by": ChangedBy.STAFF, "staff": TRAINER}
WALKS_IN: dict[str, Any] = {"now": STARTS, "admission": Admission.WALK_IN} | STAFF


class Killed(BaseException):
    """Whoever wrote is no more."""


def ticked(store: DynamoDBStore, known: Registration, attended: bool | None = True) -> Registration:
    """Tick somebody, as who has seen no tick."""
    seen: dict[str, Any] = {"expected": None, "now": STARTS, "staff": TRAINER}
    return store.attend(SESSION, known.registration_id, attended=attended, **seen)


def two(store: DynamoDBStore) -> list[Registration]:
    """Give two people seats."""
    return [each.registration for each in opened(store).sign_up("Ana", "Ben")]


def test_a_tick_holds_up_no_other_people_of_the_session(engine: Engine, dynamodb: DynamoDBStore) -> None:
    ana, _ = two(dynamodb)
    written: list[list[tuple[str, str]]] = []

    def watch(client: Any) -> Any:
        transact = client.transact_write_items

        class Watching:
            def __getattr__(self, name: str) -> Any:
                return getattr(client, name)

            def transact_write_items(self, **request: Any) -> Any:
                pairs = [next(iter(each.items())) for each in request["TransactItems"]]
                keys = [(kind, (it.get("Key") or it["Item"])["sk"]["S"][:2]) for kind, it in pairs]
                written.append(keys)
                return transact(**request)

        return Watching()

    ticked(engine.beside(dynamodb, watch), ana)

    assert written == [[("Update", "R#"), ("Put", "T#")]]


def test_a_tick_whose_answer_was_lost_finds_itself(engine: Engine, dynamodb: DynamoDBStore) -> None:
    ana, _ = two(dynamodb)

    answer = ticked(engine.beside(dynamodb, forgetful(lost_reply)), ana)

    assert answer == replace(ana, attended=True, changed=STARTS)
    assert dynamodb.registration(SESSION, ana.registration_id) == answer
    assert len(dynamodb.trail(SESSION)) == 1


def test_a_walk_in_whose_answer_was_lost_finds_itself(engine: Engine, dynamodb: DynamoDBStore) -> None:
    two(dynamodb)
    losing = engine.beside(dynamodb, forgetful(lost_reply))

    answer = losing.sign_up(SESSION, person("Wes", email=""), registration_id="w", **WALKS_IN)

    assert (answer.repeated, counts(dynamodb), len(dynamodb.trail(SESSION))) == (False, (3, 0), 1)


def test_a_tick_beside_somebody_else_s_shows_it(engine: Engine, dynamodb: DynamoDBStore) -> None:
    ana, _ = two(dynamodb)
    seam = before(1, "transact_write_items", lambda: ticked(dynamodb, ana, False))

    assert ticked(engine.beside(dynamodb, seam), ana).attended is False
    assert [each.action for each in dynamodb.trail(SESSION)] == [TrailAction.ABSENT]


def test_a_tick_beside_a_cancel_ticks_nobody(engine: Engine, dynamodb: DynamoDBStore) -> None:
    ana, _ = two(dynamodb)
    gone = partial(dynamodb.cancel, SESSION, ana.registration_id, now=STARTS, **STAFF)

    with pytest.raises(NotActive):
        ticked(engine.beside(dynamodb, before(1, "transact_write_items", gone)), ana)
    assert [each.action for each in dynamodb.trail(SESSION)] == [TrailAction.CANCELLED]


def test_a_cancel_beside_a_tick_takes_it_along(engine: Engine, dynamodb: DynamoDBStore) -> None:
    ana, _ = two(dynamodb)
    seam = before(1, "transact_write_items", lambda: ticked(dynamodb, ana))

    gone = engine.beside(dynamodb, seam).cancel(SESSION, ana.registration_id, now=STARTS, **STAFF)

    assert gone.attended is None
    assert dynamodb.registration(SESSION, ana.registration_id) == gone


def test_a_tick_in_the_middle_of_an_erasure_leaves_no_trail(engine: Engine, dynamodb: DynamoDBStore) -> None:
    ana, _ = two(dynamodb)
    ticked(dynamodb, ana)
    over = terms().ends
    late: dict[str, Any] = {"attended": False, "expected": True, "now": over, "staff": TRAINER}
    seam = before(1, "transact_write_items", lambda: dynamodb.attend(SESSION, ana.registration_id, **late))

    assert engine.beside(dynamodb, seam).erase(ana.person.email, now=over) == 1
    assert dynamodb.trail(SESSION) == []
    assert dynamodb.registrations_of(ana.person.email) == []


STEPS: dict[str, Callable[[DynamoDBStore, Registration], object]] = {
    "tick": ticked,
    "walk in": lambda store, _: store.sign_up(SESSION, person("Wes"), registration_id="w", **WALKS_IN),
    "correct": lambda store, ana: store.amend(
        SESSION, ana.registration_id, replace(ana.person, needs="Ramp"), now=STARTS, **STAFF
    ),
    "cancel": lambda store, ana: store.cancel(SESSION, ana.registration_id, now=STARTS, **STAFF),
    "resend": lambda store, ana: store.resend(SESSION, ana.registration_id, now=STARTS, **STAFF),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("done", [False, True], ids=["before it is written", "after it is written"])
def test_whoever_is_killed_leaves_the_change_and_its_trail_or_neither(
    engine: Engine, dynamodb: DynamoDBStore, step: str, done: bool
) -> None:
    ana, _ = two(dynamodb)
    everything = dynamodb.roster(SESSION), len(dynamodb.pending())

    def die(client: Any) -> Any:
        class Dying:
            def __getattr__(self, name: str) -> Any:
                return getattr(client, name)

            def transact_write_items(self, **request: Any) -> Any:
                if done:
                    client.transact_write_items(**request)
                raise Killed

        return Dying()

    with pytest.raises(Killed):
        STEPS[step](engine.beside(dynamodb, die), ana)

    changed = (dynamodb.roster(SESSION), len(dynamodb.pending())) != everything
    assert (changed, len(dynamodb.trail(SESSION))) == (done, int(done))


def test_a_correction_with_a_tick_in_between_is_read_again(engine: Engine, dynamodb: DynamoDBStore) -> None:
    ana, _ = two(dynamodb)
    seam = before(1, "transact_write_items", lambda: ticked(dynamodb, ana))
    who = replace(ana.person, needs="Ramp")

    answer = engine.beside(dynamodb, seam).amend(
        SESSION, ana.registration_id, who, now=STARTS + SECOND, **STAFF
    )

    assert (answer.attended, answer.person.needs) == (True, "Ramp")
