# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lists as CommonMark reads them (https://spec.commonmark.org/0.31.2/#lists), and so the code host's preview.

Python-Markdown's own want an empty line above a list and four spaces before what lies within an item.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from markdown.blockprocessors import BlockProcessor
from markdown.util import nearing_recursion_limit

FENCE = re.compile(r"( {0,3})(`{3,}(?=[^`]*$)|~{3,})")
_ITEM = re.compile(r" {0,3}(?:([-+*])|(\d{1,9})([.)]))( +|$)(.*)")
_RULE = re.compile(r" {0,3}([-*_])( *\1){2,} *$")
_OTHER_BLOCK = re.compile(r" {0,3}(>|#{1,6} |```|~~~|([-+*]|\d{1,9}[.)])( |$))")


def _item(line: str, *, after_text: bool = False) -> re.Match[str] | None:
    """Return the parts of a line that begins an item; one after a text is not empty and has no number but 1."""
    found = _ITEM.match(line)
    if found is None or _RULE.match(line):
        return None
    return None if after_text and (not found[5] or found[2] not in {None, "1"}) else found


class ListProcessor(BlockProcessor):
    """Takes a whole list out of the blocks, with all that lies within its items."""

    def test(self, parent: Element, block: str) -> bool:  # noqa: ARG002 - Python-Markdown's own signature
        """Whether a list begins in a block."""
        return first_item(block.split("\n")) is not None and not nearing_recursion_limit()

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Parse what comes before the list, then its items."""
        first = first_item(blocks[0].split("\n")) or 0
        lines = "\n\n".join(blocks).split("\n")
        blocks.clear()
        if first:
            self.parser.parseBlocks(parent, ["\n".join(lines[:first])])
        items, loose, end = _items(lines, first)
        blocks[:] = "\n".join(lines[end:]).split("\n\n") if end < len(lines) else []
        begin = _ITEM.match(lines[first])
        element = SubElement(parent, "ul" if begin and begin[1] else "ol")
        if begin and begin[2] and int(begin[2]) != 1:
            element.set("start", str(int(begin[2])))
        self.parser.state.set("looselist" if loose else "list")
        for item in items:
            self.parser.parseBlocks(SubElement(element, "li"), "\n".join(item).strip("\n").split("\n\n"))
        self.parser.state.reset()


def first_item(lines: list[str]) -> int | None:
    """Return the first of these lines that begins a list."""
    return next((place for place, line in enumerate(lines) if _item(line, after_text=place > 0)), None)


def _items(lines: list[str], first: int) -> tuple[list[list[str]], bool, int]:
    """Return the lines of each item, whether the items stand apart, and the line after the list."""
    items: list[list[str]] = []
    kind, offset, within, blank, loose, fenced = "", 0, False, False, False, False
    for place in range(first, len(lines)):
        line = lines[place]
        depth, found = len(line) - len(line.lstrip(" ")), _item(line)
        if not line.strip():
            blank = True
        elif items and depth >= offset:
            inner = line[offset:]
            starts = None if fenced else _item(inner, after_text=not blank)
            # Only what lies within an inner list, or is code, may stand apart without parting this one's items.
            loose |= blank and not fenced and not (within and (starts or inner.startswith(" ")))
            within = bool(starts) or (within and not (blank and not inner.startswith(" ")))
            fence = bool(FENCE.match(inner.lstrip(" ")))
            plain = not (blank or starts or fence or fenced or _OTHER_BLOCK.match(inner.lstrip(" ")))
            items[-1] += [""] * blank + [line if plain else inner]
            blank, fenced = False, fenced != fence
        elif found and (found[1] or found[3]) == (kind or found[1] or found[3]):
            loose |= blank
            kind, space = found[1] or found[3], len(found[4])
            offset = found.start(4) + (space if 1 <= space <= 4 and found[5] else 1)
            items.append([line[offset:]])
            within, blank = _item(items[-1][0]) is not None, False
        elif blank or found or _OTHER_BLOCK.match(line):
            return items, loose, place
        else:
            items[-1].append(line)
    return items, loose, len(lines)
