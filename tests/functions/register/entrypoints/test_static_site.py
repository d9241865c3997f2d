# SPDX-License-Identifier: AGPL-3.0-or-later
"""The built site over HTTP: types, validators, protection, and whole versions."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path

import pytest
from werkzeug.test import Client, TestResponse

from plugins.published import Published
from register.domain.errors import ConfigError
from register.entrypoints.static_site import files, shown_site
from register.settings.build import Build
from register.settings.current_build import Current
from schedule.editor_policy import EDITOR_POLICY
from schedule.page_headers import PAGES
from tests.schedule.test_site import WRITTEN
from tests.support.built_site import BuiltSite
from tests.support.serving import listen, serving

PUBLIC = "https://trainings.example.org"


def protection(answer: TestResponse) -> set[tuple[str, str]]:
    """Return the headers of an answer that protect its page."""
    return {(name, answer.headers.get(name, "")) for name, _ in PAGES}


def test_the_built_site_is_served_with_types_and_validators(site: BuiltSite) -> None:
    client = Client(files(site.output))

    feed = client.get("/calendar/all.ics", buffered=True)
    assert (feed.status_code, feed.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    again = client.get("/calendar/all.ics", headers={"If-None-Match": feed.headers["ETag"]}, buffered=True)
    assert again.status_code == 304
    style = next(path for path in site.files if path.endswith(".css"))
    assert "immutable" in client.get(f"/{style}", buffered=True).headers["Cache-Control"]
    missing = client.get("/none/", buffered=True)
    assert (missing.status_code, missing.text) == (404, site.read("/404.html"))


@pytest.mark.parametrize("path", ["/", "/es/", "/404.html", "/none/", "/none.ics", "/theme/none.css"])
def test_every_page_is_protected(site: BuiltSite, path: str) -> None:
    answer = Client(files(site.output)).get(path, buffered=True)

    assert protection(answer) == set(PAGES)


@pytest.mark.parametrize(
    ("method", "path", "asked", "status"),
    [
        ("GET", "/es", {}, 302),
        ("GET", "/index.html", {}, 302),
        ("GET", "/", {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}, 304),
        ("POST", "/", {}, 405),
        ("GET", "/", {"Range": "bytes=99999999-"}, 416),
    ],
)
def test_an_answer_that_sends_no_page_is_protected(
    site: BuiltSite, method: str, path: str, asked: dict[str, str], status: int
) -> None:
    answer = Client(files(site.output)).open(path, method=method, headers=asked, buffered=True)

    assert (answer.status_code, answer.data) == (status, b"")
    assert protection(answer) == set(PAGES)


def test_an_editor_that_has_not_changed_keeps_its_own_policy(tmp_path: Path) -> None:
    (tmp_path / "edit").mkdir()
    (tmp_path / "edit/index.html").write_text("editor")
    client = Client(files(tmp_path))
    tag = client.get("/edit/", buffered=True).headers["ETag"]

    again = client.get("/edit/", headers={"If-None-Match": tag}, buffered=True)

    assert (again.status_code, again.headers["Content-Security-Policy"]) == (304, EDITOR_POLICY)


@pytest.mark.parametrize("path", ["/none/", "/none.ics", "/theme/none.css"])
def test_who_asks_for_the_headers_alone_gets_no_page_that_the_next_answer_would_begin_with(
    site: BuiltSite, path: str
) -> None:
    listening, _ = listen()
    with (
        serving(files(site.output), listening),
        socket.create_connection(listening.getsockname(), 20) as peer,
    ):
        for line in (f"HEAD {path} HTTP/1.1", "GET /robots.txt HTTP/1.1\r\nConnection: close"):
            peer.sendall(f"{line}\r\nHost: localhost\r\n\r\n".encode())
        with peer.makefile("rb") as answers:
            first, second, text = answers.read().decode().split("\r\n\r\n")

    assert [answer.splitlines()[0] for answer in (first, second)] == [
        "HTTP/1.1 404 Not Found",
        "HTTP/1.1 200 OK",
    ]
    assert text == site.read("/robots.txt")


@pytest.mark.parametrize("path", ["/edit/", "/es/edit/", "/edit/cms/program.js"])
def test_the_editor_has_a_policy_of_its_own(tmp_path: Path, path: str) -> None:
    for name in ("edit/index.html", "es/edit/index.html", "edit/cms/program.js"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)

    answer = Client(files(tmp_path)).get(path, buffered=True)

    assert answer.status_code == 200
    assert dict(protection(answer)) == dict(PAGES) | {"Content-Security-Policy": EDITOR_POLICY}


class Machine:
    """A published tree over HTTP."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.published = Published(home / "published")

    def publish(self, name: str, *, url: str = PUBLIC) -> None:
        """Publish a version whose page and style have a name."""
        with self.published.locked(print), self.published.aside() as aside:
            (aside / "site/theme").mkdir(parents=True)
            (aside / "site/index.html").write_text(name)
            (aside / f"site/{name}.html").write_text(name)
            (aside / "site/404.html").write_text("404")
            (aside / f"site/theme/{name}.css").write_text(f"{name}'s style")
            (aside / "build").mkdir()
            told = WRITTEN | {"url": url, "sample": False}
            (aside / "build/site.json").write_text(json.dumps(told))
            self.published.put(aside)

    def client(self) -> Client:
        """Start to serve it."""
        build = self.home / "published/build"
        return Client(shown_site(Current(Build(build, PUBLIC)), build, self.home / "published/site"))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def read(client: Client, path: str) -> tuple[int, str]:
    answer = client.get(path, buffered=True)
    return answer.status_code, answer.text


