# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the templates of the function's pages are given: a dataclass for each, with just the names that it uses.

Loaded with the first page: the answer to a good form shows none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from register.domain.model import ChangedBy, State
from register.web.messages import ErrorPage, FormError
from schedule.calendar_links import CalendarLinks
from schedule.materials import Material
from schedule.model import Language, Session, WordedSession
from schedule.sign_up_state import SignUpState
from schedule.signup import Field
from schedule.templates import Given, PageContext, PageNames


@dataclass(frozen=True, slots=True)
class AboutSession:
    """The session that a page is about: its words in the page's language, its page, and that of its training."""

    session: Session
    words: WordedSession
    url: str
    training_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpContext(PageContext):
    """The page of a session once more, with what was typed."""

    template = "signup.html"
    about: AboutSession
    fields: tuple[Field, ...]
    values: Mapping[str, str | None]
    """By field name."""
    errors: Mapping[str, str]
    """By field name, in the page's language."""
    suggestion: str | None
    """The email address that is probably meant instead of the one that was typed."""
    trouble: FormError | None
    """What is in the way although the form is good."""


@dataclass(frozen=True, slots=True)
class Again:
    """Where to sign up once more with what is known already (`_signup_again.html`)."""

    colleague: str | None
    """The form of this session for somebody else, where one may sign up."""
    dates: tuple[AboutSession, ...]
    """Other dates of the training with seats; each `url` is that of its form."""


@dataclass(frozen=True, slots=True)
class DetailsForm:
    """The form that corrects what a person told us."""

    action: str
    fields: tuple[Field, ...]
    values: Mapping[str, str | None]
    """By field name; what is stored, or what was just typed."""
    errors: Mapping[str, str]
    """By field name, in the page's language."""
    suggestion: str | None
    """The email address that is probably meant instead of the one that was typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneContext(PageContext):
    """What came of a sign-up; about the person nothing but what a receipt with power may correct."""

    template = "signup_done.html"
    about: AboutSession
    again: Again
    email: str | None
    """As it is stored, where this page may correct it."""
    details: DetailsForm | None
    trouble: FormError | None
    """What is in the way although the form is good."""
    corrected: bool
    """Whether that form has just been taken."""
    confirmed: bool
    place: int | None
    """In the line, for people who wait."""
    repeated: bool
    """Whether the person had signed up before."""
    has_link: bool
    """Whether the link to join is known."""
    reminder_follows: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LostMailContext(PageContext):
    """The form for people who have lost our email."""

    template = "signup_link.html"
    fields: tuple[Field, ...]
    values: Mapping[str, str | None]
    errors: Mapping[str, str]
    suggestion: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LostMailSentContext(PageContext):
    """After that form; it must not tell whether somebody has signed up."""

    template = "signup_link_sent.html"


@dataclass(frozen=True, slots=True)
class DateToMoveTo:
    """Another date of the training."""

    session: Session
    words: WordedSession
    has_seat: bool
    """Whether a seat is free there; otherwise people wait there, and keep what they have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManageContext(PageContext):
    """A person's own registration."""

    template = "signup_manage.html"
    about: AboutSession
    name: str
    email: str
    state: State
    """Of the registration."""
    changed_by: ChangedBy
    """Who brought it into that state."""
    sign_up: SignUpState
    """Of the session."""
    place: int | None
    """In the line, for people who wait."""
    line_open: bool
    """Whether people who wait are still given seats."""
    mails_in: Language
    told_needs: bool
    """Whether the person has told us of any."""
    join_url: str | None
    """Private: for people with a seat in a session that is not over."""
    link_follows: bool
    """Whether people with a seat get the link to join later."""
    materials: tuple[Material, ...]
    """In the page's language, of a session that is over."""
    own_event: str
    """The calendar file of this registration."""
    calendars: CalendarLinks | None
    """Where it is added to a calendar on the web, while there is something to add."""
    others: int
    """How many other registrations for sessions to come have the same email address."""
    mine: str
    """The page of all of them."""
    feed: str
    """The whole address of the private feed of all of them."""
    cancel: str | None
    """Where the form goes that cancels, where it can be canceled."""
    details: DetailsForm | None
    """Where something can still be corrected."""
    trouble: FormError | None
    """What is in the way although that form is good."""
    again: Again | None
    """Until it has ended."""
    move: str
    """Where the form goes that moves to one of `dates`."""
    dates: tuple[DateToMoveTo, ...]
    moved_to: AboutSession | None
    """The date that somebody moved to, and is canceled here for."""
    kept_other: bool
    """Whether somebody with a seat here kept another date while waiting for it."""
    news: str | None
    """What has just been done, or could not be done, in English."""


@dataclass(frozen=True, slots=True)
class OwnRow:
    """One of several registrations."""

    about: AboutSession
    url: str
    """Its own page."""
    name: str
    state: State
    moved: bool
    """Whether it was given up for another date."""
    over: bool
    """Whether the session is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MineContext(PageContext):
    """All registrations of one email address."""

    template = "signup_mine.html"
    email: str
    coming: tuple[OwnRow, ...]
    past: tuple[OwnRow, ...]
    feed: str
    """The whole address of the private feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageContext(PageContext):
    """What could not be done, and what to do."""

    template = "signup_message.html"
    answer: ErrorPage
    about: AboutSession | None


CONTEXTS = (
    SignUpContext,
    DoneContext,
    LostMailContext,
    LostMailSentContext,
    ManageContext,
    MineContext,
    MessageContext,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionNames(PageNames):
    """What all templates of the function's pages may use besides."""

    State: type[State]


GIVEN = Given({context.template: context for context in CONTEXTS}, FunctionNames)
