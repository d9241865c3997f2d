# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every store promises about correcting what is stored of a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from register.domain.errors import (
    LimitReached,
    NotActive,
    PersonTaken,
    SessionCancelled,
    SessionOver,
    TooManyNames,
    UnknownRegistration,
    UnknownSession,
)
from register.domain.messages import Method
from register.domain.model import ChangedBy, Kind, Person, Registration, State
from register.domain.rate_limits import Limit
from register.stores import Store
from schedule.model import Language, Status
from tests.support.builders import SESSION, counts, line, opened, person, terms
from tests.support.constants import HOUR, NOW, SECOND

OLD, NEW = "ana@gmial.com", "ana@gmail.com"
ANA = person("Ana", email=OLD)
LATER = NOW + HOUR


def amend(store: Store, registration: Registration, who: Person, **changes: Any) -> Registration:
    """Correct a registration an hour later, as staff do."""
    given: dict[str, Any] = {"now": LATER, "by": ChangedBy.STAFF} | changes
    return store.amend(registration.session_id, registration.registration_id, who, **given)


def ana_in(store: Store, capacity: int = 2) -> Registration:
    """Open a session, sign Ana up, and return her registration."""
    [ana] = opened(store, terms(capacity=capacity)).sign_up("Ana", email=OLD)
    return ana.registration


def told(store: Store, email: str) -> list[tuple[str, Kind, Method | None, int]]:
    """Return name, kind, what it does to the calendar and the link's generation of all messages to an address."""
    sent = (each.message for each in store.messages_of(email))
    return [(each.name, each.kind, each.method, each.link_generation) for each in sent]


def test_a_corrected_name_keeps_the_seat_and_is_told_with_the_invitation(store: Store) -> None:
    known = ana_in(store)
    who = replace(
        ANA, name="Anna", organization="Kern COE", role="", needs="Wheelchair", language=Language.SPANISH
    )

    amended = amend(store, known, who)

    assert amended == replace(known, person=who, changed=LATER)
    assert store.registration(SESSION, known.registration_id) == amended
    assert store.registrations_of(OLD) == [amended]
    assert counts(store) == (1, 0)
    first, [correction] = store.messages_of(OLD)[0].message, store.messages_of(OLD)[1:]
    assert told(store, OLD) == [
        ("Ana", Kind.CONFIRMATION, Method.REQUEST, 0),
        ("Anna", Kind.CORRECTION, Method.REQUEST, 0),
    ]
    told_now = correction.message
    assert (told_now.changed_by, told_now.recorded, told_now.language) == (
        ChangedBy.STAFF,
        LATER,
        Language.SPANISH,
    )
    assert (told_now.join_url, told_now.number > first.number) == (terms().join_url, True)


def test_people_who_wait_keep_their_place_and_get_no_invitation(store: Store) -> None:
    people = opened(store)
    *_, cruz, dee = people.sign_up("Ana", "Ben", "Cruz", "Dee")

    amended = amend(store, cruz.registration, replace(cruz.registration.person, name="Cruz María"))

    assert line(store)[2:] == [("Cruz María", "waitlisted", 1), ("Dee", "waitlisted", 2)]
    assert amended.queue_number == cruz.registration.queue_number
    assert told(store, "cruz@example.net")[1:] == [("Cruz María", Kind.CORRECTION, None, 0)]
    people.cancel(store.roster(SESSION)[0])
    assert line(store)[1:3] == [("Cruz María", "confirmed", None), ("Dee", "waitlisted", 1)]
    assert dee.place == 2


def test_another_address_gets_the_link_and_the_one_before_loses_the_event_without_a_name(
    store: Store,
) -> None:
    known = ana_in(store)
    store.bounced(OLD, "550 no such domain", now=NOW)

    amended = amend(store, known, replace(ANA, email=NEW))

    assert amended == replace(known, person=replace(ANA, email=NEW), link_generation=1, changed=LATER)
    assert store.registrations_of(OLD) == []
    assert store.registrations_of(NEW) == [amended]
    assert told(store, OLD)[1:] == [("", Kind.ADDRESS_CHANGED, Method.CANCEL, 0)]
    assert told(store, NEW) == [("Ana", Kind.CORRECTION, Method.REQUEST, 1)]
    [goodbye] = [each.message for each in store.messages_of(OLD)[1:]]
    assert (goodbye.join_url, goodbye.state) == (None, State.CONFIRMED)
    assert counts(store) == (1, 0)


