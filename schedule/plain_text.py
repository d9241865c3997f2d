# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff write by hand to the people of a session: plain text, shown alike in emails and on pages."""

from __future__ import annotations

import re
import unicodedata

from markupsafe import Markup, escape

# What turns around the order of letters could show another address than the link has.
_URL = re.compile(r"https?://[^\s<>\"“”\u200b-\u200f\u202a-\u202e\u2066-\u2069]+", re.IGNORECASE)
_AFTER = ".,;:!?…'’*_"
"""What stands behind an address, and is no part of it."""


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a text: empty lines part them; single line breaks stay, and controls go."""
    lines = "\n".join(_line(line) for line in text.splitlines())
    return tuple(part.strip("\n") for part in re.split(r"\n{2,}", lines) if part.strip("\n"))


def linked(paragraph: str) -> Markup:
    """Return a paragraph as HTML in which web addresses are links; any HTML in it is shown as text."""
    made, done = Markup(), 0
    for found in _URL.finditer(paragraph):
        url = _trimmed(found[0])
        if not url[url.index("//") + 2 :]:
            continue
        made += escape(paragraph[done : found.start()]) + Markup('<a href="{0}">{0}</a>').format(url)
        done = found.start() + len(url)
    return (made + escape(paragraph[done:])).replace("\n", Markup("<br>\n"))


def _line(line: str) -> str:
    kept = (" " if each == "\t" else each for each in line)
    return "".join(each for each in kept if unicodedata.category(each) not in {"Cc", "Cs"}).rstrip()


def _trimmed(url: str) -> str:
    """Return an address without the marks behind it; a parenthesis ends it only if it opened before it."""
    while url[-1] in _AFTER or (
        url[-1] in ")]" and url.count(url[-1]) > url.count("(["[")]".index(url[-1])])
    ):
        url = url[:-1]
    return url
