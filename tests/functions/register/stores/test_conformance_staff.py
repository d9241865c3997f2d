# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every store promises about staff: their account, and the emails to them, apart from what is anybody's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from register.domain.admission import Admission
from register.domain.identity import hash_of
from register.domain.messages import Message
from register.domain.model import ChangedBy, Kind, State
from register.domain.notifications import FIRST_INSTANT
from register.domain.staff_messages import KEPT, NOTHING, STAFF, staff_message
from register.operations.privacy import Forgotten, forget
from register.stores import Store
from register.stores.deliveries import KEPT_AFTER_SENDING, Delivery, DeliveryFault
from register.stores.desk import StaffAccount
from schedule.model import Language
from tests.support.builders import (
    LEASE,
    SESSION,
    STARTS,
    UNLISTED,
    claim_all,
    counts,
    kinds,
    opened,
    person,
    terms,
)
from tests.support.constants import HOUR, NOW, SECOND
from tests.support.moves import HERE, THERE, move, signed_up, two_dates

OFFICE = "office@example.org"
TRAINER = "trainer@example.org"


def to_staff(store: Store) -> list[Message]:
    """Return the messages to staff that are still to be sent."""
    return [each.message for each in store.pending() if each.message.kind.for_staff]


def link(occasion: str = "wish-1", email: str = OFFICE, recorded: datetime = NOW) -> Message:
    """Return a message that brings somebody the link to sign in."""
    return staff_message(
        Kind.STAFF_LINK, occasion=occasion, email=email, language=Language.SPANISH, recorded=recorded
    )


# Accounts


def test_sessions_and_feeds_of_one_person_end_apart_and_of_nobody_else(store: Store) -> None:
    office, trainer = hash_of(OFFICE), hash_of(TRAINER)

    assert store.staff_account(office) == StaffAccount(0, 0)
    assert [store.end_staff_sessions(office), store.end_staff_sessions(office)] == [1, 2]
    assert store.new_staff_feed(office) == 1
    assert store.new_staff_feed(trainer) == 1

    assert store.staff_account(office) == StaffAccount(session_generation=2, feed_generation=1)
    assert store.staff_account(trainer) == StaffAccount(session_generation=0, feed_generation=1)
    assert store.damaged() == []


def test_an_account_stays_when_the_address_is_erased_as_a_participants_and_when_all_else_has_expired(
    store: Store,
) -> None:
    people = opened(store)
    people.sign_up("Ana", email=OFFICE)
    store.end_staff_sessions(hash_of(OFFICE))

    forget(store, OFFICE, now=people.now, organization=UNLISTED)
    store.purge(now=terms().expires + timedelta(days=999))

    assert store.staff_account(hash_of(OFFICE)) == StaffAccount(1, 0)


# Messages that change nothing about a registration


def test_what_is_recorded_is_due_at_once_and_what_is_there_stays_as_it_is(store: Store) -> None:
    first, second = link(), link("wish-2", recorded=NOW + SECOND)

    assert store.record([]) == 0
    assert store.record([first]) == 1
    assert store.record([replace(first, language=Language.ENGLISH), second]) == 1

    assert store.pending() == [Delivery(first, due=NOW), Delivery(second, due=NOW + SECOND)]
    assert first.number == int((NOW - FIRST_INSTANT).total_seconds())
    store.settle_sent(first, now=NOW)
    assert store.record([first]) == 0
    assert to_staff(store) == [second]


def test_what_could_not_be_sent_is_tried_again_and_given_up_as_all_emails_are(store: Store) -> None:
    store.record([link()])

    [claimed] = claim_all(store, now=NOW)
    assert claimed.message == link()
    store.settle_later(link(), due=NOW + HOUR, problem="busy", fault=DeliveryFault.MESSAGE)
    assert claim_all(store, now=NOW) == []
    [again] = claim_all(store, now=NOW + HOUR)
    assert (again.attempts, again.problem) == (1, "busy")
    store.settle_failed(link(), now=NOW + HOUR, problem="no such user")
    assert [each.message for each in store.failed()] == [link()]


