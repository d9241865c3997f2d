# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is asked of any page in a browser: WCAG 2.2 AA as far as a machine can tell (axe), and that all fits."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.support.windows import Window

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL_RULES = {"runOnly": TAGS}
DIFFERING = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]
RULES_THAT_CAN_DIFFER = {"runOnly": {"type": "rule", "values": DIFFERING}}
"""By the width and the colors; all other rules are about the markup."""
WIDE, ZOOMED, NARROW = 1280, 640, 320
"""Pixels; text at 200 % has half of WIDE."""
OTHER = {"light": "dark", "dark": "light"}


KINDS = """() => {
    const values = ['type', 'role', 'scope', 'lang', 'aria-current', 'aria-expanded', 'aria-hidden', 'aria-live']
    const named = e => [e.localName, ...e.classList].join('.')
    const kinds = new Set([[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(e => e.localName)
        .filter((name, at, all) => name != all[at - 1]).join(' ')])
    for (const e of document.querySelectorAll('html, html *:not(head *)')) {
        const place = []
        for (let up = e.parentElement; up && place.length < 4; up = up.parentElement) place.push(named(up))
        const text = [...e.childNodes].some(node => node.nodeType == Node.TEXT_NODE && node.data.trim())
        const given = values.map(name => e.getAttribute(name))
        kinds.add([named(e), ...e.getAttributeNames().sort(), ...given, text, e.checkVisibility(), ...place].join(' '))
    }
    return [...kinds]
}"""
"""Every kind of element in its place: by names, classes, attributes and what it is in; and how headings follow."""


def violations(page: Page, rules: dict[str, Any] = ALL_RULES) -> list[str]:
    """Return what axe finds, a line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {**rules, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(options).then(all => all.violations)", options)
    return [
        f"{one['id']}: {node['target']} {' '.join(node['failureSummary'].split())}"
        for one in found
        for node in one["nodes"]
    ]


def overflow(page: Page) -> list[str]:
    """Return the elements that stick out of the viewport to the right."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
            [...document.body.querySelectorAll('*')]
                .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
                .map(e => e.outerHTML.slice(0, 80))"""
    )
    return found


def problems(window: Window, *, all_rules: bool = False) -> list[str]:
    """Return what is wrong with the page that is open, a line each that begins with where that is.

    What axe has seen is not shown to it again: a page with no kind of element in no place that is new in its language is
    not asked about, unless by `all_rules`. Every rule is asked in a wide window, and those that can differ in a narrow one with the other colors. Spanish
    pages have the colors the other way round, so that both languages together are seen in all four ways. With
    `all_rules` every rule is asked in all four.
    """
    page = window.page
    found: dict[str, list[Any]] = {
        "what moves while it loads": window.shifts(),
        "console": window.said.copy(),
        "other origins": window.foreign,
    }
    spanish = page.locator("html").get_attribute("lang") == "es"
    scheme = "dark" if spanish else "light"
    is_new = window.has_new(set(page.evaluate(KINDS)), "es" if spanish else "en")
    for width, first in ((WIDE, scheme), (NARROW, OTHER[scheme])):
        window.resize(width)
        found[f"{width} px, overflow"] = overflow(page)
        for colors in (first, OTHER[first]) if all_rules else (first,) if is_new else ():
            page.emulate_media(color_scheme=colors)
            rules = ALL_RULES if all_rules or width == WIDE else RULES_THAT_CAN_DIFFER
            found[f"{width} px, {colors}, axe"] = violations(page, rules)
    window.resize(ZOOMED)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found["200 % text, overflow"] = overflow(page)
    window.resize(WIDE)
    page.emulate_media(color_scheme="light")
    return [f"{where}: {line}" for where, lines in found.items() for line in lines]
