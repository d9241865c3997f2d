# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every page of the site, visited once: for everybody, on any screen, quiet, still, and asking nobody else."""

from __future__ import annotations

import pytest

from tests.support.audit import problems
from tests.support.built_site import BuiltSite
from tests.support.windows import Window

PARTS = 24
"""Every page is in one of so many tests, which take a few seconds each."""


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize(
    "all_rules",
    [False, pytest.param(True, marks=pytest.mark.long)],
    ids=["rules that can differ", "all rules everywhere"],
)
def test_every_page_is_for_everybody_on_any_screen_and_keeps_to_itself(
    window: Window, site: BuiltSite, part: int, all_rules: bool
) -> None:
    found: list[str] = []
    for url in sorted(site.pages)[part::PARTS]:
        window.forget()
        window.go(url)
        assert (url, window.answers) == (url, [200])
        found += [f"{url} {line}" for line in problems(window, all_rules=all_rules)]
    assert found == [], "\n".join(found)


def test_a_field_without_a_label_is_found_on_a_page_that_has_been_seen_before(window: Window) -> None:
    window.go("/words/")
    assert problems(window) == []
    window.page.evaluate("document.querySelector('main').append(document.createElement('input'))")

    assert [line.split(":")[:2] for line in problems(window) if "axe" in line] == [
        ["1280 px, light, axe", " label"]
    ]
