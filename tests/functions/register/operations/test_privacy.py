# SPDX-License-Identifier: AGPL-3.0-or-later
"""Giving out and erasing what is kept about one address."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from register.domain.counts import Counts, count
from register.domain.model import Kind
from register.domain.wishes import Wish, WishPurpose
from register.operations.privacy import Forgotten, export, forget
from register.stores.memory import MemoryStore
from schedule.model import Language
from tests.support.builders import (
    SESSION,
    STARTS,
    UNLISTED,
    announcement,
    claim_all,
    counts,
    kinds,
    line,
    opened,
    terms,
)
from tests.support.constants import HOUR, NOW, SECOND
from tests.support.emails import snapshot_json
from tests.support.schedules import session


def test_the_export_holds_all_that_is_kept_and_no_link_to_join() -> None:
    store = MemoryStore()
    opened(store).sign_up("Ana", "Ben", needs="Large print")
    claimed = claim_all(store, now=NOW + timedelta(hours=1), most=1)
    store.settle_sent(claimed[0].message, now=NOW + timedelta(hours=1))

    data = json.loads(json.dumps(export(store, "ANA@example.net")))

    [registration], [mail] = data["registrations"], data["emails"]
    assert registration["person"] == {
        "name": "Ana",
        "email": "ana@example.net",
        "organization": "Yolo COE",
        "role": "recruiter",
        "language": "en",
        "needs": "Large print",
    }
    assert (registration["session_id"], registration["state"]) == (SESSION, "confirmed")
    assert (mail["kind"], mail["sent"]) == ("confirmation", "2026-11-20T18:00:00.123456+00:00")
    assert "meet.example.org" not in json.dumps(data)
    assert "Ben" not in json.dumps(data)


def test_what_somebody_has_asked_for_is_given_out_and_erased_too() -> None:
    store = MemoryStore()
    store.record_wish(Wish("w1", WishPurpose.LOST_LINK, "ana@example.net", Language.SPANISH, NOW))

    assert json.loads(json.dumps(export(store, "ana@example.net")))["requests"] == [
        {
            "wish_id": "w1",
            "purpose": "lost-link",
            "email": "ana@example.net",
            "language": "es",
            "recorded": "2026-11-20T17:00:00.123456+00:00",
        }
    ]
    assert forget(store, "ana@example.net", now=NOW, organization=UNLISTED) == Forgotten(0, 0)
    assert store.wished == {}


def test_what_staff_did_about_somebody_is_given_out_and_erased_too() -> None:
    store = MemoryStore()
    people = opened(store)
    ana, ben = people.sign_up("Ana", "Ben")
    for number, each in enumerate((ana, ben)):
        tick = {"attended": True, "expected": None, "now": STARTS + number * SECOND}
        store.attend(SESSION, each.registration.registration_id, staff="trainer@example.org", **tick)

    data = json.loads(json.dumps(export(store, "ana@example.net")))

    assert data["registrations"][0]["attended"] is True
    assert data["trail"] == [
        {
            "session_id": SESSION,
            "entry_id": "2026-12-03T18:00:00.000000+00:00#rid-1#attended",
            "when": "2026-12-03T18:00:00+00:00",
            "who": "trainer@example.org",
            "action": "attended",
            "registration_id": "rid-1",
        }
    ]
    assert forget(store, "ana@example.net", now=STARTS + HOUR, organization=UNLISTED) == Forgotten(1, 1)
    assert [each.registration_id for each in store.trail(SESSION)] == ["rid-2"]


def test_nothing_is_kept_about_a_stranger() -> None:
    assert export(MemoryStore(), "nobody@example.net") == {
        "registrations": [],
        "trail": [],
        "emails": [],
        "requests": [],
    }


def test_who_is_forgotten_gives_the_seat_to_who_waits() -> None:
    store = MemoryStore()
    people = opened(store)
    people.sign_up("Ana", "Ana Mia", email="ana@example.net")
    people.sign_up("Ben", "Cruz")

    assert forget(store, "Ana@Example.net", now=people.now + SECOND, organization=UNLISTED) == Forgotten(2, 1)

    assert line(store) == [("Ben", "confirmed", None), ("Cruz", "confirmed", None)]
    assert counts(store) == (2, 0)
    assert kinds(store, "cruz@example.net") == [Kind.WAITING_LIST, Kind.PROMOTION]
    told = export(store, "ana@example.net")
    assert told["registrations"] == []
    assert [(each["kind"], each["name"], each["email"]) for each in told["emails"]] == [
        ("cancellation", "", "ana@example.net")
    ]


def test_what_is_over_is_forgotten_too() -> None:
    store = MemoryStore()
    people = opened(store)
    people.sign_up("Ana")

    assert forget(store, "ana@example.net", now=terms().ends, organization=UNLISTED) == Forgotten(1, 0)
    assert export(store, "ana@example.net")["registrations"] == []


def test_what_staff_wrote_to_somebody_is_given_out_in_their_words_and_erased() -> None:
    store = MemoryStore()
    opened(store).sign_up("Ana")
    store.announce(SESSION, announcement(), now=NOW, staff="office@example.org")
    store.write_out_announcement(SESSION)

    [_, email] = export(store, "ana@example.net")["emails"]
    assert (email["kind"], email["subject"], email["body"]) == (
        "announcement",
        "Bring a laptop",
        "Please bring a laptop.\n\nSee you there.",
    )
    forget(store, "ana@example.net", now=NOW, organization=UNLISTED)
    assert kinds(store, "ana@example.net") == [Kind.CANCELLATION]


def test_the_counts_of_what_is_over_are_kept_before_somebody_is_erased_and_hold_nothing_of_them() -> None:
    store = MemoryStore()
    over = terms(capacity=9, snapshot_json=snapshot_json(session()))
    ahead = terms("ahead", starts=STARTS + timedelta(days=7), snapshot_json=snapshot_json(session()))
    people = opened(store, over, ahead)
    people.sign_up("Ana", "Ben", organization="Ana of Chico")
    people.sign_up("Ana", session_id="ahead")
    whole = count(store.session(SESSION), store.roster(SESSION), organization=UNLISTED)

    forget(store, "ana@example.net", now=over.ends, organization=UNLISTED)
    forget(store, "ben@example.net", now=over.ends, organization=UNLISTED)
    forget(store, "ben@example.net", now=over.ends, organization=UNLISTED)

    assert store.roster(SESSION) == []
    assert store.counts(STARTS) == [replace(whole, erased=True)]
    assert whole.people == Counts(confirmed=2)
    assert "Chico" not in repr(store.kept_counts)


def test_somebody_is_erased_also_from_a_session_that_cannot_be_read() -> None:
    store = MemoryStore()
    opened(store).sign_up("Ana")

    assert forget(store, "ana@example.net", now=terms().ends, organization=UNLISTED) == Forgotten(1, 0)
    assert store.counts(STARTS) == []
