# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real Chromium, and the real site served as `make serve` serves it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, sync_playwright

from plugins.serve import static_files
from tests.support import chromium
from tests.support.built_site import BuiltSite
from tests.support.serving import listen, serving
from tests.support.windows import Window, Windows

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@pytest.fixture(scope="session")
def address(site: BuiltSite) -> Iterator[str]:
    """The site's address on loopback, without a slash at its end."""
    listening, address = listen()
    with serving(_with_status(static_files(site.output)), listening):
        yield address


def _with_status(files: WSGIApplication) -> WSGIApplication:
    """Answer for the sign-up function that it knows of no session: a browser reports each answer of 503."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/register/status.json":
            return files(environ, start_response)
        start_response("200 OK", [("Content-Type", "application/json")])
        return [b'{"sessions": {}}']

    return application


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    path = chromium.find()
    assert path is not None, "no Chromium or Chrome: run python -m tests.support.chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(chromium.FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Windows:
    """Windows of that browser, for `windows.lend(address, 320, color_scheme="dark")`."""
    return Windows(browser)


@pytest.fixture
def window(windows: Windows, address: str) -> Iterator[Window]:
    """A window in which nobody has been before, for the site."""
    with windows.lend(address) as lent:
        yield lent
