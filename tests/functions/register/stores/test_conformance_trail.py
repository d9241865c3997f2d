# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff do about people stands in the session's trail, without a name, as long as the registration does."""

from __future__ import annotations

from dataclasses import replace

from register.domain.admission import Admission
from register.domain.model import ChangedBy, Registration
from register.domain.trail import TrailAction, TrailEntry
from register.operations.privacy import forget
from register.stores import Store
from tests.support.builders import SESSION, STARTS, UNLISTED, People, damaged_fields, opened, person, terms
from tests.support.constants import HOUR, NOW, SECOND
from tests.support.emails import snapshot_json
from tests.support.schedules import session

TRAINER = "trainer@example.org"
HERE, THERE = "here", "there"
STAFF = {"by": ChangedBy.STAFF, "staff": TRAINER}


def two_dates(store: Store, there: int = 1) -> tuple[People, Registration]:
    """Open two dates of one training, and give Ana a seat in the first."""
    dates = {each: snapshot_json(replace(session(), id=each)) for each in (HERE, THERE)}
    offers = [
        terms(each, snapshot_json=dates[each], capacity=seats) for each, seats in ((HERE, 2), (THERE, there))
    ]
    people = opened(store, *offers)
    [ana] = people.sign_up("Ana", session_id=HERE)
    return people, ana.registration


def done(store: Store, session_id: str = SESSION) -> list[tuple[TrailAction, str | None, str]]:
    """Return what was done, about which registration, and by whom."""
    return [(each.action, each.registration_id, each.who) for each in store.trail(session_id)]


def test_every_step_of_staff_is_kept_in_order_with_when_and_who(store: Store) -> None:
    opened(store)
    about = SESSION, "a"
    store.sign_up(SESSION, person("Ana"), registration_id="a", now=NOW, **STAFF)
    store.amend(*about, person("Ana", needs="Ramp"), now=NOW + SECOND, **STAFF)
    store.resend(*about, now=NOW + HOUR, **STAFF)
    tick = {"now": STARTS, "staff": TRAINER}
    store.attend(*about, attended=True, expected=None, **tick)
    tick["now"] = STARTS + SECOND
    store.attend(*about, attended=False, expected=True, **tick)
    tick["now"] = STARTS + 2 * SECOND
    store.attend(*about, attended=None, expected=False, **tick)
    store.cancel(*about, now=STARTS + 3 * SECOND, by=ChangedBy.STAFF)

    entries = store.trail(SESSION)
    steps = (
        (NOW, TrailAction.ADDED),
        (NOW + SECOND, TrailAction.CORRECTED),
        (NOW + HOUR, TrailAction.RESENT),
        (STARTS, TrailAction.ATTENDED),
        (STARTS + SECOND, TrailAction.ABSENT),
        (STARTS + 2 * SECOND, TrailAction.UNTICKED),
        (STARTS + 3 * SECOND, TrailAction.CANCELLED),
    )
    assert entries == [
        TrailEntry(
            SESSION, entry.entry_id, when, "" if action is TrailAction.CANCELLED else TRAINER, action, "a"
        )
        for entry, (when, action) in zip(entries, steps, strict=True)
    ]
    assert "Ana" not in repr(entries)
    assert damaged_fields(store) == []


def test_what_people_do_themselves_and_what_changes_nothing_is_in_no_trail(store: Store) -> None:
    people, ana = two_dates(store)
    store.amend(HERE, ana.registration_id, person("Ana"), now=NOW, **STAFF)
    store.amend(HERE, ana.registration_id, person("Ana", needs="Ramp"), now=people.now, by=ChangedBy.PERSON)
    store.sign_up(HERE, ana.person, registration_id="x", now=people.now, **STAFF)
    store.resend(HERE, ana.registration_id, now=people.now, **STAFF)
    store.resend(HERE, ana.registration_id, now=people.now + HOUR)
    moved = {"to": THERE, "new_registration_id": "new", "now": people.now}
    store.move(HERE, ana.registration_id, **moved, by=ChangedBy.PERSON)
    store.move(HERE, ana.registration_id, **moved | STAFF)
    people.cancel(moved_to := store.roster(THERE)[0])
    people.cancel(moved_to, ChangedBy.STAFF)

    assert (store.trail(HERE), store.trail(THERE), store.trail("none")) == ([], [], [])


