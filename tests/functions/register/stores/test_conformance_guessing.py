# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every store promises about guessing: whatever tells of people counts against limits, also where it is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from register.domain.errors import (
    LimitReached,
    LineClosed,
    NotActive,
    OtherTraining,
    PersonTaken,
    Refused,
    SameSession,
    SessionCancelled,
    SessionOver,
    SignUpClosed,
    TooManyNames,
    UnknownRegistration,
    UnknownSession,
)
from register.domain.model import ChangedBy, Person, Registration
from register.domain.rate_limits import Limit
from register.stores import Store
from schedule.model import Status
from tests.support.builders import STARTS, opened, person, terms
from tests.support.constants import HOUR, MINUTE, SECOND
from tests.support.emails import snapshot_json
from tests.support.moves import HERE, THERE, date, signed_up
from tests.support.schedules import session

FULL = "full"
ANA, BEN = person("Ana"), person("Ben")
LIMITS = [Limit("client", "client:c", 1, HOUR), Limit("recipient", "recipient:r", 9, HOUR)]
NOBODY = "nobody"
"""The id of a registration that is not there."""


class Town:
    """A few dates of one training, with a family of five on each, and the verbs that limits stop."""

    def __init__(self, store: Store) -> None:
        self.store = store
        cancelled = date("cancelled", status=Status.CANCELLED)
        over, closed = date("over", -30), date("closed", closes=STARTS - 9 * HOUR)
        other = replace(session(), id="other")
        other = replace(other, training=replace(other.training, slug="other"))
        offers = [date(HERE, capacity=9), date(THERE, capacity=9), date(FULL, capacity=1)]
        offers += [cancelled, over, closed]
        people = opened(store, *offers, terms("other", snapshot_json=snapshot_json(other)))
        self.now = STARTS - 90 * MINUTE
        self.ana, self.ben = signed_up(people, "Ana", "Ben")
        self.cruz = people.cancel(*signed_up(people, "Cruz"))
        for family in (HERE, THERE):
            signed_up(people, *"VWXYZ", at=family, email="family@example.net")
        signed_up(people, "Dee", at=FULL)
        self.hour_before = STARTS - HOUR

    def sign_up(self, session_id: str, who: Person = ANA, **changes: Any) -> object:
        """Sign somebody up."""
        given = {"registration_id": "new", "now": self.now, "limits": LIMITS} | changes
        return self.store.sign_up(session_id, who, **given)

    def amend(self, known: Registration, who: Person = BEN, **changes: Any) -> object:
        """Correct a registration."""
        given = {"now": self.now, "by": ChangedBy.PERSON, "limits": LIMITS} | changes
        return self.store.amend(known.session_id, known.registration_id, who, **given)

    def move(self, known: Registration, to: str = THERE, **changes: Any) -> object:
        """Move somebody."""
        given = {"new_registration_id": "new", "now": self.now, "by": ChangedBy.PERSON, "limits": LIMITS}
        return self.store.move(known.session_id, known.registration_id, to=to, **(given | changes))

    def stored(self) -> list[object]:
        """Return all that is stored of people."""
        sessions = self.store.sessions(STARTS - 9999 * HOUR)
        return [
            *sessions,
            *(self.store.roster(each.terms.session_id) for each in sessions),
            self.store.pending(),
        ]

    def hits(self) -> int:
        """Return how many requests have counted: none or one."""
        try:
            self.store.count(LIMITS, now=self.now)
        except LimitReached:
            return 1
        return 0


def refused_because_of_sessions(town: Town) -> Iterator[tuple[type[Refused], Callable[[], object]]]:
    """Yield what is refused to everybody."""
    yield UnknownSession, lambda: town.sign_up("unknown")
    yield SessionCancelled, lambda: town.sign_up("cancelled")
    yield SessionOver, lambda: town.sign_up("over")
    yield SignUpClosed, lambda: town.sign_up("closed")
    yield UnknownSession, lambda: town.amend(replace(town.ana, session_id="unknown"))
    yield SessionCancelled, lambda: town.amend(replace(town.ana, session_id="cancelled"))
    yield SessionOver, lambda: town.amend(replace(town.ana, session_id="over"))
    yield SameSession, lambda: town.move(town.ana, HERE)
    yield UnknownSession, lambda: town.move(town.ana, "unknown")
    yield UnknownSession, lambda: town.move(replace(town.ana, session_id="unknown"))
    yield OtherTraining, lambda: town.move(town.ana, "other")


FAMILY = person("Sixth", email="family@example.net")
REFUSED_BECAUSE_OF_PEOPLE: dict[str, tuple[type[Refused], Callable[[Town], object]]] = {
    "sign up a sixth name": (TooManyNames, lambda town: town.sign_up(HERE, FAMILY)),
    "sign up for a full line": (LineClosed, lambda town: town.sign_up(FULL, now=town.hour_before)),
    "correct to somebody else": (PersonTaken, lambda town: town.amend(town.ana)),
    "correct to a sixth name": (TooManyNames, lambda town: town.amend(town.ana, FAMILY)),
    "correct by a dead link": (UnknownRegistration, lambda town: town.amend(town.ana, link_generation=1)),
    "correct nobody": (
        UnknownRegistration,
        lambda town: town.amend(replace(town.ana, registration_id=NOBODY)),
    ),
    "correct a canceled one": (NotActive, lambda town: town.amend(town.cruz)),
    "move by a dead link": (UnknownRegistration, lambda town: town.move(town.ana, link_generation=1)),
    "move nobody": (UnknownRegistration, lambda town: town.move(replace(town.ana, registration_id=NOBODY))),
    "move a canceled one": (NotActive, lambda town: town.move(town.cruz)),
    "move to a full line": (LineClosed, lambda town: town.move(town.ana, FULL, now=town.hour_before)),
}


def test_what_is_refused_because_of_the_session_alone_counts_for_no_limit(store: Store) -> None:
    town = Town(store)

    for refused, ask in refused_because_of_sessions(town):
        with pytest.raises(refused):
            ask()

    assert town.hits() == 0


@pytest.mark.parametrize("asked", REFUSED_BECAUSE_OF_PEOPLE)
def test_what_is_refused_because_of_people_counts_and_writes_nothing_else(store: Store, asked: str) -> None:
    refused, ask = REFUSED_BECAUSE_OF_PEOPLE[asked]
    town = Town(store)
    before = town.stored()

    with pytest.raises(refused):
        ask(town)

    assert town.stored() == before
    with pytest.raises(LimitReached):
        ask(town)


def test_once_the_limit_is_reached_a_closed_line_tells_nobody_who_has_a_seat(store: Store) -> None:
    town = Town(store)
    assert town.hits() == 0

    for who in (person("Dee"), ANA):
        with pytest.raises(LimitReached):
            town.sign_up(FULL, who, now=town.hour_before)


def test_somebody_who_has_moved_already_is_answered_and_counted_as_others_are(store: Store) -> None:
    town = Town(store)
    town.move(town.ana, limits=[])
    started = {"now": STARTS + SECOND}

    assert town.move(town.ana, **started)
    with pytest.raises(LimitReached):
        town.move(town.ben, **started)
