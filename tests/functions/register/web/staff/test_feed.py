# SPDX-License-Identifier: AGPL-3.0-or-later
"""The private feed of staff over HTTP: whose sessions stand in it, what real programs see of a change, and who has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from plugins.calendar_rules import CalendarKind, lint
from register.domain.staff import StaffMember
from register.operations.privacy import forget
from register.web.staff.app import create_desk
from register.web.with_desk import with_desk
from tests.support.builders import UNLISTED
from tests.support.calendars import lines, strictly_read
from tests.support.constants import MINUTE, SITE_URL
from tests.support.serving import listen, serving
from tests.support.staff import OFFICE, OTHER, OTHERS_SESSION, TOKENS, TRAINER, TRAINERS_SESSION, StaffWorld
from tests.support.subscriber import Subscriber
from tests.support.visitors import manage_path

UID = f"{TRAINERS_SESSION}@msix-trainings"
JOIN = "https://meet.example.net/j/1"


def path(member: StaffMember = TRAINER, generation: int = 0) -> str:
    return f"/register/staff/feed/{TOKENS.feed(member.email_hash, generation)}.ics"


def title(staff: StaffWorld, session_id: str = TRAINERS_SESSION, member: StaffMember = TRAINER) -> str:
    events = strictly_read(staff.visitor().get(path(member)).data).events
    return next(str(one.summary) for one in events if one.uid == f"{session_id}@msix-trainings")


def uids(staff: StaffWorld, member: StaffMember) -> list[str]:
    return [one.uid for one in strictly_read(staff.visitor().get(path(member)).data).events]


def test_a_trainer_has_the_sessions_that_are_theirs_and_the_office_has_all(staff: StaffWorld) -> None:
    sessions = staff.world.contract.schedule.sessions
    ids = {
        member: [f"{one.id}@msix-trainings" for one in sessions if member.may_see(one)]
        for member in (TRAINER, OTHER, OFFICE)
    }

    assert {member: sorted(uids(staff, member)) for member in ids} == {
        member: sorted(own) for member, own in ids.items()
    }
    assert UID in ids[TRAINER]
    assert UID not in ids[OTHER]
    assert len(ids[OFFICE]) == len(sessions)


def test_it_keeps_the_rules_of_feeds_and_speaks_the_language_of_whoever_has_it(staff: StaffWorld) -> None:
    english, spanish = (staff.visitor().get(path(member)).data for member in (OFFICE, OTHER))

    assert [lint(data, CalendarKind.FEED) for data in (english, spanish)] == [[], []]
    assert lines(english, "NAME") == ["NAME:MSIX trainings: who is coming"]
    assert lines(spanish, "NAME") == ["NAME:Capacitaciones de MSIX: participantes"]


def test_it_says_how_many_are_signed_up_wait_and_ask_for_help_and_names_nobody(staff: StaffWorld) -> None:
    visitor = staff.visitor()
    staff.world.change(TRAINERS_SESSION, capacity=2, join_url=JOIN)
    for name, needs in (("Ana", "An interpreter"), ("Bea", ""), ("Cruz", "A ramp"), ("Dora", "")):
        visitor.sign_up(TRAINERS_SESSION, name=name, email=f"{name}@example.net", needs=needs)
    registrations = {one.person.name: one for one in staff.world.store.registrations.values()}
    visitor.post(f"{manage_path(registrations['Dora'])}/cancel")

    assert title(staff) == "CA MSIX Overview · 2 of 2 · 1 waiting · 2 needs"
    data = visitor.get(path()).data.replace(b"\r\n ", b"").decode()
    assert f"Join here: {JOIN}" in data
    assert f"/register/staff/sessions/{TRAINERS_SESSION}/" in data
    for private in ("Ana", "Bea", "Cruz", "@example", "interpreter", "ramp", "Yolo County"):
        assert private not in data


@pytest.mark.long
def test_programs_see_a_sign_up_a_promotion_a_cancellation_and_an_erasure(
    staff: StaffWorld, tmp_path: Path
) -> None:
    world, visitor, numbers = staff.world, staff.visitor(), list[int]()
    app = with_desk(world.app(), "/register/staff/", lambda: create_desk(staff.desk()))
    world.fill(TRAINERS_SESSION, 1)
    listening, address = listen()
    with serving(app, listening):
        subscriber = Subscriber(tmp_path, f"{address}{path()}")

        def shown() -> str:
            """Return what khal has in the title behind the training's name, and keep the number of the event."""
            world.clock.now += MINUTE
            [line] = [each for each in subscriber.sees() if each.startswith(TRAINERS_SESSION[:10])]
            data = visitor.get(path()).data
            [event] = [one for one in strictly_read(data).events if one.uid == UID]
            numbers.append(event.sequence or 0)
            return line.split(" / ")[2].partition(" · ")[2]

        assert shown() == "0 of 1"
        visitor.sign_up(TRAINERS_SESSION, name="Ana", email="ana@example.net")
        assert shown() == "1 of 1"
        visitor.sign_up(TRAINERS_SESSION, name="Bea", email="bea@example.net", needs="A ramp")
        assert shown() == "1 of 1 · 1 waiting · 1 need"
        world.fill(TRAINERS_SESSION, 2)
        world.store.promote_one(TRAINERS_SESSION, now=world.clock.now)
        assert shown() == "2 of 2 · 1 need"
        ana, bea = sorted(world.store.registrations.values(), key=lambda one: one.person.name)
        visitor.post(f"{manage_path(ana)}/cancel")
        assert shown() == "1 of 2 · 1 need"
        forget(world.store, bea.person.email, now=world.clock.now, organization=UNLISTED)
        assert shown() == "0 of 2"
        world.clock.now = world.store.session(TRAINERS_SESSION).terms.ends
        forget(world.store, ana.person.email, now=world.clock.now, organization=UNLISTED)
        assert shown() == "0 of 2"

    assert numbers == sorted(set(numbers))


