# SPDX-License-Identifier: AGPL-3.0-or-later
"""What visitors do with calendars: subscribe to what the filter shows, and save one session's file."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from schedule.event_words import COLORS
from tests.support.built_site import BuiltSite
from tests.support.constants import SITE_URL
from tests.support.windows import Window, Windows

HOST = SITE_URL.removeprefix("https://")


def ways(path: str) -> list[str]:
    """Return how the panel begins each way to subscribe to the feed at a path, and the address to copy."""
    quoted = quote(f"{HOST}{path}", safe="")
    return [
        f"webcal://{HOST}{path}",
        f"https://calendar.google.com/calendar/u/0/r?cid=webcal%3A%2F%2F{quoted}",
        f"https://outlook.office.com/calendar/0/addfromweb/?url=https%3A%2F%2F{quoted}&name=",
        f"https://outlook.live.com/calendar/0/addfromweb/?url=https%3A%2F%2F{quoted}&name=",
        f"{SITE_URL}{path}",
    ]


def offered(window: Window) -> list[str]:
    """Return the same of what stands in the panel: not of the languages' own feeds below."""
    panel = window.page.locator("#subscribe")
    links = [str(link.get_attribute("href")) for link in panel.locator("> .links a").all()]
    return [link.partition("&name=")[0] + link.partition("&name=")[1] for link in links] + [
        str(panel.locator("> p code").text_content())
    ]


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_what_the_filter_shows_is_what_the_panel_subscribes_to(
    window: Window, site: BuiltSite, prefix: str
) -> None:
    window.go(f"{prefix}/schedule/")
    page = window.page
    folder = f"{prefix}/calendar"
    assert offered(window) == ways(f"{folder}/all.ics")

    for name, value, feed in (
        ("training", "overview", "filtered/overview/any/any.ics"),
        ("language", "es", "filtered/overview/es/any.ics"),
        ("format", "in-person", "filtered/overview/es/in-person.ics"),
        ("training", "", "filtered/any/es/in-person.ics"),
        ("language", "", "filtered/any/any/in-person.ics"),
        ("format", "", "all.ics"),
    ):
        page.locator(f"#filter [name={name}]").select_option(value)
        assert offered(window) == ways(f"{folder}/{feed}")
        assert f"{folder}/{feed}".lstrip("/") in site.files

    page.locator("#filter a").click()
    expect(page.locator("#subscribe")).to_be_in_viewport()


def test_every_choice_of_the_filter_has_its_feed(window: Window, site: BuiltSite) -> None:
    window.go("/es/schedule/")
    options = {
        name: [
            option.get_attribute("value") or "any"
            for option in window.page.locator(f"#filter [name={name}] option").all()
        ]
        for name in ("training", "language", "format")
    }
    wanted = {
        f"es/calendar/filtered/{training}/{language}/{form}.ics"
        for training in options["training"]
        for language in options["language"]
        for form in options["format"]
    }

    assert wanted == {path for path in site.files if path.startswith("es/calendar/filtered/")}


def test_without_javascript_the_feeds_of_all_dates_and_of_each_language_are_there(
    windows: Windows, address: str
) -> None:
    with windows.lend(address, java_script_enabled=False) as window:
        window.go("/schedule/")
        assert offered(window) == ways("/calendar/all.ics")
        details = window.page.locator("#subscribe details")
        assert details.count() == 2
        for number, language in enumerate(("en", "es")):
            link = details.nth(number).locator("[href^=webcal]")
            expect(link).to_be_hidden()
            details.nth(number).locator("summary").click()
            expect(link).to_be_visible()
            expect(link).to_have_attribute("href", f"webcal://{HOST}/calendar/languages/{language}.ics")


def test_the_file_of_a_session_is_saved_under_the_sessions_name(window: Window) -> None:
    window.go("/es/schedule/2026-12-10-secondary-user/")

    with window.page.expect_download() as saved:
        window.page.locator("[href$='session.ics']").last.click()

    assert saved.value.suggested_filename == "2026-12-10-secondary-user.ics"


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("/schedule/2026-12-10-secondary-user/", "[download]"),
        ("/contacts/", "summary"),
        ("/parents/", "#subscribe"),
    ],
)
def test_what_only_a_screen_can_do_is_not_on_paper(window: Window, path: str, part: str) -> None:
    window.go(path)
    shown = window.page.locator("main").locator(part).filter(visible=True)
    assert shown.count() > 0
    window.page.emulate_media(media="print")
    on_paper = [one.get_attribute("href") or "" for one in shown.all()]
    window.page.emulate_media(media="screen")

    assert [href for href in on_paper if not href.endswith(".vcf")] == []


def test_all_colors_of_events_are_names_that_css_knows(window: Window) -> None:
    window.go("/contacts/")

    assert [
        name for name in COLORS if not window.page.evaluate("name => CSS.supports('color', name)", name)
    ] == []
