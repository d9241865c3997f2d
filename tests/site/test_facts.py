# SPDX-License-Identifier: AGPL-3.0-or-later
"""The content that ships says of real people only what their public page states."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plugins.trainings.frontmatter import read
from tests.support.built_site import BuiltSite
from tests.support.constants import ROOT

CONTENT = ROOT / "content"
# Not known: languages, email addresses, pictures, and what one of them is to be called about.
KNOWN = {
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
TRANSLATED = {
    "ca-msix-support": {"Title": "Línea de ayuda de CA MSIX", "Role": "Línea de ayuda"},
    "uriel-ramirez-torres": {"Role": "Equipo de capacitación de MSIX"},
    "yecenia-ocampo": {"Role": "Equipo de capacitación de MSIX"},
}
PHONES = {values["Phone"] for values in KNOWN.values()}
NAMES = re.compile(r"(?i)uriel|ram[ií]rez|torres|yecenia|ocampo")
FILES = sorted(CONTENT.rglob("*.md"))


@pytest.mark.parametrize(("ending", "known"), [(".md", KNOWN), (".es.md", TRANSLATED)], ids=["en", "es"])
def test_of_each_person_the_content_has_what_is_known_and_no_more(
    ending: str, known: dict[str, dict[str, str]]
) -> None:
    assert {path.name.split(".")[0] for path in (CONTENT / "trainers").iterdir()} == known.keys()
    for slug, values in known.items():
        document = read(CONTENT / f"trainers/{slug}{ending}", slug)
        assert {key: header.value for key, header in document.headers.items()} == values
        assert document.body == ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(CONTENT).as_posix())
def test_no_text_says_anything_about_a_person_by_name(path: Path) -> None:
    document = read(path, path.name)
    names = {"Trainers"} | ({"Title"} if path.parent.name == "trainers" else set())
    said = [document.body, *(header.value for key, header in document.headers.items() if key not in names)]
    assert [text for text in said if NAMES.search(text)] == []
    assert [text for text in said if re.search(r"\S@\S", text)] == []
    assert set(re.findall(r"\(\d{3}\) \d{3}-\d{4}", "\n".join(said))) <= PHONES


def test_no_page_and_no_card_has_a_telephone_an_email_address_or_a_language_that_is_not_known(
    site: BuiltSite,
) -> None:
    for path, data in site.files.items():
        if path.endswith((".html", ".ics", ".vcf")):
            text = data.decode().replace("\r\n ", "")
            assert set(re.findall(r"\(\d{3}\) \d{3}-\d{4}", text)) <= PHONES, path
            assert "mailto:" not in text.lower(), path
            assert not re.search(r"Speaks:|Habla:|\nLANG|\nEMAIL", text), path
