# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many bytes are sent for a page."""

from __future__ import annotations

from functools import cache

import brotli

from plugins.page_parser import parse
from tests.support.built_site import BuiltSite


def sent_with(site: BuiltSite, html: str, *, script: bool = True) -> int:
    """Return the bytes that are sent of a page of the site or its function, its style and its script, if it has one.

    The face is a file of its own.
    """
    page = parse("index.html", html)
    fetched = [link["href"] for link in page.all("link") if link["rel"] in {"stylesheet", "preload"}]
    fetched += [script["src"] for script in page.all("script") if "src" in script]
    # The page itself is the fourth request.
    assert sorted(name.rsplit(".")[-1] for name in fetched) == ["css", *["js"] * script, "woff2"], fetched
    parts = [site.files[name.lstrip("/")] for name in fetched if not name.endswith(".woff2")]
    return sum(map(_compressed, [html.encode(), *parts]))


@cache
def _compressed(data: bytes) -> int:
    """Return how many bytes are sent of a file; most pages have the same style and script."""
    return len(brotli.compress(data))
