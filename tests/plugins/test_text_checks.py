# SPDX-License-Identifier: AGPL-3.0-or-later
"""What writers are told about the texts below the keys, word for word, each with the line in which it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.trainings.frontmatter import read
from plugins.trainings.stop_words import other_language
from schedule.model import Language
from tests.support.constants import ROOT
from tests.support.content import ContentFolder

MEETING = (
    "holds the address of an online meeting, which everyone could read here "
    '(delete it here; in a session\'s file, "Join-Url: https://…" gives it to people with a seat alone)'
)
HTML = "is HTML, which texts do not take"


def told(tmp_path: Path, text: str) -> list[str]:
    """Return what is told about a page whose text begins in line 4, after one good line."""
    folder = ContentFolder(tmp_path)
    folder.change("pages/index.md", "Welcome.", f"Welcome.\n\n{text}")
    return [line.removeprefix("content/pages/index.md:") for line in folder.errors()]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Join at https://us02web.zoom.us/j/81234567890?pwd=x", [f"6: {MEETING}"]),
        ("[Join](https://meet.google.com/abc-defg-hij)", [f"6: {MEETING}"]),
        ("teams.microsoft.com/l/meetup-join/19%3ameeting", [f"6: {MEETING}"]),
        ("`https://california.webex.com/meet/ana`", [f"6: {MEETING}"]),
        (
            "{{ retention_day }}",
            ['6: "{{ retention_day }}" stands for nothing (did you mean "{{ retention_days }}"?)'],
        ),
        ("{{ name }}", ['6: "{{ name }}" stands for nothing (write the words themselves)']),
        ("One\n\n<b>two</b>", [f'8: "<b>" {HTML} (write "**important**")']),
        ("<textarea>\n\n</textarea>", [f'6: "<textarea>" {HTML} (leave it out)']),
        (
            "</div></main>",
            [
                f'6: "</div>" {HTML} (leave an empty line between two paragraphs)',
                f'6: "</main>" {HTML} (leave it out)',
            ],
        ),
        (
            '<meta http-equiv="refresh" content="0">',
            [f'6: "<meta http-equiv="refresh" content="0">" {HTML} (leave it out)'],
        ),
        (
            "<!-- later -->",
            [f'6: "<!--" {HTML} (leave it out: what a text hides, everyone could find)'],
        ),
        ("a<br>b", [f'6: "<br>" {HTML} (end the line with two spaces for a line break)']),
        ("# Big", ['6: the heading "Big" is as large as the page\'s title (write "## Big")']),
        ("## One\n\n#### Two", ['8: the heading "Two" leaves out a level (write "### Two")']),
        ("a\n{: style='color:red' }", ['7: "style=" works on no page of the site (leave it out)']),
        ("a\n{: hidden }", ['7: "hidden=" works on no page of the site (leave it out)']),
        ("a *b*{: .trap }", ['6: ".trap" works on no page of the site (leave it out)']),
        (
            "a\n{: #main }",
            ['7: "#main" is a name that the page around the text has (give it another name)'],
        ),
        (
            "a\n{: #b }\n\nc\n{: #b }",
            ['7: "#b" stands twice in the text (give one of them another name)'],
        ),
        (
            "a\n{: id='b c' }",
            ['7: "b c" is no name for a part of a text (write one word, as in "{: #part }")'],
        ),
        ("a\n{: onclick=x }", ['7: "onclick=" works on no page of the site (leave it out)']),
    ],
)
def test_a_writer_is_told(tmp_path: Path, text: str, lines: list[str]) -> None:
    assert told(tmp_path, text) == lines


@pytest.mark.parametrize(
    "text",
    [
        "Try your sound at https://zoom.us/test, or see https://support.zoom.us/hc/en-us.",
        "We meet on Zoom (zoom.us), Teams or Google Meet.",
        "{{retention_days}} days",
        "`<b>` and 1 < 2 and a > b and <https://example.org>",
        "    <b>code</b>",
        "## One\n\n### Two\n\n## Three",
        "a *word*{: lang=es }",
        "a\n{: #b }\n\n[c](#b)",
        "a | b\n:-- | --:\n1 | 2",
        "- [ ] a[^1]\n\n[^1]: b",
        "Title\n-----",
    ],
)
def test_what_is_right_is_not_blamed(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, text) == []


@pytest.mark.parametrize("mark", ["<<<<<<< HEAD", "||||||| base", ">>>>>>> branch"])
@pytest.mark.parametrize("place", ["Summary: What this is.", "Welcome."])
def test_a_mark_of_a_merge_is_the_only_thing_that_is_told_of_its_file(
    tmp_path: Path, place: str, mark: str
) -> None:
    folder = ContentFolder(tmp_path)
    folder.change("pages/index.md", place, f"{mark}\nTitle: Again\n=======\n{place}\nother <b>\n{mark}")

    (line,) = folder.errors()
    assert line == (
        f'content/pages/index.md:{2 if "Summary" in place else 4}: "{mark[:7]}" is a mark of two versions that were '
        "merged (keep one version, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>)"
    )


@pytest.mark.parametrize("key", ["Summary", "Audience"])
def test_the_address_of_a_meeting_in_a_key_is_an_error_that_does_not_repeat_it(
    tmp_path: Path, key: str
) -> None:
    folder = ContentFolder(tmp_path)
    folder.write(
        "trainings/overview.md",
        "\n".join(
            f"{key}: zoom.us/j/1234" if line.startswith(f"{key}:") else line
            for line in (folder.path / "trainings/overview.md").read_text().split("\n")
        ),
    )

    assert [line.split(" ", 1)[1] for line in folder.errors()] == [f"{key}: {MEETING}"]


def test_the_address_of_a_meeting_as_a_place_is_an_error(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session(Location="https://zoom.us/j/1234")
    folder.write("sessions/a.es.md", "Location: En línea\n")

    assert folder.errors() == [f"content/sessions/a.md:9: Location: {MEETING}"]


def test_the_texts_of_contacts_have_no_headings_since_they_stand_on_one_page(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.write("trainers/ca-msix-support.es.md", "Role: Línea de ayuda\n\nUno\n\n## Cuándo\n")

    assert folder.errors() == [
        (
            'content/trainers/ca-msix-support.es.md:5: "Cuándo" is a heading or a footnote, and all contacts stand on one '
            'page (write it in bold, as in "**Cuándo**")'
        )
    ]


def test_each_language_is_checked_in_its_own_file(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("cafe", "One <i>a</i>", Repeat="FREQ=WEEKLY;COUNT=3")
    folder.write("sessions/cafe.es.md", "\nUno\n\nhttps://zoom.us/j/1\n")

    assert folder.errors() == [
        f"content/sessions/cafe.es.md:4: {MEETING}",
        f'content/sessions/cafe.md:11: "<i>" {HTML} (write "*a word*")',
    ]


@pytest.mark.parametrize("part", ["> ", "1. ", "> - ", "* > "])
@pytest.mark.parametrize("times", [100, 10_000])
def test_a_text_that_lies_too_deep_in_itself_is_an_error(tmp_path: Path, part: str, times: int) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("a", part * times)
    folder.write("sessions/a.es.md", "\nUno\n")

    assert folder.errors() == [
        "content/sessions/a.md:10: has lists or quotations too deep in each other (leave some of them out)"
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x" * 50_001, "the text has 50001 characters, and 50000 are the most (make two pages of it)"),
        ("[" * 1_001, 'the text has 1001 "[", and 1000 are the most (delete those that begin no link)'),
    ],
)
def test_a_text_that_would_take_too_long_is_an_error_and_is_not_tried(
    tmp_path: Path, text: str, message: str
) -> None:
    folder = ContentFolder(tmp_path)
    folder.write("pages/index.md", f"Title: Home\nSummary: What this is.\n\n{text}\n")

    assert folder.errors() == [f"content/pages/index.md:4: {message}"]


SPANISH = "Le pedimos que se conecte cinco minutos antes para probar el sonido y que tenga a la mano un lápiz y su lista."
ENGLISH = "Please join five minutes early so that you can try your sound, and have a pen and the list with you when we begin."


def test_a_text_in_the_other_language_than_its_files_is_a_warning(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("a", SPANISH)
    folder.write("sessions/a.es.md", f"\n{ENGLISH}\n")
    hint = "put the text into the other file, or go on if it is meant"

    assert folder.warnings() == [
        f"content/sessions/a.es.md:2: warning: reads like English, and the file's name says Spanish ({hint})",
        f"content/sessions/a.md:10: warning: reads like Spanish, and the file's name says English ({hint})",
    ]


@pytest.mark.parametrize(
    "text", ["", "Sala 2", "MSIX", f"{ENGLISH} {SPANISH}", "Los Angeles, La Paz, El Monte"]
)
def test_a_text_of_which_one_cannot_be_sure_is_not_blamed(text: str) -> None:
    assert [other_language(text, language) for language in Language] == [None, None]


def test_no_shipped_text_reads_like_the_other_language() -> None:
    blamed = [
        file.name
        for file in (ROOT / "content").rglob("*.md")
        if other_language(
            read(file, file.name).body, Language.SPANISH if file.name.endswith(".es.md") else Language.ENGLISH
        )
    ]

    assert blamed == []


def test_every_shipped_text_of_some_length_would_be_found_in_the_wrong_file() -> None:
    missed = [
        file.name
        for file in (ROOT / "content").rglob("*.md")
        if len(text := read(file, file.name).body) > 300
        and not other_language(text, Language.ENGLISH if file.name.endswith(".es.md") else Language.SPANISH)
    ]

    assert missed == []
