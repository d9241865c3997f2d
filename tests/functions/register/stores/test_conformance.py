# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every store promises about seats, the line and cancellations."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from register.domain.admission import Admission
from register.domain.errors import (
    SessionCancelled,
    SessionOver,
    SignUpClosed,
    TooManyNames,
    UnknownRegistration,
    UnknownSession,
)
from register.domain.identity import hash_of
from register.domain.model import ChangedBy, Kind, Occupancy, Registration, SignedUp, State, Tally
from register.stores import Store
from register.stores.errors import Conflict
from schedule.model import Language, Status
from tests.support.builders import SESSION, STARTS, counts, kinds, line, notice, opened, person, terms
from tests.support.constants import NOW, SECOND


def test_a_session_comes_back_as_it_was_put_in(store: Store) -> None:
    whole = terms(revision=7, snapshot_json="ñ€👩🏽‍💻", join_url=None)
    store.sync_session(whole, None, expected=None)

    assert store.session(SESSION) == Occupancy(whole)


def test_sessions_are_listed_by_start_while_they_are_not_over(store: Store) -> None:
    past = terms("past", starts=NOW - timedelta(days=2))
    late, early = terms("late", starts=STARTS + SECOND), terms("early")
    opened(store, past, late, early)

    assert store.sessions(after=NOW) == [Occupancy(early), Occupancy(late)]
    assert store.sessions(after=past.ends) == [Occupancy(early), Occupancy(late)]
    assert store.sessions(after=past.ends - SECOND) == [Occupancy(past), Occupancy(early), Occupancy(late)]


def test_a_sign_up_takes_a_free_seat_and_keeps_what_the_person_said(store: Store) -> None:
    people = opened(store)
    who = person("Ana Núñez", organization="", role="", language=Language.SPANISH, needs="Lengua de señas")

    answer = store.sign_up(SESSION, who, registration_id="r", now=people.now)

    stored = Registration(SESSION, "r", State.CONFIRMED, who, people.now, people.now, people.now)
    assert answer == SignedUp(stored, None, repeated=False)
    assert store.registration(SESSION, "r") == stored
    assert store.registrations_of(" ANANEZ@example.net ") == [stored]
    assert store.registrations_of_hash(who.email_hash) == [stored]
    assert store.registrations_of_hash(person("Ben").email_hash) == []
    assert counts(store) == (1, 0)


def test_the_counts_of_an_email_address_say_how_many_have_seats_and_what_number_came_last(
    store: Store,
) -> None:
    people = opened(store)
    people.sign_up("Ana", "Beto", "Cruz", email="family@example.net")
    family = hash_of("family@example.net")
    [*_, newest] = store.messages_of("family@example.net")

    assert store.tally(SESSION, family) == Tally(active=3, seats=2, last=newest.message.number)
    assert store.tally(SESSION, hash_of("nobody@example.net")) == Tally()
    assert store.tally("unknown", family) == Tally()


def test_a_full_session_puts_the_next_person_on_the_waiting_list(store: Store) -> None:
    answers = opened(store).sign_up("Ana", "Ben", "Cruz", "Dee")

    assert [(one.registration.state, one.place) for one in answers] == [
        (State.CONFIRMED, None),
        (State.CONFIRMED, None),
        (State.WAITLISTED, 1),
        (State.WAITLISTED, 2),
    ]
    assert counts(store) == (2, 2)


def test_nobody_passes_the_line_even_while_a_seat_is_free(store: Store) -> None:
    people = opened(store)
    people.sign_up("Ana", "Ben", "Cruz")
    before = store.session(SESSION)
    store.sync_session(replace(before.terms, capacity=3), None, expected=before)

    [dee] = people.sign_up("Dee")

    assert (dee.registration.state, dee.place) == (State.WAITLISTED, 2)


def test_the_same_person_takes_one_seat_however_the_name_is_written(store: Store) -> None:
    people = opened(store)
    [first] = people.sign_up("Ana Núñez", email="ana@example.net")

    again = people.sign_up("  ana  NÚÑEZ", email="ANA@Example.net")

    assert again == [SignedUp(first.registration, None, repeated=True)]
    assert counts(store) == (1, 0)
    assert kinds(store, "ana@example.net") == [Kind.CONFIRMATION]


def test_a_repeat_by_who_waits_tells_the_place_of_now(store: Store) -> None:
    people = opened(store)
    _, _, cruz, dee = people.sign_up("Ana", "Ben", "Cruz", "Dee")
    people.cancel(cruz.registration)

    [again] = people.sign_up("Dee")

    assert again == SignedUp(dee.registration, 1, repeated=True)


