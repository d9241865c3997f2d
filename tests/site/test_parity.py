# SPDX-License-Identifier: AGPL-3.0-or-later
"""English and Spanish say the same: in each text, on each page, in each message."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import pytest

from plugins.trainings.frontmatter import Document, read
from plugins.trainings.markup import Renderer
from plugins.trainings.memo import Memo
from tests.site.test_translations import translated
from tests.support.built_site import BuiltSite
from tests.support.constants import ROOT
from tests.support.parity import LENGTHS, address, differences, figures

CONTENT = ROOT / "content"
RENDER = {sign_up: Renderer(Memo(), {}, sign_up=sign_up) for sign_up in (True, False)}
PAIRS = sorted(path.with_name(path.name.replace(".es.md", ".md")) for path in CONTENT.rglob("*.es.md"))

# The pages that are one for both languages.
BILINGUAL = {"/404.html"}


def written(document: Document, keys: set[str], *, sign_up: bool) -> str:
    """Return a content file as HTML: the values of these keys, a paragraph for each line, and the text."""
    lines = [line for key in sorted(keys) for line in document.headers[key].value.split("\n")]
    return "".join(f"<p>{escape(line)}</p>" for line in lines) + RENDER[sign_up](document.body)


@pytest.mark.parametrize("sign_up", [True, False])
@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.relative_to(CONTENT).as_posix())
def test_a_text_says_the_same_in_both_languages(path: Path, sign_up: bool) -> None:
    english, spanish = (read(file, file.name) for file in (path, path.with_name(f"{path.stem}.es.md")))
    # A name, for example, stands in one of them alone: it is the same in both languages.
    keys = english.headers.keys() & spanish.headers.keys()
    pair = (written(one, keys, sign_up=sign_up) for one in (english, spanish))
    assert differences(*pair, lengths=LENGTHS) == []


def test_a_page_says_the_same_in_both_languages(site: BuiltSite) -> None:
    english = [url for url in site.pages if not url.startswith("/es/") and url not in BILINGUAL]
    found = {url: differences(site.read(url), site.read(f"/es{url}")) for url in english}
    assert {url: lines for url, lines in found.items() if lines} == {}


def test_a_message_says_the_same_in_both_languages() -> None:
    found = {}
    for message, translation in translated().items():
        plain = [re.sub(r"%\((\w+)\)\w", r"{\1}", text) for text in (message, translation)]
        if lines := differences(*plain, lengths=LENGTHS):
            found[message] = lines
    assert found == {}


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        (
            "Thursday, December 3, 2026, 8:00 to 9:30 a.m. Pacific time",
            "jueves, 3 de diciembre de 2026, de 8:00 a 9:30 a. m., hora del Pacífico",
        ),
        ("Thu, May 6", "jue, 6 de may"),
        ("Tue, Mar 9 in March", "mar, 9 de mar en marzo"),
        ("Your child may twice call (800) 342-2964.", "Llame el doble al (800) 342-2964 si quiere."),
        ("MSIX helps with four things.", "MSIX ayuda con cuatro cosas."),
    ],
)
def test_the_same_numbers_are_the_same_in_both_languages(english: str, spanish: str) -> None:
    assert figures(english, spanish=False) == figures(spanish, spanish=True) != []


@pytest.mark.parametrize(
    ("english", "spanish", "found"),
    [
        ("<p>on December 3", "<p>el 4 de diciembre", "numbers ['3', 'december'] / ['4', 'december']: "),
        ("<p>at 3 p.m.", "<p>a las 3 a. m.", "numbers ['3', 'p'] / ['3', 'a']: "),
        ("<p>three of them", "<p>dos de ellas", "numbers ['three'] / ['two']: "),
        (
            "<p>(800) 342-2964",
            "<p>(800) 342-2965",
            "numbers ['2964', '342', '800'] / ['2965', '342', '800']: ",
        ),
        ('<p><a href="/words/">words</a>', "<p>palabras", "links ['/words/'] / []: "),
        ('<p><a href="/words/">', '<p><a href="/es/privacy/">', "links ['/words/'] / ['/privacy/']: "),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</ul>", "part - ul li"),
        ("<ul><li>a<ul><li>b</ul></ul>", "<ul><li>a<li>b</ul>", "part - ul li ul"),
        ("<h2>a</h2>", "<h3>a</h3>", "part - h2"),
        ("<p><strong>a</strong>", "<p>a", "stressed 1 / 0: "),
        (
            "<p>States can also tell each other that a student is on the way, so that someone is expecting the child.",
            "<p>Los estados también pueden avisarse que un estudiante va en camino.",
            "length 0.66: ",
        ),
    ],
)
def test_what_one_language_does_not_say_is_found(english: str, spanish: str, found: str) -> None:
    first, *_ = differences(english, spanish, lengths=LENGTHS)
    assert first.startswith(found)


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("/words/#a", "/es/words/#a"),
        ("https://example.org/words/", "https://example.org/es/words/"),
        (
            "https://g.example/r?cid=webcal%3A%2F%2Fa%2Fcalendar%2Fall.ics&name=Dates",
            "https://g.example/r?cid=webcal%3A%2F%2Fa%2Fes%2Fcalendar%2Fall.ics&name=Fechas",
        ),
    ],
)
def test_a_link_to_the_same_page_is_the_same_in_both_languages(english: str, spanish: str) -> None:
    assert address(english) == address(spanish)


@pytest.mark.parametrize("other", ["/es/privacy/", "/es/words/#b", "/es/words/?dates=1"])
def test_a_link_to_another_page_is_another(other: str) -> None:
    assert address("/words/#a") != address(other)
