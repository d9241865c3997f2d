# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is newer is kept beside what was kept, and trusted no more than that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.build import Builder
from tests.support.edits import become
from tests.support.kept_site import SmallKeptSite


@pytest.fixture
def site(tmp_path: Path) -> SmallKeptSite:
    """A site with so many sessions that one is little, which two processes have built."""
    site = SmallKeptSite(tmp_path)
    for day in range(10, 30):
        site.content.session(f"c{day}", Start=f"2026-12-{day} 10:00")
    site.build()
    site.content.change("sessions/b.md", "Capacity: 20", "Capacity: 21")
    site.build()
    return site


def test_what_is_newer_is_kept_beside_what_was_kept_until_it_is_much(site: SmallKeptSite) -> None:
    memo, newer = site.cache / "memo", site.cache / "newer"
    whole = memo.read_bytes()
    for number in range(21, 24):
        assert newer.exists()
        site.content.change("sessions/b.md", f"Capacity: {number}", f"Capacity: {number + 1}")
        assert site.build().made < 15
        assert site.is_as_cold()
        assert memo.read_bytes() == whole

    for day in range(10, 30):
        site.content.change(f"sessions/c{day}.md", "Capacity: 20", "Capacity: 30")
    site.build()
    assert site.is_as_cold()
    assert (memo.read_bytes() == whole, newer.exists()) == (False, False)
    assert site.build().unchanged


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(file.read_bytes()[:-1] + b"x"),
        lambda file: become(file, "folder"),
        lambda file: file.unlink(),
        lambda file: file.chmod(0o666),
    ],
    ids=["another byte", "a folder", "gone", "others may write"],
)
def test_what_is_newer_and_cannot_be_trusted_is_not_used(
    site: SmallKeptSite, damage: Callable[[Path], object]
) -> None:
    damage(site.cache / "newer")
    site.content.change("sessions/b.md", "Capacity: 21", "Capacity: 22")

    report = site.build()

    assert report.made == report.files
    assert site.is_as_cold()
    assert [str(site.cache / "newer") in line for line in site.said] == [True]
    assert site.build().unchanged


def test_a_memo_that_was_kept_anew_is_not_read_with_what_was_newer_than_another(
    site: SmallKeptSite,
) -> None:
    """As where two outputs share a cache, or somebody copies half of one back."""
    newer = (site.cache / "newer").read_bytes()
    site.write("theme/static/site.css", "a { color: blue }")
    for day in range(10, 30):
        site.content.change(f"sessions/c{day}.md", "Capacity: 20", "Capacity: 30")
    site.build()
    (site.cache / "newer").write_bytes(newer)
    site.content.change("sessions/b.md", "Capacity: 21", "Capacity: 22")
    site.build()
    assert site.is_as_cold()


def test_one_process_may_keep_little_and_much_in_turn(site: SmallKeptSite) -> None:
    """What is newer never refers to a memo that is not there any more."""
    builder = Builder(site.root / "pelicanconf.py", cache=site.cache, say=site.said.append)
    files = [site.content.path / f"sessions/c{day}.md" for day in range(10, 30)]
    builder.build()
    for file in files:
        file.write_text(file.read_text().replace("Capacity: 20", "Capacity: 30"))
    builder.build()
    for file in files:
        file.unlink()
    builder.build()
    site.content.change("sessions/b.md", "Capacity: 21", "Capacity: 22")
    assert site.build().made < 15
    assert (site.is_as_cold(), site.said) == (True, [])


def test_a_process_that_has_thrown_away_what_was_kept_refers_to_nothing_of_it(site: SmallKeptSite) -> None:
    builder = Builder(site.root / "pelicanconf.py", cache=site.cache, say=site.said.append)
    site.content.change("sessions/b.md", "Capacity: 21", "Capacity: 22")
    builder.build()
    (site.cache / "state").write_text("{")
    site.content.change("sessions/b.md", "Capacity: 22", "Capacity: 23")
    builder.build()
    site.content.change("sessions/b.md", "Capacity: 23", "Capacity: 24")
    assert site.build().made < 15
    assert (site.is_as_cold(), len(site.said)) == (True, 1)
