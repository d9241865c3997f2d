# SPDX-License-Identifier: AGPL-3.0-or-later
"""Staff correct, move and cancel registrations, and send emails again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from register.domain.admission import Admission
from register.domain.model import ChangedBy, Kind, Person, Registration
from register.domain.trail import TrailAction
from register.stores.errors import StoreUnavailable
from schedule.model import Language, Status
from tests.support.builders import kinds
from tests.support.constants import HOUR, MINUTE, NOON
from tests.support.page_texts import plain
from tests.support.rosters import EVA, ROSTER, joined, on_roster, person_path
from tests.support.staff import OFFICE, OTHER, OTHERS_SESSION, TRAINER, TRAINERS_SESSION, StaffWorld
from tests.support.visitors import broken

LATER = "2027-01-14-overview"
"""Another date of the training."""


def trail(staff: StaffWorld, session_id: str = TRAINERS_SESSION) -> list[tuple[str, TrailAction]]:
    """Return who did what in a session."""
    return [(entry.who, entry.action) for entry in staff.world.store.trail(session_id)]


def of_ana(**changes: str) -> dict[str, str]:
    """Return the form that corrects Ana's details."""
    return EVA | {"name": "Ana", "email": "ana@example.net"} | changes


def walked_in(staff: StaffWorld) -> Registration:
    """Let somebody without email walk in."""
    now = staff.world.store.session(TRAINERS_SESSION).terms.starts
    staff.world.clock.now = now
    return staff.world.store.sign_up(
        TRAINERS_SESSION,
        Person("Ana", "", "Yolo COE", "recruiter"),
        registration_id="id-Ana",
        now=now,
        admission=Admission.WALK_IN,
        by=ChangedBy.STAFF,
    ).registration


def test_the_page_of_somebody_says_all_that_is_known(staff: StaffWorld) -> None:
    (ana,) = joined(staff, "Ana", needs="Large print")
    page = plain(staff.signed_in().get(person_path(ana)).text)

    assert (
        "Details State Has a seat Nov 30, 12:00 p.m., on the website Email address ana@example.net Email is on its way "
        "Organization Yolo COE Role Recruiter Language of the emails English Accessibility needs Large print Change"
    ) in page


def test_a_name_is_corrected_and_the_seat_stays(staff: StaffWorld) -> None:
    (ana,) = joined(staff, "Ana")
    visitor = staff.signed_in(TRAINER)
    page = visitor.follow(visitor.post(person_path(ana, "correct"), of_ana(name="Ana Núñez")))

    assert "The details are corrected." in page.text
    assert on_roster(staff) == [("Ana Núñez", "confirmed")]
    assert kinds(staff.world.store, "ana@example.net") == [Kind.CONFIRMATION, Kind.CORRECTION]
    assert trail(staff) == [(TRAINER.email, TrailAction.CORRECTED)]


def test_what_is_stored_already_changes_nothing(staff: StaffWorld) -> None:
    (ana,) = joined(staff, "Ana")
    visitor = staff.signed_in()
    page = visitor.follow(visitor.post(person_path(ana, "correct"), of_ana()))

    assert "What you sent is what we had already: nothing has changed." in page.text
    assert trail(staff) == []


def test_what_is_wrong_with_a_correction_is_said_beside_what_was_typed(staff: StaffWorld) -> None:
    (ana,) = joined(staff, "Ana")
    answer = staff.signed_in().post(person_path(ana, "correct"), of_ana(email="<ana>", organization=""))

    assert answer.status_code == 422
    assert 'value="&lt;ana&gt;"' in answer.text
    problems = plain(answer.text.partition('<div role="alert">')[2].partition("</ul>")[0])
    assert problems == (
        "Please check what you entered Enter an email address like name@example.org. "
        "Enter the name of your district, school or agency."
    )
    assert "<details open>" in answer.text


