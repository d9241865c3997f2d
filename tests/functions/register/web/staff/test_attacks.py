# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody with bad intentions tries on the staff desk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.test import Client, TestResponse

from register.domain.rate_limits import Rate
from register.domain.staff import StaffMember
from register.domain.wishes import WishPurpose
from register.settings.staff import from_file
from register.stores.errors import StoreUnavailable
from register.stores.sqlite.store import SQLiteStore
from register.web.staff.app import create_desk
from register.web.staff.tokens import SignIn, StaffTokens
from tests.support.constants import HOUR, NOON, SECOND
from tests.support.staff import (
    OFFICE,
    OTHERS_SESSION,
    TOKENS,
    TRAINER,
    TRAINERS_SESSION,
    StaffWorld,
    keep,
    kept,
)
from tests.support.visitors import LIMITS, SECRETS, Visitor, broken, heading

STAFF = "/register/staff/"
SEARCH = "/register/staff/search"


def is_signed_in(visitor: Visitor) -> bool:
    return "Signed in as" in visitor.get(STAFF).text


def with_cookie(visitor: Visitor, path: str, cookie: str) -> TestResponse:
    """Return the answer to a request with a header that no browser would write."""
    return visitor.get(path, headers={"Cookie": cookie})


def test_a_cookie_that_was_planted_before_is_not_the_one_that_signs_in(staff: StaffWorld) -> None:
    visitor = staff.visitor()
    keep(visitor, "planted")
    visitor.post(staff.link())

    assert kept(visitor) != "planted"
    assert is_signed_in(visitor)
    other = staff.visitor()
    keep(other, "planted")
    assert not is_signed_in(other)


def test_a_browser_that_is_signed_in_as_somebody_else_becomes_who_the_link_is_for(staff: StaffWorld) -> None:
    visitor = staff.signed_in(TRAINER)
    visitor.post(staff.link(OFFICE))

    assert "Signed in as <b>office@example.org</b>" in visitor.get(STAFF).text


def test_a_used_link_is_nothing_to_whoever_finds_it(staff: StaffWorld) -> None:
    path = staff.link()
    staff.visitor().post(path)
    thief = staff.visitor()
    thief.post(path)

    assert not is_signed_in(thief)


