# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff type for people who call."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from tests.support.terminal import PARENTS, SESSION, Terminal


def test_staff_sign_up_and_the_roster_shows_it(terminal: Terminal) -> None:
    assert terminal.add("Ana") == f"{SESSION}: confirmed\n"
    assert terminal.add("Ana") == f"{SESSION}: confirmed (was signed up already)\n"

    table = terminal.says("roster", SESSION)
    assert table.split("\n")[0].split() == [
        "state",
        "place",
        "name",
        "email",
        "organization",
        "role",
        "language",
        "needs",
        "signed_up",
        "changed_by",
        "attended",
    ]
    [_, row] = csv.reader(io.StringIO(terminal.says("roster", SESSION, "--csv"), newline=""))
    assert row[:7] == ["confirmed", "", "Ana", "ana@example.net", "Yolo COE", "recruiter", "en"]
    assert row[-2:] == ["staff", ""]


def test_the_roster_goes_into_a_file_that_excel_reads(terminal: Terminal, tmp_path: Path) -> None:
    terminal.add("Ana Núñez", email="ana@example.net")

    assert "ends in .csv" in terminal.says("roster", SESSION, "--output", "r.xlsx", status=2)
    assert terminal.says("roster", SESSION, "--output", str(tmp_path / "r.csv")).endswith("r.csv: 1 people\n")

    data = (tmp_path / "r.csv").read_bytes()
    assert data.startswith("\ufeffstate,place,name".encode())
    assert "Ana Núñez".encode() in data


def test_a_full_session_gives_a_place_in_the_line(terminal: Terminal) -> None:
    seats = next(one["capacity"] for one in terminal.contract()["sessions"] if one["id"] == SESSION)
    for number in range(seats):
        terminal.add("P" + chr(ord("a") + number))

    assert terminal.add("Late") == f"{SESSION}: waitlisted, number 1\n"
    assert terminal.says("cancel", SESSION, "pa@example.net") == f"{SESSION}: canceled\n"
    [late] = (row.split() for row in terminal.says("roster", SESSION).split("\n") if "late@" in row)
    assert (late[0], late[1], late[-1]) == ("confirmed", "Late", "schedule")
    [gone] = (row.split() for row in terminal.says("roster", SESSION).split("\n") if "pa@" in row)
    assert (gone[0], gone[-1]) == ("cancelled", "staff")


def test_parents_are_asked_for_no_role(terminal: Terminal) -> None:
    words = ("add", PARENTS, "--name", "Rosa", "--email", "rosa@example.net", "--language", "es")

    assert terminal.says(*words) == f"{PARENTS}: confirmed\n"


def test_a_listed_organization_is_kept_as_it_is_listed(terminal: Terminal) -> None:
    terminal.add("Ana", organization="sample county OFFICE of education.")
    terminal.add("Bo", organization="Yolo COE")
    terminal.says(
        "correct",
        SESSION,
        "--email",
        "bo@example.net",
        "--new-organization",
        "SAMPLE COUNTY - Office of Education",
    )

    listed = "Sample County Office of Education"
    rows = csv.DictReader(io.StringIO(terminal.says("roster", SESSION, "--csv")))
    assert [row["organization"] for row in rows] == [listed, listed]


def test_what_is_missing_is_named_by_its_option(terminal: Terminal) -> None:
    output = terminal.says("add", SESSION, "--name", "Ana", "--email", "ana@example", status=2)

    for option in ("--email: ", "--organization: ", "--role: "):
        assert option in output


def test_mail_goes_into_the_folder_and_once_more_on_request(terminal: Terminal) -> None:
    terminal.add("Ana")
    assert terminal.says("deliver") == "1 sent, 0 to be tried again, 0 given up\n"
    [mail] = (terminal.home / "var/mail").glob("*.eml")
    assert b"http://localhost:8000/register/manage/" in mail.read_bytes().replace(b"=\r\n", b"")

    # Where the hour turns between the two there is another answer; a second try then gives this one.
    tries = [terminal.run("resend", SESSION, "ana@example.net") for _ in range(2)]
    assert tries[1].exit_code == 1
    assert "this email went out less than an hour ago" in tries[1].output


