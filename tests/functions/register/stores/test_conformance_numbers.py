# SPDX-License-Identifier: AGPL-3.0-or-later
"""One address in one session is one calendar: the numbers of its messages rise, and its event ends with its last seat."""

from __future__ import annotations

from dataclasses import replace

from register.domain.messages import Method
from register.domain.model import ChangedBy, Kind
from register.domain.notifications import number_at
from register.stores import Store
from schedule.model import Status
from tests.support.builders import SESSION, People, counts, notice, opened, terms
from tests.support.constants import HOUR, NOW

FAMILY = "family@example.net"


def told(store: Store, email: str = FAMILY) -> list[tuple[str, Kind, Method | None]]:
    """Return who was told what, in the order in which it goes out."""
    return [(each.message.name, each.message.kind, each.message.method) for each in store.messages_of(email)]


def numbers(store: Store, email: str = FAMILY) -> list[int]:
    return [each.message.number for each in store.messages_of(email)]


def family(store: Store, capacity: int = 2) -> tuple[People, list]:
    people = opened(store, terms(capacity=capacity))
    return people, [each.registration for each in people.sign_up("Ana", "Beto", email=FAMILY)]


def test_the_event_ends_with_the_last_seat_of_an_address(store: Store) -> None:
    people, [ana, beto] = family(store)
    people.cancel(ana)
    people.cancel(beto)

    assert told(store) == [
        ("Ana", Kind.CONFIRMATION, Method.REQUEST),
        ("Beto", Kind.CONFIRMATION, Method.REQUEST),
        ("Ana", Kind.CANCELLATION, None),
        ("Beto", Kind.CANCELLATION, Method.CANCEL),
    ]
    assert numbers(store) == sorted(set(numbers(store)))


def test_a_seat_that_passes_to_the_same_address_ends_no_event(store: Store) -> None:
    people, [ana, _] = family(store, capacity=1)
    people.cancel(ana)

    assert told(store)[2:] == [
        ("Ana", Kind.CANCELLATION, None),
        ("Beto", Kind.PROMOTION, Method.REQUEST),
    ]
    assert counts(store) == (1, 0)


def test_a_canceled_session_ends_the_event_with_every_email(store: Store) -> None:
    _, [ana, _] = family(store)
    before = store.session(SESSION)
    called_off = replace(before.terms, status=Status.CANCELLED, revision=4)
    store.sync_session(called_off, notice(Kind.SESSION_CANCELLATION), expected=before)
    store.write_out_notice(SESSION)
    store.cancel(SESSION, ana.registration_id, now=NOW + 2 * HOUR, by=ChangedBy.PERSON)

    methods = {(name, kind): method for name, kind, method in told(store)}
    assert methods["Ana", Kind.SESSION_CANCELLATION] is Method.CANCEL
    assert methods["Beto", Kind.SESSION_CANCELLATION] is Method.CANCEL
    assert methods["Ana", Kind.CANCELLATION] is Method.CANCEL


def test_numbers_rise_also_where_the_clock_is_set_back(store: Store) -> None:
    people, [ana, beto] = family(store)
    people.now -= 3 * HOUR
    people.cancel(ana)
    people.now -= 24 * HOUR
    people.cancel(beto)
    people.sign_up("Ana", email=FAMILY)

    assert numbers(store) == sorted(set(numbers(store)))
    assert [name for name, _, _ in told(store)] == ["Ana", "Beto", "Ana", "Beto", "Ana"]


def test_numbers_go_on_after_an_erasure(store: Store) -> None:
    people, [ana, beto] = family(store)
    people.cancel(ana)
    people.cancel(beto)
    last = numbers(store)[-1]
    store.erase(FAMILY, now=people.now)
    people.now -= 24 * HOUR

    people.sign_up("Ana", email=FAMILY)

    assert store.session(SESSION).highest_erased == last
    assert numbers(store) == [last, last + 1]


def test_every_address_has_numbers_of_its_own(store: Store) -> None:
    people = opened(store)
    people.sign_up("Ana", email=FAMILY)
    people.sign_up("Eva")

    [first], [second] = numbers(store), numbers(store, "eva@example.net")
    assert second == first + 1  # the seconds between them


def test_a_session_keeps_the_time_of_an_erasure_and_of_the_newest_change_of_those_who_are_gone(
    store: Store,
) -> None:
    people, [ana, _] = family(store)
    over = terms().ends
    store.attend(SESSION, ana.registration_id, attended=True, expected=None, now=over, staff="staff")

    store.erase(FAMILY, now=over)
    assert store.session(SESSION).highest_erased == number_at(over)

    people.now = terms().starts - HOUR
    eva = people.sign_up("Eva")[0].registration
    store.cancel(SESSION, eva.registration_id, now=people.now, by=ChangedBy.PERSON)
    store.erase("eva@example.net", now=over + HOUR)
    assert store.session(SESSION).highest_erased == number_at(over + HOUR)


def test_a_clock_that_is_set_back_before_an_erasure_takes_nothing_back(store: Store) -> None:
    people, registrations = family(store)
    for each in registrations:
        people.cancel(each)
    changed = max(each.changed for each in store.registrations_of(FAMILY))

    store.erase(FAMILY, now=people.now - 24 * HOUR)

    assert store.session(SESSION).highest_erased >= number_at(changed)
