# SPDX-License-Identifier: AGPL-3.0-or-later
"""People can read the texts: English for parents at US grade 8 or lower (Flesch-Kincaid, 1975), Spanish at grade 5 or
lower (Crawford, 1989, whose grades are those of primary school). What only staff read, who know the field's long words,
may be one grade harder."""

from __future__ import annotations

import re
from pathlib import Path

import pyphen
import pytest

from plugins.trainings.frontmatter import read
from plugins.trainings.parts import fitting
from tests.support.constants import ROOT

PAGES = sorted((ROOT / "content/parents").glob("*.md"))
ENGLISH = [path for path in PAGES if not path.name.endswith(".es.md")]
CONTENT = ROOT / "content"
SPANISH = sorted(
    [
        *CONTENT.glob("parents/*.es.md"),
        *CONTENT.glob("pages/*.es.md"),
        CONTENT / "trainings/parents-overview.es.md",
    ]
)
STAFF = sorted(
    path for path in CONTENT.glob("trainings/*.md") if not path.name.startswith("parents-overview.")
)
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


def syllables(word: str) -> int:
    """Return how many syllables a Spanish word has: its strong or accented vowels, with the weak ones beside them."""
    plain = re.sub(r"(?<=[qg])u(?=[eiéí])", "", re.sub(r"y$", "i", word.lower()))
    return max(1, len(re.findall(r"[iuü]?[aeoáéó][iuy]?(?![íú])|[íú]|[iuü]+", plain)))


def spanish_grade(text: str) -> float:
    """Return the Crawford grade of a text, from the sentences and the syllables of 100 words."""
    sentences = [part for part in re.split(r"[.!?:]+”?\s|\n\n|\n- ", text) if re.search(r"\w", part)]
    words = re.findall(r"[A-Za-zÁÉÍÓÚÜÑáéíóúüñ]+", text)
    return 100 * (0.049 * sum(map(syllables, words)) - 0.205 * len(sentences)) / len(words) - 3.407


def everything(path: Path, *, sign_up: bool) -> str:
    """Return the words of a content file: title, summary, text; what is marked as English in a Spanish one is left out."""
    document = read(path, path.name)
    own = re.sub(r"\*[^*]*\*\{: lang=en \}", "", fitting(document.body, sign_up=sign_up))
    keys = [
        document.headers[key].value for key in ("Title", "Summary", "Audience") if key in document.headers
    ]
    return "\n\n".join([f"{keys[0]}.", *keys[1:], readable(own)])


@pytest.mark.parametrize("sign_up", [True, False])
@pytest.mark.parametrize("path", ENGLISH, ids=lambda path: path.stem)
def test_a_page_for_parents_can_be_read_with_eight_years_of_school(path: Path, sign_up: bool) -> None:
    assert grade(everything(path, sign_up=sign_up)) <= 8


@pytest.mark.parametrize("sign_up", [True, False])
@pytest.mark.parametrize("path", SPANISH, ids=lambda path: path.stem)
def test_a_spanish_text_can_be_read_with_five_years_of_school(path: Path, sign_up: bool) -> None:
    assert spanish_grade(everything(path, sign_up=sign_up)) <= 5


@pytest.mark.parametrize("sign_up", [True, False])
@pytest.mark.parametrize("path", STAFF, ids=lambda path: path.stem)
def test_a_training_for_staff_is_described_in_words_for_a_busy_day(path: Path, sign_up: bool) -> None:
    text = everything(path, sign_up=sign_up)

    if path.name.endswith(".es.md"):
        assert spanish_grade(text) <= 6
    else:
        assert grade(text) <= 9


@pytest.mark.parametrize(
    ("word", "count"),
    [("escuela", 3), ("días", 2), ("información", 4), ("averiguar", 4), ("quien", 1), ("y", 1), ("muy", 1)],
)
def test_spanish_syllables_are_counted(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_grade_tells_a_hard_text_from_an_easy_one() -> None:
    assert (
        grade("Interdepartmental administration necessitates comprehensive documentation of immunizations.")
        > 12
    )
    assert grade("We are glad to help you. Call us.") < 3


def test_the_spanish_grade_tells_a_hard_text_from_an_easy_one() -> None:
    hard = "La administración interdepartamental requiere documentación exhaustiva de las inmunizaciones realizadas."
    assert spanish_grade(hard) > 8
    assert spanish_grade("Con gusto le ayudamos. Llámenos hoy.") < 3
