# SPDX-License-Identifier: AGPL-3.0-or-later
"""A trainer's term at the staff desk, without a terminal and without a script: what each task costs is counted.

The pictures of the trainers' guide are taken on the way.
"""

from __future__ import annotations

import csv
from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import expect

from register.operations import staff_messages
from schedule.model import Language
from tests.support.browser_visitors import visit
from tests.support.built_site import BuiltSite
from tests.support.constants import PACIFIC
from tests.support.desk_visitor import URIEL, YECENIA, Trainer, list_staff
from tests.support.guide_pictures import GUIDES, PHONE, Album, named_in
from tests.support.running_function import ONLINE, SMALL, RunningFunction, kind_of, parts, running
from tests.support.windows import Windows

ROSTER = f"/register/staff/sessions/{ONLINE}/"
LATER = "2027-01-14-overview"
ADMINISTRATORS = "2027-01-12-data-administrator"

REPORT = """\
Topic,ID,Host,Duration (minutes),Start time,End time,Participants
CA MSIX Overview,812 3456 7890,Uriel Ramirez Torres,95,12/03/2026 09:55:00 AM,12/03/2026 11:30:00 AM,4

Name (original name),Email,Join time,Leave time,Duration (minutes),Guest
Uriel Ramirez Torres,,12/03/2026 09:55:00 AM,12/03/2026 11:30:00 AM,95,No
Ana Núñez,ana@example.net,12/03/2026 09:58:00 AM,12/03/2026 11:30:00 AM,92,Yes
"Vázquez, Diego (iPad)",,12/03/2026 10:05:00 AM,12/03/2026 11:30:00 AM,85,Yes
Ellie,,12/03/2026 10:00:00 AM,12/03/2026 11:30:00 AM,90,Yes
"""

COSTS = {
    "sign in from the email about a need": (4, 1),
    "open the roster": (1, 0),
    "add a caller": (2, 4),
    "correct a name": (3, 1),
    "move somebody to another date": (3, 0),
    "write to all in both languages": (3, 4),
    "tick two people and somebody who walks in": (5, 1),
    "tick from the report of Zoom": (4, 2),
    "download the roster": (2, 0),
    "read the report": (1, 0),
    "open the sign-in sheet from the email of the day before": (1, 0),
    "sign out": (1, 0),
}
"""Clicks and filled fields."""

CAME = {
    "Ana Núñez": ("confirmed", "yes"),
    "Ben O’Brien": ("confirmed", "yes"),
    "Carla Ruiz": ("cancelled", ""),
    "Diego Vázquez": ("confirmed", "yes"),
    "Elena Torres": ("confirmed", "yes"),
    "Fidel Gómez": ("confirmed", "yes"),
}
ANNOUNCED = [
    ("Ana Núñez <ana@example.net>", "Traiga su contraseña"),
    ("Ben O’Brien <ben@example.net>", "Bring your password"),
    ("Diego Vázquez <diego@example.net>", "Bring your password"),
    ("Elena Torres <elena@example.net>", "Bring your password"),
]
DONE = ["added", "announced", *["attended"] * 4, "corrected", "moved", "walked-in"]


def pacific(*when: int) -> datetime:
    """Return an instant by the clock on the wall."""
    return datetime(*when, tzinfo=PACIFIC)


def people_sign_up(function: RunningFunction) -> None:
    for session_id in (ONLINE, SMALL):
        function.sign_up(session_id, "Ben O’Brien", "ben@example.net")
        function.sign_up(session_id, "Carla Ruiz", "carla@example.net")
    function.sign_up(ONLINE, "Diego Vazques", "diego@example.net")
    function.sign_up(
        ONLINE,
        "Ana Núñez",
        "ana@example.net",
        language=Language.SPANISH,
        needs="Intérprete de mixteco, por favor",
    )
    function.deliver()


def add_a_caller(uriel: Trainer) -> None:
    with uriel.task("add a caller"):
        uriel.follow(uriel.link("Add a person"))
        uriel.see("Add a person")
        uriel.write("Full name", "Elena Torres")
        uriel.write("Email address", "elena@example.net")
        uriel.write("Organization", "Butte COE")
        uriel.choose("Role", "Recruiter")
        uriel.take("staff-add", "h1")
        uriel.follow(uriel.button("Add"))
    expect(uriel.page.get_by_role("status")).to_have_text(
        "Added, with a seat. The confirmation is on its way."
    )
    uriel.see("Elena Torres")


