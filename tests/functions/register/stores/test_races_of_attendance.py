# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two trainers tick at once, while people are canceled, corrected and erased: nothing is overwritten unseen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from register.domain.admission import Admission
from register.domain.errors import NotActive, UnknownRegistration
from register.domain.model import ChangedBy, Registration, State
from register.domain.trail import TrailAction
from register.operations.privacy import forget
from register.stores import Store
from register.stores.errors import StillActive
from tests.functions.register.stores.test_races import at_once
from tests.functions.register.stores.test_races import engine as engine
from tests.functions.register.stores.test_races import store as store
from tests.support.builders import SESSION, STARTS, UNLISTED, counts, damaged_fields, opened, person, terms

TRAINERS = ("one@example.org", "two@example.org")
TICKED = {True: TrailAction.ATTENDED, False: TrailAction.ABSENT}


def tick(store: Store, known: Registration, staff: str, attended: bool) -> Callable[[], Registration | None]:
    """Return a tick by a trainer who saw none; None where there is nobody to tick any more."""

    def try_it() -> Registration | None:
        seen: dict[str, Any] = {"expected": None, "now": STARTS, "staff": staff}
        try:
            return store.attend(SESSION, known.registration_id, attended=attended, **seen)
        except (NotActive, UnknownRegistration):
            return None

    return try_it


def crowd(store: Store, number: int) -> list[Registration]:
    """Give seats to many people."""
    people = opened(store, terms(capacity=number))
    return [each.registration for each in people.sign_up(*(f"Person {one}" for one in range(number)))]


def test_of_two_trainers_who_tick_at_once_each_sees_what_the_first_of_them_kept(store: Store) -> None:
    people = crowd(store, 20)
    jobs = [tick(store, each, staff, staff == TRAINERS[0]) for each in people for staff in TRAINERS]

    answers = at_once(jobs)

    stored = {each.registration_id: each for each in store.roster(SESSION)}
    assert [each and stored[each.registration_id] for each in answers] == answers
    trail = store.trail(SESSION)
    assert Counter(each.registration_id for each in trail) == Counter(stored.keys())
    assert {(each.action, each.registration_id) for each in trail} == {
        (TICKED[bool(each.attended)], each.registration_id) for each in stored.values()
    }


def test_people_who_are_canceled_corrected_and_erased_while_they_are_ticked_leave_nothing_odd(
    store: Store,
) -> None:
    people = crowd(store, 21)

    def cancel(known: Registration) -> Callable[[], Any]:
        by = {"by": ChangedBy.STAFF, "staff": TRAINERS[0]}
        return lambda: store.cancel(SESSION, known.registration_id, now=STARTS, **by)

    def correct(known: Registration) -> Callable[[], Any]:
        who = replace(known.person, needs="Ramp")
        by = {"by": ChangedBy.STAFF, "staff": TRAINERS[0]}
        return lambda: store.amend(SESSION, known.registration_id, who, now=STARTS, **by)

    def erase(known: Registration) -> Callable[[], Any]:
        def try_it() -> None:
            try:
                forget(store, known.person.email, now=STARTS, organization=UNLISTED)
            except StillActive:
                raise AssertionError("a tick made somebody active") from None

        return try_it

    steps = [step(each) for step, each in zip([cancel, correct, erase] * 7, people, strict=True)]
    ticks = [tick(store, each, staff, True) for each in people for staff in TRAINERS]
    at_once([job for three in zip(ticks[::2], steps, ticks[1::2], strict=True) for job in three])

    stored = {each.registration_id: each for each in store.roster(SESSION)}
    gone, corrected, erased = people[::3], people[1::3], people[2::3]
    for each in gone:
        now = stored[each.registration_id]
        assert (now.state, now.attended) == (State.CANCELLED, None)
    for each in corrected:
        now = stored[each.registration_id]
        assert (now.attended, now.person.needs) == (True, "Ramp")
    assert not stored.keys() & {each.registration_id for each in erased}
    trail = store.trail(SESSION)
    assert {each.registration_id for each in trail} == stored.keys()
    ticked = Counter(each.registration_id for each in trail if each.action is TrailAction.ATTENDED)
    assert {ticked[each.registration_id] for each in corrected} == {1}
    assert counts(store) == (7, 0)
    assert damaged_fields(store) == []


def test_people_who_walk_in_at_once_are_all_seated_and_one_name_is_one_person(store: Store) -> None:
    opened(store, terms(capacity=1))

    def walk_in(number: int) -> Callable[[], Registration]:
        who = person(f"Person {chr(65 + number // 2)}", email="")
        given: dict[str, Any] = {"registration_id": f"w{number}", "now": STARTS, "staff": TRAINERS[0]}
        by_hand: dict[str, Any] = {"admission": Admission.WALK_IN, "by": ChangedBy.STAFF}
        return lambda: store.sign_up(SESSION, who, **given, **by_hand).registration

    answers = at_once([walk_in(number) for number in range(16)])

    roster = store.roster(SESSION)
    assert {each.registration_id for each in answers} == {each.registration_id for each in roster}
    assert {each.attended for each in roster} == {True}
    assert (counts(store), store.tally(SESSION, person(email="").email_hash).active) == ((8, 0), 8)
    assert [each.action for each in store.trail(SESSION)] == [TrailAction.WALKED_IN] * 8
