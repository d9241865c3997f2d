# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is kept on disk for the next build, and may be damaged, old, or another's; and the output, which anybody may change."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from plugins.kept import Cache, LastBuild
from plugins.trainings.memo import Memo
from plugins.trainings.problems import SiteError
from tests.support.edits import become
from tests.support.kept_site import KeptSite
from tests.support.stopped_disk import meanwhile, stopped


@pytest.fixture
def site(tmp_path: Path) -> KeptSite:
    """A site of which one session is little, that has been built once, in a folder of its own."""
    site = KeptSite(tmp_path / "site")
    for day in range(10, 30):
        site.content.session(f"d{day}", Start=f"2026-12-{day} 10:00")
    site.build()
    return site


def kept_files(site: KeptSite) -> list[Path]:
    return sorted(path for path in site.kept.rglob("*") if path.is_file())


DAMAGES: dict[str, Callable[[Path], object]] = {
    "an empty object": lambda file: file.write_text("{}"),
    "a number": lambda file: file.write_text("1"),
    "deep": lambda file: file.write_text("[" * 100_000),
    "a link to nothing": lambda file: become(file, "link that leads nowhere"),
}


@pytest.mark.parametrize("number", [pytest.param(0, marks=pytest.mark.long), 1])
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_cache_makes_the_next_build_a_cold_one(
    site: KeptSite, damage: Callable[[Path], object], number: int
) -> None:
    damage(kept_files(site)[number])
    site.content.change("sessions/a.md", "Capacity: 20", "Capacity: 30")
    for _ in range(2):
        site.build()
        assert site.built() == site.cold()


@pytest.mark.long
@pytest.mark.parametrize(
    ("key", "value"),
    [("standing", [{"folder": "/", "files": []}]), ("standing", 3), ("memo", None), ("program", 1)],
)
def test_a_cache_with_other_things_in_it_makes_the_next_build_a_cold_one(
    site: KeptSite, key: str, value: object
) -> None:
    (state,) = (file for file in kept_files(site) if file.read_bytes().startswith(b"{"))
    state.write_text(json.dumps(json.loads(state.read_bytes()) | {key: value}))
    site.content.change("sessions/a.md", "Capacity: 20", "Capacity: 30")
    site.build()
    assert site.built() == site.cold()


@pytest.mark.long
def test_two_outputs_that_share_a_cache_are_each_as_they_should_be(site: KeptSite) -> None:
    other = {"OUTPUT_PATH": str(site.root / "o"), "BUILD_PATH": str(site.root / "b")}
    for number in (5, 6):
        site.content.session("a", Capacity=str(number))
        site.build(**other)
        assert site.built(**other) == dict(site.cold().items())
        site.build()
        assert site.built() == site.cold()


def test_two_projects_that_share_a_cache_are_each_as_they_should_be(tmp_path: Path) -> None:
    sites = [KeptSite(tmp_path / name) for name in ("one", "two")]
    sites[1].content.session("a", Capacity="7")
    for _ in range(2):
        for site in sites:
            site.build(tmp_path / "shared")
            assert site.built() == site.cold()


@pytest.mark.parametrize(
    "moved", [False, pytest.param(True, marks=pytest.mark.long)], ids=["copied", "moved"]
)
def test_a_project_that_is_copied_with_its_cache_stands_for_itself(
    site: KeptSite, tmp_path: Path, moved: bool
) -> None:
    before = site.built()
    new = tmp_path / "new"
    if moved:
        site.root.rename(new)
    else:
        shutil.copytree(site.root, new)
    old_root, site.root = site.root, new
    site.settings, site.kept = new / "pelicanconf.py", new / ".cache/builds/html"
    site.content.path = new / "content"
    site.content.change("sessions/a.md", "Capacity: 20", "Capacity: 30")
    site.build()
    assert site.built() == site.cold() != before
    if not moved:
        site.root = old_root
        assert site.built() == before


@pytest.mark.long
def test_a_cache_from_before_the_last_builds_is_true_of_what_has_not_changed_since(
    site: KeptSite, tmp_path: Path
) -> None:
    shutil.copytree(site.kept, tmp_path / "old")
    site.content.change("sessions/a.md", "Capacity: 20", "Capacity: 30")
    site.build()
    site.content.change("sessions/a.md", "Capacity: 30", "Capacity: 20")
    shutil.rmtree(site.kept)
    shutil.copytree(tmp_path / "old", site.kept)
    site.build()
    assert site.built() == site.cold()


