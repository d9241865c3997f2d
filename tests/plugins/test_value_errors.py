# SPDX-License-Identifier: AGPL-3.0-or-later
"""What writers are told about keys and values of trainings, trainers and pages, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.content import ContentFolder

TRAINING_KEYS = "Title, Summary, Audience, Topics, Duration, Order, For, Badge, Materials"


@pytest.mark.parametrize(
    ("path", "old", "new", "told"),
    [
        pytest.param(
            "trainings/overview.md",
            "Summary: All of it.",
            "Sumary: All of it.",
            [
                'content/trainings/overview.md:2: Sumary: unknown key (did you mean "Summary"?)',
            ],
            id="a mistyped key",
        ),
        pytest.param(
            "trainings/overview.md",
            "Order: 1",
            "Order: 1\nZebra: 1",
            [f"content/trainings/overview.md:9: Zebra: unknown key (known here: {TRAINING_KEYS})"],
            id="a key that resembles none",
        ),
        pytest.param(
            "trainings/overview.md",
            "Order: 1",
            "Order: 1\nTitle: Again",
            ["content/trainings/overview.md:9: Title: stands twice, first in line 1 (keep one of them)"],
            id="a key twice",
        ),
        pytest.param(
            "trainings/overview.md",
            "Order: 1",
            "Order 1",
            [
                (
                    'content/trainings/overview.md:8: "Order 1" is not a "Key: value" line '
                    '(put a colon behind "Order")'
                ),
            ],
            id="a line without colon",
        ),
        pytest.param(
            "trainings/overview.md",
            "Title: Overview",
            "Title:",
            [
                "content/trainings/overview.md:1: Title: is empty (write something behind the colon, or delete the line)"
            ],
            id="an empty text",
        ),
        pytest.param(
            "trainings/overview.md",
            "Summary: All of it.",
            "Summary: All\n    of it.",
            ["content/trainings/overview.md:2: Summary: takes one line (join the lines)"],
            id="a text of two lines",
        ),
        pytest.param(
            "trainings/overview.md",
            "Order: 1",
            "Order: first",
            ['content/trainings/overview.md:8: Order: "first" is not a whole number (as in "Order: 3")'],
            id="no whole number",
        ),
        pytest.param(
            "trainings/overview.md",
            "Order: 1",
            "Order: -1",
            ['content/trainings/overview.md:8: Order: -1 is less than 0 (as in "Order: 3")'],
            id="a number that is too small",
        ),
        pytest.param(
            "trainings/overview.md",
            "Duration: 90",
            "Duration: 90 days",
            [
                'content/trainings/overview.md:7: Duration: "90 days" is not a whole number (as in "Duration: 90")'
            ],
            id="a duration with its unit",
        ),
        pytest.param(
            "trainings/overview.md",
            "Duration: 90",
            "Duration: 0",
            ['content/trainings/overview.md:7: Duration: 0 is less than 1 (as in "Duration: 90")'],
            id="no duration at all",
        ),
        pytest.param(
            "trainings/overview.md",
            "Order: 1",
            "Order: 1\nFor: parent",
            [
                (
                    'content/trainings/overview.md:9: For: "parent" is none of the choices '
                    '(did you mean "parents"?)'
                )
            ],
            id="a mistyped choice",
        ),
        pytest.param(
            "trainers/uriel-ramirez-torres.md",
            "Kind: trainer",
            "Kind: x",
            [
                (
                    'content/trainers/uriel-ramirez-torres.md:3: Kind: "x" is none of the choices '
                    '(write "Kind: trainer" or "Kind: support")'
                )
            ],
            id="a choice that resembles none",
        ),
        pytest.param(
            "trainers/uriel-ramirez-torres.md",
            "Phone: (530) 666-1977",
            "Phone: 530.666.1977 x8",
            [
                (
                    'content/trainers/uriel-ramirez-torres.md:4: Phone: "530.666.1977 x8" has an extension '
                    '(write "Phone: (530) 666-1977" and, in the next line, "Extension: 8")'
                )
            ],
            id="a telephone number with its extension",
        ),
        pytest.param(
            "trainers/uriel-ramirez-torres.md",
            "(530) 666-1977",
            "530-666-197",
            [
                (
                    'content/trainers/uriel-ramirez-torres.md:4: Phone: "530-666-197" is not a telephone number '
                    '(as in "Phone: (530) 666-1977")'
                )
            ],
            id="a telephone number written otherwise",
        ),
        pytest.param(
            "trainers/uriel-ramirez-torres.md",
            "Extension: 8",
            "Extension: number 8",
            [
                (
                    'content/trainers/uriel-ramirez-torres.md:5: Extension: "number 8" is not an extension '
                    '(digits alone, as in "Extension: 8")'
                )
            ],
            id="an extension with words",
        ),
        pytest.param(
            "trainers/uriel-ramirez-torres.md",
            "uriel@example.org",
            "uriel.example.org",
            [
                (
                    'content/trainers/uriel-ramirez-torres.md:6: Email: "uriel.example.org" is not an email address '
                    '(An email address must have an @-sign; as in "Email: name@example.org")'
                )
            ],
            id="an email address without @",
        ),
        pytest.param(
            "trainers/uriel-ramirez-torres.md",
            "Languages: en, es",
            "Languages: en, sp",
            [
                (
                    'content/trainers/uriel-ramirez-torres.md:7: Languages: "sp" is none of the choices '
                    '(write "Languages: en" or "Languages: es")'
                )
            ],
            id="an unknown language",
        ),
        pytest.param(
            "trainers/uriel-ramirez-torres.md",
            "Languages: en, es",
            "Languages: en, en",
            ['content/trainers/uriel-ramirez-torres.md:7: Languages: "en" stands twice (name it once)'],
            id="a language twice",
        ),
        pytest.param(
            "pages/index.md",
            "Summary: What this is.",
            "Summary: What this is.\nLayout: poster",
            [
                'content/pages/index.md:3: Layout: "poster" is none of the choices (write "Layout: page" or "Layout: flyer")'
            ],
            id="an unknown layout",
        ),
        pytest.param(
            "trainings/overview.md",
            "    Two",
            "    Two \\New",
            [
                r"content/trainings/overview.md:4: Topics: contains \N, which calendars turn into a line break (delete the character, or write it in another way)"
            ],
            id="text that a calendar changes",
        ),
        pytest.param(
            "trainings/overview.md",
            "All of it.",
            "All \x07of it.",
            [
                (
                    "content/trainings/overview.md:2: Summary: contains the character U+0007, "
                    "which calendars cannot carry (delete the character, or write it in another way)"
                )
            ],
            id="a control character",
        ),
        pytest.param(
            "pages/index.md",
            "Welcome.",
            "Welcome\u2028all.",
            [
                "content/pages/index.md:4: contains the character U+2028, which calendars cannot carry (delete the character, or write it in another way)"
            ],
            id="a control character in the text below",
        ),
        pytest.param(
            "trainings/overview.es.md",
            "Summary: Todo.",
            "Summary: To\x07do.",
            [
                (
                    "content/trainings/overview.es.md:2: Summary: contains the character U+0007, "
                    "which calendars cannot carry (delete the character, or write it in another way)"
                )
            ],
            id="a control character in a translation",
        ),
        pytest.param(
            "trainings/overview.es.md",
            "Summary: Todo.",
            "Summary: Todo.\nBadge: Nuevo",
            [
                "content/trainings/overview.es.md:3: Badge: has no English original (give it in the English file, too)"
            ],
            id="a translation of nothing",
        ),
        pytest.param(
            "trainings/overview.es.md",
            "Summary: Todo.",
            "Summary: Todo.\nOrder: 2",
            [
                (
                    "content/trainings/overview.es.md:3: Order: does not belong in a translation "
                    "(it is taken from the English file)"
                )
            ],
            id="a key that is no text, in a translation",
        ),
        pytest.param(
            "trainings/overview.es.md",
            "Summary: Todo.",
            "Sumario: Todo.",
            ['content/trainings/overview.es.md:2: Sumario: unknown key (did you mean "Summary"?)'],
            id="a translated key",
        ),
    ],
)
def test_a_writer_is_told(tmp_path: Path, path: str, old: str, new: str, told: list[str]) -> None:
    folder = ContentFolder(tmp_path)
    folder.change(path, old, new)

    assert folder.errors() == told
