# SPDX-License-Identifier: AGPL-3.0-or-later
"""All calendars of a site are checked together, and nothing is overlooked in a part that has passed elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins import calendar_checks, calendar_rules
from plugins.calendar_checks import CalendarChecks, CalendarRecord
from plugins.calendar_lines import Fault
from plugins.calendar_rules import CalendarKind, Place, lint
from schedule.feeds import TIMEZONE, calendar_header, feed, file_header, session_file
from schedule.invitations import event_bytes
from schedule.model import Language
from tests.support.calendars import PAGE_URL, english
from tests.support.constants import BUILD_DATE, ROOT, SITE_URL
from tests.support.schedules import all_day, cancelled, session, timed

SESSIONS = (
    session("a"),
    session("b", timed("2026-12-05 10:00", "2026-12-05 11:00")),
    cancelled(session("c", timed("2026-12-06 10:00", "2026-12-06 11:00"))),
    session("d", all_day("2026-12-10", "2026-12-11")),
)
EVENTS = [event_bytes(one, Language.ENGLISH, SITE_URL, english) for one in SESSIONS]
HEAD = file_header(Language.ENGLISH)


def calendar(path: str, *events: bytes) -> bytes:
    return feed(calendar_header(path, f"{SITE_URL}/{path}", PAGE_URL, Language.ENGLISH), events)


FILES = {
    "calendar/all.ics": calendar("calendar/all.ics", *EVENTS),
    "calendar/languages/es.ics": calendar("calendar/languages/es.ics"),
    "calendar/trainings/x.ics": calendar("calendar/trainings/x.ics", *EVENTS[1:]),
    **{
        f"schedule/{one.id}/session.ics": session_file(HEAD, event)
        for one, event in zip(SESSIONS, EVENTS, strict=True)
    },
}


def together(files: dict[str, bytes], known: Iterable[CalendarRecord] = ()) -> list[str]:
    """Return what is wrong with calendars that are looked at one after the other, with what is known before."""
    checks = CalendarChecks()
    for record in known:
        checks.learn(record)
    return [
        f"{path}:{line}: {text}"
        for path, data in sorted(files.items())
        for line, text in checks.look(path, data).faults
    ]


def records() -> list[CalendarRecord]:
    """Return what good calendars of one event each have told."""
    checks = CalendarChecks()
    return [checks.look(path, data) for path, data in FILES.items() if path.endswith("session.ics")]


def one_by_one(files: dict[str, bytes]) -> list[str]:
    """Return what is wrong with calendars, each read whole."""
    kinds = {path: CalendarKind.FILE if "session" in path else CalendarKind.FEED for path in files}
    return [
        f"{path}:{line}: {text}"
        for path, data in sorted(files.items())
        for line, text in lint(data, kinds[path])
    ]


def test_a_site_without_faults_passes() -> None:
    assert together(FILES) == []


@pytest.mark.parametrize(
    ("path", "old", "new", "place", "told"),
    [
        (
            "calendar/all.ics",
            b"UID:c@msix-trainings\r\n",
            b"",
            EVENTS[2].partition(b"UID")[0],
            "VEVENT has no UID",
        ),
        ("calendar/trainings/x.ics", b"VERSION:2.0", b"VERSION:3.0", b"VERSION", "VERSION is 3.0, not 2.0"),
        (
            "schedule/b/session.ics",
            b"SEQUENCE:3",
            b"SEQUENCE:three",
            b"SEQUENCE",
            "SEQUENCE is no number",
        ),
    ],
)
def test_a_fault_is_told_with_its_file_and_line(
    path: str, old: bytes, new: bytes, place: bytes, told: str
) -> None:
    assert old in FILES[path]
    broken = FILES[path].replace(old, new)
    line = broken[: broken.index(place)].count(b"\r\n") + 1

    assert together({**FILES, path: broken}) == [f"{path}:{line}: {told}"]


FEED = "calendar/trainings/x.ics"
FILE = "schedule/b/session.ics"
MOVED = event_bytes(
    session("b", timed("2026-12-07 10:00", "2026-12-07 11:00")), Language.ENGLISH, SITE_URL, english
)
END = b"END:VCALENDAR\r\n"
NO_ZONE = calendar(FEED).replace(TIMEZONE, b"").removesuffix(END)
ELSEWHERE = TIMEZONE.replace(b"TZID:America/Los_Angeles", b"TZID:America/Denver")
VERSION = b"VERSION:2.0\r\n"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        pytest.param(
            {FEED: calendar(FEED, EVENTS[2], EVENTS[1])},
            "starts before the event above it, or has the lesser UID",
            id="two good events out of their order",
        ),
        pytest.param(
            {FEED: calendar(FEED, EVENTS[1], EVENTS[1])},
            "UID b@msix-trainings stands again",
            id="a good event twice",
        ),
        pytest.param(
            {"calendar/a.ics": calendar("a", MOVED), FEED: calendar(FEED, EVENTS[1], MOVED)},
            "UID b@msix-trainings stands again",
            id="two good events with one UID",
        ),
        pytest.param(
            {FILE: feed(HEAD, EVENTS[:2])}, "has 2 VEVENTs, not 1", id="a file with two good events"
        ),
        pytest.param({FILE: feed(HEAD, ())}, "has 0 VEVENTs, not 1", id="a file without event"),
        pytest.param(
            {FILE: calendar("calendar/all.ics", EVENTS[1])},
            "VCALENDAR must not have NAME",
            id="a feed where a file should be",
        ),
        pytest.param({FEED: FILES[FILE]}, "VCALENDAR has no NAME", id="a file where a feed should be"),
        pytest.param(
            {
                "schedule/a/session.ics": FILES["schedule/d/session.ics"].replace(TIMEZONE, b""),
                FILE: FILES[FILE].replace(TIMEZONE, b""),
            },
            "DTSTART is in America/Los_Angeles, which is not defined",
            id="a good event without its zone",
        ),
        pytest.param(
            {
                "calendar/a.ics": NO_ZONE + ELSEWHERE + EVENTS[1] + TIMEZONE + END,
                FEED: NO_ZONE + ELSEWHERE + EVENTS[1] + END,
            },
            "DTSTART is in America/Los_Angeles, which is not defined",
            id="a good event without the zone that another calendar has below it",
        ),
        pytest.param(
            {
                FEED: feed(NO_ZONE, EVENTS[3:]).replace(TIMEZONE, b""),
                "calendar/x.ics": NO_ZONE + END,
            },
            "VCALENDAR has no component",
            id="a good beginning and end with nothing between them",
        ),
        pytest.param(
            {
                "calendar/a.ics": calendar(FEED, EVENTS[0], VERSION + EVENTS[1]).replace(VERSION, b"", 1),
                FEED: calendar(FEED, EVENTS[0]).replace(VERSION, b""),
            },
            "VCALENDAR has no VERSION",
            id="a version that another calendar has between its events",
        ),
        pytest.param(
            {FEED: FILES[FEED].replace(EVENTS[3], EVENTS[3] + b"END:VEVENT\r\n")},
            "END:VEVENT closes nothing",
            id="one end too many",
        ),
        pytest.param({FEED: b""}, "the last line does not end in CRLF", id="nothing"),
    ],
)
def test_good_parts_do_not_make_a_bad_calendar_good(files: dict[str, bytes], told: str) -> None:
    files = {**FILES, **files}

    assert together(files) == together(files, records()) == one_by_one(files)
    assert told in [message.split(":", 2)[2].strip() for message in together(files)]


EDITS = st.tuples(
    st.sampled_from(sorted(FILES)),
    st.sampled_from(["delete", "repeat", "move", "break"]),
    st.integers(0, 200),
    st.integers(1, 30),
    st.integers(0, 200),
)


@settings(deadline=None)
@given(st.lists(EDITS, min_size=1, max_size=4))
def test_calendars_checked_together_are_told_what_each_is_told_alone(
    edits: list[tuple[str, str, int, int, int]],
) -> None:
    files = dict(FILES)
    for path, edit, start, length, target in edits:
        lines = files[path].split(b"\r\n")
        block = lines[start : start + length]
        rest = lines if edit == "repeat" else lines[:start] + lines[start + length :]
        if edit == "break":
            block = [b"\n".join(block)]
        place = start if edit == "break" else target
        files[path] = b"\r\n".join(rest if edit == "delete" else [*rest[:place], *block, *rest[place:]])

    assert together(files) == together(files, records()) == one_by_one(files)


def test_a_calendar_of_one_event_tells_what_is_known_of_it_and_a_feed_tells_nothing() -> None:
    checks = CalendarChecks()
    file, feed_record = (
        checks.look("schedule/a/session.ics", FILES["schedule/a/session.ics"]),
        checks.look("calendar/all.ics", FILES["calendar/all.ics"]),
    )

    assert (file.faults, [place[2] for _, place in file.events]) == ((), ["a@msix-trainings"])
    assert feed_record == CalendarRecord(())


def test_what_is_known_of_an_event_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    known, read = records(), list[bytes]()

    def noting(data: bytes, kind: CalendarKind) -> tuple[list[Fault], list[Place]]:
        read.append(data)
        return calendar_rules.read(data, kind)

    monkeypatch.setattr(calendar_checks, "read", noting)
    assert together({"calendar/all.ics": FILES["calendar/all.ics"]}, known) == []
    assert [data.count(b"BEGIN:VEVENT") for data in read] == [0]  # what stands around the events is new


PLUGIN = """
from plugins.trainings import signals


