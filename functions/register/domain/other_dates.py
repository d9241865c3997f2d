# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where else people get a seat who wait for one."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from itertools import islice

from register.domain import snapshot
from register.domain.model import Occupancy, State
from register.domain.rules import refusal, state_for_next
from register.domain.snapshot import Snapshot, UnreadableSnapshot
from schedule.model import Session

AT_MOST = 3
"""How many other dates are named; the training's page has them all."""


def other_dates(
    session: Session, occupancies: Iterable[Occupancy], now: datetime, signed_up: Container[str] = ()
) -> list[Snapshot]:
    """Return the first sessions of the same training in which people who sign up now get a seat.

    But for those for which the person is `signed_up` already. In the order of `occupancies`; one that cannot be read
    costs nobody an email about another.
    """
    with_seats = _readable(
        occupancy
        for occupancy in occupancies
        if occupancy.terms.session_id != session.id
        and occupancy.terms.session_id not in signed_up
        and refusal(occupancy, now) is None
        and state_for_next(occupancy, now) is State.CONFIRMED
    )
    of_training = (each for each in with_seats if each.session.training.slug == session.training.slug)
    return list(islice(of_training, AT_MOST))


def dates_to_move_to(
    session: Session, occupancies: Iterable[Occupancy], now: datetime
) -> list[tuple[Snapshot, bool]]:
    """Return all other dates of a session's training that take people now, and whether they get a seat there."""
    taking = [
        each for each in occupancies if each.terms.session_id != session.id and refusal(each, now) is None
    ]
    seats = {each.terms.session_id: state_for_next(each, now) is State.CONFIRMED for each in taking}
    return [
        (each, seats[each.session.id])
        for each in _readable(taking)
        if each.session.training.slug == session.training.slug
    ]


def _readable(occupancies: Iterable[Occupancy]) -> Iterator[Snapshot]:
    for occupancy in occupancies:
        with suppress(UnreadableSnapshot):  # `register doctor` names it
            yield snapshot.read(occupancy.terms.snapshot_json, occupancy.terms.session_id)
