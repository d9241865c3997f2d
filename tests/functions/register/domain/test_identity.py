# SPDX-License-Identifier: AGPL-3.0-or-later
"""When two sign-ups are by one person."""

from __future__ import annotations

import re
import string
import unicodedata
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.domain.identity import digest, hash_of, is_plain_email, normalized_name
from tests.support.builders import person


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ana Núñez", "  ANA   núñez "),
        ("Ana Núñez", "Ana Nu\u0301n\u0303ez"),
        ("Ｍｅｉ", "mei"),
        ("Straße", "STRASSE"),
        ("María López", "Maria Lopez"),
        ("Ana Núñez", "ANA NUNEZ"),
        ("O’Brien", "OBrien"),
        ("O’Brien", "o'brien"),
        ("D´Angelo", "D`Angelo"),
        ("José-Luis", "Jose Luis"),
        ("José–Luis", "Joseluis"),
        ("Ma. Elena", "Ma Elena"),
        ("M.ª Ángeles", "Ma Angeles"),
        ("Nguyễn Thị", "Nguyen Thi"),
        ("Kaʻiulani", "Kaiulani"),
    ],
)
def test_a_name_is_the_same_person_however_it_is_written(one: str, other: str) -> None:
    email = "ana@example.net"

    assert person(one, email=email).identity == person(other, email=" ANA@example.NET").identity


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Ana", "a@example.net"), ("Ana", "b@example.net")),
        (("Ana", "a@example.net"), ("Ana M", "a@example.net")),
        (("Ana", "a@example.net"), ("Eva", "a@example.net")),
        (("Luis", "a@example.net"), ("Luisa", "a@example.net")),
        (("Øde", "a@example.net"), ("Ode", "a@example.net")),
        (("Йосиф", "a@example.net"), ("Иосиф", "a@example.net")),
        (("ガク", "a@example.net"), ("カク", "a@example.net")),
    ],
)
def test_other_people_are_other_people(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert person(one[0], email=one[1]).identity != person(other[0], email=other[1]).identity


_UNIT = re.compile(r".[\u0301\u0303\u05c1]*")
NAMES = st.text(st.sampled_from(string.ascii_letters + "ñüéÅçßøłĳ ÑÉйЙガ한שׁ\u0301\u0303"), max_size=12)


@given(NAMES, st.randoms(use_true_random=False))
def test_a_name_repeats_itself_however_its_signs_are_strewn(name: str, random: Random) -> None:
    strewn = "".join(random.choice(("", *" .-’")) + unit for unit in _UNIT.findall(name))

    assert normalized_name(strewn) == normalized_name(name)


@given(NAMES)
def test_a_name_repeats_itself_in_capitals_without_marks_and_once_more(name: str) -> None:
    once = normalized_name(name)

    assert normalized_name(once) == once
    assert normalized_name(name.upper()) == once
    assert normalized_name(unicodedata.normalize("NFD", name)) == once


@given(NAMES, NAMES)
def test_only_names_with_the_same_bare_letters_are_one_person(one: str, other: str) -> None:
    bare_one, bare_other = (
        "".join(filter(str.isalpha, unicodedata.normalize("NFKD", name).casefold())) for name in (one, other)
    )

    assert bare_one == bare_other or normalized_name(one) != normalized_name(other)


@given(st.text("абвгдежзийклмнопрстуфхцчшщъыьэюяёїガギグ가나다", min_size=1), st.integers(0, 1))
def test_marks_of_other_scripts_are_kept(name: str, form: int) -> None:
    written = unicodedata.normalize(("NFC", "NFD")[form], name)

    assert normalized_name(written) == name


def test_texts_are_not_glued_together_in_a_digest() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert len(digest("x")) == 43
    assert hash_of("Ana@Example.net") == person("Ana", email="ana@example.net").email_hash


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("desk@example.org", True),
        ("o'brien+msix@xn--exmple-cua.net", True),
        ("training..desk@example.org", False),
        (".a@example.org", False),
        ("a@example..org", False),
        ("a@example.org.", False),
        ("=?utf-8?q?a?=@example.org", False),
        ("a b@example.org", False),
        ("ñ@example.org", False),
        ("a@", False),
    ],
)
def test_a_plain_email_is_one_that_a_header_can_hold(text: str, plain: bool) -> None:
    assert is_plain_email(text) is plain
