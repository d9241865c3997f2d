# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every store promises about what staff write to the people of a session: each gets it, and once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from register.domain.admission import Admission
from register.domain.announcements import AnnouncedTo
from register.domain.errors import SessionOver, UnknownSession
from register.domain.messages import Message
from register.domain.model import ChangedBy, Kind, State
from register.domain.trail import TrailAction, TrailEntry
from register.stores import Store
from register.stores.deliveries import Delivery, DeliveryFault
from schedule.model import Language, Status
from tests.support.builders import (
    SESSION,
    STARTS,
    announcement,
    claim_all,
    kinds,
    notice,
    opened,
    person,
    terms,
)
from tests.support.constants import HOUR, NOW, SECOND

OFFICE = "office@example.org"
SENT = NOW + HOUR


def claimed_until(store: Store, now: datetime) -> list[Message]:
    """Return what is still to be sent by an instant."""
    found = []
    for each in claim_all(store, now=now):
        store.settle_sent(each.message, now=now)
        found.append(each.message)
    return found


def announced(store: Store) -> list[Delivery]:
    """Return all that is still to be sent of what staff have written."""
    return [each for each in store.pending() if each.message.kind is Kind.ANNOUNCEMENT]


def told(store: Store) -> list[tuple[str, str | None]]:
    """Return whom it goes to, and its subject, by name."""
    return sorted((each.message.name, each.message.subject) for each in announced(store))


def test_a_message_of_staff_holds_what_they_wrote_in_the_language_of_its_reader(store: Store) -> None:
    people = opened(store)
    [ana, _] = people.sign_up("Ana", language=Language.SPANISH) + people.sign_up("Ben")
    number = store.tally(SESSION, ana.registration.person.email_hash).last
    written = announcement()

    assert store.announce(SESSION, written, now=SENT, staff=OFFICE) is True
    assert store.session(SESSION).announcement == written
    assert announced(store) == []
    assert store.write_out_announcement(SESSION) == 2

    to_ana, to_ben = sorted(announced(store), key=lambda each: each.message.name)
    last = store.tally(SESSION, ana.registration.person.email_hash).last
    assert to_ana == Delivery(
        Message(
            session_id=SESSION,
            registration_id=ana.registration.registration_id,
            kind=Kind.ANNOUNCEMENT,
            occasion="drawn-1",
            number=last,
            method=None,
            name="Ana",
            email="ana@example.net",
            language=Language.SPANISH,
            state=State.CONFIRMED,
            changed_by=ChangedBy.STAFF,
            recorded=SENT,
            snapshot_json=terms().snapshot_json,
            join_url="https://meet.example.org/j/1",
            subject="Traiga una computadora",
            body="Por favor, traiga una computadora.",
        ),
        due=SENT,
    )
    assert last > number
    assert (to_ben.message.subject, to_ben.message.body) == (
        "Bring a laptop",
        "Please bring a laptop.\n\nSee you there.",
    )
    assert store.session(SESSION).announcement is None
    assert store.write_out_announcement(SESSION) == 0


@pytest.mark.parametrize(
    ("to", "names"),
    [
        (AnnouncedTo.CONFIRMED, ["Ana", "Dee"]),
        (AnnouncedTo.WAITING, ["Eli"]),
        (AnnouncedTo.ALL, ["Ana", "Dee", "Eli"]),
    ],
)
def test_it_goes_to_people_with_a_seat_to_people_who_wait_or_to_all(
    store: Store, to: AnnouncedTo, names: list[str]
) -> None:
    people = opened(store)
    _, ben, _, _ = people.sign_up("Ana", "Ben", "Dee", "Eli")
    people.cancel(ben.registration)

    store.announce(SESSION, announcement(to=to), now=SENT, staff=OFFICE)

    assert store.write_out_announcement(SESSION) == len(names)
    assert [name for name, _ in told(store)] == names


