# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each verb changes, computed without a store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from register.domain.messages import Method
from register.domain.model import ChangedBy, Kind, Occupancy, Registration, State, Tally
from register.domain.notifications import news_of_sign_up
from register.domain.outcome import Outcome, TallyChange
from register.domain.outcomes import cancelled, notified, promoted, signed_up
from schedule.model import Status
from tests.support.builders import SESSION, person, terms
from tests.support.constants import NOW

EMAIL = "family@example.net"
ANA = Registration(SESSION, "ana", State.CONFIRMED, person("Ana", email=EMAIL), NOW, NOW, NOW)
BETO = Registration(SESSION, "beto", State.CONFIRMED, person("Beto", email=EMAIL), NOW, NOW, NOW)
WAITS = replace(BETO, state=State.WAITLISTED, queue_number=1)
EVA = Registration(SESSION, "eva", State.WAITLISTED, person("Eva"), NOW, NOW, NOW, 2)
FAMILY = ANA.person.email_hash
LATER = NOW + timedelta(hours=1)
NUMBER = 217_357_200  # of NOW
AN_HOUR = 3600
BY = ChangedBy.PERSON


def full(**changes: object) -> Occupancy:
    return Occupancy(terms(capacity=2, **changes), confirmed=2, waiting=1)


def sent(outcome: Outcome) -> list[tuple[str, Kind, int, Method | None]]:
    return [(each.name, each.kind, each.number, each.method) for each in outcome.messages]


def test_a_sign_up_is_counted_at_the_session_and_at_the_address() -> None:
    outcome = signed_up(Occupancy(terms()), ANA, Tally())

    assert (outcome.confirmed, outcome.waiting) == (1, 0)
    assert outcome.tallies == (TallyChange(FAMILY, Tally(), Tally(1, 1, NUMBER)),)
    assert sent(outcome) == [("Ana", Kind.CONFIRMATION, NUMBER, Method.REQUEST)]


def test_a_place_in_the_line_is_no_seat_and_no_event() -> None:
    outcome = signed_up(full(), WAITS, Tally(1, 1, NUMBER))

    assert (outcome.confirmed, outcome.waiting) == (0, 1)
    assert outcome.tallies == (TallyChange(FAMILY, Tally(1, 1, NUMBER), Tally(2, 1, NUMBER + 1)),)
    assert sent(outcome) == [("Beto", Kind.WAITING_LIST, NUMBER + 1, None)]


def test_the_event_stays_in_the_calendar_while_somebody_of_that_address_has_a_seat() -> None:
    two = cancelled(full(), ANA, {FAMILY: Tally(2, 2, NUMBER)}, LATER, BY)
    one = cancelled(full(), ANA, {FAMILY: Tally(1, 1, NUMBER)}, LATER, BY)

    assert sent(two) == [("Ana", Kind.CANCELLATION, NUMBER + AN_HOUR, None)]
    assert sent(one) == [("Ana", Kind.CANCELLATION, NUMBER + AN_HOUR, Method.CANCEL)]
    assert two.tallies[0].after == Tally(1, 1, NUMBER + AN_HOUR)
    assert (two.confirmed, two.waiting) == (-1, 0)


def test_a_seat_that_is_handed_on_within_one_address_keeps_the_event() -> None:
    outcome = cancelled(full(), ANA, {FAMILY: Tally(2, 1, NUMBER)}, LATER, BY, first=WAITS)

    assert (outcome.confirmed, outcome.waiting) == (0, -1)
    assert sent(outcome) == [
        ("Ana", Kind.CANCELLATION, NUMBER + AN_HOUR, None),
        ("Beto", Kind.PROMOTION, NUMBER + AN_HOUR + 1, Method.REQUEST),
    ]
    assert outcome.tallies == (TallyChange(FAMILY, Tally(2, 1, NUMBER), Tally(1, 1, NUMBER + AN_HOUR + 1)),)


def test_a_seat_that_is_handed_to_another_address_ends_the_event_here_and_begins_it_there() -> None:
    tallies = {FAMILY: Tally(1, 1, NUMBER), EVA.person.email_hash: Tally(1, 0, NUMBER)}
    outcome = cancelled(full(), ANA, tallies, LATER, BY, first=EVA)

    assert sent(outcome) == [
        ("Ana", Kind.CANCELLATION, NUMBER + AN_HOUR, Method.CANCEL),
        ("Eva", Kind.PROMOTION, NUMBER + AN_HOUR, Method.REQUEST),
    ]
    assert {each.email_hash: each.after for each in outcome.tallies} == {
        FAMILY: Tally(0, 0, NUMBER + AN_HOUR),
        EVA.person.email_hash: Tally(1, 1, NUMBER + AN_HOUR),
    }


def test_every_email_about_a_canceled_session_ends_the_event() -> None:
    called_off = full(status=Status.CANCELLED)

    assert cancelled(called_off, ANA, {FAMILY: Tally(2, 2, 5)}, LATER, BY).messages[0].method is Method.CANCEL
    assert (
        notified(called_off, ANA, Tally(2, 2, 5), news_of_sign_up(ANA, LATER)).messages[0].method
        is Method.CANCEL
    )


def test_a_place_that_is_given_back_ends_no_event() -> None:
    outcome = cancelled(full(), WAITS, {FAMILY: Tally(1, 0, NUMBER)}, LATER, BY)

    assert (outcome.confirmed, outcome.waiting) == (0, -1)
    assert sent(outcome) == [("Beto", Kind.CANCELLATION, NUMBER + AN_HOUR, None)]


def test_a_promotion_is_a_seat_more_and_a_place_less() -> None:
    outcome = promoted(full(), EVA, Tally(1, 0, NUMBER), LATER)

    assert (outcome.confirmed, outcome.waiting) == (1, -1)
    assert outcome.registrations[0].after == replace(
        EVA,
        state=State.CONFIRMED,
        since=LATER,
        changed=LATER,
        queue_number=None,
        changed_by=ChangedBy.SCHEDULE,
    )
    assert sent(outcome) == [("Eva", Kind.PROMOTION, NUMBER + AN_HOUR, Method.REQUEST)]


def test_numbers_go_on_from_those_of_an_address_that_was_erased() -> None:
    after = replace(full(), highest_erased=NUMBER + 9 * AN_HOUR)

    assert (
        notified(after, ANA, Tally(1, 1, NUMBER), news_of_sign_up(ANA, LATER)).messages[0].number
        == NUMBER + 9 * AN_HOUR + 1
    )


def test_whoever_canceled_is_kept_and_said_and_the_seat_passes_on_by_itself() -> None:
    tallies = {FAMILY: Tally(1, 1, NUMBER), EVA.person.email_hash: Tally(1, 0, NUMBER)}
    outcome = cancelled(full(), ANA, tallies, LATER, ChangedBy.STAFF, first=EVA)

    assert [change.after.changed_by for change in outcome.registrations] == [
        ChangedBy.STAFF,
        ChangedBy.SCHEDULE,
    ]
    assert [each.changed_by for each in outcome.messages] == [ChangedBy.STAFF, ChangedBy.SCHEDULE]
