# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plain words say all that HTML says, in the same order, and can be read by people."""

from __future__ import annotations

import pytest

from plugins.trainings.html_tree import parse
from plugins.trainings.plain_words import plain_words

CASES = {
    "nothing": ("", ""),
    "blanks alone": ("<p> \n</p>\n<div></div>", ""),
    "words without a block": ("One <i>two</i>", "One two"),
    "words between blocks": ("one<p>two</p>three <b>four</b>", "one\n\ntwo\n\nthree four"),
    "white space": ("<p> one\n  two <b> three</b>\t</p>", "one two three"),
    "a no-break space": ("<p>one&nbsp;two</p>", "one\xa0two"),
    "hard breaks": ("<p>one <br>\n two<br><br>three<br></p>", "one\ntwo\n\nthree"),
    "blocks within blocks": ("<section><h2>One</h2><div><p>two</p></div></section>", "One\n\ntwo"),
    "an empty item": ("<ul><li></li><li>two</li></ul>", "-\n- two"),
    "an item of two paragraphs": (
        "<ul><li><p>one</p><p>two<br>three</p></li><li><p>four</p></li></ul>",
        "- one\n\n  two\n  three\n\n- four",
    ),
    "a list that begins with a list": ("<ul><li><ul><li>one</li></ul></li></ul>", "- - one"),
    "a list that counts to ten": (
        "<ol start='9'><li>nine</li><li>ten<pre>a\n\nb</pre></li></ol>",
        "9. nine\n\n10. ten\n\n    a\n\n    b",
    ),
    "a list that starts with no number": ("<ol start='x'><li>one</li></ol>", "1. one"),
    "an empty quotation": ("<blockquote> </blockquote><p>one</p>", "one"),
    "a quotation within one": (
        "<blockquote><p>one</p><blockquote><p>two</p></blockquote></blockquote>",
        "> one\n>\n> > two",
    ),
    "code with lines of its own": ("<pre><code>\none\n  two\n\nthree\n</code></pre>", "one\n  two\n\nthree"),
    "a table": (
        "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td></td></tr></tbody></table>",
        "a | b\n1 |",
    ),
    "definitions": (
        "<dl><dt>One</dt><dd>two</dd><dd><p>three</p><p>four</p></dd></dl>",
        "One\n  two\n  three\n\n  four",
    ),
    "an anchor": ("<p><a id='x'>one</a></p>", "one"),
    "a link around nothing": ("<a href='https://a.example/'></a>", "https://a.example/"),
}


@pytest.mark.parametrize(("html", "words"), CASES.values(), ids=CASES)
def test_html_in_plain_words(html: str, words: str) -> None:
    assert plain_words(parse(html)) == words


@pytest.mark.parametrize(
    ("label", "href", "words"),
    [
        ("the list", "https://a.example/words/", "the list (https://a.example/words/)"),
        ("https://a.example/", "https://a.example/", "https://a.example/"),
        ("https://a.example", "https://a.example/", "https://a.example/"),
        ("a.example/b", "https://a.example/b/", "https://a.example/b/"),
        ("a.example", "https://a.example/b/", "a.example (https://a.example/b/)"),
        ("write to us", "mailto:ana@a.example", "write to us (ana@a.example)"),
        ("write to us", "mailto:ana@a.example?subject=A%20seat", "write to us (ana@a.example)"),
        ("ana@a.example", "mailto:ana@a.example", "ana@a.example"),
        ("call us", "tel:+18003422964,3", "call us (+18003422964,3)"),
        ("(800) 342-2964", "tel:+18003422964", "(800) 342-2964"),
        ("(800) 342-2964, extension 3", "tel:+18003422964,3", "(800) 342-2964, extension 3"),
        ("(800) 342-2964", "tel:+18003422964,3", "(800) 342-2964 (+18003422964,3)"),
    ],
)
def test_a_link_says_its_text_and_its_address_but_nothing_twice(label: str, href: str, words: str) -> None:
    assert plain_words(parse(f'<p><a href="{href}">{label}</a>.</p>')) == f"{words}."
