# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks of the texts below the keys, with the line in which something stands, before a page is made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from plugins.trainings.attribute_checks import check_attributes
from plugins.trainings.footnotes import check_footnotes
from plugins.trainings.frontmatter import Document
from plugins.trainings.html_tree import Element, Node, parse
from plugins.trainings.markup import Renderer
from plugins.trainings.memo import Memo
from plugins.trainings.parts import MARKS, check_parts
from plugins.trainings.picture_checks import check_picture, picture_name
from plugins.trainings.problems import BadValue, ContentProblem, nearest
from plugins.trainings.public import MEETING, MEETING_HINT, PLACEHOLDER, meeting_in
from plugins.trainings.stop_words import other_language
from schedule.model import Language

# How Markdown says what people use HTML for.
_MARKDOWN = {
    **dict.fromkeys(("b", "strong"), "**important**"),
    **dict.fromkeys(("i", "em"), "*a word*"),
    **dict.fromkeys(("s", "del", "strike"), "~~not any more~~"),
    **dict.fromkeys(("code", "pre", "kbd", "tt"), "`code`"),
    **dict.fromkeys(("ul", "ol", "li"), '- one" and, in the next line, "- two'),
    **dict.fromkeys(
        ("table", "tr", "td", "th", "tbody", "thead"), 'Day | Room" and, in the next line, "--- | ---'
    ),
    **{f"h{level}": f"{'#' * max(level, 2)} A heading" for level in range(1, 7)},
    "a": "[the glossary](/words/)",
    "img": "![what it shows](/images/name.jpg)",
    "hr": "---",
    "blockquote": "> a quotation",
    "span": "*a word*{: lang=es }",
}
_OTHERWISE = {
    **dict.fromkeys(("p", "div", "section", "center"), "leave an empty line between two paragraphs"),
    "br": "end the line with two spaces for a line break",
    "!": "leave it out: what a text hides, everyone could find",
    "iframe": 'write a link, as in "[the video](https://example.org/video)"',
}


@dataclass(frozen=True, slots=True)
class Examined:
    """What one text holds: problems that lie in it alone, and its links and pictures with their lines in the file."""

    problems: tuple[ContentProblem, ...] = ()
    links: tuple[tuple[str, int], ...] = ()
    pictures: tuple[tuple[str, int], ...] = ()


NOTHING = Examined()
"""What most texts hold: one object for all of them, which is pickled once."""


@dataclass(frozen=True, slots=True)
class TextChecks:
    """Examines the texts of one site; a text that has not changed since the last build is not examined again."""

    renderer: Renderer
    memo: Memo

    def examine(self, document: Document) -> Examined:
        """Return what the text of a file holds, whatever else there is on the site."""
        inputs = (document, self.renderer.pictures)
        return self.memo.get(("text", document.path), inputs, lambda: self._examined(document))

    def _examined(self, document: Document) -> Examined:
        lines = document.body.split("\n")
        found = [*_meetings(lines)]
        if "{{" in document.body:
            found += [*self._placeholders(lines), *check_parts(lines)]
        elements: list[Element] = []
        try:
            rendered = self.renderer.read(document.body)
            elements = [*_elements(parse(str(rendered.html)))]
            found += _html(rendered.tags, lines)
            found += check_footnotes(rendered.footnotes, str(rendered.html), lines)
        except BadValue as bad:
            found.append((0, bad.message, bad.hint or ""))
        found += _headings(elements, lines)
        found += [
            (_line_of(words, lines), message, hint) for words, message, hint in check_attributes(elements)
        ]
        links, pictures = dict[str, int](), dict[str, int]()
        for element in elements:
            if element.tag == "a" and not element.attributes.get("class", "").startswith("footnote-"):
                href = self._source(element, "href")
                links.setdefault(href, _line_of(href, lines))
            elif element.tag == "img":
                source = self._source(element, "src")
                line = _line_of(source, lines)
                pictures.setdefault(picture_name(source) or "", line)
                checked = check_picture(source, element.attributes.get("alt", ""), self.renderer.pictures)
                found += [(line, message, hint) for message, hint in checked]
            if "id" in element.attributes and "/trainers/" in document.path:
                words = _words(element)
                message = f'"{words}" is a heading or a footnote, and all contacts stand on one page'
                found.append((_line_of(words, lines), message, f'write it in bold, as in "**{words}**"'))
        pictures = {name: line for name, line in pictures.items() if name in self.renderer.pictures}
        first, path = document.body_line, document.body_path
        problems = (ContentProblem(path, first + line, None, message, hint) for line, message, hint in found)
        examined = Examined(
            (*problems, *_of_other_language(document)),
            tuple((href, first + line) for href, line in links.items()),
            tuple((name, first + line) for name, line in pictures.items()),
        )
        return NOTHING if examined == NOTHING else examined

    def _placeholders(self, lines: list[str]) -> Iterator[tuple[int, str, str]]:
        values = self.renderer.values.keys() | MARKS
        for place, line in enumerate(lines):
            for found in PLACEHOLDER.finditer(line):
                if found[1] not in values:
                    near = nearest(found[1], values)
                    hint = f'did you mean "{{{{ {near} }}}}"?' if near else "write the words themselves"
                    yield place, f'"{found[0]}" stands for nothing', hint

    def _source(self, element: Element, name: str) -> str:
        """Return an address as its writer wrote it, who named a picture by its file."""
        value = element.attributes.get(name, "").removeprefix(self.renderer.folder)
        pictures = self.renderer.pictures.values()
        return next((f"/images/{one.name}" for one in pictures if one.address == value), value)


