# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every store promises about the counts of a session: they stay when its people go."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from register.domain.counts import Counts, SessionCounts
from register.stores import Store
from tests.support.builders import SESSION, STARTS, opened, terms
from tests.support.constants import SECOND

SEEN = SessionCounts(
    session_id=SESSION,
    training="overview",
    starts=STARTS,
    seats=20,
    people=Counts(confirmed=5, waited=1, cancelled=2, attended=3, absent=1),
    organizations={"other": Counts(5, 1, 2, 3, 1)},
    roles={"": Counts(1), "recruiter": Counts(4, 1, 2, 3, 1)},
    languages={"en": Counts(5, 1, 2, 3, 1)},
)


def test_counts_are_read_back_as_they_were_kept_by_start_from_an_instant_on(store: Store) -> None:
    later = replace(SEEN, session_id="a-later-one", starts=STARTS + timedelta(days=1))
    beside = replace(SEEN, session_id="a", organizations={"Condado de Peñasco, S. A.": Counts(1)})
    for each in (later, SEEN, beside):
        store.keep_counts(each)

    assert store.counts(STARTS) == [SEEN, beside, later] == store.counts(STARTS - SECOND)
    assert store.counts(STARTS + SECOND) == [later]
    assert store.damaged() == []


def test_what_is_counted_anew_takes_the_place_of_what_was_kept_also_if_the_session_was_moved(
    store: Store,
) -> None:
    fewer = replace(SEEN, starts=STARTS + timedelta(days=7), people=Counts(4, 0, 3, 4, 0), roles={})
    store.keep_counts(SEEN)
    store.keep_counts(fewer)

    assert store.counts(STARTS) == [fewer]


def test_once_somebody_was_erased_no_number_falls_any_more(store: Store) -> None:
    store.keep_counts(SEEN)
    store.keep_counts(replace(SEEN, erased=True))
    store.keep_counts(
        replace(
            SEEN,
            people=Counts(4, 0, 2, 4, 0),
            roles={"teacher": Counts(1), "recruiter": Counts(3, 0, 2, 4, 0)},
        )
    )

    assert store.counts(STARTS) == [
        replace(
            SEEN,
            erased=True,
            people=Counts(5, 1, 2, 4, 1),
            roles={"": Counts(1), "recruiter": Counts(4, 1, 2, 4, 1), "teacher": Counts(1)},
        )
    ]


def test_counts_stay_when_the_session_its_people_and_all_else_have_gone(store: Store) -> None:
    opened(store)
    store.keep_counts(SEEN)

    store.withdraw(SESSION)
    store.purge(now=terms().expires + timedelta(days=9999))

    assert store.counts(STARTS) == [SEEN]
