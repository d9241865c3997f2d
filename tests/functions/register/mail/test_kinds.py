# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an email is for is worked out from its message, once."""

from __future__ import annotations

import json
from collections.abc import Callable
from cProfile import Profile

import pytest

from register.domain import snapshot
from register.domain.messages import Message, Method
from register.domain.model import Kind, State
from register.mail.kinds import Purpose
from tests.support.emails import JOIN, KINDS_AND_STATES, MOVED, about, composed, message, snapshot_json
from tests.support.schedules import cancelled, session

CONFIRMED, WAITLISTED = State.CONFIRMED, State.WAITLISTED
CANCELED = cancelled(session())


@pytest.mark.parametrize(
    ("kind", "state", "method", "ends", "has_seat"),
    [
        (Kind.CONFIRMATION, CONFIRMED, Method.REQUEST, False, True),
        (Kind.WAITING_LIST, WAITLISTED, None, False, False),
        (Kind.PROMOTION, CONFIRMED, Method.REQUEST, False, True),
        (Kind.CHANGE, CONFIRMED, Method.REQUEST, False, True),
        (Kind.CHANGE, WAITLISTED, None, False, False),
        (Kind.LINK, CONFIRMED, Method.REQUEST, False, True),
        (Kind.CANCELLATION, CONFIRMED, Method.CANCEL, True, False),
        (Kind.CANCELLATION, WAITLISTED, None, True, False),
        (Kind.SESSION_CANCELLATION, CONFIRMED, Method.CANCEL, True, False),
        (Kind.SESSION_CANCELLATION, WAITLISTED, None, True, False),
        (Kind.REMINDER, CONFIRMED, None, False, True),
        (Kind.REMINDER, WAITLISTED, None, False, False),
        (Kind.CORRECTION, CONFIRMED, Method.REQUEST, False, True),
        (Kind.CORRECTION, WAITLISTED, None, False, False),
        (Kind.ADDRESS_CHANGED, CONFIRMED, Method.CANCEL, True, False),
        (Kind.ADDRESS_CHANGED, WAITLISTED, None, True, False),
    ],
)
def test_each_kind_has_its_purpose(
    kind: Kind, state: State, method: Method | None, ends: bool, has_seat: bool
) -> None:
    told = message(kind, state, about=about(kind))
    assert Purpose.of(told) == Purpose(
        message=told,
        kind=kind,
        snapshot=snapshot.read(told.snapshot_json),
        before=snapshot.read(snapshot_json(session())) if kind is Kind.CHANGE else None,
        other=None,
        method=method,
        ends=ends,
        elsewhere=kind is Kind.ADDRESS_CHANGED,
        has_seat=has_seat,
        waits=not ends and not has_seat,
        join_url=JOIN if has_seat else None,
    )


def test_a_link_that_is_not_known_yet_takes_nobody_the_seat() -> None:
    purpose = Purpose.of(message(join_url=None))
    assert (purpose.has_seat, purpose.join_url) == (True, None)


@pytest.mark.parametrize(
    "kind", [Kind.CONFIRMATION, Kind.WAITING_LIST, Kind.PROMOTION, Kind.CHANGE, Kind.LINK, Kind.REMINDER]
)
@pytest.mark.parametrize(("state", "method"), [(CONFIRMED, Method.CANCEL), (WAITLISTED, None)])
def test_any_email_of_a_canceled_session_is_its_cancellation(
    kind: Kind, state: State, method: Method | None
) -> None:
    purpose = Purpose.of(message(kind, state, about=CANCELED))
    assert (purpose.kind, purpose.method, purpose.ends) == (Kind.SESSION_CANCELLATION, method, True)
    assert (purpose.before, purpose.has_seat, purpose.waits, purpose.join_url) == (None, False, False, None)


def test_a_registration_that_its_person_canceled_stays_so_when_the_session_is_canceled_too() -> None:
    assert Purpose.of(message(Kind.CANCELLATION, about=CANCELED)).kind is Kind.CANCELLATION


def parses(step: Callable[[], object]) -> int:
    """Return how often a step reads JSON, as the interpreter counts it."""
    profile = Profile()
    profile.runcall(step)
    return sum(entry.callcount for entry in profile.getstats() if entry.code is json.loads.__code__)


@pytest.mark.parametrize(("kind", "state"), KINDS_AND_STATES)
def test_an_email_is_made_with_one_reading_of_each_session_that_it_tells_of(kind: Kind, state: State) -> None:
    told: Message = message(kind, state, about=about(kind))
    assert parses(lambda: composed(told)) == (2 if kind is Kind.CHANGE else 1)


def test_a_reading_is_counted_each_time() -> None:
    text = snapshot_json(MOVED)
    assert parses(lambda: [snapshot.read(text) for _ in range(3)]) == 3
