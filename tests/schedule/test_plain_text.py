# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff write by hand: paragraphs, links, and nothing that is more than text."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedule.plain_text import linked, paragraphs


def test_empty_lines_part_paragraphs_and_single_breaks_stay() -> None:
    text = "\r\n\r\nPlease bring:\r\n- a laptop\r\n- your badge\r\n  \t\r\n\r\n\r\nThank you!\u2028Ana\r\n"

    assert paragraphs(text) == ("Please bring:\n- a laptop\n- your badge", "Thank you!\nAna")
    assert paragraphs(" \n\n\t") == ()


def test_controls_go_and_tabs_are_blanks() -> None:
    assert paragraphs("a\tb\x00\x07c\ud800\x7f") == ("a bc",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See https://msix.ed.gov.", 'See <a href="https://msix.ed.gov">https://msix.ed.gov</a>.'),
        (
            "(http://a.example/x_(y)?q=1&r=2)",
            '(<a href="http://a.example/x_(y)?q=1&amp;r=2">http://a.example/x_(y)?q=1&amp;r=2</a>)',
        ),
        ("HTTPS://A.EXAMPLE/…", '<a href="HTTPS://A.EXAMPLE/">HTTPS://A.EXAMPLE/</a>…'),
        ("https:// and http://.", "https:// and http://."),
        ("javascript:alert(1) data:text/html,x", "javascript:alert(1) data:text/html,x"),
        ('<a href="https://evil.example">here</a>', None),
        ("one\ntwo", "one<br>\ntwo"),
        ("<b>&amp;</b>", "&lt;b&gt;&amp;amp;&lt;/b&gt;"),
        (
            "https://a.example/\u202emoc.live",
            '<a href="https://a.example/">https://a.example/</a>\u202emoc.live',
        ),
    ],
)
def test_web_addresses_become_links_and_all_else_stays_text(text: str, expected: str | None) -> None:
    made = linked(text)
    if expected is None:
        expected = (
            '&lt;a href=&#34;<a href="https://evil.example">https://evil.example</a>&#34;&gt;here&lt;/a&gt;'
        )

    assert made == expected


@given(st.text(st.sampled_from("ab:/.<>&\"'()[] \nhtps\u202e"), max_size=60))
def test_whatever_is_written_no_other_markup_comes_of_it_and_no_word_is_lost(text: str) -> None:
    made = str(linked(text))
    left = re.sub(r'<a href="https?://[^"<>]+">|</a>|<br>', "", made)

    assert "<" not in left
    assert html.unescape(left) == text