def test_a_name_that_is_taken_with_its_address_is_not_given_twice(staff: StaffWorld) -> None:
    _ben, ana = joined(staff, "Ben", "Ana", email="family@example.net")
    answer = staff.signed_in().post(
        person_path(ana, "correct"), of_ana(name="Ben", email="family@example.net")
    )

    assert answer.status_code == 409
    assert "This person is signed up already There is another registration" in plain(answer.text)
    assert sorted(on_roster(staff)) == [("Ana", "confirmed"), ("Ben", "confirmed")]


def test_what_was_typed_for_somebody_who_canceled_meanwhile_is_not_lost(staff: StaffWorld) -> None:
    (ana,) = joined(staff, "Ana")
    visitor = staff.signed_in()
    visitor.post(person_path(ana, "cancel"))
    answer = visitor.post(person_path(ana, "correct"), of_ana(name="Ana Núñez"))

    assert answer.status_code == 409
    assert "This registration was canceled meanwhile Nothing has changed." in plain(answer.text)
    assert 'value="Ana Núñez"' in answer.text


def test_people_of_a_session_that_is_over_are_corrected_as_long_as_we_keep_them(staff: StaffWorld) -> None:
    (ana,) = joined(staff, "Ana")
    visitor = staff.signed_in()
    staff.world.change(TRAINERS_SESSION, ends=NOON - MINUTE)
    page = plain(visitor.get(person_path(ana)).text)
    answer = visitor.post(person_path(ana, "correct"), of_ana(name="Ana Núñez"))

    assert "The session is over, so no email goes out." in page
    assert "Cancel this registration" not in page
    assert answer.status_code == 303
    assert on_roster(staff) == [("Ana Núñez", "confirmed")]
    assert trail(staff) == [(OFFICE.email, TrailAction.CORRECTED)]


def test_a_session_whose_data_has_expired_is_not_corrected_any_more(staff: StaffWorld) -> None:
    (ana,) = joined(staff, "Ana")
    staff.world.change(TRAINERS_SESSION, ends=NOON - HOUR, expires=NOON - MINUTE)
    answer = staff.signed_in().post(person_path(ana, "correct"), of_ana(name="Ana Núñez"))

    assert answer.status_code == 409
    assert "This session is over or canceled Nothing has changed." in plain(answer.text)
    assert 'value="Ana Núñez"' in answer.text
    assert on_roster(staff) == [("Ana", "confirmed")]


def test_a_correction_is_not_lost_while_the_store_does_not_answer(staff: StaffWorld) -> None:
    (ana,) = joined(staff, "Ana")
    store = broken(staff.world.store, StoreUnavailable("no disk"), "amend")
    answer = staff.signed_in(store=store).post(person_path(ana, "correct"), of_ana(name="Ana Núñez"))

    assert answer.status_code == 503
    assert 'value="Ana Núñez"' in answer.text


def test_people_who_walked_in_without_email_are_corrected_without_one(staff: StaffWorld) -> None:
    ana = walked_in(staff)
    visitor = staff.signed_in()
    page = visitor.follow(visitor.post(person_path(ana, "correct"), of_ana(name="Ana Núñez", email="")))

    assert "The details are corrected." in page.text
    assert on_roster(staff) == [("Ana Núñez", "confirmed")]


def test_people_with_an_email_address_keep_one(staff: StaffWorld) -> None:
    (ana,) = joined(staff, "Ana")
    answer = staff.signed_in().post(person_path(ana, "correct"), of_ana(email=""))

    assert answer.status_code == 422
    assert "Enter the email address." in plain(answer.text)


def test_somebody_moves_to_another_date(staff: StaffWorld) -> None:
    (ana,) = joined(staff, "Ana")
    visitor = staff.signed_in(TRAINER)
    page = visitor.follow(visitor.post(person_path(ana, "move"), {"session": LATER}))

    assert page.request.path == ROSTER
    assert "Moved to the other date." in page.text
    assert on_roster(staff) == [("Ana", "cancelled")]
    assert on_roster(staff, LATER) == [("Ana", "confirmed")]
    assert trail(staff) == [(TRAINER.email, TrailAction.MOVED)]
    assert trail(staff, LATER) == [(TRAINER.email, TrailAction.MOVED_HERE)]


