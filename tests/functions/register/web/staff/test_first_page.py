# SPDX-License-Identifier: AGPL-3.0-or-later
"""The first page of the staff desk: which sessions, how full, and what to do about each."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from register.domain.model import ChangedBy
from register.stores.errors import Damaged
from register.web.pages import Pages
from tests.support.builders import People, person
from tests.support.constants import HOUR, MINUTE, NOON, ROOT, SECOND
from tests.support.staff import OFFICE, OTHER, OTHERS_SESSION, TRAINER, TRAINERS_SESSION, StaffWorld, keep
from tests.support.visitors import CALLED_OFF, IN_PERSON, broken

STAFF = "/register/staff/"
EARLY = NOON - timedelta(days=20)


def row(text: str, session_id: str) -> str:
    """Return what the page says of a session, without its tags."""
    found = next(
        each
        for each in re.split(r'<li>\n<time class="tile', text)[1:]
        if f"{STAFF}sessions/{session_id}/" in each
    )
    words = re.sub(r"<[^>]+>", " ", found.split("</li>")[0].split(">", 1)[1].split("</div>")[0])
    return " ".join(words.replace("\u00a0", " ").split())


def people(staff: StaffWorld) -> People:
    return People(staff.world.store, EARLY)


def test_the_office_sees_all_sessions_and_a_trainer_their_own(staff: StaffWorld) -> None:
    seen = {
        member.email: set(
            re.findall(rf'href="{STAFF}sessions/([^/"]+)/"', staff.signed_in(member).get(STAFF).text)
        )
        for member in (OFFICE, TRAINER, OTHER)
    }
    sessions = staff.world.contract.schedule.sessions

    assert seen[OFFICE.email] == {session.id for session in sessions}
    for member in (TRAINER, OTHER):
        assert seen[member.email] == {
            session.id
            for session in sessions
            if any(trainer.slug == member.trainer for trainer in session.trainers)
        }


@pytest.mark.parametrize(
    ("lang", "link"),
    [("en", '<a href="/edit/">Edit the site</a>'), ("es", '<a href="/es/edit/">Editar el sitio</a>')],
)
def test_who_has_signed_in_finds_the_editor_on_a_site_that_has_one(
    staff: StaffWorld, lang: str, link: str
) -> None:
    pages = Pages(ROOT / "theme", replace(staff.world.site.told, editor=True))
    first = f"{STAFF}?lang={lang}"

    assert link in staff.signed_in(pages=pages).get(first).text
    assert link not in staff.signed_in().get(first).text
    assert link not in staff.visitor(pages=pages).get(first).text


def test_a_session_says_how_full_it_is_who_waits_needs_something_and_got_no_email(staff: StaffWorld) -> None:
    staff.world.fill(IN_PERSON, 2)
    some = people(staff)
    some.sign_up("Ana Núñez", session_id=IN_PERSON, needs="An interpreter")
    some.sign_up("Bea Soto", "Carlos Peña", session_id=IN_PERSON)
    [gone] = some.sign_up("Delia Ruiz", session_id=IN_PERSON, needs="Large print")
    some.cancel(gone.registration)
    staff.world.store.bounced("beasoto@example.net", "550 no such user", now=NOON)
    text = staff.signed_in().get(STAFF).text

    assert row(text, IN_PERSON) == (
        "Dec 10 Thu Secondary User Thu, Dec 10, 9:00–11:00 a.m. 2 of 2 seats · 1 waiting 1 need 1 email failed "
        "Call people whose email didn’t arrive See what people need"
    )
    assert (
        row(text, TRAINERS_SESSION) == "Dec 3 Thu CA MSIX Overview Thu, Dec 3, 10:00–11:30 a.m. 0 of 40 seats"
    )
    assert row(text, CALLED_OFF).startswith(
        "Feb 9 Tue User Administrator Tue, Feb 9, 1:00–3:00 p.m. Canceled 0 of"
    )


def test_an_email_that_was_given_up_counts_until_somebody_dismisses_it(staff: StaffWorld) -> None:
    people(staff).sign_up("Ana Núñez", session_id=TRAINERS_SESSION)
    store = staff.world.store
    delivery = store.claim(now=NOON, lease=HOUR)
    assert delivery is not None
    store.settle_failed(delivery.message, now=NOON, problem="550")

    assert "1 email failed Call people" in row(staff.signed_in().get(STAFF).text, TRAINERS_SESSION)


def test_a_failed_email_is_over_once_a_newer_one_was_sent(staff: StaffWorld) -> None:
    [ana] = people(staff).sign_up("Ana Núñez", session_id=TRAINERS_SESSION)
    store, registration = staff.world.store, ana.registration
    first = store.claim(now=NOON, lease=HOUR)
    assert first is not None
    store.settle_failed(first.message, now=NOON, problem="550")
    store.resend(TRAINERS_SESSION, registration.registration_id, now=NOON, by=ChangedBy.STAFF, staff="")
    second = store.claim(now=NOON, lease=HOUR)
    assert second is not None
    store.settle_sent(second.message, now=NOON)

    assert "email failed" not in row(staff.signed_in().get(STAFF).text, TRAINERS_SESSION)


@pytest.mark.parametrize(
    ("before_start", "link", "is_missed"),
    [
        (timedelta(days=2) + SECOND, None, False),
        (timedelta(days=2), None, True),
        (timedelta(0), None, True),
        (timedelta(days=2), "https://meet.example.org/j/1", False),
    ],
)
def test_a_link_to_join_that_people_do_not_have_yet_is_told(
    staff: StaffWorld, before_start: timedelta, link: str | None, is_missed: bool
) -> None:
    people(staff).sign_up("Ana Núñez", session_id=TRAINERS_SESSION)
    store = staff.world.store
    known = store.session(TRAINERS_SESSION)
    store.sync_session(replace(known.terms, join_url=link), None, expected=known)
    staff.world.clock.now = known.terms.starts - before_start

    told = "People don’t have the link to join yet: please tell the office"
    assert (told in row(staff.signed_in().get(STAFF).text, TRAINERS_SESSION)) == is_missed


def test_the_first_page_is_in_spanish_for_people_who_read_it(staff: StaffWorld) -> None:
    People(staff.world.store, EARLY).sign_up("Ana Núñez", session_id=OTHERS_SESSION, needs="x")

    assert row(staff.signed_in(OTHER).get(STAFF).text, OTHERS_SESSION).endswith(
        "1 de 20 lugares 1 necesidad Ver qué necesitan las personas"
    )


@pytest.mark.parametrize(
    ("before_start", "to_do"),
    [
        (timedelta(days=2) + SECOND, ""),
        (timedelta(days=2), " Print the sign-in sheet"),
        (HOUR + SECOND, " Print the sign-in sheet"),
        (HOUR, " Take attendance Print the sign-in sheet"),
        (timedelta(0), " Take attendance"),
        (timedelta(days=-20), " Take attendance"),
    ],
)
def test_what_is_to_do_comes_when_it_is_time(staff: StaffWorld, before_start: timedelta, to_do: str) -> None:
    people(staff).sign_up("Ana Núñez", session_id=IN_PERSON)
    staff.world.clock.now = staff.world.store.session(IN_PERSON).terms.starts - before_start

    assert row(staff.signed_in().get(STAFF).text, IN_PERSON).partition("seats")[2] == to_do


def test_attendance_is_to_do_until_everybody_is_ticked_and_as_long_as_people_may_walk_in(
    staff: StaffWorld,
) -> None:
    [signed_up] = people(staff).sign_up("Ana Núñez", session_id=IN_PERSON)
    store, clock = staff.world.store, staff.world.clock
    terms = store.session(IN_PERSON).terms
    clock.now = terms.starts
    store.attend(
        IN_PERSON,
        signed_up.registration.registration_id,
        attended=False,
        expected=None,
        now=clock.now,
        staff=OFFICE.email,
    )
    said = []
    for clock.now in (terms.starts, terms.ends - SECOND, terms.ends):
        said.append("Take attendance" in row(staff.signed_in().get(STAFF).text, IN_PERSON))

    assert said == [True, True, False]


def test_a_free_seat_that_nobody_is_given_any_more_is_told(staff: StaffWorld) -> None:
    staff.world.fill(TRAINERS_SESSION, 1)
    some = people(staff)
    [seated, _waiting] = some.sign_up("Ana Núñez", "Bea Soto", session_id=TRAINERS_SESSION)
    staff.world.clock.now = staff.world.store.session(TRAINERS_SESSION).terms.starts - 30 * MINUTE
    some.now = staff.world.clock.now
    some.cancel(seated.registration, ChangedBy.STAFF)

    assert "A seat is free and people wait: give it to someone" in staff.signed_in().get(STAFF).text


def test_sessions_that_are_over_stay_for_four_weeks_the_newest_first(staff: StaffWorld) -> None:
    store, visitor = staff.world.store, staff.signed_in
    ends = store.session(OTHERS_SESSION).terms.ends
    staff.world.clock.now = ends + timedelta(weeks=4) - SECOND
    past = visitor().get(STAFF).text.partition("The last four weeks")[2]
    found = re.findall(rf'href="{STAFF}sessions/(20[^/"]+)/"', past)

    assert found[-2:] == [TRAINERS_SESSION, OTHERS_SESSION]
    staff.world.clock.now += SECOND
    assert OTHERS_SESSION not in visitor().get(STAFF).text


def test_a_session_that_has_just_ended_is_the_first_one(staff: StaffWorld) -> None:
    ends = staff.world.store.session(OTHERS_SESSION).terms.ends
    staff.world.clock.now = ends + timedelta(hours=12) - SECOND
    page = staff.signed_in().get(STAFF).text
    first = re.findall(rf'href="{STAFF}sessions/(20[^/"]+)/"', page.partition("Coming up")[2])[0]

    assert first == OTHERS_SESSION
    staff.world.clock.now += SECOND
    page = staff.signed_in().get(STAFF).text
    assert OTHERS_SESSION in page.partition("The last four weeks")[2]


def test_a_list_that_cannot_be_read_costs_nobody_the_others(staff: StaffWorld) -> None:
    people(staff).sign_up("Ana Núñez", session_id=TRAINERS_SESSION)
    store = broken(staff.world.store, Damaged("a registration", "state", "is odd"), "roster")
    visitor = staff.visitor(store=store)
    keep(visitor, staff.cookie())

    assert row(visitor.get(STAFF).text, TRAINERS_SESSION).endswith(
        "1 of 40 seats This list can’t be read: please tell the office"
    )


def test_a_page_of_people_who_are_named_in_html_shows_it_as_text(staff: StaffWorld) -> None:
    registration_id = "rid-9"
    staff.world.store.sign_up(
        TRAINERS_SESSION,
        person('Ana <script>alert("1")</script>', email="ana@example.org"),
        registration_id=registration_id,
        now=EARLY,
    )
    text = staff.signed_in().post(f"{STAFF}search", {"q": "ana"}).text

    assert "<script" not in text
    assert "Ana &lt;script&gt;" in text


def test_the_desk_writes_no_name_into_the_log(staff: StaffWorld, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="register")
    visitor = staff.visitor()
    visitor.post(staff.link())
    visitor.post(f"{STAFF}search", {"q": "secret words"})

    said = caplog.text
    assert "POST /register/staff/in/<token> 303" in said
    assert [word for word in ("secret", "office@", staff.link()) if word in said] == []
