# SPDX-License-Identifier: AGPL-3.0-or-later
"""The roster of a session: who is on it, how it is, and what staff did."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from register.domain.model import ChangedBy
from schedule.model import Language, Status
from tests.support.constants import HOUR, MINUTE, NOON
from tests.support.page_texts import items, plain
from tests.support.rosters import EVA, PEOPLE, ROSTER, joined, person_path
from tests.support.staff import OFFICE, OTHER, TRAINER, TRAINERS_SESSION, StaffWorld


def test_everybody_is_there_with_what_they_told_us_and_how_they_came_there(staff: StaffWorld) -> None:
    staff.world.fill(TRAINERS_SESSION, 2)
    ana, _ben, _cruz = joined(staff, "Ana Núñez", "Ben Ng", "Cruz Gil", needs="Large print")
    staff.world.clock.now += HOUR
    staff.world.store.cancel(
        TRAINERS_SESSION, ana.registration_id, now=staff.world.clock.now, by=ChangedBy.PERSON
    )
    page = staff.signed_in().get(ROSTER).text

    assert items(page, "roster") == [
        (
            "Ben Ng Yolo COE Recruiter benng@example.net Emails in English · Email is on its way "
            "Nov 30, 12:00 p.m., on the website Needs: Large print"
        ),
        (
            "Cruz Gil Yolo COE Recruiter cruzgil@example.net Emails in English · Email is on its way "
            "Nov 30, 1:00 p.m., by the system Needs: Large print"
        ),
        (
            "Ana Núñez Yolo COE Recruiter ananez@example.net Emails in English · Email is on its way "
            "Nov 30, 1:00 p.m., on the website Needs: Large print"
        ),
    ]
    assert "2 of 2 seats taken 2 people ask for help Add a person" in plain(page)


def test_attendance_comes_first_from_an_hour_before_the_start_until_the_end(staff: StaffWorld) -> None:
    terms = staff.world.store.session(TRAINERS_SESSION).terms
    first = []
    for now in (terms.starts - HOUR - MINUTE, terms.starts - HOUR, terms.ends - MINUTE, terms.ends):
        staff.world.clock.now = now
        first.append(items(staff.signed_in().get(ROSTER).text, "tools")[0])

    assert first == ["Add a person", "Take attendance", "Take attendance", "Attendance"]


def test_people_with_a_seat_stand_by_name_and_those_who_wait_by_their_place(staff: StaffWorld) -> None:
    staff.world.fill(TRAINERS_SESSION, 3)
    joined(staff, "Zoe", "Álvaro", "Ben", "Dora", "Carla")
    names = [item.partition(" Yolo")[0] for item in items(staff.signed_in().get(ROSTER).text, "roster")]

    assert names == ["Álvaro", "Ben", "Zoe", "Dora Number 1 in line", "Carla Number 2 in line"]


def test_people_who_wait_have_their_place(staff: StaffWorld) -> None:
    staff.world.fill(TRAINERS_SESSION)
    joined(staff, "Ana", "Ben")

    assert [item.partition(" Yolo")[0] for item in items(staff.signed_in().get(ROSTER).text, "roster")] == [
        "Ana Number 1 in line",
        "Ben Number 2 in line",
    ]


def test_who_was_there_is_said_once_somebody_has_said_so(staff: StaffWorld) -> None:
    ana, ben = joined(staff, "Ana", "Ben")
    staff.world.clock.now = staff.world.store.session(TRAINERS_SESSION).terms.starts
    for each, attended in ((ana, True), (ben, False)):
        staff.world.store.attend(
            TRAINERS_SESSION,
            each.registration_id,
            attended=attended,
            expected=None,
            now=staff.world.clock.now,
            staff=TRAINER.email,
        )

    assert [item.partition(" Yolo")[0] for item in items(staff.signed_in().get(ROSTER).text, "roster")] == [
        "Ana Present",
        "Ben Absent",
    ]


def test_the_page_speaks_the_language_of_whoever_asks(staff: StaffWorld) -> None:
    joined(staff, "Ana")
    staff.members = [replace(TRAINER, language=Language.SPANISH)]
    page = staff.signed_in(staff.members[0]).get(ROSTER).text

    assert '<html lang="es">' in page
    assert "1 de 40 lugares ocupados Agregar a una persona" in plain(page)


def test_what_people_typed_is_text_and_no_html(staff: StaffWorld) -> None:
    joined(staff, "Ana", organization='<script>alert("x")</script>', needs="<b>bold</b>")
    page = staff.signed_in().get(ROSTER).text

    assert "<script>alert" not in page
    assert "<b>bold" not in page
    assert "Needs: <b>bold</b>" in plain(page)


@pytest.mark.parametrize(
    ("changes", "said", "addable"),
    [
        ({"status": Status.CANCELLED}, "This session is canceled.", False),
        ({"ends": NOON - MINUTE}, "This session is over.", False),
        ({"closes": NOON - MINUTE}, "Sign-up has closed. You can still add people.", True),
        ({}, "", True),
    ],
    ids=["canceled", "over", "closed", "open"],
)
def test_the_page_says_whether_people_can_still_be_added(
    staff: StaffWorld, changes: dict[str, object], said: str, addable: bool
) -> None:
    staff.world.change(TRAINERS_SESSION, **changes)
    page = staff.signed_in().get(ROSTER).text

    assert said in plain(page)
    assert (f'href="{PEOPLE}"' in page) is addable


def test_the_trail_says_who_did_what_the_newest_first(staff: StaffWorld) -> None:
    (ana,) = joined(staff, "Ana")
    office, trainer = staff.signed_in(OFFICE), staff.signed_in(TRAINER)
    office.post(PEOPLE, EVA)
    staff.world.clock.now += MINUTE
    trainer.post(person_path(ana, "cancel"))

    assert items(office.get(ROSTER).text, "trail") == [
        "Nov 30, 12:01 p.m., uriel@example.org Registration canceled: Ana",
        "Nov 30, 12:00 p.m., office@example.org Added: Eva Lara",
    ]


def test_what_was_done_to_several_people_at_once_is_one_line_of_the_trail(staff: StaffWorld) -> None:
    people = joined(staff, "Ana", "Ben")
    staff.world.clock.now = now = staff.world.store.session(TRAINERS_SESSION).terms.starts
    for each in people:
        staff.world.store.attend(
            TRAINERS_SESSION, each.registration_id, attended=True, expected=None, now=now, staff=""
        )

    assert items(staff.signed_in().get(ROSTER).text, "trail") == [
        "Dec 3, 10:00 a.m., by command Marked as present: Ana, Ben"
    ]


def test_the_trail_names_nobody_who_has_signed_up_anew(staff: StaffWorld) -> None:
    (ana,) = joined(staff, "Ana")
    visitor = staff.signed_in()
    visitor.post(person_path(ana, "cancel"))
    staff.world.clock.now += MINUTE
    visitor.post(PEOPLE, EVA | {"name": "Ana", "email": ana.person.email})

    assert items(visitor.get(ROSTER).text, "trail") == [
        "Nov 30, 12:01 p.m., office@example.org Added: Ana",
        "Nov 30, 12:00 p.m., office@example.org Registration canceled: somebody who is no longer on the roster",
    ]


def test_excel_gets_the_roster_with_marks_and_without_formulas(staff: StaffWorld) -> None:
    joined(staff, "Ana", organization="=HYPERLINK(1)")
    answer = staff.signed_in().get(f"{ROSTER}roster.csv")

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{TRAINERS_SESSION}.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data.startswith(b"\xef\xbb\xbfstate,")
    header, ana = csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))
    assert header[-2:] == ["changed_by", "attended"]
    assert ana == [
        "confirmed",
        "",
        "Ana",
        "ana@example.net",
        "'=HYPERLINK(1)",
        "recruiter",
        "en",
        "",
        "2026-11-30 12:00-08:00",
        "person",
        "",
    ]


def test_the_sheet_has_people_with_seats_by_name_and_twenty_blank_lines(staff: StaffWorld) -> None:
    staff.world.fill(TRAINERS_SESSION, 3)
    joined(staff, "Zoe", "Álvaro", "Ben", "Waits Long")
    page = staff.signed_in().get(f"{ROSTER}sheet").text
    lines = [plain(row) for row in page.partition("<tbody>")[2].partition("</tbody>")[0].split("<tr>")[1:]]

    assert lines[:4] == ["1 Álvaro Yolo COE", "2 Ben Yolo COE", "3 Zoe Yolo COE", "4"]
    assert lines[3:] == [str(number) for number in range(4, 24)]


@pytest.mark.parametrize("member", [TRAINER, replace(TRAINER, language=Language.SPANISH)], ids=["en", "es"])
def test_the_head_of_the_sheet_is_in_both_languages_whoever_prints_it(
    staff: StaffWorld, member: object
) -> None:
    assert isinstance(member, type(TRAINER))
    staff.members = [member]
    page = staff.signed_in(member).get(f"{ROSTER}sheet").text

    assert plain(page.partition("<thead>")[2].partition("</thead>")[0]).startswith(
        "CA MSIX Overview / Panorama general de CA MSIX Thursday, December 3, 2026, 10:00 to 11:30 a.m. Pacific time "
        "jueves, 3 de diciembre de 2026, de 10:00 a 11:30 a. m., hora del Pacífico Online / En línea "
        "Trainer / Imparte: Uriel Ramirez Torres"
    )


def test_another_trainer_finds_no_such_session(staff: StaffWorld) -> None:
    visitor = staff.signed_in(OTHER)

    answers = [visitor.get(path) for path in (ROSTER, f"{ROSTER}roster.csv", f"{ROSTER}sheet")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert {answer.text for answer in answers} == {visitor.get("/register/staff/sessions/unknown/").text}
