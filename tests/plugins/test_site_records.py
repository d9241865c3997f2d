# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is known of a file is looked up anew once its bytes, or what they are compared with, have changed."""

from __future__ import annotations

import pickle
from hashlib import sha256

import pytest

from plugins import calendar_checks, calendar_rules
from plugins.calendar_lines import Fault
from plugins.calendar_rules import CalendarKind, Place
from plugins.site_records import SiteRecords, look_at
from plugins.trainings.memo import Memo
from schedule.feeds import calendar_header, feed, file_header, session_file
from schedule.invitations import event_bytes
from schedule.model import Language
from tests.support.calendars import PAGE_URL, english
from tests.support.schedules import session

PAGE = b"<!doctype html><html lang=en><title>Page</title><h1 id=top>Page</h1><a href=/es/#top>es</a>"
FILES = {
    "calendar/all.ics": b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    "contacts/ana.vcf": b"EMAIL:ana@example.net\r\n",
    "edit/index.html": b"<div>",
    "es/index.html": PAGE.replace(b"en", b"es"),
    "index.html": PAGE,
    "site.css": b"a { color: red }",
}
LINK = "https://meet.example.org/private"
SITE = "https://trainings.your-office.org"


class Files:
    """Files of a site that notes which of them are read."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files, self.seen = files, list[str]()
        self.digests = {path: sha256(data).digest() for path, data in files.items()}

    @property
    def paths(self) -> list[str]:
        return list(self.files)

    def read(self, path: str) -> bytes:
        self.seen.append(path)
        return self.files[path]


class Looking:
    """Somebody who looks again and again, and keeps what was found as a cache on disk does."""

    def __init__(self) -> None:
        self._kept = pickle.dumps(Memo())

    def at(
        self, files: dict[str, bytes], *, link: str = LINK, folder: str = "", beside: str | None = SITE
    ) -> tuple[SiteRecords, list[str]]:
        """Return what was found, and which files were read for it."""
        memo, seen = pickle.loads(self._kept), Files(files)  # noqa: S301 - its own
        found = look_at(seen, memo, [link], folder, beside)
        memo.sweep()
        self._kept = pickle.dumps(memo)
        return found, seen.seen


@pytest.fixture
def looking() -> Looking:
    return Looking()


def test_each_file_is_read_once_and_then_no_more(looking: Looking) -> None:
    first, read = looking.at(FILES)

    assert read == sorted(FILES)
    assert looking.at(FILES) == (first, [])


def test_only_a_file_that_has_changed_is_read_again(looking: Looking) -> None:
    looking.at(FILES)
    changed = {**FILES, "index.html": PAGE.replace(b"<h1 id=top>", f"<h1>{LINK}".encode())}
    found, read = looking.at(changed)

    assert read == ["index.html"]
    assert found == Looking().at(changed)[0]
    assert (found.private, found.pages["index.html"].ids) == (["index.html"], frozenset())


def test_once_a_private_link_is_another_one_it_is_looked_for_everywhere(looking: Looking) -> None:
    files = {**FILES, "notes.txt": b"https://meet.example.org/other"}
    assert looking.at(files)[0].private == []

    found, read = looking.at(files, link="https://meet.example.org/other")

    assert (found.private, read) == (["notes.txt"], sorted(files))


def test_once_the_site_has_another_address_examples_are_looked_for_everywhere(looking: Looking) -> None:
    assert [*looking.at(FILES)[0].examples] == ["contacts/ana.vcf"]

    assert looking.at(FILES, beside="https://example.net")[0].examples == {}
    found, read = looking.at(
        {**FILES, "robots.txt": b"Sitemap: https://msix.example.net/"}, beside="https://msix.example.net"
    )
    assert ([*found.examples], read) == (["contacts/ana.vcf"], sorted([*FILES, "robots.txt"]))
    assert looking.at(FILES, beside=None)[0].examples == {}


def test_once_the_site_stands_in_another_folder_links_lead_elsewhere(looking: Looking) -> None:
    files = {**FILES, "index.html": PAGE.replace(b"/es/", b"/msix/es/")}
    assert [link.file for link in looking.at(files)[0].pages["index.html"].links] == ["msix/es/index.html"]

    assert [link.file for link in looking.at(files, folder="/msix")[0].pages["index.html"].links] == [
        "es/index.html"
    ]


def test_the_editor_s_pages_are_no_pages_and_other_files_are_neither_calendar_nor_page(
    looking: Looking,
) -> None:
    found, _ = looking.at(FILES)

    assert ([*found.calendars], [*found.pages]) == (["calendar/all.ics"], ["es/index.html", "index.html"])


def test_a_feed_that_is_new_is_read_without_the_events_that_have_passed_by_themselves(
    looking: Looking, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = event_bytes(session("a"), Language.ENGLISH, SITE, english)
    file = {"schedule/a/session.ics": session_file(file_header(Language.ENGLISH), event)}
    looking.at(file)
    read = list[int]()

    def noting(data: bytes, kind: CalendarKind) -> tuple[list[Fault], list[Place]]:
        read.append(data.count(b"BEGIN:VEVENT"))
        return calendar_rules.read(data, kind)

    monkeypatch.setattr(calendar_checks, "read", noting)
    path = "calendar/all.ics"
    new = {path: feed(calendar_header(path, f"{SITE}/{path}", PAGE_URL, Language.ENGLISH), [event])}
    found, _ = looking.at({**file, **new})

    assert (found.calendars[path], read) == ((), [0])
