# SPDX-License-Identifier: AGPL-3.0-or-later
"""Attendance: a check mark for each, and two trainers with a phone each."""

from __future__ import annotations

from datetime import timedelta

from register.domain.admission import Admission
from register.domain.model import ChangedBy, Kind, State
from schedule.model import Status
from tests.support.attendance import PATH, UPLOAD, Room, page_of, room_of
from tests.support.builders import kinds, person
from tests.support.constants import HOUR, SECOND
from tests.support.staff import OFFICE, TRAINER, TRAINERS_SESSION, StaffWorld, keep


def test_the_list_shows_a_tick_for_each_in_the_order_of_names(room: Room) -> None:
    room.signed_up("Álvaro Ruiz", organization="")
    page = room.page()
    assert page.status == 200
    assert [label for field, label in page.labels.items() if field.startswith("came-")] == [
        "Álvaro Ruiz",
        "Ana Núñez Yolo COE",
        "Ben O’Brien Yolo COE",
        "Carla Vang Yolo COE",
    ]
    assert page.says(".save p") == ["of 4 present"]
    assert not [field for field in page.form if field.startswith("came-")]


def test_people_of_one_name_are_told_apart_by_their_address(room: Room) -> None:
    room.signed_up("Ana Nunez", email="other@example.net")
    labels = [label for field, label in room.page().labels.items() if "Ana" in label]
    assert labels == ["Ana Núñez Yolo COE · ananez@example.net", "Ana Nunez Yolo COE · other@example.net"]


def test_ticks_are_kept_with_who_ticked_and_nothing_else_is_written(room: Room) -> None:
    page = room.page().ticked("Ana Núñez", "Carla Vang").saved(room.trainer)

    assert page.says(".news") == ["Saved."]
    assert room.ticks() == {"Ana Núñez": True, "Ben O’Brien": None, "Carla Vang": True}
    assert page.form == room.page().form == room.page().ticked("Ana Núñez", "Carla Vang").form
    assert sorted(room.trail()) == [
        (TRAINER.email, "attended", "Ana Núñez"),
        (TRAINER.email, "attended", "Carla Vang"),
    ]
    page.saved(room.trainer)
    assert len(room.trail()) == 2


def test_a_tick_is_taken_back(room: Room) -> None:
    room.page().ticked("Ana Núñez").saved(room.trainer).unticked("Ana Núñez").saved(room.trainer)
    assert room.ticks() == {"Ana Núñez": None, "Ben O’Brien": None, "Carla Vang": None}


def test_everybody_without_a_tick_is_absent_once_the_list_is_complete(room: Room) -> None:
    page = room.page().ticked("Ana Núñez").typed(complete="1").saved(room.trainer)
    assert room.ticks() == {"Ana Núñez": True, "Ben O’Brien": False, "Carla Vang": False}
    assert page.labels[page.field("came-", "Ben")] == "Ben O’Brien Yolo COE Absent"

    page.ticked("Ben O’Brien").saved(room.trainer)  # comes late
    assert room.ticks() == {"Ana Núñez": True, "Ben O’Brien": True, "Carla Vang": False}


def test_all_present_ticks_everybody_with_a_seat_and_saves_nothing_yet(room: Room) -> None:
    room.staff.world.change(TRAINERS_SESSION, capacity=3)
    room.signed_up("Dee Waits")
    page = page_of(room.page().typed(do="everybody", name="Eva").sent(room.trainer))

    assert page.status == 200
    assert page.says(".news") == [
        "Everybody with a seat is checked off. Uncheck those who are missing, then save."
    ]
    assert page.says(".save .tag") == ["Not saved yet"]
    assert page.form["name"] == "Eva"
    assert room.ticks() == {"Ana Núñez": None, "Ben O’Brien": None, "Carla Vang": None}

    page.unticked("Ben O’Brien").typed(name="").saved(room.trainer)
    assert room.stored() == {
        "Ana Núñez": (State.CONFIRMED, True),
        "Ben O’Brien": (State.CONFIRMED, None),
        "Carla Vang": (State.CONFIRMED, True),
        "Dee Waits": (State.WAITLISTED, None),
    }


def test_what_another_trainer_changed_meanwhile_is_shown_and_not_overwritten(room: Room) -> None:
    mine, theirs = room.page(), page_of(room.staff.signed_in(OFFICE).get(PATH))
    theirs.ticked("Ana Núñez", "Ben O’Brien").typed(complete="1").saved(room.staff.signed_in(OFFICE))
    page = mine.ticked("Ben O’Brien", "Carla Vang").typed(complete="1").saved(room.trainer)

    assert page.status == 409
    assert room.ticks() == {"Ana Núñez": True, "Ben O’Brien": True, "Carla Vang": False}
    assert page.says(".problem h2") == ["Somebody else changed this list meanwhile"]
    changed = "Somebody else changed this. It is shown as it is now."
    assert page.says(".changed") == [f"Ana Núñez Yolo COE {changed}", f"Carla Vang Yolo COE {changed} Absent"]

    page.ticked("Carla Vang").saved(room.trainer)  # now that it was seen
    assert room.ticks() == {"Ana Núñez": True, "Ben O’Brien": True, "Carla Vang": True}


def test_a_page_that_is_shown_again_still_tells_what_it_showed_at_first(room: Room) -> None:
    """Else ticks that somebody else made meanwhile would be taken back by saving."""
    mine = room.page()
    room.page().ticked("Ana Núñez").saved(room.trainer)
    again = page_of(mine.typed(do="add").sent(room.trainer))
    assert again.status == 422

    page = again.typed(do="").ticked("Ben O’Brien").saved(room.trainer)
    assert page.says(".news") == ["Saved."]
    assert room.ticks() == {"Ana Núñez": True, "Ben O’Brien": True, "Carla Vang": None}


