# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was measured when the pages were drawn stays so: sizes, first screens, and a face that moves nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser

from plugins.serve import static_files
from tests.support.audit import overflow
from tests.support.built_site import BuiltSite, build
from tests.support.content import copy_content
from tests.support.seats import OPEN
from tests.support.serving import listen, serving
from tests.support.windows import Window, Windows

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PREFIXES = ("", "/es")
WIDE, PHONE, ZOOMED = (1280, 900), (390, 844), (320, 225)
"""The last is a window of 1280 by 900 at 400 %."""
LIST_BEFORE = {WIDE: 3990, PHONE: 5948}
"""Pixels that the 26 dates took before they were rows with leaves of a calendar."""
TWO_DAYS = "2027-02-24-data-administrator"

_BOX = "selector => document.querySelector(selector).getBoundingClientRect().toJSON()"
_BROKEN = """selector => {
    // A word is broken where its letters stand in more than one line.
    const broken = []
    for (const element of document.querySelectorAll(selector)) {
        const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
        while (walker.nextNode())
            for (const word of walker.currentNode.data.matchAll(/\\S+/g)) {
                const range = document.createRange()
                range.setStart(walker.currentNode, word.index)
                range.setEnd(walker.currentNode, word.index + word[0].length)
                if (new Set([...range.getClientRects()].map(box => box.top)).size > 1) broken.push(word[0])
            }
    }
    return broken
}"""


def box(window: Window, selector: str) -> dict[str, float]:
    """Return where the first element of a kind stands in the window, in pixels."""
    found: dict[str, float] = window.page.evaluate(_BOX, selector)
    return found


@pytest.fixture
def here(windows: Windows, address: str) -> Iterator[Window]:
    """A window in California, whose clock needs no second time in a row."""
    with windows.lend(address, timezone_id="America/Los_Angeles") as window:
        yield window


@pytest.mark.parametrize("prefix", PREFIXES)
def test_the_schedule_takes_little_room(here: Window, prefix: str) -> None:
    for size, share in ((WIDE, 0.6), (PHONE, 0.5)):
        here.resize(*size)
        here.go(f"{prefix}/schedule/")
        rows = here.page.locator(".month li")
        assert rows.count() == 26
        first, last = box(here, ".month h2"), rows.last.bounding_box()
        assert last is not None
        assert last["y"] + last["height"] - first["top"] <= share * LIST_BEFORE[size], size


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_phone_shows_what_matters_first(here: Window, prefix: str) -> None:
    here.resize(*PHONE)
    for session in (OPEN, TWO_DAYS):
        here.go(f"{prefix}/schedule/{session}/")
        header, sample = box(here, "header"), box(here, ".sample")
        assert header["height"] - sample["height"] <= 110
        line = here.page.evaluate(
            "parseFloat(getComputedStyle(document.querySelector('.sample')).lineHeight)"
        )
        assert sample["height"] < 2 * line
        for what in (".lead-in .tile", "h1", ".lead-in .lead", ".acts .btn"):
            assert box(here, what)["bottom"] <= PHONE[1], (session, what)
        here.page.locator(".acts .btn").click()
        assert box(here, "#sign-up")["top"] < PHONE[1] / 2


@pytest.mark.parametrize("prefix", PREFIXES)
def test_no_word_of_the_header_breaks_and_400_percent_still_shows_content(here: Window, prefix: str) -> None:
    for size in (PHONE, ZOOMED):
        here.resize(*size)
        for path in ("/", "/schedule/", f"/schedule/{TWO_DAYS}/"):
            here.go(f"{prefix}{path}")
            assert here.page.evaluate(_BROKEN, ".menu a, .lang a") == [], (path, size)
            assert box(here, "h1")["top"] <= size[1] - 24, (path, size)


@pytest.mark.parametrize("prefix", PREFIXES)
def test_no_word_of_a_date_is_broken_by_the_room_that_is_kept_beside_it(here: Window, prefix: str) -> None:
    for training in ("parents-overview", "secondary-user", "user-administrator"):
        here.go(f"{prefix}/trainings/{training}/")
        for width in (ZOOMED[0], 840):
            here.resize(width)
            assert here.page.evaluate(_BROKEN, ".dates p :not(.v)") == [], (training, width)


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_place_whose_name_is_one_long_word_leaves_the_page_as_wide_as_the_screen(
    here: Window, prefix: str
) -> None:
    here.go(f"{prefix}/trainings/parents-overview/")
    here.resize(ZOOMED[0])
    here.page.locator(".dates p span").last.evaluate("one => { one.textContent = 'Sala'.repeat(30) }")
    assert overflow(here.page) == []


