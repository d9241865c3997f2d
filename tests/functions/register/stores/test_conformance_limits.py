# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every store promises about limits, and about emails that come once an hour at most."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from register.domain.errors import LimitReached, UnknownRegistration
from register.domain.model import Kind, Registration
from register.domain.rate_limits import Limit
from register.stores import Store
from register.stores.memory import MemoryStore
from register.stores.sqlite.store import SQLiteStore
from tests.support.builders import SESSION, People, counts, kinds, opened, person
from tests.support.constants import HOUR, NOW, SECOND

MICROSECOND = timedelta(microseconds=1)
FULL_HOUR = datetime.fromisoformat("2026-11-20T18:00:00+00:00")


def limit(most: int, key: str = "client:k") -> Limit:
    """Return a limit by the hour."""
    return Limit(key.partition(":")[0], key, most, HOUR)


def passes(store: Store, now: datetime, *limits: Limit) -> bool:
    """Count a request, and return whether it got through."""
    try:
        store.count(limits, now=now)
    except LimitReached:
        return False
    return True


def answers(store: Store, most: int, instants: Sequence[datetime]) -> list[bool]:
    """Return which requests at these instants got through."""
    return [passes(store, now, limit(most)) for now in instants]


def signed_up(store: Store, now: datetime, *names: str) -> tuple[People, list[Registration]]:
    """Return a new session with people who have signed up, the first of them at an instant, then one a second."""
    people = opened(store)
    people.now = now - SECOND
    return people, [each.registration for each in people.sign_up(*names)]


def test_a_limit_stops_a_sign_up_and_says_which_one_it_is(store: Store) -> None:
    opened(store)
    store.sign_up(SESSION, person("Ana"), registration_id="a", now=NOW, limits=[limit(1)])

    with pytest.raises(LimitReached) as caught:
        store.sign_up(SESSION, person("Ben"), registration_id="b", now=NOW, limits=[limit(1)])

    assert (caught.value.what, caught.value.most, caught.value.window) == ("client", 1, HOUR)
    assert counts(store) == (1, 0)
    assert store.messages_of("ben@example.net") == []


def test_a_limit_slides_over_the_full_hour(store: Store) -> None:
    before = [FULL_HOUR - 3 * SECOND, FULL_HOUR - 2 * SECOND, FULL_HOUR - SECOND]

    assert answers(store, 3, before) == [True] * 3
    assert answers(store, 3, [FULL_HOUR, FULL_HOUR + SECOND]) == [False] * 2
    assert answers(store, 3, [before[0] + HOUR - MICROSECOND, before[0] + HOUR]) == [False, True]
    assert answers(store, 3, [before[0] + HOUR, before[1] + HOUR]) == [False, True]


def test_a_refused_request_is_not_counted(store: Store) -> None:
    assert passes(store, NOW, limit(1))
    assert answers(store, 1, [NOW + minute * timedelta(minutes=1) for minute in range(1, 60)]) == [False] * 59

    assert passes(store, NOW + HOUR, limit(1))


def test_a_limit_of_one_key_says_nothing_about_another(store: Store) -> None:
    assert passes(store, NOW, limit(1, "recipient:ana"))
    assert passes(store, NOW, limit(1, "recipient:ben"))
    assert not passes(store, NOW, limit(1, "recipient:ana"))


@pytest.mark.parametrize("reached_first", [True, False])
def test_a_request_that_one_limit_refuses_counts_for_no_other(store: Store, reached_first: bool) -> None:
    reached, free = limit(1, "recipient:ana"), limit(2)
    assert passes(store, NOW, reached)
    both = (reached, free) if reached_first else (free, reached)

    assert [passes(store, NOW, *both) for _ in range(3)] == [False] * 3

    assert [passes(store, NOW, free) for _ in range(3)] == [True, True, False]


def test_a_limit_that_the_settings_have_changed_goes_on(store: Store) -> None:
    assert answers(store, 4, [NOW + number * SECOND for number in range(5)]) == [True] * 4 + [False]

    assert answers(store, 2, [NOW + 5 * SECOND]) == [False]
    assert answers(store, 6, [NOW + 6 * SECOND] * 3) == [True, True, False]
    assert answers(store, 3, [NOW + HOUR, NOW + HOUR + 3 * SECOND, NOW + HOUR + 4 * SECOND]) == [
        False,
        True,
        False,
    ]


