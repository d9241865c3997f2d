# SPDX-License-Identifier: AGPL-3.0-or-later
"""A machine is lost in the middle of its work, and another one goes on from the newest backup."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from register.stores.sqlite.store import SQLiteStore
from register.web.tokens import Tokens
from tests.support.built_site import BuiltSite
from tests.support.constants import ROOT
from tests.support.terminal import SESSION, Terminal

SITE = "http://localhost:8000"
SECRET = "m" * 43
SETTINGS = f"""REGISTER_SITE={SITE}
REGISTER_SECRET={SECRET}
REGISTER_BUILD=build
REGISTER_CLIENT_LIMIT=0
REGISTER_RECIPIENT_LIMIT=0
"""
PATIENCE = 60
"""Seconds that anything may take before the test fails."""


def command(home: Path, *words: str) -> list[str]:
    """Return what somebody types in a folder."""
    return ["env", "-i", f"REGISTER_HOME={home}", sys.executable, "-m", "register", *words]


@contextmanager
def server(home: Path, site: BuiltSite) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the server of a folder; it is gone in the end, however it was treated."""
    words = command(home, "serve", "--port", "0", "--output", str(site.output))
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stderr is not None
        timer = threading.Timer(PATIENCE, process.kill)
        timer.start()
        try:
            lines = iter(process.stderr.readline, "")
            url = next(line for line in lines if line.startswith("serving on ")).split()[-1]
            rest = threading.Thread(target=process.stderr.read, daemon=True)  # so that it never waits for us
            rest.start()
            yield process, url
        finally:
            timer.cancel()
            process.kill()
            process.wait()
            rest.join(PATIENCE)


def ask(url: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
    """Return status and page, wherever it would lead. Raises OSError, HTTPException if nobody answers."""
    with closing(HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)) as connection:
        headers = {"Origin": SITE, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST" if form else "GET", path, urlencode(form or {}), headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def sign_up(url: str, name: str) -> int:
    """Send the form, and return the status of the answer."""
    email = f"{name.casefold()}@example.net"
    person = {"name": name, "email": email, "organization": "Yolo COE", "role": "recruiter", "language": "en"}
    return ask(url, f"/register/{SESSION}", {**person, "consent": "yes", "page_language": "en"})[0]


class People:
    """Somebody signs up after somebody, until nobody answers any more; `answered` is who got an answer."""

    def __init__(self, url: str) -> None:
        self.answered: list[str] = []
        self._url, self._next = url, threading.Condition()
        self._thread = threading.Thread(target=self._go_on)
        self._thread.start()

    def _go_on(self) -> None:
        for name in names(600):
            try:
                status = sign_up(self._url, name)
            except (OSError, HTTPException):
                return
            assert status == 303
            with self._next:
                self.answered.append(name)
                self._next.notify_all()

    def wait_for(self, number: int) -> int:
        """Return how many were answered, once these many were."""
        with self._next:
            assert self._next.wait_for(lambda: len(self.answered) >= number, PATIENCE)
            return len(self.answered)

    def join(self) -> None:
        """Wait for the end of it."""
        self._thread.join(PATIENCE)


def names(count: int) -> list[str]:
    """Return different names of letters alone."""
    return [f"Ana{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(count)]


def there(home: Path) -> dict[str, str]:
    """Return who is signed up, and their personal links' ends by the secret of the first machine."""
    with closing(SQLiteStore(home / "var/register.sqlite3")) as store:
        return {
            each.person.name: Tokens([SECRET]).manage(SESSION, each.registration_id, each.link_generation)
            for each in store.roster(SESSION)
        }


@pytest.mark.long
def test_another_machine_goes_on_from_the_last_backup_of_one_that_was_killed(
    terminal: Terminal, site: BuiltSite, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lost, elsewhere = terminal.home, tmp_path_factory.mktemp("elsewhere")
    (lost / "register.env").write_text(SETTINGS)
    (lost / "register.env").chmod(0o600)
    backing_up = command(lost, "backup", "--keep", "14", str(elsewhere / "backups"))
    saved = 0

    with server(lost, site) as (process, url):
        people = People(url)
        for _ in range(3):  # the timer's rounds, while people sign up
            before = people.wait_for(saved + 1)
            subprocess.run(backing_up, cwd=ROOT, check=True, timeout=PATIENCE)
            saved = before
        with subprocess.Popen(backing_up, cwd=ROOT) as in_the_middle:
            people.wait_for(saved + 20)
            process.kill()
            in_the_middle.kill()
        people.join()
    build = shutil.copytree(lost / "build", elsewhere / "new" / "build")
    shutil.rmtree(lost)

    new = build.parent
    (new / "theme").symlink_to(ROOT / "theme")
    restoring = command(new, "restore", "--yes", str(elsewhere / "backups"))
    subprocess.run(restoring, cwd=ROOT, check=True, timeout=PATIENCE)
    restored, first, last = there(new), people.answered[0], people.answered[-1]
    assert set(people.answered[:saved]) <= set(restored)
    assert (new / "register.env").read_text() == SETTINGS

    with server(new, site) as (_, url):
        status, page = ask(url, f"/register/manage/{restored[first]}")
        assert (status, first in page) == (200, True)
        for name in (first, last, "Zoe"):  # who has a seat, who may have lost it, who comes anew
            assert sign_up(url, name) == 303
    assert set(there(new)) == set(restored) | {last, "Zoe"}
    subprocess.run(command(new, "sync"), cwd=ROOT, check=True, timeout=PATIENCE)
