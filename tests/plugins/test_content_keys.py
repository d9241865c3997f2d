# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tables of content keys say all that is needed of each key, and the documents say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plugins.content_keys import (
    DOCUMENTS,
    NotInSpanish,
    UnknownTable,
    language_of,
    main,
    markdown,
    updated,
    written,
)
from plugins.trainings.keys import KeyTable, Words, optional, optional_translated, required
from plugins.trainings.problems import BadValue
from plugins.trainings.session import OCCURRENCE_TABLE, SESSION_TABLE
from plugins.trainings.tables import FOLDERS, TABLES
from plugins.trainings.values import LINE, Form, choice, several, whole_number
from schedule.model import Format, Language, Localized
from tests.support.constants import ROOT

EACH_KEY = pytest.mark.parametrize(
    ("table", "name"),
    [pytest.param(table, name, id=f"{table.name}-{name}") for table in TABLES for name in table.names],
)


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_a_document_says_what_the_tables_say(document: Path) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")

    assert text == updated(text, language_of(document)), "run: .venv/bin/python -m plugins.content_keys"


def test_the_documents_have_the_tables_that_their_readers_need() -> None:
    marks = {
        str(one): re.findall("<!-- keys: (.+) -->", (ROOT / one).read_text("utf-8")) for one in DOCUMENTS
    }

    assert marks == {
        "README.md": ["session", "training", "trainer", "parents-page"],
        "docs/adding-a-session.md": ["session"],
        "docs/adding-a-session.es.md": ["session"],
    }


@EACH_KEY
def test_a_writer_of_either_language_is_told_what_a_key_is_for(table: KeyTable, name: str) -> None:
    (key,) = [one for one in table.keys if one.name == name]
    english, spanish = key.words.text(Language.ENGLISH), key.words.text(Language.SPANISH)

    assert all([english.label, spanish.label, english.hint != spanish.hint])
    assert {english.hint[-1:], spanish.hint[-1:]} == {"."}


@EACH_KEY
def test_a_key_says_all_that_a_field_for_it_needs(table: KeyTable, name: str) -> None:
    (kind,) = [one.kind for one in table.keys if one.name == name]

    assert kind.written
    assert (kind.choices is not None) is (kind.form is Form.CHOICE)
    assert (kind.folder in FOLDERS) is (kind.form is Form.REFERENCE)
    assert (kind.minimum is not None) is (kind.form is Form.WHOLE_NUMBER)
    for word, label in (kind.choices or {}).items():
        assert kind.convert(word)
        assert all([label.en, label.es, label.en != label.es])
    if kind.minimum is not None:
        assert kind.convert(str(kind.minimum)) is not None
        with pytest.raises(BadValue):
            kind.convert(str(kind.minimum - 1))


def test_the_file_of_one_date_takes_the_keys_of_its_series_but_the_rule_and_needs_none() -> None:
    assert OCCURRENCE_TABLE.names == tuple(
        name for name in SESSION_TABLE.names if name not in {"Repeat", "Except"}
    )
    assert not any(key.required for key in OCCURRENCE_TABLE.keys)


def words(hint: str) -> dict[str, Words]:
    return {"en": Words("A label", hint), "es": Words("Una etiqueta", "Otra cosa.")}


TABLE = KeyTable(
    name="course",
    folder="courses",
    title=Localized("Courses", "Cursos"),
    keys=(
        required("Seats", whole_number(1), **words("How many.")),
        optional(
            "Formats",
            several(
                choice(
                    Format,
                    {Format.ONLINE: Localized("Online"), Format.IN_PERSON: Localized("In person")},
                    also={"on-line": Format.ONLINE},
                )
            ),
            **words("Where."),
        ),
        optional_translated("Badge", LINE, **words("A word.")),
    ),
    body=Localized(Words("Text", "What it is about."), Words("Texto", "De qué trata.")),
)


def test_a_table_for_people_has_a_row_for_each_key_and_one_for_the_text() -> None:
    assert markdown(TABLE, Language.ENGLISH) == (
        "| key | needed | what it says | how to write it |\n"
        "| --- | --- | --- | --- |\n"
        "| `Seats` | yes | How many. | a whole number, 1 or more |\n"
        "| `Formats` | | Where. | `online` or `in-person` (also `on-line`); put commas between several |\n"
        "| `Badge` | | A word. | one line; also in Spanish |\n"
        "| the text below | | What it is about. | Markdown; also in Spanish |\n"
    )


def test_in_spanish_the_table_says_the_same_and_leaves_what_is_typed_as_it_is() -> None:
    assert markdown(TABLE, Language.SPANISH) == (
        "| clave | ¿obligatoria? | qué dice | cómo se escribe |\n"
        "| --- | --- | --- | --- |\n"
        "| `Seats` | sí | Otra cosa. | un número entero, 1 o más |\n"
        "| `Formats` | | Otra cosa. | `online` o `in-person` (también `on-line`); si hay más, separe con comas |\n"
        "| `Badge` | | Otra cosa. | una línea; también en español |\n"
        "| el texto de abajo | | De qué trata. | Markdown; también en español |\n"
    )


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_each_table_can_be_had_in_spanish(table: KeyTable) -> None:
    rows = markdown(table, Language.SPANISH).splitlines()

    assert len(rows) == 2 + len(table.keys) + 1


def test_words_without_spanish_are_an_error_that_names_them() -> None:
    with pytest.raises(NotInSpanish) as caught:
        written("a color, as `red`", Language.SPANISH)

    assert str(caught.value) == '"a color, as " has no Spanish in plugins/content_keys.py; add it there'


@pytest.mark.parametrize(
    ("name", "language"), [("docs/a.md", Language.ENGLISH), ("docs/a.es.md", Language.SPANISH)]
)
def test_the_end_of_a_documents_name_tells_its_language(name: str, language: Language) -> None:
    assert language_of(Path(name)) is language


def test_a_mark_for_an_unknown_table_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(UnknownTable) as caught:
        updated("<!-- keys: sesion -->\n<!-- end of keys -->\n", Language.ENGLISH)

    assert str(caught.value) == (
        'there are no keys of "sesion"; there are: training, trainer, session, occurrence, parents-page, page'
    )


def test_the_command_mends_the_documents_and_names_those_that_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs").mkdir()
    for document in DOCUMENTS:
        (tmp_path / document).write_text((ROOT / document).read_text("utf-8"), "utf-8")
    text = (tmp_path / "README.md").read_text("utf-8")
    (tmp_path / "README.md").write_text(text.replace("| `Capacity` | yes |", "| `Capacity` | no |"), "utf-8")
    monkeypatch.chdir(tmp_path)

    assert main() == 0
    assert capsys.readouterr().out == "README.md\n"
    assert (tmp_path / "README.md").read_text("utf-8") == text
    assert main() == 0
    assert capsys.readouterr().out == ""
