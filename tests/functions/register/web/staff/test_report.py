# SPDX-License-Identifier: AGPL-3.0-or-later
"""The report: counts of a time, for the office of all sessions, for trainers of their own."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from register.domain.counts import count
from register.domain.organizations import Organizations
from register.operations import counts
from register.operations.privacy import forget
from schedule.model import Language
from tests.support.attendance import Room, page_of, room_of
from tests.support.builders import UNLISTED
from tests.support.staff import OFFICE, OTHERS_SESSION, TRAINER, TRAINERS_SESSION, StaffWorld

PATH = "/register/staff/report"
TIME = "?from=2026-12-01&to=2026-12-31"
COLUMNS = [
    "group",
    "name",
    "dates",
    "seats",
    "signed_up",
    "confirmed",
    "waited",
    "cancelled",
    "attended",
    "absent",
]


@pytest.fixture
def room(staff: StaffWorld) -> Room:
    """A session with four people, of whom three are there, and another with two."""
    room = room_of(staff, capacity=20)
    room.signed_up("Ana Núñez", "Ben O’Brien", "Carla Vang")
    room.signed_up("Dee Cruz", role="teacher", language=Language.SPANISH, organization="")
    staff.world.change(OTHERS_SESSION, closes=staff.world.store.session(OTHERS_SESSION).terms.starts)
    room.people.sign_up("Eva Lee", "Fay Lee", session_id=OTHERS_SESSION)
    room.page().ticked("Ana Núñez", "Ben O’Brien", "Carla Vang").typed(complete="1").saved(room.trainer)
    return room


def rows(response: TestResponse) -> list[list[str]]:
    """Return what a spreadsheet shows."""
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"), newline="")))


def test_the_office_sees_all_sessions_of_the_time_and_no_small_group(room: Room) -> None:
    office = room.staff.signed_in(OFFICE)
    table = rows(office.get(f"{PATH}.csv{TIME}"))
    total = next(row for row in table if row[0] == "total")
    dates = [
        each for each in room.staff.world.contract.schedule.sessions if each.period.first_day.month == 12
    ]
    seats = sum(room.staff.world.store.session(each.id).terms.capacity for each in dates)

    assert table[0] == COLUMNS
    assert total == ["total", "", str(len(dates)), str(seats), "6", "6", "0", "0", "3", "1"]
    assert [row for row in table if row[0] not in {"group", "total", "training"}] == [
        ["organization", "Other organizations", "", "", "5", "5", "0", "0", "3", "0"],
        ["role", "Recruiter", "", "", "5", "5", "0", "0", "3", "0"],
        ["language", "English", "", "", "5", "5", "0", "0", "3", "0"],
    ]
    few = next(row for row in table if row[1] == "User Administrator")
    assert few[4:] == ["", "", "", "", "", ""]


def test_a_trainer_sees_the_sessions_that_they_hold(room: Room) -> None:
    table = rows(room.trainer.get(f"{PATH}.csv{TIME}"))
    own = [
        each
        for each in room.staff.world.contract.schedule.sessions
        if each.period.first_day.month == 12 and TRAINER.may_see(each)
    ]
    total = next(row for row in table if row[0] == "total")
    assert total[2:] == [
        str(len(own)),
        str(sum(room.staff.world.store.session(each.id).terms.capacity for each in own)),
        "4",
        "4",
        "0",
        "0",
        "3",
        "1",
    ]
    assert "User Administrator" not in {row[1] for row in table}


def test_what_was_kept_counts_after_people_are_erased(room: Room) -> None:
    store = room.staff.world.store
    kept = count(store.session(TRAINERS_SESSION), store.roster(TRAINERS_SESSION), organization=UNLISTED)
    store.keep_counts(kept)
    for session_id in (TRAINERS_SESSION, OTHERS_SESSION):
        del store.occupancies[session_id]
        for key in [key for key in store.registrations if key[0] == session_id]:
            del store.registrations[key]
    office = rows(room.staff.signed_in(OFFICE).get(f"{PATH}.csv{TIME}"))
    assert next(row for row in office if row[0] == "total")[4:] == ["4", "4", "0", "0", "3", "1"]
    trainer = rows(room.trainer.get(f"{PATH}.csv{TIME}"))
    assert next(row for row in trainer if row[0] == "total")[4:] == ["0", "0", "0", "0", "0", "0"]


def test_an_organization_is_counted_as_listed_before_people_are_erased_and_after(room: Room) -> None:
    """The sweep, the command that erases and the report group alike: else somebody would be counted twice."""
    store, clock = room.staff.world.store, room.staff.world.clock
    listed = room.staff.world.site.told.organizations[0]
    organization = Organizations(room.staff.world.site.told.organizations).listed
    room.signed_up("Gil", "Hal", "Ida", organization=f" {listed.upper()}")
    room.signed_up("Jo", "Kai", organization="")
    clock.now = store.session(TRAINERS_SESSION).terms.ends
    office = room.staff.signed_in(OFFICE)

    def groups() -> list[list[str]]:
        return [row[1:] for row in rows(office.get(f"{PATH}.csv{TIME}")) if row[0] == "organization"]

    expected = [
        ["Other organizations", "", "", "5", "5", "0", "0", "3", "0"],
        ["Not said", "", "", "3", "3", "0", "0", "0", "1"],
        [listed, "", "", "3", "3", "0", "0", "0", "0"],
    ]
    assert groups() == expected
    counts.keep(store, now=clock.now, organization=organization)
    assert groups() == expected
    for email in ("gil@example.net", "jo@example.net", "ananez@example.net"):
        forget(store, email, now=clock.now, organization=organization)
    assert groups() == expected
    counts.keep(store, now=clock.now + timedelta(days=1), organization=organization)
    assert groups() == expected


def test_the_page_shows_the_same_and_leads_to_the_file(room: Room) -> None:
    page = page_of(room.trainer.get(f"{PATH}{TIME}"))
    assert page.status == 200
    assert page.says("dl div")[2:] == ["Sign-ups 4", "Attended 3"]
    assert page.says("h2") == ["By training", "By organization", "By role", "By language of emails"]
    assert page.says("#organization ~ .wide tbody tr")[0] == "Other organizations 3 3"
    assert page.root.query("main p a")[0].attrs["href"] == f"{PATH}.csv?from=2026-12-01&to=2026-12-31"


def test_at_first_it_is_about_the_last_year(room: Room) -> None:
    room.staff.world.clock.now += timedelta(days=2)
    keep = room.staff.signed_in(OFFICE).get(PATH)
    page = page_of(keep)
    values = [each.attrs["value"] for each in page.root.query('main input[type="date"]')]
    assert values == ["2025-12-05", "2026-12-05"]
    assert page.says("dl div")[2:] == ["Sign-ups 6", "Attended 3"]


@pytest.mark.parametrize(
    "time",
    ["?from=x&to=y", "?from=2026-12-31&to=2026-12-01", "?from=2026-12-01", "?from=9999-12-31&to=9999-12-31"],
)
def test_days_that_are_none_are_told_of(room: Room, time: str) -> None:
    page = page_of(room.staff.signed_in(OFFICE).get(f"{PATH}{time}"))
    assert page.status == 200
    assert page.says(".error") == ["We couldn’t read these days. Here is the last year instead."]


def test_the_days_are_those_of_california(room: Room) -> None:
    """A session at 10 a.m. is on its day from midnight to midnight there."""
    office = room.staff.signed_in(OFFICE)
    for time, signed_up in (
        ("?from=2026-12-03&to=2026-12-03", "4"),
        ("?from=2026-12-02&to=2026-12-02", "2"),
        ("?from=2026-12-04&to=2026-12-31", "0"),
    ):
        assert rows(office.get(f"{PATH}.csv{time}"))[1][4] == signed_up, time


def test_no_name_or_address_of_anybody_is_in_it(room: Room) -> None:
    office = room.staff.signed_in(OFFICE)
    for path in (f"{PATH}{TIME}", f"{PATH}{TIME}&lang=es", f"{PATH}.csv{TIME}"):
        text = office.get(path).text
        assert not [each for each in ("Ana", "Núñez", "@example.net", "Dee", "Yolo") if each in text]


def test_it_speaks_spanish(room: Room) -> None:
    page = page_of(room.staff.signed_in(OFFICE).get(f"{PATH}{TIME}&lang=es"))
    assert page.says("h1") == ["Informe"]
    assert page.says("#language ~ .wide tbody tr") == ["inglés 5 3"]
