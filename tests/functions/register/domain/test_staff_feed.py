# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which sessions stand in a feed for staff, and under which number."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from register.domain.model import Occupancy, Person, Registration, State, roster_of
from register.domain.notifications import number_after_erasing, number_at
from register.domain.staff_feed import in_staff_feed, newest_change
from schedule.model import Revision
from tests.support.builders import NOW, SECOND, terms
from tests.support.constants import PACIFIC
from tests.support.schedules import cancelled, session

WRITTEN = replace(session(), revision=Revision(3, NOW - timedelta(days=9)))
FULL = Occupancy(replace(terms(), revision=3))
FIRST = number_at(NOW)


def of(rid: str, *, changed: datetime, state: State = State.CONFIRMED, name: str = "Ana") -> Registration:
    who = Person(name, "ana@example.net")
    return Registration("s", rid, state, who, signed_up=NOW, since=NOW, changed=changed)


def number(*people: Registration, occupancy: Occupancy = FULL) -> int:
    return newest_change(occupancy, WRITTEN, people)


def test_the_number_is_that_of_the_newest_change() -> None:
    assert number() == FIRST - 9 * 24 * 3600 + 3
    assert number(of("a", changed=NOW)) == FIRST + 3
    assert number(of("a", changed=NOW), of("b", changed=NOW + 9 * SECOND)) == FIRST + 9 + 3


def test_a_change_of_the_schedule_raises_it_though_somebody_signed_up_since_it_was_written() -> None:
    ana = of("a", changed=NOW)
    synced = replace(FULL, terms=replace(FULL.terms, revision=4))
    reworded = replace(WRITTEN, revision=Revision(4, NOW - SECOND))

    assert newest_change(synced, reworded, [ana]) == number(ana) + 1


def test_it_never_falls_when_people_are_erased() -> None:
    ana, beto = of("a", changed=NOW + 9 * SECOND), of("b", changed=NOW)
    before = number(ana, beto)
    left = number_after_erasing(FULL.highest_erased, FIRST, [ana], NOW + 20 * SECOND)

    assert left == FIRST + 20
    assert number(beto, occupancy=replace(FULL, highest_erased=left)) == before + 11


def test_it_never_falls_when_clocks_are_set_back_before_people_are_erased() -> None:
    ana = of("a", changed=NOW + 9 * SECOND)
    left = number_after_erasing(FULL.highest_erased, FIRST, [ana], NOW)

    assert number(occupancy=replace(FULL, highest_erased=left)) == number(ana)


def test_people_of_whom_nothing_was_kept_leave_the_number_of_their_messages() -> None:
    assert number_after_erasing(0, FIRST, [], NOW + SECOND) == FIRST
    assert number_after_erasing(FIRST + 5, FIRST, [], NOW) == FIRST + 5


def test_the_roster_keeps_what_was_changed_last_of_two_that_a_person_gave_up() -> None:
    old = replace(of("a", changed=NOW + 9 * SECOND, state=State.CANCELLED), signed_up=NOW - SECOND)
    new = of("b", changed=NOW, state=State.CANCELLED)

    assert roster_of([new, old]) == [old]


DAY = session().period.last_day


@pytest.mark.parametrize(
    ("now", "stands"),
    [
        (datetime(DAY.year, DAY.month, DAY.day, 23, 59, tzinfo=PACIFIC), True),
        (datetime(DAY.year, DAY.month, DAY.day, tzinfo=PACIFIC) + timedelta(days=1), False),
    ],
)
def test_a_canceled_session_stays_until_its_day_is_over(now: datetime, stands: bool) -> None:
    assert in_staff_feed(FULL, cancelled(session()), now) is stands


def test_any_other_stays_as_long_as_its_people_are_kept() -> None:
    expires = FULL.terms.expires

    assert in_staff_feed(FULL, WRITTEN, expires - SECOND) is True
    assert in_staff_feed(FULL, WRITTEN, expires) is False
