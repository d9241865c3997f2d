# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every page of the staff desk, those that ask or say no included: for everybody, on any screen, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from register.domain.admission import Admission
from register.domain.model import ChangedBy, Person
from register.web.staff.tokens import SignIn, SignInLink
from schedule.model import Language
from schedule.signup import NAME_LIMIT
from tests.support.audit import NARROW, overflow, problems
from tests.support.browser_visitors import Visit, untranslated, visit
from tests.support.built_site import BuiltSite
from tests.support.desk_visitor import OFFICE, list_staff
from tests.support.running_function import SEATS, SMALL, RunningFunction, running
from tests.support.windows import Windows

DESK = "/register/staff/"
SESSION = f"{DESK}sessions/{SMALL}/"
PEOPLE, MESSAGE, ATTENDANCE = f"{SESSION}people", f"{SESSION}message", f"{SESSION}attendance"
LONG = "Wolfeschlegelsteinhausenbergerdorff" * 5

REPORT = f"Name,Email,Duration (minutes)\n{LONG[:90]},,42\nPerson 1,person1@example.net,90\n"
TEXTS = {
    "subject_en": "Hello",
    "text_en": f"Dear all,\n\nhttps://example.org/{LONG}",
    "subject_es": "Hola",
    "text_es": "¡Hola!",
}
CALLER = {
    "name": "Eva Lara",
    "email": "eva@example.net",
    "organization": LONG[:80],
    "role": "recruiter",
    "language": "en",
}

Step = Callable[[RunningFunction, Visit, str], None]
"""What somebody of the office does until the page is there, in a language."""


@pytest.fixture(scope="module")
def function(site: BuiltSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningFunction]:
    """A function ten minutes before a session that is full, with all that can stand on a roster."""
    home = tmp_path_factory.mktemp("function")
    with running(site, home) as function:
        list_staff(home)
        function.fill(SMALL, SEATS)
        for name, needs in ((LONG[:NAME_LIMIT], f"Silla de ruedas {LONG}"), ("Beto", "")):
            function.sign_up(SMALL, name, f"{name[:40]}@example.org", language=Language.SPANISH, needs=needs)
        store, one = function.application.store, function.sign_up(SMALL, "Carla", "carla@example.org")
        store.cancel(SMALL, one.registration_id, now=function.now, by=ChangedBy.STAFF, staff=OFFICE)
        function.deliver()
        function.now = store.session(SMALL).terms.starts - timedelta(minutes=10)
        store.sign_up(
            SMALL,
            Person("Fidel Gómez", ""),
            registration_id="walk-in",
            now=function.now,
            admission=Admission.WALK_IN,
            by=ChangedBy.STAFF,
            staff=OFFICE,
        )
        yield function


@pytest.fixture
def one(windows: Windows, function: RunningFunction) -> Iterator[Visit]:
    """A narrow window in which nobody has been before."""
    with visit(windows, function, NARROW) as one:
        yield one


def see(path: str) -> Step:
    """Return the step of opening an address without signing in."""

    def step(_: RunningFunction, one: Visit, language: str) -> None:
        one.go(f"{path}{'&' if '?' in path else '?'}lang={language}")

    return step


def signed_in(step: Step) -> Step:
    """Return a step that somebody takes who has signed in."""

    def then(function: RunningFunction, one: Visit, language: str) -> None:
        token = function.application.staff_tokens.sign_in(SignIn(OFFICE, 0), function.now)
        one.page.context.add_cookies([{"name": "staff", "value": token, "url": function.address}])
        step(function, one, language)

    return then


def send(path: str, fields: dict[str, str]) -> Step:
    """Return the step of sending a form."""

    def step(_: RunningFunction, one: Visit, language: str) -> None:
        one.go("/404.html")
        one.post(path, {**fields, "page_language": language})

    return step


def open_link(function: RunningFunction, one: Visit, language: str) -> None:
    """Open a link to sign in."""
    member = next(each for each in function.application.staff() if each.email == OFFICE)
    token = function.application.staff_tokens.link(SignInLink(member.email_hash, "nonce"), function.now)
    one.go(f"{DESK}in/{token}?lang={language}")


