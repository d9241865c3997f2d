# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signed parts of addresses: for one purpose each, by any of our keys, a receipt for an hour."""

from __future__ import annotations

from datetime import timedelta

import pytest

from register.domain.identity import hash_of
from register.domain.model import State
from register.web.tokens import BadToken, Managed, OldReceipt, Receipt, Tokens
from schedule.model import Language
from tests.support.constants import NOON

WAITS = Receipt("2026-12-03-overview", State.WAITLISTED, 3, Language.SPANISH, "rid-1", "nonce-1")
CONFIRMED = Receipt("2026-12-03-overview", State.CONFIRMED, None, Language.ENGLISH, "rid-2", "nonce-2")
REPEATED = Receipt(
    "2026-12-03-overview", State.CONFIRMED, None, Language.ENGLISH, "rid-3", "nonce-3", repeated=True
)


@pytest.fixture
def tokens() -> Tokens:
    return Tokens(("newest", "older"))


@pytest.mark.parametrize("receipt", [WAITS, CONFIRMED, REPEATED])
def test_a_receipt_says_what_was_put_into_it(tokens: Tokens, receipt: Receipt) -> None:
    assert tokens.read_receipt(tokens.receipt(receipt, NOON), NOON) == receipt


def test_a_receipt_is_good_for_an_hour(tokens: Tokens) -> None:
    token = tokens.receipt(WAITS, NOON)

    assert tokens.read_receipt(token, NOON + timedelta(minutes=59, seconds=59)) == WAITS
    with pytest.raises(OldReceipt, match="good for an hour"):
        tokens.read_receipt(token, NOON + timedelta(hours=1))


def test_a_link_says_whose_registration_it_is_for_and_lasts(tokens: Tokens) -> None:
    token = tokens.manage("2026-12-03-overview", "registration id", 3)

    assert tokens.read_manage(token) == Managed("2026-12-03-overview", "registration id", 3)


def test_a_token_can_stand_in_an_address_as_it_is(tokens: Tokens) -> None:
    signs = set(tokens.manage("2026-12-03-overview", "r" * 22, 0) + tokens.receipt(WAITS, NOON))

    assert signs <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


def test_what_an_older_key_has_signed_is_accepted_and_the_newest_signs(tokens: Tokens) -> None:
    old, new = Tokens(("older",)), Tokens(("newest",))

    assert tokens.read_manage(old.manage("s", "r", 0)) == Managed("s", "r", 0)
    assert new.read_manage(tokens.manage("s", "r", 0)) == Managed("s", "r", 0)
    with pytest.raises(BadToken):
        old.read_manage(tokens.manage("s", "r", 0))


def test_links_to_all_registrations_and_to_their_feed_hold_the_hash_of_the_address_alone(
    tokens: Tokens,
) -> None:
    ana = hash_of("ana@example.org")

    assert tokens.read_mine(tokens.mine(ana)) == ana
    assert tokens.read_feed(tokens.feed(ana)) == ana
    assert tokens._mine.loads(tokens.mine(ana)) == tokens._feed.loads(tokens.feed(ana)) == [ana]


def test_a_feed_works_as_long_as_its_key_is_known() -> None:
    old = Tokens(("older",))

    assert Tokens(("newest", "older")).read_feed(old.feed("h")) == "h"
    assert Tokens(("newest", "older")).read_mine(old.mine("h")) == "h"
    for read in (Tokens(("newest",)).read_feed, Tokens(("newest",)).read_mine):
        with pytest.raises(BadToken):
            read(old.feed("h"))


def test_a_token_is_good_for_its_own_purpose_alone(tokens: Tokens) -> None:
    made = {
        "manage": tokens.manage("s", "r", 0),
        "again": tokens.again(Managed("s", "r", 0), with_name=True),
        "receipt": tokens.receipt(WAITS, NOON),
        "mine": tokens.mine("h"),
        "feed": tokens.feed("h"),
    }
    reads = {
        "manage": tokens.read_manage,
        "again": tokens.read_again,
        "receipt": lambda token: tokens.read_receipt(token, NOON),
        "mine": tokens.read_mine,
        "feed": tokens.read_feed,
    }
    for purpose, token in made.items():
        for other in reads.keys() - {purpose}:
            with pytest.raises(BadToken):
                reads[other](token)
        reads[purpose](token)


def test_even_what_looks_like_a_receipt_is_none_if_it_was_signed_for_a_link(tokens: Tokens) -> None:
    until = int(NOON.timestamp()) + 3600
    said = ["2026-12-03-overview", "confirmed", None, "en", False, "rid-2", "nonce-2", until]

    assert tokens.read_receipt(tokens._receipt.dumps(said), NOON) == CONFIRMED
    with pytest.raises(BadToken):
        tokens.read_receipt(tokens._manage.dumps(said), NOON)


@pytest.mark.parametrize("token", ["", "x", "a.b", ".", "ñ", "WyJzIl0", "\0", "é.é.é", "W10.AAAA"])
def test_what_we_have_not_signed_is_no_token(tokens: Tokens, token: str) -> None:
    with pytest.raises(BadToken):
        tokens.read_manage(token)
    with pytest.raises(BadToken):
        tokens.read_receipt(token, NOON)
    with pytest.raises(BadToken):
        tokens.read_mine(token)
    with pytest.raises(BadToken):
        tokens.read_feed(token)


def test_every_changed_character_spoils_a_token(tokens: Tokens) -> None:
    token = tokens.manage("2026-12-03-overview", "registration id", 3)
    for place, sign in enumerate(token):
        other = "A" if sign != "A" else "B"
        forged = token[:place] + other + token[place + 1 :]
        try:
            # The last sign of base64 may hold bits that mean nothing.
            assert tokens.read_manage(forged) == Managed("2026-12-03-overview", "registration id", 3)
            assert place == len(token) - 1
        except BadToken:
            pass


def test_errors_show_nothing_of_the_token(tokens: Tokens) -> None:
    with pytest.raises(BadToken) as caught:
        tokens.read_manage("secret-part-of-an-address")

    assert str(caught.value) == "the link is not whole or not ours; open the one in the newest email"
    assert caught.value.__cause__ is None
