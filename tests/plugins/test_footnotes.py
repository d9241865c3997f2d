# SPDX-License-Identifier: AGPL-3.0-or-later
"""A footnote is shown where the words point to it, or its fault is told in its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from cmarkgfm import github_flavored_markdown_to_html
from cmarkgfm.cmark import Options

from plugins.trainings.html_tree import parse
from plugins.trainings.markup import Renderer
from plugins.trainings.memo import Memo
from tests.plugins.test_markup import all_of, words
from tests.support.content import ContentFolder
from tests.support.pictures import picture


@pytest.mark.parametrize(
    "text",
    [
        "One[^1] and two[^b].\n\n[^1]: First.\n[^b]: Second.",
        "Two[^2] and one[^1].\n\n[^1]: First.\n\n[^2]: Second.",
        "One[^a].\n\n[^a]: First[^b].\n\n[^b]: Second.",
        "> One[^1].\n>\n> [^1]: First.",
        "- One[^1].\n\n  [^1]: First.\n- more",
        "One[^1].\n[^1]: First.",
        "[TOC]\n\nOne[^1].\n\n///Footnotes Go Here///\n\n[^1]: First.",
    ],
)
def test_footnotes_stand_below_the_text_as_in_the_preview(text: str) -> None:
    def shown(html: str) -> tuple[list[str], list[str]]:
        elements = all_of(parse(html))
        marks = [words(one) for one in elements if one.tag == "sup"]
        paragraphs = [words(one).replace("\xa0", " ") for one in elements if one.tag == "p"]
        return marks, paragraphs

    preview = github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_FOOTNOTES)

    assert shown(Renderer(Memo(), {})(text)) == shown(preview)


NO_WORDS = "nothing in the text points to the footnote"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "[^1]: a",
            f'10: {NO_WORDS} "[^1]" (write "[^1]" behind words of the text, or leave the footnote out)',
        ),
        (
            "A[^1]\n\n[^1]: a\n\n[^2]: b[^2]",
            f'14: {NO_WORDS} "[^2]" (write "[^2]" behind words of the text, or leave the footnote out)',
        ),
        (
            "A[^1] ![b[^1]](/images/yard.png)\n\n[^1]: a",
            f'12: {NO_WORDS} "[^1]" (write "[^1]" behind words of the text, or leave the footnote out)',
        ),
        (
            "A[^1]\n\n[^1]: a\n\n[^1]: b",
            '14: the footnote "[^1]" is written twice (give one of them another name)',
        ),
        (
            "A[^1] and b[^2]\n\n[^2]: a\n[^1]:",
            '13: the footnote "[^1]" says nothing (write its words behind "[^1]:")',
        ),
        (
            "A[^1] and b[^2]\n\n[^1]: a\n\n    - [^2]: b",
            '14: the footnote "[^2]" begins within another (begin a line with "[^2]:", after an empty one)',
        ),
        (
            "A[^1] and b[^2]\n\n[^2]: [^3]: b\n[^1]: a",
            '12: the footnote "[^3]" begins within another (begin a line with "[^3]:", after an empty one)',
        ),
        (
            "A\nb[^x]",
            '11: the footnote "[^x]" is not written (add a line "[^x]: what it says", after an empty one)',
        ),
        (
            "A[^a b]\n\n[^a b]: c",
            '12: "[^a b]" is no name of a footnote (write a number or a word, as in "[^1]")',
        ),
    ],
)
def test_what_is_wrong_with_a_footnote_is_told_once_in_its_line(
    tmp_path: Path, text: str, expected: str
) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("a", text)
    folder.write("sessions/a.es.md", "\nUno\n")
    if "yard.png" in text:
        (tmp_path / "content/images").mkdir()
        (tmp_path / "content/images/yard.png").write_bytes(picture("PNG", (10, 10)))
        folder.write("sessions/a.es.md", "\nUno ![El patio](/images/yard.png)\n")

    assert folder.errors() == [f"content/sessions/a.md:{expected}"]


@pytest.mark.parametrize("text", [r"A \[^1]", "A `[^1]`", "A [^", "A\n\n    [^1]: code"])
def test_what_only_looks_like_a_footnote_is_none(tmp_path: Path, text: str) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("a", text)
    folder.write("sessions/a.es.md", "\nUno\n")

    assert folder.errors() == []
