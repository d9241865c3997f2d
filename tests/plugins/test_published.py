# SPDX-License-Identifier: AGPL-3.0-or-later
"""The published tree: whole versions, one link, and a way back."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from plugins.published import NotPublished, Published

ADDRESS = "https://trainings.example.org"


class Tree:
    """A published tree whose versions are a few files each."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.published = Published(root / "published")

    def put(self, page: str, *, address: str = ADDRESS, **more: str) -> str:
        """Publish a page, `style.css` that never changes, and other files; return the version's name."""
        site = {"index.html": page, "style.css": "a { color: red }", **more}
        build = {"site.json": json.dumps({"url": address})}
        with self.published.locked(print), self.published.aside() as aside:
            for folder, files in (("site", site), ("build", build)):
                (aside / folder).mkdir()
                for name, text in files.items():
                    (aside / folder / name).write_text(text)
            return self.published.put(aside).name

    def back(self) -> str:
        with self.published.locked(print):
            return self.published.back().name

    def page(self) -> str:
        """Return what everybody reads."""
        return (self.root / "published/site/index.html").read_text()

    def versions(self) -> set[str]:
        """Return the versions that are kept; whatever else lies there is named, too."""
        return {path.name for path in (self.root / ".published").iterdir()} - {".lock"}


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def test_everybody_reads_by_one_link_that_leads_to_a_whole_version(tree: Tree) -> None:
    name = tree.put("one")

    assert (tree.root / "published").readlink() == Path(".published", name)
    assert {path.name for path in (tree.root / "published").iterdir()} == {"site", "build"}
    assert tree.page() == "one"


def test_a_folder_with_a_published_tree_can_be_moved(tree: Tree, tmp_path: Path) -> None:
    tree.put("one")
    tree.put("two")
    tree.root = tree.root.rename(tmp_path.with_name(f"{tmp_path.name}-moved"))
    tree.published = Published(tree.root / "published")

    assert tree.page() == "two"
    tree.back()
    assert tree.page() == "one"


def test_a_linked_version_is_never_changed(tree: Tree) -> None:
    first = tree.root / ".published" / tree.put("one")
    before = {path: path.stat() for path in first.rglob("*") if path.is_file()}
    tree.put("two")

    after = {path: path.stat() for path in first.rglob("*") if path.is_file()}
    assert {path: (was.st_ino, was.st_mtime_ns) for path, was in before.items()} == {
        path: (now.st_ino, now.st_mtime_ns) for path, now in after.items()
    }
    assert (first / "site/index.html").read_text() == "one"


def test_what_stays_is_the_same_file_and_what_changes_is_younger(tree: Tree) -> None:
    """A day's length of the clock is not waited for: what there was is from a machine whose clock is ahead."""
    first = tree.root / ".published" / tree.put("one")
    last = 4_000_000_000
    for file in first.rglob("*.*"):
        os.utime(file, (last, last))
    second = tree.root / ".published" / tree.put("two", new="new")

    assert (second / "site/style.css").samefile(first / "site/style.css")
    assert (second / "build/site.json").samefile(first / "build/site.json")
    assert (second / "site/index.html").stat().st_mtime == last + 1
    assert (second / "site/new").stat().st_mtime < last


def test_where_nothing_is_new_the_version_stays_and_its_folder_says_when(tree: Tree) -> None:
    first = tree.put("one")
    folder = tree.root / ".published" / first
    os.utime(folder, (7, 7))
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}

    assert tree.put("one") == first
    assert tree.versions() == {first}
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    assert folder.stat().st_mtime > 7


@pytest.mark.parametrize(
    ("page", "more"),
    [("one", {}), ("two", {"more": "more"}), ("one", {"other": "more"}), ("one", {"more": "More"})],
    ids=["a file less", "another page", "another name", "another file"],
)
def test_whatever_is_new_makes_a_version(tree: Tree, page: str, more: dict[str, str]) -> None:
    first = tree.put("one", more="more")
    second = tree.put(page, **more)

    assert second > first
    assert tree.put(page, **more) == second


def test_what_is_new_in_the_private_folder_alone_makes_a_version(tree: Tree) -> None:
    first = tree.put("one")

    assert tree.put("one", address="https://new.example.org") > first


def test_after_the_way_back_the_newest_is_linked_anew(tree: Tree) -> None:
    first, second = tree.put("one"), tree.put("two")
    tree.back()
    assert tree.put("one") == first

    third = tree.put("two")
    assert third > second
    assert (tree.back(), tree.page()) == (first, "one")


