# SPDX-License-Identifier: AGPL-3.0-or-later
"""Parents can read the pages for them: US reading grade 8 or lower (Flesch-Kincaid, 1975)."""

from __future__ import annotations

import re

import pyphen
import pytest

from plugins.trainings.frontmatter import parse
from tests.support.constants import ROOT

PAGES = sorted((ROOT / "content/parents").glob("*.md"))
ENGLISH = [path for path in PAGES if not path.name.endswith(".es.md")]
HYPHENS = pyphen.Pyphen(lang="en_US", left=1, right=1)


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of a text: 0.39 words a sentence + 11.8 syllables a word - 15.59."""
    sentences = [part for part in re.split(r"[.!?:]+\s|\n\n|\n- ", text) if re.search(r"[A-Za-z]", part)]
    words = re.findall(r"[A-Za-z’']+", text)
    syllables = sum(HYPHENS.inserted(word).count("-") + 1 for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def readable(markdown: str) -> str:
    """Return the words of a Markdown text without addresses, attributes and marks."""
    text = re.sub(r"\]\([^)]*\)|\{:[^}]*\}", "", markdown)
    return re.sub(r"[*#\[\]_`]", "", text)


@pytest.mark.parametrize("path", ENGLISH, ids=lambda path: path.stem)
def test_a_page_for_parents_can_be_read_with_eight_years_of_school(path) -> None:
    document = parse(path.read_text(), path.name, path.stem)
    text = f"{document.headers['Title'].value}.\n\n{document.headers['Summary'].value}\n\n{readable(document.body)}"
    assert grade(text) <= 8


def test_the_grade_tells_a_hard_text_from_an_easy_one() -> None:
    assert (
        grade("Interdepartmental administration necessitates comprehensive documentation of immunizations.")
        > 12
    )
    assert grade("We are glad to help you. Call us.") < 3
