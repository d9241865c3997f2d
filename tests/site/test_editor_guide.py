# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guide to the editor: its pictures are there, and it names fields as the editor does."""

from __future__ import annotations

import re

from plugins.editor import words
from plugins.trainings.tables import TABLES
from schedule.model import Language
from tests.support.guide_pictures import EDITOR_GUIDE, FOLDER, named_in

# What the program itself, and the staff desk, call their own buttons.
OF_OTHERS = {
    "Edit the site",
    "New",
    "Save",
    "Enable Spanish",
    "Slug",
    "Assets",
    "Upload",
    "Sign In Using Access Token",
    "Work with Local Repository",
}


def test_the_pictures_in_the_folder_are_those_that_the_guide_shows_and_they_are_light() -> None:
    pictures = sorted(FOLDER.glob("editor-*"))

    assert sorted(named_in(EDITOR_GUIDE)) == [picture.name for picture in pictures]
    assert sum(picture.stat().st_size for picture in pictures) < 300_000


def test_each_word_in_bold_stands_in_the_editor() -> None:
    text = EDITOR_GUIDE.read_text().partition("\n## Without the editor")[0]
    english = Language.ENGLISH
    labels = {table.title.text(english) for table in TABLES} | {
        table.body.text(english).label for table in TABLES
    }
    labels |= {words.ORGANIZATIONS.text(english), words.DATE.text(english).label}
    for key in (key for table in TABLES for key in table.keys):
        label = key.words.text(english).label
        labels |= {label, words.TIME.text(english).label.format(label=label)}
        labels |= {choice.text(english) for choice in (key.kind.choices or {}).values()}
    said = {" ".join(bold.split()) for bold in re.findall(r"\*\*([^*]+)\*\*", text)}

    assert len(said) > 15
    assert said - labels == OF_OTHERS
