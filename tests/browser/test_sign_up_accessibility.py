# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every page of the sign-up function, those that say no included: for everybody, on any screen, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from register.domain.errors import LimitReached
from register.domain.identity import hash_of
from register.domain.model import ChangedBy, State
from register.stores.errors import StoreUnavailable
from register.web.tokens import Receipt
from schedule.model import Language
from schedule.signup import NAME_LIMIT
from tests.support.audit import problems
from tests.support.browser_visitors import Visit, untranslated, visit
from tests.support.built_site import BuiltSite
from tests.support.constants import HOUR, NOON
from tests.support.running_function import (
    CALLED_OFF,
    CLOSED,
    ONLINE,
    PARENTS,
    SEATS,
    SMALL,
    RunningFunction,
    running,
)
from tests.support.windows import Windows

TO_BE_CANCELLED = "2027-03-09-secondary-user"
OTHER_DATE = "2027-01-14-overview"
LOST = "/register/link"
LONG = "Wolfeschlegelsteinhausenbergerdorff" * 5

Step = Callable[[RunningFunction, Visit, str], None]
"""What somebody does until the page is there, in a language."""


@pytest.fixture(scope="module")
def shared_function(site: BuiltSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningFunction]:
    """A function with a session that is full, and one that people hear is cancelled."""
    with running(site, tmp_path_factory.mktemp("function")) as function:
        function.fill(SMALL, SEATS + 1)
        yield function


@pytest.fixture
def one(windows: Windows, function: RunningFunction) -> Iterator[Visit]:
    """A narrow window in which nobody has been before."""
    with visit(windows, function, 320) as one:
        yield one


@pytest.fixture
def function(shared_function: RunningFunction) -> Iterator[RunningFunction]:
    """The same, at its usual time and with nothing broken."""
    yield shared_function
    shared_function.now = NOON
    shared_function.store.fails.clear()


def person(language: str, **changes: str) -> dict[str, str]:
    """Return what a form sends; of another person in each language."""
    said = {
        "page_language": language,
        "name": f"{LONG[: NAME_LIMIT - 3]} {language}",
        "email": f"{LONG[:60]}@{'long-name.' * 6}{language}.example.org",
        "organization": "Yolo COE",
        "role": "recruiter",
        "language": language,
        "needs": "",
        "consent": "yes",
    }
    return said | changes


def send(session: str, **changes: str) -> Step:
    """Return the step of sending the form of a session."""

    def step(_: RunningFunction, one: Visit, language: str) -> None:
        one.go("/404.html")
        one.post(f"/register/{session}", person(language, **changes))

    return step


def ask(address: str, path: str = LOST, *, known: bool = True) -> Step:
    """Return the step of sending the form for a lost mail; where it cannot be read, the address says the language."""

    def step(_: RunningFunction, one: Visit, language: str) -> None:
        one.go("/404.html")
        action = path if known else f"{path}?lang={language}"
        one.post(action, {"page_language": language, "email": address})

    return step


def see(path: str) -> Step:
    """Return the step of opening an address."""

    def step(_: RunningFunction, one: Visit, language: str) -> None:
        one.go(f"{path}{'&' if '?' in path else '?'}lang={language}")

    return step


def own(session: str, *, cancelled: bool = False) -> Step:
    """Return the step of opening the personal link of somebody, who may have cancelled."""

    def step(function: RunningFunction, one: Visit, language: str) -> None:
        email = f"own-{cancelled}-{language}@example.org"
        registration = function.sign_up(session, f"{LONG} {cancelled}", email, language=Language(language))
        if cancelled:
            function.application.store.cancel(
                session, registration.registration_id, now=function.now, by=ChangedBy.PERSON
            )
        one.go(function.manage_url(registration))

    return step


def opened(step: Step) -> Step:
    """Return a step after which all that folds is open."""

    def then(function: RunningFunction, one: Visit, language: str) -> None:
        step(function, one, language)
        one.page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")

    return then


def wrong_details(function: RunningFunction, one: Visit, language: str) -> None:
    """Send the form that corrects with nothing in it."""
    own(SMALL)(function, one, language)
    one.post(f"{one.path}/correct", {"page_language": language})


def corrected_address(function: RunningFunction, one: Visit, language: str) -> None:
    """Correct one's email address."""
    own(PARENTS)(function, one, language)
    one.post(
        f"{one.path}/correct", person(language, email=f"new-{len(function.roster(PARENTS))}@example.org")
    )


def moved(function: RunningFunction, one: Visit, language: str) -> None:
    """Move to another date, and open the old link again."""
    own(ONLINE)(function, one, language)
    path = one.path
    one.post(f"{path}/move", {"page_language": language, "session": OTHER_DATE})
    one.go(path)


def mine(function: RunningFunction, one: Visit, language: str) -> None:
    """Open the page of all registrations of an address, past and canceled ones too."""
    email = f"{LONG[:50]}-mine-{language}@example.org"
    for session in (ONLINE, SMALL, OTHER_DATE):
        function.sign_up(session, LONG[:NAME_LIMIT], email, language=Language(language))
    canceled = function.sign_up(OTHER_DATE, "Beto", email, language=Language(language))
    function.application.store.cancel(
        OTHER_DATE, canceled.registration_id, now=function.now, by=ChangedBy.PERSON
    )
    function.now = NOON + timedelta(days=5)
    one.go(f"/register/mine/{function.application.tokens.mine(hash_of(email))}")


