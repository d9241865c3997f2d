# SPDX-License-Identifier: AGPL-3.0-or-later
"""All calendars of a schedule, put together from events serialized once, beside the plain way."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from zoneinfo import ZoneInfo

from icalendar import Calendar

from benchmarks import content
from plugins import calendar_feeds
from plugins.calendar_feeds import feeds, write_calendars
from plugins.trainings.catalogues import Catalogue, read_catalogues
from plugins.trainings.markup import Renderer
from plugins.trainings.memo import Memo
from plugins.trainings.notes import NoteRenderer
from plugins.trainings.output import Output
from plugins.trainings.reader import read_content
from plugins.trainings.revisions import Revisions
from schedule.addresses import Addresses
from schedule.feeds import TIMEZONE, bare_calendar, calendar_header
from schedule.invitations import event
from schedule.model import LANGUAGES, Language, Schedule
from schedule.walltime import midnight

SITE = "https://trainings.example.org"
RUNS = 3


FILTERED = "calendar/filtered/"


def plain(schedule: Schedule, catalogues: dict[Language, Catalogue], now: object) -> dict[str, bytes]:
    """Build the feeds by icalendar and `to_ical()`, as one would who had not measured it; not the filtered ones."""
    made = {}
    timezone = Calendar.from_ical(b"BEGIN:VCALENDAR\r\n" + TIMEZONE + b"END:VCALENDAR\r\n").subcomponents[0]
    for language in LANGUAGES:
        gettext, addresses = catalogues[language].gettext, Addresses(SITE, language)
        for one in feeds(schedule, addresses, gettext, now):
            header = calendar_header(one.name, SITE + one.url, SITE + one.page, language)
            calendar = Calendar.from_ical(header + b"END:VCALENDAR\r\n")
            calendar.add_component(timezone)
            for session in one.sessions:
                calendar.add_component(event(session, language, SITE, gettext))
            made[addresses.file(one.url)] = calendar.to_ical()
        for session in schedule.sessions:
            calendar = bare_calendar(language)
            calendar.add_component(timezone)
            calendar.add_component(event(session, language, SITE, gettext))
            made[addresses.file(addresses.session_calendar(session.id))] = calendar.to_ical()
    return made


def ours(
    schedule: Schedule, catalogues: dict[Language, Catalogue], now: object, folder: Path
) -> dict[str, bytes]:
    """Write the calendars as a build does."""
    files, memo = Output(folder, Memo()), Memo()
    for language in LANGUAGES:
        write_calendars(schedule, Addresses(SITE, language), catalogues[language].gettext, now, files, memo)
    return {path: (folder / path).read_bytes() for path in files.paths}


def measure(count: int) -> tuple[float, float, bool]:
    """Return the median seconds of both ways for `count` sessions, and whether their feeds are equal."""
    zone = ZoneInfo("America/Los_Angeles")
    with tempfile.TemporaryDirectory() as name:
        content.site(Path(name), count)
        folder = Path(name) / "content"
        notes = NoteRenderer(Renderer(Memo(), {}), SITE)
        schedule = read_content(folder, zone, Revisions(folder, None, frozenset()), Memo(), notes).schedule
        catalogues = read_catalogues(content.ROOT / "theme", Memo())
        now = midnight(content.date.fromisoformat(content.BUILD_DATE), zone)
        slow, fast, equal = [], [], True
        for number in range(RUNS):
            start = time.perf_counter()
            one = plain(schedule, catalogues, now)
            middle = time.perf_counter()
            other = ours(schedule, catalogues, now, Path(name) / f"out{number}")
            slow.append(middle - start)
            fast.append(time.perf_counter() - middle)
            equal = equal and one == {path: other[path] for path in other if FILTERED not in path}
    return statistics.median(slow), statistics.median(fast), equal


def filtered_seconds(count: int) -> tuple[float, float, int, int]:
    """Return the median seconds of all calendars, and without the filtered feeds; the number and bytes of these."""
    zone = ZoneInfo("America/Los_Angeles")
    every = calendar_feeds.filtered_feeds
    seconds: dict[bool, list[float]] = {True: [], False: []}
    with tempfile.TemporaryDirectory() as name:
        content.site(Path(name), count)
        folder = Path(name) / "content"
        notes = NoteRenderer(Renderer(Memo(), {}), SITE)
        schedule = read_content(folder, zone, Revisions(folder, None, frozenset()), Memo(), notes).schedule
        catalogues = read_catalogues(content.ROOT / "theme", Memo())
        now = midnight(content.date.fromisoformat(content.BUILD_DATE), zone)
        made: dict[str, bytes] = {}
        for number in range(2 * RUNS):
            whole = number % 2 == 0
            calendar_feeds.filtered_feeds = every if whole else lambda *_: iter(())
            start = time.perf_counter()
            files = ours(schedule, catalogues, now, Path(name) / f"out{number}")
            seconds[whole].append(time.perf_counter() - start)
            made |= {path: data for path, data in files.items() if FILTERED in path}
    calendar_feeds.filtered_feeds = every
    whole, without = (statistics.median(seconds[one]) for one in (True, False))
    return whole, without, len(made), sum(map(len, made.values()))


def build_seconds(count: int, *, calendars: bool) -> float:
    """Return the seconds of a whole build in a process of its own, with or without the calendars."""
    with tempfile.TemporaryDirectory() as name:
        settings, _ = content.site(Path(name), count)
        if not calendars:
            text = settings.read_text()
            settings.write_text(f'{text}PLUGINS.remove("plugins.calendar_feeds")\n')
        seconds = []
        for _ in range(RUNS):
            start = time.perf_counter()
            command = [sys.executable, "-m", "plugins.build", "-s", str(settings)]
            subprocess.run(command, cwd=content.ROOT, check=True, capture_output=True)
            seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def main() -> None:
    """Print the table."""
    print(
        "All feeds and session files in both languages, ours written to disk, beside icalendar's plain way; medians"
    )
    print("(The plain way leaves out the filtered feeds, which ours has: below.)")
    print(f"{'sessions':>8} {'plain s':>8} {'ours s':>8} {'ratio':>6}  feeds byte-identical")
    times = {}
    for count in (1000, 5000, 10_000):
        slow, fast, equal = measure(count)
        times[count] = fast
        print(f"{count:>8} {slow:>8.2f} {fast:>8.2f} {fast / slow:>6.2f}  {equal}", flush=True)
    print(f"wanted at 5,000: at most 0.25; 10,000 cost {times[10_000] / times[5000]:.2f} times 5,000")
    for count in (1000, 5000):
        whole, without, number, size = filtered_seconds(count)
        print(
            f"The filtered feeds of {count:,} sessions, {number} with {size / 1e6:.1f} MB: {whole - without:.2f} s "
            f"of the {whole:.2f} s of all calendars"
        )
    whole, without = build_seconds(5000, calendars=True), build_seconds(5000, calendars=False)
    print(
        f"A whole build of 5,000: {whole:.2f} s, without calendars {without:.2f} s: "
        f"they take {(whole - without) / whole:.0%} (wanted: at most 40 %)\n"
    )


if __name__ == "__main__":
    main()
