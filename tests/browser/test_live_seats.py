# SPDX-License-Identifier: AGPL-3.0-or-later
"""Seats as the sign-up function knows them, in pages that were built without it; nothing moves, nothing breaks."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Route, expect

from plugins.serve import static_files
from tests.support.audit import ALL_RULES, NARROW, RULES_THAT_CAN_DIFFER, WIDE, violations
from tests.support.built_site import BuiltSite
from tests.support.seats import (
    BUILT,
    IN_A_LIST,
    LANGUAGES,
    NOTES,
    OPEN,
    SAID,
    STATES,
    STATUS,
    Visit,
    answer,
    entry,
)
from tests.support.serving import listen, serving
from tests.support.windows import Windows

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

WIDTHS = (NARROW, WIDE)

Visitor = Callable[..., Visit]


@pytest.fixture
def visitor(site: BuiltSite, windows: Windows) -> Iterator[Visitor]:
    """Make a visit to a site whose function gives one answer: `visitor(answer(STATES["full"]), width=320, status=503)`."""
    with ExitStack() as stack:

        def visit(body: bytes, width: int = 1280, status: int = 200, **options: Any) -> Visit:
            told = threading.Event()
            files = static_files(site.output)

            def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
                if environ["PATH_INFO"] != STATUS:
                    return files(environ, start_response)
                told.wait(60)
                headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
                start_response(f"{status} It Is So", headers)
                return [body]

            listening, address = listen()
            stack.enter_context(serving(application, listening))
            stack.callback(told.set)
            return Visit(stack.enter_context(windows.lend(address, width, **options)), told)

        yield visit


@pytest.mark.parametrize("prefix", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_each_state_is_said_in_place_and_nothing_moves(
    visitor: Visitor, site: BuiltSite, state: str, prefix: str
) -> None:
    language = LANGUAGES[prefix]
    every = [one["id"] for one in json.loads((site.private / "schedule.json").read_bytes())["sessions"]]
    visit = visitor(answer(STATES[state], *every))
    found: list[str] = []
    for width in WIDTHS:
        # So high that all of the page is in view: whatever moved would count.
        visit.window.resize(width, height=6000)
        for path in ("/schedule/", "/trainings/virtual-cafe/", f"/schedule/{OPEN}/"):
            visit.go(f"{prefix}{path}")
            listed = OPEN not in path
            assert visit.seats() == ("" if listed else BUILT[language]), (path, width)
            visit.hear()
            assert visit.seats() == (IN_A_LIST if listed else SAID)[language][state], (path, width)
            assert visit.window.shifts() == [], (path, width)
            # A page that changes by itself does not speak up.
            assert visit.page.locator("main [aria-live], .seats[role], .swap[role]").count() == 0
            if width == NARROW and AUDITED.get(state) == prefix:
                found += axe(visit, path, state)
    assert found == [], "\n".join(found)
    assert visit.window.said == []


AUDITED = {"open": "", "full with a line": "/es", "closed": "", "cancelled": "/es"}
"""The others look like one of these, and so does each of them in the other language."""


def axe(visit: Visit, path: str, state: str) -> list[str]:
    """Return what axe finds where seats are shown, in light and in dark."""
    # A list differs from itself only in one text, and in that text's color.
    whole = ALL_RULES if state == "open" or OPEN in path else RULES_THAT_CAN_DIFFER
    found = [f"{path} light: {line}" for line in violations(visit.page, whole)]
    visit.page.emulate_media(color_scheme="dark")
    found += [f"{path} dark: {line}" for line in violations(visit.page, RULES_THAT_CAN_DIFFER)]
    visit.page.emulate_media(color_scheme="light")
    return found


@pytest.mark.parametrize("prefix", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_the_form_says_what_it_leads_to_and_goes_where_it_leads_nowhere(
    visitor: Visitor, state: str, prefix: str
) -> None:
    visit = visitor(answer(STATES[state]), 320)
    visit.go(f"{prefix}/schedule/{OPEN}/")
    notes = NOTES[LANGUAGES[prefix]]
    assert visit.notes() == [notes["open"]]
    visit.hear()
    # One place is kept for all of them, not one for each.
    tops = "notes => new Set(notes.map(note => note.getBoundingClientRect().y)).size"
    assert visit.page.locator(".swap p").evaluate_all(tops) == 1
    takes = state not in {"closed", "cancelled"}
    assert visit.notes() == [notes["full" if state.startswith("full") else "open" if takes else state]]
    assert visit.page.locator("#sign-up form").is_visible() is takes
    visit.page.locator("#email").evaluate("field => field.focus()")
    assert visit.page.evaluate("document.activeElement.id") == ("email" if takes else "")
    visit.page.emulate_media(media="print")
    expect(visit.page.locator("#sign-up")).to_be_hidden()
    assert visit.notes() == []


ODD = {
    "another session": answer(entry("open", 12), "2099-01-01-overview"),
    "an unknown state": answer(entry("paused", 12)),
    "a state that is a word of JavaScript": answer(entry("constructor", 12)),
    "open without a seat": answer(entry("open", 0)),
    "no number": answer(entry("open", None)),
    "a session that is null": answer(None),
    "a session that is a number": answer(12),
    "no sessions": b"{}",
    "a list": b"[]",
    "null": b"null",
    "nothing": b"",
    "half an answer": answer(entry("open", 12))[:-5],
    "a page": b"<!doctype html><title>Not here</title>",
}


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
def test_an_odd_answer_changes_nothing_and_reports_nothing(visitor: Visitor, body: bytes) -> None:
    visit = visitor(body)
    for path in ("/schedule/", "/trainings/virtual-cafe/", f"/es/schedule/{OPEN}/"):
        visit.go(path)
        before = visit.page.locator("main").inner_html()
        visit.hear()
        assert visit.page.locator("main").inner_html() == before
    assert visit.window.said == []


@pytest.mark.parametrize("status", [404, 500, 503])
def test_a_failing_function_changes_nothing(visitor: Visitor, status: int) -> None:
    visit = visitor(b"<!doctype html><title>Sorry</title>", status=status)
    for path in ("/schedule/", "/es/trainings/virtual-cafe/", f"/schedule/{OPEN}/"):
        visit.go(path)
        before = visit.page.locator("main").inner_html()
        visit.hear()
        assert visit.page.locator("main").inner_html() == before
    # The browser itself notes such an answer; the page adds nothing to that.
    assert {line.split(":")[0] for line in visit.window.said} == {"Failed to load resource"}


def test_a_lost_connection_changes_nothing(visitor: Visitor) -> None:
    visit = visitor(b"")
    visit.page.route(f"**{STATUS}", lambda route: route.abort())
    with visit.page.expect_event("requestfailed"):
        visit.go(f"/schedule/{OPEN}/")
    visit.window.wait_until_painted()
    assert visit.seats() == "30 seats"
    assert {line.split(":")[0] for line in visit.window.said} == {"Failed to load resource"}


def test_a_page_is_whole_while_the_answer_does_not_come(visitor: Visitor) -> None:
    visit = visitor(b"")
    visit.go("/schedule/")
    assert visit.page.evaluate("document.readyState") == "complete"
    assert visit.seats() == ""
    visit.page.locator("[name=training]").select_option("virtual-cafe")
    shown = visit.page.locator(".month li:visible h3").all_inner_texts()
    assert set(shown) == {"MSIX Virtual Café"}
    count = visit.page.locator("#filter output")
    expect(count).to_have_text(f"{len(shown)} dates")
    visit.page.locator("[name=training]").select_option("data-administrator")
    visit.page.locator("[name=format]").select_option("in-person")
    expect(count).to_have_text("1 date")
    visit.go(f"/schedule/{OPEN}/")
    assert visit.seats() == "30 seats"
    expect(visit.page.locator("#sign-up button")).to_be_visible()
    assert visit.window.said == []


@pytest.mark.parametrize(
    ("zone", "own"),
    [
        ("America/New_York", ["(6:00 p.m.)", "(Your time: Wed 6:00 p.m.)", "(Su hora: mié, 6:00 p. m.)"]),
        ("Asia/Tokyo", ["(Thu 8:00 a.m.)", "(Your time: Thu 8:00 a.m.)", "(Su hora: jue, 8:00 a. m.)"]),
        ("America/Tijuana", []),
        ("America/Los_Angeles", []),
    ],
)
def test_the_visitors_own_time_stands_beside_the_seats_where_it_differs_and_a_line_says_whose_it_is(
    visitor: Visitor, zone: str, own: list[str]
) -> None:
    visit = visitor(answer(STATES["open"]), timezone_id=zone)
    visit.window.resize(WIDE, height=6000)
    found: list[str] = []
    for path in ("/schedule/", f"/schedule/{OPEN}/", f"/es/schedule/{OPEN}/"):
        visit.go(path)
        visit.hear()
        found += visit.page.locator(f"[id=s-{OPEN}] small").all_inner_texts()
        assert visit.page.locator(".zone .local").is_visible() is bool(own), path
        assert visit.window.shifts() == []
    assert visit.seats() == SAID["es"]["open"]
    assert [" ".join(one.split()) for one in found] == own


def test_only_pages_that_show_seats_ask_for_them_once_and_ask_no_one_else(visitor: Visitor) -> None:
    asking = {
        "/": 0,
        "/es/": 0,
        "/parents/": 0,
        "/contacts/": 0,
        "/trainings/overview/": 1,
        # Closed when the site was built, and cancelled: both show other dates.
        "/schedule/2026-12-02-user-administrator/": 1,
        "/schedule/2027-02-09-user-administrator/": 1,
        "/schedule/": 1,
        "/es/schedule/": 1,
        f"/schedule/{OPEN}/": 1,
        f"/es/schedule/{OPEN}/": 1,
    }
    visit = visitor(answer(STATES["open"]))
    asked = {}
    for path in asking:
        visit.window.asked.clear()
        visit.go(path)
        asked[path] = sum(url.endswith(STATUS) for url in visit.window.asked)
        assert visit.window.foreign == []
        # The page, its style, its script, its face.
        pages = [
            url for url in visit.window.asked if not url.endswith(STATUS) and not url.startswith("data:")
        ]
        assert len(pages) <= 4, path
    assert asked == asking


def test_a_list_in_which_no_date_takes_sign_ups_asks_nobody(visitor: Visitor) -> None:
    def without_places(route: Route) -> None:
        found = route.fetch()
        route.fulfill(response=found, body=found.text().replace('class="tag seats"', 'class="tag"'))

    visit = visitor(answer(STATES["open"]))
    visit.page.route("**/trainings/overview/", without_places)
    visit.go("/trainings/overview/")
    assert visit.page.locator(".dates .tag").count() > 0
    assert [url for url in visit.window.asked if url.endswith(STATUS)] == []
    assert visit.window.said == []


def test_without_javascript_the_pages_say_how_many_seats_there_are(visitor: Visitor) -> None:
    visit = visitor(answer(STATES["full"]), java_script_enabled=False)
    for prefix, language in LANGUAGES.items():
        for path, seats in (("/schedule/", ""), (f"/schedule/{OPEN}/", BUILT[language])):
            visit.window.go(f"{prefix}{path}")
            assert visit.seats() == seats
        assert visit.notes() == [NOTES[language]["open"]]
        expect(visit.page.locator("#sign-up form")).to_be_visible()