def test_the_stream_asks_for_one_by_its_key(store: Store) -> None:
    store.record([link(), link("wish-2", TRAINER)])

    claimed = store.claim(now=NOW, lease=LEASE, of=link("wish-2", TRAINER).key)

    assert claimed is not None
    assert claimed.message == link("wish-2", TRAINER)


def test_it_goes_in_time_whatever_becomes_of_it(store: Store) -> None:
    store.record([link()])
    store.purge(now=NOW + KEPT - SECOND)
    expires = getattr(store, "table", None) and [int(item["expires"]["N"]) for item in store.table.scan()]

    # DynamoDB deletes by itself, by the instant that stands in the item.
    if expires is None:
        assert to_staff(store) == [link()]
        store.purge(now=NOW + KEPT)
        assert to_staff(store) == []
    else:
        assert expires == [int((NOW + KEPT).timestamp()) + 1]
    store.settle_sent(link(), now=NOW)
    store.purge(now=NOW + KEPT_AFTER_SENDING)


# Apart from what is anybody's own


def test_what_staff_are_told_meets_nothing_of_a_participant_with_their_address(store: Store) -> None:
    people = opened(store)
    [ana] = people.sign_up("Ana", email=OFFICE)
    thread, tally = store.messages_of(OFFICE), store.tally(SESSION, hash_of(OFFICE))
    about = staff_message(
        Kind.STAFF_NEEDS, session_id=SESSION, registration_id="r", occasion="1", email=OFFICE, recorded=NOW
    )

    assert store.record([about, link()]) == 2

    assert store.messages_of(OFFICE) == thread
    assert store.tally(SESSION, hash_of(OFFICE)) == tally
    assert store.registrations_of(OFFICE) == [ana.registration]
    # The participant's email, older or newer, holds none of them back, nor do they hold it.
    claimed = [each.message.kind for each in claim_all(store, now=people.now)]
    assert sorted(claimed) == [Kind.CONFIRMATION, Kind.STAFF_LINK, Kind.STAFF_NEEDS]
    for each in (about, link()):
        store.settle_later(each, due=people.now, problem="", fault=DeliveryFault.SERVER)
    assert store.erase("nobody@example.org", now=people.now) == 0
    # What is left is the cancellation.
    assert forget(store, OFFICE, now=people.now, organization=UNLISTED) == Forgotten(
        registrations=1, unsent=1
    )
    assert sorted(each.kind for each in to_staff(store)) == [Kind.STAFF_LINK, Kind.STAFF_NEEDS]


def test_one_that_may_have_arrived_is_not_taken_for_said_by_the_next(store: Store) -> None:
    store.record([link()])
    [first] = claim_all(store, now=NOW)
    store.settle_later(first.message, due=NOW + 4 * HOUR, problem="no answer", fault=DeliveryFault.UNKNOWN)
    later = link("wish-2", recorded=NOW + HOUR)
    store.record([later])

    assert [each.message for each in claim_all(store, now=NOW + HOUR)] == [later]
    store.settle_sent(later, now=NOW + HOUR)
    assert to_staff(store) == [link()]
    assert [each.message for each in claim_all(store, now=NOW + 4 * HOUR)] == [link()]


# Needs


def needs(store: Store) -> list[tuple[str, str, str, str]]:
    """Return about what staff are asked for help, whom that goes to, and what else it says of a person."""
    found = [each for each in to_staff(store) if each.kind is Kind.STAFF_NEEDS]
    return [
        (each.session_id, each.registration_id, each.email, each.name + each.snapshot_json) for each in found
    ]


def test_somebody_who_asks_for_help_is_told_to_staff_without_a_word_about_them(store: Store) -> None:
    people = opened(store, terms(capacity=1))
    ana, ben, _ = people.sign_up("Ana", "Ben", needs="An interpreter") + people.sign_up("Cruz")

    both = [each.registration.registration_id for each in (ana, ben)]
    assert needs(store) == [(SESSION, each, STAFF, "") for each in both]
    assert [each.language for each in to_staff(store)] == [Language.ENGLISH, Language.ENGLISH]
    assert kinds(store, "ana@example.net") == [Kind.CONFIRMATION]


