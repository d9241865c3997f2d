# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an email to staff says, as it is when the email is made: no message to staff holds anything of a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from register.domain.errors import RegisterError
from register.domain.model import Kind, Person, State
from register.domain.snapshot import Snapshot
from register.domain.staff import StaffEmail

PACIFIC = ZoneInfo("America/Los_Angeles")
"""The clock that the days of all sessions together go by."""

WANTED: Mapping[Kind, StaffEmail] = {
    Kind.STAFF_NEEDS: StaffEmail.NEEDS,
    Kind.STAFF_ROSTER: StaffEmail.ROSTER,
    Kind.STAFF_DAILY: StaffEmail.DAILY,
    Kind.STAFF_PROBLEMS: StaffEmail.PROBLEMS,
}
"""What a member of staff has to have asked for to get an email."""


class NothingToSay(RegisterError):
    """An email to staff that is of no use any more; the message says why, and names nobody."""


class Group(StrEnum):
    """Why somebody stands in an email to staff."""

    ASKS = "asks"
    """For help to take part."""
    COMING = "coming"
    SIGNED_UP = "signed-up"
    CANCELLED = "cancelled"
    MOVED = "moved"
    NOT_REACHED = "not-reached"


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Somebody in an email to staff."""

    person: Person
    state: State = State.CONFIRMED
    problem: str = ""
    """Why an email did not arrive."""


@dataclass(frozen=True, slots=True)
class SessionNews:
    """A session in an email to staff."""

    snapshot: Snapshot
    seats: int
    confirmed: int
    waiting: int
    groups: Mapping[Group, tuple[Mentioned, ...]]


@dataclass(frozen=True, slots=True)
class StaffNews:
    """All that an email to staff says."""

    sessions: tuple[SessionNews, ...] = ()
    day: date | None = None
    """Of the sign-ups and cancellations."""
    not_reached: int = 0
    """How many people an email did not reach."""
    staff_not_reached: tuple[str, ...] = ()
    """Addresses of staff whom emails did not reach."""
    stuck: int = 0
    """How many emails wait for too long."""
    too_many: int = 0
    """How many emails a sync would have sent that stopped for that."""
