# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who has lost an email gets it again, once, whatever happens to those who look it up; a stranger leaves no trace."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import pytest

from register.domain.errors import UnknownRegistration, UnknownSession
from register.domain.model import Kind
from register.domain.wishes import Wish, WishPurpose
from register.mail import wishes
from register.mail.policy import POLICY
from register.mail.worker import Workers
from register.stores import Store
from register.stores.errors import StoreUnavailable
from register.stores.memory import MemoryStore
from schedule.model import Language
from tests.support.builders import SESSION, STARTS, kinds, opened, terms
from tests.support.constants import HOUR, MINUTE, NOW, SECOND
from tests.support.delivery_scene import Killed
from tests.support.outbox import Outbox

ANA = "ana@example.net"
LATER = NOW + 2 * HOUR


def ask(store: Store, email: str = ANA, *, at: datetime = LATER, wish_id: str = "w1") -> None:
    """Ask for the email again, as the page does."""
    store.record_wish(Wish(wish_id, WishPurpose.LOST_LINK, email, Language.ENGLISH, at))


def look_up(store: Store, *, at: datetime = LATER + SECOND, of: str | None = None) -> None:
    wishes.look_up(store, now=lambda: at, lease=POLICY.wish_lease, of=of)


@pytest.fixture
def store() -> MemoryStore:
    """A store in which Ana has a seat."""
    store = MemoryStore()
    opened(store).sign_up("Ana")
    return store


def test_a_wish_brings_the_email_of_each_sign_up_that_still_means_something(store: MemoryStore) -> None:
    people = opened(store, terms("canceled"), terms("over", starts=NOW + HOUR, ends=LATER), terms("other"))
    seats = [people.sign_up("Ana", session_id=of)[0] for of in ("canceled", "over", "other")]
    people.cancel(seats[0].registration)
    before = set(store.outbox)
    ask(store, " Ana@Example.NET ".strip())
    look_up(store)

    new = [store.outbox[key].message for key in store.outbox if key not in before]
    assert [(message.session_id, message.kind, message.recorded) for message in new] == [
        (SESSION, Kind.CONFIRMATION, LATER),
        ("other", Kind.CONFIRMATION, LATER),
    ]
    assert store.wished == {}


def test_an_address_that_nobody_knows_leaves_nothing(store: MemoryStore) -> None:
    before = len(store.outbox)
    ask(store, "nobody@example.net")
    look_up(store)

    assert len(store.outbox) == before
    assert (store.wished, store.wish_leases, store.hits) == ({}, {}, {})


def test_the_same_email_goes_out_once_an_hour_and_not_more(store: MemoryStore) -> None:
    sent = []
    for number, at in enumerate((NOW + MINUTE, LATER, LATER + 59 * MINUTE, LATER + HOUR + SECOND)):
        ask(store, at=at, wish_id=f"w{number}")
        look_up(store, at=at)
        sent.append(len(store.outbox))

    assert sent == [1, 2, 2, 3]


def test_who_was_told_since_asking_is_not_told_again(store: MemoryStore) -> None:
    ask(store)
    [ana] = store.registrations.values()
    store.resend(SESSION, ana.registration_id, now=LATER + 90 * MINUTE)
    look_up(store, at=LATER + 2 * HOUR)

    assert kinds(store, ANA) == [Kind.CONFIRMATION, Kind.CONFIRMATION]


@pytest.mark.parametrize("verb", ["registrations_of", "resend", "delete_wish"])
@pytest.mark.parametrize("is_late", [False, True])
def test_whoever_is_killed_while_looking_it_up_costs_no_email_and_brings_none_twice(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch, verb: str, is_late: bool
) -> None:
    ask(store)
    whole = getattr(store, verb)

    def killed(*values: object, **named: object) -> None:
        if is_late:
            whole(*values, **named)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(store, verb, killed)
        with pytest.raises(Killed):
            look_up(store)
    assert kinds(store, ANA).count(Kind.CONFIRMATION) <= 2

    look_up(store, at=LATER + MINUTE)  # it is still somebody's
    look_up(store, at=LATER + 3 * HOUR)
    look_up(store, at=LATER + 6 * HOUR)

    assert kinds(store, ANA) == [Kind.CONFIRMATION, Kind.CONFIRMATION]
    assert store.wished == {}


def test_two_who_look_it_up_at_once_bring_one_email(store: MemoryStore) -> None:
    ask(store)
    first = store.claim_wish(now=LATER, lease=timedelta())
    look_up(store)
    assert first is not None
    wishes._send_links(store, first, LATER + SECOND)

    assert kinds(store, ANA) == [Kind.CONFIRMATION, Kind.CONFIRMATION]


@pytest.mark.parametrize("error", [UnknownRegistration(SESSION), UnknownSession(SESSION)])
def test_what_goes_while_it_is_looked_up_is_passed_over(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(store, "resend", gone)
    ask(store)
    look_up(store)

    assert store.wished == {}


def test_a_wish_that_the_store_fails_for_holds_up_no_other_and_is_tried_again(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    opened(store, terms("other")).sign_up("Ben", session_id="other")
    ask(store)
    ask(store, "ben@example.net", wish_id="w2")
    whole = store.registrations_of

    def fails(email: str) -> object:
        if email == ANA:
            raise StoreUnavailable("the disk is full")
        return whole(email)

    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        patch.setattr(store, "registrations_of", fails)
        look_up(store)
    assert (list(store.wished), len(kinds(store, "ben@example.net"))) == (["w1"], 2)
    assert [record.getMessage() for record in caplog.records] == [
        "request w1: the disk is full; trying again later"
    ]

    look_up(store, at=LATER + SECOND + POLICY.wish_lease)
    assert (store.wished, len(kinds(store, ANA))) == ({}, 2)


def test_one_wish_is_looked_up_alone_where_it_is_named(store: MemoryStore) -> None:
    ask(store, wish_id="w1")
    ask(store, "nobody@example.net", wish_id="w2")
    look_up(store, of="w2")

    assert list(store.wished) == ["w1"]


def test_whoever_delivers_looks_wishes_up_first(outbox: Outbox) -> None:
    outbox.deliver()
    outbox.clock.time += 2 * HOUR
    ask(outbox.store, at=outbox.clock.time)

    assert outbox.deliver().sent == 1
    assert outbox.backend.taken[-1] == ANA
    assert outbox.store.wished == {}


def test_wishes_are_looked_up_while_the_email_server_is_down(outbox: Outbox) -> None:
    outbox.backend.goes_down()
    from register.mail.delivery import Courier

    courier = Courier(outbox.store, outbox.backend, outbox.compose, outbox.clock)
    workers = Workers([courier], now=outbox.clock, sweep=lambda: None)
    workers.deliver(courier, slow=True)
    ask(outbox.store, "nobody@example.net", at=outbox.clock.time)
    workers.deliver(courier, slow=True)

    assert outbox.store.wished == {}


def test_a_wish_waits_no_longer_than_the_session_means_something(store: MemoryStore) -> None:
    ask(store, at=STARTS - MINUTE)
    look_up(store, at=terms().ends)

    assert (kinds(store, ANA), store.wished) == ([Kind.CONFIRMATION], {})
