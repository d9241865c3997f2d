# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a name may hold: real people's names, and no advertisement."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.domain.names import BadName, clean_name

REAL = (Path(__file__).parent / "names.txt").read_text(encoding="utf-8").splitlines()[1:]
REFUSED = {"X Æ A-12", "John Smith 3rd", "N!xau ǂToma", "Tlingit: X̱ʼunei Lance Twitchell"}


@pytest.mark.parametrize("name", [one for one in REAL if one not in REFUSED])
def test_real_names_are_kept(name: str) -> None:
    """But for a blank behind a period, and Unicode's form C."""
    kept = clean_name(name)
    assert kept.replace(" ", "") == unicodedata.normalize("NFC", name).replace(" ", "")
    assert clean_name(kept) == kept


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_digits_and_signs_are_in_hardly_any_name(name: str) -> None:
    with pytest.raises(BadName):
        clean_name(name)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ma.Elena Cruz", "Ma. Elena Cruz"),
        ("evil.com", "evil. com"),
        ("www.evil.com", "www. evil. com"),
        ("evil.ªi", "evil. ªi"),
        ("M.ª Ángeles", "M.ª Ángeles"),
        ("Ana Ruiz, Ed.D.", "Ana Ruiz, Ed. D."),
        ("e\u0301 .com", "é . com"),
        ("  Ana\u00a0 María  ", "Ana María"),
        ("Jose\u0301", "José"),
    ],
)
def test_no_period_is_followed_by_a_letter(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


@pytest.mark.parametrize(
    "text",
    [
        "You won 500 dollars, visit evil-prize.com today or call 900 555 0199",
        "=?utf-8?q?a?= B",
        *("evil。com", "evil．com", "evil｡com", "evil․com", "evil‧com", "evil•com"),
        *(
            "ana@example.org",
            "https://evil",
            "a/b",
            "<b>Ana</b>",
            "A & B",
            "Ana!",
            "Ana?",
            "Ana #",
            "100 %",
            "Ana_",
        ),
        *("٣", "Ⅲ", "½", "①", "💰", "An\u200ba", "A\u2060", "\u202eAna", "Ana\ufeff", "A\ud800"),
        *("a·b", "·", "l·", "a・b", "王・a", "・王", "A\u200dB", "a \u0301", ".\u0301com", "\u20e3"),
    ],
)
def test_what_is_no_part_of_a_name_is_refused(text: str) -> None:
    with pytest.raises(BadName) as caught:
        clean_name(text)
    assert str(caught.value) == (
        "a name may hold letters, spaces, periods, commas, hyphens, apostrophes, quotation marks and parentheses; "
        "write 3rd as III"
    )


@given(st.text())
def test_what_is_kept_is_kept_again_and_makes_no_link(text: str) -> None:
    try:
        name = clean_name(text)
    except BadName:
        return
    assert clean_name(name) == name
    assert not any(character.isnumeric() or character in "@:/=?<>&" for character in name)
    assert not any(one == "." and after.isalpha() and after not in "ªº" for one, after in pairwise(name))
