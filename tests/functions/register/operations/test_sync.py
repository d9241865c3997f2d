# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a change in the schedule to the mails in the folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from register.domain.model import ChangedBy, State
from register.operations.sync import TooManyEmails, sync
from register.operations.sync_plan import plan
from register.stores import Store
from register.stores.errors import Conflict
from register.stores.sqlite.store import SQLiteStore
from schedule.model import Format, Localized, Session, Status
from tests.support.builders import counts
from tests.support.built_site import BuiltSite
from tests.support.constants import NOW
from tests.support.schedules import LINK, at, contract_with, noted, timed
from tests.support.whole_function import Mail, WholeFunction, edited, one_session, seats_are_true, states

STARTS = at("2026-12-03 10:00")
SESSION = one_session()


def told_to_the_office(function: WholeFunction) -> dict[str, object]:
    """Return what the one message to staff says that is still to be sent."""
    [message] = [each.message for each in function.store.pending() if each.message.kind.for_staff]
    assert message.body is not None
    said: dict[str, object] = json.loads(message.body)
    return said


@pytest.fixture
def function(tmp_path: Path, site: BuiltSite) -> Iterator[WholeFunction]:
    """A function whose session has two people with a seat and one who waits; their mails are out."""
    store = SQLiteStore(tmp_path / "register.sqlite3")
    function = WholeFunction(store, tmp_path / "mail", site.told)
    function.sync(contract_with(SESSION))
    function.people().sign_up("Ana", "Ben", "Cruz")
    function.now += timedelta(minutes=5)
    function.post()
    yield function
    store.close()


def mail(to: str, kind: str, method: str | None = None, **changes: Any) -> Mail:
    whole = Mail(to, kind, method, STARTS if method else None, links=False)
    return replace(whole, **changes)


def test_a_first_sync_opens_each_session(function: WholeFunction) -> None:
    other = one_session(identifier="other")

    todo, done = function.sync(contract_with(SESSION, other))

    assert todo.lines() == ["other: new, 2 seats"]
    assert (done.changed, counts(function.store, "other")) == (1, (0, 0))
    assert function.mails() == []


def test_syncing_twice_does_nothing_the_second_time(function: WholeFunction) -> None:
    moved = edited(SESSION, period=timed("2026-12-04 14:00", "2026-12-04 15:30"), capacity=3)
    function.sync(contract_with(moved))
    function.mails()

    todo, done = function.sync(contract_with(moved))

    assert (todo.lines(), todo.emails, done.changed) == ([], 0, 0)
    assert function.mails() == []


def test_a_move_sends_everybody_an_update_and_who_has_a_seat_an_invitation(function: WholeFunction) -> None:
    moved = edited(
        SESSION,
        period=timed("2026-12-04 14:00", "2026-12-04 15:30"),
        registration_closes=at("2026-12-04 14:00"),
    )

    todo, _ = function.sync(contract_with(moved))

    assert todo.lines() == [
        (
            f"{SESSION.id}: moved to Friday, December 4, 2026, 2:00 to 3:30 p.m. Pacific time "
            "(was Thursday, December 3, 2026, 10:00 to 11:30 a.m. Pacific time)"
        ),
        f"{SESSION.id}: sign-up closes Friday, December 4, 2026, 2:00 p.m. Pacific time",
        f"{SESSION.id}: 3 emails",
    ]
    invited = {"starts": at("2026-12-04 14:00"), "links": True}
    assert function.mails() == [
        mail("Ana", "change", "REQUEST", **invited),
        mail("Ben", "change", "REQUEST", **invited),
        mail("Cruz", "change"),
    ]


def test_another_place_is_told_with_the_old_and_the_new_one(function: WholeFunction) -> None:
    there = edited(
        SESSION, format=Format.IN_PERSON, location=Localized("Room 5, Woodland", "Salón 5, Woodland")
    )
    function.sync(contract_with(there, links={}))

    texts = {
        one["To"].addresses[0].display_name: one.get_body(("plain",)).get_content() for one in function.post()
    }

    assert sorted(texts) == ["Ana", "Ben", "Cruz"]
    for text in texts.values():
        assert "Room 5, Woodland" in text
        assert "Online" in text


def test_a_new_link_goes_to_who_has_a_seat_alone(function: WholeFunction) -> None:
    todo, _ = function.sync(contract_with(edited(SESSION), links={SESSION.id: f"{LINK}9"}))

    assert todo.lines() == [f"{SESSION.id}: another link to join", f"{SESSION.id}: 2 emails"]
    assert function.mails() == [
        mail("Ana", "change", "REQUEST", links=True),
        mail("Ben", "change", "REQUEST", links=True),
    ]