def test_a_clock_that_is_set_back_a_little_lets_nobody_through(store: Store) -> None:
    assert answers(store, 2, [NOW, NOW + HOUR / 2]) == [True, True]
    assert answers(store, 2, [NOW - SECOND, NOW - HOUR / 4]) == [False, False]

    # The hit that has left the window is remembered while the limit has room for it.
    assert answers(store, 2, [NOW + HOUR, NOW + HOUR / 2, NOW + HOUR / 4]) == [True, False, False]


def test_a_clock_that_was_wrong_by_more_than_the_window_locks_nobody_out(store: Store) -> None:
    assert answers(store, 2, [NOW + 25 * HOUR, NOW + 25 * HOUR]) == [True, True]

    assert answers(store, 2, [NOW, NOW, NOW]) == [True, True, False]


@pytest.mark.parametrize("name", ["fake", "sqlite"])
def test_what_a_limit_has_counted_is_purged_once_the_window_is_over(
    name: str, request: pytest.FixtureRequest
) -> None:
    store: MemoryStore | SQLiteStore = request.getfixturevalue(name)
    assert passes(store, NOW, limit(1))

    assert store.purge(now=NOW + HOUR - MICROSECOND) == 0
    assert not passes(store, NOW + HOUR - MICROSECOND, limit(1))
    assert store.purge(now=NOW + HOUR) == 1
    assert passes(store, NOW, limit(1))


def test_a_repeat_brings_the_email_again_an_hour_after_the_last_and_not_at_the_full_hour(
    store: Store,
) -> None:
    people, [ana] = signed_up(store, FULL_HOUR - SECOND, "Ana")
    start = people.now

    told = []
    for after in (SECOND, HOUR - SECOND, HOUR, 2 * HOUR - SECOND, 2 * HOUR):
        people.now = start + after - SECOND
        assert people.sign_up("Ana")[0].repeated
        told.append(len(store.messages_of("ana@example.net")))

    assert told == [1, 1, 2, 2, 3]
    assert {each.message.registration_id for each in store.messages_of("ana@example.net")} == {
        ana.registration_id
    }


def test_a_lost_email_is_sent_again_an_hour_after_the_last_and_not_at_the_full_hour(store: Store) -> None:
    _, [ana] = signed_up(store, FULL_HOUR - MICROSECOND, "Ana")
    start = FULL_HOUR - MICROSECOND

    assert [
        store.resend(SESSION, ana.registration_id, now=start + after)
        for after in (MICROSECOND, HOUR - MICROSECOND, HOUR, HOUR, 2 * HOUR - MICROSECOND, 2 * HOUR)
    ] == [False, False, True, False, False, True]
    assert kinds(store, "ana@example.net") == [Kind.CONFIRMATION] * 3


def test_somebody_who_has_just_been_promoted_may_ask_for_the_confirmation(store: Store) -> None:
    people, [ana, _, cruz] = signed_up(store, NOW, "Ana", "Ben", "Cruz")
    people.cancel(ana)

    assert [store.resend(SESSION, cruz.registration_id, now=people.now) for _ in range(2)] == [True, False]
    assert kinds(store, "cruz@example.net") == [Kind.WAITING_LIST, Kind.PROMOTION, Kind.CONFIRMATION]


def test_the_hour_of_one_person_is_not_that_of_another_with_the_same_address(store: Store) -> None:
    people = opened(store)
    ana, mia = (each.registration for each in people.sign_up("Ana", "Mia", email="family@example.net"))
    later = ana.since + HOUR

    assert store.resend(SESSION, ana.registration_id, now=later) is True
    assert store.resend(SESSION, mia.registration_id, now=mia.since + HOUR) is True
    assert store.resend(SESSION, ana.registration_id, now=later + SECOND) is False


def test_a_clock_that_is_set_back_brings_no_email_twice(store: Store) -> None:
    _, [ana] = signed_up(store, NOW, "Ana")

    assert store.resend(SESSION, ana.registration_id, now=NOW - SECOND) is False
    assert store.resend(SESSION, ana.registration_id, now=NOW - 2 * HOUR) is True
    assert store.resend(SESSION, ana.registration_id, now=NOW - 2 * HOUR) is False


def test_nothing_is_sent_again_to_people_who_have_canceled(store: Store) -> None:
    people = opened(store)
    [ana] = people.sign_up("Ana")
    people.cancel(ana.registration)

    with pytest.raises(UnknownRegistration):
        store.resend(SESSION, ana.registration.registration_id, now=people.now + HOUR)
