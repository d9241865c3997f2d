# SPDX-License-Identifier: AGPL-3.0-or-later
"""Markdown to HTML, with one parser for all texts (making one anew for each costs as much as using it).

What the code host's preview shows comes out: CommonMark's lists and code, what GitHub adds to it, footnotes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.toc import TocExtension, TocTreeprocessor, slugify
from markdown.inlinepatterns import InlineProcessor, SubstituteTagInlineProcessor
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup

from plugins.trainings.fences import FenceProcessor
from plugins.trainings.footnotes import NONE, Footnotes, OurFootnotes
from plugins.trainings.lists import ListProcessor
from plugins.trainings.memo import Memo
from plugins.trainings.parts import fitting
from plugins.trainings.picture_checks import picture_name
from plugins.trainings.pictures import Picture
from plugins.trainings.problems import BadValue
from plugins.trainings.public import PLACEHOLDER
from plugins.trainings.targets import OWN_IDS

EXTENSIONS = (
    *("attr_list", "def_list", "tables"),
    *("pymdownx.tilde", "pymdownx.tasklist", "pymdownx.magiclink"),
)


def _heading_id(words: str, separator: str) -> str:
    """Return the id of a heading, which is none that the page around the text has."""
    made = slugify(words, separator)
    return f"{made}{separator}1" if OWN_IDS.fullmatch(made) else made


OPTIONS: dict[str, dict[str, Any]] = {
    "pymdownx.tilde": {"subscript": False},
}


DEEPEST = 40
# A text is 38em wide at most, and as wide as a phone's screen.
_SIZES = "(min-width: 42em) 38em, 100vw"
_TAG = r"<(?:/?[A-Za-z][^<>\s]*(?:\s[^<>]*)?>|!--|!\[?[A-Za-z]|\?)"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text as HTML, the HTML tags that were written in it, which stay visible words, and its footnotes."""

    html: Markup
    tags: tuple[str, ...] = ()
    footnotes: Footnotes = NONE


class Renderer:
    """Renders the staff's texts; `values` are what stands for `{{ name }}` in them.

    Writers begin an address of the site at its home page, as `/words/`; `folder` is where on its host that is.
    `sign_up` says whether people sign up on the site, of which some parts of texts speak.
    """

    def __init__(
        self, memo: Memo, values: Mapping[str, str], folder: str = "", *, sign_up: bool = True
    ) -> None:
        self.values = values
        self.folder = folder
        self.sign_up = sign_up
        self.pictures: Mapping[str, Picture] = {}
        self._memo = memo
        self._found = _OurMarkdown(folder)
        self._footnotes = OurFootnotes()
        # The ids of headings are wanted, no list of them.
        headings = _Headings(marker="", slugify=_heading_id)
        extensions: list[str | Extension] = [*EXTENSIONS, headings, self._footnotes, self._found]
        self._parser = Markdown(extensions=extensions, extension_configs=OPTIONS, output_format="html")

    def __call__(self, text: str) -> Markup:
        """Return the HTML of a text."""
        return self.read(text).html

    def read(self, text: str) -> Rendered:
        """Return the HTML of a text with what was found in it."""
        if not text:
            return Rendered(Markup())
        text = fitting(text, sign_up=self.sign_up)
        text = PLACEHOLDER.sub(lambda found: self.values.get(found[1], found[0]), text)
        return self._memo.get(("markdown", text), self.pictures, lambda: self._render(text))

    def show(self, pictures: Mapping[str, Picture]) -> None:
        """Take over the pictures that texts may show, by their names in content/images/."""
        self.pictures = pictures

    def _render(self, text: str) -> Rendered:
        self._parser.reset()
        self._found.tags.clear()
        self._found.pictures = self.pictures
        html = Markup(self._parser.convert(text))  # noqa: S704 - no HTML of a writer's is in it
        return Rendered(html, tuple(dict.fromkeys(self._found.tags)), self._footnotes.found)


class _HeadingIds(TocTreeprocessor):
    """Gives headings their ids; a text without headings is left alone, of which an empty list would be made."""

    def run(self, root: Element) -> None:
        if any(re.fullmatch("h[1-6]", element.tag) for element in root.iter()):
            super().run(root)