def test_a_family_with_one_address_is_told_apart_by_name(terminal: Terminal) -> None:
    terminal.add("Ana", email="cruz@example.net")
    terminal.add("Bo", email="cruz@example.net")

    output = terminal.says("cancel", SESSION, "cruz@example.net", status=1)
    assert "2 people share this email address; give the name too" in output
    assert terminal.says("cancel", SESSION, "CRUZ@example.net", "--name", "bo") == f"{SESSION}: canceled\n"
    assert [row.split()[0] for row in terminal.says("roster", SESSION).split("\n")[1:3]] == [
        "confirmed",
        "cancelled",
    ]


def test_somebody_is_corrected_by_the_rules_of_the_form(terminal: Terminal) -> None:
    terminal.add("Ana", email="ana@gmial.com")
    who = ("correct", SESSION, "--email", "ANA@gmial.com")

    assert "say what to correct: --new-name, --new-email," in terminal.says(*who, status=2)
    assert "--new-name: " in terminal.says(*who, "--new-name", "Ana 2", status=2)
    same = f"{SESSION}: all of that was kept already; nothing has changed\n"
    assert terminal.says(*who, "--name", "ana", "--new-role", "recruiter") == same
    assert terminal.says(*who, "--new-name", "Anna", "--new-language", "es") == f"{SESSION}: corrected\n"
    dead = "; the links that were sent before no longer work"
    assert terminal.says(*who, "--new-email", "ana@gmail.com") == f"{SESSION}: corrected{dead}\n"
    terminal.add("Eva", email="ana@gmail.com")
    taken = terminal.says(
        "correct", SESSION, "--email", "ana@gmail.com", "--name", "Eva", "--new-name", "Anna", status=1
    )
    assert "this name is signed up with this email address already; cancel one of the two" in taken
    row = next(csv.DictReader(io.StringIO(terminal.says("roster", SESSION, "--csv"))))
    assert (row["name"], row["email"], row["language"]) == ("Anna", "ana@gmail.com", "es")


def test_somebody_moves_to_another_date_of_the_training(terminal: Terminal) -> None:
    there = "2027-01-28-secondary-user"
    terminal.add("Ana")
    who = ("--email", "ana@example.net", "--name", "Ana", "--to")

    assert "is no date of the training" in terminal.says("move", SESSION, *who, PARENTS, status=1)
    assert terminal.says("move", SESSION, *who, there) == f"{there}: confirmed; canceled in {SESSION}\n"
    terminal.add("Ana")
    again = f"{there}: was signed up there already; nothing has changed\n"
    assert terminal.says("move", SESSION, *who, there) == again


def test_staff_sign_somebody_up_after_closing(terminal: Terminal) -> None:
    contract = terminal.contract()
    one = next(one for one in contract["sessions"] if one["id"] == SESSION)
    one["registration_closes"] = "2026-01-01T00:00:00Z"
    terminal.publish(contract)
    terminal.says("sync")
    words = ("--name", "Ana", "--email", "ana@example.net", "--organization", "Yolo COE", "--role", "other")

    assert "sign-up closed at 2026-01-01" in terminal.says("add", SESSION, *words, status=1)
    assert terminal.says("add", SESSION, *words, "--late") == f"{SESSION}: confirmed\n"


def test_staff_give_a_seat_over_capacity_once_they_have_seen_the_numbers(terminal: Terminal) -> None:
    contract = terminal.contract()
    next(one for one in contract["sessions"] if one["id"] == SESSION)["capacity"] = 1
    terminal.publish(contract)
    terminal.says("sync")
    terminal.add("Ana")
    terminal.add("Ben")
    words = (
        "--email",
        "office@example.net",
        "--organization",
        "Yolo COE",
        "--role",
        "other",
        "--over-capacity",
    )

    asked = terminal.run("add", SESSION, "--name", "Cruz", *words, typed="n\n")
    assert (asked.exit_code, asked.stdout.partition(" [y/N]")[0]) == (
        1,
        f"{SESSION}: 1 of 1 seats are taken, 1 people wait. Give this person a seat?",
    )
    assert "Cruz" not in terminal.says("roster", SESSION)
    seated = terminal.run("add", SESSION, "--name", "Cruz", *words, typed="y\n")
    assert seated.stdout.endswith(f"{SESSION}: confirmed\n")
    assert terminal.says("add", SESSION, "--name", "Dee", *words, "--yes") == f"{SESSION}: confirmed\n"
