# SPDX-License-Identifier: AGPL-3.0-or-later
"""The part of the port that the staff desk needs beside the registrations themselves. All instants are in UTC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from register.domain.announcements import Announcement
from register.domain.counts import SessionCounts
from register.domain.messages import Message


@dataclass(frozen=True, slots=True)
class StaffAccount:
    """What is kept of a member of staff, and stays: two numbers that make dead what was given out before."""

    session_generation: int = 0
    feed_generation: int = 0


class StaffDesk(Protocol):
    """Staff who sign in, what they write to people, and what they are told themselves."""

    def staff_account(self, email_hash: str) -> StaffAccount:
        """Return what is kept of a member of staff; zeros where there is nothing."""

    def end_staff_sessions(self, email_hash: str) -> int:
        """Sign somebody out everywhere; return the new generation."""

    def new_staff_feed(self, email_hash: str) -> int:
        """Make the address of somebody's private feed dead; return the new generation."""

    def record(self, messages: Sequence[Message]) -> int:
        """Record messages to staff, which change nothing about a registration; return how many are new.

        One whose key is there stays as it is, also if it was sent. All go after `staff_messages.KEPT` at the latest.
        """

    def announce(self, session_id: str, announcement: Announcement, *, now: datetime, staff: str) -> bool:
        """Keep what staff write to the people of a session, until it is written out, and that `staff` did so.

        False, and nothing is written, if something of this occasion was announced before; `now` is when it was sent.
        One that is still to be written out is written out first. Raises UnknownSession, SessionOver.
        """

    def write_out_announcement(self, session_id: str) -> int:
        """Record a message for each person who is addressed, then clear it; return how many are new.

        May be repeated after a crash, and then does the rest. Raises UnknownSession.
        """

    def keep_counts(self, counts: SessionCounts) -> None:
        """Keep the counts of a session, as `counts.merged` makes them of what is kept and these."""

    def counts(self, after: datetime) -> list[SessionCounts]:
        """Return what is kept of the sessions that start at an instant or later, by start and id."""
