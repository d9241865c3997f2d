# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command line, as somebody types it: in a folder of its own, with the real site's build."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from register.domain.counts import Counts
from register.entrypoints.command_line import main
from register.stores.sqlite.store import SQLiteStore
from tests.support.builders import claim_all
from tests.support.built_site import BuiltSite
from tests.support.constants import HOUR, ROOT
from tests.support.emails import parsed, text_of

SESSION = "2026-12-10-secondary-user"
PARENTS = "2026-12-08-parents"
CLOSED = "2026-12-02-user-administrator"


class Desk:
    """A folder with a build, and a terminal in it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._runner = CliRunner()

    def run(self, *words: str, typed: str | None = None) -> Result:
        """Run a command; an exception that is no answer of the command line is a failure."""
        environment = {"REGISTER_HOME": str(self.home), "REGISTER_SECRET": "s" * 32}
        result = self._runner.invoke(main, [*words], env=environment, input=typed)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        # SQLite deletes it when the last connection is closed.
        assert not (self.home / "var/register.sqlite3-wal").exists()
        return result

    def says(self, *words: str, status: int = 0) -> str:
        """Run a command that ends with a status, and return what it prints."""
        result = self.run(*words)
        assert result.exit_code == status, result.output
        return result.output if status else result.stdout

    def add(self, name: str, session: str = SESSION, **options: str) -> str:
        """Sign somebody up."""
        given = {"email": f"{name.casefold()}@example.net", "organization": "Yolo COE", "role": "recruiter"}
        words = [part for key, value in (given | options).items() for part in (f"--{key}", value)]
        return self.says("add", session, "--name", name, *words)

    def give_up(self, problem: str) -> None:
        """Let all mail that is due be refused for good."""
        with closing(SQLiteStore(self.home / "var/register.sqlite3")) as store:
            now = datetime.now(UTC)
            for one in claim_all(store, now=now):
                store.settle_failed(one.message, now=now, problem=problem)

    def contract(self) -> dict:
        """Return the schedule that sync reads."""
        return json.loads((self.home / "build/schedule.json").read_bytes())

    def publish(self, contract: dict) -> None:
        """Put another schedule in its place."""
        (self.home / "build/schedule.json").write_text(json.dumps(contract))


@pytest.fixture
def desk(tmp_path: Path, site: BuiltSite) -> Desk:
    """A desk whose schedule lies in the future, whatever day it is, and is synced."""
    shutil.copytree(site.private, tmp_path / "build")
    (tmp_path / "theme").symlink_to(ROOT / "theme")
    desk = Desk(tmp_path)
    contract = desk.contract()
    for one in contract["sessions"]:
        for key in ("start", "end", "registration_closes"):
            one[key] = re.sub(r"^\d{4}", lambda year: str(int(year[0]) + 100), one[key])
    desk.publish(contract)
    desk.says("sync")
    return desk


def test_every_command_explains_itself(desk: Desk) -> None:
    assert sorted(main.commands) == [
        "add",
        "backup",
        "bounced",
        "cancel",
        "correct",
        "deliver",
        "doctor",
        "export",
        "failed",
        "forget",
        "move",
        "remind",
        "resend",
        "roster",
        "serve",
        "staff",
        "sweep",
        "sync",
    ]
    for name, command in main.commands.items():
        output = desk.says(name, "--help")
        assert output.startswith(f"Usage: main {name}")
        assert (command.help or "").split("\n")[0].split(" ")[0] in output
        for option in command.params:
            assert not isinstance(option, click.Option) or option.help, (name, option.name)


def test_every_command_stands_in_the_manual() -> None:
    manual = (ROOT / "docs/operations.md").read_text(encoding="utf-8")

    assert [name for name in main.commands if f"`register {name}" not in manual] == []


def test_staff_sign_up_and_the_roster_shows_it(desk: Desk) -> None:
    assert desk.add("Ana") == f"{SESSION}: confirmed\n"
    assert desk.add("Ana") == f"{SESSION}: confirmed (was signed up already)\n"

    table = desk.says("roster", SESSION)
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
    [_, row] = csv.reader(io.StringIO(desk.says("roster", SESSION, "--csv"), newline=""))
    assert row[:7] == ["confirmed", "", "Ana", "ana@example.net", "Yolo COE", "recruiter", "en"]
    assert row[-2:] == ["staff", ""]


def test_the_roster_goes_into_a_file_that_excel_reads(desk: Desk, tmp_path: Path) -> None:
    desk.add("Ana Núñez", email="ana@example.net")

    assert "ends in .csv" in desk.says("roster", SESSION, "--output", "r.xlsx", status=2)
    assert desk.says("roster", SESSION, "--output", str(tmp_path / "r.csv")).endswith("r.csv: 1 people\n")

    data = (tmp_path / "r.csv").read_bytes()
    assert data.startswith("\ufeffstate,place,name".encode())
    assert "Ana Núñez".encode() in data


def test_a_full_session_gives_a_place_in_the_line(desk: Desk) -> None:
    seats = next(one["capacity"] for one in desk.contract()["sessions"] if one["id"] == SESSION)
    for number in range(seats):
        desk.add("P" + chr(ord("a") + number))

    assert desk.add("Late") == f"{SESSION}: waitlisted, number 1\n"
    assert desk.says("cancel", SESSION, "pa@example.net") == f"{SESSION}: canceled\n"
    [late] = (row.split() for row in desk.says("roster", SESSION).split("\n") if "late@" in row)
    assert (late[0], late[1], late[-1]) == ("confirmed", "Late", "schedule")
    [gone] = (row.split() for row in desk.says("roster", SESSION).split("\n") if "pa@" in row)
    assert (gone[0], gone[-1]) == ("cancelled", "staff")


def test_whoever_waits_is_told_of_other_dates_as_they_are_when_the_email_goes_out(desk: Desk) -> None:
    contract = desk.contract()
    overviews = [one for one in contract["sessions"] if one["training"] == "overview"]
    for one in overviews[:2]:
        one["capacity"] = 1
    desk.publish(contract)
    desk.says("sync")
    for name in ("Ana", "Ben"):
        desk.add(name, overviews[0]["id"])
    desk.add("Cruz", overviews[1]["id"])
    desk.add("Ben", overviews[2]["id"])  # who needs not be told of it
    desk.add("Beto", overviews[3]["id"], email="ben@example.net")
    desk.says("deliver")

    sent = [file.read_bytes() for file in (desk.home / "var/mail").glob("*waiting-list*.eml")]
    [ben] = [text_of(parsed(content)) for content in sent]
    named = [one["id"] for one in contract["sessions"] if f"/schedule/{one['id']}/" in ben]
    assert named == [one["id"] for one in overviews[3:6]]


def test_parents_are_asked_for_no_role(desk: Desk) -> None:
    words = ("add", PARENTS, "--name", "Rosa", "--email", "rosa@example.net", "--language", "es")

    assert desk.says(*words) == f"{PARENTS}: confirmed\n"


def test_a_listed_organization_is_kept_as_it_is_listed(desk: Desk) -> None:
    desk.add("Ana", organization="sample county OFFICE of education.")
    desk.add("Bo", organization="Yolo COE")
    desk.says(
        "correct",
        SESSION,
        "--email",
        "bo@example.net",
        "--new-organization",
        "SAMPLE COUNTY - Office of Education",
    )

    listed = "Sample County Office of Education"
    rows = csv.DictReader(io.StringIO(desk.says("roster", SESSION, "--csv")))
    assert [row["organization"] for row in rows] == [listed, listed]


def test_what_is_missing_is_named_by_its_option(desk: Desk) -> None:
    output = desk.says("add", SESSION, "--name", "Ana", "--email", "ana@example", status=2)

    for option in ("--email: ", "--organization: ", "--role: "):
        assert option in output


def test_mail_goes_into_the_folder_and_once_more_on_request(desk: Desk) -> None:
    desk.add("Ana")
    assert desk.says("deliver") == "1 sent, 0 to be tried again, 0 given up\n"
    [mail] = (desk.home / "var/mail").glob("*.eml")
    assert b"http://localhost:8000/register/manage/" in mail.read_bytes().replace(b"=\r\n", b"")

    # Where the hour turns between the two there is another answer; a second try then gives this one.
    tries = [desk.run("resend", SESSION, "ana@example.net") for _ in range(2)]
    assert tries[1].exit_code == 1
    assert "this email went out less than an hour ago" in tries[1].output


def test_a_family_with_one_address_is_told_apart_by_name(desk: Desk) -> None:
    desk.add("Ana", email="cruz@example.net")
    desk.add("Bo", email="cruz@example.net")

    output = desk.says("cancel", SESSION, "cruz@example.net", status=1)
    assert "2 people share this email address; give the name too" in output
    assert desk.says("cancel", SESSION, "CRUZ@example.net", "--name", "bo") == f"{SESSION}: canceled\n"
    assert [row.split()[0] for row in desk.says("roster", SESSION).split("\n")[1:3]] == [
        "confirmed",
        "cancelled",
    ]


def test_somebody_is_corrected_by_the_rules_of_the_form(desk: Desk) -> None:
    desk.add("Ana", email="ana@gmial.com")
    who = ("correct", SESSION, "--email", "ANA@gmial.com")

    assert "say what to correct: --new-name, --new-email," in desk.says(*who, status=2)
    assert "--new-name: " in desk.says(*who, "--new-name", "Ana 2", status=2)
    same = f"{SESSION}: all of that was kept already; nothing has changed\n"
    assert desk.says(*who, "--name", "ana", "--new-role", "recruiter") == same
    assert desk.says(*who, "--new-name", "Anna", "--new-language", "es") == f"{SESSION}: corrected\n"
    dead = "; the links that were sent before no longer work"
    assert desk.says(*who, "--new-email", "ana@gmail.com") == f"{SESSION}: corrected{dead}\n"
    desk.add("Eva", email="ana@gmail.com")
    taken = desk.says(
        "correct", SESSION, "--email", "ana@gmail.com", "--name", "Eva", "--new-name", "Anna", status=1
    )
    assert "this name is signed up with this email address already; cancel one of the two" in taken
    row = next(csv.DictReader(io.StringIO(desk.says("roster", SESSION, "--csv"))))
    assert (row["name"], row["email"], row["language"]) == ("Anna", "ana@gmail.com", "es")


def test_somebody_moves_to_another_date_of_the_training(desk: Desk) -> None:
    there = "2027-01-28-secondary-user"
    desk.add("Ana")
    who = ("--email", "ana@example.net", "--name", "Ana", "--to")

    assert "is no date of the training" in desk.says("move", SESSION, *who, PARENTS, status=1)
    assert desk.says("move", SESSION, *who, there) == f"{there}: confirmed; canceled in {SESSION}\n"
    desk.add("Ana")
    again = f"{there}: was signed up there already; nothing has changed\n"
    assert desk.says("move", SESSION, *who, there) == again


def test_one_address_is_given_out_and_forgotten(desk: Desk) -> None:
    desk.add("Ana")
    data = json.loads(desk.says("export", "ana@example.net"))
    assert [one["person"]["name"] for one in data["registrations"]] == ["Ana"]

    assert desk.run("forget", "ana@example.net", typed="n\n").exit_code == 1
    assert "Ana" in desk.says("roster", SESSION)
    unsent = (
        "1 cancellations are still to be sent: they keep the email address and no name, and go when they are sent, "
        "or after three days\n"
    )
    assert desk.says("forget", "ana@example.net", "--yes") == f"1 sign-ups erased\n{unsent}"
    assert "Ana" not in desk.says("roster", SESSION)
    assert desk.says("forget", "ana@example.net", "--yes") == f"0 sign-ups erased\n{unsent}"
    desk.says("deliver")
    assert "nothing is kept" in desk.says("forget", "ana@example.net", "--yes", status=1)


def test_the_doctor_is_content_and_then_tells_of_mail_that_came_back(desk: Desk) -> None:
    desk.add("Ana")
    assert "!!" not in desk.says("doctor")

    assert desk.says("bounced", "ana@example.net", "550 no such mailbox") == "1 sign-ups marked\n"
    assert f"!! {SESSION} (confirmed): email bounced: 550 no such mailbox" in desk.says("doctor", status=1)
    listed = f"{SESSION}  Ana  ana@example.net  confirmed: bounced: 550 no such mailbox\n"
    assert desk.says("failed") == listed
    assert desk.says("failed", "--dismiss") == f"{listed}1 emails dismissed\n"
    assert desk.says("failed") == ""
    assert "!!" not in desk.says("doctor")


def test_the_doctor_sees_that_mail_has_nowhere_to_go(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTER_MAIL", "ftp://x")

    assert "!! email: REGISTER_MAIL does not say where email goes" in desk.says("doctor", status=1)


def test_the_doctor_sees_that_pages_cannot_be_made(desk: Desk) -> None:
    site = json.loads((desk.home / "build/site.json").read_bytes())
    del site["support_name"]
    (desk.home / "build/site.json").write_text(json.dumps(site))

    assert (
        "!! pages: "
        f'{desk.home}/build/site.json: "support_name" is missing; build the site anew'
        in desk.says("doctor", status=1)
    )


@pytest.fixture
def no_port() -> Iterator[str]:
    """A port that is taken: a server that should not start does not, and tells another error."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield str(taken.getsockname()[1])