def _meetings(lines: list[str]) -> Iterator[tuple[int, str, str]]:
    return ((place, MEETING, MEETING_HINT) for place, line in enumerate(lines) if meeting_in(line))


def _elements(nodes: list[Node]) -> Iterator[Element]:
    """Yield all elements in the order in which they begin."""
    waiting = nodes[::-1]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Element):
            yield node
            waiting += node.children[::-1]


def _of_other_language(document: Document) -> Iterator[ContentProblem]:
    language = Language.SPANISH if document.path.endswith(".es.md") else Language.ENGLISH
    if other := other_language(_all_words(document), language):
        message = f"reads like {_NAMES[other]}, and the file's name says {_NAMES[language]}"
        hint = "put the text into the other file, or go on if it is meant"
        yield ContentProblem(document.path, document.body_line, None, message, hint, warning=True)


_NAMES = {Language.ENGLISH: "English", Language.SPANISH: "Spanish"}


def _html(tags: Iterable[str], lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """Yield what to write in the place of HTML, once for each kind of it."""
    told = set[str]()
    for tag in tags:
        found = re.match(r"</?([A-Za-z0-9]+)", tag)
        name = found[1].lower() if found else "!"
        if name not in told:
            told.add(name)
            written = _MARKDOWN.get(name)
            hint = f'write "{written}"' if written else _OTHERWISE.get(name, "leave it out")
            message = f'"{tag.partition(chr(10))[0][:40]}" is HTML, which texts do not take'
            yield _line_of(tag.partition("\n")[0], lines), message, hint


def _headings(elements: Iterable[Element], lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """Yield the headings that are too large, or leave out a level, which people who listen to a page would miss."""
    level = 1
    for element in elements:
        if re.fullmatch("h[1-6]", element.tag):
            own, words = int(element.tag[1]), _words(element)
            hint = f'write "{"#" * (2 if own == 1 else level + 1)} {words}"'
            if own == 1:
                yield _line_of(words, lines), f'the heading "{words}" is as large as the page\'s title', hint
            elif own > level + 1:
                yield _line_of(words, lines), f'the heading "{words}" leaves out a level', hint
            level = max(own, 2)


def _line_of(words: str, lines: list[str]) -> int:
    """Return the first line in which something stands, as it is or as Markdown writes it."""
    forms = (
        words,
        words.removeprefix("mailto:"),
        words.removeprefix("/"),
        re.sub("^https?://", "", words),
        words.partition("\n")[0][:20],
    )
    for form in forms:
        for place, line in enumerate(lines):
            if form and form in line:
                return place
    return 0


def _words(element: Element) -> str:
    return "".join(node if isinstance(node, str) else _words(node) for node in element.children)


def _all_words(document: Document) -> str:
    return "\n".join([*(header.value for header in document.headers.values()), document.body])