def test_the_first_link_is_here_and_the_next_one_is_new(function: WholeFunction) -> None:
    function.sync(contract_with(edited(SESSION), links={}))
    function.post()
    todo, _ = function.sync(contract_with(edited(edited(SESSION)), links={SESSION.id: LINK}))

    assert todo.lines() == [f"{SESSION.id}: the link to join is there", f"{SESSION.id}: 2 emails"]
    assert function.mails() == [
        mail("Ana", "link", "REQUEST", links=True),
        mail("Ben", "link", "REQUEST", links=True),
    ]


def test_a_first_link_with_another_time_is_a_change(function: WholeFunction) -> None:
    function.sync(contract_with(edited(SESSION), links={}))
    function.post()
    later = timed("2026-12-04 13:00", "2026-12-04 14:30")
    function.sync(contract_with(edited(edited(SESSION), period=later), links={SESSION.id: LINK}))

    assert {(each.kind, each.links) for each in function.mails()} == {("change", True), ("change", False)}


def test_a_cancelled_session_is_taken_out_of_calendars(function: WholeFunction) -> None:
    function.sync(contract_with(edited(SESSION, status=Status.CANCELLED)))

    assert function.mails() == [
        mail("Ana", "session-cancellation", "CANCEL"),
        mail("Ben", "session-cancellation", "CANCEL"),
        mail("Cruz", "session-cancellation"),
    ]
    assert states(function.store, SESSION.id) == {
        "Ana": State.CONFIRMED,
        "Ben": State.CONFIRMED,
        "Cruz": State.WAITLISTED,
    }


def test_a_session_that_takes_place_after_all_invites_again(function: WholeFunction) -> None:
    cancelled = edited(SESSION, status=Status.CANCELLED)
    function.sync(contract_with(cancelled))
    function.mails()

    function.sync(contract_with(edited(cancelled, status=Status.SCHEDULED)))

    again = {"links": True}
    assert function.mails() == [
        mail("Ana", "change", "REQUEST", **again),
        mail("Ben", "change", "REQUEST", **again),
        mail("Cruz", "change"),
    ]


def test_changes_of_a_session_that_stays_cancelled_bother_nobody(function: WholeFunction) -> None:
    cancelled = edited(SESSION, status=Status.CANCELLED)
    function.sync(contract_with(cancelled))
    function.mails()

    function.sync(contract_with(edited(cancelled, period=timed("2026-12-05 10:00", "2026-12-05 11:30"))))

    assert function.mails() == []


def test_more_seats_are_given_to_who_waits(function: WholeFunction) -> None:
    todo, done = function.sync(contract_with(edited(SESSION, capacity=5)))

    assert todo.lines() == [f"{SESSION.id}: 5 seats, were 2", f"{SESSION.id}: 1 email"]
    assert done.maintenance.promotions == 1
    assert function.mails() == [mail("Cruz", "promotion", "REQUEST", links=True)]
    assert counts(function.store, SESSION.id) == (3, 0)


def test_fewer_seats_keep_everybody_and_say_so(function: WholeFunction) -> None:
    todo, _ = function.sync(contract_with(edited(SESSION, capacity=1)))

    assert todo.lines() == [
        f"{SESSION.id}: 1 seats, were 2",
        f"{SESSION.id}: 2 are confirmed and keep their seats",
    ]
    assert function.mails() == []
    assert counts(function.store, SESSION.id) == (2, 1)


def test_other_words_change_the_pages_and_send_nothing(function: WholeFunction) -> None:
    todo, _ = function.sync(contract_with(edited(SESSION, note=noted("Bring a pen."))))

    assert todo.lines() == [f"{SESSION.id}: other wording; no email"]
    assert function.mails() == []
    assert "Bring a pen." in function.store.session(SESSION.id).terms.snapshot_json


def test_a_session_that_vanished_with_people_in_it_stays_and_is_named(function: WholeFunction) -> None:
    other = one_session(identifier="other")

    todo, done = function.sync(contract_with(other))

    assert todo.warnings() == [
        (
            f"{SESSION.id}: is no longer in the schedule, but 2 are confirmed and 1 wait; "
            "bring it back into the schedule, with Status: canceled if it does not take place"
        )
    ]
    assert done.changed == 1
    assert counts(function.store, SESSION.id) == (2, 1)
    assert told_to_the_office(function) == {"vanished": [SESSION.id], "too_many": 0}


