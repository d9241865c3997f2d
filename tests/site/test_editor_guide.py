# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guide to the editor, in both languages: its pictures are there, and it names fields as the editor does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plugins.editor import words
from plugins.trainings.tables import TABLES
from schedule.model import Language
from tests.support.constants import ROOT
from tests.support.guide_pictures import EDITOR_GUIDES, FOLDER, GUIDES, named_in

# What the program itself, and the staff desk, call their own buttons.
OF_OTHERS = {
    "en": {
        "Edit the site",
        "New",
        "Save",
        "Enable Spanish",
        "Slug",
        "Assets",
        "Upload",
        "Sign In Using Access Token",
        "Work with Local Repository",
    },
    "es": {
        "Editar el sitio",
        "Nuevo",
        "Guardar",
        "Habilitar Español",
        "Slug",
        "Recursos",
        "Subir",
        "Iniciar sesión con un token de acceso",
        "Trabajar con un repositorio local",
    },
}
WITHOUT = {"en": "Without the editor", "es": "Sin el editor"}
"""The heading below which a guide names the buttons of the code host."""
EACH_GUIDE = pytest.mark.parametrize("language", Language)


@EACH_GUIDE
def test_the_pictures_in_the_folder_are_those_that_a_guide_shows_and_they_are_light(
    language: Language,
) -> None:
    pictures = sorted(FOLDER.glob("editor-*"))

    assert sorted(named_in(EDITOR_GUIDES[language])) == [picture.name for picture in pictures]
    assert sum(picture.stat().st_size for picture in pictures) < 300_000


@EACH_GUIDE
def test_each_word_in_bold_stands_in_the_editor(language: Language) -> None:
    text = EDITOR_GUIDES[language].read_text().partition(f"\n## {WITHOUT[language]}\n")[0]
    labels = {table.title.text(language) for table in TABLES} | {
        table.body.text(language).label for table in TABLES
    }
    labels |= {words.ORGANIZATIONS.text(language), words.DATE.text(language).label}
    for key in (key for table in TABLES for key in table.keys):
        label = key.words.text(language).label
        labels |= {label, words.TIME.text(language).label.format(label=label)}
        labels |= {choice.text(language) for choice in (key.kind.choices or {}).values()}
    said = {" ".join(bold.split()) for bold in re.findall(r"\*\*([^*]+)\*\*", text)}

    assert len(said) > 15
    assert said - labels == OF_OTHERS[language]


def test_both_guides_have_the_same_sections_steps_and_rows() -> None:
    marks = {
        one: re.findall(r"(?m)^ *(#+ |\d\. |- |!\[|```|\| )", EDITOR_GUIDES[one].read_text())
        for one in EDITOR_GUIDES
    }

    assert len(marks["en"]) > 80
    assert marks["es"] == marks["en"]


def test_the_files_that_a_guide_gives_are_the_same_in_both_languages() -> None:
    english, spanish = (
        re.findall(r"(?ms)^ *```\n(.*?)^ *```$", guide.read_text()) for guide in EDITOR_GUIDES.values()
    )

    assert len(english) > 4
    assert spanish == english


def test_each_guide_leads_to_the_other_below_its_title() -> None:
    tops = {one: guide.read_text().splitlines()[2] for one, guide in EDITOR_GUIDES.items()}

    assert tops == {"en": "[En español](adding-a-session.es.md)", "es": "[In English](adding-a-session.md)"}


@pytest.mark.parametrize(
    ("document", "languages"),
    [(ROOT / "README.md", ["en", "es"]), (GUIDES["en"], ["en"]), (GUIDES["es"], ["es"])],
    ids=["readme", "staff-guide", "staff-guide-es"],
)
def test_trainers_find_the_guide_in_their_language(document: Path, languages: list[str]) -> None:
    links = re.findall(r"\]\(([^)#]*adding-a-session[^)#]*)", document.read_text())

    assert {(document.parent / link).resolve() for link in links} == {EDITOR_GUIDES[one] for one in languages}
