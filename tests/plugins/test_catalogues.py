# SPDX-License-Identifier: AGPL-3.0-or-later
"""The theme's translations, from PO files to what templates call."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from plugins.trainings.catalogues import CatalogueError, read_catalogues
from plugins.trainings.memo import Memo
from schedule.model import Language
from schedule.site import Catalogue

PO = """\
msgid ""
msgstr ""
"Language: es\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Trainings"
msgstr "Capacitaciones"

msgid "%(number)s seat left"
msgid_plural "%(number)s seats left"
msgstr[0] "Queda %(number)s lugar"
msgstr[1] "Quedan %(number)s lugares"

#, fuzzy
msgid "Contacts"
msgstr "Contratos"

msgid "Schedule"
msgstr ""
"""


def theme(tmp_path: Path, text: str = PO, name: str = "theme.po") -> Path:
    folder = tmp_path / "translations" / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return tmp_path


def spanish(folder: Path) -> Catalogue:
    return read_catalogues(folder, Memo())[Language.SPANISH]


def test_a_message_is_translated(tmp_path: Path) -> None:
    assert spanish(theme(tmp_path)).gettext("Trainings") == "Capacitaciones"


@pytest.mark.parametrize("message", ["Contacts", "Schedule", "Nowhere"])
def test_a_doubtful_an_empty_and_a_missing_translation_leave_the_message(
    tmp_path: Path, message: str
) -> None:
    assert spanish(theme(tmp_path)).gettext(message) == message


def test_a_number_chooses_between_singular_and_plural(tmp_path: Path) -> None:
    catalogue = spanish(theme(tmp_path))
    forms = [
        catalogue.ngettext("%(number)s seat left", "%(number)s seats left", number) for number in (0, 1, 2)
    ]

    assert forms == ["Quedan %(number)s lugares", "Queda %(number)s lugar", "Quedan %(number)s lugares"]


def test_english_needs_no_file(tmp_path: Path) -> None:
    english = read_catalogues(theme(tmp_path), Memo())[Language.ENGLISH]

    assert english == Catalogue({})
    assert english.gettext("Trainings") == "Trainings"
    assert [english.ngettext("seat", "seats", number) for number in (0, 1, 2)] == ["seats", "seat", "seats"]


def test_several_files_are_one_catalogue(tmp_path: Path) -> None:
    theme(tmp_path)
    theme(tmp_path, PO.replace("Trainings", "Home").replace("Capacitaciones", "Inicio"), "more.po")
    catalogue = spanish(tmp_path)

    assert (catalogue.gettext("Trainings"), catalogue.gettext("Home")) == ("Capacitaciones", "Inicio")


def test_a_language_without_translation_is_an_error_that_says_where_it_belongs(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError) as caught:
        read_catalogues(tmp_path, Memo())

    assert str(caught.value) == (
        f"{tmp_path}/translations/es/LC_MESSAGES: there is no translation for the pages in “es”; add theme.po"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b'msgid "Home"\nmsgstr "Inicio"\nmsgid\n', "missing msgstr for msgid '' on 2"),
        (b'msgid "Home"\nmsgstr "A\xf1o"\n', "'utf-8' codec can't decode byte 0xf1"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: bytes, reason: str) -> None:
    file = theme(tmp_path) / "translations/es/LC_MESSAGES/theme.po"
    file.write_bytes(text)

    with pytest.raises(CatalogueError) as caught:
        read_catalogues(tmp_path, Memo())

    assert str(caught.value).startswith(f"{file}: {reason}")


def test_a_catalogue_is_read_again_only_when_its_file_has_changed(tmp_path: Path) -> None:
    folder, memo = theme(tmp_path), Memo()
    first = read_catalogues(folder, memo)[Language.SPANISH]
    again = read_catalogues(folder, memo)[Language.SPANISH]
    theme(tmp_path, PO.replace("Capacitaciones", "Cursos"))
    os.utime(tmp_path / "translations/es/LC_MESSAGES/theme.po", (0, 0))
    changed = read_catalogues(folder, memo)[Language.SPANISH]

    assert again is first
    assert changed.gettext("Trainings") == "Cursos"