def test_where_the_other_date_is_full_people_wait_there_and_keep_their_seat(staff: StaffWorld) -> None:
    staff.world.fill(LATER)
    (ana,) = joined(staff, "Ana")
    visitor = staff.signed_in()
    page = visitor.follow(visitor.post(person_path(ana, "move"), {"session": LATER}))

    assert "Waits for the other date, too, and keeps this one." in page.text
    assert on_roster(staff) == [("Ana", "confirmed")]
    assert on_roster(staff, LATER) == [("Ana", "waitlisted")]


@pytest.mark.parametrize(
    ("to", "said"),
    [
        (TRAINERS_SESSION, "This person is signed up for that date already: nothing has changed."),
        ("unknown", "Nobody can sign up for that date any more: nothing has changed."),
        ("", "Nobody can sign up for that date any more: nothing has changed."),
        (OTHERS_SESSION, "Nobody can sign up for that date any more: nothing has changed."),
    ],
    ids=["itself", "unknown", "nothing", "another training"],
)
def test_a_move_that_leads_nowhere_changes_nothing(staff: StaffWorld, to: str, said: str) -> None:
    (ana,) = joined(staff, "Ana")
    answer = staff.signed_in().post(person_path(ana, "move"), {"session": to})

    assert answer.status_code == 409
    assert said in plain(answer.text)
    assert on_roster(staff) == [("Ana", "confirmed")]


def test_nobody_moves_from_a_session_that_has_begun(staff: StaffWorld) -> None:
    (ana,) = joined(staff, "Ana")
    staff.world.change(TRAINERS_SESSION, starts=NOON - MINUTE)
    answer = staff.signed_in().post(person_path(ana, "move"), {"session": LATER})

    assert answer.status_code == 409
    assert "This session has begun" in answer.text


def test_somebody_who_has_canceled_does_not_move(staff: StaffWorld) -> None:
    (ana,) = joined(staff, "Ana")
    visitor = staff.signed_in()
    visitor.post(person_path(ana, "cancel"))
    answer = visitor.post(person_path(ana, "move"), {"session": LATER})

    assert answer.status_code == 409
    assert "This registration was canceled meanwhile: nothing has changed." in plain(answer.text)
    assert on_roster(staff, LATER) == []


def test_a_registration_is_canceled_and_the_first_who_waits_gets_the_seat(staff: StaffWorld) -> None:
    staff.world.fill(TRAINERS_SESSION, 1)
    ana, _ben = joined(staff, "Ana", "Ben")
    visitor = staff.signed_in(TRAINER)
    page = visitor.follow(visitor.post(person_path(ana, "cancel")))

    assert "The registration is canceled." in page.text
    assert on_roster(staff) == [("Ben", "confirmed"), ("Ana", "cancelled")]
    assert trail(staff) == [(TRAINER.email, TrailAction.CANCELLED)]


