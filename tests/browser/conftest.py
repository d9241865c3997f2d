# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real Chromium, and the real site served as `make serve` serves it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from waitress.server import create_server

from plugins.serve import static_files
from tests import chromium
from tests.conftest import BuiltSite

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@pytest.fixture(scope="session")
def address(site: BuiltSite) -> Iterator[str]:
    """The site's address on loopback, without a slash at its end."""
    server = create_server(_with_status(static_files(site.output)), host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    server.task_dispatcher.shutdown()
    thread.join(10)


def _with_status(files: WSGIApplication) -> WSGIApplication:
    """ErrorPage for the sign-up function that it knows of no session: a browser reports each answer of 503."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/register/status.json":
            return files(environ, start_response)
        start_response("200 OK", [("Content-Type", "application/json")])
        return [b'{"sessions": {}}']

    return application


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests; each test opens pages of its own."""
    path = chromium.find()
    assert path is not None, "no Chromium or Chrome: run python -m tests.chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(chromium.FLAGS))
        yield browser
        browser.close()


Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Open]:
    """Open a page of the site in a context of its own: `open_page("/", width=320, color_scheme="dark")`."""
    contexts: list[BrowserContext] = []

    def open_(path: str, width: int = 1280, **options: object) -> Page:
        context = browser.new_context(base_url=address, viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