def test_the_address_before_keeps_the_event_while_others_with_it_have_a_seat(store: Store) -> None:
    people = opened(store, terms(capacity=3))
    ana, beto = (each.registration for each in people.sign_up("Ana", "Beto", email=OLD))
    people.sign_up("Eva", email=NEW)

    moved = amend(store, ana, replace(ana.person, email=NEW))
    people.cancel(beto)
    people.cancel(moved)

    assert told(store, OLD)[2:] == [
        ("", Kind.ADDRESS_CHANGED, None, 0),
        ("Beto", Kind.CANCELLATION, Method.CANCEL, 0),
    ]
    assert told(store, NEW)[1:] == [
        ("Ana", Kind.CORRECTION, Method.REQUEST, 1),
        ("Ana", Kind.CANCELLATION, None, 1),
    ]


def test_an_address_without_a_seat_loses_no_event(store: Store) -> None:
    *_, waiting = opened(store, terms(capacity=1)).sign_up("Ben", "Ana", email=OLD)

    amend(store, waiting.registration, replace(waiting.registration.person, email=NEW))

    assert told(store, OLD)[2:] == [("", Kind.ADDRESS_CHANGED, None, 0)]
    assert told(store, NEW) == [("Ana", Kind.CORRECTION, None, 1)]


def test_the_names_of_both_addresses_are_counted(store: Store) -> None:
    people = opened(store, terms(capacity=20))
    family = [each.registration for each in people.sign_up(*"ABCDE", email=OLD)]
    full = people.sign_up(*"VWXYZ", email="full@example.net")

    with pytest.raises(TooManyNames):
        amend(
            store,
            family[0],
            replace(family[0].person, email="full@example.net"),
            by=ChangedBy.PERSON,
        )
    amend(store, family[0], replace(family[0].person, name="Abel"))
    amend(store, family[0], replace(family[0].person, email=NEW))
    people.sign_up("F", email=OLD)
    with pytest.raises(TooManyNames):
        people.sign_up("G", email=OLD)
    people.cancel(full[0].registration)
    amend(store, family[1], replace(family[1].person, email="full@example.net"))
    people.sign_up(*"WXYZ", email=NEW)
    with pytest.raises(TooManyNames):
        people.sign_up("V", email=NEW)


def test_an_address_in_other_letters_is_the_same_one(store: Store) -> None:
    known = ana_in(store)

    amended = amend(store, known, replace(ANA, email="Ana@Gmial.com"))

    assert (amended.person.email, amended.link_generation) == ("Ana@Gmial.com", 0)
    assert told(store, OLD)[1:] == [("Ana", Kind.CORRECTION, Method.REQUEST, 0)]


def test_what_is_the_same_changes_nothing_and_sends_nothing(store: Store) -> None:
    known = ana_in(store)

    assert amend(store, known, ANA, link_generation=0) == known
    assert store.registration(SESSION, known.registration_id) == known
    assert [kind for _, kind, _, _ in told(store, OLD)] == [Kind.CONFIRMATION]


def test_corrections_in_one_second_are_each_told(store: Store) -> None:
    known = ana_in(store)

    for email in (NEW, OLD, NEW, OLD):
        known = amend(store, known, replace(ANA, email=email))
        known = amend(store, known, replace(ANA, email=email, needs=email))
        known = amend(store, known, replace(ANA, email=email))

    assert known.link_generation == 4
    both = [each.message for email in (OLD, NEW) for each in store.messages_of(email)]
    assert [each.kind for each in both].count(Kind.CORRECTION) == 12
    assert [each.kind for each in both].count(Kind.ADDRESS_CHANGED) == 4
    for email in (OLD, NEW):
        numbers = [each.message.number for each in store.messages_of(email)]
        assert numbers == sorted(set(numbers))


def test_somebody_elses_name_and_address_are_taken(store: Store) -> None:
    people = opened(store)
    ana, ben = (each.registration for each in people.sign_up("Ana", "Ben", email=OLD))

    with pytest.raises(PersonTaken):
        amend(store, ben, replace(ben.person, name="ANA"))
    assert store.registration(SESSION, ben.registration_id) == ben
    people.cancel(ana)
    assert amend(store, ben, replace(ben.person, name="ANA")).person.name == "ANA"


def test_the_identity_before_is_free_again_and_the_new_one_is_not(store: Store) -> None:
    people = opened(store, terms(capacity=5))
    [known] = people.sign_up("Ana", email=OLD)
    amend(store, known.registration, replace(ANA, email=NEW))

    [again] = people.sign_up("Ana", email=OLD)
    [repeated] = people.sign_up("ana", email=NEW)

    assert (again.repeated, repeated.repeated) == (False, True)
    assert repeated.registration.registration_id == known.registration.registration_id


