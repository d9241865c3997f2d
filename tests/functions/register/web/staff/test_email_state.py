# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the newest email to each person of a roster fared."""

from __future__ import annotations

import pytest

from register.domain.admission import Admission
from register.domain.model import ChangedBy, Person
from register.stores.deliveries import DeliveryFault
from register.web.staff.email_state import EmailNote, EmailState, email_notes, unsent_emails
from tests.support.builders import person
from tests.support.constants import HOUR, MINUTE, NOON
from tests.support.rosters import joined
from tests.support.staff import TRAINERS_SESSION, StaffWorld


def note_of_ana(staff: StaffWorld) -> EmailNote:
    store = staff.world.store
    (ana,) = store.roster(TRAINERS_SESSION)
    return email_notes(store, TRAINERS_SESSION, [ana], unsent_emails(store))[ana.registration_id]


def settle(staff: StaffWorld, outcome: EmailState) -> None:
    """Let the newest email to Ana fare so."""
    store = staff.world.store
    message = store.messages_of("ana@example.net")[-1].message
    if outcome is EmailState.SENT:
        store.settle_sent(message, now=NOON)
    elif outcome is EmailState.RETRYING:
        store.settle_later(message, due=NOON + HOUR, problem="451 later", fault=DeliveryFault.MESSAGE)
    elif outcome is EmailState.FAILED:
        store.settle_failed(message, now=NOON, problem="550 no")


@pytest.mark.parametrize(
    ("outcome", "note"),
    [
        (EmailState.SENDING, EmailNote(EmailState.SENDING)),
        (EmailState.SENT, EmailNote(EmailState.SENT)),
        (EmailState.RETRYING, EmailNote(EmailState.RETRYING, "451 later")),
        (EmailState.FAILED, EmailNote(EmailState.FAILED, "550 no")),
    ],
)
def test_the_newest_email_is_told_as_it_fared(
    staff: StaffWorld, outcome: EmailState, note: EmailNote
) -> None:
    joined(staff, "Ana")
    settle(staff, outcome)

    assert note_of_ana(staff) == note


def test_what_names_an_email_in_logs_is_no_word_for_people(staff: StaffWorld) -> None:
    joined(staff, "Ana")
    message = staff.world.store.messages_of("ana@example.net")[-1].message
    staff.world.store.settle_failed(message, now=NOON, problem=f"{message.label}: no email can be made of it")

    assert note_of_ana(staff) == EmailNote(EmailState.FAILED, "no email can be made of it")


def test_an_email_that_came_back_is_told_though_it_was_sent(staff: StaffWorld) -> None:
    joined(staff, "Ana")
    settle(staff, EmailState.SENT)
    staff.world.store.bounced("ana@example.net", "550 unknown", now=NOON)

    assert note_of_ana(staff) == EmailNote(EmailState.BOUNCED, "550 unknown")


def test_what_failed_is_over_once_a_newer_email_was_sent(staff: StaffWorld) -> None:
    (ana,) = joined(staff, "Ana")
    settle(staff, EmailState.FAILED)
    staff.world.store.resend(
        TRAINERS_SESSION, ana.registration_id, now=NOON + 2 * HOUR, by=ChangedBy.STAFF, staff=""
    )
    settle(staff, EmailState.SENT)

    assert note_of_ana(staff) == EmailNote(EmailState.SENT)


def test_what_failed_at_an_address_says_nothing_of_the_next_one(staff: StaffWorld) -> None:
    (ana,) = joined(staff, "Ana")
    settle(staff, EmailState.FAILED)
    changed = person("Ana", email="ana@example.com")
    staff.world.store.amend(
        TRAINERS_SESSION, ana.registration_id, changed, now=NOON + MINUTE, by=ChangedBy.STAFF
    )

    assert note_of_ana(staff) == EmailNote(EmailState.SENDING)


def test_what_staff_are_told_about_somebody_is_no_email_to_them(staff: StaffWorld) -> None:
    joined(staff, "Ana", needs="An interpreter")
    settle(staff, EmailState.RETRYING)

    assert note_of_ana(staff) == EmailNote(EmailState.RETRYING, "451 later")


def test_people_without_email_are_told_apart(staff: StaffWorld) -> None:
    starts = staff.world.store.session(TRAINERS_SESSION).terms.starts
    staff.world.store.sign_up(
        TRAINERS_SESSION,
        Person("Ana", ""),
        registration_id="id-Ana",
        now=starts,
        admission=Admission.WALK_IN,
        by=ChangedBy.STAFF,
    )

    assert note_of_ana(staff) == EmailNote(EmailState.NO_ADDRESS)


def test_only_what_did_not_arrive_is_trouble() -> None:
    assert [state for state in EmailState if state.is_trouble] == [EmailState.FAILED, EmailState.BOUNCED]
