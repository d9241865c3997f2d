# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an email to staff says is what is so when it goes out; where that is nothing any more, none goes out."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from register.domain.errors import ConfigError
from register.domain.messages import Message
from register.domain.model import ChangedBy, Kind, Registration, State
from register.domain.staff import LINK_LASTS, StaffEmail, StaffMember
from register.domain.staff_messages import staff_message
from register.domain.staff_news import Group, NothingToSay, StaffNews
from register.operations import staff_messages
from register.operations.staff_news import Reader
from register.stores.memory import MemoryStore
from schedule.model import Status
from tests.support.builders import SESSION, STARTS, People, opened, person, terms
from tests.support.constants import HOUR, NOW, PACIFIC, SECOND
from tests.support.emails import snapshot_json
from tests.support.schedules import session
from tests.support.staff_emails import OFFICE, OTHER, STAFF, TRAINER

DAY = timedelta(days=1)
ROSTER_DAY = datetime(2026, 12, 2, 7, tzinfo=PACIFIC).astimezone(UTC)


class Scene:
    """A store with the tests' session, and what reads it for staff."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.people: People = opened(
            self.store,
            terms(capacity=2, snapshot_json=snapshot_json(session())),
            terms("other", starts=STARTS + DAY, snapshot_json=snapshot_json(session("other"))),
        )
        self.staff: tuple[StaffMember, ...] = STAFF
        self.now = NOW + HOUR

    def read(self, message: Message) -> StaffNews:
        return Reader(self.store, lambda: self.staff, lambda: self.now)(message)

    def nothing(self, message: Message) -> str:
        """Return why there is nothing to say."""
        with pytest.raises(NothingToSay) as caught:
            self.read(message)
        return str(caught.value)

    def sign_up(self, *names: str, **changes: str) -> list[Registration]:
        return [each.registration for each in self.people.sign_up(*names, **changes)]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def to(member: StaffMember, kind: Kind, **changes: str) -> Message:
    """Return a message to somebody among staff."""
    whole = {"occasion": "2026-11-21", **changes}
    return staff_message(kind, email=member.email, language=member.language, recorded=NOW, **whole)


def names(news: StaffNews) -> list[tuple[str, dict[str, list[str]]]]:
    """Return who is mentioned, by session and group."""
    return [
        (
            each.snapshot.session.id,
            {
                group.value: [one.person.name for one in people]
                for group, people in each.groups.items()
                if people
            },
        )
        for each in news.sessions
    ]


# The list changes between recording and delivery


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind.for_staff])
def test_whoever_is_off_the_list_by_then_gets_nothing(scene: Scene, kind: Kind) -> None:
    scene.staff = (TRAINER,)
    message = to(OFFICE, kind, session_id=SESSION)

    assert scene.nothing(message).startswith("not sent: its recipient is not on the list of staff any more")


def test_whoever_does_not_want_these_any_more_gets_none(scene: Scene) -> None:
    scene.staff = (replace(OFFICE, emails=OFFICE.emails - {StaffEmail.DAILY}),)

    assert scene.nothing(to(OFFICE, Kind.STAFF_DAILY)).endswith("or not for this")


def test_a_list_that_cannot_be_read_is_not_taken_for_an_empty_one(scene: Scene) -> None:
    def unreadable() -> tuple[StaffMember, ...]:
        raise ConfigError("var/staff.toml: entry 1: language is wrong")

    with pytest.raises(ConfigError):
        Reader(scene.store, unreadable, lambda: scene.now)(to(OFFICE, Kind.STAFF_DAILY))


# Signing in


def test_a_link_to_sign_in_goes_out_while_it_is_good(scene: Scene) -> None:
    link = to(TRAINER, Kind.STAFF_LINK)
    scene.now = NOW + LINK_LASTS - SECOND
    assert scene.read(link) == StaffNews()

    scene.now += SECOND
    assert scene.nothing(link) == "not sent: the link in it has run out"


# Needs


def asked(scene: Scene, **changes: str) -> tuple[Registration, Message]:
    """Return somebody who needs an interpreter, and the message about it to a trainer of the session."""
    [ana] = scene.sign_up("Ana", needs="Interpreter", **changes)
    message = to(TRAINER, Kind.STAFF_NEEDS, session_id=ana.session_id, registration_id=ana.registration_id)
    return ana, message


def test_whoever_asks_for_help_is_named_with_what_is_stored_now(scene: Scene) -> None:
    ana, message = asked(scene)
    scene.store.amend(
        SESSION,
        ana.registration_id,
        replace(ana.person, needs="Interpreter (Mixteco)"),
        now=NOW + HOUR,
        by=ChangedBy.PERSON,
    )

    news = scene.read(message)

    assert names(news) == [(SESSION, {"asks": ["Ana"]})]
    [asks] = news.sessions[0].groups[Group.ASKS]
    assert (asks.person.needs, asks.state) == ("Interpreter (Mixteco)", State.CONFIRMED)
    assert (news.sessions[0].seats, news.sessions[0].confirmed, news.sessions[0].waiting) == (2, 1, 0)


def test_whoever_does_not_ask_any_more_is_not_named(scene: Scene) -> None:
    ana, message = asked(scene)
    no_needs = replace(ana.person, needs="")
    scene.store.amend(SESSION, ana.registration_id, no_needs, now=NOW + HOUR, by=ChangedBy.PERSON)
    why = scene.nothing(message)
    scene.people.cancel(ana)

    assert {why, scene.nothing(message)} == {"not sent: whoever asked for help does not ask any more"}


def test_nobody_is_told_of_a_session_that_is_over_canceled_gone_or_anothers(scene: Scene) -> None:
    _, message = asked(scene)
    assert scene.nothing(replace(message, session_id="gone")) == "not sent: the session is gone"
    to_other = replace(message, email=OTHER.email)
    assert scene.nothing(to_other) == "not sent: the session is another trainer’s by now"
    scene.now = terms().ends
    assert scene.nothing(message) == "not sent: the session is over, or does not take place"
    scene.now = NOW + HOUR
    known = scene.store.session(SESSION)
    off = replace(known.terms, status=Status.CANCELLED, revision=9)
    scene.store.sync_session(off, None, expected=known)
    assert scene.nothing(message) == "not sent: the session is over, or does not take place"


# Rosters


def test_the_roster_has_who_has_a_seat_by_name_and_counts_who_waits(scene: Scene) -> None:
    scene.sign_up("Zoë", "Ángela", "Beto")
    scene.now = ROSTER_DAY
    message = to(TRAINER, Kind.STAFF_ROSTER, session_id=SESSION, occasion="2026-12-02")

    news = scene.read(message)

    assert names(news) == [(SESSION, {"coming": ["Ángela", "Zoë"]})]
    assert news.sessions[0].waiting == 1


def test_a_roster_is_not_sent_once_the_session_has_begun_or_is_on_another_day(scene: Scene) -> None:
    message = to(TRAINER, Kind.STAFF_ROSTER, session_id=SESSION, occasion="2026-12-02")
    scene.now = STARTS
    why = scene.nothing(message)
    scene.now = ROSTER_DAY

    assert {why, scene.nothing(replace(message, occasion="2026-12-01"))} == {
        "not sent: the session has begun, or is on another day by now"
    }


# What happened yesterday


def test_the_day_has_sign_ups_cancellations_and_moves_by_the_pacific_clock(scene: Scene) -> None:
    midnight = datetime(2026, 11, 20, tzinfo=PACIFIC).astimezone(UTC)
    scene.people.now = midnight - 2 * SECOND
    scene.sign_up("Early")
    ana, ben = scene.sign_up("Ana", "Ben")
    scene.people.cancel(ana)
    scene.store.move(
        SESSION,
        ben.registration_id,
        to="other",
        new_registration_id="rid-new",
        now=midnight + HOUR,
        by=ChangedBy.PERSON,
    )
    scene.people.now = midnight + DAY - SECOND
    scene.sign_up("Late")

    news = scene.read(to(OFFICE, Kind.STAFF_DAILY, occasion="2026-11-21"))

    assert news.day == date(2026, 11, 20)
    assert names(news) == [
        (SESSION, {"signed-up": ["Ana", "Ben"], "cancelled": ["Ana"], "moved": ["Ben"]}),
        ("other", {"signed-up": ["Ben"]}),
    ]
    next_day = scene.read(to(OFFICE, Kind.STAFF_DAILY, occasion="2026-11-22"))
    assert names(next_day) == [(SESSION, {"signed-up": ["Late"]})]


def test_a_day_on_which_nothing_happened_brings_no_email_nor_one_about_sessions_of_others(
    scene: Scene,
) -> None:
    scene.sign_up("Ana")
    daily = to(OFFICE, Kind.STAFF_DAILY, occasion="2026-11-21")

    assert scene.read(daily).sessions
    assert scene.nothing(replace(daily, occasion="2026-11-22")) == "not sent: nobody signed up or canceled"
    assert scene.nothing(replace(daily, email=OTHER.email)) == "not sent: nobody signed up or canceled"


# Problems


def give_up(scene: Scene, email: str, problem: str = "550 no such user") -> None:
    """Let the newest email to an address be refused for good."""
    delivery = scene.store.messages_of(email)[-1]
    scene.store.settle_failed(delivery.message, now=NOW, problem=problem)


def test_people_whom_an_email_did_not_reach_are_named_once(scene: Scene) -> None:
    scene.sign_up("Ana", "Ben", "Carla")
    give_up(scene, "ana@example.net")
    scene.store.bounced("ben@example.net", "bounce Permanent", now=NOW)
    give_up(scene, "ben@example.net")
    scene.now = NOW + 5 * SECOND

    news = scene.read(to(OFFICE, Kind.STAFF_PROBLEMS))

    assert names(news) == [(SESSION, {"not-reached": ["Ana", "Ben"]})]
    assert [each.problem for each in news.sessions[0].groups[Group.NOT_REACHED]] == [
        "550 no such user",
        "bounce Permanent",
    ]
    assert (news.not_reached, news.stuck) == (2, 0)


def test_whoever_has_another_address_by_now_is_reached(scene: Scene) -> None:
    [ana] = scene.sign_up("Ana")
    give_up(scene, "ana@example.net")
    better = replace(ana.person, email="ana@better.example")
    scene.store.amend(SESSION, ana.registration_id, better, now=NOW + SECOND, by=ChangedBy.STAFF)
    scene.now = NOW + 5 * SECOND

    assert scene.nothing(to(OFFICE, Kind.STAFF_PROBLEMS)) == "not sent: nothing is wrong"


def test_nobody_is_named_for_a_session_that_is_over(scene: Scene) -> None:
    scene.sign_up("Ana")
    give_up(scene, "ana@example.net")
    scene.now = terms().ends

    assert scene.nothing(to(OFFICE, Kind.STAFF_PROBLEMS)) == "not sent: nothing is wrong"


def test_emails_that_wait_for_long_are_counted_but_for_this_one(scene: Scene) -> None:
    this = to(OFFICE, Kind.STAFF_PROBLEMS)
    scene.store.record([this])
    scene.sign_up("Ana")
    scene.now = NOW + HOUR

    assert scene.read(this).stuck == 1


def test_a_mailbox_of_staff_that_refuses_is_told_to_the_others(scene: Scene) -> None:
    refused = to(TRAINER, Kind.STAFF_ROSTER, session_id=SESSION)
    scene.store.record([refused])
    scene.store.settle_failed(refused, now=NOW, problem="550 no such user")

    news = scene.read(to(OFFICE, Kind.STAFF_PROBLEMS))

    assert (news.staff_not_reached, news.sessions) == ((TRAINER.email,), ())


def test_what_a_sync_left_is_told_while_somebody_is_signed_up_for_it(scene: Scene) -> None:
    [ana] = scene.sign_up("Ana")
    vanished = [scene.store.session(SESSION), scene.store.session("other")]
    staff_messages.refused(scene.store, vanished=vanished, now=NOW)
    [message] = [each.message for each in scene.store.outbox.values() if each.message.body]
    message = replace(message, email=OFFICE.email)

    assert json.loads(message.body or "")["vanished"] == [SESSION, "other"]
    assert names(scene.read(message)) == [(SESSION, {})]
    scene.people.cancel(ana)
    assert scene.nothing(message).startswith("not sent: nobody is signed up any more")


def test_a_sync_that_stopped_says_how_many_emails_it_would_have_sent(scene: Scene) -> None:
    message = replace(to(OFFICE, Kind.STAFF_PROBLEMS), body='{"vanished": [], "too_many": 60}')

    assert scene.read(message) == StaffNews(too_many=60)


def test_a_person_who_is_staff_as_well_gets_what_staff_get(scene: Scene) -> None:
    scene.staff = (replace(OFFICE, email="ana@example.net"),)
    [ana] = scene.sign_up("Ana")

    assert names(scene.read(to(scene.staff[0], Kind.STAFF_DAILY))) == [(SESSION, {"signed-up": ["Ana"]})]
    assert scene.store.registrations_of("ana@example.net") == [ana]
    assert person("Ana").email == "ana@example.net"
