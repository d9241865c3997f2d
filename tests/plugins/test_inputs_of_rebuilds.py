# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever a build reads, a later one in another process sees that it has changed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from plugins.build import BuildFailed
from plugins.trainings.problems import SiteError
from tests.support.content import Repository
from tests.support.edited_texts import picture_text
from tests.support.kept_site import KeptSite
from tests.support.stopped_disk import listening, meanwhile


@pytest.mark.parametrize(
    "line",
    [
        "RETENTION_DAYS = 365",
        'SITEURL = "https://trainings.example.org/msix"',
        'SIGNUP = "none"',
        pytest.param("RETENTION_DAYS = True", marks=pytest.mark.long),
        pytest.param('SITEURL = "https://example.com"', marks=pytest.mark.long),
        pytest.param("SAMPLE_CONTENT = False", marks=pytest.mark.long),
        pytest.param('BUILD_DATE = "2026-12-03"', marks=pytest.mark.long),
        pytest.param("BUILD_DATE = None", marks=pytest.mark.long),
    ],
)
def test_a_setting_that_has_changed_is_seen_and_so_is_that_it_has_changed_back(
    line: str, tmp_path: Path
) -> None:
    site = KeptSite(tmp_path)
    site.build()
    settings = site.settings.read_text()
    for text in (f"{settings}{line}\n", settings):
        site.settings.write_text(text)
        site.build()
        assert site.built() == site.cold()


def test_a_canceled_date_that_has_passed_is_seen_on_its_page(tmp_path: Path) -> None:
    """It is canceled before and after, so that nothing but the day tells both apart."""
    site = KeptSite(tmp_path)
    site.content.session("a", Status="cancelled")
    site.write("theme/templates/session.html", "{{ page.title }} {{ page.indexed }} {{ calendars }}")
    for day in ("2026-11-30", "2026-12-20"):
        site.build(BUILD_DATE=day)
        assert site.built() == site.cold(BUILD_DATE=day)


def test_a_contact_that_has_changed_is_seen_on_the_pages_of_sessions_whose_trainer_it_is_not(
    tmp_path: Path,
) -> None:
    site = KeptSite(tmp_path)
    site.write(
        "theme/templates/session.html",
        "{{ page.title }}{% for contact in contacts %}{{ contact.description }}{% endfor %}",
    )
    site.build()
    with (site.content.path / "trainers/ca-msix-support.md").open("a") as support:
        support.write("\nFrom eight to five.\n")
    site.build()
    assert "From eight to five." in (site.root / "output/schedule/a/index.html").read_text()
    assert site.built() == site.cold()


@pytest.mark.long
def test_a_variable_that_the_settings_go_by_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = KeptSite(tmp_path)
    site.write(
        "pelicanconf.py", site.settings.read_text() + 'import os; RETENTION_DAYS = int(os.environ["DAYS"])\n'
    )
    for days in ("7", "8"):
        monkeypatch.setenv("DAYS", days)
        site.build()
        assert site.built() == site.cold()


@pytest.mark.long
def test_a_setting_that_the_command_gives_is_seen(tmp_path: Path) -> None:
    site = KeptSite(tmp_path)
    for days in (7, 8, 7):
        site.build(RETENTION_DAYS=days)
        assert site.built() == site.cold(RETENTION_DAYS=days)


def test_settings_of_the_same_size_that_are_saved_within_one_second_are_seen(tmp_path: Path) -> None:
    """Python goes by size and whole seconds when it reads what it has compiled before."""
    site = KeptSite(tmp_path)
    os.utime(site.settings, (1_800_000_000, 1_800_000_000))
    site.build()
    site.settings.write_text(
        site.settings.read_text().replace("RETENTION_DAYS = 180", "RETENTION_DAYS = 365")
    )
    os.utime(site.settings, (1_800_000_000, 1_800_000_000))
    site.build()
    state = site.built()["output/rules/index.html"]
    assert state[1] is not None
    assert b"For 365 days" in state[1]


def test_the_content_of_another_folder_has_its_own_history(tmp_path: Path) -> None:
    """Both are in one repository, whose newest commit stays the same."""
    site = KeptSite(tmp_path, in_repository=True)
    shutil.copytree(tmp_path / "content", tmp_path / "other/content")
    assert site.repository
    site.repository.commit(at="2026-11-02T12:00:00Z")
    for folder in ("content", "other/content", "content"):
        site.build(PATH=str(tmp_path / folder))
        assert site.built() == site.cold(PATH=str(tmp_path / folder))


