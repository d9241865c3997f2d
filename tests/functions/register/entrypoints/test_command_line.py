# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command line, as somebody types it: in a folder of its own, with the real site's build."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

from register.domain.counts import Counts
from register.entrypoints.command_line import main
from register.stores.sqlite.store import SQLiteStore
from tests.support.constants import HOUR, ROOT
from tests.support.emails import parsed, text_of
from tests.support.terminal import PARENTS, SESSION, Terminal


def test_every_command_explains_itself(terminal: Terminal) -> None:
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
        "restore",
        "roster",
        "serve",
        "staff",
        "sweep",
        "sync",
        "test-email",
    ]
    for name, command in main.commands.items():
        output = terminal.says(name, "--help")
        assert output.startswith(f"Usage: main {name}")
        assert (command.help or "").split("\n")[0].split(" ")[0] in output
        for option in command.params:
            assert not isinstance(option, click.Option) or option.help, (name, option.name)


def test_every_command_stands_in_the_manual() -> None:
    manual = (ROOT / "docs/operations.md").read_text(encoding="utf-8")

    assert [name for name in main.commands if f"`register {name}" not in manual] == []


def test_whoever_waits_is_told_of_other_dates_as_they_are_when_the_email_goes_out(terminal: Terminal) -> None:
    contract = terminal.contract()
    overviews = [one for one in contract["sessions"] if one["training"] == "overview"]
    for one in overviews[:2]:
        one["capacity"] = 1
    terminal.publish(contract)
    terminal.says("sync")
    for name in ("Ana", "Ben"):
        terminal.add(name, overviews[0]["id"])
    terminal.add("Cruz", overviews[1]["id"])
    terminal.add("Ben", overviews[2]["id"])  # who needs not be told of it
    terminal.add("Beto", overviews[3]["id"], email="ben@example.net")
    terminal.says("deliver")

    sent = [file.read_bytes() for file in (terminal.home / "var/mail").glob("*waiting-list*.eml")]
    [ben] = [text_of(parsed(content)) for content in sent]
    named = [one["id"] for one in contract["sessions"] if f"/schedule/{one['id']}/" in ben]
    assert named == [one["id"] for one in overviews[3:6]]