def test_somebody_whom_staff_sign_up_again_after_an_hour_is_in_it_since_the_email_goes_out(
    store: Store,
) -> None:
    people, ana = two_dates(store)
    later = people.now + HOUR
    store.sign_up(HERE, ana.person, registration_id="x", now=later, **STAFF)

    assert done(store, HERE) == [(TrailAction.RESENT, ana.registration_id, TRAINER)]


def test_a_move_is_in_the_trails_of_both_dates(store: Store) -> None:
    people, ana = two_dates(store)
    to = {"to": THERE, "new_registration_id": "new", "now": people.now}
    store.move(HERE, ana.registration_id, **to | STAFF)

    assert done(store, HERE) == [(TrailAction.MOVED, ana.registration_id, TRAINER)]
    assert done(store, THERE) == [(TrailAction.MOVED_HERE, "new", TRAINER)]


def test_a_move_into_the_line_of_a_full_date_adds_somebody_there_and_changes_nothing_here(
    store: Store,
) -> None:
    people, ana = two_dates(store, there=0)
    to = {"to": THERE, "new_registration_id": "new", "now": people.now}
    store.move(HERE, ana.registration_id, **to | STAFF)

    assert (done(store, HERE), done(store, THERE)) == ([], [(TrailAction.ADDED, "new", TRAINER)])


def test_somebody_without_email_moves_although_nobody_is_told(store: Store) -> None:
    people, _ = two_dates(store)
    wes, to = (
        person("Wes", email=""),
        {"to": THERE, "new_registration_id": "new", "now": people.now},
    )
    late = {"registration_id": "w", "now": people.now, "admission": Admission.LATE}
    store.sign_up(HERE, wes, **late | STAFF)

    moved = store.move(HERE, "w", **to | STAFF)

    assert store.registration(THERE, "new") == moved.there
    assert [action for action, *_ in done(store, HERE)] == [TrailAction.ADDED, TrailAction.MOVED]
    assert done(store, THERE) == [(TrailAction.MOVED_HERE, "new", TRAINER)]
    assert (store.messages_of(""), damaged_fields(store)) == ([], [])


def test_people_who_walk_in_and_people_who_get_a_seat_by_hand_are_told_apart(store: Store) -> None:
    people = opened(store, terms(capacity=0))
    people.sign_up("Ana", "Ben", "Cruz")
    for number, (name, admission) in enumerate(
        {"Ana": Admission.OVERBOOKED, "Ben": Admission.WALK_IN, "Dee": Admission.WALK_IN}.items()
    ):
        given = {"registration_id": name, "now": STARTS + number * SECOND, "admission": admission}
        store.sign_up(SESSION, person(name), **given | STAFF)
    again = {"registration_id": "x", "now": STARTS + HOUR, "admission": Admission.WALK_IN}
    store.sign_up(SESSION, person("Ana"), **again | STAFF)

    assert done(store) == [
        (TrailAction.ADDED, "rid-1", TRAINER),
        (TrailAction.WALKED_IN, "rid-2", TRAINER),
        (TrailAction.WALKED_IN, "Dee", TRAINER),
        (TrailAction.ATTENDED, "rid-1", TRAINER),
    ]


def test_erasing_somebody_takes_what_staff_did_about_them_and_no_more(store: Store) -> None:
    people = opened(store)
    ana, ben = (each.registration for each in people.sign_up("Ana", "Ben"))
    for each in (ana, ben):
        who = replace(each.person, needs="Ramp")
        store.amend(SESSION, each.registration_id, who, now=people.now, **STAFF)

    forget(store, ana.person.email, now=people.now, organization=UNLISTED)

    assert done(store) == [(TrailAction.CORRECTED, ben.registration_id, TRAINER)]


def test_a_session_that_is_withdrawn_takes_its_trail_along(store: Store) -> None:
    people = opened(store)
    [ana] = people.sign_up("Ana")
    people.cancel(ana.registration, ChangedBy.STAFF)
    assert len(store.trail(SESSION)) == 1

    assert store.withdraw(SESSION) is True
    assert store.trail(SESSION) == []
