# SPDX-License-Identifier: AGPL-3.0-or-later
"""A site that stands in a folder of its host, as the pages of a project do at a code host, and its function there."""

from __future__ import annotations

import email
import email.policy
import http.client
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from werkzeug.test import Client, TestResponse

from plugins.build import Builder
from plugins.page_checks import check_site, main, private_links
from plugins.page_parser import parse
from register.bootstrap import Application
from register.entrypoints.server import beside
from register.entrypoints.static_site import files
from register.mail.delivery import deliver
from register.operations.sync import sync
from register.settings import config
from schedule.addresses import Addresses
from tests.support.built_site import BuiltSite
from tests.support.constants import BUILD_DATE, NOON, ROOT
from tests.support.own_addresses import named
from tests.support.running_function import SMALL, links

HOST = "https://pages.example.net"
FOLDER = "/all/msix"
"""Its name holds a word that addresses of the site hold, too."""
URL = f"{HOST}{FOLDER}"
SECRET = "a secret of the tests in a folder"  # noqa: S105 - there is nothing behind it
BINARY = (".woff2", ".png", ".webp")


@dataclass(frozen=True)
class Below:
    """The real site, built for a folder, and what its build said."""

    site: BuiltSite
    warnings: tuple[str, ...]


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Below:
    """The real site in a folder, built once; at an address for the public no sample is served."""
    root = tmp_path_factory.mktemp("folder")
    settings = {"SITEURL": URL, "BUILD_DATE": BUILD_DATE, "SAMPLE_CONTENT": False}
    folders = {"OUTPUT_PATH": str(root / "output"), "BUILD_PATH": str(root / "build")}
    builder = Builder(ROOT / "pelicanconf.py", settings | folders)
    report = builder.build()
    return Below(BuiltSite(builder.output, builder.private), tuple(map(str, report.warnings)))


def addresses_in(site: BuiltSite) -> dict[str, str]:
    """Return every address on its own host that a site names, each with a file that does."""
    return {
        address: path
        for path, data in site.files.items()
        if not path.endswith(BINARY)
        for address in named(path, data.decode(), site.told.url)
    }


def test_every_address_that_the_site_names_is_one_of_its_files_or_the_functions(below: Below) -> None:
    at, files = Addresses(URL), below.site.files
    astray = {
        address: path
        for address, path in addresses_in(below.site).items()
        if not (address.startswith(f"{FOLDER}/") and at.file(address) in files)
        and not address.startswith(at.function)
    }

    # Style sheets name the host alone: what they print behind a link is that and the link's address.
    assert {address: Path(path).suffix for address, path in astray.items()} == {"/": ".css"}


def test_it_names_whatever_a_site_at_the_root_of_its_host_does(below: Below, site: BuiltSite) -> None:
    at_root = {address for address in addresses_in(site) if not address.startswith("/theme/")}

    assert len(at_root) > 200
    assert {f"{FOLDER}{address}" for address in at_root} - addresses_in(below.site).keys() == set()


def test_its_pages_pass_all_checks(below: Below) -> None:
    site = below.site
    secrets = private_links(site.private / "schedule.json")

    assert check_site(site.output, secrets, FOLDER) == []
    assert main([str(site.output), "--private", str(site.private)]) == 0


def test_its_build_says_once_what_nobody_reads_there(below: Below) -> None:
    [told] = [warning for warning in below.warnings if "SITEURL" in warning]

    assert told == (
        "publishconf.py:1: warning: SITEURL: is a folder of its host, where no search engine looks for robots.txt, and "
        'not every host for 404.html (see "In a folder of a host" in docs/static-hosts.md)'
    )


class OnOneMachine:
    """Site and function in one program, as `register serve` puts them together, and a browser's way to it."""

    def __init__(self, site: BuiltSite, home: Path) -> None:
        (home / "theme").symlink_to(ROOT / "theme")
        (home / "var").mkdir()
        (home / "var/join-links.toml").write_text('overview-december = "https://meet.example.org/overview"\n')
        (home / "var/staff.toml").write_text('[[staff]]\nemail = "office@example.org"\n')
        environment = {"REGISTER_SITE": URL, "REGISTER_BUILD": str(site.private), "REGISTER_SECRET": SECRET}
        self.application = Application(config.read(environment, home), clock=lambda: NOON)
        store, resolve = self.application.store, self.application.resolve()
        sync(self.application.build.contract(), store, resolve, now=NOON, yes=True)
        self.app = beside(self.application.app(), files(site.output, FOLDER), FOLDER)
        self.client = Client(self.app)
        self._folder = home / "var/mail"

    def get(self, path: str) -> TestResponse:
        """Ask for a page."""
        return self.client.get(path, base_url=HOST, buffered=True)

    def post(self, path: str, data: dict[str, str] | None = None) -> TestResponse:
        """Send a form that was on a page of the site."""
        return self.client.post(path, base_url=HOST, data=data, headers={"Origin": HOST})

    def emails(self) -> list[EmailMessage]:
        """Send all that is due, and return it."""
        application = self.application
        backend, compose, staff = (
            application.mail_backend(),
            application.compose(),
            application.staff.members,
        )
        deliver(application.store, backend, compose, now=lambda: NOON, staff=staff)
        found = sorted(self._folder.glob("*.eml"))
        return [email.message_from_bytes(one.read_bytes(), policy=email.policy.default) for one in found]


