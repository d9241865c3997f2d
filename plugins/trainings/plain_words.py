# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rendered Markdown in plain words, for calendars and for the text of emails, which show no HTML.

Blocks are parted by an empty line. Lists have "- " or "1. " before each item, quotations "> " before each
line, a link is "text (address)", what is struck out "~~text~~".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from textwrap import indent

from plugins.trainings.html_tree import Element, Node

_LISTS = frozenset({"ol", "ul"})
_BLOCKS = _LISTS | frozenset(
    {
        "article",
        "aside",
        "blockquote",
        "details",
        "div",
        "dl",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "main",
        "nav",
        "p",
        "pre",
        "section",
        "summary",
        "table",
    }
)
# What HTML takes for white space; a no-break space is none.
_BLANKS = re.compile(r"[ \t\n\f\r]+")


def plain_words(nodes: Iterable[Node]) -> str:
    """Return a text in plain words; every address in it has to be a whole one already."""
    return _parted(nodes)


def _parted(nodes: Iterable[Node]) -> str:
    return "\n\n".join(text for _, text in _blocks(nodes))


def _blocks(nodes: Iterable[Node]) -> Iterator[tuple[str, str]]:
    """Yield the blocks that say something, each with its tag; words that stand between blocks are one too."""
    between: list[Node] = []
    for node in nodes:
        if isinstance(node, str) or node.tag not in _BLOCKS:
            between.append(node)
            continue
        yield from _paragraph(between)
        between = []
        yield from ((node.tag, text) for text in _block(node) if text)
    yield from _paragraph(between)


def _paragraph(nodes: Iterable[Node]) -> Iterator[tuple[str, str]]:
    if words := _words(nodes):
        yield "p", words


def _block(element: Element) -> Iterator[str]:
    match element.tag:
        case "ol" | "ul":
            yield _list(element)
        case "blockquote":
            yield indent(_parted(element.children), "> ", lambda _: True).replace("> \n", ">\n")
        case "pre":
            yield _verbatim(element).strip("\n")
        case "hr":
            yield "---"
        case "table":
            rows = ([_words(cell.children) for cell in _all(row, "td", "th")] for row in _all(element, "tr"))
            yield "\n".join(" | ".join(row).rstrip() for row in rows)
        case "dl":
            yield "\n".join(_definition(part) for part in _all(element, "dt", "dd"))
        case _:
            yield from (text for _, text in _blocks(element.children))


def _list(element: Element) -> str:
    """Return a list, its items parted by an empty line if one of them holds an empty line itself."""
    start = element.attributes.get("start", "")
    first = int(start) if start.isdecimal() else 1  # as browsers number a list whose start is no number
    items = [child for child in element.children if isinstance(child, Element)]
    texts = [
        _hanging("- " if element.tag == "ul" else f"{first + place}. ", _item(item))
        for place, item in enumerate(items)
    ]
    return ("\n\n" if any("\n\n" in text for text in texts) else "\n").join(texts)


def _item(item: Element) -> str:
    """Return the text of an item; a list within it follows on the next line."""
    text = ""
    for tag, block in _blocks(item.children):
        text += ("" if not text else "\n" if tag in _LISTS else "\n\n") + block
    return text


def _definition(part: Element) -> str:
    return _hanging("" if part.tag == "dt" else "  ", _parted(part.children))


def _hanging(marker: str, text: str) -> str:
    """Return a text behind a marker, its other lines below its beginning."""
    blank = " " * len(marker)
    return f"{marker}{indent(text, blank).removeprefix(blank)}".rstrip()


def _all(element: Element, *tags: str) -> Iterator[Element]:
    """Yield the nearest elements of these names within another."""
    for child in element.children:
        if isinstance(child, Element):
            if child.tag in tags:
                yield child
            else:
                yield from _all(child, *tags)


def _words(nodes: Iterable[Node]) -> str:
    """Return the words of a paragraph: one line, but for hard breaks."""
    text = "".join(map(_inline, nodes))
    return re.sub(r" *\n *", "\n", re.sub(r" {2,}", " ", text)).strip(" \n")


def _inline(node: Node) -> str:
    if isinstance(node, str):
        return _BLANKS.sub(" ", node)
    if node.tag == "br":
        return "\n"
    if node.tag == "a" and "href" in node.attributes:
        return _link(_words(node.children), node.attributes["href"])
    words = "".join(map(_inline, node.children))
    # What is struck out must not read as if it still held.
    return f"~~{words}~~" if node.tag == "del" else words


def _link(label: str, href: str) -> str:
    """Return "label (address)"; one of the two where the other says nothing new."""
    scheme, _, rest = href.partition(":")
    if scheme == "tel":
        # (800) 342-2964 is read more easily than +18003422964, and says the same.
        return label if _digits(rest) in _digits(label) else _beside(label, rest)
    if scheme == "mailto":
        return _beside(label, rest.partition("?")[0])
    bare = rest.removeprefix("//").rstrip("/")
    return href if label.rstrip("/") in {bare, href.rstrip("/")} else _beside(label, href)


def _digits(number: str) -> str:
    """Return the digits of a telephone number without the country's, which people in it leave out."""
    return "".join(re.findall(r"\d", number)).removeprefix("1")


def _beside(label: str, url: str) -> str:
    return url if label in {"", url} else f"{label} ({url})"


def _verbatim(node: Node) -> str:
    if isinstance(node, str):
        return node
    return "\n" if node.tag == "br" else "".join(map(_verbatim, node.children))