def test_canceling_twice_is_no_error_and_is_noted_once(staff: StaffWorld) -> None:
    (ana,) = joined(staff, "Ana")
    visitor = staff.signed_in()
    answers = [visitor.post(person_path(ana, "cancel")) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert trail(staff) == [(OFFICE.email, TrailAction.CANCELLED)]


def test_what_is_over_is_not_canceled(staff: StaffWorld) -> None:
    (ana,) = joined(staff, "Ana")
    staff.world.change(TRAINERS_SESSION, ends=NOON - MINUTE)
    answer = staff.signed_in().post(person_path(ana, "cancel"))

    assert answer.status_code == 409
    assert "This session is over or canceled: nothing has changed." in plain(answer.text)
    assert on_roster(staff) == [("Ana", "confirmed")]


def test_an_email_is_sent_again_once_an_hour(staff: StaffWorld) -> None:
    (ana,) = joined(staff, "Ana")
    visitor = staff.signed_in()
    staff.world.clock.now += 2 * HOUR
    page = visitor.follow(visitor.post(person_path(ana, "resend")))
    again = visitor.post(person_path(ana, "resend"))

    assert "The email is on its way again." in page.text
    assert again.status_code == 409
    assert "This email went out less than an hour ago." in again.text
    assert kinds(staff.world.store, "ana@example.net") == [Kind.CONFIRMATION, Kind.CONFIRMATION]
    assert trail(staff) == [(OFFICE.email, TrailAction.RESENT)]


def test_people_without_email_are_sent_nothing(staff: StaffWorld) -> None:
    ana = walked_in(staff)
    visitor = staff.signed_in()
    answer = visitor.post(person_path(ana, "resend"))

    assert answer.status_code == 409
    assert "We have no email address of this person: nothing was sent." in plain(answer.text)
    assert "Send the email again" not in visitor.get(person_path(ana)).text


@pytest.mark.parametrize(
    "changes",
    [{"status": Status.CANCELLED}, {"ends": NOON - HOUR, "expires": NOON - MINUTE}],
    ids=["canceled", "expired"],
)
def test_nothing_is_offered_that_cannot_be_done(staff: StaffWorld, changes: dict[str, object]) -> None:
    (ana,) = joined(staff, "Ana")
    staff.world.change(TRAINERS_SESSION, **changes)

    assert "<form" not in staff.signed_in().get(person_path(ana)).text.partition("<main")[2]


def test_somebody_who_moved_is_led_to_where_they_are(staff: StaffWorld) -> None:
    (ana,) = joined(staff, "Ana")
    visitor = staff.signed_in()
    visitor.post(person_path(ana, "move"), {"session": LATER})
    page = visitor.get(person_path(ana)).text

    assert "State Moved to another date: Thursday, January 14" in plain(page)


def test_a_page_that_changes_something_leads_people_who_reload_it_to_the_person(staff: StaffWorld) -> None:
    (ana,) = joined(staff, "Ana")
    answers = [
        staff.signed_in().get(person_path(ana, action)) for action in ("correct", "move", "cancel", "resend")
    ]

    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [
        (303, person_path(ana))
    ] * 4


ACTIONS = {"": None, "correct": of_ana(), "move": {"session": LATER}, "cancel": {}, "resend": {}}


@pytest.mark.parametrize("action", ACTIONS)
def test_a_registration_of_another_session_is_not_found(staff: StaffWorld, action: str) -> None:
    (there,) = joined(staff, "Ana", session_id=OTHERS_SESSION)
    path = person_path(replace(there, session_id=TRAINERS_SESSION), action)
    visitor = staff.signed_in(TRAINER)
    answer = visitor.post(path, ACTIONS[action]) if action else visitor.get(path)

    assert answer.status_code == 404
    assert "We can’t find this registration" in answer.text
    assert on_roster(staff, OTHERS_SESSION) == [("Ana", "confirmed")]


@pytest.mark.parametrize("action", ACTIONS)
def test_another_trainer_finds_nobody(staff: StaffWorld, action: str) -> None:
    (ana,) = joined(staff, "Ana")
    visitor = staff.signed_in(OTHER)
    path = person_path(ana, action)
    answer = visitor.post(path, ACTIONS[action]) if action else visitor.get(path)

    assert answer.status_code == 404
    assert on_roster(staff) == [("Ana", "confirmed")]
    assert on_roster(staff, LATER) == []


def test_the_answer_is_in_the_language_of_whoever_asks(staff: StaffWorld) -> None:
    (ana,) = joined(staff, "Ana")
    staff.members = [replace(OFFICE, language=Language.SPANISH)]
    visitor = staff.signed_in(staff.members[0])
    page = visitor.follow(visitor.post(person_path(ana, "cancel"), {"page_language": "es"}))

    assert "La inscripción está cancelada. El correo con el aviso va en camino." in plain(page.text)