def test_a_site_without_a_key_is_one_error_when_the_server_starts(desk: Desk, no_port: str) -> None:
    site = json.loads((desk.home / "build/site.json").read_bytes())
    del site["support_name"]
    (desk.home / "build/site.json").write_text(json.dumps(site))

    assert desk.says("serve", "--output", str(desk.home), "--port", no_port, status=1) == (
        f'Error: {desk.home}/build/site.json: "support_name" is missing; build the site anew with this version of '
        "the program: make html, or make publish\n"
    )


def test_a_wrong_name_in_a_template_is_an_error_with_its_line_when_the_server_starts(
    desk: Desk, no_port: str
) -> None:
    (desk.home / "theme").unlink()
    shutil.copytree(ROOT / "theme", desk.home / "theme")
    template = desk.home / "theme/templates/signup_message.html"
    template.write_text(template.read_text().replace("{{ page.title }}", "{{ page.titel }}"))
    problem = 'theme/templates/signup_message.html:6: Page has no "titel"; did you mean "title"?\n'

    served = desk.says("serve", "--output", str(desk.home), "--port", no_port, status=1)
    assert served == f"Error: {problem}"
    assert f"!! pages: {problem}" in desk.says("doctor", status=1)


def test_a_site_that_is_not_there_is_not_served(desk: Desk) -> None:
    assert "nosuch is not there; run make publish" in desk.says("serve", "--output", "nosuch", status=1)