def test_of_two_who_press_the_button_at_once_one_is_signed_in(staff: StaffWorld, tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "register.sqlite3")
    path, start, answers = staff.link(), threading.Barrier(2), []

    def press(visitor: Visitor) -> None:
        start.wait(timeout=10)
        answers.append(visitor.post(path).status_code)

    threads = [threading.Thread(target=press, args=[staff.visitor(store=store)]) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    store.close()

    assert sorted(answers) == [303, 410]


def test_a_program_that_opens_the_links_of_an_email_uses_none_up(staff: StaffWorld) -> None:
    path, before = staff.link(), staff.world.snapshot()
    scanner = staff.visitor()
    answers = [scanner.get(path), scanner.get(path), scanner.client.head(path)]

    assert ([one.status_code for one in answers], kept(scanner)) == ([200, 200, 200], None)
    assert staff.world.snapshot() == before
    assert staff.visitor().post(path).status_code == 303


def test_a_stranger_who_uses_up_the_other_forms_locks_no_one_out(staff: StaffWorld) -> None:
    visitor = staff.visitor(limits=replace(LIMITS, recipient=Rate(1, HOUR)))
    for path in ("/register/link", "/register/link", STAFF):
        visitor.post(path, {"email": OFFICE.email, "page_language": "en"})

    asked = [wish.purpose for wish in staff.world.store.wished.values()]
    assert asked == [WishPurpose.LOST_LINK, WishPurpose.STAFF_LINK]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://trainings.example.org", ""])
@pytest.mark.parametrize("path", [STAFF, "in", "/register/staff/out", SEARCH])
def test_a_form_on_another_site_does_nothing(staff: StaffWorld, path: str, origin: str) -> None:
    visitor, path = staff.signed_in(), staff.link() if path == "in" else path
    before, cookie = staff.world.snapshot(), kept(visitor)
    answer = visitor.post(path, {"email": OFFICE.email, "q": "ana"}, headers={"Origin": origin})

    assert (answer.status_code, heading(answer)) == (400, "Please use the form on this site")
    assert (staff.world.snapshot(), kept(visitor)) == (before, cookie)
    assert is_signed_in(visitor)


def altered(cookie: str) -> str:
    """Return a cookie that names somebody else under the same signature."""
    evil = TOKENS.sign_in(SignIn("evil@example.org", 0), NOON)
    return ".".join([evil.split(".")[0], *cookie.split(".")[1:]])


FORGERIES: dict[str, Callable[[StaffWorld], str]] = {
    "other secret": lambda staff: StaffTokens(["another"]).sign_in(
        SignIn(OFFICE.email, 0), staff.world.clock.now
    ),
    "other person": lambda staff: altered(staff.cookie()),
    "cut": lambda staff: staff.cookie()[:-3],
    "another generation": lambda staff: staff.cookie(generation=1),
    "an older generation": lambda staff: staff.cookie(generation=-1),
    "of nobody": lambda staff: staff.cookie(StaffMember("nobody@example.org")),
    "link": lambda staff: staff.link().rsplit("/", 1)[1],
    "empty": lambda _staff: "",
    "dots": lambda _staff: "..",
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_cookie_opens_nothing(staff: StaffWorld, forgery: str) -> None:
    visitor = staff.visitor()
    keep(visitor, FORGERIES[forgery](staff))

    assert not is_signed_in(visitor)
    assert visitor.post(SEARCH, {"q": "ana"}).status_code == 403


@pytest.mark.parametrize(
    "cookie",
    [
        "__Host-staff=\xff\xfe",
        "__Host-staff=\x80.a.b",
        "__Host-staff=ñ.ñ",
        '__Host-staff="\\377\\000"',
        "__Host-staff",
        "=; ;;__Host-staff=;",
        "__Host-staff-lang=xx\xff; __Host-staff=a",
        "__Host-staff-lang=es%0d%0aX-Evil:1",
        f"__Host-staff={'x' * 9000}",
    ],
)
def test_odd_bytes_in_a_cookie_are_nobodys(staff: StaffWorld, cookie: str) -> None:
    answer = with_cookie(staff.visitor(use_cookies=False), SEARCH, cookie)
    assert (answer.status_code, heading(answer)) == (403, "Sign in to the staff desk")


def test_an_older_secret_still_signs_in_until_it_is_dropped(staff: StaffWorld) -> None:
    visitor = staff.visitor()
    keep(visitor, StaffTokens(SECRETS[1:]).sign_in(SignIn(OFFICE.email, 0), staff.world.clock.now))

    assert is_signed_in(visitor)


def test_somebody_who_is_taken_off_the_list_is_out_within_a_minute(staff: StaffWorld, tmp_path: Path) -> None:
    file, clock = tmp_path / "staff.toml", staff.world.clock
    file.write_text('[[staff]]\nemail = "office@example.org"\n')
    visitor = staff.visitor(staff=from_file(file, lambda: clock.now))
    keep(visitor, staff.cookie())
    assert is_signed_in(visitor)
    file.write_text('[[staff]]\nemail = "somebody@example.org"\n')
    clock.now += timedelta(seconds=60) + SECOND

    assert not is_signed_in(visitor)


def test_a_list_that_has_become_wrong_lets_nobody_in(staff: StaffWorld, tmp_path: Path) -> None:
    file, clock = tmp_path / "staff.toml", staff.world.clock
    file.write_text("[[staff]\n")
    visitor = staff.visitor(staff=from_file(file, lambda: clock.now))
    keep(visitor, staff.cookie())

    assert not is_signed_in(visitor)


@pytest.mark.parametrize(
    "query", ["lang=es%0d%0aSet-Cookie:%20a=b", "lang=xx", "news=a%0d%0aX-Evil:1", "news=<b>"]
)
def test_nothing_that_an_address_asks_for_reaches_a_header_or_the_page(staff: StaffWorld, query: str) -> None:
    answer = staff.signed_in().get(f"{STAFF}?{query}")

    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "X-Evil" not in str(answer.headers) + answer.text
    assert 'class="news"' not in answer.text


def test_what_a_form_sends_as_language_reaches_no_header(staff: StaffWorld) -> None:
    answer = staff.visitor().post(STAFF, {"email": OFFICE.email, "page_language": "es\r\nX-Evil: 1"})

    assert answer.headers["Location"] == f"{STAFF}?sent=yes&lang=en"


def sent(visitor: Visitor, size: int) -> TestResponse:
    return visitor.post(SEARCH, {"q": "ana", "padding": "x" * size})


def test_who_has_not_signed_in_may_send_no_more_than_a_visitor(staff: StaffWorld) -> None:
    for path in (STAFF, SEARCH, staff.link()):
        answer = staff.visitor().post(path, {"email": OFFICE.email, "padding": "x" * 9000})
        assert (answer.status_code, heading(answer)) == (413, "That’s more text than we can take")
    assert staff.world.store.wished == {}


def test_staff_may_send_what_a_long_list_of_ticks_takes_and_no_more(staff: StaffWorld) -> None:
    visitor = staff.signed_in()

    assert [sent(visitor, size).status_code for size in (9000, 250_000, 263_000)] == [200, 200, 413]


def test_another_trainers_session_and_one_that_is_not_there_are_answered_alike(staff: StaffWorld) -> None:
    """By what every page of a session asks first."""
    desk = staff.desk()
    app = create_desk(desk)
    app.add_url_rule(
        f"{STAFF}try/<session_id>", "try", lambda session_id: desk.session(session_id).session.id
    )
    visitor = Visitor(Client(app))
    keep(visitor, staff.cookie(TRAINER))
    mine, others, unknown = (
        visitor.get(f"{STAFF}try/{session_id}")
        for session_id in (TRAINERS_SESSION, OTHERS_SESSION, "2026-12-02-nothing")
    )

    assert (mine.status_code, mine.text) == (200, TRAINERS_SESSION)
    assert (others.status_code, heading(others)) == (404, "We can’t find this session")
    assert (others.data, sorted(others.headers)) == (unknown.data, sorted(unknown.headers))


def test_while_the_store_does_not_answer_nobody_is_let_in(staff: StaffWorld) -> None:
    store = broken(staff.world.store, StoreUnavailable("the store is down"), "staff_account")
    visitor = staff.visitor(store=store)
    keep(visitor, staff.cookie())
    answer = visitor.get(STAFF)

    assert (answer.status_code, heading(answer)) == (503, "Our system isn’t responding right now")
    assert "Signed in as" not in answer.text
