# SPDX-License-Identifier: AGPL-3.0-or-later
"""A private link is found wherever it stands, and nothing else is taken for one."""

from __future__ import annotations

import pytest

from plugins.private_links import PrivateLinks

LINK = "https://meet.example.org/j/123?pwd=abc&tk=x,y"
SECRET = "secret:overview"  # noqa: S105 - the name of one


@pytest.mark.parametrize(
    "data",
    [
        b"NOTE:https://meet.example.org/j/123?pwd=abc&tk=x,y",
        b"<p>https://meet.example.org/j/123?pwd=abc&amp;tk=x,y</p>",
        b"DESCRIPTION:https://meet.example.org/j/1\r\n 23?pwd=abc&tk=x\\,y\r\n",
        b"\xff {secret:overview}",
    ],
    ids=["as it is", "in HTML", "in a calendar", "the name of a secret, in what is no text"],
)
def test_a_private_link_is_found_as_it_is_and_as_html_and_calendars_write_it(data: bytes) -> None:
    assert PrivateLinks([LINK, SECRET]).stand_in(data)


@pytest.mark.parametrize(
    "data",
    [
        b"https://meet.example.org/j/124?pwd=abc",
        b"secret:overview-december?"[:14],
        b"https://trainings.example.org/",
    ],
    ids=["another room of the same host", "the beginning of a name", "another host"],
)
def test_what_is_no_private_link_is_not_taken_for_one(data: bytes) -> None:
    assert not PrivateLinks([LINK, SECRET]).stand_in(data)


def test_nothing_stands_anywhere_where_nothing_is_private() -> None:
    assert not PrivateLinks([]).stand_in(b"https://meet.example.org/")


def test_other_links_are_told_apart_and_the_same_ones_are_not() -> None:
    digests = [
        PrivateLinks(links).digest for links in ([LINK, SECRET], [SECRET, LINK], [LINK], [f"{LINK}1", SECRET])
    ]

    assert digests[0] == digests[1]
    assert len(set(digests)) == 3
