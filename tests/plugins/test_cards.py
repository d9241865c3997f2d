# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which other dates the page of a session shows."""

from __future__ import annotations

import pytest

from plugins.trainings.cards import Cards
from plugins.trainings.views import SessionCard
from schedule import wording
from schedule.model import Language
from schedule.sign_up_state import SignUpState
from tests.support.schedules import session, timed

CLOSED = {"c": SignUpState.CLOSED}
STARTS = {"a": "12-01", "b": "12-02", "c": "12-03", "d": "12-04", "e": "12-04", "f": "12-06", "g": "12-07"}
"""Days on which sessions of one training begin; two of them at the same time."""


def cards() -> Cards:
    """Return the cards of one training's sessions, one of which takes no sign-ups."""
    made = {}
    for name, day in STARTS.items():
        one = session(name, timed(f"2026-{day} 10:00", f"2026-{day} 11:00"))
        state = CLOSED.get(name, SignUpState.OPEN)
        made[name] = SessionCard(one, wording.worded(one, Language.ENGLISH), f"/schedule/{name}/", state)
    upcoming = tuple(made.values())
    slug = upcoming[0].session.training.slug
    starts = tuple(card.session.period.start for card in upcoming)
    return Cards(made, upcoming, {slug: upcoming}, {slug: starts}, (), ())


@pytest.mark.parametrize(
    ("name", "others"),
    [("a", "bde"), ("b", "def"), ("c", "def"), ("d", "efg"), ("e", "dfg"), ("f", "deg"), ("g", "def")],
)
def test_a_session_shows_the_dates_after_it_then_those_before_it_in_the_order_of_time(
    name: str, others: str
) -> None:
    there = cards()
    assert "".join(card.session.id for card in there.others(there.sessions[name], 3)) == others


def test_fewer_dates_are_shown_where_there_are_no_more() -> None:
    there = cards()
    assert "".join(card.session.id for card in there.others(there.sessions["d"], 9)) == "abefg"
