# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pictures of the trainers' guides; `python -m tests.support.guide_pictures` takes them anew into docs/pictures/."""

from __future__ import annotations

import os
import re
import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page

from tests.support.constants import ROOT

FOLDER = ROOT / "docs/pictures"
GUIDES = {"en": ROOT / "docs/staff-guide.md", "es": ROOT / "docs/staff-guide.es.md"}
EDITOR_GUIDES = {"en": ROOT / "docs/adding-a-session.md", "es": ROOT / "docs/adding-a-session.es.md"}
"""Both show the pictures of the English editor."""
PHONE = {"width": 390, "height": 700}
"""Pixels of a phone's window."""

_JOURNEYS = (
    "tests/browser/test_staff_term.py",
    "tests/browser/test_editor.py::test_a_session_from_the_first_field_to_its_cancellation",
    "tests/browser/test_editor.py::test_one_date_of_a_series_is_moved_and_another_canceled",
)
_INTO = "GUIDE_PICTURES"
_COLORS = 64
_NAMED = re.compile(r"!\[[^\]]+\]\(pictures/([^)]+)\)")


class Album:
    """Takes pictures of what is in a window, for the guide in one language."""

    def __init__(self, language: str, folder: Path) -> None:
        self._suffix = "" if language == "en" else f".{language}"
        self._folder = Path(os.environ.get(_INTO, folder))
        self.names: list[str] = []

    def take(self, page: Page, name: str, top: Locator | None = None) -> None:
        """Take a picture of what is in the window, once `top` is at its upper edge."""
        if top is not None:
            top.evaluate("e => scrollTo(0, e.getBoundingClientRect().top + scrollY - 12)")
        page.mouse.move(0, 0)
        # A few flat colors: a palette takes a third of the bytes.
        image = (
            Image.open(BytesIO(page.screenshot())).convert("RGB").quantize(_COLORS, dither=Image.Dither.NONE)
        )
        self.names.append(f"{name}{self._suffix}.png")
        image.save(self._folder / self.names[-1], optimize=True)


def named_in(guide: Path) -> list[str]:
    """Return the pictures that a guide shows, in its order."""
    return _NAMED.findall(guide.read_text())


def main() -> int:
    """Take all pictures anew."""
    for picture in FOLDER.glob("*.png"):
        picture.unlink()
    os.environ[_INTO] = str(FOLDER)
    return pytest.main([*_JOURNEYS, "-n", "0"])


if __name__ == "__main__":
    sys.exit(main())
