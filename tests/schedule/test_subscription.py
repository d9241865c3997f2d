# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real subscription: vdirsyncer fetches the feed over HTTP, and khal lists what it then shows."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.calendars import Site, in_feed, served
from tests.support.schedules import all_day, cancelled, revised, session, timed

PROGRAMS = Path(sys.executable).parent
FEED = "/calendar/all.ics"

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
    """Somebody's calendar, subscribed to a feed; khal's clock is UTC, so that it lists instants."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.site = site
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
        (folder / "vdirsyncer.conf").write_text(VDIRSYNCER.format(folder=folder, url=site.url + FEED))
        (folder / "copy").mkdir()
        self.site.calendars[FEED] = in_feed()
        self._run("vdirsyncer", "discover")

    def sees(self, feed: bytes) -> list[str]:
        """Return what khal lists from September 2026 on, once the feed is this and has been fetched."""
        self.site.calendars[FEED] = feed
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


@pytest.fixture
def subscriber(tmp_path: Path) -> Iterator[Subscriber]:
    with served() as site:
        yield Subscriber(tmp_path, site)


def test_a_subscriber_sees_exactly_the_sessions_through_a_move_a_cancellation_and_a_removal(
    subscriber: Subscriber,
) -> None:
    night = session("night", timed("2026-11-01 00:30", "2026-11-01 03:00"))
    late = session("late", timed("2026-12-08 15:00", "2026-12-08 17:30"))
    fair = session("fair", all_day("2026-12-10", "2026-12-11"))
    moved = revised(late, period=timed("2027-01-12 09:00", "2027-01-12 10:00"))
    stopped = cancelled(moved)
    title = "MSIX overview"

    first = f"2026-11-01 07:30 / 2026-11-01 11:00 / {title} / CONFIRMED"
    days = f"2026-12-10 / 2026-12-11 / {title} / CONFIRMED"
    assert subscriber.sees(in_feed(night, late, fair)) == [
        first,
        f"2026-12-08 23:00 / 2026-12-09 01:30 / {title} / CONFIRMED",
        days,
    ]
    assert subscriber.sees(in_feed(night, fair, moved)) == [
        first,
        days,
        f"2027-01-12 17:00 / 2027-01-12 18:00 / {title} / CONFIRMED",
    ]
    assert subscriber.sees(in_feed(night, fair, stopped)) == [
        first,
        days,
        f"2027-01-12 17:00 / 2027-01-12 18:00 / Canceled: {title} / CANCELLED",
    ]
    assert subscriber.sees(in_feed(night, fair)) == [first, days]


def test_a_subscriber_sees_a_weekly_series_as_exactly_its_four_sessions(subscriber: Subscriber) -> None:
    starts = ("2026-10-21 09", "2026-10-28 09", "2026-11-04 14", "2026-11-18 09")
    series = [session(f"cafe-{start[:10]}", timed(f"{start}:00", f"{start}:45")) for start in starts]

    assert [line.split(" / ")[0] for line in subscriber.sees(in_feed(*series))] == [
        "2026-10-21 16:00",
        "2026-10-28 16:00",
        "2026-11-04 22:00",
        "2026-11-18 17:00",
    ]
