# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the theme's templates are given, page by page.

A page is a pure function of its view and of the site: the same view gives the same bytes. That is what
lets `make serve` leave a page alone whose view has not changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from markupsafe import Markup

from schedule.model import Language, Session, Trainer, Training, WordedSession


@dataclass(frozen=True, slots=True)
class Link:
    """A titled address on this site; `language` is that of the title where it is not the page's."""

    title: str
    url: str
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What every template knows of its own page (`page`)."""

    url: str
    language: Language
    template: str
    title: str
    description: str
    section: str
    """Which entry of the navigation it belongs to: home, trainings, schedule, parents, contacts or none."""
    alternates: tuple[tuple[Language, str], ...]
    """The address of this page in each language, itself included."""
    crumbs: tuple[Link, ...] = ()
    """The pages above it, from the home page down; the page itself is not among them."""
    feeds: tuple[Link, ...] = ()
    """The calendars of what this page is about."""
    indexed: bool = True


@dataclass(frozen=True, slots=True)
class SessionCard:
    """A session in a list (`session`, its words, its page)."""

    session: Session
    words: WordedSession
    url: str
    takes_registrations: bool


@dataclass(frozen=True, slots=True)
class TrainingCard:
    """A training in a list, with its next session, if there is one."""

    training: Training
    url: str
    next_session: SessionCard | None


@dataclass(frozen=True, slots=True)
class ContactCard:
    """Somebody to call, with the address of the vCard."""

    trainer: Trainer
    vcard: str
    description: Markup


@dataclass(frozen=True, slots=True)
class Article:
    """A page that staff write: its texts in the page's language; `html` is its body.

    `language` is the language that the body is really in (English where no translation exists).
    """

    title: str
    summary: str
    html: Markup
    language: Language


@dataclass(frozen=True, slots=True)
class GridDay:
    """A cell of the month grid; `day` is None where the month has not begun or is over."""

    day: date | None
    sessions: tuple[SessionCard, ...] = ()


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the schedule: its heading, its list and its grid of weeks, each from Sunday on."""

    title: str
    anchor: str
    sessions: tuple[SessionCard, ...]
    weeks: tuple[tuple[GridDay, ...], ...]


@dataclass(frozen=True, slots=True)
class View:
    """A page and what its template shows; the keys of `content` become the template's variables."""

    page: Page
    content: dict[str, Any] = field(default_factory=dict)
    """By template, with these names:

    home.html       article, sessions (the next few SessionCards), trainings (TrainingCards), contacts (ContactCards)
    trainings.html  trainings (TrainingCards)
    training.html   training (Training), description (Markup), description_language, sessions (SessionCards), contacts
    schedule.html   months (Months), trainings (TrainingCards)
    session.html    card (SessionCard), state (open, closed, cancelled or past), note (Markup or None),
                    note_language, training_url, contacts, form (the fields of schedule.signup, or None)
    parents.html    article, pages (Articles' Links with summaries: ArticleLink), session (the next Spanish
                    SessionCard or None), contacts
    page.html       article, siblings (Links; of a parents page the other ones), contacts
    flyer.html      article, qr (Markup: an inline SVG), link (the absolute address that the code holds), contacts
    contacts.html   contacts (ContactCards: trainers, then support)
    404.html        nothing
    """


@dataclass(frozen=True, slots=True)
class ArticleLink:
    """A page that staff write, in a list of pages."""

    title: str
    summary: str
    url: str
    language: Language


@dataclass(frozen=True, slots=True)
class Site:
    """What every template knows of the site (`site`); all of it can go into build/site.json."""

    url: str
    """The public address without a slash at its end."""
    sample: bool
    """Whether the sessions are examples."""
    assets: dict[str, str]
    """Addresses of the theme's static files by their plain names: `site.css` → `/theme/site.1f2e3d.css`."""
    support_name: dict[str, str]
    support_phone: str
    support_extension: str | None
    support_uri: str
    retention_days: int
    time_zone: str
