# SPDX-License-Identifier: AGPL-3.0-or-later
"""Staff tick who attended, let people walk in, and give seats over capacity on purpose."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from register.domain.admission import Admission
from register.domain.errors import (
    NotActive,
    SessionCancelled,
    SessionOver,
    SignUpClosed,
    StillWaits,
    TooEarly,
    TooManyNames,
    UnknownRegistration,
    UnknownSession,
)
from register.domain.model import ChangedBy, Kind, Registration, SignedUp, State, Tally
from register.stores import Store
from schedule.model import Status
from tests.support.builders import (
    SESSION,
    STARTS,
    counts,
    damaged_fields,
    kinds,
    line,
    notice,
    opened,
    person,
    terms,
)
from tests.support.constants import HOUR, SECOND

TRAINER = "trainer@example.org"
OPENS = STARTS - HOUR
ENDS, EXPIRES = terms().ends, terms().expires


def attend(store: Store, known: Registration, attended: bool | None, **changes: Any) -> Registration:
    """Tick somebody at the start, as the trainer does who sees no tick yet."""
    given: dict[str, Any] = {"expected": None, "now": STARTS, "staff": TRAINER} | changes
    return store.attend(known.session_id, known.registration_id, attended=attended, **given)


def admit(store: Store, name: str, admission: Admission = Admission.WALK_IN, **changes: Any) -> SignedUp:
    """Sign somebody up at the start, as the trainer does; of people who walk in nothing but the name is known."""
    email = {"email": ""} if admission is Admission.WALK_IN else {}
    who = person(name, **(email | {key: changes.pop(key) for key in ("email",) if key in changes}))
    given: dict[str, Any] = {"registration_id": f"added-{name}", "now": STARTS} | changes
    by = {"by": ChangedBy.STAFF, "staff": TRAINER}
    return store.sign_up(SESSION, who, admission=admission, **given, **by)


def seated(store: Store, capacity: int = 2) -> Registration:
    """Open a session, and give Ana a seat."""
    [ana] = opened(store, terms(capacity=capacity)).sign_up("Ana")
    return ana.registration


@pytest.mark.parametrize("attended", [True, False])
def test_a_tick_is_kept_and_taken_back_and_nobody_is_emailed(store: Store, attended: bool) -> None:
    ana = seated(store)
    before = store.messages_of("ana@example.net")

    ticked = attend(store, ana, attended)

    assert ticked == replace(ana, attended=attended, changed=STARTS)
    assert store.registration(SESSION, ana.registration_id) == ticked
    back = attend(store, ana, None, expected=attended, now=STARTS + SECOND)
    assert back == replace(ana, changed=STARTS + SECOND)
    assert store.roster(SESSION) == [back]
    assert (counts(store), store.messages_of("ana@example.net")) == ((1, 0), before)


def test_a_tick_that_somebody_else_changed_is_shown_and_not_overwritten(store: Store) -> None:
    ana = seated(store)
    absent = attend(store, ana, False)

    assert attend(store, ana, True, expected=None, now=STARTS + SECOND) == absent
    assert attend(store, ana, None, expected=True, now=STARTS + SECOND) == absent
    assert store.registration(SESSION, ana.registration_id) == absent
    assert attend(store, ana, True, expected=False, now=STARTS + SECOND).attended is True


def test_the_same_tick_twice_is_written_once_whatever_was_expected(store: Store) -> None:
    ana = seated(store)
    once = attend(store, ana, True)

    assert attend(store, ana, True, now=STARTS + SECOND) == once
    assert attend(store, ana, True, expected=True, now=STARTS + SECOND) == once
    assert len(store.trail(SESSION)) == 1


def test_attendance_opens_an_hour_before_the_start_and_stays_open_until_data_expires(store: Store) -> None:
    ana = seated(store)

    for too_early in (OPENS - SECOND, OPENS - 9 * HOUR):
        with pytest.raises(TooEarly) as caught:
            attend(store, ana, True, now=too_early)
        with pytest.raises(TooEarly):
            admit(store, "Wes", now=too_early)
    assert str(caught.value) == f"{SESSION}: attendance opens at 2026-12-03T17:00Z; come back then"
    for over in (EXPIRES, EXPIRES + SECOND):
        with pytest.raises(SessionOver):
            attend(store, ana, True, now=over)
        with pytest.raises(SessionOver):
            admit(store, "Wes", now=over)
    assert store.roster(SESSION) == [ana]
    assert attend(store, ana, True, now=OPENS).attended is True
    assert admit(store, "Wes", now=OPENS).registration.attended is True
    assert attend(store, ana, False, expected=True, now=EXPIRES - SECOND).attended is False
    assert admit(store, "Zoe", now=EXPIRES - SECOND).registration.attended is True


def test_only_people_with_a_seat_in_a_session_that_takes_place_are_ticked(store: Store) -> None:
    people = opened(store, terms(capacity=1), terms("off", status=Status.CANCELLED))
    ana, ben = (each.registration for each in people.sign_up("Ana", "Ben"))

    with pytest.raises(StillWaits):
        attend(store, ben, True)
    people.cancel(ben)
    with pytest.raises(NotActive):
        attend(store, ben, True)
    with pytest.raises(UnknownRegistration):
        attend(store, replace(ana, registration_id="none"), True)
    with pytest.raises(UnknownSession):
        attend(store, replace(ana, session_id="none"), True)
    with pytest.raises(SessionCancelled):
        attend(store, replace(ana, session_id="off"), True)
    assert [each.attended for each in store.roster(SESSION)] == [None, None]
    assert store.trail(SESSION) == []


def test_whoever_gives_the_seat_back_after_all_has_not_attended(store: Store) -> None:
    ana = seated(store)
    attend(store, ana, True)

    gone = store.cancel(SESSION, ana.registration_id, now=STARTS + SECOND, by=ChangedBy.STAFF)

    assert (gone.state, gone.attended) == (State.CANCELLED, None)
    assert damaged_fields(store) == []


def test_the_newest_change_never_falls_although_clocks_are_set_back(store: Store) -> None:
    ana = seated(store)
    attend(store, ana, True, now=STARTS + HOUR)

    assert attend(store, ana, False, expected=True, now=STARTS).changed == STARTS + HOUR
    who = replace(ana.person, needs="Ramp")
    amended = store.amend(SESSION, ana.registration_id, who, now=STARTS, by=ChangedBy.STAFF)
    assert amended.changed == STARTS + HOUR
    gone = store.cancel(SESSION, ana.registration_id, now=STARTS, by=ChangedBy.STAFF)
    assert (gone.since, gone.changed) == (STARTS, STARTS + HOUR)


def test_whoever_walks_in_gets_a_seat_whatever_the_capacity_and_is_ticked(store: Store) -> None:
    seated(store, capacity=1)

    wes = admit(store, "Wes")

    new = Registration(
        SESSION,
        "added-Wes",
        State.CONFIRMED,
        person("Wes", email=""),
        STARTS,
        STARTS,
        STARTS,
        changed_by=ChangedBy.STAFF,
        attended=True,
    )
    assert wes == SignedUp(new, None, repeated=False)
    assert store.registration(SESSION, "added-Wes") == new
    assert (counts(store), store.session(SESSION).seats_left) == ((2, 0), 0)
    assert damaged_fields(store) == []


def test_nobody_without_an_email_address_is_ever_written_to(store: Store) -> None:
    opened(store)
    wes = admit(store, "Wes").registration
    store.sync_session(terms(revision=4), notice(), expected=store.session(SESSION))

    assert store.write_out_notice(SESSION) == 0
    assert store.resend(SESSION, wes.registration_id, now=STARTS + HOUR, by=ChangedBy.STAFF) is False
    admit(store, "Wes", Admission.LATE, email="", now=STARTS + HOUR)
    store.cancel(SESSION, wes.registration_id, now=STARTS + HOUR, by=ChangedBy.STAFF)
    assert (store.pending(), store.messages_of("")) == ([], [])


def test_reminders_pass_over_people_without_an_email_address(store: Store) -> None:
    people = opened(store)
    people.sign_up("Ana")
    who = person("Wes", email="")
    by_phone = {"admission": Admission.LATE, "by": ChangedBy.STAFF}
    store.sign_up(SESSION, who, registration_id="w", now=people.now, **by_phone)

    assert store.write_reminders(SESSION, now=STARTS - 2 * HOUR) == 1


def test_whoever_walks_in_with_an_email_address_is_emailed_as_anybody(store: Store) -> None:
    opened(store)
    admit(store, "Wes", email="wes@example.net")

    assert kinds(store, "wes@example.net") == [Kind.CONFIRMATION]


def test_two_who_walk_in_with_one_name_and_no_email_are_one_person(store: Store) -> None:
    opened(store)
    first = admit(store, "Wes Lee").registration

    again = admit(store, "WÉS LEE", registration_id="second", now=STARTS + SECOND)

    assert again == SignedUp(first, None, repeated=True)
    assert (store.roster(SESSION), counts(store)) == ([first], (1, 0))
    assert len(store.trail(SESSION)) == 1


def test_more_people_without_email_than_names_for_one_address_walk_in_and_go(store: Store) -> None:
    opened(store)
    wanted = ["Ana", "Ben", "Cruz", "Dee", "Eva", "Fay", "Gil"]
    those = [admit(store, name).registration for name in wanted]

    assert counts(store) == (7, 0)
    assert store.tally(SESSION, those[0].person.email_hash) == Tally(7, 7, 0)
    for each in those:
        store.cancel(SESSION, each.registration_id, now=STARTS, by=ChangedBy.STAFF)
    assert (counts(store), store.tally(SESSION, those[0].person.email_hash)) == ((0, 0), Tally())
    admit(store, "Ana", registration_id="again")
    assert (counts(store), damaged_fields(store)) == ((1, 0), [])


def test_somebody_who_waits_and_walks_in_is_seated_and_ticked(store: Store) -> None:
    people = opened(store, terms(capacity=1))
    _, ben, cruz = (each.registration for each in people.sign_up("Ana", "Ben", "Cruz"))

    answer = admit(store, "Cruz", email="cruz@example.net")

    seat = replace(
        cruz,
        state=State.CONFIRMED,
        since=STARTS,
        changed=STARTS,
        queue_number=None,
        changed_by=ChangedBy.STAFF,
        attended=True,
    )
    assert answer == SignedUp(seat, None, repeated=True)
    assert store.registration(SESSION, cruz.registration_id) == seat
    assert (counts(store), store.place(ben)) == ((2, 1), 1)
    assert kinds(store, "cruz@example.net") == [Kind.WAITING_LIST, Kind.PROMOTION]


@pytest.mark.parametrize("before", [None, False])
def test_somebody_with_a_seat_who_walks_in_is_ticked_and_not_emailed(
    store: Store, before: bool | None
) -> None:
    ana = seated(store)
    attend(store, ana, before)

    answer = admit(store, "Ana", email="ana@example.net", now=STARTS + 2 * SECOND)

    ticked = replace(ana, attended=True, changed=STARTS + 2 * SECOND)
    assert answer == SignedUp(ticked, None, repeated=True)
    assert (counts(store), kinds(store, "ana@example.net")) == ((1, 0), [Kind.CONFIRMATION])


def test_people_walk_in_after_the_end_and_the_form_and_late_do_not(store: Store) -> None:
    people = opened(store, terms(capacity=1))
    people.sign_up("Ana", "Ben")
    after = ENDS + timedelta(days=20)

    for admission in (Admission.FORM, Admission.LATE, Admission.OVERBOOKED):
        with pytest.raises(SessionOver):
            admit(store, "Cruz", admission, now=after)
    assert admit(store, "Cruz", now=after).registration.attended is True
    assert admit(store, "Ben", email="ben@example.net", now=after).registration.state is State.CONFIRMED
    assert counts(store) == (3, 0)


def test_staff_give_seats_over_capacity_and_the_public_sees_a_full_session(store: Store) -> None:
    people = opened(store, terms(capacity=1, closes=STARTS - 2 * HOUR))
    people.sign_up("Ana", "Ben")
    at = STARTS - 3 * HOUR

    eva = admit(store, "Eva", Admission.OVERBOOKED, now=at)
    ben = admit(store, "Ben", Admission.OVERBOOKED, now=at)

    assert (eva.registration.state, eva.place, eva.repeated) == (State.CONFIRMED, None, False)
    assert (ben.registration.state, ben.registration.attended, ben.repeated) == (State.CONFIRMED, None, True)
    assert (counts(store), store.session(SESSION).seats_left) == ((3, 0), 0)
    people.now = at
    [dee] = people.sign_up("Dee")
    assert (dee.registration.state, dee.place) == (State.WAITLISTED, 1)
    people.now = STARTS - HOUR
    with pytest.raises(SignUpClosed):
        people.sign_up("Gil")
    assert admit(store, "Fay", Admission.OVERBOOKED).registration.state is State.CONFIRMED


def test_a_seat_over_capacity_that_is_given_back_goes_to_nobody(store: Store) -> None:
    people = opened(store, terms(capacity=1))
    ana, _ = (each.registration for each in people.sign_up("Ana", "Ben"))
    eva = admit(store, "Eva", Admission.OVERBOOKED, now=people.now).registration

    people.cancel(eva)
    assert line(store)[:2] == [("Ana", "confirmed", None), ("Ben", "waitlisted", 1)]
    eva = admit(store, "Eva", Admission.OVERBOOKED, now=people.now, registration_id="again").registration
    people.cancel(ana)
    assert (counts(store), store.promote_one(SESSION, now=people.now)) == ((1, 1), False)
    people.cancel(eva)
    assert line(store)[:1] == [("Ben", "confirmed", None)]


@pytest.mark.parametrize("admission", [Admission.LATE, Admission.OVERBOOKED, Admission.WALK_IN])
def test_the_limit_of_names_for_one_address_does_not_hold_for_staff(
    store: Store, admission: Admission
) -> None:
    people = opened(store, terms(capacity=9))
    people.sign_up("Ana", "Ben", "Cruz", "Dee", "Eva", email="office@example.net")

    with pytest.raises(TooManyNames):
        people.sign_up("Fay", email="office@example.net")
    admit(store, "Fay", admission, email="office@example.net")
    assert counts(store) == (6, 0)


def test_somebody_without_email_moves_and_gets_an_address_as_anybody(store: Store) -> None:
    opened(store)
    wes = admit(store, "Wes", Admission.LATE, email="").registration
    who = replace(wes.person, email="wes@example.net")

    amended = store.amend(SESSION, wes.registration_id, who, now=STARTS, by=ChangedBy.STAFF)

    assert (amended.person, amended.link_generation) == (who, 1)
    assert kinds(store, "wes@example.net") == [Kind.CORRECTION]
    assert (store.tally(SESSION, wes.person.email_hash), store.messages_of("")) == (Tally(), [])
    assert damaged_fields(store) == []
