# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing in by a link in an email, once and for twelve hours; and out, everywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from register.domain.rate_limits import Rate
from register.domain.wishes import Wish, WishPurpose
from register.web.staff.contexts import Hint
from register.web.staff.tokens import LINK_LASTS, SIGN_IN_LASTS, SignIn
from schedule.model import Language
from tests.support.constants import HOUR, NOON, SECOND
from tests.support.staff import OFFICE, OTHER, TOKENS, TRAINER, StaffWorld, keep, kept
from tests.support.visitors import LIMITS, heading, parsed

STAFF = "/register/staff/"


def test_asking_for_the_link_records_a_wish_and_nothing_else(staff: StaffWorld) -> None:
    visitor, store = staff.visitor(), staff.world.store
    answer = visitor.post(STAFF, {"email": " Office@Example.org ", "page_language": "es"})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{STAFF}?sent=yes&lang=es")
    [wish] = store.wished.values()
    assert wish == Wish(wish.wish_id, WishPurpose.STAFF_LINK, "Office@example.org", Language.SPANISH, NOON)
    assert (store.outbox, staff.world.woken) == ({}, [NOON])


def test_the_answer_is_the_same_for_every_address_and_tells_nobody_who_is_staff(staff: StaffWorld) -> None:
    known, unknown = (
        staff.visitor().post(STAFF, {"email": email, "page_language": "en"})
        for email in (OFFICE.email, "nobody@example.org")
    )

    assert (known.status_code, known.data, dict(known.headers)) == (
        unknown.status_code,
        unknown.data,
        dict(unknown.headers),
    )
    page = staff.visitor().follow(known)
    assert heading(page) == "Check your email"
    assert "If that email address is on the staff list" in page.text