def test_a_file_that_others_may_read_now_is_not_the_one_that_they_might_not(tree: Tree) -> None:
    first = tree.root / ".published" / tree.put("one")
    (first / "site/style.css").chmod(0o600)
    second = tree.root / ".published" / tree.put("two")

    assert (second / "site/style.css").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("number", [errno.EPERM, errno.EMLINK])
def test_where_there_are_no_hard_links_the_time_stays(
    tree: Tree, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on exFAT, or with the 65,001st link of ext4, neither of which a test has at hand."""
    first = tree.root / ".published" / tree.put("one")
    os.utime(first / "site/style.css", (7, 7))

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    second = tree.root / ".published" / tree.put("two")
    assert tree.put("two") == second.name  # what is the same need not be one file

    assert not (second / "site/style.css").samefile(first / "site/style.css")
    assert (second / "site/style.css").stat().st_mtime == 7


def test_the_last_three_versions_are_kept(tree: Tree) -> None:
    names = [tree.put(page) for page in ("one", "two", "three", "four")]

    assert len(set(names)) == 4
    assert tree.versions() == set(names[1:])


def test_the_last_version_for_another_address_is_kept_however_often_a_wrong_one_is_published(
    tree: Tree,
) -> None:
    """Servers refuse the wrong ones, and go on with it."""
    tree.put("older")
    good = tree.put("good")
    wrong = [tree.put(f"wrong {number}", address="https://typo.example.org") for number in range(5)]

    assert tree.versions() == {good, *wrong[2:]}


def test_the_way_back_goes_from_version_to_version_until_there_is_none(tree: Tree) -> None:
    first, second, third = (tree.put(page) for page in ("one", "two", "three"))

    assert (tree.back(), tree.page()) == (second, "two")
    assert (tree.back(), tree.page()) == (first, "one")
    with pytest.raises(NotPublished) as refused:
        tree.back()
    assert str(refused.value) == (
        f"{tree.root}/published: no version is kept from before {first}; check out what the site was made of then, "
        "and run make publish"
    )
    assert tree.page() == "one"
    assert tree.versions() == {first, second, third}


def test_the_way_back_leaves_out_what_somebody_has_gone_back_from(tree: Tree) -> None:
    good = tree.put("good")
    tree.put("bad")
    tree.back()
    better = tree.put("better")

    assert (tree.back(), tree.page()) == (good, "good")
    assert tree.versions() == {good, better}


@pytest.mark.parametrize("lost", ["published", ".published"])
def test_whatever_somebody_deletes_by_hand_publishing_puts_a_version_there(tree: Tree, lost: str) -> None:
    tree.put("one")
    path = tree.root / lost
    path.rename(tree.root / "lost")
    with pytest.raises(NotPublished) as refused:
        tree.back()
    assert str(refused.value) == f"{tree.root}/published: nothing is published; run make publish"

    tree.put("two")
    assert tree.page() == "two"


def test_a_folder_where_the_link_should_be_is_left_alone(tree: Tree) -> None:
    (tree.root / "published/site").mkdir(parents=True)
    (tree.root / "published/site/index.html").write_text("somebody's own")

    with pytest.raises(NotPublished) as refused:
        tree.put("one")

    assert str(refused.value) == (
        f"{tree.root}/published is a folder, where a symbolic link is to be; move it away, and run make publish again"
    )
    assert (tree.page(), tree.versions()) == ("somebody's own", set())


def test_what_a_killed_process_has_left_is_deleted_by_the_next_one(tree: Tree) -> None:
    tree.put("one")
    (tree.root / ".published/.new/site").mkdir(parents=True)
    (tree.root / ".published/.new/site/half.html").write_text("half")
    (tree.root / ".published/.link").symlink_to("nowhere")
    names = {path.resolve().name for path in (tree.root / "published",)} | {tree.put("two")}

    assert tree.versions() == names
    assert not (tree.root / "published/site/half.html").exists()


def test_what_cannot_be_linked_leaves_nothing_behind(tree: Tree) -> None:
    name = tree.put("one")
    with pytest.raises(OSError, match="half-way"), tree.published.locked(print), tree.published.aside():
        raise OSError("half-way")

    assert (tree.page(), tree.versions()) == ("one", {name})