def test_each_new_need_counts_and_none_that_was_told(store: Store) -> None:
    people = opened(store)
    [ana] = people.sign_up("Ana")
    known, asked = ana.registration, []
    # The clock stands still, as it may for a second.
    for name, email, need in (
        ("Ana", "ana@example.net", "A ramp"),
        ("Anna", "ana@example.net", "A ramp"),
        ("Anna", "ana@example.net", "An interpreter"),
        ("Anna", "anna@example.net", "A ramp"),
        ("Anna", "anna@example.net", ""),
        ("Anna", "ana@example.net", "A ramp"),
    ):
        corrected = person(name, email=email, needs=need)
        known = store.amend(SESSION, known.registration_id, corrected, now=people.now, by=ChangedBy.PERSON)
        asked.append(len(needs(store)))

    assert asked == [1, 1, 2, 3, 3, 4]
    assert {each[1] for each in needs(store)} == {known.registration_id}


def test_a_repeat_and_a_promotion_ask_for_nothing_new(store: Store) -> None:
    people = opened(store, terms(capacity=1))
    ana, ben = people.sign_up("Ana", "Ben", needs="A ramp")
    people.sign_up("Ana", needs="A ramp")
    people.cancel(ana.registration)

    assert kinds(store, "ben@example.net") == [Kind.WAITING_LIST, Kind.PROMOTION]
    assert [each[1] for each in needs(store)] == [each.registration.registration_id for each in (ana, ben)]


def test_somebody_who_moves_asks_for_help_on_the_other_date(store: Store) -> None:
    people = two_dates(store)
    [ana] = signed_up(people, "Ana", needs="A ramp")

    move(store, people, ana)

    assert needs(store) == [(HERE, ana.registration_id, STAFF, ""), (THERE, "new", STAFF, "")]


def test_somebody_who_walks_in_without_email_is_there_and_asks_in_person(store: Store) -> None:
    opened(store)
    walked_in = {"admission": Admission.WALK_IN, "by": ChangedBy.STAFF, "now": STARTS}
    for name in ("Ana", "Ben"):
        store.sign_up(SESSION, person(name, email="", needs="A ramp"), registration_id=name, **walked_in)
    by_staff = {"now": STARTS, "by": ChangedBy.STAFF}
    store.amend(SESSION, "Ana", person("Ana", email="", needs="Two ramps"), **by_staff)

    assert store.pending() == []
    store.amend(SESSION, "Ana", person("Ana", email="ana@example.net", needs="A chair"), **by_staff)
    assert needs(store) == [(SESSION, "Ana", STAFF, "")]


def test_needs_and_the_email_about_the_sign_up_are_written_together_or_not_at_all(store: Store) -> None:
    opened(store, terms(capacity=9))
    who = person("Ana", needs="A ramp")

    store.sign_up(SESSION, who, registration_id="r", now=NOW)
    recorded = [each.message for each in store.pending()]

    assert [each.kind for each in recorded] == [Kind.CONFIRMATION, Kind.STAFF_NEEDS]
    assert recorded[1] == Message(
        session_id=SESSION,
        registration_id="r",
        kind=Kind.STAFF_NEEDS,
        occasion=f"0-{recorded[0].number}",
        number=int((NOW - FIRST_INSTANT).total_seconds()),
        method=None,
        name="",
        email=STAFF,
        language=Language.ENGLISH,
        state=State.CONFIRMED,
        changed_by=ChangedBy.SCHEDULE,
        recorded=NOW,
        snapshot_json="",
    )
    assert counts(store) == (1, 0)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind.for_staff])
def test_every_kind_for_staff_is_read_back_as_it_was_and_nothing_in_it_is_damage(
    store: Store, kind: Kind
) -> None:
    written = staff_message(kind, occasion="2026-11-20", recorded=NOW)

    store.record([written])

    assert [each.message for each in store.pending()] == [written]
    assert (written.session_id, written.registration_id, written.email) == (NOTHING, NOTHING, STAFF)
    assert store.damaged() == []