def unfold(path: str) -> Step:
    """Return the step of opening a page and all that is folded on it."""

    def step(function: RunningFunction, one: Visit, language: str) -> None:
        see(path)(function, one, language)
        one.page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")

    return step


def person_page(function: RunningFunction, one: Visit, language: str) -> None:
    """Open the page of somebody who waits, with everything that can be done for them."""
    (waiting, *_others) = [each for each in function.application.store.roster(SMALL) if each.person.needs]
    unfold(f"{PEOPLE}/{waiting.registration_id}")(function, one, language)


def wrong_details(function: RunningFunction, one: Visit, language: str) -> None:
    """Correct somebody's details, and leave out all of them."""
    first = function.application.store.roster(SMALL)[0]
    send(f"{PEOPLE}/{first.registration_id}/correct", {"name": "", "email": "ana@"})(function, one, language)


def read_report(function: RunningFunction, one: Visit, language: str) -> None:
    """Upload a report in which somebody is who is on no list."""
    unfold(ATTENDANCE)(function, one, language)
    file = {"name": "report.csv", "mimeType": "text/csv", "buffer": REPORT.encode()}
    one.page.locator("[type=file]").set_input_files(file)
    with one.page.expect_navigation():
        one.page.locator("[formenctype]").click()


PAGES: dict[str, tuple[int, Step]] = {
    "sign in": (200, see(DESK)),
    "sign in, wrong": (422, send(DESK, {"email": "ana@"})),
    "link sent": (200, see(f"{DESK}?sent=yes")),
    "link": (200, open_link),
    "forged link": (404, see(f"{DESK}in/forged")),
    "not signed in": (403, see(SESSION)),
    "first page": (200, signed_in(see(DESK))),
    "search": (200, signed_in(send(f"{DESK}search", {"q": "person"}))),
    "nobody found": (200, signed_in(send(f"{DESK}search", {"q": "xyz"}))),
    "roster": (200, signed_in(see(SESSION))),
    "unknown session": (404, signed_in(see(f"{DESK}sessions/unknown/"))),
    "person": (200, signed_in(person_page)),
    "person, wrong": (422, signed_in(wrong_details)),
    "add": (200, signed_in(see(PEOPLE))),
    "add, wrong": (422, signed_in(send(PEOPLE, {"name": "", "email": "ana@gmial.com"}))),
    "add, full": (409, signed_in(send(PEOPLE, CALLER))),
    "message": (200, signed_in(see(MESSAGE))),
    "message, wrong": (422, signed_in(send(MESSAGE, {"to": "all"}))),
    "message, preview": (200, signed_in(send(MESSAGE, {"to": "all", **TEXTS}))),
    "sheet": (200, signed_in(see(f"{SESSION}sheet"))),
    "attendance": (200, signed_in(unfold(ATTENDANCE))),
    "attendance, wrong": (422, signed_in(send(ATTENDANCE, {"do": "add", "name": "", "email": "ana@"}))),
    "attendance, report": (200, signed_in(read_report)),
    "attendance, too early": (200, signed_in(see(f"{DESK}sessions/2027-01-14-overview/attendance"))),
    "report": (200, signed_in(see(f"{DESK}report"))),
}


def open_page(function: RunningFunction, one: Visit, name: str, language: str) -> None:
    """Open one of the pages, and see that it is the one, in the language all through."""
    status, step = PAGES[name]
    step(function, one, language)
    assert (one.window.answers[-1], one.language()) == (status, language)
    assert untranslated(one, language) == []


@pytest.mark.parametrize("name", PAGES)
def test_each_page_of_the_desk_is_for_everybody_on_any_screen(
    one: Visit, function: RunningFunction, name: str
) -> None:
    open_page(function, one, name, "en")
    found = problems(one.window)
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("name", PAGES)
def test_each_page_of_the_desk_speaks_spanish_and_fits_a_small_phone(
    one: Visit, function: RunningFunction, name: str
) -> None:
    open_page(function, one, name, "es")
    assert (overflow(one.page), one.window.said, one.window.foreign) == ([], [], [])


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", PAGES)
def test_all_rules_hold_for_each_page_of_the_desk(
    one: Visit, function: RunningFunction, name: str, language: str
) -> None:
    open_page(function, one, name, language)
    found = problems(one.window, all_rules=True)
    assert found == [], "\n".join(found)
