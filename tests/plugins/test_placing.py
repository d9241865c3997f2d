# SPDX-License-Identifier: AGPL-3.0-or-later
"""Putting a new output in the place of the old: no page is missing at any time, and nothing else stays."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import Mock

import pytest

from plugins.build import Builder
from plugins.placing import locked, note, place
from plugins.trainings.memo import Memo
from plugins.trainings.output import Output, Standing
from tests.support.small_site import SmallSite

WAIT = 20


def output(root: Path, files: dict[str, str], standing: Path | None = None, mode: int = 0o644) -> Output:
    """Return an output that has written what does not stand already."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    made = Output(root, Memo(), mode=mode, standing=Standing(standing) if standing else None)
    for path, text in files.items():
        made.add(path, text, text.encode)
    return made


def found(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): file.read_text()
        for file in folder.rglob("*")
        if file.is_file() or file.is_symlink()
    }


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A folder with a site of a few files."""
    target = tmp_path / "output"
    target.mkdir()
    files = {"index.html": "home", "a/index.html": "a", "b/index.html": "b", "theme/site.1.css": "old"}
    place(output(tmp_path / "first", files), target)
    return target


def build(target: Path, files: dict[str, str]) -> Standing:
    return place(output(target.parent / "new", files, target), target)


def test_a_folder_holds_the_output_and_nothing_else(target: Path) -> None:
    (target / "foreign").mkdir()
    (target / "foreign/file").write_text("somebody's own")
    (target / "a/.hidden").write_text("somebody's own")
    (target / "empty").mkdir()
    (target / "link").symlink_to(target.parent)
    files = {"index.html": "home", "a/index.html": "new", "c/d/index.html": "d"}

    build(target, files)

    assert found(target) == files
    assert {path.name for path in target.rglob("*") if path.is_dir()} == {"a", "c", "d"}


def test_what_stays_as_it_was_is_not_touched(target: Path) -> None:
    before = (target / "index.html").stat()
    build(target, {"index.html": "home", "a/index.html": "new"})

    assert (target / "index.html").stat() == before


@pytest.mark.parametrize(
    ("before", "after"),
    [("page", "page/index.html"), ("page/index.html", "page"), ("Page/index.html", "page/index.html")],
)
def test_what_stands_in_the_way_goes_first(tmp_path: Path, before: str, after: str) -> None:
    target = tmp_path / "output"
    target.mkdir()
    build(target, {before: "old", "index.html": "home"})
    build(target, {after: "new", "index.html": "home"})

    assert found(target) == {after: "new", "index.html": "home"}


def test_no_file_is_written_where_a_link_leads_out_of_the_folder(target: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (target / "a").rename(outside)
    (target / "a").symlink_to(outside)
    (tmp_path / "home").write_text("home")
    (target / "index.html").unlink()
    (target / "index.html").symlink_to(tmp_path / "home")

    build(target, {"index.html": "home", "a/index.html": "a", "a/new.html": "new"})

    assert found(target) == {"index.html": "home", "a/index.html": "a", "a/new.html": "new"}
    assert not any(path.is_symlink() for path in target.rglob("*"))
    assert found(outside) == {"index.html": "a"}


def test_pages_come_after_what_they_refer_to_and_what_is_gone_goes_last(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, str]] = []
    replace = Path.replace

    def looking(self: Path, other: Path) -> Path:
        seen.append(found(target))
        return replace(self, other)

    monkeypatch.setattr(Path, "replace", looking)
    build(target, {"index.html": "new", "a/index.html": "new", "theme/site.2.css": "new"})
    seen.append(found(target))

    for there in seen:
        assert there.keys() >= {"index.html", "a/index.html"}
        assert "theme/site.2.css" in there or "new" not in there.values()
    assert [("theme/site.1.css" in there, "b/index.html" in there) for there in seen] == [
        *[(True, True)] * (len(seen) - 1),
        (False, False),
    ]


def test_files_and_folders_have_their_modes_whatever_somebody_gave_them(target: Path) -> None:
    (target / "a").chmod(0o700)
    (target / "a/index.html").chmod(0o600)
    build(target, {"a/index.html": "a"})
    private = target.parent / "build"
    private.mkdir()
    place(output(target.parent / "secret", {"schedule.json": "{}"}, mode=0o600), private)

    paths = (target / "a", target / "a/index.html", private, private / "schedule.json")
    assert [path.stat().st_mode & 0o777 for path in paths] == [0o755, 0o644, 0o700, 0o600]


def test_what_is_told_of_a_folder_is_how_it_stands(target: Path) -> None:
    files = {"index.html": "home", "a/index.html": "new"}
    told = build(target, files)

    assert told == note(output(target.parent / "again", files, target), target)
    assert told.is_as_noted
    (target / "a/other.html").write_text("somebody's own")
    assert not told.is_as_noted


def test_another_disk_is_no_hindrance(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = Path.replace

    def on_another_disk(self: Path, other: Path) -> Path:
        if self.parent != other.parent:
            raise OSError(18, "Invalid cross-device link")
        return replace(self, other)

    monkeypatch.setattr(Path, "replace", on_another_disk)
    build(target, {"index.html": "new"})

    assert found(target) == {"index.html": "new"}


def test_where_there_are_no_hard_links_what_stays_is_copied_with_its_time(
    target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "hardlink_to", Mock(side_effect=PermissionError(1, "Operation not permitted")))
    new = tmp_path / "version"
    new.mkdir()
    place(output(tmp_path / "new", {"index.html": "home", "c.html": "c"}, target), new)

    assert found(new) == {"index.html": "home", "c.html": "c"}
    assert (new / "index.html").stat().st_mtime_ns == (target / "index.html").stat().st_mtime_ns


def test_two_builds_into_one_folder_come_one_after_the_other(tmp_path: Path) -> None:
    said: list[str] = []
    waiting, order = threading.Event(), list[str]()

    def say(line: str) -> None:
        said.append(line)
        waiting.set()

    def second() -> None:
        with locked([tmp_path], say):
            order.append("second")

    thread = threading.Thread(target=second)
    with locked([tmp_path], said.append):
        thread.start()
        assert waiting.wait(WAIT)
        order.append("first")
    thread.join(WAIT)

    assert order == ["first", "second"]
    assert said == [f"another build into {tmp_path} is under way; this waits until it is done"]


@contextmanager
def asking(page: Path, missed: list[str]) -> Iterator[None]:
    """Ask for a page all the time until the block ends."""
    done, asked = threading.Event(), threading.Event()

    def ask() -> None:
        while not done.is_set():
            try:
                assert page.read_bytes()
            except (OSError, AssertionError) as error:
                missed.append(repr(error))
            asked.set()

    thread = threading.Thread(target=ask)
    thread.start()
    assert asked.wait(WAIT)
    try:
        yield
    finally:
        done.set()
        thread.join(WAIT)


def test_whoever_asks_for_a_page_all_the_time_gets_it_while_builds_go_on(tmp_path: Path) -> None:
    site, missed = SmallSite(tmp_path), list[str]()
    site.builder.build()
    with asking(site.builder.output / "schedule/b/index.html", missed):
        for capacity in range(30, 33):
            site.content.session("b", Capacity=str(capacity), Start="2027-01-07 10:00")
            Builder(tmp_path / "pelicanconf.py", cache=tmp_path / ".cache").build()
            site.write("theme/templates/home.html", f"{{{{ page.title }}}} {capacity}")
            Builder(tmp_path / "pelicanconf.py").build()

    assert missed == []
    assert b"32" in (site.builder.output / "schedule/b/index.html").read_bytes()


def test_a_link_in_the_place_of_the_output_leads_to_the_site(tmp_path: Path) -> None:
    site = SmallSite(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "output").symlink_to(tmp_path / "elsewhere")
    Builder(tmp_path / "pelicanconf.py").build()

    assert (tmp_path / "output").is_symlink()
    assert (tmp_path / "elsewhere/index.html").is_file()
    assert not os.path.lexists(tmp_path / ".elsewhere.new")
    assert site.pages()


def test_a_cold_build_over_an_existing_site_writes_what_differs_alone(tmp_path: Path) -> None:
    site = SmallSite(tmp_path)
    site.builder.build()
    before = site.pages()
    site.content.change("sessions/b.md", "Capacity: 20", "Capacity: 30")
    Builder(tmp_path / "pelicanconf.py").build()
    after = site.pages()

    assert {page for page in after if after[page] != before[page]} == {
        "schedule/b/index.html",
        "es/schedule/b/index.html",
    }
