# SPDX-License-Identifier: AGPL-3.0-or-later
"""All calendars of a schedule, put together from events serialized once, beside the plain way."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from icalendar import Calendar

from benchmarks import content
from benchmarks.processes import Run, run
from benchmarks.progress import say
from benchmarks.site import CACHE
from benchmarks.tables import Row, Table, at_least, at_most
from plugins.calendar_feeds import feeds, write_calendars
from plugins.trainings.catalogues import read_catalogues
from plugins.trainings.memo import Memo
from plugins.trainings.notes import renderer_of
from plugins.trainings.output import Output
from plugins.trainings.reader import read_content
from plugins.trainings.revisions import Revisions
from plugins.trainings.settings import read_settings
from plugins.trainings.settings_file import load_settings
from schedule.addresses import Addresses
from schedule.feeds import TIMEZONE, bare_calendar, calendar_header
from schedule.invitations import event
from schedule.model import LANGUAGES, Language, Schedule
from schedule.site import Catalogue

ROUNDS = {1000: 3, 5000: 2}
"""Sessions of a schedule, and how often everything is measured with so many; the first one is also built as a site."""

FILTERED = "calendar/filtered/"
SITE = "https://trainings.example.org"


@dataclass(frozen=True, slots=True)
class Read:
    """What calendars are made from."""

    schedule: Schedule
    catalogues: dict[Language, Catalogue]
    now: datetime


def read(folder: Path, count: int) -> Read:
    """Write so many sessions into a folder, and read them as a build does."""
    file, _ = content.site(folder, count)
    settings, memo = read_settings(load_settings(file)), Memo()
    no_history = Revisions(settings.content, None, frozenset())
    notes = renderer_of(settings, memo)
    found = read_content(settings.content, settings.zone, no_history, memo, notes, settings.now)
    return Read(found.schedule, read_catalogues(settings.theme, Memo()), settings.now)


def plain(given: Read) -> dict[str, bytes]:
    """Build the feeds by icalendar and `to_ical()`, as one would who had not measured it; not the filtered ones."""
    made = {}
    timezone = Calendar.from_ical(b"BEGIN:VCALENDAR\r\n" + TIMEZONE + b"END:VCALENDAR\r\n").subcomponents[0]
    for language in LANGUAGES:
        gettext, addresses = given.catalogues[language].gettext, Addresses(SITE, language)
        for one in feeds(given.schedule, addresses, gettext, given.now):
            header = calendar_header(one.name, SITE + one.url, SITE + one.page, language)
            calendar = Calendar.from_ical(header + b"END:VCALENDAR\r\n")
            calendar.add_component(timezone)
            for session in one.sessions:
                calendar.add_component(event(session, language, SITE, gettext))
            made[addresses.file(one.url)] = calendar.to_ical()
        for session in given.schedule.sessions:
            calendar = bare_calendar(language)
            calendar.add_component(timezone)
            calendar.add_component(event(session, language, SITE, gettext))
            made[addresses.file(addresses.session_calendar(session.id))] = calendar.to_ical()
    return made


def ours(given: Read, folder: Path) -> dict[str, bytes]:
    """Write the calendars as a build does."""
    files, memo = Output(folder, Memo()), Memo()
    for language in LANGUAGES:
        gettext, addresses = given.catalogues[language].gettext, Addresses(SITE, language)
        write_calendars(given.schedule, addresses, gettext, given.now, files, memo)
    return {path: (folder / path).read_bytes() for path in files.paths}


def both_ways(count: int, rounds: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the seconds of ours and of the plain way, round by round; the feeds of both are the same."""
    fast, slow = [], []
    with content.workplace() as folder:
        given = read(folder, count)
        for number in range(rounds):
            say(f"calendars: {count:,} sessions, round {number + 1} of {rounds}")
            start = time.perf_counter()
            made = ours(given, folder / f"calendars-{number}")
            middle = time.perf_counter()
            expected = plain(given)
            slow.append(time.perf_counter() - middle)
            fast.append(middle - start)
            assert {path: data for path, data in made.items() if FILTERED not in path} == expected
    return tuple(fast), tuple(slow)


def builds(count: int, rounds: int) -> list[tuple[Run, Run]]:
    """Return cold builds without calendars, and with them, in turn."""
    pairs = []
    with content.workplace() as folder:
        without, whole = (content.site(folder / name, count)[0] for name in ("without", "whole"))
        with without.open("a") as file:
            file.write('PLUGINS.remove("plugins.calendar_feeds")\n')
        for number in range(rounds):
            say(f"calendars: building {count:,} sessions, round {number + 1} of {rounds}")
            pairs.append((cold(without), cold(whole)))
    return pairs


def cold(settings: Path) -> Run:
    """Build with nothing kept."""
    shutil.rmtree(settings.with_name(CACHE), ignore_errors=True)
    return run(("-m", "plugins.build", "-s", str(settings)))


def tables(rounds: Mapping[int, int] = ROUNDS) -> Iterator[Table]:
    """Yield what calendars cost, and what a build would cost without them."""
    rows = [
        Row(f"{count:,} sessions", "s", *both_ways(count, times), at_most(0.25))
        for count, times in rounds.items()
    ]
    count = next(iter(rounds))
    pairs = builds(count, rounds[count])
    built = Row(
        f"a build of {count:,} without, beside with",
        "s",
        tuple(without.wall for without, _ in pairs),
        tuple(whole.wall for _, whole in pairs),
        at_least(0.6),
        tuple(without.cpu / whole.cpu for without, whole in pairs),
    )
    yield Table(
        "Calendars of all sessions, written in both languages, beside icalendar's plain way: the same bytes",
        "plain",
        (*rows, built),
        ("Ours are more: the plain way leaves out the filtered feeds.",),
    )
