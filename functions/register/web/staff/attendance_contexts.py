# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the template of attendance is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from register.domain.model import State
from register.web.messages import FormError
from register.web.staff.attendance_form import Left
from register.web.staff.contexts import StaffContext
from schedule.model import Session, WordedSession
from schedule.signup import Field


@dataclass(frozen=True, slots=True)
class TickRow:
    """Somebody on the list, with the tick that says that they are there."""

    registration_id: str
    name: str
    about: str
    """What tells people of one name apart: the organization, and the address where two have the same name."""
    state: State
    shown: str
    """What the page shows, for the hidden field."""
    ticked: bool
    absent: bool
    """Whether it is stored that they were not there."""
    report_says: str
    """The names of a report, where they are others than the one on the list."""
    minutes: str
    """For how many minutes the report says they were there; empty where it does not say."""
    changed: bool
    """Whether somebody else has changed it meanwhile."""


@dataclass(frozen=True, slots=True)
class LeftRow:
    """Somebody of a report who is to be assigned."""

    number: int
    left: Left
    error: str | None
    """In the page's language."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody on the list to whom one of a report may be assigned."""

    registration_id: str
    label: str


@dataclass(frozen=True, slots=True)
class WalkInForm:
    """Where somebody is typed who is there and has not signed up."""

    fields: tuple[Field, ...]
    values: Mapping[str, str | None]
    errors: Mapping[str, str]
    """By field name, in the page's language."""
    suggestion: str | None
    """The email address that is probably meant instead of the one that was typed."""
    asked: str
    """The name of which is asked whether it is somebody on the list."""
    news: str | None
    """What was done about the last one, in English."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAttendanceContext(StaffContext):
    """Who came to a session."""

    template = "staff_attendance.html"
    session: Session
    words: WordedSession
    opens: str | None
    """When attendance opens, where it has not yet."""
    canceled: bool
    """Whether the session does not take place."""
    rows: Sequence[TickRow]
    """People with a seat, by name."""
    others: Sequence[TickRow]
    """People who wait or have canceled, by name."""
    left: Sequence[LeftRow]
    choices: Sequence[Choice]
    walk_in: WalkInForm
    complete: bool
    """Whether everybody without a tick is to be absent."""
    unsaved: bool
    """Whether the page shows what is still to be saved."""
    trouble: FormError | None
    action: str
    upload: str


CONTEXTS = (StaffAttendanceContext,)