def correct_a_name(uriel: Trainer) -> None:
    with uriel.task("correct a name"):
        uriel.follow(uriel.link("Diego Vazques"))
        uriel.see("Diego Vazques")
        uriel.unfold("Correct the details")
        uriel.write("Full name", "Diego Vázquez")
        uriel.follow(uriel.button("Save"))
    expect(uriel.page.get_by_role("status")).to_have_text(
        "The details are corrected. We’ve sent an email with what we have now."
    )
    uriel.see("Diego Vázquez")


def move_somebody(uriel: Trainer) -> None:
    with uriel.task("move somebody to another date"):
        uriel.follow(uriel.link("Carla Ruiz"))
        uriel.unfold("Move to another date")
        uriel.take("staff-person", "section.panel")
        uriel.follow(uriel.page.get_by_role("button", name="January 14"))
    expect(uriel.page.get_by_role("status")).to_have_text(
        "Moved to the other date. We’ve sent the email about it."
    )


def write_to_all(uriel: Trainer) -> None:
    with uriel.task("write to all in both languages"):
        uriel.follow(uriel.link("Message to all"))
        uriel.see("Message to all")
        uriel.write("Subject in English", "Bring your password")
        uriel.write("Text in English", "Hello!\n\nPlease try to sign in to MSIX before we meet.")
        uriel.write("Subject in Spanish", "Traiga su contraseña")
        uriel.write("Text in Spanish", "¡Hola!\n\nPor favor, intente entrar a MSIX antes de la sesión.")
        uriel.follow(uriel.button("Preview"))
        uriel.see("Look at your message")
        uriel.take("staff-message", ".letter")
        preview = uriel.page.locator("form", has=uriel.button("Send to 4 people"))
        sent = {
            field.get_attribute("name"): field.input_value()
            for field in preview.locator("[type=hidden]").all()
        }
        sent["occasion"] = uriel.button("Send to 4 people").get_attribute("value")
        uriel.follow(uriel.button("Send to 4 people"))
    expect(uriel.page.get_by_role("status")).to_have_text("Your message is on its way.")
    uriel.one.post(f"{ROSTER}message", sent)
    expect(uriel.page.get_by_role("status")).to_have_text(
        "This message was sent already: nothing was sent again."
    )


def take_attendance(uriel: Trainer) -> None:
    uriel.one.go("/register/staff/")
    uriel.take("staff-sessions", "h1")
    with uriel.task("tick two people and somebody who walks in"):
        uriel.follow(uriel.link("Take attendance"))
        uriel.see("Attendance")
        uriel.tick(uriel.page.get_by_label("Ana Núñez"))
        uriel.tick(uriel.page.get_by_label("Ben O’Brien"))
        uriel.take("staff-attendance", "h1")
        uriel.clicks += 1
        uriel.link("Add somebody").click()
        uriel.write("Name", "Fidel Gómez")
        uriel.follow(uriel.button("Add, and save the list"))
    expect(uriel.page.get_by_role("status")).to_have_text("Saved, and added to the list as present.")
    uriel.see("Attendance")


def upload_the_report(uriel: Trainer) -> None:
    uriel.one.go("/register/staff/")
    with uriel.task("tick from the report of Zoom"):
        uriel.follow(uriel.link("Take attendance"))
        uriel.fields += 1
        uriel.page.get_by_label("Report").set_input_files(
            {"name": "participants.csv", "mimeType": "text/csv", "buffer": REPORT.encode()}
        )
        uriel.follow(uriel.button("Read the report"))
        uriel.see("Attendance")
        uriel.choose("Ellie", "Elena Torres (Butte COE)")
        uriel.take("staff-report-read", "h1")
        uriel.tick(uriel.page.get_by_label("That’s everybody"))
        uriel.follow(uriel.button("Save"))
    expect(uriel.page.get_by_role("status")).to_have_text("Saved.")


