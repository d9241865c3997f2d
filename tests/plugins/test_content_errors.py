# SPDX-License-Identifier: AGPL-3.0-or-later
"""What writers are told when a file cannot be read, word for word, and that all of it is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.content import ContentFolder


def test_good_content_has_no_problems(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session()

    assert folder.errors() == []
    assert folder.warnings() == []


def test_every_missing_key_is_named(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.write("trainers/uriel-ramirez-torres.md", "")

    assert folder.errors() == [
        f'content/trainers/uriel-ramirez-torres.md:1: {line.partition(":")[0]}: is missing (add a line "{line}")'
        for line in ("Kind: trainer", "Phone: (530) 666-1977", "Role: …", "Title: …")
    ]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Überblick.md", "uberblick.md"),
        ("Overview.md", "overview.md"),
        ("over view.md", "over-view.md"),
        ("over_view.md", "over-view.md"),
        ("Over View.es.md", "over-view.es.md"),
        ("a.en.md", "a.md"),
        (".a.md", "a.md"),
    ],
)
def test_a_name_that_cannot_be_an_address_is_an_error(tmp_path: Path, name: str, meant: str) -> None:
    folder = ContentFolder(tmp_path)
    folder.write(f"pages/{name}", "")

    assert folder.errors() == [
        (f'content/pages/{name}:1: the file\'s name cannot be an address (did you mean "{meant}"?)')
    ]


def test_a_file_that_is_not_utf_8_is_an_error_at_its_line(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    (folder.path / "pages/index.es.md").write_bytes("Title: Inicio\nSummary: Qué es.\n".encode("latin-1"))

    assert folder.errors() == [
        "content/pages/index.es.md:2: the file is not UTF-8 (save it with the encoding UTF-8)"
    ]


def test_a_file_that_cannot_be_read_is_not_asked_for_its_translation(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    (folder.path / "trainers/x.md").write_bytes(b"\xff\xfeTitle: X\n")

    assert folder.errors() == [
        "content/trainers/x.md:1: the file is not UTF-8 (save it with the encoding UTF-8)"
    ]


@pytest.mark.parametrize("line", ["---", "```"])
def test_a_line_that_other_programs_want_above_the_keys_is_named(tmp_path: Path, line: str) -> None:
    folder = ContentFolder(tmp_path)
    folder.change("pages/index.md", "Title: Home", f"{line}\nTitle: Home")

    assert folder.errors() == [
        f'content/pages/index.md:1: "{line}" is not a "Key: value" line (delete this line)'
    ]


def test_an_empty_line_among_the_keys_is_one_error(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("a")
    folder.change("sessions/a.md", "Capacity", "\nCapacity")
    folder.write("sessions/a.es.md", "Uno\n")

    assert folder.errors() == [
        (
            'content/sessions/a.md:6: "Capacity: 20" stands in the text, below an empty line '
            "(delete the empty line above it)"
        )
    ]


def test_a_private_link_in_a_line_that_is_no_header_is_not_repeated(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.change(
        "pages/index.md", "What this is.", "What this is.\nJoin-Url https://meet.example.org/private"
    )

    assert folder.errors() == [
        (
            'content/pages/index.md:3: "Join-Url …" is not a "Key: value" line '
            "(an empty line separates the keys from the text)"
        )
    ]


def test_all_problems_of_all_files_are_told_at_once_in_their_order(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.change("trainings/overview.md", "Duration: 90", "Duration: long")
    folder.change("trainers/ca-msix-support.md", "(866) 878-9525", "none")
    folder.change("pages/index.es.md", "Title", "Titel")
    folder.session("b", Trainers="uriel-ramirez", Capacity="0")
    folder.session("a", Training="overvew", body="Text without translation.")

    assert folder.errors() == [
        'content/pages/index.es.md:1: Titel: unknown key (did you mean "Title"?)',
        'content/sessions/a.md:1: Training: no training "overvew" (did you mean "overview"?)',
        "content/sessions/a.md:10: warning: the text has no Spanish translation (add it to content/sessions/a.es.md)",
        'content/sessions/b.md:4: Trainers: no trainer "uriel-ramirez" (did you mean "uriel-ramirez-torres"?)',
        'content/sessions/b.md:5: Capacity: 0 is less than 1 (as in "Capacity: 20")',
        'content/trainers/ca-msix-support.md:4: Phone: "none" is not a telephone number (as in "Phone: (530) 666-1977")',
        'content/trainings/overview.md:7: Duration: "long" is not a whole number (as in "Duration: 90")',
    ]


def test_a_session_that_refers_to_a_file_with_an_error_is_not_blamed_for_it(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session()
    folder.change("trainers/uriel-ramirez-torres.md", "Kind: trainer", "Kind: x")

    assert folder.errors() == [
        'content/trainers/uriel-ramirez-torres.md:3: Kind: "x" is none of the choices (write "Kind: trainer" or "Kind: support")'
    ]
