# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes content folders of any size: the real trainings, trainers and pages, and as many sessions as wanted."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD_DATE = "2026-11-30"
PUBLIC = "https://trainings.example.net"
"""Where a site is published."""

_TRAININGS = ("overview", "user-administrator", "data-administrator", "secondary-user", "virtual-cafe")
_TRAINERS = ("uriel-ramirez-torres", "yecenia-ocampo")
_PER_DAY = 8


@contextmanager
def workplace() -> Iterator[Path]:
    """Lend an empty folder below the project's: in /tmp, which may be memory, writing would be no measure."""
    folder = ROOT / ".cache"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=folder) as name:
        yield Path(name)


def sessions(folder: Path, count: int) -> list[Path]:
    """Write `count` sessions, eight a day, each trainer in one place at a time, and return their files."""
    folder.mkdir(parents=True)
    files = []
    for number in range(count):
        day, slot = divmod(number, _PER_DAY)
        start = datetime(2026, 12, 1, 8 + slot) + timedelta(days=day)  # noqa: DTZ001 - wall time
        training = _TRAININGS[number % len(_TRAININGS)]
        file = folder / f"{start:%Y-%m-%d}-{slot}-{training}.md"
        file.write_text(
            f"Training: {training}\nStart: {start:%Y-%m-%d %H:%M}\nDuration: 60\n"
            f"Trainers: {_TRAINERS[slot % 2]}\nCapacity: 30\nLanguage: en\nFormat: online\nStatus: scheduled\n\n"
            f"Please join five minutes early; this is session **{number}**.\n"
        )
        file.with_suffix(".es.md").write_text(
            f"\nConéctese cinco minutos antes; es la sesión **{number}**.\n"
        )
        files.append(file)
    return files


def site(folder: Path, count: int) -> tuple[Path, list[Path]]:
    """Write a whole site with `count` sessions; return its settings file and the sessions' files."""
    content = folder / "content"
    shutil.copytree(ROOT / "content", content, ignore=shutil.ignore_patterns("sessions"))
    files = sessions(content / "sessions", count)
    settings = folder / "pelicanconf.py"
    settings.write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        f"exec(compile(open({str(ROOT / 'pelicanconf.py')!r}).read(), 'pelicanconf.py', 'exec'))\n"
        f"PATH = {str(content)!r}\nTHEME = {str(ROOT / 'theme')!r}\nBUILD_DATE = {BUILD_DATE!r}\n"
        f"OUTPUT_PATH = {str(folder / 'output')!r}\nBUILD_PATH = {str(folder / 'build')!r}\n"
    )
    return settings, files


def production(settings: Path) -> Path:
    """Write the settings by which a site is published, beside those that `site` wrote; return their file."""
    file = settings.with_name("publishconf.py")
    file.write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        f"exec(compile(open({str(ROOT / 'publishconf.py')!r}).read(), 'publishconf.py', 'exec'))\n"
        f"SITEURL, SAMPLE_CONTENT = {PUBLIC!r}, False\n"
        f"PATH = {str(settings.with_name('content'))!r}\nTHEME = {str(ROOT / 'theme')!r}\n"
        f"BUILD_DATE = {BUILD_DATE!r}\n"
    )
    return file


def edit(file: Path, words: str) -> None:
    """Write other words into the note of a session that `sessions` wrote."""
    file.write_text(re.sub(r"\*\*.*\*\*", f"**{words}**", file.read_text()))


def stock(folder: Path, count: int) -> Path:
    """Write a stock Pelican site (theme `simple`) with `count` Markdown files; return its settings file."""
    content = folder / "content"
    content.mkdir(parents=True)
    first = date(2026, 12, 1)
    for number in range(count):
        (content / f"article-{number}.md").write_text(
            f"Title: Session {number}\nDate: {first + timedelta(days=number % 300)}\nCategory: trainings\n"
            f"Slug: session-{number}\nSummary: Session {number} of the trainings.\n\n"
            f"Please join five minutes early; this is session **{number}**.\n"
        )
    settings = folder / "pelicanconf.py"
    settings.write_text(
        "SITENAME = 'Stock'\nSITEURL = 'http://localhost:8000'\nTIMEZONE = 'America/Los_Angeles'\n"
        f"PATH = {str(content)!r}\nOUTPUT_PATH = {str(folder / 'output')!r}\nTHEME = 'simple'\n"
        "FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None\n"
    )
    return settings
