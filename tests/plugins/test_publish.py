# SPDX-License-Identifier: AGPL-3.0-or-later
"""Publishing from the command line: whole or not at all, whatever happens to it on the way."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from plugins.publish import main
from tests.support.constants import ROOT
from tests.support.small_site import SmallSite

HALT = """
import sys
from plugins.trainings import signals
def halt(_):
    print("all but linked", flush=True)
    sys.stdin.readline()
signals.site_written.connect(halt)
"""
"""Settings of a site whose build says when it has written everything, and goes on when it is told to."""


class Publisher:
    """Somebody who publishes a small site from the command line."""

    def __init__(self, root: Path) -> None:
        self.site = SmallSite(root)
        self.root = root
        self._options = ["--settings", f"{root}/pelicanconf.py", "--published", f"{root}/published"]
        self._options += ["--cache", f"{root}/kept"]

    def publish(self, *more: str) -> int:
        """Publish, or do what options say; return the exit status."""
        return main([*self._options, *more])

    @contextmanager
    def publishing(self, limits: str = "true") -> Iterator[subprocess.Popen[str]]:
        """Begin to publish in a process of its own, under limits as of `ulimit`; what is not over at the end is killed."""
        command = ["sh", "-c", f'{limits}; exec "$@"', "sh"]
        command += [sys.executable, "-m", "plugins.publish", *self._options]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as process:
            try:
                yield process
            finally:
                process.kill()

    def page(self) -> str:
        """Return what everybody reads of the first session."""
        return (self.root / "published/site/schedule/a/index.html").read_text().rstrip()

    def version(self) -> Path:
        """Return the version that is linked."""
        return (self.root / "published").resolve()

    def cold(self) -> dict[str, bytes]:
        """Return what a version would hold that is published with nothing kept and nothing before it."""
        link = self.root / "cold/published"
        link.parent.mkdir()
        assert main([*self._options[:2], "--published", str(link)]) == 0
        return contents(link)

    def everything(self) -> dict[str, bytes]:
        """Return all that the tree holds."""
        files = ((self.root / ".published").rglob("*"), (self.root / "published").rglob("*"))
        return {str(file): file.read_bytes() for some in files for file in some if file.is_file()}


def contents(version: Path) -> dict[str, bytes]:
    """Return the files of a version."""
    files = [file for folder in ("site", "build") for file in (version / folder).rglob("*") if file.is_file()]
    return {file.relative_to(version).as_posix(): file.read_bytes() for file in files}


def states(version: Path) -> dict[str, tuple[int, int, int]]:
    """Return what tells whether a version has been changed: of all in it, number, time and mode."""
    found = {str(path): path.lstat() for path in version.rglob("*")}
    return {path: (state.st_ino, state.st_mtime_ns, state.st_mode) for path, state in found.items()}


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    return Publisher(tmp_path)


def test_the_command_publishes_and_goes_back(
    publisher: Publisher, capsys: pytest.CaptureFixture[str]
) -> None:
    link = publisher.root / "published"
    assert publisher.publish() == 0
    version, files = link.resolve(), [file for file in link.glob("site/**/*") if file.is_file()]
    assert capsys.readouterr() == (f"{link}: {len(files)} files\n", "")
    publisher.site.content.session("a", Capacity="30")
    assert publisher.publish() == 0
    assert publisher.page().endswith(": 30")
    capsys.readouterr()

    assert publisher.publish("--back") == 0
    assert capsys.readouterr() == (
        f"{link}: {version.name} again; run register sync, so that sign-ups follow\n",
        "",
    )
    assert publisher.page().endswith(": 20")

    assert publisher.publish("--back") == 1
    said = capsys.readouterr()
    assert (said.out, said.err[: len(f"error: {link}")]) == ("", f"error: {link}")
    assert not (publisher.root / "output").exists()
    assert not (publisher.root / "build").exists()


def test_a_content_error_leaves_everything_as_it_was(
    publisher: Publisher, capsys: pytest.CaptureFixture[str]
) -> None:
    publisher.publish()
    before = publisher.everything()
    publisher.site.content.session("a", Capacity="0")
    capsys.readouterr()

    assert publisher.publish() == 1

    assert capsys.readouterr() == (
        "",
        'content/sessions/a.md:5: Capacity: 0 is less than 1 (as in "Capacity: 20")\n',
    )
    assert publisher.everything() == before


def test_another_address_than_before_is_warned_of(
    publisher: Publisher, capsys: pytest.CaptureFixture[str]
) -> None:
    publisher.publish()
    settings = (publisher.root / "pelicanconf.py").read_text()
    publisher.site.write("pelicanconf.py", settings + '\nSITEURL = "https://new.example.org"\n')
    capsys.readouterr()

    assert publisher.publish() == 0

    assert capsys.readouterr().err == (
        f"warning: {publisher.root}/published was built for https://trainings.example.org before, and is for "
        "https://new.example.org now\n"
    )


def test_a_full_disk_leaves_everything_as_it_was_and_says_what_to_do(publisher: Publisher) -> None:
    """A limit to the length of files, which any account may set for itself, stops a build where a full disk would."""
    publisher.publish()
    before = publisher.everything()
    publisher.site.write("theme/templates/session.html", "a long page " * 1000)

    with publisher.publishing(limits="ulimit -f 1") as process:
        said = process.communicate(timeout=60)

    assert (process.returncode, *said) == (
        1,
        "",
        "error: the disk is full (File too large); make room, and do it again: until then the site before stays\n",
    )
    assert publisher.everything() == before


def test_whoever_is_killed_leaves_the_old_site_and_whoever_waits_goes_on(publisher: Publisher) -> None:
    publisher.publish()
    before = publisher.everything()
    settings = (publisher.root / "pelicanconf.py").read_text()
    publisher.site.write("pelicanconf.py", settings + HALT)
    publisher.site.content.session("a", Capacity="30")
    with publisher.publishing() as killed:
        assert killed.stdout.readline() == "all but linked\n"
        publisher.site.write("pelicanconf.py", settings)
        with publisher.publishing() as waits:
            assert waits.stderr.readline() == "somebody else is publishing; this waits until they are done\n"
            there = publisher.everything()
            assert {path: data for path, data in there.items() if "/.new/" not in path} == before
            assert there != before
            killed.send_signal(signal.SIGKILL)
            said = waits.communicate(timeout=60)

    assert (waits.returncode, said[1]) == (0, "")
    assert publisher.page().endswith(": 30")
    assert not (publisher.root / ".published/.new").exists()


def test_an_address_that_leads_nobody_to_the_site_is_told_and_so_is_a_way_back_to_it(
    publisher: Publisher, capsys: pytest.CaptureFixture[str]
) -> None:
    link, public = publisher.root / "published", "https://trainings.example.org"
    settings = (publisher.root / "pelicanconf.py").read_text()
    local = "http://localhost:8000"
    here = (
        f"warning: {local} leads to this machine alone; for the public, give its address: SITEURL=https://…\n"
    )

    publisher.site.write("pelicanconf.py", f'{settings}\nSITEURL = "{local}"\n')
    assert publisher.publish() == 0
    assert capsys.readouterr().err == here

    publisher.site.write("pelicanconf.py", settings)
    assert publisher.publish() == 0
    assert (
        capsys.readouterr().err == f"warning: {link} was built for {local} before, and is for {public} now\n"
    )

    assert publisher.publish("--back") == 0
    assert capsys.readouterr().err == (
        f"warning: {link} was built for {public} before, and is for {local} now\n{here}"
    )


def test_where_nothing_is_new_no_version_is_made_and_warnings_are_said_again(
    publisher: Publisher, capsys: pytest.CaptureFixture[str]
) -> None:
    publisher.site.content.session("early", Start="2026-11-01 01:30")
    assert publisher.publish() == 0
    first, said = publisher.version(), capsys.readouterr()
    before = states(first)
    assert "comes twice that night" in said.err

    for _ in range(2):
        os.utime(first, (7, 7))
        assert publisher.publish() == 0
        assert first.stat().st_mtime > 7
        again = capsys.readouterr()
        assert again.out == said.out.replace("\n", f", nothing new; {first.name} stays\n")
        assert (again.err, publisher.version(), states(first)) == (said.err, first, before)
    assert [path.name for path in (publisher.root / ".published").glob("[!.]*")] == [first.name]


def test_what_is_published_next_is_what_would_be_made_from_nothing_and_leaves_the_version_before(
    publisher: Publisher,
) -> None:
    publisher.publish()
    first = publisher.version()
    before, untouched = states(first), "site/schedule/b/index.html"
    publisher.site.content.session("a", Capacity="30")

    assert publisher.publish() == 0

    second = publisher.version()
    assert second != first
    assert (contents(second), states(first)) == (publisher.cold(), before)
    assert (second / untouched).samefile(first / untouched)
    assert publisher.page().endswith(": 30")


def test_another_day_with_the_same_pages_makes_no_version_and_the_site_is_young_again(
    publisher: Publisher, capsys: pytest.CaptureFixture[str]
) -> None:
    publisher.publish()
    first = publisher.version()
    os.utime(first, (7, 7))
    settings = (publisher.root / "pelicanconf.py").read_text()
    publisher.site.write("pelicanconf.py", settings.replace("2026-11-30", "2026-12-01"))
    capsys.readouterr()

    assert publisher.publish() == 0

    assert capsys.readouterr().out.endswith(f" files, nothing new; {first.name} stays\n")
    assert publisher.version() == first
    assert first.stat().st_mtime > 7


def test_after_a_rollback_publishing_links_the_newest_anew(publisher: Publisher) -> None:
    publisher.publish()
    first = publisher.version()
    publisher.site.content.session("a", Capacity="30")
    publisher.publish()
    second = publisher.version()
    wanted = contents(second)
    publisher.publish("--back")
    assert publisher.version() == first

    assert publisher.publish() == 0

    third = publisher.version()
    assert third not in {first, second}
    assert contents(third) == wanted
    publisher.publish("--back")
    assert publisher.version() == first


@pytest.mark.parametrize("lost", ["published", ".published", "kept", "kept/memo", "kept/state"])
def test_whatever_is_deleted_by_hand_the_same_is_published(publisher: Publisher, lost: str) -> None:
    publisher.publish()
    wanted = contents(publisher.version())
    path = publisher.root / lost
    path.rename(publisher.root / "lost")

    assert publisher.publish() == 0
    assert contents(publisher.version()) == wanted
    assert publisher.publish() == 0
    assert contents(publisher.version()) == wanted


@pytest.mark.parametrize("name", ["site/schedule/a/index.html", "build/schedule.json"])
def test_what_is_damaged_in_the_linked_version_is_whole_in_the_next_one(
    publisher: Publisher, name: str
) -> None:
    publisher.publish()
    first = publisher.version()
    wanted = contents(first)
    (first / name).unlink()

    assert publisher.publish() == 0
    assert publisher.version() != first
    assert contents(publisher.version()) == wanted


def test_where_there_are_no_hard_links_the_same_is_published(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on exFAT, or on a disk that takes no more of them, neither of which a test has at hand."""
    publisher.publish()
    first = publisher.version()
    times = {path.relative_to(first): path.stat().st_mtime_ns for path in first.rglob("*.html")}
    publisher.site.content.session("a", Capacity="30")

    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    assert publisher.publish() == 0

    second = publisher.version()
    assert contents(second) == publisher.cold()
    assert {path for path, time in times.items() if (second / path).stat().st_mtime_ns != time} == {
        Path("site/schedule/a/index.html"),
        Path("site/es/schedule/a/index.html"),
    }
    assert publisher.publish() == 0
    assert publisher.version() == second


def test_what_cannot_be_linked_does_not_make_the_next_one_wrong(publisher: Publisher) -> None:
    publisher.publish()
    wanted, link = contents(publisher.version()), publisher.root / "published"
    link.unlink()
    link.mkdir()  # a folder, where the link is to be
    assert publisher.publish() == 1
    link.rmdir()

    assert publisher.publish() == 0
    assert contents(publisher.version()) == wanted
