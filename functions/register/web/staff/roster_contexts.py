# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the templates of a session's roster, and of what is done with its people, are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from register.domain.announcements import AnnouncedTo
from register.domain.model import Person
from register.web.contexts import AboutSession, DateToMoveTo, DetailsForm
from register.web.messages import FormError
from register.web.staff.contexts import StaffContext
from register.web.staff.roster_rows import PersonRow, TrailRow
from schedule.model import Language, Session, WordedSession
from schedule.sign_up_state import SignUpState
from schedule.signup import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterContext(StaffContext):
    """The people of a session."""

    template = "staff_roster.html"
    about: AboutSession
    sign_up: SignUpState
    """Of the session."""
    capacity: int
    confirmed: tuple[PersonRow, ...]
    waiting: tuple[PersonRow, ...]
    cancelled: tuple[PersonRow, ...]
    needs: int
    """How many people with a seat, or who wait, ask for help."""
    troubles: int
    """How many of them an email did not reach."""
    addable: bool
    """Whether people can still be added."""
    is_on: bool
    """Whether it is time to tick who is there, until the session ends."""
    trail: tuple[TrailRow, ...]


@dataclass(frozen=True, slots=True)
class SeatQuestion:
    """What staff are asked before they seat somebody over capacity."""

    name: str
    taken: int
    capacity: int
    waiting: int
    place: int | None
    """In the line, of somebody who waits already."""
    line_open: bool
    """Whether people can still join the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPersonContext(StaffContext):
    """The form that adds somebody."""

    template = "staff_add.html"
    about: AboutSession
    fields: tuple[Field, ...]
    values: Mapping[str, str | None]
    """By field name."""
    errors: Mapping[str, str]
    """By field name, in the page's language."""
    suggestion: str | None
    """The email address that is probably meant instead of the one that was typed."""
    trouble: FormError | None
    question: SeatQuestion | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonContext(StaffContext):
    """A person of a roster."""

    template = "staff_person.html"
    about: AboutSession
    row: PersonRow
    details: DetailsForm | None
    """Where something can still be corrected."""
    trouble: FormError | None
    """What is in the way although that form is good."""
    changeable: bool
    """Whether the registration can still be changed; what was sent and could not be taken is shown all the same."""
    dates: tuple[DateToMoveTo, ...]
    again: str | None
    """Where somebody who has canceled can be signed up once more."""
    moved_to: AboutSession | None
    """The date that somebody moved to, and is canceled here for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetContext(StaffContext):
    """The sign-in sheet."""

    template = "staff_sheet.html"
    session: Session
    english: WordedSession
    spanish: WordedSession
    people: tuple[Person, ...]
    blank_lines: tuple[int, ...]
    """The numbers of the lines that are left empty."""


@dataclass(frozen=True, slots=True)
class Audience:
    """A choice of people, and how many of them read each language."""

    to: AnnouncedTo
    label: str
    """In English."""
    english: int
    spanish: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementContext(StaffContext):
    """The form of a message to all."""

    template = "staff_announcement.html"
    about: AboutSession
    audiences: tuple[Audience, ...]
    to: AnnouncedTo
    fields: tuple[Field, ...]
    values: Mapping[str, str]
    errors: Mapping[str, str]
    """By field name, in the page's language."""
    trouble: FormError | None


@dataclass(frozen=True, slots=True)
class AnnouncementPart:
    """A message in one of its languages, as its readers will see it."""

    language: Language
    readers: int
    subject: str
    paragraphs: tuple[Markup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewContext(StaffContext):
    """A message to all before it is sent."""

    template = "staff_announcement_preview.html"
    about: AboutSession
    to: AnnouncedTo
    values: Mapping[str, str]
    occasion: str
    """Random: what is sent twice has the same, and goes out once."""
    number: int
    """How many people get it."""
    parts: tuple[AnnouncementPart, ...]
    trouble: FormError | None


CONTEXTS = (
    RosterContext,
    AddPersonContext,
    PersonContext,
    SheetContext,
    AnnouncementContext,
    PreviewContext,
)