@pytest.fixture
def machine(below: Below, tmp_path: Path) -> Iterator[OnOneMachine]:
    """The function beside the site."""
    found = OnOneMachine(below.site, tmp_path)
    yield found
    found.application.close()


def test_a_sign_up_works_from_the_form_to_the_links_in_the_email(machine: OnOneMachine) -> None:
    page = parse("", machine.get(f"{FOLDER}/schedule/{SMALL}/").text)
    [action] = [form["action"] for form in page.all("form")]
    filled = {
        "name": "Ana Núñez",
        "email": "ana@example.net",
        "organization": "Yolo COE",
        "role": "recruiter",
        "language": "es",
        "consent": "yes",
        "page_language": "en",
    }
    answer = machine.post(action, filled)
    assert (answer.status_code, answer.location[: len(FOLDER) + 15]) == (303, f"{FOLDER}/register/done/")
    assert machine.get(answer.location).status_code == 200

    [message] = machine.emails()
    told = {link for link in links(message) if urlsplit(link).netloc == urlsplit(HOST).netloc}
    assert {link for link in told if not link.startswith(f"{URL}/")} == set()
    paths = [urlsplit(link).path for link in told]
    assert [path for path in paths if machine.get(path).status_code != 200] == []
    [manage] = [path for path in paths if "/manage/" in path]
    assert machine.post(f"{manage}/cancel").status_code == 303
    assert machine.get(f"{FOLDER}/register/status.json").json["sessions"][SMALL]["seats_left"] == 6


def test_a_form_with_errors_comes_back_with_addresses_in_the_folder(machine: OnOneMachine) -> None:
    answer = machine.post(f"{FOLDER}/register/{SMALL}", {"name": "Ana"})
    found = named(f"register/{SMALL}/index.html", answer.text, URL)

    assert answer.status_code == 422
    assert f"{FOLDER}/register/{SMALL}" in found
    assert {address for address in found if not address.startswith(f"{FOLDER}/")} == set()


def test_the_cookie_of_the_desk_goes_to_no_other_program_of_the_host(machine: OnOneMachine) -> None:
    desk = f"{FOLDER}/register/staff/"
    assert machine.post(desk, {"email": "office@example.org"}).status_code == 303
    [message] = machine.emails()
    [link] = [link for link in links(message) if "/staff/in/" in link]

    answer = machine.post(urlsplit(link).path)
    name, _, attributes = answer.headers["Set-Cookie"].partition("=")
    assert (name, f"Path={desk}" in attributes.split("; ")) == ("__Secure-staff", True)
    assert "Signed in as" in machine.get(desk).text
    out = machine.post(f"{desk}out")
    assert f"Path={desk}" in out.headers["Set-Cookie"].split("; ")
    assert "Signed in as" not in machine.get(desk).text


def test_outside_of_the_folder_nothing_is_served(machine: OnOneMachine) -> None:
    outside = ("/", "/schedule/", "/register/status.json", "/all/", "/all/msixx/", "/es/")

    assert {path: machine.get(path).status_code for path in outside} == dict.fromkeys(outside, 404)
    assert (machine.get(FOLDER).status_code, machine.get(FOLDER).location) == (308, f"{FOLDER}/")
    assert machine.get(f"{FOLDER}/").status_code == 200


def test_files_that_never_change_are_kept_for_long_in_a_folder_too(
    machine: OnOneMachine, below: Below
) -> None:
    [style] = [path for path in below.site.files if path.startswith("theme/site.") and path.endswith(".css")]

    assert "immutable" in machine.get(f"{FOLDER}/{style}").headers["Cache-Control"]


@pytest.mark.long
def test_the_program_serves_both_in_the_folder(
    below: Below, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "theme").symlink_to(ROOT / "theme")
    monkeypatch.setenv("REGISTER_HOME", str(tmp_path))
    monkeypatch.setenv("REGISTER_SITE", URL)
    monkeypatch.setenv("REGISTER_BUILD", str(below.site.private))
    command = [sys.executable, "-m", "register", "serve", "--port", "0", "--output", str(below.site.output)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        timer = threading.Timer(60, process.kill)
        timer.start()
        try:
            assert process.stderr
            told = next(line for line in process.stderr if line.startswith("serving on "))
            address = urlsplit(told.removeprefix("serving on ").strip())
            connection = http.client.HTTPConnection(address.netloc, timeout=60)
            answers = {}
            for path in ("/", "/register/health", f"{FOLDER}/", f"{FOLDER}/register/health"):
                connection.request("GET", path)
                answer = connection.getresponse()
                answer.read()
                answers[path] = answer.status
            connection.close()
        finally:
            process.terminate()
            process.wait()
            timer.cancel()

    assert address.path == FOLDER
    assert answers == {
        "/": 404,
        "/register/health": 404,
        f"{FOLDER}/": 200,
        f"{FOLDER}/register/health": 200,
    }


def test_a_server_may_say_apart_in_which_folder_it_has_the_function(machine: OnOneMachine) -> None:
    function = Client(machine.application.app())
    mounted = {"SCRIPT_NAME": FOLDER, "PATH_INFO": "/register/health"}

    assert function.get(environ_overrides=mounted).json["status"] == "ok"
