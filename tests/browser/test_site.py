# SPDX-License-Identifier: AGPL-3.0-or-later
"""What visitors do: read with and without JavaScript, change the language, filter, print."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Open
from tests.conftest import BuiltSite


def test_no_page_asks_another_origin_or_reports_an_error(
    open_page: Open, site: BuiltSite, address: str
) -> None:
    page = open_page("/")
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    for url in site.pages:
        page.goto(url)
    assert said == []
    assert [url for url in asked if not url.startswith((f"{address}/", "data:"))] == []


def test_nothing_moves_while_a_page_loads(open_page: Open) -> None:
    page = open_page("/")
    shifts = {}
    for url in ("/", "/schedule/", "/trainings/overview/", "/es/parents/", "/schedule/2026-12-03-overview/"):
        page.goto(url)
        shifts[url] = page.evaluate(
            """() => new Promise(done => new PerformanceObserver(list =>
                done(list.getEntries().reduce((sum, entry) => sum + entry.value, 0))
            ).observe({type: 'layout-shift', buffered: true}) || requestAnimationFrame(() =>
                requestAnimationFrame(() => done(0))))"""
        )
    assert shifts == dict.fromkeys(shifts, 0)


@pytest.mark.parametrize(
    "path",
    ["/", "/trainings/overview/", "/schedule/2026-12-03-overview/", "/parents/questions/", "/schedule/"],
)
def test_the_toggle_leads_to_the_same_page_in_the_other_language_and_back(open_page: Open, path: str) -> None:
    page = open_page(path)
    page.locator("a[hreflang=es]").first.click()
    assert page.url.endswith(f"/es{path}")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    page.locator("a[hreflang=en]").first.click()
    assert re.sub(r"^https?://[^/]+", "", page.url) == path


def test_without_javascript_all_is_there(open_page: Open, site: BuiltSite) -> None:
    without = open_page("/schedule/", java_script_enabled=False)
    sessions = {url for url in site.pages if re.fullmatch(r"/schedule/.+/", url)}
    listed = {link.get_attribute("href") for link in without.locator("main h3 a").all()}
    assert listed == sessions
    for link in without.locator("main h3 a").all():
        expect(link).to_be_visible()
    without.goto("/schedule/2026-12-03-overview/")
    for name in ("name", "email", "organization", "role", "needs", "consent"):
        expect(without.locator(f"main [name={name}]")).to_be_visible()
    expect(without.locator("[name=leave_empty]")).to_be_hidden()


def test_between_builds_the_script_hides_what_has_passed(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.clock.set_fixed_time("2027-01-13T12:00:00Z")
    page.goto("/schedule/")
    visible = [link.get_attribute("href") for link in page.locator("main h3 a").all() if link.is_visible()]
    context.close()
    assert visible[0] == "/schedule/2027-01-14-overview/"
    assert not [url for url in visible if url < "/schedule/2027-01-13" and "cafe" not in url]


def _sheets(page: Page) -> int:
    """Return on how many sheets of letter paper a page prints."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format="Letter")))


@pytest.mark.parametrize(
    "path",
    [
        f"{prefix}{path}"
        for prefix in ("", "/es")
        for path in (
            "/parents/flyer/",
            *(
                f"/trainings/{slug}/"
                for slug in ("virtual-cafe", "overview", "user-administrator", "parents-overview")
            ),
        )
    ],
)
def test_the_flyer_and_each_training_print_on_one_sheet(open_page: Open, path: str) -> None:
    assert _sheets(open_page(path)) == 1


def test_the_flyer_has_the_code_and_the_telephones(open_page: Open) -> None:
    page = open_page("/es/parents/flyer/")
    page.emulate_media(media="print")
    expect(page.locator("main svg.qr")).to_be_visible()
    expect(page.locator("main")).to_contain_text("(800) 342-2964")