@pytest.mark.long
def test_a_trainers_term_needs_no_terminal(windows: Windows, site: BuiltSite, tmp_path: Path) -> None:
    with (
        running(site, tmp_path) as function,
        visit(windows, function, **PHONE, java_script_enabled=False) as one,
    ):
        list_staff(tmp_path)
        uriel = Trainer(one, function, "mouse", "en", URIEL, Album("en", tmp_path))
        people_sign_up(function)
        with uriel.task("sign in from the email about a need"):
            assert "Intérprete de mixteco" in parts(uriel.newest("staff-needs"))["text/plain"]
            uriel.open(uriel.link_in("staff-needs", f"/staff/sessions/{ONLINE}/$"))
            uriel.sign_in()
        with uriel.task("open the roster"):
            uriel.follow(uriel.link("CA MSIX Overview").first)
        uriel.see("CA MSIX Overview")
        uriel.take("staff-roster", "h1")
        add_a_caller(uriel)
        one.go(ROSTER)
        correct_a_name(uriel)
        one.go(ROSTER)
        move_somebody(uriel)
        write_to_all(uriel)

        function.now = pacific(2026, 12, 3, 9, 50)
        one.go("/register/staff/")
        uriel.take("staff-sign-in")
        uriel.sign_in()
        take_attendance(uriel)
        function.now = pacific(2026, 12, 3, 11, 40)
        upload_the_report(uriel)
        with uriel.task("download the roster"):
            uriel.follow(uriel.page.get_by_role("navigation").get_by_role("link", name="Thu, Dec 3"))
            uriel.clicks += 1
            with one.page.expect_download() as download:
                uriel.link("Roster for Excel (CSV)").click()
        rows = csv.DictReader(StringIO(download.value.path().read_text("utf-8-sig")))
        assert {row["name"]: (row["state"], row["attended"]) for row in rows} == CAME

        function.now = pacific(2026, 12, 9, 7, 30)
        staff_messages.record(function.application.store, function.application.staff(), now=function.now)
        sheet = uriel.link_in("staff-roster", "/sheet$")
        one.go("/register/staff/")
        uriel.sign_in()
        with uriel.task("open the sign-in sheet from the email of the day before"):
            uriel.open(sheet)
        uriel.see("Sign-in sheet")
        uriel.take("staff-sheet", "h1")
        with uriel.task("read the report"):
            uriel.follow(one.page.get_by_role("navigation").get_by_role("link", name="Report"))
        uriel.see("Report")
        uriel.take("staff-counts", "h1")
        with uriel.task("sign out"):
            uriel.follow(uriel.button("Sign out"))
        expect(one.page.get_by_role("status")).to_have_text(uriel.words.signed_out)

        assert uriel.spent == COSTS
        assert function.roster(LATER) == [("Carla Ruiz", "confirmed")]
        assert sorted(each.action.value for each in function.application.store.trail(ONLINE)) == DONE
        announced = sorted(
            (str(mail["To"]), str(mail["Subject"]).partition(" (")[0])
            for mail in function.letterbox.mails()
            if kind_of(mail) == "announcement"
        )
        assert announced == ANNOUNCED
        assert sorted(uriel.album.names) == sorted(named_in(GUIDES["en"]))


def test_a_trainer_ticks_and_corrects_in_spanish_by_keyboard(
    windows: Windows, site: BuiltSite, tmp_path: Path
) -> None:
    with running(site, tmp_path) as function, visit(windows, function, **PHONE) as one:
        list_staff(tmp_path)
        yecenia = Trainer(one, function, "keyboard", "es", YECENIA, Album("es", tmp_path))
        people = ("Ana Núñez", "Ben O’Brien", "Carla Ruis")
        for name in people:
            function.sign_up(ADMINISTRATORS, name, f"{name[:3].lower()}@example.net")
        function.now = pacific(2027, 1, 12, 13, 30)
        one.go("/register/staff/?lang=es")
        yecenia.take("staff-sign-in")
        yecenia.sign_in()
        yecenia.take("staff-sessions", "h1")
        yecenia.follow(yecenia.link("Administrador de datos").first)
        yecenia.see("Administrador de datos")
        yecenia.take("staff-roster", "h1")
        yecenia.follow(yecenia.link("Carla Ruis"))
        yecenia.take("staff-person", "section.panel")
        yecenia.unfold("Corregir los datos")
        yecenia.write("Nombre completo", "Carla Ruiz")
        yecenia.follow(yecenia.button("Guardar"))
        yecenia.see("Carla Ruiz")
        expect(one.page.get_by_role("status")).to_have_text(
            "Los datos están corregidos. Enviamos un correo con los datos de ahora."
        )
        yecenia.follow(one.page.get_by_role("navigation").get_by_role("link", name="Sesiones"))
        yecenia.follow(yecenia.link("Pasar lista"))
        yecenia.see("Asistencia")
        for name in ("Ana Núñez", "Carla Ruiz"):
            yecenia.tick(one.page.get_by_label(name))
        yecenia.take("staff-attendance", "h1")
        yecenia.follow(yecenia.button("Guardar"))
        yecenia.see("Asistencia")
        expect(one.page.get_by_role("status")).to_have_text("Guardado.")
        yecenia.follow(yecenia.button("Salir"))
        yecenia.see("Entrar a las páginas del personal")
        expect(one.page.get_by_role("status")).to_have_text(yecenia.words.signed_out)

        came = {each.person.name: each.attended for each in function.application.store.roster(ADMINISTRATORS)}
        assert came == {"Ana Núñez": True, "Ben O’Brien": None, "Carla Ruiz": True}
        assert sorted(yecenia.album.names) == sorted(named_in(GUIDES["es"]))
