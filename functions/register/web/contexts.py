# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the templates of the function's pages are given: a dataclass for each, with just the names that it uses.

Loaded with the first page: the answer to a good form shows none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from register.domain.model import ChangedBy, State
from register.web.messages import ErrorPage, FormError
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
    trouble: FormError | None
    """What is in the way although the form is good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneContext(PageContext):
    """What came of a sign-up, without anything about the person."""

    template = "signup_done.html"
    about: AboutSession
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


@dataclass(frozen=True, slots=True, kw_only=True)
class LostMailSentContext(PageContext):
    """After that form; it must not tell whether somebody has signed up."""

    template = "signup_link_sent.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class ManageContext(PageContext):
    """A person's own registration."""

    template = "signup_manage.html"
    about: AboutSession
    name: str
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
    cancel: str | None
    """Where the form goes that cancels, where it can be canceled."""


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
    MessageContext,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionNames(PageNames):
    """What all templates of the function's pages may use besides."""

    State: type[State]


GIVEN = Given({context.template: context for context in CONTEXTS}, FunctionNames)