def write(generator):
    generator.files.add("calendar/broken.ics", None, lambda: b"BEGIN:VCALENDAR\\r\\nVERSION 2.0\\r\\n")


def register():
    signals.pages_written.connect(write)
"""


def test_a_broken_calendar_stops_publishing_and_leaves_the_last_good_site(tmp_path: Path) -> None:
    (tmp_path / "broken_calendar.py").write_text(PLUGIN)
    settings_file = tmp_path / "settings.py"
    publish = (ROOT / "publishconf.py").read_text(encoding="utf-8")
    publish += f"\nPATH, THEME = {str(ROOT / 'content')!r}, {str(ROOT / 'theme')!r}\n"
    environment = {
        **os.environ,
        "BUILD_DATE": BUILD_DATE,
        "SITEURL": "https://trainings.example.org",
        "SAMPLE_CONTENT": "no",
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}",
    }
    output, private = tmp_path / "output", tmp_path / "build"
    command = [sys.executable, "-m", "plugins.build", "-s", str(settings_file)]
    # The content as it is here, committed or not.
    command += ["--output", str(output), "--private", str(private), "--allow-uncommitted"]

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)

    def built() -> dict[str, bytes]:
        files = [file for folder in (output, private) for file in folder.rglob("*") if file.is_file()]
        return {file.relative_to(tmp_path).as_posix(): file.read_bytes() for file in files}

    settings_file.write_text(publish)
    good = run()
    before = built()
    settings_file.write_text(f'{publish}PLUGINS.insert(-1, "broken_calendar")\n')
    bad = run()

    assert good.returncode == 0, good.stderr
    assert (bad.returncode, bad.stdout, bad.stderr) == (
        1,
        "",
        "error: calendar/broken.ics:2: is no content line\n",
    )
    assert built() == before
    assert "output/calendar/all.ics" in before
