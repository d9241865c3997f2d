# SPDX-License-Identifier: AGPL-3.0-or-later
"""The scripts of a site that stands in a folder of its host: what they ask for and what they write is in the folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from register.entrypoints.static_site import files
from tests.support.built_site import build
from tests.support.constants import SITE_URL
from tests.support.serving import listen, serving
from tests.support.windows import Window, Windows

FOLDER = "/all/msix"
"""Its name holds the word that the filter puts another one for."""


@pytest.fixture
def folder_window(windows: Windows, tmp_path: Path) -> Iterator[Window]:
    """A window for a site in a folder, beside which no function runs."""
    site = build(tmp_path, SITEURL=f"{SITE_URL}{FOLDER}")
    listening, address = listen()
    with serving(files(site.output, FOLDER), listening), windows.lend(address) as lent:
        yield lent


@pytest.mark.long
def test_scripts_ask_for_and_write_addresses_in_the_folder(folder_window: Window) -> None:
    window, page = folder_window, folder_window.page
    with page.expect_request("**/status.json"):
        window.go(f"{FOLDER}/schedule/")
    page.locator("#filter [name=training]").select_option("overview")

    copied = page.locator("#subscribe > p code").text_content()
    assert copied == f"{SITE_URL}{FOLDER}/calendar/filtered/overview/any/any.ics"
    for link in page.locator("#subscribe > .links a").all():
        assert f"{FOLDER}/calendar/filtered/overview/any/any.ics" in unquote(str(link.get_attribute("href")))
    assert [url for url in window.asked if not url.startswith((f"{window.address}{FOLDER}/", "data:"))] == []
