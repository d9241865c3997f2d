# SPDX-License-Identifier: AGPL-3.0-or-later
"""One's own page in a phone: the link to join is on the first screen, and another date is three clicks away."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.support.browser_visitors import Mouse, visit
from tests.support.built_site import BuiltSite
from tests.support.running_function import JOIN_URL, ONLINE, links, personal_link, running
from tests.support.windows import Windows

OTHER = "2027-01-14-overview"
PRINTED_ADDRESSES = """
    [...document.querySelectorAll('main a[href*="/register/"]')]
        .filter(link => link.checkVisibility())
        .map(link => getComputedStyle(link, "::after").content)
"""
"""What is printed behind each personal link that is on paper."""


def test_from_the_email_one_joins_moves_and_corrects(
    windows: Windows, site: BuiltSite, tmp_path: Path
) -> None:
    with running(site, tmp_path) as function, visit(windows, function, 390) as ana:
        function.sign_up(ONLINE, "Ana Nuñez", "ana@example.org")
        function.deliver()
        [email] = function.letterbox.mails("ana@example.org")
        hand = Mouse(ana.page)

        ana.go(personal_link(email))  # the first click
        expect(ana.page.get_by_role("link", name="Join the session")).to_be_in_viewport()
        expect(ana.page.get_by_role("link", name="Join the session")).to_have_attribute("href", JOIN_URL)
        ana.page.locator("summary", has_text="Move to another date").click()
        hand.follow(ana.page.get_by_role("button", name="January 14"))
        expect(ana.page.get_by_role("status")).to_have_text(
            "You moved to this date. We’ve emailed you the details."
        )

        ana.page.locator("summary", has_text="Correct my details").click()
        ana.page.get_by_label("Your full name").fill("Ana Núñez Ruiz")
        hand.follow(ana.page.get_by_role("button", name="Save"))
        expect(ana.page.get_by_role("status")).to_contain_text("Your details are corrected.")
        assert function.roster(OTHER) == [("Ana Núñez Ruiz", "confirmed")]
        assert function.roster(ONLINE) == [("Ana Nuñez", "cancelled")]

        [mine] = [link for link in links(email) if "/register/mine/" in link and not link.endswith(".ics")]
        ana.go(mine)
        ana.page.emulate_media(media="print")
        assert set(ana.page.evaluate(PRINTED_ADDRESSES)) == {"none"}
        ana.page.emulate_media(media="screen")
        hand.follow(ana.page.locator("h3 a", has_text="CA MSIX Overview").last)
        assert (ana.heading(), ana.window.answers[-1]) == ("Your registration", 200)
