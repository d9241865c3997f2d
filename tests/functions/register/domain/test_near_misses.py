# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which email addresses are probably mistyped: those in a table, and no others."""

from __future__ import annotations

import pytest

from register.domain.near_misses import _ENDINGS, _RIGHT, near_miss
from register.web.forms import clean_email

# Each is a letter or two from what others mean.
REAL = """
mail.com ymail.com email.com gmx.com gmail.com googlemail.com yahoo.es yahoo.com.mx hotmail.es hotmail.co.uk
live.com.mx outlook.es aol.com att.net me.com mac.com msn.com ucdavis.edu yolo.k12.ca.us cde.ca.gov
prodigy.net.mx example.co example.mx gmial.com.example.org con.example.org con
"""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ana@gmial.com", "ana@gmail.com"),
        ("ana@gmail.con", "ana@gmail.com"),
        ("ana@hotmial.com", "ana@hotmail.com"),
        ("ana@yaho.com", "ana@yahoo.com"),
        ("ana@gmial.con", "ana@gmail.com"),
        ("Ana.Ruiz+x@GMIAL.com", "Ana.Ruiz+x@gmail.com"),
        ("ana@sbcglobal.com", "ana@sbcglobal.net"),
        ("ana@migrant.example.ogr", "ana@migrant.example.org"),
        ("ana@yolo.k12.example.eud", "ana@yolo.k12.example.edu"),
        (" ana@gmai.com ", "ana@gmail.com"),
    ],
)
def test_what_people_mistype_is_known(typed: str, meant: str) -> None:
    assert near_miss(typed) == meant


@pytest.mark.parametrize("right", REAL.split())
def test_what_may_be_right_is_left_alone(right: str) -> None:
    assert near_miss(f"ana@{right}") is None


@pytest.mark.parametrize("text", ["", "@", "ana", "@gmial.com", "gmial.com", "ana@.con"])
def test_what_is_no_address_has_none_near(text: str) -> None:
    assert near_miss(text) is None


def test_the_table_leads_from_addresses_that_can_be_typed_to_ones_that_are_right() -> None:
    assert len(_RIGHT) + len(_ENDINGS) > 60
    for wrong, right in [
        *_RIGHT.items(),
        *((f"x.{wrong}", f"x.{right}") for wrong, right in _ENDINGS.items()),
    ]:
        assert clean_email(f"a@{wrong}") == f"a@{wrong}"
        assert near_miss(f"a@{wrong}") == f"a@{right}"
        assert near_miss(f"a@{right}") is None
