# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes a page apart for its checks: what its tags say, and its title.

A page of this site is written by templates that escape, so tags are told by a pattern; a browser's repairs of what is
not well-formed are left out. Most tags stand on many pages, and are read once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from types import MappingProxyType
from typing import NamedTuple

_REST = r"""[^>"']*+(?:"[^"]*+"[^>"']*+|'[^']*+'[^>"']*+)*+"""
"""What stands in a tag behind its name: an end of it that is quoted is none."""

_TAG = re.compile(
    rf"<(?:!--.*?-->|((?:script|style)\b{_REST})>.*?</(?:script|style)|(/label\s*|[a-z]{_REST})>)",
    re.DOTALL | re.IGNORECASE,
)
# The name stands first, and has no value.
_PART = re.compile(r"""([^\s"'>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>]*))?""")
_TITLE = re.compile(r"<title\b[^>]*>(.*?)</title", re.DOTALL | re.IGNORECASE)


class StartTag(NamedTuple):
    """A start tag: its name, and its attributes, without entities."""

    tag: str
    attributes: Mapping[str, str]


@dataclass(slots=True)
class Parsed:
    """What the checks look at in a page."""

    path: str
    folder: str = ""
    """The folder of its host that the site stands in, as `/msix`."""
    elements: list[StartTag] = field(default_factory=list)
    title: str = ""
    labelled: set[int] = field(default_factory=set)
    """The places in `elements` of those that stand within a label."""

    def all(self, *tags: str) -> Iterator[Mapping[str, str]]:
        """Yield the attributes of all elements with one of these names."""
        return (attributes for tag, attributes in self.elements if tag in tags)

    @property
    def ids(self) -> list[str]:
        """All ids, in the page's order."""
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    @property
    def url(self) -> str:
        """The page's address on its host."""
        return f"{self.folder}/{self.path.removesuffix('index.html')}"

    @property
    def alternates(self) -> dict[str, str]:
        """The address of each language's page, by hreflang."""
        links = (link for link in self.all("link") if "hreflang" in link)
        return {link["hreflang"]: link.get("href", "") for link in links if link.get("rel") == "alternate"}


def parse(path: str, html: str, folder: str = "") -> Parsed:
    """Take a page apart; `path` is that of its file below the output, `folder` the site's on its host."""
    page = Parsed(path, folder)
    elements, labels = page.elements, 0
    for with_text, plain in _TAG.findall(html):
        text = with_text or plain
        if not text:  # a comment
            continue
        if text[0] == "/":
            labels -= 1
            continue
        element = _element(text)
        labels += element.tag == "label"
        if labels:
            page.labelled.add(len(elements))
        elements.append(element)
    if found := _TITLE.search(html):
        page.title = unescape(found[1]).strip()
    return page


@lru_cache(maxsize=4096)
def _element(text: str) -> StartTag:
    """Return what a tag says; `text` is what stands between its angle brackets."""
    (name, _), *parts = _PART.findall(text)
    attributes = {
        key.lower(): unescape(value[1:-1] if value[:1] in {'"', "'"} else value) for key, value in parts
    }
    return StartTag(name.lower(), MappingProxyType(attributes))