CHANGES: dict[str, Callable[[Path], object]] = {
    "edited in its size": lambda file: file.write_bytes(file.read_bytes()[::-1]),
    "touched": lambda file: os.utime(file, (1, 1)),
    "deleted with its folder": lambda file: shutil.rmtree(file.parent),
    "a folder": lambda file: become(file, "folder"),
    "a link": lambda file: become(file, "link"),
    "beside a link": lambda file: file.with_name("foreign").symlink_to("/"),
    "in a folder with another mode": lambda file: file.parent.chmod(0o700),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_what_somebody_has_changed_in_the_output_is_put_right(
    site: KeptSite, change: Callable[[Path], object]
) -> None:
    change(site.root / "output/schedule/a/index.html")
    site.build()
    assert site.built() == site.cold()


@pytest.mark.long
def test_a_backup_by_hard_links_keeps_what_it_has(site: KeptSite, tmp_path: Path) -> None:
    page = site.root / "output/schedule/a/index.html"
    backup = tmp_path / "backup.html"
    backup.hardlink_to(page)
    before = backup.read_bytes()
    site.content.change("sessions/a.md", "Capacity: 20", "Capacity: 30")
    site.build()
    assert page.read_bytes() != before == backup.read_bytes()


def test_a_backup_by_hard_links_that_is_edited_is_no_longer_the_output(
    site: KeptSite, tmp_path: Path
) -> None:
    (tmp_path / "backup.html").hardlink_to(site.root / "output/schedule/a/index.html")
    (tmp_path / "backup.html").write_text("edited")
    site.build()
    assert site.built() == site.cold()


def files_calls(site: KeptSite) -> int:
    """Return how many calls of the file system a build takes that changes one session."""
    site.content.session("a", Capacity="30")
    with stopped(site.root, 0, killed=True) as stop:
        stop.at = 1_000_000
        site.build()
    return stop.calls


@pytest.mark.parametrize("killed", [True, False], ids=["killed", "the disk is full"])
@pytest.mark.parametrize("each", [9, pytest.param(1, marks=pytest.mark.long)])
def test_a_build_that_is_stopped_at_any_call_is_mended_by_the_next_one(
    site: KeptSite, each: int, killed: bool
) -> None:
    calls = files_calls(site)
    assert calls > 5
    for call in range(1, calls + 1, each):
        site.content.session("a", Capacity=str(call))
        with stopped(site.root, call, killed=killed), suppress(SiteError):
            site.build()
        site.build()
        assert site.built() == site.cold(), call


def test_what_another_process_puts_into_the_output_meanwhile_is_not_taken_for_this_ones(
    site: KeptSite,
) -> None:
    """As somebody does who edits a page while the site is built; it is the first one that is put into its place."""
    page = site.root / "output/es/schedule/a/index.html"
    site.content.change("sessions/a.md", "Capacity: 20", "Capacity: 30")
    with meanwhile(
        "os.rename", "output/es/schedule/a/index.html", lambda: page.write_text("of another process")
    ):
        site.build()
    site.build()
    assert site.built() == site.cold()


def test_what_cannot_be_pickled_is_not_kept_and_said(tmp_path: Path) -> None:
    said: list[str] = []
    last = LastBuild("program", "everything", (), ())
    Cache(tmp_path, said.append).save(last, Memo(), lambda: "a plugin's own")

    assert len(said) == 1
    assert said[0].startswith(f"note: {tmp_path}: ")
    assert list(tmp_path.iterdir()) == []


@dataclass(frozen=True, slots=True)
class Kept:
    """What a plugin has made."""

    value: str


@dataclass(frozen=True, slots=True)
class KeptLater:
    """The same, when somebody has given it a field more."""

    value: str
    more: str


def test_what_can_no_longer_be_read_is_thrown_away_with_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    cache = Cache(tmp_path, said.append)
    cache.save(LastBuild("program", "everything", (), ()), Memo(), Kept("made"))
    kept = cache.kept()
    assert kept is not None
    assert cache.load(kept) is not None

    monkeypatch.setattr(sys.modules[__name__], "Kept", KeptLater)
    assert cache.load(kept) is None
    assert len(said) == 1
    assert said[0].startswith(
        "note: what the last build kept cannot be used, so this one makes everything anew: "
    )
    assert list(tmp_path.iterdir()) == []