def test_mail_that_was_given_up_is_listed_tried_again_or_dismissed(desk: Desk) -> None:
    desk.add("Ana")
    desk.give_up("554 relay denied")
    listed = f"{SESSION}  Ana  ana@example.net  confirmation: 554 relay denied\n"

    assert desk.says("failed") == listed
    assert desk.says("failed", "--retry") == f"{listed}1 emails are due again\n"
    assert desk.says("deliver") == "1 sent, 0 to be tried again, 0 given up\n"
    desk.add("Ben")
    desk.give_up("550 no such mailbox")
    assert desk.says("failed", "--dismiss").endswith("1 emails dismissed\n")
    assert desk.says("failed") == ""
    assert desk.says("deliver") == "0 sent, 0 to be tried again, 0 given up\n"


def test_the_doctor_compares_with_the_built_schedule(desk: Desk) -> None:
    contract = desk.contract()
    contract["sessions"][-1]["capacity"] += 1
    desk.publish(contract)

    assert "!! schedule: 1 sessions are not as in the build; run register sync" in desk.says(
        "doctor", status=1
    )
    desk.says("sync")
    assert "schedule:" not in desk.says("doctor")


def test_staff_sign_somebody_up_after_closing(desk: Desk) -> None:
    contract = desk.contract()
    one = next(one for one in contract["sessions"] if one["id"] == SESSION)
    one["registration_closes"] = "2026-01-01T00:00:00Z"
    desk.publish(contract)
    desk.says("sync")
    words = ("--name", "Ana", "--email", "ana@example.net", "--organization", "Yolo COE", "--role", "other")

    assert "sign-up closed at 2026-01-01" in desk.says("add", SESSION, *words, status=1)
    assert desk.says("add", SESSION, *words, "--late") == f"{SESSION}: confirmed\n"


