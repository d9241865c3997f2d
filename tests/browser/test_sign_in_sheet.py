# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sign-in sheet on letter paper, as Chromium prints it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, Route

from register.domain.admission import Admission
from tests.support.builders import person
from tests.support.built_site import BuiltSite
from tests.support.constants import NOON, SITE_URL
from tests.support.rosters import ROSTER
from tests.support.staff import TRAINERS_SESSION, StaffWorld
from tests.support.visitors import world_of

BLANK_LINES = 20
LONG = "Tulare County Office of Education, Migrant Education Region VIII, Department of Student Records"
TYPES = {".css": "text/css", ".woff2": "font/woff2"}

# A link leaves its address and place in a PDF, one for each page that it is on: text is compressed there.
MARK = """() => {
    const link = (cell, name) => {
        const made = document.createElement('a')
        made.href = `tel:${name}`
        made.style.display = 'block'
        made.append(...cell.childNodes, '\\u00a0')
        cell.append(made)
    }
    document.querySelectorAll('.sheet tbody tr').forEach((row, number) => {
        for (const cell of row.cells) link(cell, `row-${number + 1}`)
    })
    link(document.querySelector('.sheet thead td'), 'head')
}"""


def sheet_of(site: BuiltSite, people: int) -> str:
    """Return the page of the sheet of a session with so many seats taken."""
    staff = StaffWorld(world_of(site))
    for number in range(people):
        letters = "".join("abcdefghij"[int(digit)] for digit in f"{number:03}")
        staff.world.store.sign_up(
            TRAINERS_SESSION,
            person(f"Ana {letters}", organization=LONG if number % 3 else "Yolo COE"),
            registration_id=f"id-{number}",
            now=NOON,
            admission=Admission.OVERBOOKED,
        )
    return staff.signed_in().get(f"{ROSTER}sheet").text


def opened(browser: Browser, site: BuiltSite, html: str) -> Page:
    """Open a page with its styles."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(SITE_URL)
        file = site.output / path.lstrip("/")
        if path == "/":
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        elif file.suffix in TYPES:
            route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
        else:
            route.fulfill(status=404)

    page = browser.new_page()
    page.route("**/*", answer)
    page.goto(f"{SITE_URL}/")
    return page


def printed(page: Page) -> list[set[str]]:
    """Return which marks are on each sheet of paper."""
    data = page.pdf(prefer_css_page_size=True)
    objects = dict(re.findall(rb"(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj", data, re.DOTALL))
    sheets = [each for each in objects.values() if re.search(rb"/Type\s*/Page\b(?!s)", each)]
    assert {tuple(re.findall(rb"/MediaBox \[(.*?)\]", each)) for each in sheets} == {(b"0 0 612 792",)}
    return [
        {
            found[1].decode()
            for number in re.findall(rb"(\d+) 0 R", re.findall(rb"/Annots \[(.*?)\]", each, re.DOTALL)[0])
            if (found := re.search(rb"/URI \(tel:(.*?)\)", objects[number]))
        }
        for each in sheets
    ]


@pytest.mark.parametrize(("people", "sheets"), [(6, 2), (40, 7), (120, 17)])
def test_each_sheet_has_the_head_and_no_line_is_parted(
    browser: Browser, site: BuiltSite, people: int, sheets: int
) -> None:
    page = opened(browser, site, sheet_of(site, people))
    page.evaluate(MARK)
    marks = printed(page)
    page.close()

    assert ["head" in sheet for sheet in marks] == [True] * sheets
    lines = [line for sheet in marks for line in sheet - {"head"}]
    assert sorted(lines) == sorted(f"row-{number + 1}" for number in range(people + BLANK_LINES))


def test_nothing_but_the_sheet_goes_on_paper(browser: Browser, site: BuiltSite) -> None:
    page = opened(browser, site, sheet_of(site, 6))
    page.emulate_media(media="print")
    seen = page.locator("body").inner_text()
    page.close()

    assert seen.startswith("CA MSIX Overview / Panorama general de CA MSIX\n")
    assert seen.rstrip().endswith("26")
