# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages to staff. They hold nothing of a person: what they say is read when they are delivered."""

from __future__ import annotations

from datetime import datetime, timedelta

from register.domain.messages import Message
from register.domain.model import ChangedBy, Kind, State
from register.domain.notifications import number_at
from schedule.model import Language

STAFF = "staff"
"""In the place of an email address: all of staff; whoever delivers knows who wants what."""

NOTHING = "-"
"""In the place of the id of a session or registration: it is about none."""

KEPT = timedelta(days=30)
"""How long one stays that was recorded by itself, whatever becomes of it."""


def staff_message(
    kind: Kind,
    *,
    session_id: str = NOTHING,
    registration_id: str = NOTHING,
    occasion: str,
    email: str = STAFF,
    language: Language = Language.ENGLISH,
    recorded: datetime,
) -> Message:
    """Return a message to one member of staff, or to all. Its number follows no other: no calendar goes by it."""
    return Message(
        session_id=session_id,
        registration_id=registration_id,
        kind=kind,
        occasion=occasion,
        number=number_at(recorded),
        method=None,
        name="",
        email=email,
        language=language,
        state=State.CONFIRMED,
        changed_by=ChangedBy.SCHEDULE,
        recorded=recorded,
        snapshot_json="",
    )
