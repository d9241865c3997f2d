# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes `sitemap.xml` with each page's language alternates, and `robots.txt`.

pelican-sitemap is not used: it writes `ref=` for `href=` in its alternates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from plugins.trainings import signals
from plugins.trainings.generator import ScheduleGenerator
from plugins.trainings.memo import Memo
from plugins.trainings.problems import ContentProblem
from plugins.trainings.reader import Content
from schedule.addresses import Addresses
from schedule.model import DEFAULT_LANGUAGE, LANGUAGES
from schedule.site import Page

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


def sitemap(pages: Iterable[Page], changed: Mapping[str, datetime], site_url: str, memo: Memo) -> str:
    """Return the sitemap (https://www.sitemaps.org/protocol.html) of the pages that may be indexed.

    `changed` has the addresses of which it is known when what they say last changed (UTC).
    """
    addresses = Addresses(site_url)
    entries = (
        memo.get(
            ("sitemap", page.url),
            (page.alternates, changed.get(page.url), site_url),
            lambda: _entry(page, changed.get(page.url), addresses),  # noqa: B023 - called at once
        )
        for page in pages
        if page.indexed
    )
    return _HEAD + "".join(entries) + "</urlset>\n"


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


def _entry(page: Page, changed: datetime | None, addresses: Addresses) -> str:
    links = [(language.value, url) for language, url in page.alternates]
    links += [("x-default", url) for language, url in page.alternates if language is DEFAULT_LANGUAGE]
    alternates = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href={quoteattr(addresses.whole(url))}/>'
        for language, url in links
    )
    lastmod = f"<lastmod>{changed.isoformat()}</lastmod>" if changed else ""
    return f"<url><loc>{escape(addresses.whole(page.url))}</loc>{lastmod}{alternates}</url>\n"


def robots(site_url: str, *, sign_up: bool = True) -> str:
    """Return robots.txt (RFC 9309): everything may be read but the pages of people's own registrations."""
    addresses = Addresses(site_url)
    own = f" {addresses.function}" if sign_up else ""
    return f"User-agent: *\nDisallow:{own}\n\nSitemap: {addresses.whole(addresses.sitemap)}\n"


def write_sitemap(generator: ScheduleGenerator) -> None:
    """Add both files to the site."""
    site_url, pages = generator.site.url, generator.pages
    addresses = Addresses(site_url)
    changed = changes(generator.content, site_url)
    text = sitemap(pages, changed, site_url, generator.state.memo)
    generator.files.add(addresses.file(addresses.sitemap), text, text.encode)
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
