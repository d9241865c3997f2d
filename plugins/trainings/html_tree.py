# SPDX-License-Identifier: AGPL-3.0-or-later
"""HTML as a tree, to be changed and written again; it reads what our Markdown renders, not the web at large."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

# https://html.spec.whatwg.org/multipage/syntax.html#void-elements
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)


@dataclass(slots=True)
class Element:
    """An element with its attributes and, in their order, the elements and texts within it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)


Node = Element | str


def parse(html: str) -> list[Node]:
    """Return the nodes of a piece of HTML; comments are left out, and what was left open is closed at its end."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root.children


def written(nodes: Iterable[Node]) -> str:
    """Return nodes as HTML in which every element is closed."""
    return "".join(escape(node, quote=False) if isinstance(node, str) else _written(node) for node in nodes)


def _written(element: Element) -> str:
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in element.attributes.items())
    start = f"<{element.tag}{attributes}>"
    return start if element.tag in _VOID else f"{start}{written(element.children)}</{element.tag}>"


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in [element.tag for element in self._open]:
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)
