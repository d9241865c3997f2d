# SPDX-License-Identifier: AGPL-3.0-or-later
"""Footnotes as the code host's preview shows them, and what is wrong with those of a text.

Python-Markdown shows a footnote that no words point to, with a way back to nowhere; it takes the last of two that have
one name, and drops one that begins within another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions.footnotes import FootnoteExtension, FootnoteInlineProcessor

_MARK = re.compile(r"\[\^([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class Footnotes:
    """The names of a text's footnotes, by what they lack; `texts` are all that are written, in their order."""

    texts: tuple[str, ...] = ()
    empty: frozenset[str] = frozenset()
    twice: frozenset[str] = frozenset()
    inside: frozenset[str] = frozenset()
    unwritten: tuple[str, ...] = ()


NONE = Footnotes()
"""What nearly all texts have: one object for all of them, which is pickled once."""


class OurFootnotes(FootnoteExtension):
    """Footnotes in the order in which the words point to them; it notes what Python-Markdown passes over."""

    def __init__(self) -> None:
        # The title of the way back is read to people who do not see the arrow, in whatever language the text is.
        super().__init__(BACKLINK_TITLE="↩ {}", USE_DEFINITION_ORDER=False)

    def extendMarkdown(self, md: Markdown) -> None:
        super().extendMarkdown(md)
        md.inlinePatterns.register(_Marks(_MARK.pattern, self), "footnote", 175)

    def reset(self) -> None:
        """Begin another text."""
        super().reset()
        self._twice, self._inside, self._empty = set[str](), set[str](), set[str]()
        self.unwritten: dict[str, None] = {}
        self._is_complete = False

    def setFootnote(self, id: str, text: str) -> None:  # noqa: A002 - Python-Markdown's own names
        """Keep the first text of a name, as the preview does."""
        if self._is_complete:
            self._inside.add(id)
        elif id in self.footnotes:
            self._twice.add(id)
        else:
            super().setFootnote(id, text)

    def makeFootnotesDiv(self, root: Element) -> Element | None:
        """Return the list of footnotes, whose texts are read now: what begins one in there is too late."""
        self._is_complete = True
        div: Element | None = super().makeFootnotesDiv(root)
        items = None if div is None else div.find("ol")
        for item, name in zip(list(items or ()), list(self.footnotes), strict=True):
            if not len(item) and items is not None:
                self._empty.add(name)
                items.remove(item)  # Python-Markdown, when it sorts them, looks for the way back in each
        return div

    def findFootnotesPlaceholder(self, root: Element) -> None:
        """Return that the list stands below the text: no words of a text move it."""

    @property
    def found(self) -> Footnotes:
        """What was noted of the text that was read last."""
        inside = frozenset(self._inside)
        empty = frozenset(() if inside else self._empty)  # it is what stands within it that has to move
        found = Footnotes(tuple(self.footnotes), empty, frozenset(self._twice), inside, tuple(self.unwritten))
        return NONE if found == NONE else found


class _Marks(FootnoteInlineProcessor):
    """Notes the marks that no footnote is written for, and leaves them as words."""

    footnotes: OurFootnotes

    def handleMatch(  # type: ignore[override]  # as in InlineProcessor, unlike Pattern above it
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        found = super().handleMatch(m, data)
        if found[0] is None:
            self.footnotes.unwritten[m[1]] = None
        return found


def check_footnotes(found: Footnotes, html: str, lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """Yield what is wrong with the footnotes of a text, each once: the line (from 0), the message and what to do."""
    if found == NONE:
        return
    used = _used(html)
    for name in dict.fromkeys((*found.texts, *sorted(found.inside))):
        mark = f"[^{name}]"
        written = [place for place, line in enumerate(lines) if f"{mark}:" in line] or [0]
        if not re.fullmatch(r"[\w-]+", name):
            yield written[0], f'"{mark}" is no name of a footnote', 'write a number or a word, as in "[^1]"'
        elif name in found.inside:
            message = f'the footnote "{mark}" begins within another'
            yield written[-1], message, f'begin a line with "{mark}:", after an empty one'
        elif name in found.twice:
            yield written[-1], f'the footnote "{mark}" is written twice', "give one of them another name"
        elif name in found.empty:
            yield written[0], f'the footnote "{mark}" says nothing', f'write its words behind "{mark}:"'
        elif name not in used:
            hint = f'write "{mark}" behind words of the text, or leave the footnote out'
            yield written[0], f'nothing in the text points to the footnote "{mark}"', hint
    for name in found.unwritten:
        mark = f"[^{name}]"
        if name not in found.inside:
            place = next((place for place, line in enumerate(lines) if mark in line), 0)
            hint = f'add a line "{mark}: what it says", after an empty one'
            yield place, f'the footnote "{mark}" is not written', hint


def _used(html: str) -> set[str]:
    """Return the names that readers come to: from the words, or from a footnote that they come to.

    Nobody can follow a mark in a picture's words, though Python-Markdown counts it: its way back leads nowhere.
    """
    ids = {*re.findall(r' id="([^"]+)"', html)}
    words, *notes = re.split(r'<li id="fn:([^"]*)">', html)
    points = {name: _pointed_to(text) for name, text in zip(notes[::2], notes[1::2], strict=True)}
    waiting, used = _pointed_to(words), set[str]()
    while waiting:
        name = waiting.pop()
        used.add(name)
        waiting |= points.get(name, set()) - used
    backs = re.findall(r'class="footnote-backref" href="#(fnref\d*:([^"]*))"', html)
    return used - {name for back, name in backs if back not in ids}


def _pointed_to(html: str) -> set[str]:
    return {*re.findall(r'class="footnote-ref" href="#fn:([^"]*)"', html)}
