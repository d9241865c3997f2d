# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calendars behind Debian's nginx, configured as docs/operations.md says, with gzip on."""

from __future__ import annotations

import gzip
import http.client
import os
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
from tests.support.built_site import BuiltSite
from tests.support.constants import ROOT, SITE_URL
from tests.support.nginx import documented, running
from tests.support.serving import listen, serving

pytestmark = pytest.mark.long

PASSED_ON, SERVED = "everything is passed on", "the files are served by nginx"
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
def behind_nginx(name: str, folder: Path, output: Path, *, more: str = "") -> Iterator[str]:
    """Run the program, and nginx in front of it; `more` is added to what is passed on."""
    server = documented(name).replace("proxy_set_header Host", f"{more}proxy_set_header Host", 1)
    listening, url = listen()
    with (
        serving(beside(function, files(output)), listening, behind_another=True),
        running(server, folder, site=output, function=url) as front,
    ):
        yield front


@pytest.fixture(params=[PASSED_ON, SERVED])
def front(request: pytest.FixtureRequest, tmp_path: Path, site: BuiltSite) -> Iterator[str]:
    """The built site behind nginx, in each of the two ways."""
    with behind_nginx(request.param, tmp_path, site.output) as url:
        yield url


@pytest.mark.parametrize("path", [FEED, SESSION])
def test_a_calendar_is_zipped_and_answered_with_304(front: str, site: BuiltSite, path: str) -> None:
    data = site.files[path.lstrip("/")]
    first = ask(front, path, Accept_Encoding="gzip")

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
            again = ask(front, path, method, Accept_Encoding="gzip", **given)
            assert (again.status, again.body) == (304, b""), given
    plain = ask(front, path)
    assert (plain.status, plain.body, plain.headers.get("Content-Encoding")) == (200, data, None)


def test_what_the_program_sends_plain_and_nginx_zips_is_answered_with_304(
    tmp_path: Path, site: BuiltSite
) -> None:
    """So it is where nginx asks for no coding: it makes the program's tag a weak one."""
    plain = 'proxy_set_header Accept-Encoding "";\n'
    with behind_nginx(PASSED_ON, tmp_path, site.output, more=plain) as front:
        first = ask(front, FEED, Accept_Encoding="gzip")
        assert gzip.decompress(first.body) == site.files[FEED.lstrip("/")]
        assert first.headers["ETag"].startswith("W/")
        again = ask(front, FEED, Accept_Encoding="gzip", If_None_Match=first.headers["ETag"])
        assert (again.status, again.body) == (304, b"")


def test_a_sessions_file_is_saved_under_the_sessions_name(front: str) -> None:
    for method in ("GET", "HEAD"):
        answer = ask(front, SESSION, method)
        name = 'attachment; filename="2026-12-10-secondary-user.ics"'
        assert (answer.status, answer.headers["Content-Disposition"]) == (200, name)
    assert "Content-Disposition" not in ask(front, FEED).headers


def test_pages_cards_and_the_function_are_found_behind_nginx(front: str, site: BuiltSite) -> None:
    page = ask(front, "/es/schedule/")
    assert (page.status, page.body.decode()) == (200, site.read("/es/schedule/"))
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    card = ask(front, "/contacts/yecenia-ocampo.vcf")
    assert (card.status, card.headers["Content-Type"]) == (200, "text/vcard; charset=utf-8")
    missing = ask(front, "/no/such/page/")
    assert (missing.status, missing.body.decode()) == (404, site.read("/404.html"))
    told = ask(front, "/register/health", X_Forwarded_For="192.0.2.66", Host="trainings.example.org")
    assert told.body == b"127.0.0.1 at trainings.example.org"


@pytest.mark.parametrize("name", [PASSED_ON, SERVED])
def test_personal_links_are_not_written_into_the_log(name: str, tmp_path: Path, site: BuiltSite) -> None:
    paths = (
        "/register/manage/personal",
        "/register/manage/personal/cancel",
        "/register/mine/personal",
        "/register/done/personal",
        "/register/2026-12-03-overview?as=personal",
    )
    with behind_nginx(name, tmp_path, site.output) as front:
        for path in (*paths, "/register/link"):
            assert (
                ask(front, path).body
                == b"127.0.0.1 at " + front.removeprefix("http://").split(":")[0].encode()
            )
        # Browsers say which page of the site they come from.
        for path in (FEED, "/register/status.json"):
            ask(front, path, Referer=f"{front}/register/manage/personal")

    log = (tmp_path / "access.log").read_text()
    assert ("personal" in log, *(path in log for path in ("/register/link", FEED, "overview HTTP/1.1"))) == (
        False,
        True,
        True,
        True,
    )


@pytest.mark.parametrize("name", [PASSED_ON, SERVED])
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
    with behind_nginx(name, tmp_path / "nginx", site) as front:
        first = ask(front, FEED, Accept_Encoding="gzip")
        publish_on("2026-11-29")
        validators = ("ETag", "Last-Modified")

        second = ask(front, FEED, Accept_Encoding="gzip")
        assert [second.headers[one] for one in validators] == [first.headers[one] for one in validators]
        for given in (
            {"If_None_Match": first.headers["ETag"]},
            {"If_Modified_Since": first.headers["Last-Modified"]},
        ):
            assert ask(front, FEED, Accept_Encoding="gzip", **given).status == 304
