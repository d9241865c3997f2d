# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the templates of emails are given: the names that they use and no others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from register.domain.model import ChangedBy, Kind
from register.mail import staff_contexts
from schedule.addresses import Addresses
from schedule.model import Language, Localized, Note, Phone, Session, WordedSession
from schedule.site import Site
from schedule.templates import Given


@dataclass(frozen=True, slots=True)
class ChangedFact:
    """A fact about a session that has changed."""

    label: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class OtherDate:
    """Another date of the training, with seats left."""

    when: str
    language: str
    """In which it is held, if that is another than this session's; else nothing."""
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailContext:
    """What all templates of an email are given."""

    _: Callable[[str], str]
    words: WordedSession
    changes: tuple[ChangedFact, ...]
    confirmed: bool
    """Whether the person has a seat, and does not wait for one."""
    join_url: str | None
    link_follows: bool
    """Whether the link to join comes later."""
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningContext(EmailContext):
    """What the template of a kind of email is given: its subject, heading and first paragraphs."""

    day: str
    """The first day, in short."""
    changed_by: ChangedBy
    again: bool
    """Whether a session takes place that had been canceled."""
    place: int | None
    """In the line, when the email was recorded."""
    line_open: bool
    """Whether the line was still open then."""
    all_day: bool
    """Whether the session begins at midnight, and the line closes the evening before."""
    email: str
    """Where the email goes."""
    other_when: str | None
    """When the other session of a move is."""
    besides: bool
    """Whether the person kept another date while waiting for this one."""
    announced_subject: str
    """What staff have written, in announcements alone."""
    announced_text: str
    """Its paragraphs, with an empty line between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutContext(EmailContext):
    """What the whole email is given, as text and as HTML alike."""

    subject: str = ""
    """With heading and paragraphs what the opening says."""
    heading: str = ""
    paragraphs: tuple[str, ...] = ()
    language: Language
    site: Site
    addresses: Addresses
    text: Callable[[Localized[Any]], Any]
    """Gives a text in the email's language."""
    lang: Callable[[Localized[str] | None], str]
    """Gives the language of a text that is in another than the email, else nothing."""
    phone: Callable[[Phone], str]
    session: Session
    where: str
    trainer_label: str
    note: Note | None
    invites: bool
    """Whether an invitation for a calendar comes with it."""
    ended: bool
    """Whether there is no seat and no place in line any more."""
    elsewhere: bool
    """Whether it goes on nevertheless, on another date or at another email address."""
    session_cancelled: bool
    manage_url: str | None
    """None where there is nothing to look at any more; the two others stand beside it alone."""
    mine_url: str
    feed_url: str
    session_url: str
    training_url: str
    other_dates: tuple[OtherDate, ...]
    """For people who wait."""
    can_reply: bool


OPENINGS = {kind: f"mail/{kind}.txt" for kind in Kind if not kind.for_staff}
TEXT, HTML = "mail/_layout.txt", "mail/_layout.html"

GIVEN = Given(
    dict.fromkeys(OPENINGS.values(), OpeningContext)
    | dict.fromkeys((TEXT, HTML), LayoutContext)
    | staff_contexts.CONTEXTS
)
