# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the staff desk keeps, in plain Python."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from register.domain.counts import SessionCounts
from register.stores.desk import StaffAccount


class MemoryDesk:
    """`register.stores.StaffDesk` in dictionaries, for one thread, but for what transactions do."""

    def __init__(self) -> None:
        self.accounts: dict[str, StaffAccount] = {}
        self.kept_counts: dict[str, SessionCounts] = {}

    def staff_account(self, email_hash: str) -> StaffAccount:
        """See `StaffDesk.staff_account`."""
        return self.accounts.get(email_hash, StaffAccount())

    def end_staff_sessions(self, email_hash: str) -> int:
        """See `StaffDesk.end_staff_sessions`."""
        known = self.staff_account(email_hash)
        self.accounts[email_hash] = replace(known, session_generation=known.session_generation + 1)
        return known.session_generation + 1

    def new_staff_feed(self, email_hash: str) -> int:
        """See `StaffDesk.new_staff_feed`."""
        known = self.staff_account(email_hash)
        self.accounts[email_hash] = replace(known, feed_generation=known.feed_generation + 1)
        return known.feed_generation + 1

    def counts(self, after: datetime) -> list[SessionCounts]:
        """See `StaffDesk.counts`."""
        found = [counts for counts in self.kept_counts.values() if counts.starts >= after]
        return sorted(found, key=lambda counts: (counts.starts, counts.session_id))
