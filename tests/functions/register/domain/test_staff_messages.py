# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff are told is stored apart from what the same address gets as somebody's own."""

from __future__ import annotations

from dataclasses import replace

from register.domain.identity import hash_of
from register.domain.model import Kind
from register.domain.staff_messages import staff_message
from tests.support.constants import NOW
from tests.support.emails import message

FOR_STAFF = {Kind.STAFF_LINK, Kind.STAFF_NEEDS, Kind.STAFF_ROSTER, Kind.STAFF_DAILY, Kind.STAFF_PROBLEMS}


def test_five_kinds_are_for_staff_and_no_newer_email_says_what_they_or_an_announcement_say() -> None:
    assert {kind for kind in Kind if kind.for_staff} == FOR_STAFF
    assert {kind for kind in Kind if kind.stands_alone} == {*FOR_STAFF, Kind.ANNOUNCEMENT}


def test_no_message_to_staff_has_the_key_of_a_persons_own() -> None:
    own = message(email="Office@example.org")

    assert own.key.email_hash == hash_of("office@example.org")
    for kind in FOR_STAFF:
        theirs = staff_message(kind, occasion="once", email="Office@example.org", recorded=NOW)
        assert theirs.key.email_hash == hash_of("staff office@example.org")
        assert replace(theirs, email="office@EXAMPLE.org").key == theirs.key
