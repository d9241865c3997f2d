# SPDX-License-Identifier: AGPL-3.0-or-later
"""How people are counted: each once, by what they ended as, and no group by what somebody typed freely."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from register.domain.counts import Counts, SessionCounts, count, is_counted, merged
from register.domain.model import Occupancy, Registration, State
from register.domain.organizations import Organizations
from register.domain.snapshot import UnreadableSnapshot
from schedule.model import Language, Status
from tests.support.builders import SESSION, STARTS, UNLISTED, person, terms
from tests.support.constants import NOW, SECOND
from tests.support.emails import snapshot_json
from tests.support.schedules import session

HERE = Occupancy(terms(capacity=3, snapshot_json=snapshot_json(session())))


def registered(
    name: str, state: State = State.CONFIRMED, attended: bool | None = None, **facts: object
) -> Registration:
    """Return the registration of somebody of whom this is known."""
    return Registration(SESSION, name, state, person(name, **facts), NOW, NOW, NOW, attended=attended)


ROSTER = (
    registered("Ana", attended=True, organization="Butte COE"),
    registered("Ben", State.WAITLISTED, organization="butte coe", role="teacher"),
    registered(
        "Cruz", State.CANCELLED, organization="Cruz from Chico", role="Cruz", language=Language.SPANISH
    ),
    registered("Dee", attended=False, organization="", role="", language=Language.SPANISH),
)


def test_everybody_is_counted_once_in_all_and_in_a_group_of_each_sort() -> None:
    counted = count(HERE, ROSTER, organization=Organizations(["Butte COE"]).listed)

    assert counted == SessionCounts(
        session_id=SESSION,
        training=session().training.slug,
        starts=STARTS,
        seats=3,
        people=Counts(confirmed=2, waited=1, cancelled=1, attended=1, absent=1),
        organizations={
            "": Counts(confirmed=1, absent=1),
            "Butte COE": Counts(confirmed=1, waited=1, attended=1),
            "other": Counts(cancelled=1),
        },
        roles={
            "": Counts(confirmed=1, absent=1),
            "other": Counts(cancelled=1),
            "recruiter": Counts(confirmed=1, attended=1),
            "teacher": Counts(waited=1),
        },
        languages={
            "en": Counts(confirmed=1, waited=1, attended=1),
            "es": Counts(confirmed=1, cancelled=1, absent=1),
        },
    )
    assert counted.people.signed_up == 4


def test_where_no_organizations_are_listed_nothing_that_was_typed_is_kept() -> None:
    counted = count(HERE, ROSTER, organization=UNLISTED)

    assert counted.organizations == {
        "": Counts(confirmed=1, absent=1),
        "other": Counts(confirmed=1, waited=1, cancelled=1, attended=1),
    }
    assert "Chico" not in repr(counted)


def test_nobody_is_no_group() -> None:
    empty = count(HERE, (), organization=UNLISTED)

    assert (empty.people, empty.organizations, empty.roles, empty.languages) == (Counts(), {}, {}, {})


def test_a_session_that_cannot_be_read_is_not_counted() -> None:
    with pytest.raises(UnreadableSnapshot):
        count(Occupancy(terms()), ROSTER, organization=UNLISTED)


def test_counts_are_kept_from_the_end_of_what_has_taken_place_until_its_people_go() -> None:
    here = terms()
    moments = (here.ends - SECOND, here.ends, here.expires - SECOND, here.expires)

    assert [is_counted(here, now) for now in moments] == [False, True, True, False]
    assert is_counted(replace(here, status=Status.CANCELLED), here.ends + timedelta(days=1)) is False


def test_what_was_counted_last_stands_while_nobody_was_erased() -> None:
    first = count(HERE, ROSTER, organization=UNLISTED)
    last = count(HERE, ROSTER[:1], organization=UNLISTED)

    assert merged(None, first) == first
    assert merged(first, last) == last


@pytest.mark.parametrize(("kept_erased", "live_erased"), [(True, False), (False, True), (True, True)])
def test_once_somebody_was_erased_the_larger_of_each_number_stands(
    kept_erased: bool, live_erased: bool
) -> None:
    kept = replace(count(HERE, ROSTER[:2], organization=UNLISTED), erased=kept_erased)
    live = replace(
        count(HERE, (*ROSTER[2:], registered("Eva"), registered("Flo")), organization=UNLISTED),
        erased=live_erased,
    )

    both = merged(kept, live)

    assert both.erased is True
    assert both.people == Counts(confirmed=3, waited=1, cancelled=1, attended=1, absent=1)
    assert both.languages == {
        "en": Counts(confirmed=2, waited=1, attended=1),
        "es": Counts(confirmed=1, cancelled=1, absent=1),
    }