def edit(site: KeptSite) -> None:
    site.content.change("sessions/a.md", "Capacity: 20", "Capacity: 30")


def git(*words: str, at: str = "2026-11-03T12:00:00Z") -> Callable[[KeptSite], object]:
    """Return what runs git in the repository of a site."""
    return lambda site: site.repository and site.repository.git(*words, at=at)


@pytest.mark.parametrize(
    "happens",
    [
        pytest.param([edit], id="a file is edited"),
        pytest.param([edit, git("commit", "-qam", "Edit")], id="and committed", marks=pytest.mark.long),
        pytest.param([git("commit", "-q", "--amend", "--no-edit")], id="the commit has another time", marks=pytest.mark.long),
        pytest.param([git("commit", "-q", "--allow-empty", "-m", "No change")], id="a commit changes nothing", marks=pytest.mark.long),
        pytest.param([git("reset", "-q", "--soft", "HEAD~1")], id="a commit is undone and its files stay", marks=pytest.mark.long),
        pytest.param([git("checkout", "-q", "--orphan", "new")], id="a branch begins anew", marks=pytest.mark.long),
        pytest.param([git("replace", "--graft", "HEAD")], id="history is cut off in place"),
        pytest.param([edit, lambda site: os.utime(site.content.path / "sessions/a.md", (0, 0))], id="an edited file has another time", marks=pytest.mark.long),
        pytest.param([lambda site: (site.content.path / "sessions/a.md").chmod(0o755)], id="a file can be run", marks=pytest.mark.long),
        pytest.param([lambda site: shutil.rmtree(site.root / ".git")], id="the repository is gone", marks=pytest.mark.long),
        pytest.param([lambda site: site.write(".gitignore", "*.md\n.cache\n")], id="the content is ignored"),
        pytest.param([git("rm", "-q", "--cached", "content/sessions/a.md")], id="a file is no longer followed", marks=pytest.mark.long),
        pytest.param([git("config", "core.fileMode", "false"), git("config", "core.quotePath", "true")], id="git is set up otherwise", marks=pytest.mark.long),
    ],
)  # fmt: skip
def test_what_git_tells_is_seen(happens: list[Callable[[KeptSite], object]], tmp_path: Path) -> None:
    site = KeptSite(tmp_path, in_repository=True)
    site.content.session("a", "Later.")
    site.content.write("sessions/a.es.md", "\nLuego.\n")
    assert site.repository
    site.repository.commit(at="2026-11-02T12:00:00Z")
    site.build()
    for what in happens:
        what(site)
        site.build()
        assert site.built() == site.cold()


@pytest.mark.long
def test_a_repository_that_comes_around_the_content_is_seen(tmp_path: Path) -> None:
    site = KeptSite(tmp_path)
    site.write(".gitignore", "/output/\n/build/\n/cold/\n.cache/\n__pycache__/\n")
    site.build()
    repository = Repository(tmp_path)
    site.build()
    assert site.built() == site.cold()
    repository.commit()
    site.build()
    assert site.built() == site.cold()


@pytest.mark.long
def test_a_commit_in_another_work_tree_of_the_repository_is_seen(tmp_path: Path) -> None:
    first = KeptSite(tmp_path / "first", in_repository=True)
    assert first.repository
    first.repository.git("worktree", "add", "-q", str(tmp_path / "second"))
    site = KeptSite.__new__(KeptSite)
    site.__dict__.update(first.__dict__)
    site.root, site.settings = tmp_path / "second", tmp_path / "second/pelicanconf.py"
    site.kept = site.root / ".cache/builds/html"
    for number in range(2):
        site.build()
        assert site.built() == site.cold()
        repository = Repository.__new__(Repository)
        repository.root = site.root
        repository.git("commit", "-q", "--allow-empty", "-m", "One", at=f"2026-11-0{number + 2}T12:00:00Z")


