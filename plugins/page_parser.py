# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes a page apart for its checks: what its start tags say, and its title."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import NamedTuple


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


class _Parser(HTMLParser):
    def __init__(self, path: str, folder: str) -> None:
        super().__init__()
        self.page = Parsed(path, folder)
        self._in_title = False
        self._labels = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._labels += tag == "label"
        if self._labels:
            self.page.labelled.add(len(self.page.elements))
        self.page.elements.append(StartTag(tag, {name: value or "" for name, value in attrs}))
        # An SVG has titles of its own.
        self._in_title = tag == "title" and not self.page.title

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        self._labels -= tag == "label"

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.page.title += data.strip()


def parse(path: str, html: str, folder: str = "") -> Parsed:
    """Take a page apart; `path` is that of its file below the output, `folder` the site's on its host."""
    parser = _Parser(path, folder)
    parser.feed(html)
    parser.close()
    return parser.page
