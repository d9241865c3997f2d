# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes the calendars: one feed for everything, each training, trainer and language, and a file a session.

Each session is serialised once in each language; feeds are put together from those bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from plugins.trainings import signals
from plugins.trainings.generator import ScheduleGenerator
from plugins.trainings.memo import Memo
from plugins.trainings.output import Output
from plugins.trainings.pages import address, session_path, training_path
from schedule import wording
from schedule.feeds import calendar_header, feed, file_header, session_file
from schedule.invitations import event_bytes
from schedule.model import LANGUAGES, ContactKind, Language, Schedule, Session

KEPT = timedelta(days=365)
"""How long a session stays in the feeds after it is over."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar to subscribe to: its name, its path below `/calendar/`, the page about it, its sessions."""

    name: str
    path: str
    page: str
    sessions: tuple[Session, ...]


def feeds(
    schedule: Schedule, language: Language, gettext: Callable[[str], str], now: datetime
) -> Iterator[Feed]:
    """Yield all calendars of a language (`now` in UTC); the page's address is that of the language too."""
    kept = tuple(session for session in schedule.sessions if not session.is_past(now - KEPT))
    name = gettext("MSIX Trainings")
    everything = address("/schedule/", language)
    yield Feed(name, "all", everything, kept)
    for training in schedule.trainings:
        sessions = tuple(session for session in kept if session.training.slug == training.slug)
        page = address(training_path(training), language)
        yield Feed(training.title.text(language), f"trainings/{training.slug}", page, sessions)
    for trainer in schedule.trainers:
        if trainer.kind is ContactKind.TRAINER:
            sessions = tuple(session for session in kept if trainer in session.trainers)
            page = address("/contacts/", language)
            yield Feed(f"{name}: {trainer.name.text(language)}", f"trainers/{trainer.slug}", page, sessions)
    for held in LANGUAGES:
        sessions = tuple(session for session in kept if session.language is held)
        title = f"{name}: {wording.language_name(held, language)}"
        yield Feed(title, f"languages/{held.value}", everything, sessions)


def write_calendars(
    schedule: Schedule,
    language: Language,
    gettext: Callable[[str], str],
    site_url: str,
    now: datetime,
    files: Output,
    memo: Memo,
) -> None:
    """Add the calendars of a language to the site's files."""
    head = file_header(language)
    events: dict[str, bytes] = {}
    for session in schedule.sessions:
        # A session's place and text follow from it, so its bytes are made again only when it changes.
        events[session.id] = memo.get(
            ("event", language, session.id),
            (session, site_url, gettext),
            lambda: event_bytes(session, language, site_url, gettext),  # noqa: B023 - called at once
        )
        path = f"{address(session_path(session), language)}session.ics".lstrip("/")
        data = events[session.id]
        files.add(path, data, lambda: session_file(head, data))  # noqa: B023 - called at once
    for one in feeds(schedule, language, gettext, now):
        path = address(f"/calendar/{one.path}.ics", language)
        header = calendar_header(one.name, site_url + path, site_url + one.page, language)
        parts = tuple(events[session.id] for session in one.sessions)
        files.add(path.lstrip("/"), (header, parts), lambda: feed(header, parts))  # noqa: B023 - called at once


def _write(generator: ScheduleGenerator) -> None:
    for language in LANGUAGES:
        write_calendars(
            generator.content.schedule,
            language,
            generator.catalogues[language].gettext,
            generator.site.url,
            generator.options.now,
            generator.files,
            generator.state.memo,
        )


def register() -> None:
    """Connect to the site's generator."""
    signals.pages_written.connect(_write)
