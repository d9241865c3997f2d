# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whose email is counted as one, and that no window of time ever has more than a limit says."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.domain.errors import LimitReached
from register.domain.identity import hash_of
from register.domain.rate_limits import Limit, Limits, Rate, mailbox_of
from tests.support.constants import HOUR, NOW, SECOND

MICROSECOND = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("email", "mailbox"),
    [
        ("ana@example.org", "ana@example.org"),
        (" ANA@Example.ORG ", "ana@example.org"),
        ("ana+msix@example.org", "ana@example.org"),
        ("ana+1+2@example.org", "ana@example.org"),
        ("+ana@example.org", "+ana@example.org"),
        ("a.na@example.org", "a.na@example.org"),
        ("a.na@notgmail.com", "a.na@notgmail.com"),
        ("a.na@mail.gmail.com", "a.na@mail.gmail.com"),
        ("a.n.a@gmail.com", "ana@gmail.com"),
        ("a.na+msix.1@Gmail.com", "ana@gmail.com"),
        ("ana@googlemail.com", "ana@gmail.com"),
        ("a.na@GoogleMail.com", "ana@gmail.com"),
        ("ana@googlemail.co.uk", "ana@googlemail.co.uk"),
    ],
)
def test_a_mailbox_is_what_email_addresses_have_in_common(email: str, mailbox: str) -> None:
    assert mailbox_of(email) == mailbox


def test_the_limit_of_a_recipient_is_that_of_the_mailbox() -> None:
    limits = Limits(client=None, recipient=Rate(10, HOUR))

    assert limits.of_recipients("A.na+1@googlemail.com", "ana@gmail.com") == (
        Limit("recipient", f"recipient:{hash_of('ana@gmail.com')}", 10, HOUR),
    )
    assert limits.of_client("k") == ()


def test_the_oldest_hit_makes_room_when_it_has_left_the_window() -> None:
    limit = Limit("client", "k", 2, HOUR)
    first = limit.hit((), NOW)
    both = limit.hit(first, NOW + SECOND)

    assert (first, both) == ((NOW,), (NOW, NOW + SECOND))
    with pytest.raises(LimitReached):
        limit.hit(both, NOW + HOUR - MICROSECOND)
    assert limit.hit(both, NOW + HOUR) == (NOW + SECOND, NOW + HOUR)
    assert limit.expires(both) == NOW + SECOND + HOUR


def test_the_hits_of_a_clock_that_was_wrong_by_more_than_a_window_lock_nobody_out() -> None:
    limit = Limit("client", "k", 2, HOUR)
    ahead = (NOW + 24 * HOUR, NOW + 25 * HOUR)

    assert limit.hit(ahead, NOW) == (NOW,)


def test_a_limit_may_be_changed_while_it_counts() -> None:
    five = tuple(NOW + number * SECOND for number in range(5))
    now = NOW + 10 * SECOND

    assert Limit("client", "k", 6, HOUR).hit(five, now) == (*five, now)
    with pytest.raises(LimitReached):
        Limit("client", "k", 3, HOUR).hit(five, now)
    assert Limit("client", "k", 3, HOUR).hit(five, NOW + HOUR + 3 * SECOND) == (
        NOW + 3 * SECOND,
        NOW + 4 * SECOND,
        NOW + HOUR + 3 * SECOND,
    )


# Clocks go on, and are now and then set back by less than a window.
@given(most=st.integers(1, 4), steps=st.lists(st.integers(-9, 15), max_size=60))
def test_no_window_has_more_hits_than_the_limit_says_although_clocks_are_set_back(
    most: int, steps: list[int]
) -> None:
    limit = Limit("client", "k", most, 30 * SECOND)
    now, latest, hits, through = NOW, NOW, (), list[datetime]()
    for step in steps:
        now = max(now + step * SECOND, latest - 29 * SECOND)
        latest = max(latest, now)
        try:
            hits = limit.hit(hits, now)
        except LimitReached:
            continue
        through.append(now)

    assert (
        max((sum(since <= hit < since + limit.window for hit in through) for since in through), default=0)
        <= most
    )
    assert len(hits) <= most
