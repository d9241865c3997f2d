# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the browser editor reads and writes content files, as a browser runs it: what nobody changes keeps its bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from plugins.editor.config import TIME, configuration
from plugins.trainings.code_host import THIS_MACHINE
from plugins.trainings.frontmatter import parse, read
from plugins.trainings.tables import KEYS, TABLES
from plugins.trainings.values import Form
from schedule.model import Language
from tests.support.constants import ROOT, SITE_URL

SCRIPT = ROOT / "plugins" / "editor" / "format.js"
FILES = sorted(file for folder in KEYS for file in (ROOT / "content" / folder).glob("*.md"))
TABLE = {table.folder: table for table in TABLES if table.name != "occurrence"}
SESSION = "Training: overview\nStart: 2026-12-03 10:00\nDuration: 90\nStatus: scheduled"
# As people write, and as the reader takes it.
ODD = """\
training:  Overview.md
Start: 2026-12-3 9:30 a.m.
registration closes: 1 day before
Trainers: Yecenia-Ocampo , uriel-ramirez-torres
Materials:
- [Slides](https://example.org/a.pdf)
- [Recording](https://example.org/b)
Status: Canceled
What is this line?
Capacity:
    20


Two lines below.


And a gap."""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page that has the formats of all content types, by their names."""
    formats = configuration(Language.ENGLISH, THIS_MACHINE, SITE_URL, ())["formats"]
    page = browser.new_page()
    page.evaluate(
        """async ([script, formats]) => {
          const url = URL.createObjectURL(new Blob([script], {type: 'text/javascript'}));
          const {keyValueFormat} = await import(url);
          const made = Object.entries(formats).map(([name, told]) => [name, keyValueFormat(told)]);
          // The editor trims a file's text before it hands it over, and what it gets back before it writes it.
          window.formats = Object.fromEntries(made);
          window.read = (name, text) => formats_of(name).fromFile(text.trim());
          window.written = (name, content) => `${formats_of(name).toFile(content).trim()}\\n`;
          const formats_of = name => window.formats[name];
        }""",
        [SCRIPT.read_text(encoding="utf-8"), formats],
    )
    yield page
    page.close()


def changed(page: Page, text: str, change: dict[str, Any], table: str = "session") -> str:
    """Return a file after some of its fields have been changed."""
    made: str = page.evaluate(
        "([table, text, change]) => written(table, {...read(table, text), ...change})", [table, text, change]
    )
    return made


def test_each_file_of_the_content_keeps_its_bytes(page: Page) -> None:
    before = [(TABLE[file.parent.name].name, file.read_bytes().decode()) for file in FILES]
    after = page.evaluate("files => files.map(([table, text]) => written(table, read(table, text)))", before)

    assert len(FILES) > 70
    assert after == [text for _, text in before]


def test_the_editor_reads_in_each_file_what_the_build_reads(page: Page) -> None:
    names = [(TABLE[file.parent.name].name, file.read_bytes().decode()) for file in FILES]
    contents = page.evaluate("files => files.map(([table, text]) => read(table, text))", names)

    for file, content in zip(FILES, contents, strict=True):
        document = read(file, str(file), KEYS[file.parent.name], TABLE[file.parent.name].translated_names)
        assert written_values(file, content) == {name: one.value for name, one in document.headers.items()}
        assert content["body"] == document.body


def written_values(file: Path, content: dict[str, Any]) -> dict[str, str]:
    """Return the values of an entry's fields as a file has them."""
    found = {}
    for key in TABLE[file.parent.name].keys:
        if key.name not in content:
            continue
        value = content[key.name]
        if key.kind.form is Form.DATE_AND_TIME:
            value = f"{value} {content[key.name + TIME]}".strip()
        found[key.name] = ", ".join(value) if isinstance(value, list) else value
    return found


def test_what_people_write_in_their_own_way_is_understood_and_kept(page: Page) -> None:
    content = page.evaluate("text => read('session', text)", ODD)

    assert content == {
        "Training": "overview",
        "Start": "2026-12-03",
        "Start-Time": "09:30",
        "Registration-Closes": "1 day before",
        "Trainers": ["yecenia-ocampo", "uriel-ramirez-torres"],
        "Materials": "[Slides](https://example.org/a.pdf)\n[Recording](https://example.org/b)",
        "Status": "cancelled",
        "Capacity": "20",
        "Date": "-",
        "body": "Two lines below.\n\n\nAnd a gap.",
        "_source": ODD,
    }
    assert changed(page, ODD, {}) == f"{ODD}\n"


@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        ({"Capacity": "21"}, "Capacity:\n    20", "Capacity: 21"),
        ({"Status": "scheduled"}, "Status: Canceled", "Status: scheduled"),
        ({"Start-Time": ""}, "Start: 2026-12-3 9:30 a.m.", "Start: 2026-12-03"),
        ({"Trainers": ["yecenia-ocampo"]}, "Trainers: Yecenia-Ocampo , uriel-ramirez-torres", "Trainers: yecenia-ocampo"),
        ({"Registration-Closes": ""}, "registration closes: 1 day before\n", ""),
        ({"body": "Another."}, "Two lines below.\n\n\nAnd a gap.", "Another."),
        ({"body": ""}, "\n\n\nTwo lines below.\n\n\nAnd a gap.", ""),
    ],
    ids=json.dumps,
)  # fmt: skip
def test_a_change_of_one_field_changes_its_lines_alone(
    page: Page, change: dict[str, Any], old: str, new: str
) -> None:
    assert ODD.count(old) == 1
    assert changed(page, ODD, change) == f"{ODD.replace(old, new)}\n"


