# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever lies below the content folder is read, is a leftover of an editor, or is named with what to do about it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.support.content import ContentFolder, session_text

HOW = "lowercase letters without accents, digits and hyphens, as in 2026-12-03-overview.md"
FOLDERS = "trainings, trainers, sessions, parents, pages, images"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("sessions/2027-05-11-overview", 'nothing reads this file (did you mean "2027-05-11-overview.md"?)'),
        ("sessions/a.md.txt", 'nothing reads this file (did you mean "a.md"?)'),
        ("sessions/a.MD", 'nothing reads this file (did you mean "a.md"?)'),
        ("sessions/a.markdown", 'nothing reads this file (did you mean "a.md"?)'),
        ("sessions/A b.ES.md", 'the file\'s name cannot be an address (did you mean "a-b.es.md"?)'),
        ("sessions/.md", f"nothing reads this file ({HOW})"),
        ("sessions/map.jpg", "nothing reads a picture in sessions (put it into content/images)"),
        (
            "readme.md",
            f"nothing reads a file that is in no folder (put it into one of the folders: {FOLDERS})",
        ),
    ],
)
def test_a_file_that_nobody_reads_is_an_error(tmp_path: Path, path: str, told: str) -> None:
    folder = ContentFolder(tmp_path)
    folder.write(path, session_text())

    assert folder.errors() == [f"content/{path}:1: {told}"]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("session", 'nothing reads the folder "session" (did you mean "sessions"?)'),
        ("Sessions", 'nothing reads the folder "Sessions" (did you mean "sessions"?)'),
        ("drafts", f'nothing reads the folder "drafts" (the folders are: {FOLDERS})'),
        ("sessions/2027", "nothing reads a folder in here (put its files into content/sessions)"),
        ("sessions/a.md", "is a folder, not a file (put the text into a file of this name)"),
        ("images/maps", "nothing reads a folder in here (put its files into content/images)"),
    ],
)
def test_a_folder_that_nobody_reads_is_one_error(tmp_path: Path, path: str, told: str) -> None:
    folder = ContentFolder(tmp_path)
    folder.write(f"{path}/a.md", session_text())
    folder.write(f"{path}/b.md", session_text())

    assert folder.errors() == [f"content/{path}:1: {told}"]


@pytest.mark.parametrize("name", ["trainings", "trainers", "sessions", "pages"])
def test_a_folder_that_is_missing_is_an_error(tmp_path: Path, name: str) -> None:
    folder = ContentFolder(tmp_path)
    shutil.rmtree(folder.path / name)

    assert folder.errors() == [
        (
            f"content/{name}:1: the folder {name} is missing "
            f"(make the folder content/{name}; an empty file .gitkeep in it keeps it)"
        )
    ]


def test_a_folder_with_a_slip_in_its_name_is_not_missing_too(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    (folder.path / "sessions").rename(folder.path / "session")

    assert folder.errors() == [
        'content/session:1: nothing reads the folder "session" (did you mean "sessions"?)'
    ]


@pytest.mark.parametrize(
    "name",
    ["a.md~", ".a.md.swp", "a.md.bak", "a.md.orig", ".DS_Store", "Thumbs.db", "._a.md", ".gitkeep"],
)
@pytest.mark.parametrize("place", ["", "sessions/", "images/"])
def test_what_editors_leave_behind_is_passed_over(tmp_path: Path, place: str, name: str) -> None:
    folder = ContentFolder(tmp_path)
    folder.write(f"{place}{name}", "<<<<<<< what is this?")

    assert (folder.errors(), folder.warnings()) == ([], [])


@pytest.mark.parametrize("place", ["a.md", "sessions/a.md", "sessions/a.es.md", "images/a.png"])
def test_a_link_to_a_file_is_an_error(tmp_path: Path, place: str) -> None:
    folder = ContentFolder(tmp_path)
    (tmp_path / "secret").write_text("Title: private\n")
    (folder.path / place).parent.mkdir(exist_ok=True)
    (folder.path / place).symlink_to(tmp_path / "secret")

    assert folder.errors() == [f"content/{place}:1: is a link (put what it leads to here)"]


def test_a_folder_that_is_a_link_is_an_error(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    (folder.path / "sessions").rename(tmp_path / "elsewhere")
    (folder.path / "sessions").symlink_to(tmp_path / "elsewhere")

    assert folder.errors() == ["content/sessions:1: is a link (put what it leads to here)"]


@pytest.mark.parametrize("place", ["a.md", "sessions/a.md", "images/a.png"])
def test_a_pipe_is_an_error_and_is_not_waited_for(tmp_path: Path, place: str) -> None:
    folder = ContentFolder(tmp_path)
    (folder.path / place).parent.mkdir(exist_ok=True)
    os.mkfifo(folder.path / place)

    assert folder.errors() == [f"content/{place}:1: is no file that can be read (delete it)"]


def test_a_file_that_is_no_text_by_its_size_is_not_read(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.write("sessions/a.md", "x" * 500_001)

    assert folder.errors() == [
        "content/sessions/a.md:1: the file is too large to be a text (is it the right file?)"
    ]
