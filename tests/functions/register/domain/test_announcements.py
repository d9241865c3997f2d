# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff write is read in one's own language, where they have written in it."""

from __future__ import annotations

import pytest

from schedule.model import Language
from tests.support.builders import announcement

BOTH = announcement(subject_en="E", text_en="English", subject_es="S", text_es="Español")


@pytest.mark.parametrize(
    ("language", "expected"),
    [(Language.ENGLISH, ("E", "English")), (Language.SPANISH, ("S", "Español"))],
)
def test_everybody_reads_their_own_language(language: Language, expected: tuple[str, str]) -> None:
    assert BOTH.text_for(language) == expected


@pytest.mark.parametrize("missing", [{"subject_es": "", "text_es": ""}, {"subject_es": ""}, {"text_es": ""}])
def test_where_one_language_is_not_whole_the_other_is_read(missing: dict[str, str]) -> None:
    english_alone = announcement(**{"subject_en": "E", "text_en": "English"} | missing)

    assert english_alone.text_for(Language.SPANISH) == ("E", "English")


def test_where_there_is_no_english_spanish_is_read() -> None:
    spanish_alone = announcement(subject_en="", text_en="", subject_es="S", text_es="Español")

    assert spanish_alone.text_for(Language.ENGLISH) == ("S", "Español")