def test_a_new_key_stands_before_those_that_come_later_in_the_table(page: Page) -> None:
    without = SESSION.replace("Duration: 90\n", "")

    assert changed(page, without, {"Duration": "90"}) == f"{SESSION}\n"


def test_a_new_file_has_its_keys_in_the_order_of_the_table(page: Page) -> None:
    content = {
        "body": "Bring a question.",
        "Status": "scheduled",
        "Materials": "[One](https://example.org/1)",
        "Trainers": ["uriel-ramirez-torres", "yecenia-ocampo"],
        "Start-Time": "10:00",
        "Start": "2027-05-11",
        "End": "",
        "Training": "overview",
        "Series": "never written",
    }
    made = page.evaluate("content => written('session', content)", content)

    assert made == (
        "Training: overview\nStart: 2027-05-11 10:00\nTrainers: uriel-ramirez-torres, yecenia-ocampo\n"
        "Materials:\n    [One](https://example.org/1)\nStatus: scheduled\n\nBring a question.\n"
    )


def test_a_translation_without_keys_begins_with_an_empty_line(page: Page) -> None:
    assert changed(page, "", {"body": "Nota: traiga una pregunta."}) == "\nNota: traiga una pregunta.\n"
    assert changed(page, "", {"Location": "Sala 2", "body": "Hola."}) == "Location: Sala 2\n\nHola.\n"


def test_a_date_that_nobody_understands_stays_until_it_is_changed(page: Page) -> None:
    text = "Start: the third of December\nStatus: scheduled"

    assert changed(page, text, {"Status": "cancelled"}) == "Start: the third of December\nStatus: cancelled\n"
    assert (
        changed(page, text, {"Start": "2026-12-03", "Start-Time": "10:00"})
        == "Start: 2026-12-03 10:00\nStatus: scheduled\n"
    )


def test_each_file_of_a_folder_on_windows_keeps_its_bytes(page: Page) -> None:
    """Git for Windows writes lines that end with CR and LF; the editor writes the file's last one itself."""
    texts = [(TABLE[file.parent.name].name, file.read_bytes().decode().rstrip("\n")) for file in FILES]
    # Of a file with one line alone, nobody can tell: what is around it is trimmed before.
    before = [(name, text.replace("\n", "\r\n")) for name, text in texts if "\n" in text.strip()]
    after = page.evaluate("files => files.map(([table, text]) => written(table, read(table, text)))", before)

    assert len(before) > 60
    assert after == [f"{text}\n" for _, text in before]
    assert changed(page, ODD.replace("\n", "\r\n"), {"Capacity": "21"}) == "{}\n".format(
        ODD.replace("Capacity:\n    20", "Capacity: 21").replace("\n", "\r\n")
    )


def test_an_empty_line_between_the_lines_of_a_value_does_not_end_the_keys(page: Page) -> None:
    materials = {"Materials": "[One](https://example.org/1)\n\n \n[Two](https://example.org/2)\n"}

    assert changed(page, SESSION, materials) == (
        "Training: overview\nStart: 2026-12-03 10:00\nDuration: 90\n"
        "Materials:\n    [One](https://example.org/1)\n    [Two](https://example.org/2)\nStatus: scheduled\n"
    )


def test_blanks_between_keys_and_text_stay_as_they_are(page: Page) -> None:
    text = f"{SESSION}\n  \n\t\nBring a question."

    assert changed(page, text, {}) == f"{text}\n"
    assert changed(page, text, {"body": "Bring two."}) == f"{SESSION}\n  \n\t\nBring two.\n"


@pytest.mark.parametrize(
    "name", ["\u200bCapacity", "capacity", "Registration  Closes", "REGISTRATION_CLOSES"]
)
def test_a_key_is_known_however_it_is_written(page: Page, name: str) -> None:
    text = f"Training: overview\n{name}: 1 day"
    key = "Capacity" if "apacity" in name else "Registration-Closes"

    assert page.evaluate("text => read('session', text)", text)[key] == "1 day"
    assert changed(page, text, {key: "2 days"}) == f"Training: overview\n{key}: 2 days\n"
    assert changed(page, text, {}) == f"{text}\n"


def test_what_nobody_sees_is_told_from_what_is_there_as_the_build_does(page: Page) -> None:
    characters = [chr(code) for code in (0xA0, 0xAD, *range(0x2000, 0x2070), 0xFEFF)]
    texts = [f"Training: overview\n{character}Capacity: 20\n{character}\nHello." for character in characters]
    contents = page.evaluate("texts => texts.map(text => read('session', text))", texts)

    for character, text, content in zip(characters, texts, contents, strict=True):
        document = parse(text, "content/sessions/a.md", "a", KEYS["sessions"])
        assert ("Capacity" in content) == ("Capacity" in document.headers), ascii(character)
        assert (content["body"] == "Hello.") == (document.body == "Hello."), ascii(character)
    assert sum("Capacity" in content for content in contents) > 10
