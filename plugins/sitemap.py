# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes `sitemap.xml` with each page's language alternates, and `robots.txt`.

pelican-sitemap is not used: it writes `ref=` for `href=` in its alternates.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape

from plugins.trainings import signals
from plugins.trainings.generator import ScheduleGenerator
from plugins.trainings.problems import ContentProblem
from plugins.trainings.reader import Content
from schedule.addresses import Addresses
from schedule.model import DEFAULT_LANGUAGE, LANGUAGES, Language

_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)


IN_A_FOLDER = ContentProblem(
    "publishconf.py",
    1,
    "SITEURL",
    "is a folder of its host, where no search engine looks for robots.txt, and not every host for 404.html",
    'see "In a folder of a host" in docs/static-hosts.md',
    warning=True,
)


def sitemap(pages: Iterable[tuple[str, Language, datetime | None]], site_url: str) -> str:
    """Return the sitemap (https://www.sitemaps.org/protocol.html) of pages: their addresses, their languages, and
    when what they say last changed (UTC), None where nobody knows.
    """
    addresses = {language: Addresses(site_url, language) for language in LANGUAGES}
    host = addresses[DEFAULT_LANGUAGE].whole("")
    entries = [_entry(host, addresses[own].alternates(url), own, changed) for url, own, changed in pages]
    return f"{_HEAD}{''.join(entries)}</urlset>\n"


def changes(content: Content, site_url: str) -> dict[str, datetime]:
    """Return when what the pages say last changed: the texts that staff write, the sessions, and the trainings,
    which show theirs. Pages that list what is next change by the day alone, so nothing is said of them.
    """
    changed = {}
    for language in LANGUAGES:
        addresses = Addresses(site_url, language)
        for article in content.articles:
            if article.slug != "index":
                stem = f"{article.section}/{article.slug}"
                changed[addresses.text(article.section, article.slug)] = _last(content, stem)
        for training in content.schedule.trainings:
            changed[addresses.training(training.slug)] = _last(content, f"trainings/{training.slug}")
        for session in content.schedule.sessions:
            training_page, time = addresses.training(session.training.slug), session.revision.time
            changed[addresses.session(session.id)] = time
            changed[training_page] = max(changed[training_page], time)
    return changed


def _last(content: Content, stem: str) -> datetime:
    return content.revisions.of((f"{stem}.md", f"{stem}.es.md")).time


def _entry(
    host: str, alternates: Iterable[tuple[Language, str]], own: Language, changed: datetime | None
) -> str:
    found = {language: escape(host + url) for language, url in alternates}
    links = [*found.items(), ("x-default", found[DEFAULT_LANGUAGE])]
    elements = "".join(
        [f'<xhtml:link rel="alternate" hreflang="{name}" href="{one}"/>' for name, one in links]
    )
    lastmod = f"<lastmod>{changed.isoformat()}</lastmod>" if changed else ""
    return f"<url><loc>{found[own]}</loc>{lastmod}{elements}</url>\n"


def robots(site_url: str, *, sign_up: bool = True) -> str:
    """Return robots.txt (RFC 9309): everything may be read but the pages of people's own registrations."""
    addresses = Addresses(site_url)
    own = f" {addresses.function}" if sign_up else ""
    return f"User-agent: *\nDisallow:{own}\n\nSitemap: {addresses.whole(addresses.sitemap)}\n"


def write_sitemap(generator: ScheduleGenerator) -> None:
    """Add both files to the site."""
    site_url = generator.site.url
    addresses = Addresses(site_url)
    changed = changes(generator.content, site_url)
    pages = tuple((url, own, changed.get(url)) for url, own in generator.indexed.items())
    path = addresses.file(addresses.sitemap)
    generator.files.add(path, (pages, site_url), lambda: sitemap(pages, site_url).encode())
    sign_up = generator.site.sign_up
    generator.files.add(
        addresses.file(addresses.robots),
        (site_url, sign_up),
        lambda: robots(site_url, sign_up=sign_up).encode(),
    )
    if addresses.folder:
        generator.state.warnings = (*generator.state.warnings, IN_A_FOLDER)


def register() -> None:
    """Connect to the site's generator."""
    signals.pages_written.connect(write_sitemap)
