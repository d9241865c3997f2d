# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the templates of the staff desk are given: a dataclass for each, with just the names that it uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from register.domain.staff import StaffMember
from register.web import contexts
from register.web.messages import ErrorPage, FormError
from schedule.model import Session, WordedSession
from schedule.signup import Field
from schedule.templates import Given, PageContext


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
class SessionRow:
    """A session in a list of them."""

    session: Session
    words: WordedSession
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffFirstContext(StaffContext):
    """The sessions ahead and of the last weeks."""

    template = "staff_first.html"
    coming: tuple[SessionRow, ...]
    past: tuple[SessionRow, ...]


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
    StaffMessageContext,
)

GIVEN = Given(
    {**contexts.GIVEN.contexts, **{context.template: context for context in CONTEXTS}},
    contexts.FunctionNames,
)
"""Of all pages of the function: they share their names."""