def test_a_session_that_vanished_with_nobody_in_it_goes(function: WholeFunction) -> None:
    function.sync(contract_with(SESSION, one_session(identifier="other")))

    todo, _ = function.sync(contract_with(SESSION))

    assert todo.lines() == [
        "other: is no longer in the schedule, and nobody is signed up: it will be deleted"
    ]
    assert [one.terms.session_id for one in function.store.sessions(NOW)] == [SESSION.id]


def test_a_past_session_vanishes_silently(function: WholeFunction) -> None:
    function.now = STARTS + timedelta(days=1)

    todo, _ = function.sync(contract_with(one_session(identifier="other")))

    assert todo.warnings() == []
    assert counts(function.store, SESSION.id) == (2, 1)


def test_a_shorter_retention_reaches_what_is_past_it(function: WholeFunction) -> None:
    function.now = STARTS + timedelta(days=60)
    shorter = replace(contract_with(SESSION), retention=timedelta(days=30))

    function.sync(shorter)
    function.sweep()

    assert function.store.registrations_of("ana@example.net") == []
    assert function.sync(shorter)[0].lines() == []


def test_who_waits_when_the_session_has_begun_is_no_work_that_is_left(function: WholeFunction) -> None:
    function.now = STARTS
    [ana, *_] = function.store.roster(SESSION.id)
    function.store.cancel(SESSION.id, ana.registration_id, now=function.now, by=ChangedBy.PERSON)

    todo, _ = function.sync(contract_with(SESSION))

    assert (todo.lines(), todo.emails) == ([], 0)


def test_what_is_past_retention_is_ignored(function: WholeFunction) -> None:
    old = one_session(identifier="old", period=timed("2026-01-05 10:00", "2026-01-05 11:00"))

    todo, _ = function.sync(contract_with(SESSION, old))

    assert todo.lines() == []


def test_a_past_session_can_be_corrected_without_a_mail(function: WholeFunction) -> None:
    function.now = STARTS + timedelta(days=1)

    function.sync(contract_with(edited(SESSION, period=timed("2026-12-03 10:00", "2026-12-03 11:45"))))

    assert function.mails() == []


def test_the_numbers_of_emails_rise_although_the_schedules_revision_does_not(function: WholeFunction) -> None:
    # An uncommitted edit counts one more than the last commit, however often it is made.
    one = edited(SESSION, period=timed("2026-12-04 10:00", "2026-12-04 11:30"))
    two = replace(one, period=timed("2026-12-05 10:00", "2026-12-05 11:30"))
    for each in (one, two, SESSION):
        function.sync(contract_with(each))
        assert [(mail.to, mail.method) for mail in function.mails() if mail.method] == [
            ("Ana", "REQUEST"),
            ("Ben", "REQUEST"),
        ]
    sent = [each.message.number for each in function.store.messages_of("ana@example.net")]

    assert sent == sorted(set(sent))
    assert len(sent) == 4
    assert function.sync(contract_with(SESSION))[1].changed == 0


def test_a_secret_link_is_looked_up_and_one_that_is_missing_follows_later(function: WholeFunction) -> None:
    contract = contract_with(edited(SESSION), links={SESSION.id: "secret:overview"})
    todo, _ = function.sync(contract)
    assert todo.warnings() == [
        f"{SESSION.id}: the secret that its Join-Url names is not there; emails say that the link will follow"
    ]
    assert [one.links for one in function.mails()] == [False, False]

    todo, _ = function.sync(contract, secrets={"overview": LINK})
    assert todo.warnings() == []
    assert function.mails() == [
        mail("Ana", "link", "REQUEST", links=True),
        mail("Ben", "link", "REQUEST", links=True),
    ]


def test_a_dry_run_changes_nothing(function: WholeFunction) -> None:
    before = function.store.session(SESSION.id)

    todo = plan(
        contract_with(edited(SESSION, status=Status.CANCELLED)), function.store, {}.get, now=function.now
    )

    assert todo.lines() == [f"{SESSION.id}: is canceled, was scheduled", f"{SESSION.id}: 3 emails"]
    assert function.store.session(SESSION.id) == before
    assert function.mails() == []


