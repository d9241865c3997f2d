# SPDX-License-Identifier: AGPL-3.0-or-later
"""The editor's configuration says what the tables of content keys say, in the language of its page."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from plugins.editor.config import BODY, DATE, TIME, configuration
from plugins.trainings.code_host import CodeHost
from plugins.trainings.keys import KeyTable
from plugins.trainings.materials import MATERIALS
from plugins.trainings.session import OCCURRENCE_TABLE
from plugins.trainings.tables import TABLES
from plugins.trainings.values import Form
from schedule.model import LANGUAGES, Language

HOST = CodeHost("gitlab", "msix/site/trainings")
OCCURRENCE_NAMES = ("cafe-2027-02-17", "a-b-2027-12-31")
SESSION_NAMES = (
    "cafe",
    "2026-12-20-user-administrator",
    "2027-02-17-cafe",
    "cafe-2027",
    "cafe-2027-02-17-more",
)

EACH = pytest.mark.parametrize("language", LANGUAGES)
EACH_TABLE = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)


def config(language: Language = Language.ENGLISH) -> dict[str, Any]:
    made: dict[str, Any] = configuration(language, HOST, "https://trainings.example.org/", ())["config"]
    return made


def collection(name: str, language: Language = Language.ENGLISH) -> dict[str, Any]:
    (found,) = [one for one in config(language)["collections"] if one["name"] == name]
    return dict(found)


def field(table: str, name: str, language: Language = Language.ENGLISH) -> dict[str, Any]:
    (found,) = [one for one in collection(table, language)["fields"] if one["name"] == name]
    return dict(found)


@EACH_TABLE
def test_each_key_of_a_content_type_has_its_field_in_the_order_of_the_table(table: KeyTable) -> None:
    expected = [DATE] if table is OCCURRENCE_TABLE else []
    for key in table.keys:
        expected += [key.name, key.name + TIME] if key.kind.form is Form.DATE_AND_TIME else [key.name]

    assert [one["name"] for one in collection(table.name)["fields"]] == [
        *expected,
        BODY,
        *(["Name"] if table is OCCURRENCE_TABLE else []),
    ]


@EACH
@EACH_TABLE
def test_fields_have_the_words_of_the_tables_in_the_language_of_the_page(
    table: KeyTable, language: Language
) -> None:
    told = collection(table.name, language)

    assert told["label"] == table.title.text(language)
    for key in table.keys:
        words = key.words.text(language)
        made = field(table.name, key.name, language)
        assert (made["label"], made["hint"].startswith(words.hint)) == (words.label, True)
        labels = [label.text(language) for label in (key.kind.choices or {}).values()]
        assert [option["label"] for option in made.get("options", [])] == labels


@pytest.mark.parametrize(
    ("name", "language", "hint"),
    [
        (
            "Registration-Closes",
            Language.ENGLISH,
            "If you leave it out, people can sign up until the session starts. For example: `2026-12-01 17:00`",
        ),
        ("Except", Language.ENGLISH, "Dates on which the series takes a break. For example: `2026-12-03`"),
        (
            "Except",
            Language.SPANISH,
            "Fechas en las que no hay sesión de la serie. Por ejemplo: `2026-12-03`",
        ),
        (
            "Materials",
            Language.SPANISH,
            f"{MATERIALS.words.text(Language.SPANISH).hint} Por ejemplo: `[Slides](https://example.org/slides.pdf)`",
        ),
        (
            "Start",
            Language.ENGLISH,
            "When it begins, on the clock in California. Without a time, it takes the whole day.",
        ),
        ("Location", Language.ENGLISH, "The room and the address. An in-person session needs it."),
    ],
)
def test_a_field_that_takes_a_form_of_its_own_shows_an_example(
    name: str, language: Language, hint: str
) -> None:
    assert field("session", name, language)["hint"] == hint


@EACH_TABLE
def test_what_a_file_needs_is_asked_for_and_what_is_translated_can_be(table: KeyTable) -> None:
    for key in table.keys:
        made = field(table.name, key.name)
        assert made.get("i18n", False) is key.translated
        # A translation may leave out what is the same in both languages.
        assert made["required"] == (["en"] if key.required and key.translated else key.required)


def test_a_change_of_one_date_needs_its_date_alone_which_is_its_name_and_never_written() -> None:
    told = collection("occurrence")

    assert [one["name"] for one in told["fields"] if one.get("required")] == [DATE]
    assert told["slug"] == {"template": f"{{{{{DATE}}}}}", "editable": []}
    assert DATE not in {key["name"] for key in formats()["occurrence"]}


def test_sessions_and_changes_of_one_date_are_told_apart_by_their_names() -> None:
    patterns = {name: re.compile(collection(name)["filter"]["pattern"]) for name in ("session", "occurrence")}

    for names, mine, other in (
        (SESSION_NAMES, "session", "occurrence"),
        (OCCURRENCE_NAMES, "occurrence", "session"),
    ):
        for name in names:
            assert patterns[mine].search(name), name
            assert not patterns[other].search(name), name


def test_no_field_lets_a_session_be_deleted_that_people_have_signed_up_for() -> None:
    assert collection("session")["delete"] is False


def test_a_new_session_takes_place_online_unless_somebody_says_something_else() -> None:
    defaults = {one["name"]: one["default"] for one in collection("session")["fields"] if "default" in one}

    assert defaults == {"Language": "en", "Format": "online", "Status": "scheduled"}


@EACH_TABLE
def test_what_stands_in_both_languages_begins_in_both(table: KeyTable) -> None:
    in_one = {"session", "occurrence"}

    assert collection(table.name)["i18n"] == (True if table.name in in_one else {"initial_locales": "all"})


def test_texts_are_edited_as_they_are_written() -> None:
    for table in TABLES:
        assert field(table.name, BODY)["modes"] == ["raw"]


def formats() -> dict[str, Any]:
    made: dict[str, Any] = configuration(Language.ENGLISH, HOST, "https://trainings.example.org/", ())[
        "formats"
    ]
    return {name: told["keys"] for name, told in made.items()}


def test_the_format_knows_the_keys_of_each_content_type_and_the_words_that_are_taken() -> None:
    assert {name: [key["name"] for key in keys] for name, keys in formats().items()} == {
        table.name: list(table.names) for table in TABLES
    }
    (status,) = [key for key in formats()["session"] if key["name"] == "Status"]
    assert status == {
        "name": "Status",
        "form": "choice",
        "spellings": {
            "scheduled": "scheduled",
            "programada": "scheduled",
            "cancelled": "cancelled",
            "canceled": "cancelled",
            "cancelada": "cancelled",
        },
    }


def test_each_spelling_is_one_that_the_reader_takes_for_the_same() -> None:
    for table in TABLES:
        for key in table.keys:
            (told,) = [one for one in formats()[table.name] if one["name"] == key.name]
            for spelling, word in told.get("spellings", {}).items():
                assert key.kind.convert(spelling) == key.kind.convert(word)


@EACH
def test_it_saves_at_the_host_of_the_settings_and_asks_nobody_else(language: Language) -> None:
    made = config(language)

    assert made["backend"] == {"name": "gitlab", "repo": "msix/site/trainings", "auth_methods": ["token"]}
    urls = set(re.findall(r"https?://[^\"\s,)]+", json.dumps(made)))
    assert {url for url in urls if "example.org" not in url} <= {"https://…"}


@pytest.mark.parametrize(("review", "mode"), [(True, "editorial_workflow"), (False, "simple")])
def test_what_is_saved_waits_for_a_review_where_the_settings_want_one(review: bool, mode: str) -> None:
    host = CodeHost("github", "a/b", review)

    assert (
        configuration(Language.ENGLISH, host, "https://trainings.example.org/", ())["config"]["publish_mode"]
        == mode
    )


def test_pairs_of_files_are_those_of_the_content() -> None:
    assert config()["i18n"] == {
        "structure": "multiple_files",
        "locales": ["en", "es"],
        "default_locale": "en",
        "omit_default_locale_from_file_path": True,
        "initial_locales": "default",
    }


@pytest.mark.parametrize("name", [*SESSION_NAMES, *OCCURRENCE_NAMES, "2027-02-17"])
def test_the_name_that_is_offered_is_one_that_the_build_takes(name: str) -> None:
    pattern = re.compile(collection("page")["slug"]["pattern"][0])

    assert pattern.fullmatch(name)
    assert not pattern.fullmatch(name.upper() if name.upper() != name else f"{name}-")


def test_a_session_is_not_named_as_a_change_to_one_date_of_a_series_is() -> None:
    pattern = re.compile(collection("session")["slug"]["pattern"][0])

    assert [name for name in (*SESSION_NAMES, "2027-02-17") if not pattern.fullmatch(name)] == []
    assert [name for name in OCCURRENCE_NAMES if pattern.fullmatch(name)] == []
    assert not pattern.fullmatch("CAFE")
