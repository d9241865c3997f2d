# SPDX-License-Identifier: AGPL-3.0-or-later
"""WCAG 2.2 AA as far as a machine can tell (axe), and what only a browser shows: overflow, focus, keyboard."""

from __future__ import annotations

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.conftest import BuiltSite

TEMPLATES = {
    "home": "/",
    "trainings": "/trainings/",
    "training": "/trainings/overview/",
    "schedule": "/schedule/",
    "open session": "/schedule/2026-12-03-overview/",
    "session for parents": "/schedule/2026-12-08-parents/",
    "closed session": "/schedule/2026-12-02-user-administrator/",
    "cancelled session": "/schedule/2027-02-09-user-administrator/",
    "parents": "/parents/",
    "page": "/parents/questions/",
    "flyer": "/parents/flyer/",
    "contacts": "/contacts/",
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page, options: dict | None = None) -> list[str]:
    """Return what axe finds, a line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    wanted = {"runOnly": RULES, "resultTypes": ["violations"], **(options or {})}
    found = page.evaluate("options => axe.run(options)", wanted)["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]
    ]


@pytest.mark.parametrize("prefix", ["", "/es"], ids=["en", "es"])
@pytest.mark.parametrize("path", TEMPLATES.values(), ids=TEMPLATES)
def test_axe_finds_nothing_in_any_variant_of_a_template(open_page: Open, path: str, prefix: str) -> None:
    found = {}
    for width in (320, 1280):
        page = open_page(f"{prefix}{path}", width)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            if lines := violations(page):
                found[f"{width} {scheme}"] = lines
    assert found == {}


def test_axe_finds_nothing_on_every_other_page_and_no_contrast_is_too_low_in_dark(
    open_page: Open, site: BuiltSite
) -> None:
    done = {f"{prefix}{path}" for path in TEMPLATES.values() for prefix in ("", "/es")}
    found = {}
    page = open_page("/404.html")
    for url in sorted(set(site.pages) - done):
        page.emulate_media(color_scheme="light")
        page.goto(url)
        lines = violations(page)
        page.emulate_media(color_scheme="dark")
        lines += violations(page, {"runOnly": {"type": "rule", "values": ["color-contrast"]}})
        if lines:
            found[url] = lines
    assert found == {}


def overflow(page: Page) -> list[str]:
    """Return the elements that stick out of the viewport to the right."""
    return page.evaluate(
        """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
            [...document.body.querySelectorAll('*')]
                .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
                .map(e => e.outerHTML.slice(0, 80))"""
    )


def test_no_page_overflows_at_320_pixels_or_at_200_percent_text(open_page: Open, site: BuiltSite) -> None:
    narrow, zoomed = open_page("/", 320), open_page("/", 640)
    found = {}
    for url in site.pages:
        narrow.goto(url)
        zoomed.goto(url)
        zoomed.evaluate("document.documentElement.style.fontSize = '200%'")
        for name, page in (("320 px", narrow), ("200 %", zoomed)):
            if lines := overflow(page):
                found[f"{url} {name}"] = lines
    assert found == {}


_FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary"


@pytest.mark.parametrize(
    "path", ["/", "/es/schedule/", "/schedule/2026-12-03-overview/", "/es/parents/flyer/"]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_reached_by_keyboard_and_shows_where_one_is(
    open_page: Open, path: str, scheme: str
) -> None:
    page = open_page(path, color_scheme=scheme)
    wanted = page.evaluate(
        """selector => {
            const groups = new Set()
            const all = [...document.querySelectorAll(selector)].filter(e =>
                e.tabIndex >= 0 && (e.checkVisibility({visibilityProperty: true}) || e.matches('a[href="#main"]')))
            // A group of radio buttons is one stop.
            return all.filter(e => e.type !== 'radio' || e.checked).length
        }""",
        _FOCUSABLE,
    )
    for seen in range(wanted):
        page.keyboard.press("Tab")
        focus = page.evaluate(
            """() => {
                const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e)
                const middle = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
                return {
                    body: e === document.body, html: e.outerHTML.slice(0, 100),
                    inside: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
                    marked: style.outlineStyle !== 'none' || style.boxShadow !== 'none'
                        || style.backgroundColor !== 'rgba(0, 0, 0, 0)',
                }
            }"""
        )
        assert not focus["body"], f"{seen} of {wanted} stops reached"
        assert focus["inside"], focus
        assert focus["marked"], focus
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement === document.body"), "there are more stops than elements"


def test_the_skip_link_comes_first_and_leads_to_the_main_part(open_page: Open) -> None:
    page = open_page("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
