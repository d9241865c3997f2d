# SPDX-License-Identifier: AGPL-3.0-or-later
"""How often a session has changed, as real repositories tell it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from plugins.trainings.revisions import RepositoryError, revisions
from schedule.model import Revision
from tests.support.content import ContentFolder, Repository


def day(number: int) -> str:
    return f"2026-10-{number:02}T12:00:00Z"


def moment(number: int) -> datetime:
    return datetime(2026, 10, number, 12, tzinfo=UTC)


def start(tmp_path: Path) -> tuple[ContentFolder, Repository]:
    """Return a repository whose one commit, of the first day, holds the sessions a and b and a second trainer."""
    folder = ContentFolder(tmp_path)
    folder.session("a")
    folder.session("b", Start="2027-01-07 10:00")
    folder.write(
        "trainers/ana.md", "Title: Ana\nRole: Trainer\nKind: trainer\nPhone: (530) 666-1977\nLanguages: en\n"
    )
    folder.write("trainers/ana.es.md", "Role: Capacitadora\n")
    repository = Repository(tmp_path)
    repository.commit(at=day(1))
    return folder, repository


def revision(folder: ContentFolder, session: str = "a") -> Revision:
    return folder.sessions()[session].revision


def test_the_first_commit_is_revision_one_at_its_time(tmp_path: Path) -> None:
    folder, _ = start(tmp_path)

    assert revision(folder) == Revision(1, moment(1))


def test_a_change_of_the_session_its_translation_its_training_or_its_trainer_is_a_revision(
    tmp_path: Path,
) -> None:
    folder, repository = start(tmp_path)
    seen = []
    for number, (path, text) in enumerate(
        [
            ("sessions/a.md", "\nBring a pen.\n"),
            ("sessions/a.es.md", "\nTraiga un bolígrafo.\n"),
            ("trainings/overview.md", "\nMore.\n"),
            ("trainings/overview.es.md", "\nMás.\n"),
            ("trainers/uriel-ramirez-torres.md", "\nCall.\n"),
            ("trainers/uriel-ramirez-torres.es.md", "\nLlame.\n"),
        ],
        2,
    ):
        file = folder.path / path
        folder.write(path, (file.read_text(encoding="utf-8") if file.exists() else "") + text)
        repository.commit(at=day(number))
        seen.append(revision(folder))

    assert seen == [Revision(number, moment(number)) for number in range(2, 8)]


def test_other_sessions_keep_their_revision(tmp_path: Path) -> None:
    folder, repository = start(tmp_path)
    folder.change("sessions/a.md", "Capacity: 20", "Capacity: 30")
    repository.commit(at=day(2))
    folder.change("trainers/ana.md", "Role: Trainer", "Role: Guest")
    repository.commit(at=day(3))

    assert (revision(folder, "a"), revision(folder, "b")) == (Revision(2, moment(2)), Revision(1, moment(1)))


def test_a_commit_outside_the_content_changes_no_revision(tmp_path: Path) -> None:
    folder, repository = start(tmp_path)
    (tmp_path / "sessions").mkdir()
    (tmp_path / "sessions" / "a.md").write_text("not content")
    repository.commit(at=day(2))

    assert revision(folder) == Revision(1, moment(1))


def test_another_trainer_with_a_shorter_history_does_not_make_it_fall(tmp_path: Path) -> None:
    folder, repository = start(tmp_path)
    for number in (2, 3, 4):
        folder.change(
            "trainers/uriel-ramirez-torres.md", f"Extension: {number + 6}", f"Extension: {number + 7}"
        )
        repository.commit(at=day(number))
    before = revision(folder)
    folder.change("sessions/a.md", "uriel-ramirez-torres", "ana")
    uncommitted = revision(folder)
    repository.commit(at=day(5))

    assert (before.number, uncommitted.number, revision(folder)) == (4, 5, Revision(5, moment(5)))


def test_an_occurrence_rises_when_its_file_appears_and_again_when_it_is_deleted(tmp_path: Path) -> None:
    folder, repository = start(tmp_path)
    folder.session("cafe", Start="2027-02-04 10:00", Repeat="FREQ=WEEKLY;COUNT=2")
    repository.commit(at=day(2))
    folder.write("sessions/cafe-2027-02-11.md", "Status: cancelled\n")
    repository.commit(at=day(3))
    moved = revision(folder, "cafe-2027-02-11")
    folder.delete("sessions/cafe-2027-02-11.md")
    repository.commit(at=day(4))

    assert moved == Revision(3, moment(3))
    assert revision(folder, "cafe-2027-02-11") == Revision(4, moment(4))
    assert revision(folder, "cafe-2027-02-04") == Revision(2, moment(2))


def test_a_change_of_a_series_is_a_revision_of_all_its_occurrences(tmp_path: Path) -> None:
    folder, repository = start(tmp_path)
    folder.session("cafe", Start="2027-02-04 10:00", Repeat="FREQ=WEEKLY;COUNT=2")
    folder.write("sessions/cafe-2027-02-11.md", "Status: cancelled\n")
    repository.commit(at=day(2))
    folder.change("sessions/cafe.md", "Capacity: 20", "Capacity: 30")
    repository.commit(at=day(3))

    assert revision(folder, "cafe-2027-02-04") == Revision(3, moment(3))
    assert revision(folder, "cafe-2027-02-11") == Revision(3, moment(3))


def test_a_session_that_is_deleted_and_comes_back_does_not_fall(tmp_path: Path) -> None:
    folder, repository = start(tmp_path)
    folder.delete("sessions/a.md")
    repository.commit(at=day(2))
    folder.session("a")
    repository.commit(at=day(3))

    assert revision(folder) == Revision(3, moment(3))


def test_an_uncommitted_edit_is_one_more_at_the_time_of_the_file(tmp_path: Path) -> None:
    folder, _ = start(tmp_path)
    folder.change("sessions/a.md", "Capacity: 20", "Capacity: 30")
    saved = int(moment(9).timestamp())
    os.utime(folder.path / "sessions/a.md", (saved, saved))

    assert revision(folder, "a") == Revision(2, moment(9))
    assert revision(folder, "b") == Revision(1, moment(1))


def test_a_file_that_git_does_not_know_yet_is_an_uncommitted_edit(tmp_path: Path) -> None:
    folder, _ = start(tmp_path)
    folder.session("new-session", Start="2027-03-04 10:00")
    saved = int(moment(9).timestamp())
    os.utime(folder.path / "sessions/new-session.md", (saved, saved))

    assert revision(folder, "new-session") == Revision(2, moment(9))


def test_a_repository_without_commits_has_only_uncommitted_edits(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("a")
    Repository(tmp_path)

    assert revision(folder).number == 1


def test_the_time_does_not_fall_when_a_clock_was_wrong(tmp_path: Path) -> None:
    folder, repository = start(tmp_path)
    folder.change("sessions/a.md", "Capacity: 20", "Capacity: 30")
    repository.commit(at=day(20))
    folder.change("sessions/a.md", "Capacity: 30", "Capacity: 40")
    repository.commit(at=day(2))

    assert revision(folder) == Revision(3, moment(20))


def test_without_a_repository_the_number_is_nought_and_the_time_that_of_the_newest_file(
    tmp_path: Path,
) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("a")
    for file in folder.path.rglob("*.md"):
        os.utime(file, (0, 0))
    saved = int(moment(5).timestamp())
    os.utime(folder.path / "trainings/overview.es.md", (saved, saved))

    assert revision(folder) == Revision(0, moment(5))


def test_a_merged_branch_is_a_revision_of_what_it_changed_alone(tmp_path: Path) -> None:
    folder, repository = start(tmp_path)
    repository.git("switch", "--quiet", "--create", "branch")
    folder.change("sessions/b.md", "Capacity: 20", "Capacity: 30")
    repository.commit(at=day(2))
    repository.git("switch", "--quiet", "main")
    folder.change("sessions/a.md", "Capacity: 20", "Capacity: 25")
    repository.commit(at=day(3))
    folder.change("trainers/ana.md", "Role: Trainer", "Role: Guest")
    repository.commit(at=day(4))
    repository.git("merge", "--quiet", "--no-ff", "--no-edit", "branch", at=day(5))

    assert revision(folder, "a") == Revision(2, moment(3))
    assert revision(folder, "b") == Revision(4, moment(5))


def test_a_pull_that_merges_what_was_published_into_ones_own_work_makes_nothing_fall(tmp_path: Path) -> None:
    folder, repository = start(tmp_path)
    repository.git("branch", "own-work")
    for number, capacity in enumerate((21, 22, 23), 2):
        folder.change("sessions/a.md", f"Capacity: {capacity - 1}", f"Capacity: {capacity}")
        repository.commit(at=day(number))
    published = revision(folder, "a")
    repository.git("switch", "--quiet", "own-work")
    folder.change("sessions/b.md", "Capacity: 20", "Capacity: 30")
    repository.commit(at=day(5))
    repository.git("merge", "--quiet", "--no-edit", "main", at=day(6))

    assert published == Revision(4, moment(4))
    assert revision(folder, "a") == Revision(5, moment(6))
    assert revision(folder, "b") == Revision(2, moment(5))


def test_a_shallow_clone_is_an_error_where_the_history_must_be_complete(tmp_path: Path) -> None:
    folder, repository = start(tmp_path / "origin")
    folder.change("sessions/a.md", "Capacity: 20", "Capacity: 30")
    repository.commit(at=day(2))
    repository.git("clone", "--quiet", "--depth=1", (tmp_path / "origin").as_uri(), str(tmp_path / "clone"))
    content = tmp_path / "clone" / "content"

    with pytest.raises(RepositoryError) as caught:
        revisions(content, complete=True)

    assert str(caught.value) == (
        f"{content}: the clone is shallow, so the calendars' SEQUENCE would fall; "
        "fetch it whole: git fetch --unshallow"
    )
    shallow, _ = revisions(content)
    assert shallow.of(["sessions/a.md"]) == Revision(1, moment(2))


def test_commits_that_are_fetched_later_count_although_the_newest_one_stays(tmp_path: Path) -> None:
    folder, repository = start(tmp_path / "origin")
    folder.change("sessions/a.md", "Capacity: 20", "Capacity: 30")
    repository.commit(at=day(2))
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", "--depth=1", (tmp_path / "origin").as_uri(), str(clone))
    _, history = revisions(clone / "content")
    repository.git("-C", str(clone), "fetch", "--quiet", "--unshallow")

    whole, _ = revisions(clone / "content", history)
    assert whole.of(["sessions/a.md"]) == Revision(2, moment(2))


def test_a_whole_clone_is_right_where_the_history_must_be_complete(tmp_path: Path) -> None:
    folder, _ = start(tmp_path)

    found, _ = revisions(folder.path, complete=True)

    assert found.of(["sessions/a.md"]) == Revision(1, moment(1))


def test_the_history_is_read_again_only_after_a_commit(tmp_path: Path) -> None:
    folder, repository = start(tmp_path)
    _, first = revisions(folder.path)
    folder.change("sessions/a.md", "Capacity: 20", "Capacity: 30")
    _, second = revisions(folder.path, first)
    repository.commit(at=day(2))
    found, third = revisions(folder.path, second)

    assert second is first
    assert third is not second
    assert found.of(["sessions/a.md"]) == Revision(2, moment(2))


def test_names_with_accents_and_spaces_are_found(tmp_path: Path) -> None:
    folder, repository = start(tmp_path)
    folder.write("sessions/año nuevo.md", "")
    repository.commit(at=day(2))

    found, _ = revisions(folder.path)

    assert found.of(["sessions/año nuevo.md"]) == Revision(2, moment(2))


def test_a_deletion_is_an_uncommitted_edit_too(tmp_path: Path) -> None:
    folder, repository = start(tmp_path)
    folder.write("sessions/a.es.md", "\n")
    repository.commit(at=day(2))
    folder.delete("sessions/a.es.md")

    assert revision(folder) == Revision(3, moment(2))


def test_a_history_that_cannot_be_read_is_an_error_in_gits_own_words(tmp_path: Path) -> None:
    folder, _ = start(tmp_path)
    (tmp_path / ".git/refs/heads/main").write_text("0" * 39 + "1\n")

    with pytest.raises(RepositoryError) as caught:
        revisions(folder.path)

    assert str(caught.value).startswith(f"git status failed in {folder.path}: fatal: ")


def test_reading_the_history_leaves_the_index_to_the_writer(tmp_path: Path) -> None:
    folder, _ = start(tmp_path)
    index = tmp_path / ".git/index"
    os.utime(index, ns=(10**18, 10**18))
    before = index.read_bytes(), index.stat().st_mtime_ns
    # Saved again as it was: now the index is out of date, and git would put it right.
    os.utime(folder.path / "sessions/a.md", ns=(10**18, 10**18))

    assert revision(folder) == Revision(1, moment(1))
    assert (index.read_bytes(), index.stat().st_mtime_ns) == before
