# SPDX-License-Identifier: AGPL-3.0-or-later
"""Trainings, trainers, sessions and the rules that hold among them; no I/O and no clock.

Everything here is frozen: two schedules that say the same are equal, and a build that finds an object
unchanged can keep what it made from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from schedule.materials import Material

T = TypeVar("T")
U = TypeVar("U")


class Language(StrEnum):
    """A language that pages are written and sessions are held in (BCP 47)."""

    ENGLISH = "en"
    SPANISH = "es"


LANGUAGES: tuple[Language, ...] = tuple(Language)
DEFAULT_LANGUAGE = Language.ENGLISH


class Format(StrEnum):
    """How people take part in a session."""

    ONLINE = "online"
    IN_PERSON = "in-person"


class Status(StrEnum):
    """Whether a session takes place."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"


class Readers(StrEnum):
    """Whom a training is for: staff who work with MSIX, or parents."""

    STAFF = "staff"
    PARENTS = "parents"


class ContactKind(StrEnum):
    """Whether a contact holds trainings or answers the support line."""

    TRAINER = "trainer"
    SUPPORT = "support"


@dataclass(frozen=True, slots=True)
class Localized(Generic[T]):
    """A text (or several) in English, and in Spanish where it has been translated."""

    en: T
    es: T | None = None

    def text(self, language: Language) -> T:
        """Return what a reader of `language` gets: the translation, or the original where there is none."""
        return self.en if language is Language.ENGLISH or self.es is None else self.es

    def language(self, language: Language) -> Language:
        """Return the language that `text(language)` is written in, for a page's `lang` attributes."""
        return Language.ENGLISH if self.es is None else language

    def converted(self, convert: Callable[[T], U]) -> Localized[U]:
        """Return what `convert` makes of each language's text."""
        return Localized(convert(self.en), None if self.es is None else convert(self.es))


