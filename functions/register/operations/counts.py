# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps how many came to the sessions that are over, since the people themselves are erased in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from register.domain.counts import count, is_counted
from register.domain.errors import UnknownSession
from register.domain.snapshot import UnreadableSnapshot
from register.domain.staff_news import PACIFIC
from register.stores import Store
from register.stores.errors import Damaged

HOUR = 7
"""In which hour of the Pacific clock everything is counted anew: people are ticked and corrected later, too."""

_EVER = datetime.min.replace(tzinfo=UTC)


def keep(store: Store, *, now: datetime, organization: Callable[[str], str]) -> int:
    """Keep the counts of sessions that have taken place and whose people have not expired; return how many.

    At once after the end, and anew each day; `organization` is as in `counts.count`. Raises StoreError. What is damaged
    is for the doctor to tell, and holds up no other.
    """
    sessions = [each for each in store.sessions(after=_EVER) if is_counted(each.terms, now)]
    if sessions and now.astimezone(PACIFIC).hour != HOUR:
        known = {each.session_id for each in store.counts(min(each.terms.starts for each in sessions))}
        sessions = [each for each in sessions if each.terms.session_id not in known]
    kept = 0
    for occupancy in sessions:
        try:
            roster = store.roster(occupancy.terms.session_id)
            store.keep_counts(count(occupancy, roster, organization=organization))
        except (UnknownSession, UnreadableSnapshot, Damaged):
            continue
        kept += 1
    return kept