class _Headings(TocExtension):
    TreeProcessorClass = _HeadingIds


class _OurMarkdown(Extension):
    """Puts our own lists and code in the place of Python-Markdown's, and takes no HTML from a text."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self._folder = folder
        self.tags: list[str] = []
        self.pictures: Mapping[str, Picture] = {}

    def extendMarkdown(self, md: Markdown) -> None:
        for name in ("indent", "olist", "ulist"):
            md.parser.blockprocessors.deregister(name)
        # Before tables, so that a list or code may follow one at once.
        md.parser.blockprocessors.register(FenceProcessor(md.parser), "fences", 88)
        md.parser.blockprocessors.register(ListProcessor(md.parser), "lists", 87)
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.register(_TagProcessor(self.tags), "html", 90)
        md.inlinePatterns.register(SubstituteTagInlineProcessor(r"\\\n", "br"), "break", 179)
        md.treeprocessors.register(_Depth(md), "depth", 99)
        md.treeprocessors.register(_Columns(md), "columns", 23)
        md.treeprocessors.register(_TaskLabels(md), "task-labels", 24)
        md.treeprocessors.register(_Pictures(self), "pictures", 5)
        md.treeprocessors.register(_Folder(self._folder), "folder", 4)


class _TagProcessor(InlineProcessor):
    """Notes the HTML tags of a text and leaves them as words."""

    def __init__(self, tags: list[str]) -> None:
        super().__init__(_TAG)
        self._tags = tags

    def handleMatch(  # type: ignore[override]  # as in InlineProcessor, unlike Pattern above it
        self, m: re.Match[str], data: str
    ) -> tuple[None, None, None]:
        self._tags.append(m[0])
        return None, None, None


class _Depth(Treeprocessor):
    """Stops at a text whose lists and quotations lie so deep in each other that what reads it next would fail."""

    def run(self, root: Element) -> None:
        layer, depth = [root], 0
        while layer:
            layer, depth = [child for element in layer for child in element], depth + 1
            if depth > DEEPEST:
                raise BadValue("has lists or quotations too deep in each other", "leave some of them out")


class _Columns(Treeprocessor):
    """Aligns the cells of a table by a class, since no page of the site takes a style from a text."""

    def run(self, root: Element) -> None:
        for cell in root.iter():
            if cell.tag in {"th", "td"} and cell.get("style", "").startswith("text-align:"):
                cell.set("class", cell.attrib.pop("style").removeprefix("text-align:").strip(" ;"))


class _TaskLabels(Treeprocessor):
    """Makes the words beside a task's box its label, for people who do not see them side by side."""

    def run(self, root: Element) -> None:
        for item in root.iter("li"):
            if "task-list-item" in item.get("class", "").split():
                place = item if item.text else item[0]
                label = Element("label")
                label.text, place.text = place.text, ""
                place.insert(0, label)


class _Pictures(Treeprocessor):
    """Shows the pictures of content/images/ in the width that a screen needs, with room kept for them."""

    def __init__(self, owner: _OurMarkdown) -> None:
        super().__init__()
        self._owner = owner

    def run(self, root: Element) -> None:
        for element in root.iter() if self._owner.pictures else ():
            if element.tag not in {"img", "a"}:
                continue
            name = "src" if element.tag == "img" else "href"
            picture = self._owner.pictures.get(picture_name(element.get(name, "")) or "")
            if picture is not None:
                element.set(name, picture.address)
            if picture is not None and element.tag == "img":
                element.set("srcset", picture.srcset)
                element.set("sizes", _SIZES)
                element.set("width", str(picture.width))
                element.set("height", str(picture.height))
                element.set("loading", "lazy")


class _Folder(Treeprocessor):
    """Lets the addresses of the site begin with the folder that it stands in."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self._folder = folder

    def run(self, root: Element) -> None:
        for element in root.iter() if self._folder else ():
            for name in ("href", "src", "srcset"):
                value = element.get(name, "")
                if value.startswith("/") and not value.startswith("//"):
                    several = value.split(", ") if name == "srcset" else [value]
                    element.set(name, ", ".join(self._folder + each for each in several))
