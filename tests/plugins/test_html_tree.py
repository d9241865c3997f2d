# SPDX-License-Identifier: AGPL-3.0-or-later
"""HTML that has been read is written as what it was, with everything closed."""

from __future__ import annotations

import pytest

from plugins.trainings.html_tree import Element, parse, written


def test_elements_are_read_with_attributes_and_children_in_their_order() -> None:
    assert parse('<p class="a">One <b>two</b><br>three</p>\n') == [
        Element("p", {"class": "a"}, ["One ", Element("b", {}, ["two"]), Element("br"), "three"]),
        "\n",
    ]


@pytest.mark.parametrize(
    "html",
    [
        "",
        "a &lt;b&gt; &amp; c",
        '<p>One<br>two <a href="/?a=1&amp;b=2" title="a &quot;b&quot;">three</a></p>\n<hr>\n',
        "<ul>\n<li>one<ul>\n<li>two</li>\n</ul>\n</li>\n</ul>",
    ],
)
def test_what_markdown_renders_comes_back_as_it_was(html: str) -> None:
    assert written(parse(html)) == html


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<div><p>one<b>two</div>three", "<div><p>one<b>two</b></p></div>three"),
        ("<p>one", "<p>one</p>"),
        ("one</div></p>", "one"),
        ("one<br/>two</br>", "one<br>two"),
        ("one<!-- two -->three", "onethree"),
        ("<input disabled>", '<input disabled="">'),
        ("&#97;&eacute;&nbsp;", "aé\xa0"),
    ],
)
def test_what_is_sloppy_is_written_properly(html: str, expected: str) -> None:
    assert written(parse(html)) == expected
