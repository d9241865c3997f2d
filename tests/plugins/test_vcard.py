# SPDX-License-Identifier: AGPL-3.0-or-later
"""Contacts as telephones read them."""

from __future__ import annotations

from dataclasses import replace

import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.trainings.vcard import vcard
from schedule.addresses import Addresses
from schedule.model import LANGUAGES, ContactKind, Language, Localized, Phone, Trainer
from tests.support.constants import SITE_URL

ENGLISH, SPANISH = (Addresses(SITE_URL, language) for language in LANGUAGES)
URIEL = Trainer(
    slug="uriel-ramirez-torres",
    name=Localized("Uriel Ramirez Torres"),
    role=Localized("MSIX trainer; north, south", "Capacitador"),
    kind=ContactKind.TRAINER,
    phone=Phone("(530) 666-1977", "+15306661977", "8"),
    email="uriel@example.org",
    languages=(Language.ENGLISH,),
    description=Localized(""),
)


def test_a_card_tells_name_role_telephone_mail_and_page() -> None:
    assert vcard(URIEL, ENGLISH).decode().split("\r\n") == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "N:Ramirez Torres;Uriel;;;",
        "FN:Uriel Ramirez Torres",
        "TITLE:MSIX trainer\\; north\\, south",
        "TEL;TYPE=WORK,VOICE:+15306661977,8",
        "EMAIL;TYPE=INTERNET:uriel@example.org",
        "URL:https://trainings.example.org/contacts/",
        "END:VCARD",
        "",
    ]


def test_a_card_leaves_out_what_nobody_gave_and_speaks_the_readers_language() -> None:
    plain = replace(URIEL, email=None, phone=replace(URIEL.phone, extension=None))
    lines = vcard(plain, SPANISH).decode().split("\r\n")

    assert lines[4:6] == ["TITLE:Capacitador", "TEL;TYPE=WORK,VOICE:+15306661977"]
    assert [line for line in lines if line.startswith("EMAIL")] == []


names = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=60).filter(
    lambda text: text.strip() == text and text.isprintable()
)


@settings(deadline=None)
@given(names, names)
def test_every_name_and_role_comes_back_whole(name: str, role: str) -> None:
    data = vcard(replace(URIEL, name=Localized(name), role=Localized(role)), ENGLISH)
    card = vobject.readOne(data.decode())

    assert (card.fn.value, card.title.value) == (name, role)


@settings(deadline=None)
@given(st.integers(50, 90))
def test_no_line_is_longer_than_75_octets_and_no_character_is_cut(length: int) -> None:
    lines = vcard(replace(URIEL, role=Localized("x" * length + "ñ€👩🏽‍💻" * 9)), ENGLISH).split(b"\r\n")

    assert max(len(line) for line in lines) <= 75
    assert b"\r\n".join(lines) == b"\r\n".join(line.decode().encode() for line in lines)
