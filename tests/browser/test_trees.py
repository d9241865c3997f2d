# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a screen reader is told where people find a date, sign up, correct an error, subscribe and change the language.

The trees are files in snapshots/. After a change that is meant: RENEW_SNAPSHOTS=1, and read what has changed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.support.browser_visitors import Mouse, Visit, fill_in, visit
from tests.support.built_site import BuiltSite
from tests.support.page_words import LANGUAGES, WORDS
from tests.support.running_function import SEATS, SMALL, RunningFunction, running
from tests.support.seats import IN_A_LIST, SAID
from tests.support.windows import Windows

SNAPSHOTS = Path(__file__).parent / "snapshots"
RENEW = bool(os.environ.get("RENEW_SNAPSHOTS"))
MONTHS = 3
"""Of the schedule; a date that is canceled is among them, and the others look like these."""

# Where links lead, which is not read aloud.
_ONLY_AN_ADDRESS = re.compile(r":\n( +)- /url: .*$(?!\n\1-)", re.MULTILINE)
_ADDRESS = re.compile(r"\n +- /url: .*")


@pytest.fixture
def function(site: BuiltSite, tmp_path: Path) -> Iterator[RunningFunction]:
    """A function with one seat left in the small session."""
    with running(site, tmp_path) as function:
        function.fill(SMALL, SEATS - 1)
        yield function


def tree(part: Locator) -> str:
    """Return what a screen reader is told of a part of the page, as YAML."""
    return _ADDRESS.sub("", _ONLY_AN_ADDRESS.sub("", part.aria_snapshot())) + "\n"


def trees(one: Visit, language: str) -> Iterator[tuple[str, str]]:
    """Go from the schedule to a seat, with a mistake on the way; yield the name and the tree of each page."""
    words, page = WORDS[language], one.page
    main = page.locator("main")

    one.go(f"{words.prefix}/schedule/")
    expect(page.locator(f"[id=s-{SMALL}] .seats")).to_have_text(IN_A_LIST[language]["one seat"])
    page.locator(".month, .grids table").evaluate_all(
        """(parts, months) => {
            const kept = new Set(parts.filter(e => e.matches('.month')).slice(0, months).map(e => e.id))
            parts.filter(e => !kept.has(e.id || e.dataset.month)).forEach(e => e.remove())
        }""",
        MONTHS,
    )
    yield "header", tree(page.get_by_role("banner"))
    yield "schedule", tree(main)

    one.go(f"{words.prefix}/schedule/{SMALL}/")
    expect(page.locator(f"[id=s-{SMALL}] .seats")).to_have_text(SAID[language]["one seat"])
    yield "session", tree(main)

    hand = Mouse(page)
    hand.follow(page.locator("#sign-up").get_by_role("button").first)
    expect(page).to_have_title(words.error)
    yield "errors", tree(main)

    fill_in(one, hand, words, "Ana Núñez", "ana@example.org")
    expect(page.locator("h1")).to_have_text(words.signed_up)
    yield "signed-up", tree(main)

    one.go(f"{words.prefix}/subscribe/")
    yield "subscribe", tree(main)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_screen_reader_is_told_what_is_kept_in_snapshots(
    windows: Windows, function: RunningFunction, language: str
) -> None:
    with visit(windows, function, timezone_id="America/Los_Angeles") as one:
        found = dict(trees(one, language))
    folder = SNAPSHOTS / language
    if RENEW:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in found.items():
            (folder / f"{name}.yaml").write_text(text)
    assert found == {file.stem: file.read_text() for file in folder.glob("*.yaml")}
