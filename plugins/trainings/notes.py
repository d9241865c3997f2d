# SPDX-License-Identifier: AGPL-3.0-or-later
"""A session's note, rendered once: for its page, and as HTML and plain words for emails and calendars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from markupsafe import Markup

from plugins.trainings.html_tree import Element, Node, parse, written
from plugins.trainings.markup import Renderer
from plugins.trainings.memo import Memo
from plugins.trainings.plain_words import plain_words
from plugins.trainings.problems import BadValue
from plugins.trainings.public import UNFIT_HINT
from plugins.trainings.settings import SiteSettings
from schedule.addresses import Addresses
from schedule.calendar_text import unfit_for_calendar
from schedule.invitations import page_url
from schedule.model import Language, Note

# Email programs drop style sheets. Without these, a note's headings are larger than the email's own, its code is
# wider than a telephone, and its columns touch.
_HEADING = "font-size:18px;line-height:1.3;margin:20px 0 8px"
_CELL = "padding:2px 12px 2px 0;text-align:left;vertical-align:top"
_STYLES = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _HEADING),
    **dict.fromkeys(("td", "th"), _CELL),
    "pre": "white-space:pre-wrap",
}


@dataclass(frozen=True, slots=True)
class RenderedNote:
    """A note as its session's page shows it, and as it goes to people."""

    on_page: Markup
    sent: Note


@dataclass(frozen=True, slots=True)
class NoteRenderer:
    """Renders the notes of one site; the Markdown is the same as in all other texts."""

    markdown: Renderer
    site_url: str

    def render(self, text: str, session_id: str, language: Language) -> RenderedNote:
        """Return a note whose addresses are those of its session's page in the language that it is written in.

        Raises BadValue for what emails or calendars cannot carry.
        """
        _check(text)
        on_page = self.markdown(text)
        try:
            # Markup would make Markup of each piece that it is cut into.
            nodes = list(_sent(parse(str(on_page)), page_url(session_id, language, self.site_url)))
        except ValueError as error:
            raise BadValue(f"has a link that is no address: {error}") from error
        words = plain_words(nodes)
        _check(words)
        return RenderedNote(on_page, Note(html=written(nodes).strip(), text=words))


def renderer_of(settings: SiteSettings, memo: Memo) -> NoteRenderer:
    """Return what renders the notes, and with `markdown` all other texts, of the site that the settings describe."""
    values = {"retention_days": str(settings.retention_days)}
    folder = Addresses(settings.site_url).folder
    return NoteRenderer(Renderer(memo, values, folder, sign_up=settings.sign_up), settings.site_url)


def _check(text: str) -> None:
    if reason := unfit_for_calendar(text):
        raise BadValue(reason, UNFIT_HINT)


def _sent(nodes: Iterable[Node], page: str, *, in_link: bool = False) -> Iterator[Node]:
    """Yield nodes with whole addresses, and with words in the place of what emails and calendars do not show."""
    for node in nodes:
        if isinstance(node, str):
            yield node
            continue
        classes = node.attributes.get("class", "").split()
        if node.tag == "img":
            yield from _picture(node, page, in_link=in_link)
        elif node.tag == "input":
            yield "☑" if "checked" in node.attributes else "☐"
        elif node.tag == "label":
            yield from _sent(node.children, page, in_link=in_link)
        elif "footnote-ref" in classes:
            yield "["
            yield from node.children
            yield "]"
        elif "footnote-backref" not in classes:
            yield _whole(node, page, in_link=in_link)


def _whole(node: Element, page: str, *, in_link: bool) -> Element:
    attributes = dict(node.attributes)
    if "href" in attributes:
        attributes["href"] = urljoin(page, attributes["href"])
    if node.tag in _STYLES:
        attributes.setdefault("style", _STYLES[node.tag])
    inner = list(_sent(node.children, page, in_link=in_link or node.tag == "a"))
    while inner and isinstance(last := inner[-1], str) and last.endswith("\xa0"):
        # It stood before the way back from a footnote.
        inner[-1:] = [last.rstrip("\xa0")] if last.strip("\xa0") else []
    return Element(node.tag, attributes, inner)


def _picture(image: Element, page: str, *, in_link: bool) -> Iterator[Node]:
    alternative = image.attributes.get("alt", "")
    if in_link:
        yield alternative
    elif alternative:
        yield Element("a", {"href": urljoin(page, image.attributes.get("src", ""))}, [alternative])