def test_five_people_may_share_an_address_and_no_more(store: Store) -> None:
    people = opened(store, terms(capacity=9))
    family = [f"Cruz {number}" for number in range(5)]
    answers = people.sign_up(*family, email="cruz@example.net")

    with pytest.raises(TooManyNames):
        people.sign_up("Cruz 6", email="CRUZ@example.net")
    assert counts(store) == (5, 0)
    assert len(store.messages_of("cruz@example.net")) == 5

    people.cancel(answers[0].registration)
    people.sign_up("Cruz 6", email="cruz@example.net")
    with pytest.raises(TooManyNames):
        people.sign_up("Cruz 7", email="cruz@example.net")
    assert counts(store) == (5, 0)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"status": Status.CANCELLED}, SessionCancelled),
        ({"closes": NOW}, SignUpClosed),
        ({"starts": NOW - timedelta(days=1)}, SessionOver),
    ],
)
def test_a_session_that_takes_nobody_writes_nothing(store: Store, changes: dict, error: type) -> None:
    people = opened(store, terms(**changes))

    with pytest.raises(error):
        people.sign_up("Ana")

    assert counts(store) == (0, 0)
    assert store.registrations_of("ana@example.net") == []
    assert store.pending() == []


def test_staff_may_sign_somebody_up_after_closing_until_the_session_is_over(store: Store) -> None:
    opened(store, terms(capacity=1, closes=NOW))

    first = store.sign_up(SESSION, person("Ana"), registration_id="a", now=NOW, admission=Admission.LATE)
    second = store.sign_up(SESSION, person("Ben"), registration_id="b", now=NOW, admission=Admission.LATE)

    assert (first.registration.state, second.registration.state) == (State.CONFIRMED, State.WAITLISTED)
    with pytest.raises(SessionOver):
        store.sign_up(
            SESSION, person("Cruz"), registration_id="c", now=terms().ends, admission=Admission.LATE
        )


def test_an_unknown_session_is_said_to_be_unknown_by_every_verb(store: Store) -> None:
    who = person()
    attempts = [
        lambda: store.session("none"),
        lambda: store.roster("none"),
        lambda: store.sign_up("none", who, registration_id="r", now=NOW),
        lambda: store.cancel("none", "r", now=NOW, by=ChangedBy.PERSON),
        lambda: store.promote_one("none", now=NOW),
        lambda: store.resend("none", "r", now=NOW),
        lambda: store.withdraw("none"),
        lambda: store.write_out_notice("none"),
        lambda: store.write_reminders("none", now=NOW),
    ]
    for attempt in attempts:
        with pytest.raises(UnknownSession):
            attempt()
    assert store.registration("none", "r") is None


def test_a_cancel_gives_the_seat_to_the_first_who_waits(store: Store) -> None:
    people = opened(store)
    ana, _, cruz, _ = people.sign_up("Ana", "Ben", "Cruz", "Dee")

    gone = people.cancel(ana.registration)

    assert gone == replace(ana.registration, state=State.CANCELLED, since=people.now, changed=people.now)
    assert line(store) == [
        ("Ben", "confirmed", None),
        ("Cruz", "confirmed", None),
        ("Dee", "waitlisted", 1),
        ("Ana", "cancelled", None),
    ]
    assert counts(store) == (2, 1)
    seated = replace(
        cruz.registration,
        state=State.CONFIRMED,
        since=people.now,
        changed=people.now,
        queue_number=None,
        changed_by=ChangedBy.SCHEDULE,
    )
    assert store.registration(SESSION, cruz.registration.registration_id) == seated
    assert kinds(store, "ana@example.net") == [Kind.CONFIRMATION, Kind.CANCELLATION]
    assert kinds(store, "cruz@example.net") == [Kind.WAITING_LIST, Kind.PROMOTION]


def test_a_cancelled_place_in_the_line_moves_up_who_waits_behind(store: Store) -> None:
    people = opened(store)
    _, _, cruz, dee = people.sign_up("Ana", "Ben", "Cruz", "Dee")

    people.cancel(cruz.registration)

    assert store.place(dee.registration) == 1
    assert store.place(cruz.registration) is None
    assert counts(store) == (2, 1)


def test_a_cancel_with_nobody_waiting_frees_the_seat(store: Store) -> None:
    people = opened(store)
    [ana] = people.sign_up("Ana")

    people.cancel(ana.registration)

    assert counts(store) == (0, 0)
    assert store.session(SESSION).seats_left == 2


def test_cancelling_twice_is_no_error_and_does_nothing(store: Store) -> None:
    people = opened(store)
    [ana] = people.sign_up("Ana")
    gone = people.cancel(ana.registration)

    assert people.cancel(ana.registration) == gone
    assert counts(store) == (0, 0)
    assert kinds(store, "ana@example.net") == [Kind.CONFIRMATION, Kind.CANCELLATION]


