# SPDX-License-Identifier: AGPL-3.0-or-later
"""Publishing from the command line: whole or not at all, whatever happens to it on the way."""

from __future__ import annotations

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

    def everything(self) -> dict[str, bytes]:
        """Return all that the tree holds."""
        files = ((self.root / ".published").rglob("*"), (self.root / "published").rglob("*"))
        return {str(file): file.read_bytes() for some in files for file in some if file.is_file()}


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
    publisher.site.content.session("a", Capacity="30")

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
    with publisher.publishing() as killed:
        assert killed.stdout.readline() == "all but linked\n"
        publisher.site.write("pelicanconf.py", settings)
        publisher.site.content.session("a", Capacity="30")
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
