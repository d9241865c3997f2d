# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rules that pages and emails both ask."""

from __future__ import annotations

from itertools import product

import pytest

from register.domain.errors import Refused, SessionCancelled, SessionOver, SignUpClosed
from register.domain.model import State
from register.domain.rules import may_join, refusal, state_of
from schedule.model import Status
from schedule.sign_up_state import SignUpState
from tests.support.builders import terms
from tests.support.constants import NOW


def test_only_people_with_a_seat_in_a_session_that_takes_place_get_the_link_to_join() -> None:
    assert {each for each in product(State, Status) if may_join(*each)} == {
        (State.CONFIRMED, Status.SCHEDULED)
    }


@pytest.mark.parametrize(
    ("changes", "state", "refused", "refused_late"),
    [
        ({}, SignUpState.OPEN, None, None),
        ({"closes": NOW}, SignUpState.CLOSED, SignUpClosed, None),
        ({"closes": NOW, "ends": NOW}, SignUpState.PAST, SessionOver, SessionOver),
        ({"status": Status.CANCELLED}, SignUpState.CANCELLED, SessionCancelled, SessionCancelled),
        (
            {"status": Status.CANCELLED, "closes": NOW, "ends": NOW},
            SignUpState.CANCELLED,
            SessionCancelled,
            SessionCancelled,
        ),
    ],
)
def test_whoever_may_not_sign_up_is_told_the_reason_that_the_page_shows(
    changes: dict[str, object],
    state: SignUpState,
    refused: type[Refused] | None,
    refused_late: type[Refused] | None,
) -> None:
    session = terms(**changes)

    assert state_of(session, NOW) is state
    assert [type(refusal(session, NOW, late=late)) for late in (False, True)] == [
        refused or type(None),
        refused_late or type(None),
    ]