def test_a_link_works_for_its_own_generation_and_is_remembered(store: Store) -> None:
    known = ana_in(store)

    by_link = amend(store, known, replace(ANA, email=NEW), link_generation=0, by=ChangedBy.PERSON)

    assert (by_link.link_generation, by_link.used_link) == (1, True)
    with pytest.raises(UnknownRegistration):
        amend(store, known, ANA, link_generation=0)
    assert amend(store, known, ANA, link_generation=1).link_generation == 2


def test_a_receipt_has_power_until_the_link_is_used(store: Store) -> None:
    known = ana_in(store)

    by_receipt = amend(store, known, replace(ANA, email=NEW), receipt=True)
    again = amend(store, known, replace(ANA, email=NEW, name="Anna"), receipt=True)
    assert (by_receipt.used_link, again.used_link) == (False, False)

    amend(store, known, replace(ANA, email=NEW), link_generation=1)
    with pytest.raises(UnknownRegistration):
        amend(store, known, ANA, receipt=True)
    assert store.registration(SESSION, known.registration_id) == replace(by_receipt, used_link=True)


def test_what_is_over_canceled_or_unknown_is_not_corrected(store: Store) -> None:
    people = opened(store)
    ana, ben = (each.registration for each in people.sign_up("Ana", "Ben"))
    people.cancel(ben)
    closed = replace(terms(), closes=NOW, revision=4)
    store.sync_session(closed, None, expected=store.session(SESSION))

    with pytest.raises(UnknownSession):
        store.amend("unknown", ana.registration_id, ANA, now=LATER, by=ChangedBy.STAFF)
    with pytest.raises(UnknownRegistration):
        store.amend(SESSION, "unknown", ANA, now=LATER, by=ChangedBy.STAFF)
    with pytest.raises(NotActive):
        amend(store, ben, replace(ben.person, name="Benno"))
    with pytest.raises(SessionOver):
        store.amend(SESSION, ana.registration_id, ANA, now=closed.ends, by=ChangedBy.PERSON)
    with pytest.raises(SessionOver):
        store.amend(SESSION, ana.registration_id, ANA, now=closed.expires, by=ChangedBy.STAFF)
    late = store.amend(SESSION, ana.registration_id, ANA, now=closed.expires - SECOND, by=ChangedBy.STAFF)
    assert late.person == ANA
    assert amend(store, ana, ANA, now=closed.ends - SECOND).person == ANA
    called_off = replace(closed, status=Status.CANCELLED, revision=5)
    store.sync_session(called_off, None, expected=store.session(SESSION))
    with pytest.raises(SessionCancelled):
        amend(store, ana, replace(ANA, name="Anna"))


def test_corrections_count_against_limits_also_if_nothing_changes(store: Store) -> None:
    known = ana_in(store)
    limits = [Limit("recipient", "r", 2, timedelta(hours=1)), Limit("client", "c", 9, timedelta(hours=1))]

    amend(store, known, ANA, limits=limits)
    amend(store, known, replace(ANA, name="Anna"), limits=limits)

    with pytest.raises(LimitReached):
        amend(store, known, replace(ANA, name="Anya"), limits=limits)
    assert store.registrations_of(OLD)[0].person.name == "Anna"


def test_erasing_the_address_before_leaves_the_person_and_the_unsent_goodbye(store: Store) -> None:
    known = ana_in(store)
    amended = amend(store, known, replace(ANA, email=NEW))
    last = store.messages_of(OLD)[-1].message.number

    assert store.erase(OLD, now=LATER) == 0

    [left] = store.messages_of(OLD)
    assert (left.message.kind, left.message.name, left.message.method) == (
        Kind.ADDRESS_CHANGED,
        "",
        Method.CANCEL,
    )
    assert store.session(SESSION).highest_erased == last
    assert store.registrations_of(NEW) == [amended]
    assert [kind for _, kind, _, _ in told(store, NEW)] == [Kind.CORRECTION]


def test_erasing_the_new_address_takes_the_registration(store: Store) -> None:
    known = ana_in(store)
    amended = amend(store, known, replace(ANA, email=NEW))
    store.cancel(SESSION, amended.registration_id, now=LATER, by=ChangedBy.ERASURE)

    assert store.erase(NEW, now=LATER) == 1

    assert store.registration(SESSION, known.registration_id) is None
    assert counts(store) == (0, 0)