def test_everybody_of_one_address_gets_an_email_of_their_own(store: Store) -> None:
    opened(store).sign_up("Ana", "Beto", email="family@example.net")

    store.announce(SESSION, announcement(), now=SENT, staff=OFFICE)

    assert store.write_out_announcement(SESSION) == 2
    assert [name for name, _ in told(store)] == ["Ana", "Beto"]


def test_what_is_sent_twice_goes_out_once_also_after_another_one(store: Store) -> None:
    opened(store).sign_up("Ana")
    first, second = announcement(), announcement(occasion="drawn-2", subject_en="No laptop")

    assert store.announce(SESSION, first, now=SENT, staff=OFFICE) is True
    assert store.announce(SESSION, first, now=SENT + SECOND, staff=OFFICE) is False
    assert store.announce(SESSION, second, now=SENT + HOUR, staff=OFFICE) is True
    store.write_out_announcement(SESSION)
    assert store.announce(SESSION, replace(first, text_en="Other"), now=SENT + HOUR, staff=OFFICE) is False

    assert store.session(SESSION).announcement is None
    assert told(store) == [("Ana", "Bring a laptop"), ("Ana", "No laptop")]
    assert store.trail(SESSION) == [
        TrailEntry(SESSION, "drawn-1", SENT, OFFICE, TrailAction.ANNOUNCED),
        TrailEntry(SESSION, "drawn-2", SENT + HOUR, OFFICE, TrailAction.ANNOUNCED),
    ]


def test_one_that_is_still_to_be_written_out_is_written_out_before_the_next(store: Store) -> None:
    people = opened(store)
    people.sign_up("Ana")
    store.announce(SESSION, announcement(), now=SENT, staff=OFFICE)

    store.announce(SESSION, announcement(occasion="drawn-2", subject_en="Later"), now=SENT, staff=OFFICE)
    people.sign_up("Ben")
    store.write_out_announcement(SESSION)

    assert told(store) == [("Ana", "Bring a laptop"), ("Ana", "Later"), ("Ben", "Later")]


def test_of_one_language_alone_everybody_gets_that(store: Store) -> None:
    people = opened(store)
    people.sign_up("Ana", language=Language.SPANISH)
    people.sign_up("Ben")
    store.announce(SESSION, announcement(subject_es="", text_es=""), now=SENT, staff=OFFICE)

    store.write_out_announcement(SESSION)

    assert told(store) == [("Ana", "Bring a laptop"), ("Ben", "Bring a laptop")]


def test_people_without_email_are_passed_over(store: Store) -> None:
    opened(store)
    walked_in = {"admission": Admission.WALK_IN, "by": ChangedBy.STAFF, "now": STARTS}
    store.sign_up(SESSION, person("Ana", email=""), registration_id="a", **walked_in)
    store.sign_up(SESSION, person("Ben"), registration_id="b", **walked_in)

    store.announce(SESSION, announcement(), now=STARTS, staff=OFFICE)

    assert store.write_out_announcement(SESSION) == 1
    assert told(store) == [("Ben", "Bring a laptop")]


def test_nothing_is_announced_where_there_is_no_session_or_it_is_over(store: Store) -> None:
    opened(store).sign_up("Ana")

    with pytest.raises(UnknownSession):
        store.announce("no-such", announcement(), now=SENT, staff=OFFICE)
    with pytest.raises(UnknownSession):
        store.write_out_announcement("no-such")
    with pytest.raises(SessionOver):
        store.announce(SESSION, announcement(), now=terms().ends, staff=OFFICE)

    assert store.session(SESSION).announcement is None
    assert store.announce(SESSION, announcement(), now=terms().ends - SECOND, staff=OFFICE) is True


def test_a_sync_and_an_announcement_keep_each_other(store: Store) -> None:
    opened(store).sign_up("Ana")
    store.announce(SESSION, announcement(), now=SENT, staff=OFFICE)
    before = store.session(SESSION)
    moved = replace(terms(), revision=4, snapshot_json="moved")

    store.sync_session(moved, notice(), expected=before)
    stored = store.session(SESSION)
    assert (stored.notice, stored.announcement) == (notice(), announcement())
    store.write_out_announcement(SESSION)
    assert store.session(SESSION).notice == notice()
    store.write_out_notice(SESSION)

    assert kinds(store, "ana@example.net") == [Kind.CONFIRMATION, Kind.ANNOUNCEMENT, Kind.CHANGE]
    assert announced(store)[0].message.snapshot_json == "moved"


