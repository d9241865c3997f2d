# SPDX-License-Identifier: AGPL-3.0-or-later
"""What search engines may find."""

from __future__ import annotations

from plugins.sitemap import robots, sitemap
from schedule.model import Language
from schedule.site import Page
from tests.support.constants import SITE_URL


def page(url: str, *, indexed: bool = True) -> Page:
    alternates = ((Language.ENGLISH, url), (Language.SPANISH, f"/es{url}"))
    return Page(url, Language.ENGLISH, "A page", "", "none", alternates, indexed=indexed)


def test_a_page_is_listed_with_its_alternates() -> None:
    assert sitemap([page("/schedule/")], SITE_URL) == (
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


def test_a_page_that_may_not_be_indexed_is_not_listed() -> None:
    assert sitemap([page("/404.html", indexed=False), page("/")], SITE_URL) == sitemap([page("/")], SITE_URL)


def test_addresses_are_escaped_as_xml_wants() -> None:
    assert "<loc>https://trainings.example.org/a&amp;b/</loc>" in sitemap([page("/a&b/")], SITE_URL)


def test_robots_may_read_all_but_registrations() -> None:
    assert robots(SITE_URL) == (
        "User-agent: *\nDisallow: /register/\n\nSitemap: https://trainings.example.org/sitemap.xml\n"
    )
