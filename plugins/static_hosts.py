# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes `_headers` and `_redirects` for hosts of static files: Netlify and Cloudflare Pages read both, GitLab Pages
the second. On other hosts they are two files that nobody asks for.
"""

from __future__ import annotations

from collections.abc import Iterator

from plugins.trainings import signals
from plugins.trainings.generator import ScheduleGenerator
from schedule.addresses import SESSION_FILE, Addresses
from schedule.calendar_http import TYPE
from schedule.editor_policy import EDITOR_POLICY
from schedule.model import LANGUAGES
from schedule.page_headers import PAGES, POLICY_HEADER

HEADERS, REDIRECTS = "_headers", "_redirects"

Rule = tuple[str, tuple[tuple[str, str], ...]]
"""A pattern of paths, and the headers of what is there."""

# The pages say the rest of their policy themselves. Where a path has two rules, Cloudflare sends both values and a
# browser goes by both; Netlify sends that of the longer pattern. Either way, this one takes nothing from the editor's.
_EVERYWHERE = (
    (POLICY_HEADER, "frame-ancestors 'none'"),
    *((name, value) for name, value in PAGES if name != POLICY_HEADER),
)
_FOR_GOOD = (("Cache-Control", "public, max-age=31536000, immutable"),)
_CALENDAR = (("Content-Type", TYPE), ("Access-Control-Allow-Origin", "*"))
_EDITOR = ((POLICY_HEADER, EDITOR_POLICY), ("X-Robots-Tag", "noindex"))


def rules(site_url: str) -> Iterator[Rule]:
    """Yield which headers go with which paths of a site; the paths begin at the root of its host."""
    root = Addresses(site_url)
    yield f"{root.home}*", _EVERYWHERE
    # Their names change with their bytes.
    yield root.asset("theme/*"), _FOR_GOOD
    yield root.asset("images/*"), _FOR_GOOD
    for language in LANGUAGES:
        at = Addresses(site_url, language)
        yield f"{at.home}calendar/*", _CALENDAR
        yield f"{at.schedule}:session/{SESSION_FILE}", _CALENDAR
        yield f"{at.editor}*", _EDITOR


def headers(site_url: str) -> str:
    """Return `_headers` (https://docs.netlify.com/manage/routing/headers/)."""
    return "".join(
        f"{pattern}\n" + "".join(f"  {name}: {value}\n" for name, value in found)
        for pattern, found in rules(site_url)
    )


def redirects(site_url: str) -> str:
    """Return `_redirects` of a site on which nobody signs up: people with an old link find somebody to call."""
    at = Addresses(site_url)
    return f"{at.function}* {at.contacts} 302\n"


def _write(generator: ScheduleGenerator) -> None:
    url = generator.site.url
    generator.files.add(HEADERS, url, lambda: headers(url).encode())
    if not generator.site.sign_up:
        generator.files.add(REDIRECTS, url, lambda: redirects(url).encode())


def register() -> None:
    """Connect to the site's generator."""
    signals.pages_written.connect(_write)