def test_somebody_who_was_canceled_meanwhile_is_not_given_a_seat_again(room: Room) -> None:
    mine = room.page()
    ben = next(each for each in room.staff.world.store.roster(TRAINERS_SESSION) if "Ben" in each.person.name)
    room.people.now = room.staff.world.clock.now
    room.people.cancel(ben, ChangedBy.STAFF)
    page = mine.ticked("Ana Núñez", "Ben O’Brien").saved(room.trainer)

    assert page.status == 409
    assert room.stored()["Ben O’Brien"] == (State.CANCELLED, None)
    assert room.ticks() == {"Ana Núñez": True, "Carla Vang": None}
    assert [each.partition(" Some")[0] for each in page.says(".changed")] == ["Ben O’Brien Yolo COE"]


def test_somebody_who_is_no_longer_on_the_list_is_told_of(room: Room) -> None:
    mine = room.page().ticked("Ana Núñez").typed(**{"was-gone": "", "came-gone": "1"})
    page = mine.saved(room.trainer)
    assert (page.status, room.ticks()["Ana Núñez"]) == (409, True)
    (problem,) = page.says(".problem p")
    assert problem == (
        "Everything else is saved. Somebody you checked off is no longer on the list. "
        "If they are there, please add them below."
    )


def test_the_same_form_twice_is_like_once(room: Room) -> None:
    room.staff.world.change(TRAINERS_SESSION, capacity=3)
    waits = room.signed_up("Dee Waits")[0]
    gone = room.signed_up("Eva Gone")[0]
    room.people.cancel(gone)
    form = room.page().ticked("Ana Núñez", "Dee Waits", "Eva Gone").typed(name="Fay New")
    assert form.sent(room.trainer).status_code == 303
    once = room.stored()
    assert once == {
        "Ana Núñez": (State.CONFIRMED, True),
        "Ben O’Brien": (State.CONFIRMED, None),
        "Carla Vang": (State.CONFIRMED, None),
        "Dee Waits": (State.CONFIRMED, True),
        "Eva Gone": (State.CONFIRMED, True),
        "Fay New": (State.CONFIRMED, True),
    }
    assert form.sent(room.trainer).status_code == 422  # Fay is present already
    assert room.page().form == form.typed(name="").saved(room.trainer).form
    assert room.stored() == once
    assert kinds(room.staff.world.store, waits.person.email)[-1] is Kind.PROMOTION


def test_attendance_opens_an_hour_before_the_start(room: Room) -> None:
    world = room.staff.world
    form = room.page().ticked("Ana Núñez")
    starts = world.store.session(TRAINERS_SESSION).terms.starts
    world.clock.now = starts - HOUR - SECOND
    page = room.page()
    assert (page.status, page.form) == (200, {})
    assert page.says("main p")[1] == (
        "Attendance opens an hour before the start: Thursday, December 3, 2026, 9:00 a.m. Pacific time"
    )
    assert form.sent(room.trainer).status_code == 409
    assert form.uploaded(room.trainer, b"Name,Duration\nAna,5").status == 409
    assert room.ticks()["Ana Núñez"] is None

    world.clock.now = starts - HOUR
    assert form.sent(room.trainer).status_code == 303


def test_people_are_ticked_for_weeks_after_the_session(room: Room) -> None:
    room.staff.world.clock.now += timedelta(days=100)
    keep(room.trainer, room.staff.cookie(TRAINER))
    room.page().ticked("Ana Núñez").typed(name="Dee Cruz").saved(room.trainer)
    assert room.ticks() == {"Ana Núñez": True, "Ben O’Brien": None, "Carla Vang": None, "Dee Cruz": True}


def test_nobody_is_ticked_in_a_session_that_is_canceled(room: Room) -> None:
    form = room.page().ticked("Ana Núñez")
    room.staff.world.change(TRAINERS_SESSION, status=Status.CANCELLED)
    assert room.page().says("main p")[1] == "This date is canceled: there is nobody to check off."
    assert form.sent(room.trainer).status_code == 409


def test_a_hundred_and_twenty_people_are_ticked_at_once(staff: StaffWorld) -> None:
    room = room_of(staff, capacity=120)
    names = [f"Ana {chr(65 + number // 26)}{chr(97 + number % 26)}x Vang" for number in range(120)]
    for number, name in enumerate(names):
        room.signed_up(name, email=f"p{number}@example.net")
    page = room.page().typed(do="everybody")
    answer = page_of(page.sent(room.trainer)).saved(room.trainer)
    assert answer.says(".save p") == ["of 120 present"]
    assert room.ticks() == dict.fromkeys(names, True)


def test_the_page_speaks_spanish_and_so_do_its_answers(room: Room) -> None:
    page = room.page(f"{PATH}?lang=es")
    assert page.says("h1") == ["Asistencia"]
    assert page_of(page.typed(do="add").sent(room.trainer)).says(".problem li") == [
        "Escriba el nombre de la persona."
    ]
    assert page.ticked("Ana Núñez").saved(room.trainer).says(".news") == ["Guardado."]


def test_a_name_and_an_organization_are_text_whatever_they_hold(room: Room) -> None:
    store = room.staff.world.store
    evil = person("Eva", organization='<script>alert("1")</script>')
    store.sign_up(
        TRAINERS_SESSION,
        evil,
        registration_id="evil",
        now=room.people.now,
        admission=Admission.OVERBOOKED,
        by=ChangedBy.STAFF,
    )
    page = room.page()
    assert page.labels["came-evil"] == 'Eva <script>alert("1")</script>'
    assert page.says("main script") == []


def test_reloading_the_page_of_an_upload_leads_to_the_list(room: Room) -> None:
    assert room.trainer.get(UPLOAD).headers["Location"] == PATH