def test_staff_give_a_seat_over_capacity_once_they_have_seen_the_numbers(desk: Desk) -> None:
    contract = desk.contract()
    next(one for one in contract["sessions"] if one["id"] == SESSION)["capacity"] = 1
    desk.publish(contract)
    desk.says("sync")
    desk.add("Ana")
    desk.add("Ben")
    words = (
        "--email",
        "office@example.net",
        "--organization",
        "Yolo COE",
        "--role",
        "other",
        "--over-capacity",
    )

    asked = desk.run("add", SESSION, "--name", "Cruz", *words, typed="n\n")
    assert (asked.exit_code, asked.stdout.partition(" [y/N]")[0]) == (
        1,
        f"{SESSION}: 1 of 1 seats are taken, 1 people wait. Give this person a seat?",
    )
    assert "Cruz" not in desk.says("roster", SESSION)
    seated = desk.run("add", SESSION, "--name", "Cruz", *words, typed="y\n")
    assert seated.stdout.endswith(f"{SESSION}: confirmed\n")
    assert desk.says("add", SESSION, "--name", "Dee", *words, "--yes") == f"{SESSION}: confirmed\n"


@pytest.mark.parametrize("command", ["export", "forget"])
def test_an_address_is_found_however_it_is_written_and_a_stranger_is_an_error(
    desk: Desk, command: str
) -> None:
    desk.add("Uli", email="uli@münchen.example")
    words = ("--yes",) if command == "forget" else ()

    assert "nothing is kept about x@example.net" in desk.says(command, "x@example.net", *words, status=1)
    assert "that is no email address" in desk.says(command, "Uli <uli@example.net>", *words, status=2)
    desk.says(command, " ULI@MÜNCHEN.example ", *words)


