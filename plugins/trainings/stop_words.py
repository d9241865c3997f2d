# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tells English from Spanish by the words that hold sentences together; silent when unsure."""

from __future__ import annotations

import re

from schedule.model import Language


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# No word of one list is a word of the other language.
_WORDS = {
    Language.ENGLISH: _words(
        "the and of to is are you your we our that this with for not can will from have it they what when which "
        "about who there be or if"
    ),
    Language.SPANISH: _words(
        "el la los las de del que y en un una es son su sus para con por se al lo como más si usted cuando esta "
        "este pero puede"
    ),
}
_ENOUGH = 8
_TIMES = 3


def other_language(text: str, language: Language) -> Language | None:
    """Return the language that a text seems to be in, if it is clearly not the given one."""
    sayings = (saying for saying in text.lower().split() if "/" not in saying and "@" not in saying)
    words = re.findall(r"[^\W\d_]+", " ".join(sayings))
    found = {one: sum(map(known.__contains__, words)) for one, known in _WORDS.items()}
    other = Language.SPANISH if language is Language.ENGLISH else Language.ENGLISH
    return other if found[other] >= _ENOUGH and found[other] > _TIMES * found[language] else None
