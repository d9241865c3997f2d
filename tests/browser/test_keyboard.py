# SPDX-License-Identifier: AGPL-3.0-or-later
"""With nothing but a keyboard: everything can be reached, in view, and one sees where one is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.support.windows import Window, Windows

_FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary"


@pytest.mark.parametrize(
    "path", ["/", "/es/schedule/", "/schedule/2026-12-03-overview/", "/es/parents/flyer/"]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_reached_by_keyboard_and_shows_where_one_is(
    windows: Windows, address: str, path: str, scheme: str
) -> None:
    with windows.lend(address, color_scheme=scheme) as window:
        window.go(path)
        tab_through(window.page)


def tab_through(page: Page) -> None:
    """Press Tab until the end; each stop shows that one is there, and there are as many as there should be."""
    wanted = page.evaluate(
        """selector => {
            const all = [...document.querySelectorAll(selector)].filter(e =>
                e.tabIndex >= 0 && (e.checkVisibility({visibilityProperty: true}) || e.matches('a[href="#main"]')))
            // A group of radio buttons is one stop.
            return all.filter(e => e.type !== 'radio' || e.checked).length
        }""",
        _FOCUSABLE,
    )
    first = None
    for seen in range(wanted):
        page.keyboard.press("Tab")
        first = first or page.evaluate_handle("document.activeElement")
        focus = page.evaluate(
            """() => {
                const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e)
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
    # Behind the last one is the browser's own bar, which a window without one passes on to the first.
    assert page.evaluate("first => [first, document.body].includes(document.activeElement)", first), (
        "there are more stops than elements"
    )


def test_the_skip_link_comes_first_and_leads_to_the_main_part(window: Window) -> None:
    window.go("/")
    page = window.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
