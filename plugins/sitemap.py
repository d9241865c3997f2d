# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes `sitemap.xml` with each page's language alternates, and `robots.txt`.

pelican-sitemap is not used: it writes `ref=` for `href=` in its alternates.
"""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from plugins.trainings import signals
from plugins.trainings.generator import ScheduleGenerator
from schedule.addresses import FUNCTION, Addresses
from schedule.model import DEFAULT_LANGUAGE
from schedule.site import Page

_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)


def sitemap(pages: list[Page], site_url: str) -> str:
    """Return the sitemap (https://www.sitemaps.org/protocol.html) of the pages that may be indexed."""
    addresses = Addresses(site_url)
    return _HEAD + "".join(_entry(page, addresses) for page in pages if page.indexed) + "</urlset>\n"


def _entry(page: Page, addresses: Addresses) -> str:
    links = [(language.value, url) for language, url in page.alternates]
    links += [("x-default", url) for language, url in page.alternates if language is DEFAULT_LANGUAGE]
    alternates = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href={quoteattr(addresses.whole(url))}/>'
        for language, url in links
    )
    return f"<url><loc>{escape(addresses.whole(page.url))}</loc>{alternates}</url>\n"


def robots(site_url: str) -> str:
    """Return robots.txt (RFC 9309): everything may be read but the pages of people's own registrations."""
    addresses = Addresses(site_url)
    return f"User-agent: *\nDisallow: {FUNCTION}\n\nSitemap: {addresses.whole(addresses.sitemap)}\n"


def write_sitemap(generator: ScheduleGenerator) -> None:
    """Add both files to the site."""
    site_url, pages = generator.site.url, generator.pages
    addresses = Addresses(site_url)
    inputs = (site_url, [(page.url, page.indexed) for page in pages])
    generator.files.add(addresses.file(addresses.sitemap), inputs, lambda: sitemap(pages, site_url).encode())
    generator.files.add(addresses.file(addresses.robots), site_url, lambda: robots(site_url).encode())


def register() -> None:
    """Connect to the site's generator."""
    signals.pages_written.connect(write_sitemap)
