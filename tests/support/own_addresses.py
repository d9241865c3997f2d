# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every address of its own that a built site names, in whatever kind of file and whatever it is for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

_LISTS = {"srcset", "imagesrcset"}
_SINGLE = {"href", "src", "action", "formaction", "poster", "data", "data-feed", "data-status"}
_CONTENT = {"og:url", "og:image"}
_IN_STYLE = re.compile(r"url\(([^)]+)\)")


class _Addresses(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._data = given.get("type") == "application/ld+json"
        self.found += [value for name, value in given.items() if name in _SINGLE]
        for name in _LISTS & given.keys():
            self.found += [each.split()[0] for each in given[name].split(",")]
        if given.get("property") in _CONTENT:
            self.found.append(given["content"])

    def handle_data(self, data: str) -> None:
        if self._data:
            self.found += [text for text in _texts(json.loads(data)) if text.startswith(("/", "http"))]
            self._data = False


def _texts(data: Any) -> Iterator[str]:
    """Yield the texts in JSON data."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list):
        for each in data.values() if isinstance(data, dict) else data:
            yield from _texts(each)


def named(path: str, text: str, site_url: str) -> set[str]:
    """Return the paths on the site's host that one of its files names, below whatever folder; `path` is the file's."""
    host = urlsplit(site_url).netloc
    # Whole addresses stand anywhere: in a link to another calendar's form they are quoted.
    whole = re.compile(rf"(?:https?|webcal)://{re.escape(host)}([^\s\"'<>\\,;)&?#]*)")
    readable = unescape(text).replace("\r\n ", "")
    found = {match[1] for form in (readable, unquote(readable)) for match in whole.finditer(form)}
    asked: list[str] = []
    if path.endswith(".html"):
        parser = _Addresses()
        parser.feed(text)
        asked = parser.found
    elif path.endswith(".css"):
        asked = _IN_STYLE.findall(text)
    for address in asked:
        parts = urlsplit(urljoin(f"{site_url}/{path.removesuffix('index.html')}", address))
        if parts.netloc == host:
            found.add(parts.path)
    return {unquote(urlsplit(each).path) or "/" for each in found}
