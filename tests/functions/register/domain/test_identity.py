# SPDX-License-Identifier: AGPL-3.0-or-later
"""When two sign-ups are by one person."""

from __future__ import annotations

import pytest

from register.domain.identity import digest, hash_of, is_plain_email
from tests.support.builders import person


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ana Núñez", "  ANA   núñez "),
        ("Ana Núñez", "Ana Nu\u0301n\u0303ez"),
        ("Ｍｅｉ", "mei"),
        ("Straße", "STRASSE"),
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
        (("Nunez", "a@example.net"), ("Núñez", "a@example.net")),
    ],
)
def test_other_people_are_other_people(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert person(one[0], email=one[1]).identity != person(other[0], email=other[1]).identity


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
