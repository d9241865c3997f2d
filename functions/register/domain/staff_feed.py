# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands in the private feed of somebody among staff, and the numbers of its events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from register.domain.model import Occupancy, Registration
from register.domain.notifications import number_at
from schedule.model import Session


def in_staff_feed(occupancy: Occupancy, session: Session, now: datetime) -> bool:
    """Whether a session stands in the feed: as long as its people are kept, or canceled until its day is over."""
    if session.cancelled:
        return session.period.last_day >= now.astimezone(session.period.zone).date()
    return now < occupancy.terms.expires


def newest_change(occupancy: Occupancy, session: Session, registrations: Iterable[Registration]) -> int:
    """Return the number of the newest change of a session or of the people in it, as messages are numbered.

    It never falls: what is erased leaves a number with the session. The revision is added because the schedule says
    when a change was written, which may be before somebody signed up, while it is read from the next sync on.
    """
    changed = (number_at(each.changed) for each in registrations)
    newest = max(occupancy.highest_erased, number_at(session.revision.time), *changed)
    return newest + occupancy.terms.revision
