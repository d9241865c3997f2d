# SPDX-License-Identifier: AGPL-3.0-or-later
"""`register doctor` in a folder: what it finds there, and what a monitor hears of it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import dns.resolver
import pytest
from werkzeug.test import Client

from register.bootstrap import Application, from_environment
from register.entrypoints.notes import noticing_a_front
from register.stores.sqlite.store import SQLiteStore
from tests.support.constants import HOUR
from tests.support.dns_server import knowing
from tests.support.documented import run
from tests.support.terminal import Terminal

SITE = "https://trainings.your-office.org"


def for_production(terminal: Terminal) -> None:
    """Keep that the public's sign-ups are in the folder's database."""
    with closing(SQLiteStore(terminal.home / "var/register.sqlite3")) as store:
        store.database.mark_for_production()


@pytest.fixture
def production(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """A folder as the public's is, whose emails go to a server, and whose sender's domain DNS knows."""
    for_production(terminal)
    for name, key in (("site.json", "url"), ("schedule.json", "site_url")):
        file = terminal.home / "build" / name
        file.write_text(json.dumps(json.loads(file.read_bytes()) | {key: SITE, "sample": False}))
    settings = {
        "REGISTER_SITE": SITE,
        "REGISTER_BUILD": "build",
        "REGISTER_SENDER": "training@your-office.org",
        "REGISTER_MAIL": "smtp://127.0.0.1:9",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with knowing({"your-office.org": ["v=spf1 a ~all"]}) as resolver:
        monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
        terminal.says("sync")
        yield terminal


def application(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Application:
    """Return what runs in the folder."""
    monkeypatch.setenv("REGISTER_HOME", str(terminal.home))
    monkeypatch.setenv("REGISTER_SECRET", "s" * 32)
    return from_environment()


def test_a_monitor_hears_nothing_where_all_is_well(terminal: Terminal) -> None:
    terminal.add("Ana")

    said = run("register doctor --quiet", by=lambda text: terminal.says(*text.split()[1:]))
    assert said == ""


def test_a_monitor_hears_of_what_needs_somebody_and_of_nothing_else(terminal: Terminal) -> None:
    for_production(terminal)

    refused = terminal.says("doctor", "--quiet", status=1)

    assert "holds real sign-ups, but REGISTER_SITE is" in refused


def test_on_one_machine_the_doctor_wants_backups(production: Terminal) -> None:
    none = "!! backup: none; run register backup each minute, as docs/operations.md says\n"
    assert "ok backup: none yet\n" in production.says("doctor")
    production.add("Ana")
    assert none in production.says("doctor", status=1)

    production.says("backup", str(production.home / "backups"))
    [file] = (production.home / "backups").iterdir()

    assert (
        f"ok backup: just now, {file}; it is on the disk of the sign-ups: copy it to another machine, too\n"
    ) in production.says("doctor", status=0)


def test_the_domain_of_the_sender_is_looked_up(production: Terminal) -> None:
    assert "sender: your-office.org has SPF, but no DKIM or DMARC: emails may" in production.says("doctor")


def test_a_site_that_is_old_is_told_by_the_age_of_its_folder(production: Terminal) -> None:
    old = (datetime.now(UTC) - 80 * HOUR).timestamp()
    os.utime(production.home / "build", (old, old))

    assert "!! site: built 3 days ago; run make publish, and see whether its timer runs\n" in production.says(
        "doctor", "--quiet", status=1
    )


def test_another_secret_than_that_of_the_emails_is_told(terminal: Terminal) -> None:
    terminal.add("Ana")
    terminal.says("deliver")
    assert "!!" not in terminal.says("doctor")

    said = terminal.says("doctor", "--quiet", status=1, REGISTER_SECRET="t" * 32)

    assert said.startswith("!! secret: REGISTER_SECRET is not the one of 20")
    assert terminal.says("doctor", "--quiet", REGISTER_SECRET=f"{'t' * 32},{'s' * 32}") == ""


def test_a_front_that_the_settings_do_not_know_is_told_until_they_do(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pass_on() -> None:
        with closing(application(terminal, monkeypatch)) as running:
            client = Client(noticing_a_front(running.app(lambda: None), running))
            headers = {"X-Forwarded-For": "203.0.113.7"}
            client.get("/register/health", headers=headers, environ_base={"REMOTE_ADDR": "127.0.0.1"})

    pass_on()
    assert terminal.says("doctor", "--quiet", status=1).startswith(
        "!! front: a web server on this machine passes requests on (seen 20"
    )

    monkeypatch.setenv("REGISTER_PROXIES", "1")
    assert terminal.says("doctor", "--quiet") == ""
    pass_on()
    monkeypatch.setenv("REGISTER_PROXIES", "0")
    assert terminal.says("doctor", "--quiet") == ""
