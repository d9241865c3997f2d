# SPDX-License-Identifier: AGPL-3.0-or-later
"""The function beside the built site, and beside the preview."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import Client

from plugins.build import Builder
from plugins.serve import SitePreview, function_named
from register.bootstrap import Application
from register.entrypoints.preview import Preview
from register.entrypoints.server import beside
from register.settings import config
from tests.support.built_site import BuiltSite
from tests.support.constants import BUILD_DATE, ROOT

SESSION = "2026-12-10-secondary-user"
FORM = {
    "name": "Ana Núñez",
    "email": "ana@example.net",
    "organization": "Yolo COE",
    "role": "recruiter",
    "language": "es",
    "consent": "yes",
    "page_language": "es",
}


def answering(text: bytes):
    def application(_, start_response):
        start_response("200 OK", [])
        return [text]

    return application


def test_addresses_of_the_function_go_to_it_and_all_others_to_the_site() -> None:
    client = Client(beside(answering(b"function"), answering(b"site")))

    asked = ("/", "/register/x", "/register", "/registers/", "/es/register/x")
    assert {path: client.get(path).text for path in asked} == {
        "/": "site",
        "/register/x": "function",
        "/register": "site",
        "/registers/": "site",
        "/es/register/x": "site",
    }


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment in which the function keeps all it has in a folder of its own."""
    for name in [name for name in os.environ if name.startswith("REGISTER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("REGISTER_HOME", str(tmp_path))
    (tmp_path / "theme").symlink_to(ROOT / "theme")
    return tmp_path


class Said:
    """What a preview says, line by line; others can wait for a mail in the folder."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, line: str) -> None:
        self.lines.append(line)


@pytest.fixture
def preview(home: Path) -> Iterator[tuple[SitePreview, Said, Builder]]:
    """The preview of the real content with the function beside it, as `make serve` puts them together."""
    said = Said()
    folders = {"OUTPUT_PATH": str(home / "output"), "BUILD_PATH": str(home / "build")}
    builder = Builder(
        ROOT / "pelicanconf.py", {"SITEURL": "http://localhost:8000", "BUILD_DATE": BUILD_DATE, **folders}
    )
    function = function_named(
        "register.entrypoints.preview:Preview", "http://localhost:8000", builder.private, said
    )
    assert isinstance(function, Preview)
    yield SitePreview(builder, said, function), said, builder
    function.close()


def test_the_preview_takes_sign_ups_for_what_has_been_built(home: Path, preview) -> None:
    site, said, _ = preview
    client = Client(site.app())
    assert client.get("/register/health").status_code == 503

    site.rebuild()

    assert client.get("/register/health").json == {"status": "ok", "store": "SQLite, 26 sessions"}
    assert "register: 26 sessions synced" in said.lines
    # The days of the example sessions pass; the function goes by the real clock, and says so when they have.
    answer = client.post(f"/register/{SESSION}", data=FORM, headers={"Origin": "http://localhost:8000"})
    assert answer.status_code in {303, 409}
    assert (home / "var/secret").stat().st_mode & 0o777 == 0o600


def test_a_wrong_list_of_staff_is_named_where_the_function_would_be(home: Path, preview) -> None:
    site, said, _ = preview
    (home / "var").mkdir()
    (home / "var/staff.toml").write_text("[[staff]]\nmail = 7\n")
    site.rebuild()

    error = f"{home}/var/staff.toml: entry 1: mail is not known; there are email, trainer, language, emails"
    assert f"register: {error}" in said.lines
    assert Client(site.app()).get("/register/staff/").text == (
        f"Sign-up and the staff desk could not start: {error}\nCorrect it, and start again.\n"
    )


def test_the_preview_names_members_of_staff_who_are_no_trainers(home: Path, preview) -> None:
    site, said, _ = preview
    (home / "var").mkdir()
    (home / "var/staff.toml").write_text(
        '[[staff]]\nemail = "trainer@your-office.org"\ntrainer = "yesenia"\n'
    )
    site.rebuild()

    stranger = 'staff: trainer@your-office.org: "yesenia" is no trainer; write the name of the file in content/trainers/'
    assert [line for line in said.lines if "staff" in line.casefold()] == [
        "Staff: http://localhost:8000/register/staff/, 1 person",
        f"register: {stranger}",
    ]


def test_a_second_build_changes_the_seats_and_says_only_that(preview) -> None:
    site, said, builder = preview
    site.rebuild()
    schedule = builder.private / "schedule.json"
    data = json.loads(schedule.read_bytes())
    for one in data["sessions"]:
        one["start"], one["end"] = (re.sub(r"^\d{4}", "2126", one[key]) for key in ("start", "end"))
        one["registration_closes"] = one["start"]
    schedule.write_text(json.dumps(data))
    said.lines.clear()

    site._function.built()

    assert [line for line in said.lines if "synced" in line] == ["register: 26 sessions synced"]
    seats = Client(site.app()).get("/register/status.json").json["sessions"][SESSION]
    assert seats["state"] == "open"


def test_a_sync_that_fails_does_not_stop_the_mail(home: Path, preview) -> None:
    site, said, _ = preview
    (home / "var").mkdir()
    (home / "var/join-links.toml").write_text("{")

    site.rebuild()

    assert any("join-links.toml: cannot be read" in line for line in said.lines)
    assert "worker-1" in {thread.name for thread in threading.enumerate()}


def test_a_new_build_is_taken_hold_of_without_a_restart(home: Path, site: BuiltSite) -> None:
    build = home / "build"
    build.mkdir()
    for file in site.private.iterdir():
        (build / file.name).write_bytes(file.read_bytes())
    application = Application(config.read({"REGISTER_SECRET": "s" * 32}, home))
    client = Client(application.app())
    phone = json.loads((build / "site.json").read_bytes())["support_phone"]
    assert phone in client.get("/register/link").text

    (build / "site.json").write_text((build / "site.json").read_text().replace(phone, "(555) 010-0199"))
    os.utime(build / "site.json", ns=(1, 1))

    assert "(555) 010-0199" in client.get("/register/link").text
    (build / "site.json").unlink()
    assert client.get("/register/link").status_code == 200
    application.close()


def test_a_setting_that_cannot_be_used_is_said_and_the_site_goes_on(
    preview, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, said, _ = preview
    monkeypatch.setenv("REGISTER_CLIENT_LIMIT", "many")

    site.rebuild()

    assert [line for line in said.lines if line.startswith("register: ")] == [
        (
            'register: REGISTER_CLIENT_LIMIT is "many"; '
            "write it as 60/hour (minute, hour, day; 9999 at most), or 0 for none"
        )
    ]
    assert Client(site.app()).get("/", buffered=True).status_code == 200


def test_the_command_serves_site_and_function_until_it_is_told_to_end(home: Path, site: BuiltSite) -> None:
    (home / "build").symlink_to(site.private)
    command = [sys.executable, "-m", "register", "serve", "--port", "0", "--output", str(site.output)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        timer = threading.Timer(60, process.kill)
        timer.start()
        try:
            for line in process.stderr:
                if line.startswith("serving on "):
                    break
            process.send_signal(signal.SIGTERM)
            rest = process.stderr.read()
        finally:
            timer.cancel()
    assert (process.returncode, rest) == (0, "")
    assert not (home / "var/register.sqlite3-wal").exists()
