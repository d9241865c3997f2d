# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guide for trainers: its pictures are there, and it names buttons and messages as the desk does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from schedule.model import Language
from tests.support.built_site import BuiltSite
from tests.support.constants import ROOT
from tests.support.guide_pictures import FOLDER, GUIDES, named_in

ASIDES = {
    "en": {"To sign up.", "To correct, move or cancel."},
    "es": {"Para inscribirse.", "Para corregir, cambiar de fecha o cancelar."},
}
"""What is bold in a guide and stands on no page."""

_BOLD = re.compile(r"\*\*([^*]+)\*\*")


@pytest.mark.parametrize("language", GUIDES)
def test_each_word_in_bold_stands_on_the_desk(site: BuiltSite, language: str) -> None:
    messages = site.told.catalogues[Language.SPANISH].messages
    said = {" ".join(bold.split()) for bold in _BOLD.findall(GUIDES[language].read_text())}
    on_pages = set(messages) if language == "en" else {text for forms in messages.values() for text in forms}
    assert len(said) > 20
    assert said - on_pages == ASIDES[language]


def test_the_pictures_in_the_folder_are_those_that_the_guides_show() -> None:
    shown = [picture for guide in GUIDES.values() for picture in named_in(guide)]
    assert sorted(shown) == sorted(picture.name for picture in FOLDER.glob("staff-*"))


def test_the_pictures_are_light() -> None:
    assert sum(picture.stat().st_size for picture in FOLDER.glob("staff-*")) < 400_000


@pytest.mark.parametrize("document", ["README.md", "docs/adding-a-session.md", "docs/adding-a-session.es.md"])
def test_trainers_find_the_guide(document: str) -> None:
    folder = (ROOT / document).parent
    links = re.findall(r"\]\(([^)#]*staff-guide[^)]*)\)", (ROOT / document).read_text())
    assert {(folder / link).resolve() for link in links} >= {Path(guide) for guide in GUIDES.values()}
