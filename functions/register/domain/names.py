# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person's name may hold, since it is emailed to whatever address comes with it.

Letters of every script and what stands between them in names; nothing that makes a link, a telephone number or
a header. docs/decisions/0014-names.md says what remains possible, and why that is accepted.
"""

from __future__ import annotations

import re
import unicodedata

from register.domain.errors import RegisterError

_ANYWHERE = frozenset(" ,.()\"“”„«»'’‘`´׳ꞌ-\u2010\u2011–")
_MARKS = frozenset({"Mn", "Mc"})
_JOINERS = frozenset("\u200c\u200d")
_FIRST_OF_JOINED_SCRIPTS = "\u0600"
_EAST_ASIAN_DOTS = frozenset("・゠")
_EAST_ASIAN = ("CJK ", "HIRAGANA ", "KATAKANA", "HALFWIDTH KATAKANA", "IDEOGRAPHIC ")

# A period in front of a letter, but for the ordinal in "M.ª Ángeles".
_PERIOD = re.compile(r"\.(?![ªº](?:\W|$))(?=[^\W\d_])")


class BadName(RegisterError):
    """A text that holds something which names do not."""

    def __init__(self) -> None:
        super().__init__(
            "a name may hold letters, spaces, periods, commas, hyphens, apostrophes, quotation marks and "
            "parentheses; write 3rd as III"
        )


def clean_name(text: str) -> str:
    """Return a name as it is kept: in Unicode's form C, with single spaces. Raises BadName.

    "Ma.Elena" becomes "Ma. Elena", and "evil.com" "evil. com", which no program makes a link of.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not all(map(_may_stand, f" {name}", name, f"{name[1:]} ")):
        raise BadName
    return _PERIOD.sub(". ", name)


def _may_stand(before: str, character: str, after: str) -> bool:
    """Whether a character may stand between these two."""
    if character.isalpha() or character in _ANYWHERE:
        return True
    if unicodedata.category(character) in _MARKS:
        return _is_letter_or_mark(before)
    if character in _JOINERS:
        return _is_letter_or_mark(before) and before >= _FIRST_OF_JOINED_SCRIPTS
    if character in _EAST_ASIAN_DOTS:
        return _is_east_asian(before) and _is_east_asian(after)
    return character == "·" and before in "lL" and after in "lL"


def _is_letter_or_mark(character: str) -> bool:
    return character.isalpha() or unicodedata.category(character) in _MARKS


def _is_east_asian(character: str) -> bool:
    return character.isalpha() and unicodedata.name(character, "").startswith(_EAST_ASIAN)
