# SPDX-License-Identifier: AGPL-3.0-or-later
"""The site and the function behind Debian's Caddy and nginx, configured as infra/machine/ has it."""

from __future__ import annotations

import gzip
import http.client
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

import pytest

from plugins.publish import publish
from plugins.published import Published
from register.entrypoints.server import beside
from register.entrypoints.static_site import files
from schedule.page_headers import PAGES
from tests.support.built_site import BuiltSite
from tests.support.constants import ROOT, SITE_URL
from tests.support.debian_package import program
from tests.support.fronts import CADDY, FRONTS, MACHINE, PASSED_ON, Front, running
from tests.support.serving import listen, serving

pytestmark = pytest.mark.long

FEED = "/calendar/trainings/overview.ics"
SESSION = "/es/schedule/2026-12-10-secondary-user/session.ics"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Message
    body: bytes


def ask(url: str, path: str, method: str = "GET", **headers: str) -> Answer:
    """Ask a server for a path."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=20)
    try:
        connection.request(
            method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def function(environ, start_response):
    """Answer as the sign-up function would, with what nginx tells it of the visitor."""
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return [f"{environ.get('HTTP_X_FORWARDED_FOR')} at {environ['HTTP_HOST']}".encode()]


@contextmanager
def behind(name: str, folder: Path, output: Path, *, more: str = "") -> Iterator[Front]:
    """Run the program, and a front before it; `more` is added to what nginx passes on."""
    listening, url = listen()
    with (
        serving(beside(function, files(output)), listening, behind_another=True),
        running(name, folder, site=output, function=url, more=more) as front,
    ):
        yield front


@pytest.fixture(params=FRONTS)
def front(request: pytest.FixtureRequest, tmp_path: Path, site: BuiltSite) -> Iterator[Front]:
    """The built site behind each front."""
    with behind(request.param, tmp_path, site.output) as running_front:
        yield running_front


@pytest.mark.parametrize("path", [FEED, SESSION])
def test_a_calendar_is_zipped_and_answered_with_304(front: Front, site: BuiltSite, path: str) -> None:
    data = site.files[path.lstrip("/")]
    first = ask(front.url, path, Accept_Encoding="gzip")

    assert (first.status, gzip.decompress(first.body)) == (200, data)
    said = ("Content-Type", "Content-Encoding", "Access-Control-Allow-Origin")
    assert [first.headers[name] for name in said] == ["text/calendar; charset=utf-8", "gzip", "*"]
    assert "Accept-Encoding" in first.headers["Vary"]
    tag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    assert tag.startswith("W/")
    for given in (
        {"If_None_Match": tag},
        {"If_None_Match": f'"another", {tag}'},
        {"If_None_Match": tag.removeprefix("W/")},
        {"If_None_Match": "*"},
        {"If_Modified_Since": modified},
    ):
        for method in ("GET", "HEAD"):
            again = ask(front.url, path, method, Accept_Encoding="gzip", **given)
            assert (again.status, again.body) == (304, b""), given
    plain = ask(front.url, path)
    assert (plain.status, plain.body, plain.headers.get("Content-Encoding")) == (200, data, None)


def test_what_the_program_sends_plain_and_nginx_zips_is_answered_with_304(
    tmp_path: Path, site: BuiltSite
) -> None:
    """So it is where nginx asks for no coding: it makes the program's tag a weak one."""
    plain = 'proxy_set_header Accept-Encoding "";\n'
    with behind(PASSED_ON, tmp_path, site.output, more=plain) as front:
        first = ask(front.url, FEED, Accept_Encoding="gzip")
        assert gzip.decompress(first.body) == site.files[FEED.lstrip("/")]
        assert first.headers["ETag"].startswith("W/")
        again = ask(front.url, FEED, Accept_Encoding="gzip", If_None_Match=first.headers["ETag"])
        assert (again.status, again.body) == (304, b"")


def test_a_sessions_file_is_saved_under_the_sessions_name(front: Front) -> None:
    for method in ("GET", "HEAD"):
        answer = ask(front.url, SESSION, method)
        name = 'attachment; filename="2026-12-10-secondary-user.ics"'
        assert (answer.status, answer.headers["Content-Disposition"]) == (200, name)
    assert "Content-Disposition" not in ask(front.url, FEED).headers


def test_pages_cards_and_the_function_are_found_behind_a_front(front: Front, site: BuiltSite) -> None:
    page = ask(front.url, "/es/schedule/")
    assert (page.status, page.body.decode()) == (200, site.read("/es/schedule/"))
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    card = ask(front.url, "/contacts/yecenia-ocampo.vcf")
    assert (card.status, card.headers["Content-Type"]) == (200, "text/vcard; charset=utf-8")
    missing = ask(front.url, "/no/such/page/")
    assert (missing.status, missing.body.decode()) == (404, site.read("/404.html"))


