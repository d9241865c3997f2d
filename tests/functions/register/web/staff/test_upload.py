# SPDX-License-Identifier: AGPL-3.0-or-later
"""The report of a meeting fills in the ticks; nothing is kept of it, and nothing that was typed is lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from register.domain.model import State
from tests.support import meeting_reports as reports
from tests.support.attendance import PATH, UPLOAD, Page, Room, page_of, room_of
from tests.support.staff import TRAINERS_SESSION, StaffWorld

HEAD = "Name,Email,Duration\n"
BOUNDARIES = (43, 51, 59, 64)
"""Lengths with which a field lies where a piece of 64 KB ends."""


@pytest.fixture
def room(staff: StaffWorld) -> Room:
    """A room with three people on the list."""
    room = room_of(staff)
    room.signed_up("Ana Núñez", email="ana@example.net")
    room.signed_up("Ben O’Brien", "Carla Vang")
    return room


def rows(page: Page) -> dict[str, bool]:
    """Return what the page shows of everybody on the list, and whether they are ticked."""
    return {label: field in page.form for field, label in page.labels.items() if field.startswith("came-")}


def left(page: Page) -> dict[str, str]:
    """Return what is still to be assigned, with what is chosen."""
    return {label: page.form[field] for field, label in page.labels.items() if field.startswith("is-")}


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (
            reports.ZOOM,
            {
                "Ana Núñez Yolo COE 90 min": True,
                "Ben O’Brien Yolo COE In the report: O’Brien, Ben (iPad) 90 min": True,
                "Carla Vang Yolo COE": False,
            },
        ),
        (
            reports.TEAMS,
            {
                "Ana Núñez Yolo COE In the report: Núñez, Ana 90 min": True,
                "Ben O’Brien Yolo COE In the report: Ben O’Brien (Unverified) 5 min": True,
                "Carla Vang Yolo COE": False,
            },
        ),
    ],
)
def test_a_report_ticks_whom_it_names_and_nothing_is_saved_yet(
    room: Room, report: str, expected: dict[str, bool]
) -> None:
    before = room.staff.world.snapshot()
    page = room.page().uploaded(room.trainer, report.encode("utf-16"))

    assert page.status == 200
    assert rows(page) == expected
    assert left(page) == {}
    assert page.says(".news") == [
        "The report is read, and nothing is saved yet. Please look through the list, then save."
    ]
    assert page.says(".save .tag") == ["Not saved yet"]
    assert room.staff.world.snapshot() == before

    page.saved(room.trainer)
    assert room.ticks() == {"Ana Núñez": True, "Ben O’Brien": True, "Carla Vang": None}


def test_what_was_ticked_and_typed_before_is_still_there(room: Room) -> None:
    page = room.page().ticked("Carla Vang").typed(name="Dee", complete="1")
    page = page.uploaded(room.trainer, (HEAD + "Ana Núñez,,5\n").encode())
    assert rows(page) == {
        "Ana Núñez Yolo COE 5 min": True,
        "Ben O’Brien Yolo COE": False,
        "Carla Vang Yolo COE": True,
    }
    assert (page.form["name"], page.form["complete"]) == ("Dee", "1")


def test_people_without_an_organization_are_offered_by_their_name_alone(room: Room) -> None:
    room.signed_up("Eva Lara", organization="")
    page = room.page().uploaded(room.trainer, f"{HEAD}iPad,,30\n".encode())

    assert page.says("#is-0 option")[-1] == "Eva Lara"


def test_whoever_is_not_found_is_assigned_left_out_or_added(room: Room) -> None:
    text = HEAD + "Benny (iPhone),,30\nC. Vang,,20\n15305550100,,5\nDee Cruz,dee@example.net,40\n"
    page = room.page().uploaded(room.trainer, text.encode())
    assert left(page) == {
        "Benny (iPhone) 30 min": "",
        "C. Vang 20 min": "",
        "15305550100 5 min": "",
        "Dee Cruz 40 min": "",
    }
    assert page.says("#is-0 option") == [
        "Leave out",
        "Somebody who didn’t sign up",
        "Ana Núñez (Yolo COE)",
        "Ben O’Brien (Yolo COE)",
        "Carla Vang (Yolo COE)",
    ]
    ben = page.field("came-", "Ben").removeprefix("came-")
    page = page.typed(**{page.field("is-", "Benny"): ben, page.field("is-", "Dee"): "+"}).saved(room.trainer)
    assert page.says(".news") == ["Saved."]
    assert room.ticks() == {"Ana Núñez": None, "Ben O’Brien": True, "Carla Vang": None, "Dee Cruz": True}
    dee = next(
        each for each in room.staff.world.store.roster(TRAINERS_SESSION) if each.person.name == "Dee Cruz"
    )
    assert dee.person.email == ""  # nobody has given it to us


def test_what_is_no_name_walks_in_under_none(room: Room) -> None:
    page = room.page().uploaded(room.trainer, (HEAD + "iPhone 12,,30\nBenny,,5\n").encode())
    ben = page.field("came-", "Ben").removeprefix("came-")
    chosen = page.typed(**{page.field("is-", "iPhone"): "+", page.field("is-", "Benny"): ben})
    page = page_of(chosen.sent(room.trainer))
    assert page.status == 422
    assert page.says(".problem li") == [
        "iPhone 12: This isn’t a name. If somebody came, type their name below."
    ]
    assert left(page) == {"iPhone 12 30 min": "+", "Benny 5 min": ben}
    assert room.ticks() == {"Ana Núñez": None, "Ben O’Brien": None, "Carla Vang": None}


def test_one_of_two_people_of_one_name_is_never_guessed(room: Room) -> None:
    room.signed_up("Ana Núñez", email="other@example.net")
    page = room.page().uploaded(
        room.trainer, (HEAD + "Ana Núñez,,5\nAna Núñez,other@example.net,9\n").encode()
    )
    assert left(page) == {"Ana Núñez 5 min": ""}
    assert [label for label, ticked in rows(page).items() if ticked] == [
        "Ana Núñez Yolo COE · other@example.net 9 min"
    ]


def test_two_devices_of_one_person_are_one_tick(room: Room) -> None:
    text = HEAD + "Ana Núñez,ana@example.net,30\nAna Núñez (iPhone),,12\n"
    page = room.page().uploaded(room.trainer, text.encode())
    assert rows(page)["Ana Núñez Yolo COE In the report: Ana Núñez (iPhone) 42 min"] is True


def test_people_who_wait_and_come_are_found_and_get_a_seat_by_saving(room: Room) -> None:
    room.staff.world.change(TRAINERS_SESSION, capacity=3)
    room.signed_up("Dee Cruz")
    page = room.page().uploaded(room.trainer, (HEAD + "Dee Cruz,,5\n").encode())
    assert rows(page)["Dee Cruz Yolo COE 5 min Waiting list"] is True
    assert "open" in page.root.query("main details")[0].attrs
    page.saved(room.trainer)
    assert room.stored()["Dee Cruz"] == (State.CONFIRMED, True)


def test_the_trainer_is_nobody_to_be_assigned(room: Room) -> None:
    sessions = room.staff.world.contract.schedule.sessions
    (trainer,) = next(each.trainers for each in sessions if each.id == TRAINERS_SESSION)
    text = HEAD + f"{trainer.name.en},trainer@example.org,95\nEva Other,,95\n"
    assert left(room.page().uploaded(room.trainer, text.encode())) == {"Eva Other 95 min": ""}


FAULTS = [
    (b"", "This file is empty", "Este archivo está vacío"),
    (b"PK\x03\x04...", "This is an Excel workbook", "Esto es un libro de Excel"),
    (b"\x89PNG\x00\x00", "This isn’t a CSV file", "Esto no es un archivo CSV"),
    (b"<!doctype html><p>Name", "We can’t find the participants in this file", "No encontramos a las personas participantes en este archivo"),
    (HEAD.encode(), "Nobody is in this report", "No hay nadie en este informe"),
    (HEAD.encode() + b"a,,1\n" * 100_000, "This report is too long", "Este informe es demasiado largo"),
    (HEAD.encode() + b"".join(b"Eva %d,,1\n" % each for each in range(101)), "Is this the report of another session?", "¿Es el informe de otra sesión?"),
    (b"x" * (1024 * 1024), "This report is too large", "Este informe es demasiado grande"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "english", "spanish"), FAULTS, ids=[each[1] for each in FAULTS])
def test_what_is_no_report_is_answered_in_the_readers_language(
    room: Room, data: bytes, english: str, spanish: str
) -> None:
    before = room.staff.world.snapshot()
    for language, expected in (("en", english), ("es", spanish)):
        page = (
            room.page(f"{PATH}?lang={language}")
            .ticked("Ana Núñez")
            .typed(name="Dee")
            .uploaded(room.trainer, data)
        )
        too_large = len(data) > 1_000_000
        assert page.status == (413 if too_large else 422)
        assert page.says("h1" if too_large else ".problem h2") == [expected]
        if not too_large:
            assert page.form["name"] == "Dee"
            assert [label for label, ticked in rows(page).items() if ticked] == ["Ana Núñez Yolo COE"]
    assert room.staff.world.snapshot() == before


def test_the_button_without_a_file_says_so(room: Room) -> None:
    page = page_of(room.trainer.post(UPLOAD, dict(room.page().ticked("Ana Núñez").form)))
    assert (page.status, page.says(".problem h2")) == (422, ["There is no report yet"])
    assert [label for label, ticked in rows(page).items() if ticked] == ["Ana Núñez Yolo COE"]


def test_formulas_and_html_in_a_report_are_text(room: Room) -> None:
    text = HEAD + '=HYPERLINK("x"),,1\n<script>alert(1)</script>,,2\na"><img src=x>,,3\n'
    page = room.page().uploaded(room.trainer, text.encode())
    assert left(page) == {
        '=HYPERLINK("x") 1 min': "",
        "<script>alert(1)</script> 2 min": "",
        'a"><img src=x> 3 min': "",
    }
    assert [len(page.root.query(f"main {tag}")) for tag in ("script", "img")] == [0, 0]


def test_none_of_six_hundred_ticks_is_lost_wherever_a_piece_of_the_form_ends(staff: StaffWorld) -> None:
    room = room_of(staff, capacity=600)
    for number in range(600):
        room.signed_up("Ana Núñez", email=f"p{number}@example.net")
    ticked = page_of(room.page().typed(do="everybody").sent(room.trainer)).typed(do="")
    ticks = [name for name in ticked.form if name.startswith("came-")]
    assert len(ticks) == 600

    for length in BOUNDARIES:
        page = ticked.uploaded(room.trainer, (HEAD + "Eva,,5\n").encode(), boundary="-" * length)
        assert page.status == 200
        assert [name for name in page.form if name.startswith("came-")] == ticks


def test_the_file_is_never_written_to_the_log(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    room.page().uploaded(room.trainer, (HEAD + "Secret Name,secret@example.net,5\n").encode())
    assert not re.search("secret", caplog.text, re.IGNORECASE)


@given(st.one_of(st.binary(max_size=300), st.text(max_size=120).map(lambda text: (HEAD + text).encode())))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_file_is_answered_with_the_list_and_changes_nothing(room: Room, data: bytes) -> None:
    before = room.staff.world.snapshot()
    page = room.page().ticked("Ana Núñez").uploaded(room.trainer, data)
    assert page.status in {200, 422}
    assert len(rows(page)) == 3
    assert any(label.startswith("Ana Núñez") and ticked for label, ticked in rows(page).items())
    assert room.staff.world.snapshot() == before
