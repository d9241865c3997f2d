# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the theme's templates are given, page by page: a dataclass for each, with the names that it uses and no others.

A page is a pure function of its context and of the site: the same context gives the same bytes, and what
it is made from the same context. That is what lets a build leave a page alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup

from plugins.trainings.views import (
    Article,
    ArticleLink,
    ContactCard,
    FeedLink,
    Month,
    SessionCard,
    TrainingCard,
)
from schedule import wording
from schedule.addresses import Addresses
from schedule.calendar_links import CalendarLinks
from schedule.model import Language, Training
from schedule.signup import Field
from schedule.site import Link
from schedule.templates import Given, PageContext, PageNames


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeContext(PageContext):
    """The home page; `sessions` are the next few."""

    template = "home.html"
    article: Article
    sessions: tuple[SessionCard, ...]
    trainings: tuple[TrainingCard, ...]
    contacts: tuple[ContactCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingsContext(PageContext):
    """All trainings."""

    template = "trainings.html"
    trainings: tuple[TrainingCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingContext(PageContext):
    """A training with its sessions to come."""

    template = "training.html"
    training: Training
    description: Markup
    sessions: tuple[SessionCard, ...]
    contacts: tuple[ContactCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleContext(PageContext):
    """All sessions to come."""

    template = "schedule.html"
    months: tuple[Month, ...]
    trainings: tuple[TrainingCard, ...]
    language_feeds: tuple[FeedLink, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionContext(PageContext):
    """A session; `form` has the fields to sign up with, where one may do so on the site.

    `calendars` is there while it is to come.
    """

    template = "session.html"
    card: SessionCard
    note: Markup | None
    training_url: str
    others: tuple[SessionCard, ...]
    """The next other dates of its training that take sign-ups."""
    contacts: tuple[ContactCard, ...]
    calendars: CalendarLinks | None
    form: tuple[Field, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentsContext(PageContext):
    """The parents' own page, with the other ones for them; `session` is their next one.

    `answers` are the first sections of its text, which stand large at the top; `rest` is what follows them.
    """

    template = "parents.html"
    article: Article
    answers: tuple[Markup, ...]
    rest: Markup
    pages: tuple[ArticleLink, ...]
    session: SessionCard | None
    contacts: tuple[ContactCard, ...]
    language_feeds: tuple[FeedLink, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleContext(PageContext):
    """A page that staff write; one for parents leads to the other ones."""

    template = "page.html"
    article: Article
    siblings: tuple[Link, ...]
    contacts: tuple[ContactCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlyerContext(PageContext):
    """A page that staff write, for one sheet of paper; `qr` is the code of `link` as an inline SVG."""

    template = "flyer.html"
    article: Article
    qr: Markup
    link: str
    contacts: tuple[ContactCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsContext(PageContext):
    """Who to call: trainers, then support."""

    template = "contacts.html"
    contacts: tuple[ContactCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFoundContext(PageContext):
    """The page for addresses that lead nowhere, in both languages."""

    template = "404.html"
    spanish: Addresses


CONTEXTS = (
    HomeContext,
    TrainingsContext,
    TrainingContext,
    ScheduleContext,
    SessionContext,
    ParentsContext,
    ArticleContext,
    FlyerContext,
    ContactsContext,
    NotFoundContext,
)


@dataclass(frozen=True, slots=True)
class Wording:
    """What templates put in words, in their page's language."""

    language: Language

    def weekdays(self) -> Sequence[tuple[str, str]]:
        """Return the days from Sunday on, each as one letter and by its name."""
        narrow = wording.weekdays(self.language, "narrow")
        return tuple(zip(narrow, wording.weekdays(self.language), strict=True))

    def duration(self, length: timedelta) -> str:
        """Return "1 hour 30 minutes"."""
        return wording.duration(length, self.language)

    def language_name(self, named: Language) -> str:
        """Return "Spanish"."""
        return wording.language_name(named, self.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteNames(PageNames):
    """What all templates of the site may use besides."""

    words: Wording


GIVEN = Given({context.template: context for context in CONTEXTS}, SiteNames)