def test_pages_are_those_of_the_version_that_is_published(machine: Machine) -> None:
    machine.publish("one")
    client = machine.client()
    assert read(client, "/") == (200, "one")

    machine.publish("two")
    assert read(client, "/") == (200, "two")
    assert read(client, "/one.html") == (404, "404")


def test_a_page_of_another_version_finds_its_style_for_as_long_as_that_is_kept(machine: Machine) -> None:
    machine.publish("one")
    client = machine.client()
    for name in ("two", "three"):
        machine.publish(name)

    assert read(client, "/theme/one.css") == (200, "one's style")
    assert read(client, "/theme/three.css") == (200, "three's style")
    assert "immutable" in client.get("/theme/one.css", buffered=True).headers["Cache-Control"]
    assert read(client, "/theme/none.css") == (404, "404")
    machine.publish("four")
    assert read(client, "/theme/one.css") == (404, "404")
    with machine.published.locked(print):
        machine.published.back()
    assert read(client, "/theme/four.css") == (200, "four's style")


def test_a_version_that_the_public_must_not_see_is_not_served(machine: Machine) -> None:
    machine.publish("one")
    client = machine.client()
    machine.publish("wrong", url="http://localhost:8000")

    assert [read(client, path) for path in ("/", "/wrong.html")] == [(200, "one"), (404, "404")]


def test_a_version_without_its_site_is_not_served(machine: Machine) -> None:
    machine.publish("one")
    client = machine.client()
    machine.publish("two")
    shutil.rmtree(machine.home / "published/site")

    assert read(client, "/") == (200, "one")


def test_a_site_that_is_not_there_is_said_before_anybody_comes(machine: Machine) -> None:
    machine.publish("one")
    shutil.rmtree(machine.home / "published/site")

    with pytest.raises(ConfigError) as caught:
        machine.client()

    site = (machine.home / "published").resolve() / "site"
    assert str(caught.value) == f"{site} is not there; run make publish first, or give --output"


def test_while_somebody_has_deleted_every_version_visitors_are_asked_to_come_back(machine: Machine) -> None:
    machine.publish("one")
    client = machine.client()
    shutil.rmtree(machine.home / ".published")

    answer = client.get("/", buffered=True)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "Please try again in a few minutes" in answer.text
    assert "Inténtelo de nuevo en unos minutos" in answer.text
    assert protection(answer) == set(PAGES)

    machine.publish("two")
    assert read(client, "/") == (200, "two")
