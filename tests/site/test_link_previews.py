# SPDX-License-Identifier: AGPL-3.0-or-later
"""What messengers show of a page that somebody sends on: a picture, in the page's language."""

from __future__ import annotations

import struct

import pytest

from tests.support.built_site import BuiltSite
from tests.support.constants import SITE_URL

SHOWN = {
    "en": "A record card on its way from one school to the next",
    "es": "Una ficha en camino de una escuela a otra",
}


@pytest.mark.parametrize("language", SHOWN)
def test_every_page_names_the_picture_of_its_language_its_size_and_what_it_shows(
    site: BuiltSite, language: str
) -> None:
    path = site.told.assets[f"share.{language}.png"]
    # Width and height stand in a PNG's first chunk (W3C, PNG, 11.2.1).
    width, height = struct.unpack(">II", site.files[path.lstrip("/")][16:24])
    pages = [page for page in site.pages.values() if next(page.all("html"))["lang"] == language]
    assert pages
    for page in pages:
        said = {one["property"]: one["content"] for one in page.all("meta") if "property" in one}
        assert {name: text for name, text in said.items() if name.startswith("og:image")} == {
            "og:image": f"{SITE_URL}{path}",
            "og:image:width": str(width),
            "og:image:height": str(height),
            "og:image:alt": SHOWN[language],
        }, page.url
