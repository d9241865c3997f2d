# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page says is what the standard library's parser, which shares no code with ours, reads in it."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from plugins.page_parser import parse
from tests.support.built_site import BuiltSite


class Reference(HTMLParser):
    """The start tags of a page, and which of them stand within a label."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.labelled: set[int] = set()
        self._labels = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._labels += tag == "label"
        if self._labels:
            self.labelled.add(len(self.elements))
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        self._labels -= tag == "label"


def same(html: str) -> bool:
    """Whether both read the same."""
    page, reference = parse("index.html", html), Reference(html)
    assert [(tag, dict(attributes)) for tag, attributes in page.elements] == reference.elements
    return page.labelled == reference.labelled


def test_every_page_of_the_site_is_read_as_the_standard_library_does(site: BuiltSite) -> None:
    pages = {path: data.decode() for path, data in site.files.items() if path.endswith(".html")}

    assert len(pages) > 80
    assert [path for path, html in pages.items() if not same(html)] == []


TEXT = st.text("ab <>&\"'=/é\n\t-!", max_size=12)
VALUE = st.one_of(
    TEXT.map(lambda text: f'="{escape(text)}"'),
    TEXT.map(lambda text: f" = '{escape(text)}'"),
    TEXT.map(lambda text: '="{}"'.format(text.replace('"', ""))),
    st.sampled_from(["", "=x", "=/a/b", "=a?b&amp;c"]),
)
ATTRIBUTE = st.tuples(st.sampled_from(["id", "HREF", "aria-label", "for", "x:y"]), VALUE).map("".join)
VOID = ("input", "svg")
"""What may close itself; a label that does is one that is never closed, to a browser."""
START = st.tuples(
    st.sampled_from(["p", "A", "label", "input", "h1", "svg"]), st.lists(ATTRIBUTE, max_size=3), st.booleans()
).map(lambda tag: f"<{' '.join([tag[0], *tag[1]])}{' /' if tag[2] and tag[0] in VOID else ''}>")
PIECE = st.one_of(
    START,
    TEXT.map(escape),
    st.sampled_from(["</p>", "</label>", "</LABEL >", "</labels>", "</a>"]),
    TEXT.map(lambda text: "<!-- {}-->".format(text.replace("-", "").replace(">", ""))),
    TEXT.map(lambda text: "<script type=x>{}</script>".format(text.replace("/", ""))),
    TEXT.map(lambda text: "<Style>{}</Style>".format(text.replace("/", ""))),
    st.just("<!doctype html>"),
)


@given(st.lists(PIECE, max_size=8).map("".join))
def test_well_formed_html_is_read_as_the_standard_library_does(html: str) -> None:
    assert same(html)


def test_the_title_is_that_of_the_page_and_no_drawing_s() -> None:
    html = "<!doctype html><title>\n A &amp; b </title><svg><title>A drawing</title></svg>"

    assert parse("index.html", html).title == "A & b"
    assert parse("index.html", "<p>None</p>").title == ""


def test_a_page_knows_its_address_in_the_folder_of_its_host() -> None:
    assert [parse(path, "", "/msix").url for path in ("index.html", "es/index.html", "404.html")] == [
        "/msix/",
        "/msix/es/",
        "/msix/404.html",
    ]
