# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make serve`: headers of files, problems on the page, and recovery."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import Client, TestResponse

from plugins.build import Builder
from plugins.serve import SitePreview, folders_of, follow, function_beside, main, static_files
from tests.support.built_site import BuiltSite
from tests.support.constants import BUILD_DATE, ROOT
from tests.support.content import copy_content
from tests.support.small_site import SETTINGS, SmallSite

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


def test_of_two_edits_within_a_second_a_browser_sees_both(tmp_path: Path) -> None:
    """Their pages can have one size and one time: Capacity: 40 and Capacity: 41."""
    client, page = Client(static_files(tmp_path)), tmp_path / "index.html"
    answers = []
    for text in ("40", "41"):
        page.write_text(text)
        os.utime(page, (1_800_000_000, 1_800_000_000))
        known = {"If-None-Match": answers[-1].headers["ETag"]} if answers else {}
        answers.append(client.get("/", headers=known, buffered=True))

    assert [(answer.status_code, answer.text) for answer in answers] == [(200, "40"), (200, "41")]


def test_previews_on_two_ports_share_no_folder() -> None:
    assert set(folders_of(8000).values()).isdisjoint(folders_of(8001).values())


def test_without_content_it_says_so_and_serves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "pelicanconf.py"
    settings.write_text(SETTINGS)

    assert main(["-s", str(settings)]) == 1
    assert capsys.readouterr().err == (
        f"error: {settings}: the folder with the content, or the theme's, is not there; "
        "put it back, as with: git restore content theme\n"
    )


@pytest.mark.parametrize(("where", "is_there"), [("here", True), ("none", False)])
def test_where_nobody_signs_up_no_function_runs_beside_the_preview(
    tmp_path: Path, where: str, is_there: bool
) -> None:
    SmallSite(tmp_path).write("pelicanconf.py", f'{SETTINGS}SIGNUP = "{where}"\n')
    builder = Builder(tmp_path / "pelicanconf.py")
    function = function_beside(
        builder, "register.entrypoints.preview:Preview", "http://localhost:8000", print
    )

    assert (function is not None) is is_there


class Watched:
    """A preview of copies of content and theme that follows changes from `follow` on; `said` is all that it said."""

    def __init__(self, folder: Path) -> None:
        self.content = copy_content(folder)
        self.theme = Path(shutil.copytree(ROOT / "theme", folder / "theme"))
        self.settings = Path(shutil.copy(ROOT / "pelicanconf.py", folder))
        settings = {
            "PATH": str(self.content),
            "THEME": str(self.theme),
            "OUTPUT_PATH": str(folder / "output"),
            "BUILD_PATH": str(folder / "build"),
            "BUILD_DATE": BUILD_DATE,
            "SITEURL": "http://localhost:8000",
        }
        self.said: list[str] = []
        self._builder = Builder(self.settings, settings)
        self._news = threading.Semaphore(0)
        self.preview = SitePreview(self._builder, self._say)
        self.preview.rebuild()
        self._news.acquire()
        self.client = Client(self.preview.app())
        self.stop = threading.Event()
        self._watching = threading.Event()
        self.thread = threading.Thread(
            target=follow, args=(self.preview, self._builder, self.stop, self._watching)
        )

    def follow(self) -> None:
        """Begin to watch."""
        self.thread.start()
        assert self._watching.wait(20)

    def _say(self, line: str) -> None:
        self.said.append(line)
        self._news.release()

    def get_until(self, path: str, status: int, text: str) -> TestResponse:
        """Wait for news, a bounded number of them, until a page says a text."""
        for _ in range(20):
            answer = self.client.get(path, buffered=True)
            if answer.status_code == status and text in answer.text:
                return answer
            assert self._news.acquire(timeout=20), f"no build made {path} say {text!r}"
        raise AssertionError(f"{path} never said {text!r}")

    def say_until(self, line: str) -> None:
        """Wait for news, a bounded number of them, until a line is said."""
        for _ in range(20):
            if line in self.said:
                return
            assert self._news.acquire(timeout=20), f"nothing made it say {line!r}"
        raise AssertionError(f"it never said {line!r}")


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    """A preview of a folder of its own."""
    watched = Watched(tmp_path)
    yield watched
    watched.stop.set()
    watched.thread.join(20)
    assert not watched.thread.is_alive()


SESSION = "/schedule/2026-12-03-overview/"


def test_a_problem_is_shown_on_the_page_and_goes_away_when_it_is_mended(watched: Watched) -> None:
    watched.follow()
    file = watched.content / "sessions/2026-12-03-overview.md"
    good = file.read_text()
    file.write_text(good.replace("uriel-ramirez-torres", "uriel-ramirez"))
    problem = "no trainer &quot;uriel-ramirez&quot; (did you mean &quot;uriel-ramirez-torres&quot;?)"
    shown = watched.get_until(SESSION, 500, problem)
    assert f"content/sessions/{file.name}:4: Trainers: " in shown.text
    assert watched.client.get(FEED, buffered=True).status_code == 200
    file.write_text(good.replace("Capacity: 40", "Capacity: 41"))
    watched.get_until(SESSION, 200, "41")


def test_templates_and_translations_are_followed(watched: Watched) -> None:
    watched.follow()
    template = watched.theme / "templates/_footer.html"
    template.write_text(template.read_text().replace("<footer>", "<footer><p>edited</p>"))
    watched.get_until(SESSION, 200, "<p>edited</p>")
    messages = watched.theme / "translations/es/LC_MESSAGES/zz.po"
    messages.write_text('msgid "Schedule"\nmsgstr "Agenda"\n')
    watched.get_until(f"/es{SESSION}", 200, "Agenda")


def test_what_changes_before_the_watch_begins_is_not_missed(watched: Watched) -> None:
    template = watched.theme / "templates/_footer.html"
    template.write_text(template.read_text().replace("<footer>", "<footer><p>early</p>"))
    watched.follow()
    watched.get_until(SESSION, 200, "<p>early</p>")


def test_a_watch_that_begins_with_nothing_new_says_nothing(watched: Watched) -> None:
    said = list(watched.said)
    watched.follow()
    assert watched.said == said


def test_a_folder_in_the_place_of_another_is_followed(watched: Watched) -> None:
    """As git leaves it that goes to a commit without the folder and back."""
    watched.follow()
    aside = watched.content.rename(watched.content.with_name("aside"))
    watched.get_until(SESSION, 500, "the folder trainers is missing")
    shutil.copytree(aside, watched.content)
    watched.get_until(SESSION, 200, "40")
    file = watched.content / "sessions/2026-12-03-overview.md"
    file.write_text(file.read_text().replace("Capacity: 40", "Capacity: 41"))
    watched.get_until(SESSION, 200, "41")


def test_changed_settings_are_said_to_need_a_new_start(watched: Watched) -> None:
    watched.follow()
    watched.settings.write_text(f"{watched.settings.read_text()}\nRETENTION_DAYS = 90\n")
    watched.say_until("pelicanconf.py changed: stop make serve with Ctrl-C and start it again")