def test_the_doctor_says_that_the_store_does_not_answer(desk: Desk) -> None:
    (desk.home / "var/register.sqlite3").write_bytes(b"this is no database at all" * 100)

    output = desk.says("doctor", status=1)
    assert "file is not a database" in output


def test_a_sync_says_what_it_did_and_a_second_one_that_there_was_nothing(desk: Desk) -> None:
    desk.add("Ana")
    contract = desk.contract()
    one = next(one for one in contract["sessions"] if one["id"] == SESSION)
    one["status"] = "cancelled"
    desk.publish(contract)

    wanted = f"{SESSION}: is canceled, was scheduled\n{SESSION}: 1 email\n"
    assert desk.says("sync", "--dry-run") == f"{wanted}would change 1 sessions and send 1 email\n"
    assert desk.says("sync") == f"{wanted}1 sessions changed, 1 email written\n"
    assert desk.says("sync") == "0 sessions changed, 0 emails written\n"


def test_a_session_that_vanished_with_people_in_it_ends_in_status_three(desk: Desk) -> None:
    desk.add("Ana")
    contract = desk.contract()
    contract["sessions"] = [one for one in contract["sessions"] if one["id"] not in {SESSION, PARENTS}]
    desk.publish(contract)

    result = desk.run("sync")

    assert result.exit_code == 3
    assert (
        f"warning: {SESSION}: is no longer in the schedule, but 1 are confirmed and 0 wait" in result.stderr
    )
    assert (
        f"{PARENTS}: is no longer in the schedule, and nobody is signed up: it will be deleted"
        in result.stdout
    )


def test_reminders_and_the_sweep_say_how_much_there_was(desk: Desk) -> None:
    assert desk.says("remind") == "0 reminders written\n"
    assert desk.says("sweep") == "0 emails about changes, 0 people promoted, 0 rows deleted\n"


@pytest.mark.parametrize("words", [("sweep",), ("forget", "ana@example.net", "--yes")])
def test_counts_are_kept_of_what_is_over_by_the_organizations_that_the_site_lists(
    desk: Desk, words: tuple[str, ...]
) -> None:
    desk.add("Ana", organization="sample county OFFICE of education")
    desk.add("Ben")
    with closing(SQLiteStore(desk.home / "var/register.sqlite3")) as store:
        here, now = store.session(SESSION), datetime.now(UTC)
        over = replace(here.terms, starts=now - 2 * HOUR, closes=now - 2 * HOUR, ends=now - HOUR)
        store.sync_session(over, None, expected=here)

    desk.says(*words)

    with closing(SQLiteStore(desk.home / "var/register.sqlite3")) as store:
        (counts,) = store.counts(now - 24 * HOUR)
    assert counts.organizations == {
        "Sample County Office of Education": Counts(confirmed=1),
        "other": Counts(confirmed=1),
    }


def test_a_backup_holds_everything_and_can_be_put_back(desk: Desk) -> None:
    desk.add("Ana")
    copy = desk.home / "backup.sqlite3"
    assert f"{copy}: " in desk.says("backup", str(copy))
    assert "is there already" in desk.says("backup", str(copy), status=1)

    for file in (desk.home / "var").glob("register.sqlite3*"):
        file.unlink()
    copy.rename(desk.home / "var/register.sqlite3")

    assert "Ana" in desk.says("roster", SESSION)
    assert desk.add("Ben") == f"{SESSION}: confirmed\n"


@pytest.mark.parametrize(
    "words", [("roster", "none"), ("add", "none", "--name", "A", "--email", "a@example.net")]
)
def test_an_unknown_session_is_an_error_in_one_line(desk: Desk, words: tuple[str, ...]) -> None:
    assert (
        desk.says(*words, status=1) == "Error: no session 'none'; see the schedule for the ones there are\n"
    )


def test_without_a_build_the_error_says_what_to_run(tmp_path: Path) -> None:
    output = Desk(tmp_path).says("sync", status=1)

    assert (
        output
        == f"Error: {tmp_path}/build/schedule.json is not there; run make html (or make publish) first\n"
    )


def test_the_doctor_says_that_a_build_cannot_be_read(desk: Desk) -> None:
    schedule, site = (desk.home / "build" / name for name in ("schedule.json", "site.json"))
    schedule.write_text("{")
    assert (
        f"!! schedule: cannot be compared with the store: {schedule} cannot be read (JSONDecodeError); "
        "build the site again\n"
    ) in desk.says("doctor", status=1)
    site.write_text("[]")

    assert f"!! pages: {site}: " in desk.says("doctor", status=1)