def test_limits_are_those_of_sign_ups(staff: StaffWorld) -> None:
    of_one_network = staff.visitor(limits=replace(LIMITS, client=Rate(2, HOUR)))
    answers = [of_one_network.post(STAFF, {"email": f"a{number}@example.org"}) for number in range(3)]
    assert [one.status_code for one in answers] == [303, 303, 429]
    assert (heading(answers[2]), answers[2].headers["Retry-After"]) == ("Too many requests", "3600")

    staff.world.clock.now += 2 * HOUR
    staff.world.store.wished.clear()
    to_one_mailbox = staff.visitor(limits=replace(LIMITS, recipient=Rate(1, HOUR)))
    answers = [to_one_mailbox.post(STAFF, {"email": OFFICE.email}) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert len(staff.world.store.wished) == 1


def test_what_is_no_email_address_is_said_and_kept(staff: StaffWorld) -> None:
    answer = staff.visitor().post(STAFF, {"email": "office@", "page_language": "en"})

    assert answer.status_code == 422
    assert parsed(answer).title.startswith("Error: Sign in to the staff desk")
    assert 'value="office@"' in answer.text
    assert staff.world.store.hits == {}


def test_a_machine_that_fills_in_the_trap_is_answered_alike(staff: StaffWorld) -> None:
    before = staff.world.snapshot()
    answer = staff.visitor().post(STAFF, {"email": OFFICE.email, "leave_empty": "x", "page_language": "en"})

    assert answer.headers["Location"] == f"{STAFF}?sent=yes&lang=en"
    assert staff.world.snapshot() == before


def test_the_link_shows_whom_it_signs_in_and_its_button_does_so(staff: StaffWorld) -> None:
    visitor, path = staff.visitor(), staff.link(TRAINER)
    page = visitor.get(path)
    assert (page.status_code, "uriel@example.org" in page.text) == (200, True)
    (form,) = parsed(page).all("form")
    assert form == {"method": "post", "action": path}

    answer = visitor.post(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, STAFF)
    first = visitor.get(STAFF)
    assert (first.status_code, heading(first)) == (200, "Staff desk")
    assert "Signed in as <b>uriel@example.org</b>" in first.text


def test_the_cookie_is_the_sites_own_for_twelve_hours_and_no_script_reads_it(staff: StaffWorld) -> None:
    answer = staff.visitor().post(staff.link())
    name, rest = answer.headers["Set-Cookie"].split("=", 1)
    value, *attributes = rest.split("; ")

    assert name == "__Host-staff"
    assert TOKENS.read_sign_in(value, NOON) == SignIn(OFFICE.email, 0)
    assert {each for each in attributes if not each.startswith("Expires=")} == {
        "Secure",
        "HttpOnly",
        "Max-Age=43200",
        "Path=/",
        "SameSite=Lax",
    }


def test_over_plain_http_the_cookie_has_another_name_that_a_browser_keeps(staff: StaffWorld) -> None:
    visitor = staff.visitor(site_url="http://localhost:8000")
    answer = visitor.post(staff.link(), headers={"Origin": "http://localhost:8000"})

    assert answer.headers["Set-Cookie"].startswith("staff=")
    assert "Secure" not in answer.headers["Set-Cookie"]
    assert visitor.get(STAFF).text.count("Signed in as") == 1


def test_a_link_is_good_for_a_quarter_of_an_hour(staff: StaffWorld) -> None:
    path = staff.link()
    staff.world.clock.now += LINK_LASTS - SECOND
    assert staff.visitor().get(path).status_code == 200
    staff.world.clock.now += SECOND
    for answer in (staff.visitor().get(path), staff.visitor().post(path)):
        assert (answer.status_code, "Set-Cookie" in answer.headers) == (410, False)
        assert "This link no longer works" in answer.text


def test_a_link_signs_in_once(staff: StaffWorld) -> None:
    path = staff.link()
    assert staff.visitor().post(path).status_code == 303
    again = staff.visitor().post(path)

    assert (again.status_code, "Set-Cookie" in again.headers) == (410, False)
    # Its nonce stays used for longer than any email is sent again.
    staff.world.clock.now += timedelta(hours=23)
    assert staff.visitor().post(staff.link()).status_code == 410


def test_whoever_presses_the_button_twice_is_signed_in_all_the_same(staff: StaffWorld) -> None:
    visitor, path = staff.visitor(), staff.link()
    answers = [visitor.post(path) for _ in range(2)]

    assert [one.headers.get("Location") for one in answers] == [STAFF, STAFF]


def test_a_link_that_is_not_whole_says_so_and_offers_a_new_one(staff: StaffWorld) -> None:
    for path in (f"{staff.link()}x", "/register/staff/in/x", f"/register/staff/in/{staff.cookie()}"):
        answer = staff.visitor().get(path)
        assert (answer.status_code, "This link doesn’t work" in answer.text) == (404, True)
        assert f'<form method="post" action="{STAFF}"' in answer.text


def test_a_link_of_somebody_who_was_taken_off_the_list_no_longer_works(staff: StaffWorld) -> None:
    path = staff.link()
    staff.members.remove(OFFICE)

    assert [staff.visitor().get(path).status_code, staff.visitor().post(path).status_code] == [410, 410]


def test_signing_out_ends_it_on_all_devices(staff: StaffWorld) -> None:
    one, another, somebody_else = staff.signed_in(), staff.signed_in(), staff.signed_in(TRAINER)
    answer = one.post("/register/staff/out")

    assert answer.headers["Location"] == f"{STAFF}?news=signed-out"
    assert kept(one) is None
    assert "You are signed out, on all your devices." in one.follow(answer).text
    assert ["Signed in as" in each.get(STAFF).text for each in (one, another, somebody_else)] == [
        False,
        False,
        True,
    ]


def test_signing_in_again_after_signing_out_works(staff: StaffWorld) -> None:
    visitor = staff.signed_in()
    visitor.post("/register/staff/out")
    visitor.post(staff.link(nonce="another"))

    assert "Signed in as" in visitor.get(STAFF).text


def test_somebody_stays_signed_in_for_twelve_hours(staff: StaffWorld) -> None:
    visitor = staff.signed_in()
    staff.world.clock.now += SIGN_IN_LASTS - SECOND
    assert "Signed in as" in visitor.get(STAFF).text
    staff.world.clock.now += SECOND
    assert "Signed in as" not in visitor.get(STAFF).text


def test_pages_are_in_the_members_language_and_keep_another_that_is_asked_for(staff: StaffWorld) -> None:
    visitor = staff.signed_in(OTHER)
    assert heading(visitor.get(STAFF)) == "Páginas del personal"
    assert heading(visitor.get(f"{STAFF}?lang=en")) == "Staff desk"
    assert heading(visitor.get(STAFF)) == "Staff desk"
    # What a form says goes before, for that is what was on the screen.
    assert heading(visitor.post("/register/staff/search", {"q": "a", "page_language": "es"})) == (
        "Buscar a una persona"
    )


@pytest.mark.parametrize("path", [STAFF, f"{STAFF}?sent=yes"])
def test_where_it_is_tried_out_the_page_says_how_to_sign_in(staff: StaffWorld, path: str) -> None:
    words = "You’re trying this out: sign in as office@example.org. The email lands in var/mail."

    assert words in staff.visitor(hint=lambda: Hint("office@example.org", "var/mail")).get(path).text
    assert "trying this out" not in staff.visitor().get(path).text


def test_no_page_is_kept_or_shown_by_search_engines(staff: StaffWorld) -> None:
    for page in (staff.visitor().get(STAFF), staff.signed_in().get(STAFF), staff.visitor().get(staff.link())):
        assert (page.headers["Cache-Control"], page.headers["X-Robots-Tag"]) == ("no-store", "noindex")
        assert '<meta name="robots" content="noindex">' in page.text
        assert "<script" not in page.text


def test_the_address_without_its_slash_leads_to_the_desk_too(staff: StaffWorld) -> None:
    assert heading(staff.visitor().get("/register/staff")) == "Sign in to the staff desk"


def test_a_cookie_is_kept_apart_from_a_link_and_a_feed(staff: StaffWorld) -> None:
    visitor = staff.visitor()
    for token in (staff.link().rsplit("/", 1)[1], TOKENS.feed(OFFICE.email_hash, 0)):
        keep(visitor, token)
        assert "Signed in as" not in visitor.get(STAFF).text


def test_a_link_of_an_email_asks_to_sign_in_first_and_a_form_says_that_nothing_was_saved(
    staff: StaffWorld,
) -> None:
    opened, sent = staff.visitor().get(f"{STAFF}report"), staff.visitor().post(f"{STAFF}search", {"q": "ana"})

    assert "Please sign in first. Then open the page or the link again." in opened.text
    assert "nothing was saved" in sent.text
    assert ("Error:" in opened.text, "Error:" in sent.text) == (False, True)
