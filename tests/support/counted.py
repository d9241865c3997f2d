# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody in front of a browser whose clicks and filled fields are counted, task by task."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator

from tests.support.browser_visitors import HANDS, Visit


class Counted:
    """Does what people do with links, buttons and fields, and keeps what each task has cost."""

    def __init__(self, one: Visit, hands: str) -> None:
        self.one, self.page = one, one.page
        self._hand = HANDS[hands](one.page)
        self.clicks = self.fields = 0
        self.spent: dict[str, tuple[int, int]] = {}

    @contextmanager
    def task(self, name: str) -> Iterator[None]:
        """Count what is done in the block."""
        self.clicks = self.fields = 0
        yield
        self.spent[name] = self.clicks, self.fields

    def open(self, address: str) -> None:
        """Press a link in an email."""
        self.clicks += 1
        self.one.go(address)

    def follow(self, target: Locator) -> None:
        """Press what leads to another page."""
        self.clicks += 1
        self._hand.follow(target)

    def unfold(self, heading: str) -> None:
        """Press a heading that opens."""
        self.clicks += 1
        self._hand.jump(self.page.locator("summary", has_text=heading))

    def tick(self, target: Locator) -> None:
        """Tick a box."""
        self.clicks += 1
        self._hand.tick(target)

    def write(self, label: str, text: str) -> None:
        """Fill in a field, whatever stands there."""
        self.fields += 1
        field = self.page.locator("main").get_by_label(label)
        field.clear()
        self._hand.write(field, text)

    def choose(self, label: str, option: str) -> None:
        """Choose from a list."""
        self.fields += 1
        self._hand.choose(self.page.locator("main").get_by_label(label), option)

    def button(self, name: str) -> Locator:
        """Return the button with this text."""
        return self.page.get_by_role("button", name=name, exact=True)

    def link(self, name: str) -> Locator:
        """Return the link in the main part with this text."""
        return self.page.get_by_role("main").get_by_role("link", name=name, exact=True)
