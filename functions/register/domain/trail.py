# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff did about a session, kept as long as the session's people are; it holds no name of theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class TrailAction(StrEnum):
    """What staff did."""

    ADDED = "added"
    """Signed somebody up, or gave a seat to somebody who waited."""
    WALKED_IN = "walked-in"
    """Gave a seat to somebody who came, and ticked them."""
    CORRECTED = "corrected"
    MOVED = "moved"
    """In the session that somebody left."""
    MOVED_HERE = "moved-here"
    """In the session that somebody moved to."""
    CANCELLED = "cancelled"
    RESENT = "resent"
    """Had somebody's email sent again."""
    ATTENDED = "attended"
    ABSENT = "absent"
    UNTICKED = "unticked"
    """Took back whether somebody attended."""
    ANNOUNCED = "announced"
    """Wrote to people of the session."""


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One thing that staff did; `who` is their email address, empty where it was done by command."""

    session_id: str
    entry_id: str
    when: datetime
    who: str
    action: TrailAction
    registration_id: str | None = None
    """Whose registration it was about, if it was about one person."""


def entry_about(
    session_id: str, registration_id: str, action: TrailAction, when: datetime, who: str
) -> TrailEntry:
    """Return what was done about one person, under an id that the same write, tried again, has again."""
    instant = when.astimezone(UTC).isoformat(timespec="microseconds")
    return TrailEntry(session_id, f"{instant}#{registration_id}#{action}", when, who, action, registration_id)