def test_who_signs_up_again_goes_to_the_end_and_the_old_link_is_dead(store: Store) -> None:
    people = opened(store)
    ana, _, _ = people.sign_up("Ana", "Ben", "Cruz")
    people.cancel(ana.registration)

    [again] = people.sign_up("Ana")

    assert (again.registration.state, again.place, again.repeated) == (State.WAITLISTED, 1, False)
    assert again.registration.registration_id != ana.registration.registration_id
    with pytest.raises(UnknownRegistration):
        people.cancel(ana.registration)
    people.cancel(again.registration)
    assert counts(store) == (2, 0)


def test_nobody_is_promoted_after_the_start(store: Store) -> None:
    people = opened(store)
    ana, _, _ = people.sign_up("Ana", "Ben", "Cruz")
    people.now = STARTS

    people.cancel(ana.registration)

    assert counts(store) == (1, 1)
    assert store.promote_one(SESSION, now=people.now) is False


def test_nothing_can_be_cancelled_once_the_session_is_over(store: Store) -> None:
    people = opened(store)
    [ana] = people.sign_up("Ana")
    people.now = terms().ends

    with pytest.raises(SessionOver):
        people.cancel(ana.registration)
    assert counts(store) == (1, 0)


def test_nobody_is_promoted_into_a_cancelled_session(store: Store) -> None:
    people = opened(store)
    ana, _, _ = people.sign_up("Ana", "Ben", "Cruz")
    before = store.session(SESSION)
    store.sync_session(replace(before.terms, status=Status.CANCELLED), None, expected=before)

    people.cancel(ana.registration)

    assert counts(store) == (1, 1)


def test_after_a_cut_a_cancel_frees_nothing_until_there_are_seats_again(store: Store) -> None:
    people = opened(store)
    ana, ben, _, dee = people.sign_up("Ana", "Ben", "Cruz", "Dee")
    before = store.session(SESSION)
    store.sync_session(replace(before.terms, capacity=1), None, expected=before)

    people.cancel(ana.registration)
    assert counts(store) == (1, 2)
    people.cancel(ben.registration)
    assert counts(store) == (1, 1)
    assert store.place(dee.registration) == 1


def test_more_seats_are_given_to_who_waits_one_by_one(store: Store) -> None:
    people = opened(store)
    people.sign_up("Ana", "Ben", "Cruz", "Dee", "Eli")
    before = store.session(SESSION)
    store.sync_session(replace(before.terms, capacity=4), None, expected=before)

    assert [store.promote_one(SESSION, now=people.now) for _ in range(3)] == [True, True, False]
    assert counts(store) == (4, 1)
    assert kinds(store, "dee@example.net") == [Kind.WAITING_LIST, Kind.PROMOTION]


def test_a_sync_that_was_planned_from_an_older_state_is_refused(store: Store) -> None:
    opened(store)
    old = store.session(SESSION)
    newer = replace(old.terms, capacity=5, revision=4)
    store.sync_session(newer, None, expected=old)

    with pytest.raises(Conflict):
        store.sync_session(replace(old.terms, capacity=7, revision=4), None, expected=old)
    with pytest.raises(Conflict):
        store.sync_session(old.terms, None, expected=None)
    assert store.session(SESSION) == Occupancy(newer)


def test_a_notice_is_not_overwritten_before_it_is_written_out(store: Store) -> None:
    opened(store).sign_up("Ana")
    before = store.session(SESSION)
    store.sync_session(replace(before.terms, revision=4), notice(), expected=before)
    between = store.session(SESSION)

    with pytest.raises(Conflict):
        store.sync_session(replace(between.terms, revision=5), notice(), expected=between)
    assert between.notice == notice()


def test_sign_ups_beside_a_sync_do_not_hinder_it(store: Store) -> None:
    people = opened(store)
    planned_from = store.session(SESSION)
    people.sign_up("Ana")

    store.sync_session(replace(planned_from.terms, capacity=5), None, expected=planned_from)

    assert counts(store) == (1, 0)
    assert store.session(SESSION).terms.capacity == 5


def test_a_session_is_withdrawn_only_while_nobody_is_signed_up(store: Store) -> None:
    people = opened(store)
    [ana] = people.sign_up("Ana")

    assert store.withdraw(SESSION) is False
    people.cancel(ana.registration)
    assert store.withdraw(SESSION) is True
    with pytest.raises(UnknownSession):
        store.session(SESSION)


def test_a_mail_that_came_back_is_kept_at_the_registrations_of_the_address(store: Store) -> None:
    people = opened(store)
    people.sign_up("Ana", "Ben")

    assert store.bounced("ana@example.net", "550 no such mailbox", now=people.now) == 1
    assert [one.bounced for one in store.roster(SESSION)] == ["550 no such mailbox", None]


def test_the_store_says_what_it_is(store: Store) -> None:
    assert store.health()