@pytest.mark.parametrize("prefix", PREFIXES)
def test_days_of_the_calendar_are_large_enough_and_lead_to_each_of_their_sessions(
    here: Window, prefix: str
) -> None:
    here.go(f"{prefix}/schedule/")
    page = here.page
    sizes = page.eval_on_selector_all(
        ".calendar a",
        "all => all.map(one => one.getBoundingClientRect()).map(b => Math.min(b.width, b.height))",
    )
    assert min(sizes) >= 24
    targets = page.eval_on_selector_all(".calendar a", "all => all.map(one => one.hash)")
    rows = page.eval_on_selector_all(".month li", "all => all.map(one => '#' + one.id)")
    assert list(dict.fromkeys(targets)) == rows
    assert {one: targets.count(one) for one in rows if targets.count(one) != 1} == {f"#s-{TWO_DAYS}": 2}


@pytest.mark.parametrize("prefix", PREFIXES)
def test_today_in_california_is_marked(browser: Browser, address: str, prefix: str) -> None:
    context = browser.new_context(base_url=address, timezone_id="Asia/Tokyo")
    page = context.new_page()
    page.clock.set_fixed_time("2026-12-04T07:00:00Z")
    page.goto(f"{prefix}/schedule/")
    marked = page.locator(".calendar [aria-current=date]")
    assert [one.inner_text().split()[0] for one in marked.all()] == ["3"]
    context.close()


def test_two_sessions_of_a_day_and_one_over_the_end_of_a_month_are_marked(
    windows: Windows, tmp_path: Path
) -> None:
    content = copy_content(tmp_path)
    common = "Training: overview\nTrainers: yecenia-ocampo\nCapacity: 9\nLanguage: en\nFormat: online\nStatus: scheduled\n"
    (content / "sessions/second.md").write_text(f"{common}Start: 2026-12-03 14:00\nDuration: 60\n")
    (content / "sessions/over.md").write_text(f"{common}Start: 2027-06-30\nEnd: 2027-07-01\n")
    site = build(tmp_path, PATH=str(content))
    listening, address = listen()
    with serving(static_files(site.output), listening), windows.lend(address) as window:
        window.go("/schedule/")
        page = window.page
        marked = page.locator("[data-month='2026-12'] td:has(> a[href='#s-second']) a")
        assert [one.get_attribute("href") for one in marked.all()] == ["#s-2026-12-03-overview", "#s-second"]
        over = page.locator(".calendar a[href='#s-over']")
        months = [one.locator("xpath=ancestor::table").get_attribute("data-month") for one in over.all()]
        assert months == ["2027-06", "2027-07"]
        assert page.locator("#s-over .tile").inner_text().split() == ["JUN–JUL", "30–1", "Wed–Thu"]


def test_in_forced_colors_days_of_the_calendar_differ_by_more_than_color(here: Window) -> None:
    here.page.emulate_media(forced_colors="active")
    here.go("/schedule/")
    styles = here.page.evaluate(
        """() => [['.calendar a:not(.off)'], ['.calendar a.off']].map(([kind]) => {
            const style = getComputedStyle(document.querySelector(kind))
            return [style.borderTopWidth, style.borderTopStyle]
        })"""
    )
    assert styles == [["2px", "solid"], ["2px", "dashed"]]
    here.page.emulate_media(forced_colors="none")


@pytest.mark.parametrize("path", ["/", "/es/schedule/", f"/schedule/{OPEN}/", "/parents/"])
def test_a_face_that_comes_late_moves_nothing(site: BuiltSite, windows: Windows, path: str) -> None:
    painted, asked = threading.Event(), threading.Event()
    files = static_files(site.output)

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].endswith(".woff2"):
            asked.set()
            painted.wait(60)
        return files(environ, start_response)

    listening, address = listen()
    with serving(application, listening), windows.lend(address, height=4000) as window:
        window.page.goto(f"{address}{path}", wait_until="commit")
        window.page.wait_for_selector("footer", state="visible")
        window.wait_until_painted()
        assert asked.is_set()
        painted.set()
        window.page.wait_for_load_state()
        window.page.evaluate("document.fonts.ready.then(() => {})")
        assert window.shifts() == []
        # With the face at hand, headings have it.
        window.go(path)
        assert window.page.evaluate("document.fonts.check('600 20px Fraunces')")
        assert window.shifts() == []
