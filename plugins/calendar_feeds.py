# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes the calendars: feeds of everything, of each training, trainer, language and choice of the schedule's
filter, and a file for each session.

Each session is serialized once in each language; feeds are put together from those bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, product

from plugins.trainings import signals
from plugins.trainings.generator import ScheduleGenerator
from plugins.trainings.memo import Memo
from plugins.trainings.output import Output
from schedule import wording
from schedule.addresses import Addresses
from schedule.feeds import calendar_header, feed, file_header, session_file
from schedule.invitations import event_bytes
from schedule.model import LANGUAGES, ContactKind, Format, Language, Schedule, Session

KEPT = timedelta(days=365)
"""How long a session stays in the feeds after it is over; a canceled one leaves them when its day is over."""

Choice = tuple[str | None, Language | None, Format | None]
"""What the schedule's filter is set to: a training's slug, a language, a format; None is any of them."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar to subscribe to: its name, its address, the page about it, its sessions."""

    name: str
    url: str
    page: str
    sessions: tuple[Session, ...]


def kept(schedule: Schedule, now: datetime) -> tuple[Session, ...]:
    """Return the sessions that stand in feeds (`now` in UTC), in the schedule's order.

    A canceled session has nothing to look up once its day is over, and some programs show it for good.
    """
    return tuple(
        session
        for session in schedule.sessions
        if (
            session.period.last_day >= now.astimezone(session.period.zone).date()
            if session.cancelled
            else not session.is_past(now - KEPT)
        )
    )


def feeds(
    schedule: Schedule, addresses: Addresses, gettext: Callable[[str], str], now: datetime
) -> Iterator[Feed]:
    """Yield the calendars of all, each training, trainer and language, worded in that of the addresses."""
    language = addresses.language
    there = kept(schedule, now)
    name = gettext("MSIX Trainings")
    yield Feed(name, addresses.calendar, addresses.schedule, there)
    for training in schedule.trainings:
        sessions = tuple(session for session in there if session.training.slug == training.slug)
        url, page = addresses.training_calendar(training.slug), addresses.training(training.slug)
        yield Feed(training.title.text(language), url, page, sessions)
    for trainer in schedule.trainers:
        if trainer.kind is ContactKind.TRAINER:
            sessions = tuple(session for session in there if trainer in session.trainers)
            url = addresses.trainer_calendar(trainer.slug)
            yield Feed(f"{name}: {trainer.name.text(language)}", url, addresses.contacts, sessions)
    for held_in in LANGUAGES:
        sessions = tuple(session for session in there if session.language is held_in)
        title = f"{name}: {wording.language_name(held_in, language)}"
        yield Feed(title, addresses.language_calendar(held_in), addresses.schedule, sessions)


def filtered_feeds(
    schedule: Schedule, addresses: Addresses, gettext: Callable[[str], str], now: datetime
) -> Iterator[Feed]:
    """Yield a calendar for each choice that the schedule's filter offers.

    Also for those that no session answers yet: who subscribes waits for the first one.
    """
    language, name = addresses.language, gettext("MSIX Trainings")
    trainings = {training.slug: training.title.text(language) for training in schedule.trainings}
    formats = {Format.ONLINE: gettext("Online"), Format.IN_PERSON: gettext("In person")}
    chosen: dict[Choice, list[Session]] = {
        choice: [] for choice in product((None, *trainings), (None, *LANGUAGES), (None, *formats))
    }
    for session in kept(schedule, now):
        own = (session.training.slug, session.language, session.format)
        for choice in product(*((None, one) for one in own)):
            chosen[choice].append(session)  # type: ignore[index]  # product forgets which type stands where
    for (slug, held_in, form), sessions in chosen.items():
        words = [
            *([trainings[slug]] if slug else []),
            *([wording.language_name(held_in, language)] if held_in else []),
            *([formats[form]] if form else []),
        ]
        title = f"{name}: {' · '.join(words)}" if words else name
        url = addresses.filtered_calendar(slug, held_in, form)
        yield Feed(title, url, addresses.schedule, tuple(sessions))


def write_calendars(
    schedule: Schedule,
    addresses: Addresses,
    gettext: Callable[[str], str],
    now: datetime,
    files: Output,
    memo: Memo,
) -> None:
    """Add the calendars of a language to the site's files."""
    language, site_url = addresses.language, addresses.site_url
    head = file_header(language)
    events: dict[str, bytes] = {}
    for session in schedule.sessions:
        # A session's place and text follow from it, so its bytes are made again only when it changes.
        events[session.id] = memo.get(
            ("event", language, session.id),
            (session, site_url, gettext),
            lambda: event_bytes(session, language, site_url, gettext),  # noqa: B023 - called at once
        )
        path = addresses.file(addresses.session_calendar(session.id))
        data = events[session.id]
        files.add(path, data, lambda: session_file(head, data))  # noqa: B023 - called at once
    everything = (schedule, addresses, gettext, now)
    for calendar in chain(feeds(*everything), filtered_feeds(*everything)):
        said = (calendar.name, addresses.whole(calendar.url), addresses.whole(calendar.page), language)
        header = memo.get(("calendar header", calendar.url), said, lambda: calendar_header(*said))  # noqa: B023 - called at once
        parts = tuple(events[session.id] for session in calendar.sessions)
        files.add(addresses.file(calendar.url), (header, parts), lambda: feed(header, parts))  # noqa: B023 - called at once


def _write(generator: ScheduleGenerator) -> None:
    for language in LANGUAGES:
        write_calendars(
            generator.content.schedule,
            Addresses(generator.site.url, language),
            generator.site.catalogues[language].gettext,
            generator.options.now,
            generator.files,
            generator.state.memo,
        )


def register() -> None:
    """Connect to the site's generator."""
    signals.pages_written.connect(_write)