def test_commits_that_a_shallow_clone_fetches_are_seen(tmp_path: Path) -> None:
    first = KeptSite(tmp_path / "first", in_repository=True)
    assert first.repository
    for number in range(3):
        first.content.session("a", Capacity=str(number + 5))
        first.repository.commit(at=f"2026-11-0{number + 2}T12:00:00Z")
    first.repository.git("clone", "-q", "--depth=1", f"file://{first.root}", str(tmp_path / "clone"))
    first.root, first.settings = tmp_path / "clone", tmp_path / "clone/pelicanconf.py"
    first.repository.root = first.root
    for deepen in ((), ("fetch", "-q", "--deepen=1"), ("fetch", "-q", "--unshallow")):
        if deepen:
            first.repository.git(*deepen)
        first.build()
        assert first.built() == first.cold()


def test_another_picture_of_as_many_bytes_and_the_same_time_is_seen(tmp_path: Path) -> None:
    site = KeptSite(tmp_path)
    file = site.content.path / "images/map.png"
    file.parent.mkdir()
    for page in ("pages/rules.md", "pages/rules.es.md"):
        site.content.write(page, (site.content.path / page).read_text() + "\n![A map](/images/map.png)\n")
    for number in (0, 1, 0):
        file.write_bytes(picture_text(number).encode("utf-8", "surrogateescape"))
        os.utime(file, (1_800_000_000, 1_800_000_000))
        site.build()
        assert site.built() == site.cold()


def site_with_a_picture(root: Path) -> KeptSite:
    """Make a site whose rules show a picture, in both languages."""
    site = KeptSite(root)
    site.content.write("images/map.png", "")
    (site.content.path / "images/map.png").write_bytes(picture_text(0).encode("utf-8", "surrogateescape"))
    for page in ("pages/rules.md", "pages/rules.es.md"):
        site.content.write(page, (site.content.path / page).read_text() + "\n![A map](/images/map.png)\n")
    return site


def test_pictures_made_small_may_be_deleted_with_the_site(tmp_path: Path) -> None:
    site = site_with_a_picture(tmp_path)
    site.build()
    before = site.built()
    shutil.rmtree(tmp_path / ".cache/pictures")
    shutil.rmtree(tmp_path / "output")
    site.build()
    assert site.built() == before == site.cold()


def test_a_build_that_fails_on_what_was_kept_leaves_the_next_one_nothing_of_it(tmp_path: Path) -> None:
    site = site_with_a_picture(tmp_path)
    site.build()
    for picture in (tmp_path / ".cache/pictures").glob("*.webp"):
        picture.unlink()
        picture.mkdir()
    shutil.rmtree(tmp_path / "output")

    with pytest.raises(BuildFailed, match="IsADirectoryError"):
        site.build()

    assert not (site.kept / "state").exists()


def test_a_link_that_has_come_into_the_content_is_refused_whatever_it_leads_to(tmp_path: Path) -> None:
    site = KeptSite(tmp_path)
    site.build()
    file = site.content.path / "sessions/a.md"
    file.rename(tmp_path / "a.md")
    file.symlink_to(tmp_path / "a.md")
    with pytest.raises(Exception, match=r"content/sessions/a\.md:1: is a link"):
        site.build()


def test_files_that_a_stricter_umask_has_closed_are_open_again(tmp_path: Path) -> None:
    site = KeptSite(tmp_path)
    usual = os.umask(0o077)
    try:
        site.build()
    finally:
        os.umask(usual)
    site.build()
    assert site.built() == site.cold()


def test_what_is_edited_during_a_build_and_put_back_after_it_is_built_as_it_is(tmp_path: Path) -> None:
    """The build has looked at the file before, and has read it after."""
    site = KeptSite(tmp_path)
    site.build()
    file = site.content.path / "sessions/a.md"
    text = file.read_text().replace("Capacity: 20", "Capacity: 30")
    site.content.session("b", Start="2027-01-07 11:00")
    with meanwhile("os.mkdir", ".output.new", lambda: file.write_text(text)):
        site.build()
    file.write_text(text.replace("Capacity: 30", "Capacity: 20"))
    site.build()
    assert site.built() == site.cold()


@pytest.mark.parametrize("folder", ["content/sessions", "theme/templates"])
def test_a_folder_that_leads_to_the_one_that_it_is_in_is_not_gone_through_for_ever(
    folder: str, tmp_path: Path
) -> None:
    site = KeptSite(tmp_path)
    site.build()
    (tmp_path / folder / "up").symlink_to(tmp_path)
    looked: list[str] = []
    with listening(lambda _, arguments: looked.extend(map(str, arguments[:1]))), suppress(SiteError):
        site.build()
    assert max(path.count("/up/") for path in looked) <= 1
