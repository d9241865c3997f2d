# SPDX-License-Identifier: AGPL-3.0-or-later
"""What writers are told about translations that are missing, out of place or out of date."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.content import ContentFolder, Repository
from tests.support.schedules import noted

AGE_HINT = "bring it up to date, or save it again if nothing has to change"


@pytest.mark.parametrize(
    ("stem", "texts"),
    [
        ("trainings/overview", "Title, Summary, Audience, Topics"),
        ("trainers/ca-msix-support", "Title, Role"),
        ("pages/index", "Title, Summary, the text"),
    ],
)
def test_a_page_without_spanish_translation_is_an_error(tmp_path: Path, stem: str, texts: str) -> None:
    folder = ContentFolder(tmp_path)
    folder.delete(f"{stem}.es.md")

    assert folder.errors() == [
        (
            f"content/{stem}.md:1: has no Spanish translation, {stem.split('/')[1]}.es.md "
            f"(pages stand in both languages: write that file, with {texts} in Spanish)"
        )
    ]


def test_topics_that_are_more_in_one_language_are_a_warning(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.change("trainings/overview.es.md", "    Dos\n", "")

    assert folder.warnings() == [
        "content/trainings/overview.es.md:4: warning: Topics: the Spanish has 1, and the English 2 (say the same in both)"
    ]


@pytest.mark.parametrize(
    ("folder_name", "stem"),
    [("parents", "flyer"), ("sessions", "a"), ("sessions", "b-2026-12-03"), ("sessions", "cafe-2026-12-11")],
)
def test_a_translation_of_no_file_is_an_error(tmp_path: Path, folder_name: str, stem: str) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("b")
    folder.session("cafe", Start="2027-12-03 10:00", Repeat="FREQ=WEEKLY;COUNT=3")
    folder.write(f"{folder_name}/{stem}.es.md", "")
    hint = (
        "the rule in cafe.md has no occurrence on that day"
        if "cafe" in stem
        else "add that file, or delete this one"
    )

    assert folder.errors() == [
        f"content/{folder_name}/{stem}.es.md:1: translates {stem}.md, which does not exist ({hint})"
    ]


def test_a_translation_of_an_occurrence_that_the_rule_produces_is_right(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("cafe", body="Bring a question.", Repeat="FREQ=WEEKLY;COUNT=3")
    folder.write("sessions/cafe.es.md", "\nTraiga una pregunta.\n")
    folder.write("sessions/cafe-2026-12-10.es.md", "\nTraiga dos preguntas.\n")

    assert folder.warnings() == []
    assert {name: session.note for name, session in folder.sessions().items()} == {
        "cafe-2026-12-03": noted("Bring a question.", "Traiga una pregunta."),
        "cafe-2026-12-10": noted("Bring a question.", "Traiga dos preguntas."),
        "cafe-2026-12-17": noted("Bring a question.", "Traiga una pregunta."),
    }


def test_a_session_needs_no_translation_unless_it_has_a_text(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session()

    assert folder.warnings() == []


def test_a_text_and_a_location_without_translation_are_warnings(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("a", body="Bring a pen.", Location="Room 2", Format="in-person")

    assert folder.warnings() == [
        "content/sessions/a.md:9: warning: Location: has no Spanish translation (add it to content/sessions/a.es.md)",
        "content/sessions/a.md:11: warning: the text has no Spanish translation (add it to content/sessions/a.es.md)",
    ]


def test_what_an_occurrence_says_itself_needs_a_translation_of_its_own(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("cafe", body="Bring a question.", Repeat="FREQ=WEEKLY;COUNT=2")
    folder.write("sessions/cafe.es.md", "\nTraiga una pregunta.\n")
    folder.write("sessions/cafe-2026-12-10.md", "Location: Room 2\n\nBring a pen.\n")

    assert folder.warnings() == [
        f"content/sessions/cafe-2026-12-10.md:{line}: warning: {what} has no Spanish translation "
        "(add it to content/sessions/cafe-2026-12-10.es.md)"
        for line, what in ((1, "Location:"), (3, "the text"))
    ]


def test_a_translation_that_is_no_text_is_an_error(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session()
    folder.write("sessions/a.es.md", "Capacity: 30\n")

    assert folder.errors() == [
        "content/sessions/a.es.md:1: Capacity: does not belong in a translation (it is taken from the English file)"
    ]


def committed(tmp_path: Path) -> tuple[ContentFolder, Repository]:
    """Return a folder in a repository where every file was committed with its translation."""
    folder = ContentFolder(tmp_path)
    folder.session("a", body="Bring a pen.")
    folder.write("sessions/a.es.md", "\nTraiga un bolígrafo.\n")
    folder.session("cafe", "Bring a cup.", Start="2027-01-07 10:00", Repeat="FREQ=WEEKLY;COUNT=2")
    folder.write("sessions/cafe.es.md", "\nTraiga una taza.\n")
    folder.write("sessions/cafe-2027-01-14.md", "Location: Room 2\n")
    folder.write("sessions/cafe-2027-01-14.es.md", "Location: Sala 2\n")
    repository = Repository(tmp_path)
    repository.commit(at="2026-10-01T12:00:00Z")
    return folder, repository


@pytest.mark.parametrize(
    ("stem", "old", "new"),
    [
        ("pages/index", "Welcome.", "Welcome all."),
        ("sessions/a", "Bring a pen.", "Bring two pens."),
        ("sessions/cafe", "Bring a cup.", "Bring two cups."),
        ("sessions/cafe-2027-01-14", "Room 2", "Room 3"),
    ],
)
def test_a_translation_older_than_its_original_is_a_warning_until_it_is_saved_again(
    tmp_path: Path, stem: str, old: str, new: str
) -> None:
    folder, repository = committed(tmp_path)
    assert folder.warnings() == []
    name = stem.split("/")[1]
    told = [
        f"content/{stem}.es.md:1: warning: {name}.md has changed since this translation was made ({AGE_HINT})"
    ]

    folder.change(f"{stem}.md", old, new)
    assert folder.warnings() == told
    repository.commit(at="2026-10-02T12:00:00Z")
    assert folder.warnings() == told

    folder.write(f"{stem}.es.md", (folder.path / f"{stem}.es.md").read_text(encoding="utf-8") + "\n")
    assert folder.warnings() == []
    repository.commit(at="2026-10-03T12:00:00Z")
    assert folder.warnings() == []


@pytest.mark.parametrize("stem", ["a", "cafe"])
def test_only_a_change_of_texts_makes_a_translation_old(tmp_path: Path, stem: str) -> None:
    folder, repository = committed(tmp_path)
    folder.change(f"sessions/{stem}.md", "Capacity: 20", "Capacity: 25")
    assert folder.warnings() == []
    repository.commit(at="2026-10-02T12:00:00Z")
    assert folder.warnings() == []

    folder.change(f"sessions/{stem}.md", "Bring ", "Please bring ")
    assert folder.warnings() == [
        f"content/sessions/{stem}.es.md:1: warning: {stem}.md has changed since this translation was made ({AGE_HINT})"
    ]


def test_without_a_repository_no_translation_is_old(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.change("pages/index.md", "Welcome.", "Welcome all.")

    assert folder.warnings() == []


def test_a_note_in_spanish_alone_is_an_error(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("a")
    folder.write("sessions/a.es.md", "\nHola.\n")

    assert folder.errors() == [
        "content/sessions/a.es.md:2: the text has no English original (add it to content/sessions/a.md)"
    ]
