# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the code host's preview shows of a text comes out on the site; `cmarkgfm` is what its preview is made with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from cmarkgfm import github_flavored_markdown_to_html
from markdown import Markdown

from plugins.trainings.frontmatter import read
from plugins.trainings.html_tree import Element, Node, parse
from plugins.trainings.markup import Renderer
from plugins.trainings.memo import Memo
from plugins.trainings.parts import fitting
from plugins.trainings.pictures import Picture, Rendition
from tests.support.constants import ROOT

INPUTS = (
    "Bring:\n- a pen\n- a chair",
    "Come:\n1. Ring.\n2. Wait.",
    "In the year\n2020. Nothing.",
    "- a\n  - b\n  - c\n- d",
    "- a\n    - b\n    - c\n- d",
    "1. a\n   - b\n2. c",
    "1. a\n  - b",
    "- a\n  1. b\n     - c",
    "- a\n\n  more of it\n- b",
    "- a\n- b\n\n- c",
    "- a\n\n  - b\n\n  - c",
    "- a\n  - b\n\n  - c\n- d",
    "* a\n+ b\n- c",
    "1) a\n2) b\n\n3. c",
    "- a\nlazy\n- b",
    "- a\n  > said\n- b",
    "- a\n  ```\n  code\n\n    - no item\n  ```\n- b",
    "- one\n\n      code\n- two",
    "- a\n# Heading\ntext",
    "> - a\n> - b\n\ntext",
    "| a | b |\n|---|---|\n| 1 | 2 |\n- item",
    "***\n- a\n- - b",
    "text\n-\nmore",
    "10. a\n    - b\n\n    text",
    "- [ ] a *pen*\n- [x] a chair",
    "1. [ ] a\n   - [x] b",
    "~~not~~ any more",
    "See https://example.org/a?b=1&c=d.",
    "(https://example.org/a_b_c)",
    "www.example.org",
    "Write to ana@example.org now",
    "<https://example.org> and <ana@example.org>",
    "```\ncode *x* <b>\n\nmore\n```\ntext",
    "text\n~~~\n# code\n~~~",
    "> ```\n> code\n> ```",
    "```python\nx = 1",
    "one\\\ntwo  \nthree",
    "a | b\n--- | ---\n1 | **2**",
    "## Heading ##\ntext\n\nTitle\n---",
    "snake_case_word, 2 * 3 * 4, `a*b*c`, A&B, 1 < 2",
    "**b** *i* _i_ __b__ [a](/b/ 'c') ![d](/e.png)",
    "[a][b] and [b]\n\n[b]: https://example.org",
)


def shape(nodes: Iterable[Node], *, verbatim: bool = False) -> list[object]:
    """Return what a reader sees of HTML: elements and words, without attributes that nobody sees."""
    seen: list[object] = []
    for node in nodes:
        if isinstance(node, str):
            words = node.strip("\n") if verbatim else re.sub(r"\s+", " ", node).strip()
            seen += [words] if words else []
        elif node.tag == "label":  # ours: the words beside a box are its label
            seen += shape(node.children)
        else:
            told = {
                name: node.attributes[name]
                for name in ("href", "src", "alt", "start")
                if name in node.attributes
            }
            told |= {"checked": ""} if "checked" in node.attributes else {}
            inner = shape(node.children, verbatim=verbatim or node.tag == "pre")
            seen.append((node.tag, tuple(sorted(told.items())), tuple(inner)))
    return seen


def rendered(text: str) -> str:
    return Renderer(Memo(), {"retention_days": "180"})(text)


@pytest.mark.parametrize("text", INPUTS)
def test_a_text_comes_out_as_the_preview_shows_it(text: str) -> None:
    assert shape(parse(rendered(text))) == shape(parse(github_flavored_markdown_to_html(text)))


def all_of(nodes: Iterable[Node]) -> list[Element]:
    found = [node for node in nodes if isinstance(node, Element)]
    return [one for node in found for one in (node, *all_of(node.children))]


def words(element: Element) -> str:
    return "".join(node if isinstance(node, str) else words(node) for node in element.children).strip()


def test_no_shipped_text_comes_out_otherwise_than_with_the_library_alone() -> None:
    plain = Markdown(
        extensions=["attr_list", "def_list", "sane_lists", "tables", "toc"], output_format="html"
    )
    changed = []
    for file in sorted((ROOT / "content").rglob("*.md")):
        text = fitting(read(file, file.name).body, sign_up=True).replace("{{ retention_days }}", "180")
        if rendered(text) != plain.reset().convert(text):
            changed.append(file.name)

    assert changed == []


def test_html_in_a_text_stays_words_and_is_named() -> None:
    text = "a <b>x</b> `<i>` <https://a.example> 1 < 2\n\n</main>\n\n<textarea\nname='x'>\n\n<!-- y -->"
    found = Renderer(Memo(), {}).read(text)

    assert found.tags == ("<b>", "</b>", "</main>", "<textarea\nname='x'>", "<!--")
    assert {one.tag for one in all_of(parse(found.html))} == {"p", "code", "a"}


@pytest.mark.parametrize("part", ["- ", "*a ", "`a ", "~", "a|b\n-|-\n", "[^1]", "<!--"])
def test_no_text_of_the_size_that_is_read_takes_long(part: str) -> None:
    text = part * (50_000 // len(part))

    assert len(rendered(text)) > 0


def test_cells_are_aligned_without_a_style_that_no_page_takes() -> None:
    text = "a | b | c\n:-- | :-: | --:\n1 | 2 | 3"
    cells = [one for one in all_of(parse(rendered(text))) if one.tag in {"th", "td"}]

    assert [one.attributes for one in cells] == [{"class": side} for side in ("left", "center", "right")] * 2


@pytest.mark.parametrize("words", ["Main", "More", "Subscribe", "Sign up", "Name", "S-1", "2027-05"])
def test_a_heading_has_no_id_that_the_page_around_it_has(words: str) -> None:
    (heading,) = parse(rendered(f"## {words}"))

    assert isinstance(heading, Element)
    assert heading.attributes["id"] == f"{words.lower().replace(' ', '-')}-1"


def test_a_task_is_named_by_the_words_beside_it() -> None:
    assert rendered("- [x] a *pen*\n    - blue") == (
        '<ul class="task-list">\n<li class="task-list-item"><label><input type="checkbox" disabled checked/> '
        "a <em>pen</em></label><ul>\n<li>blue</li>\n</ul>\n</li>\n</ul>"
    )


def test_in_a_folder_of_a_host_the_sites_own_addresses_begin_with_it() -> None:
    made = (Rendition(480, "images/map.a-480.webp", Path()), Rendition(960, "images/map.a-960.webp", Path()))
    render = Renderer(Memo(), {}, "/msix")
    render.show({"map.png": Picture("map.png", 960, 600, made)})
    text = (
        "[a](/words/#x) [b](words/) [c](#x) [d](//example.org/) [e](https://example.org/) [f](/images/map.png)\n\n"
        "![a map](/images/map.png)"
    )
    found = all_of(parse(render(text)))

    assert [one.attributes["href"] for one in found if one.tag == "a"] == [
        *("/msix/words/#x", "words/", "#x", "//example.org/", "https://example.org/"),
        "/msix/images/map.a-960.webp",
    ]
    [image] = [one.attributes for one in found if one.tag == "img"]
    assert (image["src"], image["srcset"]) == (
        "/msix/images/map.a-960.webp",
        "/msix/images/map.a-480.webp 480w, /msix/images/map.a-960.webp 960w",
    )
