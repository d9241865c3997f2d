# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one verb changes, as data: `outcomes.py` puts it together, a store writes all of it or nothing.

Before and after stand together, since DynamoDB writes under the condition that what was read still holds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from register.domain.messages import Message
from register.domain.model import ChangedBy, Registration, Tally
from register.domain.trail import TrailAction, TrailEntry, entry_about


@dataclass(frozen=True, slots=True)
class RegistrationChange:
    """A registration before and after: not there before a sign-up, the same where it is only written about."""

    before: Registration | None
    after: Registration


@dataclass(frozen=True, slots=True)
class TallyChange:
    """The counts of an email address before and after."""

    email_hash: str
    before: Tally
    after: Tally


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one verb changes in one session."""

    session_id: str
    confirmed: int = 0
    """How many more are confirmed."""
    waiting: int = 0
    """How many more wait."""
    registrations: tuple[RegistrationChange, ...] = ()
    tallies: tuple[TallyChange, ...] = ()
    messages: tuple[Message, ...] = ()
    trail: tuple[TrailEntry, ...] = ()

    @property
    def changes_anything(self) -> bool:
        """Whether there is something to write."""
        changed = any(change.after != change.before for change in self.registrations)
        return changed or bool(self.messages or self.trail)

    def noted(self, action: TrailAction, now: datetime, by: ChangedBy, staff: str) -> Outcome:
        """Return it with its entry in the trail, about the first of its registrations, if it was done by staff."""
        if by is not ChangedBy.STAFF:
            return self
        registration_id = self.registrations[0].after.registration_id
        entry = entry_about(self.session_id, registration_id, action, now, staff)
        return replace(self, trail=(*self.trail, entry))
