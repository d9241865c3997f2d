# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the templates of the staff desk are given: a dataclass for each, with just the names that it uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from register.domain.model import Registration
from register.domain.staff import StaffMember
from register.web.messages import ErrorPage, FormError
from schedule.model import Session, WordedSession
from schedule.signup import Field
from schedule.templates import PageContext


class Hint(NamedTuple):
    """How to try the desk out, where nobody has set it up."""

    email: str
    folder: str
    """Where emails land."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffContext(PageContext):
    """What all pages of the desk are given (`staff_base.html`)."""

    member: StaffMember | None
    """Who has signed in."""
    news: str | None = None
    """What has just been done, or could not be done, in English."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSignInContext(StaffContext):
    """The form that asks for the link, for everybody who has not signed in."""

    template = "staff_sign_in.html"
    fields: tuple[Field, ...]
    values: Mapping[str, str | None]
    errors: Mapping[str, str]
    suggestion: str | None
    trouble: FormError | None
    """Why this page is shown instead of another one."""
    hint: Hint | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLinkSentContext(StaffContext):
    """After that form; it must not tell who is staff."""

    template = "staff_link_sent.html"
    hint: Hint | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffInContext(StaffContext):
    """What the link leads to: whom it signs in, and a button."""

    template = "staff_in.html"
    email: str
    action: str


@dataclass(frozen=True, slots=True)
class ToDo:
    """Something to do about a session, in English, and where."""

    words: str
    url: str
    is_now: bool = False
    """Whether it is what the page was most likely opened for."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session in the list of them."""

    session: Session
    words: WordedSession
    url: str
    """Its roster."""
    taken: int
    """How many have a seat; there may be more of them than seats."""
    seats: int
    waiting: int
    needs: int
    """How many people who come or wait need something."""
    troubled: int
    """How many people have not got an email, as far as we know."""
    to_do: tuple[ToDo, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffFirstContext(StaffContext):
    """The sessions ahead and of the last weeks."""

    template = "staff_first.html"
    coming: tuple[SessionRow, ...]
    past: tuple[SessionRow, ...]
    feed: str
    """The whole address of the private feed of whoever has signed in."""


@dataclass(frozen=True, slots=True)
class PersonFound:
    """Somebody whom the search has found, in one session."""

    registration: Registration
    session: Session
    words: WordedSession
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSearchContext(StaffContext):
    """Whom the search has found."""

    template = "staff_search.html"
    asked: str
    error: str | None
    """Why nobody was looked for, in the page's language."""
    found: tuple[PersonFound, ...]
    more: bool
    """Whether there are more than are shown."""
    left_out: bool
    """Whether a session cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMessageContext(StaffContext):
    """What could not be done, and what to do."""

    template = "staff_message.html"
    answer: ErrorPage


CONTEXTS = (
    StaffSignInContext,
    StaffLinkSentContext,
    StaffInContext,
    StaffFirstContext,
    StaffSearchContext,
    StaffMessageContext,
)