@pytest.mark.parametrize(
    "path", ["/", "/es/schedule/", "/robots.txt", "/theme/", "/no/such/page/", "/calendar/"]
)
def test_pages_go_out_with_the_headers_that_protect_them(front: Front, site: BuiltSite, path: str) -> None:
    if path == "/theme/":
        path = next(f"/{name}" for name in site.files if name.startswith("theme/") and name.endswith(".css"))
    answer = ask(front.url, path)
    assert answer.status == (404 if path in ("/no/such/page/", "/calendar/") else 200)
    for name, value in (*PAGES, ("Strict-Transport-Security", "max-age=31536000")):
        assert answer.headers.get_all(name) == [value], name


def test_a_form_that_is_sent_to_a_page_is_refused_with_the_headers_that_protect_pages(front: Front) -> None:
    answer = ask(front.url, "/es/schedule/", "POST")
    assert answer.status == 405
    for name, value in (*PAGES, ("Strict-Transport-Security", "max-age=31536000")):
        assert answer.headers.get_all(name) == [value], name


@pytest.mark.parametrize("forged", ["192.0.2.66", "192.0.2.66, 192.0.2.67", ", ,", "unknown"])
def test_nobody_can_say_that_they_are_somebody_else(front: Front, forged: str) -> None:
    """The program counts one proxy: the last address that it is told is the visitor's."""
    told = ask(front.url, "/register/health", X_Forwarded_For=forged, Host="trainings.your-office.org")
    assert told.body == b"127.0.0.1 at trainings.your-office.org"


@pytest.mark.parametrize("name", FRONTS)
def test_a_front_logs_what_was_asked_for_and_nothing_of_who_asked(
    name: str, tmp_path: Path, site: BuiltSite
) -> None:
    personal = (
        "/register/manage/personal",
        "/register/manage/personal/cancel",
        "/register/mine/personal/calendar.ics",
        "/register/done/personal",
        "/register/staff/feed/personal.ics",
        "/register/2026-12-03-overview?as=personal",
        "/schedule/?personal",
    )
    # Browsers say which page of the site they come from.
    said = {
        "Host": "trainings.your-office.org",
        "Referer": "https://trainings.your-office.org/register/manage/personal",
        "Cookie": "personal=1",
        "X_Forwarded_For": "192.0.2.66",
    }
    with behind(name, tmp_path, site.output) as front:
        for path in (*personal, FEED, "/register/status.json"):
            assert ask(front.url, path, **said).status == 200

    log = front.said
    for word in ("personal", "192.0.2.66", "127.0.0.1"):
        assert word not in log
    for path in (FEED, "/register/status.json", "/register/manage/", "/register/2026-12-03-overview"):
        assert path in log


def test_the_caddyfile_is_written_as_caddy_writes_it() -> None:
    """Else it says at each start that it is not."""
    caddy, _ = program("/usr/bin/caddy", "caddy")
    done = subprocess.run([caddy, "fmt", MACHINE / CADDY], capture_output=True, text=True, check=False)
    assert done.stdout == (MACHINE / CADDY).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FRONTS)
def test_a_program_that_is_away_is_told_of_in_both_languages_and_nothing_personal_is_logged(
    name: str, tmp_path: Path, site: BuiltSite
) -> None:
    listening, url = listen()
    listening.close()  # nobody listens there
    with running(name, tmp_path, site=site.output, function=url) as away:
        asked = {"Host": "trainings.your-office.org", "Referer": "https://trainings.your-office.org/personal"}
        answer = ask(away.url, "/register/manage/personal", **asked)
    said = away.said
    assert (answer.status, answer.headers["Content-Type"]) == (503, "text/plain; charset=utf-8")
    assert answer.body.decode() == (
        "This site cannot be reached right now. Please try again in a few minutes.\n\n"
        "En este momento no se puede abrir este sitio. Inténtelo de nuevo en unos minutos.\n"
    )
    assert [answer.headers[one] for one in ("Retry-After", "Cache-Control", "X-Content-Type-Options")] == [
        "60",
        "no-store",
        "nosniff",
    ]
    assert ("personal" in said, '"127.0.0.1"' in said, "/register/manage/" in said) == (False, False, True)


@pytest.mark.parametrize("name", FRONTS)
def test_publishing_the_same_calendar_the_next_day_changes_no_tag_and_sends_nothing(
    name: str, tmp_path: Path
) -> None:
    published = Published(tmp_path / "published")

    def publish_on(day: str) -> None:
        publish(ROOT / "pelicanconf.py", published, print, {"SITEURL": SITE_URL, "BUILD_DATE": day})

    publish_on("2026-11-28")
    site = published.link / "site"
    for file in site.rglob("*"):
        os.utime(file, (1_795_608_000, 1_795_608_000))  # a day ago, when the last one was published
    with behind(name, tmp_path / "front", site) as front:
        first = ask(front.url, FEED, Accept_Encoding="gzip")
        publish_on("2026-11-29")
        validators = ("ETag", "Last-Modified")

        second = ask(front.url, FEED, Accept_Encoding="gzip")
        assert [second.headers[one] for one in validators] == [first.headers[one] for one in validators]
        for given in (
            {"If_None_Match": first.headers["ETag"]},
            {"If_Modified_Since": first.headers["Last-Modified"]},
        ):
            assert ask(front.url, FEED, Accept_Encoding="gzip", **given).status == 304
