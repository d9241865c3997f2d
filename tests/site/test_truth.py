# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nothing is said about real people but what the trainers' public page says of them."""

from __future__ import annotations

from plugins.trainings.frontmatter import read
from tests.support.constants import ROOT

# Names, roles and numbers; nobody's languages, email address, or what to call them about is known.
PEOPLE = {
    "ca-msix-support": {
        "Title": "CA MSIX Support",
        "Role": "Support line",
        "Kind": "support",
        "Phone": "(800) 342-2964",
        "Extension": "3",
    },
    "uriel-ramirez-torres": {
        "Title": "Uriel Ramirez Torres",
        "Role": "MSIX Trainer",
        "Kind": "trainer",
        "Phone": "(530) 666-1977",
        "Extension": "8",
    },
    "yecenia-ocampo": {
        "Title": "Yecenia Ocampo",
        "Role": "MSIX Trainer",
        "Kind": "trainer",
        "Phone": "(707) 799-7490",
    },
}


def test_of_real_people_the_content_says_what_is_known() -> None:
    files = [read(file, file.name) for file in sorted((ROOT / "content/trainers").glob("*.md"))]
    said = {
        one.stem: {name: header.value for name, header in one.headers.items()}
        for one in files
        if not one.path.endswith(".es.md")
    }

    assert said == PEOPLE
    assert {one.path: one.body for one in files if one.body} == {}
    assert {name for one in files if one.path.endswith(".es.md") for name in one.headers} == {"Title", "Role"}


def test_no_text_names_anybody_but_the_trainers() -> None:
    """A name in a text would say something about a person that nobody has checked."""
    texts = {
        file: file.read_text() for file in (ROOT / "content").rglob("*.md") if file.parent.name != "trainers"
    }
    named = [
        file.name
        for file, text in texts.items()
        if any(
            f" {part} " in text
            for who in PEOPLE.values()
            for part in who["Title"].split()
            if part not in {"CA", "MSIX", "Support"}
        )
    ]

    assert named == []