def dead_link(function: RunningFunction, one: Visit, language: str) -> None:
    """Open the personal link of somebody who has cancelled and signed up again; the address says the language."""
    details = ONLINE, LONG, f"dead-{language}@example.org"
    registration = function.sign_up(*details)
    function.application.store.cancel(
        ONLINE, registration.registration_id, now=function.now, by=ChangedBy.PERSON
    )
    function.sign_up(*details)
    one.go(f"{function.manage_url(registration)}?lang={language}")


def later(when: timedelta, step: Step) -> Step:
    """Return a step that is taken when time has passed."""

    def then(function: RunningFunction, one: Visit, language: str) -> None:
        function.now = NOON + when
        step(function, one, language)

    return then


def broken(verb: str, error: Exception, step: Step) -> Step:
    """Return a step that meets a store of which a verb fails."""

    def then(function: RunningFunction, one: Visit, language: str) -> None:
        function.store.fails[verb] = error
        step(function, one, language)

    return then


def own_when_over(function: RunningFunction, one: Visit, language: str) -> None:
    """Open one's own link after the session."""
    registration = function.sign_up(
        ONLINE, "Ana", f"over-{language}@example.org", language=Language(language)
    )
    function.now = NOON + timedelta(days=30)
    one.go(function.manage_url(registration))


def cancel_when_over(function: RunningFunction, one: Visit, language: str) -> None:
    """Press the button after the session, on a page that one has opened before."""
    own(ONLINE)(function, one, language)
    function.now = NOON + timedelta(days=30)
    with one.page.expect_navigation():
        one.page.locator("[action$='/cancel'] button").click()


def own_when_called_off(function: RunningFunction, one: Visit, language: str) -> None:
    """Open one's own link after the session was cancelled."""
    function.publish(TO_BE_CANCELLED, status="scheduled")
    registration = function.sign_up(TO_BE_CANCELLED, "Ana", f"off-{language}@example.org")
    function.publish(TO_BE_CANCELLED, status="cancelled")
    one.go(f"{function.manage_url(registration)}?lang={language}")


def old_receipt(function: RunningFunction, one: Visit, language: str) -> None:
    """Open the page after a sign-up two hours later."""
    receipt = Receipt(ONLINE, State.CONFIRMED, None, Language(language), "rid", "nonce")
    token = function.application.tokens.receipt(receipt, NOON - 2 * HOUR)
    one.go(f"/register/done/{token}?lang={language}")


def from_elsewhere(function: RunningFunction, one: Visit, language: str) -> None:
    """Send a form that is on no page of this site."""
    action = f"{function.address}/register/link?lang={language}"
    one.go(f"data:text/html,<form method=post action='{action}'><button>Go</button></form>")
    with one.page.expect_navigation():
        one.page.locator("button").click()


DOWN = StoreUnavailable("down")
LIMITED = LimitReached("client", 60, HOUR)
MONTH = timedelta(days=30)

PAGES: dict[str, tuple[int, Step]] = {
    "signed up": (200, send(ONLINE)),
    "on the waiting list": (200, send(SMALL)),
    "nothing typed": (422, send(SMALL, name="", email="", organization="", role="", consent="")),
    "wrong and long": (422, send(SMALL, name=LONG * 2, email=LONG, organization=LONG * 2, needs=LONG * 2)),
    "a parent's errors": (422, send(PARENTS, name="www.example.org", email="rosa@", consent="")),
    "too often": (429, broken("sign_up", LIMITED, send(ONLINE))),
    "the store is down": (503, broken("sign_up", DOWN, send(ONLINE))),
    "own, confirmed": (200, own(ONLINE)),
    "own, waiting": (200, opened(own(SMALL))),
    "own, wrong details": (422, opened(wrong_details)),
    "own, another address": (200, corrected_address),
    "own, moved": (200, moved),
    "mine": (200, mine),
    "own, cancelled": (200, own(PARENTS, cancelled=True)),
    "own, over": (200, own_when_over),
    "own, too late to cancel": (409, cancel_when_over),
    "own, called off": (200, own_when_called_off),
    "a dead link": (410, dead_link),
    "a forged link": (404, see("/register/manage/WyJ4Il0.forged")),
    "an old receipt": (410, old_receipt),
    "lost mail": (200, see(LOST)),
    "lost mail, wrong": (422, ask("ana@")),
    "lost mail, sent": (200, ask("ana@example.org")),
    "lost mail, too often": (429, broken("count", LIMITED, ask("ana@example.org"))),
    "lost mail, down": (503, broken("count", DOWN, ask("ana@example.org"))),
    "closed": (409, send(CLOSED)),
    "cancelled": (409, send(CALLED_OFF)),
    "over": (409, later(MONTH, send(ONLINE))),
    "unknown session": (404, see("/register/unknown")),
    "unknown page": (404, see("/register/a/b/c")),
    "too large": (413, ask("x" * 9000, known=False)),
    "from elsewhere": (400, from_elsewhere),
    "a method that it does not have": (405, ask("", "/register/done/x", known=False)),
    "a mistake of ours": (500, broken("session", RuntimeError("ours"), see(f"/register/{SMALL}"))),
}


@pytest.mark.parametrize(
    "all_rules",
    [False, pytest.param(True, marks=pytest.mark.long)],
    ids=["rules that can differ", "all rules everywhere"],
)
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_for_everybody_on_any_screen(
    one: Visit, function: RunningFunction, name: str, language: str, all_rules: bool
) -> None:
    status, step = PAGES[name]
    step(function, one, language)
    assert (one.window.answers[-1], one.language()) == (status, language)
    assert untranslated(one, language) == []
    found = problems(one.window, all_rules=all_rules)
    assert found == [], "\n".join(found)
    assert one.page.context.cookies() == []
