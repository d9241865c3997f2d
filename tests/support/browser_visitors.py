# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody in front of a browser, with a mouse or with nothing but a keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Locator, Page, expect

from schedule.model import Language
from tests.support.page_words import Words
from tests.support.running_function import RunningFunction
from tests.support.windows import Window, Windows


@contextmanager
def visit(windows: Windows, function: RunningFunction, width: int = 1280, **options: Any) -> Iterator[Visit]:
    """Open a window of a person's own, with nothing in its cache."""
    with windows.lend(function.address, width, **options) as window:
        yield Visit(window, function)


class Visit:
    """Somebody's window at a site with a sign-up function."""

    def __init__(self, window: Window, function: RunningFunction) -> None:
        self.window = window
        self.page, self.go = window.page, window.go
        self.catalogues = function.application.build.site().catalogues

    @property
    def path(self) -> str:
        """See `Window.path`."""
        return self.window.path

    def heading(self) -> str:
        """Return the page's h1."""
        return self.page.locator("h1").inner_text()

    def language(self) -> str | None:
        """Return the language that the page says it is in."""
        return self.page.locator("html").get_attribute("lang")

    def post(self, path: str, fields: dict[str, str]) -> None:
        """Send a form from where one is; as a page of this site could, whatever it shows."""
        with self.page.expect_navigation():
            self.page.evaluate(
                """([path, fields]) => {
                    const form = document.createElement('form')
                    Object.assign(form, {method: 'post', action: path, hidden: true})
                    for (const [name, value] of Object.entries(fields)) {
                        const field = document.createElement('textarea')
                        Object.assign(field, {name, value})
                        form.append(field)
                    }
                    document.body.append(form)
                    form.submit()
                }""",
                [path, fields],
            )


class Mouse:
    """Points and clicks."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def follow(self, target: Locator) -> None:
        """Press a link or a button that leads to another page."""
        with self.page.expect_navigation():
            target.click()

    def jump(self, target: Locator) -> None:
        """Press a link to another part of the page."""
        target.click()

    def write(self, target: Locator, text: str) -> None:
        """Write into a field."""
        target.click()
        self.page.keyboard.insert_text(text)

    def choose(self, target: Locator, option: str) -> None:
        """Choose from a list."""
        target.select_option(label=option)

    def pick(self, target: Locator) -> None:
        """Choose one of several buttons."""
        target.click()

    def tick(self, target: Locator) -> None:
        """Tick a box."""
        target.click()


class Keyboard(Mouse):
    """Has nothing but Tab, Enter, Space, the arrows and letters; wherever it stops, one can see it."""

    def follow(self, target: Locator) -> None:
        """Go there, and press Enter."""
        self._go(target)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def jump(self, target: Locator) -> None:
        """Go there, and press Enter."""
        self._go(target)
        self.page.keyboard.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        """Go there, and type over what stands there."""
        self._go(target)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)

    def choose(self, target: Locator, option: str) -> None:
        """Go there, and type how the option begins."""
        self._go(target)
        self.page.keyboard.type(option[:6])
        expect(target.locator("option:checked")).to_have_text(option)

    def pick(self, target: Locator) -> None:
        """Go to the group, and with the arrows to the button."""
        name = target.get_attribute("name")
        self._go(self.page.locator(f"input[name={name}]:checked"))
        while not target.is_checked():
            self.page.keyboard.press("ArrowDown")

    def tick(self, target: Locator) -> None:
        """Go there, and press Space."""
        self._go(target)
        self.page.keyboard.press("Space")

    def _go(self, target: Locator) -> None:
        """Press Tab until there; all one meets on the way shows that one is there, and is in view."""
        wanted = target.element_handle()
        for _ in range(120):
            at = self.page.evaluate(_FOCUS, wanted)
            if at["there"]:
                assert at["seen"], at["html"]
                return
            assert at["seen"] or at["html"].startswith("<body"), at["html"]
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} cannot be reached")


_FOCUS = """wanted => {
    const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e)
    const marked = style.outlineStyle !== 'none' || style.boxShadow !== 'none'
    return {
        there: e === wanted,
        html: e.outerHTML.slice(0, 100),
        seen: e.matches(':focus-visible') && marked && box.width > 0 && box.bottom > 0 && box.top < innerHeight,
    }
}"""

HANDS: dict[str, Callable[[Page], Mouse]] = {"mouse": Mouse, "keyboard": Keyboard}


def look(one: Visit, language: str, heading: str) -> None:
    """See that a page is the one expected, in its language all through, and that nothing went wrong on the way."""
    assert (one.heading(), one.language()) == (heading, language)
    assert untranslated(one, language) == []
    assert (one.window.said, one.window.foreign) == ([], [])


def untranslated(one: Visit, language: str) -> list[str]:
    """Return the English texts of a page in another language that stand where nothing says so."""
    if language == "en":
        return []
    texts = one.page.evaluate(
        """language => {
            const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT), texts = []
            while (walker.nextNode()) {
                const { parentElement: e, data } = walker.currentNode
                if (e.closest('[lang]').lang == language && !e.closest('script, style')) texts.push(data.trim())
            }
            return texts
        }""",
        language,
    )
    catalogue = one.catalogues[Language(language)].messages
    return [text for text in texts if text in catalogue and text not in catalogue[text]]


def fill_in(one: Visit, hand: Mouse, words: Words, name: str, email: str) -> None:
    """Fill in the form, and send it."""
    form = one.page.locator("#sign-up form")
    hand.write(form.get_by_label(words.name), name)
    hand.write(form.get_by_label(words.email), email)
    hand.write(form.get_by_label(words.organization), "Yolo COE")
    hand.choose(form.get_by_label(words.role), words.recruiter)
    # In the other language first, as one who takes the wrong one does.
    for mails in ("English", "Español") if words.prefix else ("Español", "English"):
        hand.pick(form.get_by_label(mails))
    hand.tick(form.get_by_label(words.consent))
    hand.follow(form.get_by_role("button", name=words.sign_up))