def test_many_mails_need_a_yes_and_without_it_nothing_is_done(function: WholeFunction) -> None:
    function.sync(contract_with(edited(SESSION, capacity=60)))
    function.people().sign_up(*(f"Person {number}" for number in range(50)))
    function.now += timedelta(minutes=5)
    cancelled = contract_with(edited(edited(SESSION, capacity=60), status=Status.CANCELLED))

    with pytest.raises(TooManyEmails) as caught:
        function.sync(cancelled)

    assert caught.value.emails == 53
    assert told_to_the_office(function) == {"vanished": [], "too_many": 53}
    assert function.store.session(SESSION.id).terms.status is Status.SCHEDULED
    _, done = function.sync(cancelled, yes=True)
    assert done.maintenance.notices == 53


class Crash(Exception):
    """The process is gone."""


class Crashing:
    """A store whose process dies right before or right after its n-th verb that writes."""

    WRITES = frozenset({"sync_session", "write_out_notice", "promote_one", "withdraw"})

    def __init__(self, store: Store, step: int, *, after: bool) -> None:
        self._store = store
        self._left = step
        self._after = after
        self.survived = True

    def __getattr__(self, verb: str) -> Any:
        real = getattr(self._store, verb)
        if verb not in self.WRITES:
            return real

        def write(*values: Any, **named: Any) -> Any:
            self._left -= 1
            if self._left == 0 and not self._after:
                self._die()
            answer = real(*values, **named)
            if self._left == 0:
                self._die()
            return answer

        return write

    def _die(self) -> None:
        self.survived = False
        raise Crash


BUSY: tuple[Session, ...] = (
    edited(SESSION, period=timed("2026-12-04 14:00", "2026-12-04 15:30"), capacity=4),
    edited(one_session(identifier="other"), status=Status.CANCELLED),
)


@pytest.mark.parametrize("healed_by", ["sync", "sweep"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", range(1, 10))
def test_a_crash_at_any_step_heals_to_the_same_mails(
    function: WholeFunction, step: int, after: bool, healed_by: str
) -> None:
    function.sync(contract_with(SESSION, one_session(identifier="other"), one_session(identifier="empty")))
    people = function.people()
    people.sign_up("Dee", "Eli")
    people.sign_up("Ana", "Ben", session_id="other")
    function.mails()
    crashing = Crashing(function.store, step, after=after)
    function.now += timedelta(minutes=1)

    with suppress(Crash):
        sync(contract_with(*BUSY), crashing, {}.get, now=function.now)

    got = function.mails()
    if healed_by == "sweep":
        function.sweep()
        got += function.mails()
    function.sync(contract_with(*BUSY))
    got += function.mails()
    invited = {"starts": at("2026-12-04 14:00"), "links": True}
    changed = [mail(one, "change", "REQUEST", **invited) for one in ("Ana", "Ben")]
    changed += [mail(one, "change") for one in ("Cruz", "Dee", "Eli")]
    promoted = [mail(one, "promotion", "REQUEST", **invited) for one in ("Cruz", "Dee")]
    cancelled = [mail(one, "session-cancellation", "CANCEL") for one in ("Ana", "Ben")]
    assert sorted(got, key=str) == sorted(changed + promoted + cancelled, key=str)
    assert all(seats_are_true(function.store, one.id) for one in BUSY)
    assert {one.terms.session_id for one in function.store.sessions(NOW)} == {one.id for one in BUSY}


def test_the_steps_of_the_crash_test_are_all_the_steps_that_there_are(function: WholeFunction) -> None:
    function.sync(contract_with(SESSION, one_session(identifier="other"), one_session(identifier="empty")))
    people = function.people()
    people.sign_up("Dee", "Eli")
    people.sign_up("Ana", "Ben", session_id="other")
    crashing = Crashing(function.store, 9, after=True)

    sync(contract_with(*BUSY), crashing, {}.get, now=function.now)

    assert crashing.survived


def test_two_syncs_at_once_tell_people_once(function: WholeFunction) -> None:
    """The other one comes between this one's look and its write."""
    moved = contract_with(edited(SESSION, period=timed("2026-12-04 14:00", "2026-12-04 15:30")))

    class Overtaken(Crashing):
        def _die(self) -> None:
            function.sync(moved)

    sync(moved, Overtaken(function.store, 1, after=False), {}.get, now=function.now)

    assert [one.to for one in function.mails()] == ["Ana", "Ben", "Cruz"]


def test_a_session_that_never_comes_to_rest_is_an_error(function: WholeFunction) -> None:
    class Restless(Crashing):
        WRITES = frozenset({"sync_session"})

        def _die(self) -> None:
            self._left = 1
            raise Conflict(SESSION.id)

    with pytest.raises(Conflict):
        sync(
            contract_with(edited(SESSION, capacity=9)),
            Restless(function.store, 1, after=False),
            {}.get,
            now=function.now,
        )
