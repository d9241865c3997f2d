# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is staff, what each of them may see, and which emails they get; without I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from register.domain.identity import hash_of, normalized_email
from schedule.model import DEFAULT_LANGUAGE, Language, Session

LINK_LASTS = timedelta(minutes=15)
"""How long a link by which staff sign in is good, from when it was asked for."""


class StaffEmail(StrEnum):
    """What somebody among staff may be told by email."""

    NEEDS = "needs"
    """At once, that somebody asks for an interpreter or other help."""
    ROSTER = "roster"
    """The day before a session, who comes."""
    DAILY = "daily"
    """Who signed up and canceled yesterday, if anybody did."""
    PROBLEMS = "problems"
    """Emails that failed, came back or are stuck, and sessions that a sync left as they were."""


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody who may sign in to the staff desk."""

    email: str
    trainer: str | None = None
    """The slug of the trainer whose sessions they see; None for the office, which sees all of them."""
    language: Language = DEFAULT_LANGUAGE
    emails: frozenset[StaffEmail] = frozenset()

    @property
    def email_hash(self) -> str:
        """What stands for the email address in keys."""
        return hash_of(self.email)

    def may_see(self, session: Session) -> bool:
        """Whether they see a session and the people in it."""
        return self.trainer is None or any(each.slug == self.trainer for each in session.trainers)


Staff = Callable[[], tuple[StaffMember, ...]]
"""Gives everybody who is staff now."""


def member_of(staff: Iterable[StaffMember], email: str) -> StaffMember | None:
    """Return who among staff has an email address, however it is written; None if nobody has."""
    wanted = normalized_email(email)
    return next((each for each in staff if normalized_email(each.email) == wanted), None)
