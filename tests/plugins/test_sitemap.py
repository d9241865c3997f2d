# SPDX-License-Identifier: AGPL-3.0-or-later
"""What search engines may find."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from plugins.sitemap import changes, robots, sitemap
from schedule.model import Language
from tests.support.constants import SITE_URL
from tests.support.content import ContentFolder, Repository

EN = Language.ENGLISH


def test_a_page_is_listed_with_its_alternates() -> None:
    assert sitemap([("/schedule/", EN, None)], SITE_URL) == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
        "<url><loc>https://trainings.example.org/schedule/</loc>"
        '<xhtml:link rel="alternate" hreflang="en" href="https://trainings.example.org/schedule/"/>'
        '<xhtml:link rel="alternate" hreflang="es" href="https://trainings.example.org/es/schedule/"/>'
        '<xhtml:link rel="alternate" hreflang="x-default" href="https://trainings.example.org/schedule/"/>'
        "</url>\n"
        "</urlset>\n"
    )


def test_a_page_in_spanish_is_listed_with_the_same_alternates() -> None:
    english, spanish = (
        sitemap([(url, own, None)], SITE_URL) for url, own in (("/a/", EN), ("/es/a/", Language.SPANISH))
    )
    assert spanish == english.replace("/a/</loc>", "/es/a/</loc>")


def test_a_page_says_when_it_last_changed_where_that_is_known() -> None:
    changed = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
    listed = sitemap([("/schedule/a/", EN, changed), ("/schedule/", EN, None)], SITE_URL)

    assert listed.count("<lastmod>") == 1
    assert (
        "<loc>https://trainings.example.org/schedule/a/</loc><lastmod>2026-11-20T18:00:00+00:00</lastmod>"
        in listed
    )


def test_texts_sessions_and_trainings_say_when_their_files_last_changed(tmp_path: Path) -> None:
    folder, repository = ContentFolder(tmp_path), Repository(tmp_path)
    for stem in ("pages/privacy", "pages/words"):
        folder.write(f"{stem}.md", "Title: A page\nSummary: What it is about.\n\nText.\n")
        folder.write(f"{stem}.es.md", "Title: Una página\nSummary: De qué trata.\n\nTexto.\n")
    repository.commit(at="2026-10-01T12:00:00Z")
    folder.session("a")
    repository.commit(at="2026-10-02T12:00:00Z")
    folder.change("pages/privacy.es.md", "Texto.", "Otro texto.")
    repository.commit(at="2026-10-03T12:00:00Z")

    english = {"/words/": 1, "/privacy/": 3, "/trainings/overview/": 2, "/schedule/a/": 2}
    assert changes(folder.read(), SITE_URL) == {
        f"{prefix}{url}": datetime(2026, 10, day, 12, tzinfo=UTC)
        for url, day in english.items()
        for prefix in ("", "/es")
    }


def test_addresses_are_escaped_as_xml_wants() -> None:
    assert "<loc>https://trainings.example.org/a&amp;b/</loc>" in sitemap([("/a&b/", EN, None)], SITE_URL)


def test_robots_may_read_all_but_registrations() -> None:
    assert robots(SITE_URL) == (
        "User-agent: *\nDisallow: /register/\n\nSitemap: https://trainings.example.org/sitemap.xml\n"
    )


def test_robots_are_told_of_the_folder_that_the_site_stands_in() -> None:
    assert robots(f"{SITE_URL}/msix") == (
        "User-agent: *\nDisallow: /msix/register/\n\nSitemap: https://trainings.example.org/msix/sitemap.xml\n"
    )


def test_robots_may_read_everything_where_nobody_signs_up() -> None:
    assert robots(SITE_URL, sign_up=False) == (
        "User-agent: *\nDisallow:\n\nSitemap: https://trainings.example.org/sitemap.xml\n"
    )