def test_what_staff_write_leaves_calendars_alone_also_of_a_canceled_session(store: Store) -> None:
    opened(store, terms(status=Status.CANCELLED))
    before = terms(session_id="other", capacity=1)
    store.sync_session(before, None, expected=None)
    store.sign_up("other", person("Ana"), registration_id="r", now=NOW)
    store.sync_session(replace(before, status=Status.CANCELLED), None, expected=store.session("other"))

    store.announce("other", announcement(), now=SENT, staff=OFFICE)
    store.write_out_announcement("other")

    assert [each.message.method for each in announced(store)] == [None]


def test_somebody_who_is_canceled_or_comes_before_it_is_written_out_is_told_by_what_they_are_then(
    store: Store,
) -> None:
    people = opened(store, terms(capacity=1))
    ana, _ = people.sign_up("Ana", "Ben")
    store.announce(SESSION, announcement(to=AnnouncedTo.CONFIRMED), now=SENT, staff=OFFICE)
    people.cancel(ana.registration)
    people.sign_up("Cruz")

    store.write_out_announcement(SESSION)

    assert [name for name, _ in told(store)] == ["Ben"]


def test_a_session_that_is_withdrawn_takes_along_what_was_to_be_written(store: Store) -> None:
    opened(store)
    store.announce(SESSION, announcement(), now=SENT, staff=OFFICE)

    assert store.withdraw(SESSION) is True
    store.sync_session(terms(), None, expected=None)

    assert store.session(SESSION).announcement is None
    assert store.announce(SESSION, announcement(), now=SENT, staff=OFFICE) is True


def test_one_that_may_have_arrived_is_not_taken_for_said_by_a_newer_email_nor_the_other_way_round(
    store: Store,
) -> None:
    people = opened(store)
    [ana] = people.sign_up("Ana")
    [sent] = claim_all(store, now=SENT)
    store.settle_sent(sent.message, now=SENT)
    due = STARTS - timedelta(days=1)
    store.write_reminders(SESSION, now=due)
    [reminder] = claim_all(store, now=due)
    unknown = {"problem": "no answer", "fault": DeliveryFault.UNKNOWN}
    store.settle_later(reminder.message, due=due + 4 * HOUR, **unknown)
    store.announce(SESSION, announcement(recorded=due), now=due, staff=OFFICE)
    store.write_out_announcement(SESSION)

    [claimed] = claim_all(store, now=due)
    assert claimed.message.kind is Kind.ANNOUNCEMENT
    left = {each.message.kind: each.due for each in store.pending()}
    assert left == {Kind.REMINDER: due + 4 * HOUR, Kind.ANNOUNCEMENT: due}
    store.settle_later(claimed.message, due=due + 5 * HOUR, **unknown)
    store.resend(SESSION, ana.registration.registration_id, now=due + HOUR)
    [again] = claim_all(store, now=due + HOUR)
    store.settle_sent(again.message, now=due + HOUR)

    # The reminder came before the confirmation, which says as much.
    assert [each.kind for each in claimed_until(store, due + 5 * HOUR)] == [Kind.ANNOUNCEMENT]


def test_it_is_read_whole_by_whoever_looks_for_damage(store: Store) -> None:
    opened(store).sign_up("Ana")
    store.announce(SESSION, announcement(), now=STARTS - timedelta(days=1), staff=OFFICE)
    found = {str(each) for each in store.damaged()}
    store.write_out_announcement(SESSION)

    # The builders' snapshots are none that can be shown; nothing else is wrong.
    assert {words for words in found if "snapshot_json" not in words} == set()
    assert {words for words in map(str, store.damaged()) if "snapshot_json" not in words} == set()