@dataclass(frozen=True, slots=True, order=True)
class Revision:
    """How often, and when last (UTC), what is said about something has changed."""

    number: int
    time: datetime


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number: as people write it, and as E.164 for machines."""

    display: str
    number: str
    extension: str | None = None

    @property
    def uri(self) -> str:
        """Return the `tel:` address (RFC 3966); the extension after a pause, as `;ext=` misdials on Android."""
        return f"tel:{self.number}" + (f",{self.extension}" if self.extension else "")


@dataclass(frozen=True, slots=True)
class Trainer:
    """Somebody to call: a trainer, or the support line."""

    slug: str
    name: Localized[str]
    role: Localized[str]
    kind: ContactKind
    phone: Phone
    email: str | None
    languages: tuple[Language, ...]
    description: Localized[str]


@dataclass(frozen=True, slots=True)
class Training:
    """A course that is held again and again; `description` is Markdown."""

    slug: str
    title: Localized[str]
    summary: Localized[str]
    audience: Localized[str]
    topics: Localized[tuple[str, ...]]
    duration: timedelta
    order: int
    readers: Readers
    badge: Localized[str] | None
    description: Localized[str]
    materials: Localized[tuple[Material, ...]] | None = None


@dataclass(frozen=True)
class Period:
    """From one instant to a later one, both in UTC, in the zone whose clocks people read.

    An all-day period starts at the first day's midnight and ends at the midnight after the last.
    Instants are kept in UTC because arithmetic on zoned times follows the wall clock
    (https://docs.python.org/3/library/datetime.html#aware-and-naive-objects). What its clocks say is asked for
    dozens of times, so it is found once: hence no slots.
    """

    start: datetime
    end: datetime
    zone: ZoneInfo
    all_day: bool = False

    @cached_property
    def local_start(self) -> datetime:
        """The start on the wall clock of the zone."""
        return self.start.astimezone(self.zone)

    @cached_property
    def local_end(self) -> datetime:
        """The end on the wall clock of the zone."""
        return self.end.astimezone(self.zone)

    @cached_property
    def first_day(self) -> date:
        """The day on which it starts, in the zone."""
        return self.local_start.date()

    @cached_property
    def last_day(self) -> date:
        """The last day that it touches, in the zone."""
        return (self.end - timedelta(microseconds=1)).astimezone(self.zone).date()

    @cached_property
    def days(self) -> tuple[date, ...]:
        """Every day that it touches, in the zone."""
        return tuple(
            self.first_day + timedelta(days=number)
            for number in range((self.last_day - self.first_day).days + 1)
        )

    @cached_property
    def several_days(self) -> bool:
        """Whether it begins on one day and ends on another."""
        return self.first_day != self.last_day

    @property
    def length(self) -> timedelta:
        """The time that really passes, whatever the clocks are set to in between."""
        return self.end - self.start

    def overlaps(self, other: Period) -> bool:
        """Whether some instant lies in both."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Note:
    """What participants should know, as the site has rendered it; all addresses in it are whole."""

    html: str
    """As emails show it. It is trusted: it was made of what staff write, as the pages are."""
    text: str
    """The same in plain words, for calendars and for the text of emails."""


@dataclass(frozen=True, slots=True)
class Session:
    """One date of a training, with seats of its own; `note` is said to participants.

    The link to join is kept apart from it (`Schedule.join_urls`), so that no page can show it by mistake.
    """

    id: str
    training: Training
    period: Period
    trainers: tuple[Trainer, ...]
    capacity: int
    language: Language
    format: Format
    location: Localized[str] | None
    status: Status
    registration_closes: datetime
    note: Localized[Note] | None
    revision: Revision
    series: str | None = None
    materials: Localized[tuple[Material, ...]] | None = None
    """Of this date alone; those of its training stand in the training."""

    @property
    def cancelled(self) -> bool:
        """Whether it does not take place."""
        return self.status is Status.CANCELLED

    def is_past(self, now: datetime) -> bool:
        """Whether it is over at `now`."""
        return self.period.end <= now


@dataclass(frozen=True, slots=True)
class WordedSession:
    """All that is said about a session in one language, so that emails and the form's page need no CLDR."""

    title: str
    when: str
    """All of it: "Tuesday, January 12, 2027, 3:00 to 4:30 p.m. Pacific time"."""
    day: str
    """The day, or the first and the last, with the year; so the two next ones, without it."""
    day_in_year: str
    short_day: str
    time: str
    short_time: str
    """For lists, which say the zone once: "3:00–4:30 p.m."."""
    tile: tuple[str, str, str]
    """As a calendar's leaf says it: the month, the day and the weekday; or what these go from and to."""
    duration: str
    """Empty where hours say little: whole days, several days."""
    language: str
    closes: str
    trainers: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """All trainings (in their order), contacts (trainers first, by name) and sessions (by start, then id).

    `join_urls` holds, per session id, the private link or the `secret:NAME` that stands for it.
    """

    trainings: tuple[Training, ...]
    trainers: tuple[Trainer, ...]
    sessions: tuple[Session, ...]
    join_urls: dict[str, str] = field(default_factory=dict, repr=False)

    def upcoming(self, now: datetime) -> tuple[Session, ...]:
        """The sessions that are not over at `now`, in their order."""
        return tuple(session for session in self.sessions if not session.is_past(now))


@dataclass(frozen=True, slots=True)
class DoubleBooking:
    """A trainer who would have to be in two places at once."""

    trainer: Trainer
    first: Session
    second: Session


def double_bookings(sessions: tuple[Session, ...]) -> Iterator[DoubleBooking]:
    """Yield each session that starts while its trainer is in another; canceled ones do not count."""
    by_trainer: dict[str, list[Session]] = {}
    for session in sorted(sessions, key=lambda session: (session.period.start, session.id)):
        if not session.cancelled:
            for trainer in session.trainers:
                by_trainer.setdefault(trainer.slug, []).append(session)
    for slug, booked in by_trainer.items():
        longest = booked[0]
        for session in booked[1:]:
            if longest.period.overlaps(session.period):
                trainer = next(trainer for trainer in session.trainers if trainer.slug == slug)
                yield DoubleBooking(trainer, longest, session)
            if session.period.end > longest.period.end:
                longest = session
