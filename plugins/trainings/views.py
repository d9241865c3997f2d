# SPDX-License-Identifier: AGPL-3.0-or-later
"""The parts of which pages are made; contexts.py says which page has which of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from schedule.model import Language, Session, Trainer, Training, WordedSession
from schedule.sign_up_state import SignUpState


@dataclass(frozen=True, slots=True)
class SessionCard:
    """A session in a list (`session`, its words, its page)."""

    session: Session
    words: WordedSession
    url: str
    state: SignUpState
    """On the day of the build, as far as the schedule tells it."""

    def __hash__(self) -> int:
        """Return what is found fast: no two sessions have one page."""
        return hash(self.url)


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
    short_title: str
    anchor: str
    sessions: tuple[SessionCard, ...]
    weeks: tuple[tuple[GridDay, ...], ...]


@dataclass(frozen=True, slots=True)
class ArticleLink:
    """A page that staff write, in a list of pages."""

    title: str
    summary: str
    url: str
    language: Language


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A calendar to subscribe to: what a page says of it, the calendar's own name, its address."""

    text: str
    name: str
    url: str
