# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real subscription: vdirsyncer fetches a feed over HTTP, and khal lists what it then shows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROGRAMS = Path(sys.executable).parent

VDIRSYNCER = """\
[general]
status_path = "{folder}/status/"
[pair trainings]
a = "feed"
b = "copy"
collections = null
conflict_resolution = "a wins"
[storage feed]
type = "http"
url = "{url}"
[storage copy]
type = "filesystem"
path = "{folder}/copy/"
fileext = ".ics"
"""
KHAL = """\
[calendars]
[[trainings]]
path = {folder}/copy/
[sqlite]
path = {folder}/khal.db
[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
"""


class Subscriber:
    """Somebody's calendar, subscribed to the feed at a URL; khal's clock is UTC, so that it lists instants."""

    def __init__(self, folder: Path, url: str) -> None:
        self.environment = {
            **os.environ,
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
            "XDG_DATA_HOME": str(folder),
            "XDG_CACHE_HOME": str(folder),
            "VDIRSYNCER_CONFIG": str(folder / "vdirsyncer.conf"),
            "LC_ALL": "C.UTF-8",
        }
        self.khal = folder / "khal.conf"
        self.khal.write_text(KHAL.format(folder=folder))
        (folder / "vdirsyncer.conf").write_text(VDIRSYNCER.format(folder=folder, url=url))
        (folder / "copy").mkdir()
        self._run("vdirsyncer", "discover")

    def sees(self) -> list[str]:
        """Return what khal lists from September 2026 on, once the feed has been fetched as it is now."""
        self._run("vdirsyncer", "sync")
        shown = "{start} / {end} / {title} / {status}"
        listed = self._run(
            *("khal", "-c", str(self.khal), "list", "--once", "--day-format", "", "--format", shown),
            *("2026-09-01", "2027-03-31"),
        )
        return [" ".join(line.split()) for line in listed.splitlines() if line]

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [str(PROGRAMS / program), *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout
