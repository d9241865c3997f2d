# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which build is shown, and what follows it."""

from __future__ import annotations

import json
import logging
import os
import shutil
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from plugins.published import Published
from register.domain.errors import ConfigError
from register.settings.build import Build
from register.settings.current_build import Current, Newest, following
from tests.schedule.test_site import WRITTEN

PUBLIC = "https://trainings.example.org"
WRONG = "http://localhost:8000"


def build_in(folder: Path, number: int) -> None:
    """Put a new build in place, as `make html` does."""
    file = folder / "site.json"
    file.write_text(json.dumps(WRITTEN | {"retention_days": number}))
    os.utime(file, ns=(number, number))


def test_what_is_made_from_a_build_is_made_once_for_each(tmp_path: Path) -> None:
    made = count(1)
    newest = Newest(Current(Build(tmp_path)), lambda shown: (next(made), shown.site.retention_days))
    with pytest.raises(ConfigError):
        newest()

    build_in(tmp_path, 7)
    assert [newest(), newest()] == [(1, 7), (1, 7)]
    build_in(tmp_path, 8)
    assert [newest(), newest()] == [(2, 8), (2, 8)]


def test_while_a_build_is_put_in_place_the_last_one_serves(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    current = Current(Build(tmp_path))
    build_in(tmp_path, 7)
    current()

    (tmp_path / "site.json").unlink()

    assert current().site.retention_days == 7
    assert caplog.messages == []


def test_a_newer_build_that_is_broken_leaves_the_last_good_one_and_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    current = Current(Build(tmp_path))
    build_in(tmp_path, 7)
    current()
    (tmp_path / "site.json").write_text("{")
    os.utime(tmp_path / "site.json", ns=(8, 8))

    assert [current().site.retention_days for _ in range(3)] == [7, 7, 7]
    assert caplog.messages == [
        (
            f"the build before this one still serves: {tmp_path}/site.json cannot be read (JSONDecodeError); "
            "build the site again"
        )
    ]
    build_in(tmp_path, 9)
    assert current().site.retention_days == 9


def test_what_cannot_be_made_from_a_newer_build_leaves_what_was_made_before_and_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def made(shown):
        if shown.site.retention_days == 8:
            raise ConfigError("eight is too much")
        return shown.site.retention_days

    newest = Newest(Current(Build(tmp_path)), made)
    build_in(tmp_path, 7)
    newest()
    build_in(tmp_path, 8)

    assert [newest() for _ in range(3)] == [7, 7, 7]
    assert caplog.messages == ["the build before this one still serves: eight is too much"]
    build_in(tmp_path, 9)
    assert newest() == 9


def test_an_application_that_follows_builds_says_at_once_that_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        following(Current(Build(tmp_path)), lambda _: pytest.fail("nothing to make it from"))


class Machine:
    """A published tree, and what is shown of it to the public."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.published = Published(home / "published")
        self.current = self.started()

    def started(self) -> Current:
        """Start what shows it."""
        return Current(Build(self.home / "published/build", PUBLIC))

    def publish(self, number: int, *, url: str = PUBLIC, sample: bool = False, schedule: str = "{}") -> Path:
        """Publish a version that is known by a number."""
        told = WRITTEN | {"retention_days": number, "url": url, "sample": sample}
        with self.published.locked(print), self.published.aside() as aside:
            (aside / "site").mkdir()
            (aside / "build").mkdir()
            (aside / "build/site.json").write_text(json.dumps(told))
            (aside / "build/schedule.json").write_text(schedule)
            return self.published.put(aside)

    def shown(self) -> int:
        """Return the number of the version that is shown."""
        return self.current().site.retention_days


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_version_that_is_published_is_shown_by_its_own_name_and_so_is_the_way_back(
    machine: Machine,
) -> None:
    first = machine.publish(1)
    assert machine.current().build.folder == first / "build"
    second = machine.publish(2)
    assert machine.current().build.folder == second / "build"
    with machine.published.locked(print):
        machine.published.back()

    assert (machine.shown(), machine.current().build.folder) == (1, first / "build")
    assert {build.folder.parent for build in machine.current().kept} == {first, second}


def test_a_version_whose_site_is_that_of_the_one_before_is_another_all_the_same(machine: Machine) -> None:
    first = machine.publish(1)
    shown = machine.current()
    second = machine.publish(1, schedule="[]")

    assert (second / "build/site.json").samefile(first / "build/site.json")
    assert machine.current().build.folder == second / "build"
    assert machine.current().version != shown.version


def test_a_published_build_is_as_old_as_what_publishing_last_found_to_be_the_newest(machine: Machine) -> None:
    build = Build(machine.home / "published/build", PUBLIC)
    version = machine.publish(1)
    for folder in (version, version / "build"):
        os.utime(folder, (7, 7))
    assert build.last_made() == datetime.fromtimestamp(7, UTC)

    before = datetime.now(UTC) - timedelta(seconds=2)  # clocks of files are coarse
    assert machine.publish(1) == version
    assert build.last_made() > before


@pytest.mark.parametrize(("url", "sample"), [(WRONG, False), (PUBLIC, True)])
def test_a_version_that_the_public_must_not_see_leaves_the_last_good_one(
    machine: Machine, caplog: pytest.LogCaptureFixture, url: str, sample: bool
) -> None:
    good = machine.publish(1)
    machine.shown()
    bad = machine.publish(2, url=url, sample=sample)

    assert [machine.shown() for _ in range(3)] == [1, 1, 1]
    assert machine.current().build.folder == good / "build"
    (line,) = caplog.messages
    assert line.startswith(f"the build before this one still serves: {bad}/build/site.json was built ")
    machine.publish(3)
    assert machine.shown() == 3


def test_a_start_shows_the_newest_version_that_the_public_may_see(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    machine.publish(1)
    good = machine.publish(2)
    bad = machine.publish(3, url=WRONG)

    machine.current = machine.started()
    assert [machine.shown(), machine.shown()] == [2, 2]
    assert caplog.messages == [
        (
            f"{good}/build serves instead: {bad}/build/site.json was built for {WRONG}, and REGISTER_SITE is {PUBLIC}; "
            f"publish it for that address: SITEURL={PUBLIC} make publish"
        )
    ]
    machine.publish(4)
    assert machine.shown() == 4


def test_a_start_without_any_version_that_the_public_may_see_says_what_is_wrong_with_the_newest(
    machine: Machine,
) -> None:
    with pytest.raises(ConfigError) as nothing:
        machine.shown()
    assert (
        str(nothing.value) == f"{machine.home}/published/build/site.json is not there; run make publish first"
    )

    bad = machine.publish(1, sample=True)
    with pytest.raises(ConfigError) as sample:
        machine.shown()
    assert str(sample.value).startswith(f"{bad}/build/site.json was built with SAMPLE_CONTENT on; ")
    machine.publish(2)
    assert machine.shown() == 2


def test_without_the_link_a_start_shows_the_newest_version_that_is_there(machine: Machine) -> None:
    machine.publish(1)
    machine.publish(2)
    (machine.home / "published").unlink()

    machine.current = machine.started()

    assert machine.shown() == 2


@pytest.mark.parametrize("lost", ["published", ".published"])
def test_a_tree_that_somebody_deletes_is_told_once_and_what_was_shown_still_is(
    machine: Machine, caplog: pytest.LogCaptureFixture, lost: str
) -> None:
    machine.publish(1)
    machine.shown()
    path = machine.home / lost
    path.unlink() if path.is_symlink() else shutil.rmtree(path)

    assert [machine.shown() for _ in range(3)] == [1, 1, 1]
    assert caplog.messages == [
        f"{machine.home}/published/build is gone, and what it was still serves; run make publish"
    ]
    machine.publish(2)
    assert machine.shown() == 2
    assert len(caplog.records) == 1
    assert caplog.records[0].levelno == logging.ERROR


def test_whoever_tries_the_site_out_is_shown_any_build_and_no_other_version(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.publish(1)
    machine.publish(2, url=WRONG, sample=True)
    current = Current(Build(tmp_path / "published/build"))

    assert current().site.retention_days == 2
