# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rules that pages and emails both ask."""

from __future__ import annotations

from itertools import product

from register.domain.model import State
from register.domain.rules import may_join
from schedule.model import Status


def test_only_people_with_a_seat_in_a_session_that_takes_place_get_the_link_to_join() -> None:
    assert {each for each in product(State, Status) if may_join(*each)} == {
        (State.CONFIRMED, Status.SCHEDULED)
    }
