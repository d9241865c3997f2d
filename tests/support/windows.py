# SPDX-License-Identifier: AGPL-3.0-or-later
"""Windows of a browser, which keep what happened in them; they are lent, since a new one costs half a second."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

from tests.support.constants import NOON

_BEFORE_EACH_PAGE = f"""
    Date.now = () => {NOON.timestamp() * 1000}
    window.shifts = []
    const note = entries => window.shifts.push(...entries.map(one => one.value))
    const observer = new PerformanceObserver(list => note(list.getEntries()))
    observer.observe({{type: 'layout-shift', buffered: true}})
    window.shifted = () => {{ note(observer.takeRecords()); return window.shifts }}
"""
_PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
_STATUS = re.compile(r"Failed to load resource: the server .* status of [45]\d\d .*")


class Window:
    """A window; it keeps what its console said, whom its pages asked, and the status of each page."""

    def __init__(self, page: Page, known: dict[str, set[str]] | None = None) -> None:
        self.page = page
        self._known = {} if known is None else known
        self.address = ""
        """The site's, without a slash at its end; paths are below it."""
        self.said: list[str] = []
        self.asked: list[str] = []
        self.answers: list[int] = []
        page.add_init_script(_BEFORE_EACH_PAGE)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.said.append(f"{page.url}: {error}"))
        page.on("request", self._see)
        page.on("response", self._note)

    def _hear(self, message: ConsoleMessage) -> None:
        source = message.location["url"]
        # The browser itself notes the status of a page that says why something cannot be done.
        if not _STATUS.fullmatch(message.text) or source.split("?")[0] != self.page.url.split("?")[0]:
            self.said.append(f"{message.text} {source}")

    def _see(self, request: Request) -> None:
        self.asked.append(request.url)

    def _note(self, answer: Response) -> None:
        if answer.request.is_navigation_request():
            self.answers.append(answer.status)

    @property
    def foreign(self) -> list[str]:
        """All that was asked of others than the site."""
        return [url for url in self.asked if not url.startswith((f"{self.address}/", "data:"))]

    @property
    def path(self) -> str:
        """Where one is, without what stands behind `?`."""
        return self.page.url.removeprefix(self.address).split("?")[0]

    def go(self, path: str) -> None:
        """Open a page of the site."""
        self.page.goto(urljoin(f"{self.address}/", path))

    def shifts(self) -> list[float]:
        """Return how much each thing moved since the page was opened, once all is painted that is there."""
        self.wait_until_painted()
        return list(self.page.evaluate("shifted()"))

    def has_new(self, kinds: set[str], language: str) -> bool:
        """Whether one of these kinds of things was in no window of the browser yet, in a language; now they were."""
        known = self._known.setdefault(language, set())
        new = kinds - known
        known |= kinds
        return bool(new)

    def wait_until_painted(self) -> None:
        """Wait until what is there has been painted."""
        self.page.evaluate(_PAINTED)

    def resize(self, width: int, height: int = 900) -> None:
        """Make the window so large."""
        self.page.set_viewport_size({"width": width, "height": height})

    def forget(self) -> None:
        """Begin anew with what is kept."""
        for kept in (self.said, self.asked, self.answers):
            kept.clear()

    def clean(self) -> None:
        """Leave the site, and leave nothing of it in the browser."""
        self.page.unroute_all()
        self.page.goto("about:blank")
        self.page.emulate_media(media="null", color_scheme="light")
        self.page.context.clear_cookies()
        session = self.page.context.new_cdp_session(self.page)
        session.send("Storage.clearDataForOrigin", {"origin": self.address, "storageTypes": "all"})
        session.send("Network.clearBrowserCache")
        session.detach()


class Windows:
    """The windows of one browser."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._known: dict[str, set[str]] = {}
        self._free: dict[frozenset[tuple[str, Any]], list[Window]] = defaultdict(list)

    @contextmanager
    def lend(
        self, address: str, width: int = 1280, height: int = 900, color_scheme: Any = "light", **options: Any
    ) -> Iterator[Window]:
        """Lend a window in which nobody has been before, for one site; `options` are those of a browser's context."""
        free = self._free[frozenset(options.items())]
        window = free.pop() if free else Window(self._browser.new_context(**options).new_page(), self._known)
        try:
            window.address = address
            window.resize(width, height)
            window.page.emulate_media(color_scheme=color_scheme)
            window.forget()
            yield window
            window.clean()
        except BaseException:
            window.page.context.close()  # who knows what is left in it
            raise
        free.append(window)