def test_an_erasure_after_the_session_raises_the_number_too(staff: StaffWorld) -> None:
    world = staff.world
    staff.visitor().sign_up(TRAINERS_SESSION, email="ana@example.net")
    [ana] = world.store.registrations.values()
    world.clock.now = world.store.session(TRAINERS_SESSION).terms.ends
    world.store.attend(
        TRAINERS_SESSION, ana.registration_id, attended=True, expected=None, now=world.clock.now, staff="x"
    )

    def number() -> int:
        events = strictly_read(staff.visitor().get(path()).data).events
        return next(one.sequence or 0 for one in events if one.uid == UID)

    before = number()
    world.clock.now += MINUTE
    forget(world.store, ana.person.email, now=world.clock.now, organization=UNLISTED)

    assert (number() - before, title(staff).split(" · ")[1][:2]) == (60, "0 ")


def test_a_canceled_session_stays_as_canceled_until_its_day_is_over(staff: StaffWorld) -> None:
    [canceled] = [one for one in staff.world.contract.schedule.sessions if one.cancelled][:1]
    data = staff.visitor().get(path(OFFICE)).data
    [event] = [one for one in strictly_read(data).events if one.uid == f"{canceled.id}@msix-trainings"]
    assert (str(event.summary)[:10], event.status and event.status.value) == ("Canceled: ", "CANCELLED")

    staff.world.clock.now = canceled.period.end + timedelta(days=1)
    assert f"{canceled.id}@msix-trainings" not in uids(staff, OFFICE)


def test_what_is_over_stays_as_long_as_its_people_are_kept(staff: StaffWorld) -> None:
    terms = staff.world.store.session(TRAINERS_SESSION).terms
    staff.world.clock.now = terms.expires - MINUTE
    assert UID in uids(staff, TRAINER)
    staff.world.clock.now = terms.expires
    assert UID not in uids(staff, TRAINER)


def test_programs_ask_whether_there_is_news_and_nobody_else_keeps_it(staff: StaffWorld) -> None:
    visitor = staff.visitor()
    first = visitor.get(path())
    assert (first.content_type, first.headers["Cache-Control"]) == (
        "text/calendar; charset=utf-8",
        "private, no-cache",
    )

    known = {"If-None-Match": first.headers["ETag"]}
    assert visitor.get(path(), headers=known).status_code == 304
    visitor.sign_up(TRAINERS_SESSION)
    assert visitor.get(path(), headers=known).status_code == 200


@pytest.mark.parametrize(
    "token",
    [
        "x",
        TOKENS.feed(TRAINER.email_hash, 1),
        TOKENS.feed("nobody", 0),
        TOKENS.feed(TRAINER.email_hash, 0)[:-1],
    ],
)
def test_another_address_leads_nowhere(staff: StaffWorld, token: str) -> None:
    answer = staff.visitor().get(f"/register/staff/feed/{token}.ics")

    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")
    assert b"VCALENDAR" not in answer.data


def test_it_works_while_its_owner_is_staff(staff: StaffWorld) -> None:
    staff.members.remove(TRAINER)
    assert staff.visitor().get(path()).status_code == 404
    staff.members.append(replace(TRAINER, trainer="yecenia-ocampo"))
    assert UID not in uids(staff, TRAINER)


def test_signing_out_leaves_it_alone(staff: StaffWorld) -> None:
    staff.signed_in(TRAINER).post("/register/staff/out")

    assert staff.visitor().get(path()).status_code == 200


def test_the_first_page_says_how_to_subscribe_and_gives_a_new_address(staff: StaffWorld) -> None:
    visitor = staff.signed_in(TRAINER)
    assert f">{SITE_URL}{path()}</code>" in visitor.get("/register/staff/").text

    sent = visitor.post("/register/staff/feed")
    assert sent.headers["Location"] == "/register/staff/?news=new-feed#subscribe"
    page = visitor.get("/register/staff/?news=new-feed").text
    assert "Your calendar has a new address." in page
    assert path(generation=1) in page
    assert path() not in page
    assert [visitor.get(path(generation=number)).status_code for number in (0, 1)] == [404, 200]
    assert staff.visitor().get(path(OTHER)).status_code == 200


def test_where_a_session_cannot_be_read_there_is_no_feed_rather_than_half_of_it(staff: StaffWorld) -> None:
    staff.world.change(OTHERS_SESSION, snapshot_json="{}")
    answer = staff.visitor().get(path())

    assert answer.status_code >= 500
    assert b"VCALENDAR" not in answer.data
