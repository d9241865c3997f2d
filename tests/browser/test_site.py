# SPDX-License-Identifier: AGPL-3.0-or-later
"""What visitors do: read with and without JavaScript, change the language, filter, print."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.built_site import BuiltSite
from tests.support.windows import Window, Windows


@pytest.mark.parametrize(
    "path",
    ["/", "/trainings/overview/", "/schedule/2026-12-03-overview/", "/parents/questions/", "/schedule/"],
)
def test_the_toggle_leads_to_the_same_page_in_the_other_language_and_back(window: Window, path: str) -> None:
    window.go(path)
    page = window.page
    page.locator("a[hreflang=es]").first.click()
    assert page.url.endswith(f"/es{path}")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    page.locator("a[hreflang=en]").first.click()
    assert window.path == path


def test_without_javascript_all_is_there(windows: Windows, address: str, site: BuiltSite) -> None:
    sessions = {url for url in site.pages if re.fullmatch(r"/schedule/.+/", url)}
    with windows.lend(address, java_script_enabled=False) as window:
        window.go("/schedule/")
        links = window.page.locator("main h3 a").all()
        assert {link.get_attribute("href") for link in links} == sessions
        for link in links:
            expect(link).to_be_visible()
        window.go("/schedule/2026-12-03-overview/")
        for name in ("name", "email", "organization", "role", "needs", "consent"):
            expect(window.page.locator(f"main [name={name}]")).to_be_visible()
        expect(window.page.locator("[name=leave_empty]")).to_be_hidden()


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
def test_the_flyer_and_each_training_print_on_one_sheet(window: Window, path: str) -> None:
    window.go(path)
    assert _sheets(window.page) == 1


def test_the_flyer_has_the_code_and_the_telephones(window: Window) -> None:
    window.go("/es/parents/flyer/")
    page = window.page
    page.emulate_media(media="print")
    expect(page.locator("main svg.qr")).to_be_visible()
    expect(page.locator("main")).to_contain_text("(800) 342-2964")


@pytest.mark.parametrize("prefix", ["", "/es"])
@pytest.mark.parametrize(
    "path", ["/", "/schedule/", "/schedule/2026-12-03-overview/", "/privacy/", "/parents/flyer/"]
)
def test_the_sample_notice_is_on_paper_too(window: Window, prefix: str, path: str) -> None:
    window.go(f"{prefix}{path}")
    window.page.emulate_media(media="print")
    notice = "Sitio de muestra" if prefix else "Sample site"
    expect(window.page.get_by_text(notice)).to_be_visible()
