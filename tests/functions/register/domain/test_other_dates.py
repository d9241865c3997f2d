# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which other dates people who wait are told of: of the same training, with a seat to give away now."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from register.domain.model import Occupancy
from register.domain.other_dates import other_dates
from schedule.model import Session, Status
from tests.support.builders import STARTS, terms
from tests.support.constants import HOUR, NOW
from tests.support.emails import snapshot_json
from tests.support.schedules import revised, session

WAITED_FOR = session()


def date(
    number: int, about: Session | None = None, confirmed: int = 0, waiting: int = 0, **changes: object
) -> Occupancy:
    """Return the session so many days later, with two seats."""
    held = replace(about or WAITED_FOR, id=f"day-{number}")
    starts = STARTS + timedelta(days=number)
    offered = terms(held.id, starts=starts, snapshot_json=snapshot_json(held), **changes)
    return Occupancy(offered, confirmed=confirmed, waiting=waiting)


def found(*occupancies: Occupancy, now: object = NOW) -> list[str]:
    return [each.session.id for each in other_dates(WAITED_FOR, occupancies, now)]


def test_only_dates_with_seats_that_take_sign_ups_are_named() -> None:
    assert found(
        date(1, confirmed=2),
        date(2, confirmed=1, waiting=1),
        date(3, closes=NOW),
        date(4, status=Status.CANCELLED),
        date(5, confirmed=1),
    ) == ["day-5"]


def test_a_seat_is_named_until_sign_up_closes_also_once_the_line_is_closed() -> None:
    last_hour = STARTS + timedelta(days=1) - HOUR

    assert found(date(1, confirmed=1), date(2, confirmed=2), now=last_hour) == ["day-1"]


def test_the_session_itself_and_other_trainings_are_not_named() -> None:
    itself = Occupancy(terms(WAITED_FOR.id, snapshot_json=snapshot_json(WAITED_FOR)))
    other = revised(WAITED_FOR, training=replace(WAITED_FOR.training, slug="another"))

    assert found(itself, date(1, other), date(2)) == ["day-2"]


def test_dates_for_which_the_person_is_signed_up_already_are_not_named() -> None:
    dates = [date(number) for number in range(1, 4)]

    named = other_dates(WAITED_FOR, dates, NOW, {"day-1", "day-3"})

    assert [each.session.id for each in named] == ["day-2"]


def test_three_are_named_at_most_in_the_order_of_their_start() -> None:
    assert found(*(date(number) for number in range(1, 6))) == ["day-1", "day-2", "day-3"]
    assert found() == []