def test_the_doctor_sees_that_mail_has_nowhere_to_go(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTER_MAIL", "ftp://x")

    assert "!! email: REGISTER_MAIL does not say where email goes" in terminal.says("doctor", status=1)


def test_the_doctor_sees_that_pages_cannot_be_made(terminal: Terminal) -> None:
    site = json.loads((terminal.home / "build/site.json").read_bytes())
    del site["support_name"]
    (terminal.home / "build/site.json").write_text(json.dumps(site))

    assert (
        "!! pages: "
        f'{terminal.home}/build/site.json: "support_name" is missing; build the site anew'
        in terminal.says("doctor", status=1)
    )


def test_a_site_without_a_key_is_one_error_when_the_server_starts(terminal: Terminal, no_port: str) -> None:
    site = json.loads((terminal.home / "build/site.json").read_bytes())
    del site["support_name"]
    (terminal.home / "build/site.json").write_text(json.dumps(site))

    assert terminal.says("serve", "--output", str(terminal.home), "--port", no_port, status=1) == (
        f'Error: {terminal.home}/build/site.json: "support_name" is missing; build the site anew with this version of '
        "the program: make html, or make publish\n"
    )


def test_a_wrong_name_in_a_template_is_an_error_with_its_line_when_the_server_starts(
    terminal: Terminal, no_port: str
) -> None:
    (terminal.home / "theme").unlink()
    shutil.copytree(ROOT / "theme", terminal.home / "theme")
    template = terminal.home / "theme/templates/signup_message.html"
    template.write_text(template.read_text().replace("{{ page.title }}", "{{ page.titel }}"))
    problem = 'theme/templates/signup_message.html:6: Page has no "titel"; did you mean "title"?\n'

    served = terminal.says("serve", "--output", str(terminal.home), "--port", no_port, status=1)
    assert served == f"Error: {problem}"
    assert f"!! pages: {problem}" in terminal.says("doctor", status=1)


def test_a_site_that_is_not_there_is_not_served(terminal: Terminal) -> None:
    assert "nosuch is not there; run make publish" in terminal.says("serve", "--output", "nosuch", status=1)


def test_the_doctor_compares_with_the_built_schedule(terminal: Terminal) -> None:
    contract = terminal.contract()
    contract["sessions"][-1]["capacity"] += 1
    terminal.publish(contract)

    assert "!! schedule: 1 sessions are not as in the build; run register sync" in terminal.says(
        "doctor", status=1
    )
    terminal.says("sync")
    assert "schedule:" not in terminal.says("doctor")


def test_the_doctor_says_that_the_store_does_not_answer(terminal: Terminal) -> None:
    (terminal.home / "var/register.sqlite3").write_bytes(b"this is no database at all" * 100)

    output = terminal.says("doctor", status=1)
    assert "file is not a database" in output


def test_a_sync_says_what_it_did_and_a_second_one_that_there_was_nothing(terminal: Terminal) -> None:
    terminal.add("Ana")
    contract = terminal.contract()
    one = next(one for one in contract["sessions"] if one["id"] == SESSION)
    one["status"] = "cancelled"
    terminal.publish(contract)

    wanted = f"{SESSION}: is canceled, was scheduled\n{SESSION}: 1 email\n"
    assert terminal.says("sync", "--dry-run") == f"{wanted}would change 1 sessions and send 1 email\n"
    assert terminal.says("sync") == f"{wanted}1 sessions changed, 1 email written\n"
    assert terminal.says("sync") == "0 sessions changed, 0 emails written\n"


def test_a_session_that_vanished_with_people_in_it_ends_in_status_three(terminal: Terminal) -> None:
    terminal.add("Ana")
    contract = terminal.contract()
    contract["sessions"] = [one for one in contract["sessions"] if one["id"] not in {SESSION, PARENTS}]
    terminal.publish(contract)

    result = terminal.run("sync")

    assert result.exit_code == 3
    assert (
        f"warning: {SESSION}: is no longer in the schedule, but 1 are confirmed and 0 wait" in result.stderr
    )
    assert (
        f"{PARENTS}: is no longer in the schedule, and nobody is signed up: it will be deleted"
        in result.stdout
    )


def test_reminders_and_the_sweep_say_how_much_there_was(terminal: Terminal) -> None:
    assert terminal.says("remind") == "0 reminders written\n"
    assert terminal.says("sweep") == "0 emails about changes, 0 people promoted, 0 rows deleted\n"


@pytest.mark.parametrize("words", [("sweep",), ("forget", "ana@example.net", "--yes")])
def test_counts_are_kept_of_what_is_over_by_the_organizations_that_the_site_lists(
    terminal: Terminal, words: tuple[str, ...]
) -> None:
    terminal.add("Ana", organization="sample county OFFICE of education")
    terminal.add("Ben")
    with closing(SQLiteStore(terminal.home / "var/register.sqlite3")) as store:
        here, now = store.session(SESSION), datetime.now(UTC)
        over = replace(here.terms, starts=now - 2 * HOUR, closes=now - 2 * HOUR, ends=now - HOUR)
        store.sync_session(over, None, expected=here)

    terminal.says(*words)

    with closing(SQLiteStore(terminal.home / "var/register.sqlite3")) as store:
        (counts,) = store.counts(now - 24 * HOUR)
    assert counts.organizations == {
        "Sample County Office of Education": Counts(confirmed=1),
        "other": Counts(confirmed=1),
    }


@pytest.mark.parametrize(
    "words", [("roster", "none"), ("add", "none", "--name", "A", "--email", "a@example.net")]
)
def test_an_unknown_session_is_an_error_in_one_line(terminal: Terminal, words: tuple[str, ...]) -> None:
    assert (
        terminal.says(*words, status=1)
        == "Error: no session 'none'; see the schedule for the ones there are\n"
    )


def test_without_a_build_the_error_says_what_to_run(tmp_path: Path) -> None:
    output = Terminal(tmp_path).says("sync", status=1)

    assert (
        output
        == f"Error: {tmp_path}/build/schedule.json is not there; run make html (or make publish) first\n"
    )


def test_the_doctor_says_that_a_build_cannot_be_read(terminal: Terminal) -> None:
    schedule, site = (terminal.home / "build" / name for name in ("schedule.json", "site.json"))
    schedule.write_text("{")
    assert (
        f"!! schedule: cannot be compared with the store: {schedule} cannot be read (JSONDecodeError); "
        "build the site again\n"
    ) in terminal.says("doctor", status=1)
    site.write_text("[]")

    assert f"!! pages: {site}: " in terminal.says("doctor", status=1)
