# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make serve`: headers of files, problems on the page, and recovery."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import Client, TestResponse

from plugins.build import Builder
from plugins.serve import SitePreview, follow, static_files
from tests.support.built_site import BuiltSite
from tests.support.constants import BUILD_DATE, ROOT
from tests.support.content import copy_content

FEED = "/calendar/all.ics"


@pytest.fixture(scope="module")
def client(site: BuiltSite) -> Client:
    """A client of the built site."""
    return Client(static_files(site.output))


def test_feeds_are_calendars_with_validators_and_answer_304(client: Client) -> None:
    first = client.get(FEED, buffered=True)
    assert (first.status_code, first.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    assert client.get(FEED, headers={"If-None-Match": etag}, buffered=True).status_code == 304
    assert client.get(FEED, headers={"If-Modified-Since": modified}, buffered=True).status_code == 304
    assert client.get(FEED, headers={"If-None-Match": '"another"'}, buffered=True).status_code == 200
    assert client.head(FEED, buffered=True).status_code == 200


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/es/trainings/overview/", "text/html; charset=utf-8"),
        ("/contacts/yecenia-ocampo.vcf", "text/vcard; charset=utf-8"),
        ("/schedule/2026-12-03-overview/session.ics", "text/calendar; charset=utf-8"),
    ],
)
def test_each_kind_of_file_says_what_it_is(client: Client, path: str, kind: str) -> None:
    answer = client.get(path, buffered=True)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)


def test_an_unknown_address_gets_the_sites_own_page(client: Client, site: BuiltSite) -> None:
    answer = client.get("/no/such/page/", buffered=True)
    assert (answer.status_code, answer.text) == (404, site.read("/404.html"))


def test_a_sign_up_without_the_function_is_told_so(client: Client) -> None:
    answer = client.post("/register/2026-12-03-overview", data={"name": "Ana"}, buffered=True)
    assert answer.status_code == 503
    assert "sign-up function does not run" in answer.text


class Watched:
    """A preview of a copy of the content that follows changes; `wait` returns after the next build."""

    def __init__(self, folder: Path) -> None:
        self.content = copy_content(folder)
        settings = {
            "PATH": str(self.content),
            "OUTPUT_PATH": str(folder / "output"),
            "BUILD_PATH": str(folder / "build"),
            "BUILD_DATE": BUILD_DATE,
            "SITEURL": "http://localhost:8000",
        }
        builder = Builder(ROOT / "pelicanconf.py", settings)
        self._built = threading.Semaphore(0)
        self.preview = SitePreview(builder, lambda _: self._built.release())
        self.preview.rebuild()
        self._built.acquire()
        self.client = Client(self.preview.app())
        self.stop = threading.Event()
        watching = threading.Event()
        self.thread = threading.Thread(target=follow, args=(self.preview, builder, self.stop, watching))
        self.thread.start()
        assert watching.wait(20)

    def get_until(self, path: str, status: int, text: str) -> TestResponse:
        """Wait for builds, a bounded number of them, until a page says a text."""
        for _ in range(20):
            answer = self.client.get(path, buffered=True)
            if answer.status_code == status and text in answer.text:
                return answer
            assert self._built.acquire(timeout=20), f"no build made {path} say {text!r}"
        raise AssertionError(f"{path} never said {text!r}")


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    """A preview that follows a folder of its own."""
    watched = Watched(tmp_path)
    yield watched
    watched.stop.set()
    watched.thread.join(20)
    assert not watched.thread.is_alive()


def test_a_problem_is_shown_on_the_page_and_goes_away_when_it_is_mended(watched: Watched) -> None:
    page = "/schedule/2026-12-03-overview/"
    file = watched.content / "sessions/2026-12-03-overview.md"
    good = file.read_text()
    file.write_text(good.replace("uriel-ramirez-torres", "uriel-ramirez"))
    problem = "no trainer &quot;uriel-ramirez&quot; (did you mean &quot;uriel-ramirez-torres&quot;?)"
    shown = watched.get_until(page, 500, problem)
    assert f"content/sessions/{file.name}:4: Trainers: " in shown.text
    assert watched.client.get(FEED, buffered=True).status_code == 200
    file.write_text(good.replace("Capacity: 40", "Capacity: 41"))
    watched.get_until(page, 200, "41")
