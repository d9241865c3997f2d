# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff write, and what they are told, in a store that has real transactions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from register.domain.announcements import Announcement
from register.domain.counts import SessionCounts, merged
from register.domain.errors import SessionOver
from register.domain.messages import Message
from register.domain.model import Occupancy
from register.domain.notifications import is_addressed, news_of_announcement
from register.domain.outcome import Outcome
from register.domain.staff_messages import KEPT
from register.domain.trail import TrailAction, TrailEntry
from register.stores.transaction import Transaction, notify


class TransactionalDesk(ABC):
    """The verbs of `StaffDesk` that change something about sessions and messages."""

    @abstractmethod
    def transaction(self) -> AbstractContextManager[Transaction]:
        """As in `TransactionalChanges`."""

    def record(self, messages: Sequence[Message]) -> int:
        """See `StaffDesk.record`."""
        if not messages:
            return 0
        with self.transaction() as transaction:
            return sum(transaction.put_message(message, message.recorded + KEPT) for message in messages)

    def announce(self, session_id: str, announcement: Announcement, *, now: datetime, staff: str) -> bool:
        """See `StaffDesk.announce`."""
        with self.transaction() as transaction:
            occupancy = transaction.occupancy(session_id)
            if transaction.is_announced(session_id, announcement.occasion):
                return False
            if occupancy.terms.ends <= now:
                raise SessionOver(session_id, occupancy.terms.ends)
            _write_out(transaction, occupancy)
            entry = TrailEntry(session_id, announcement.occasion, now, staff, TrailAction.ANNOUNCED)
            transaction.put_announcement(session_id, announcement)
            return transaction.write(Outcome(session_id, trail=(entry,)))

    def write_out_announcement(self, session_id: str) -> int:
        """See `StaffDesk.write_out_announcement`."""
        with self.transaction() as transaction:
            return _write_out(transaction, transaction.occupancy(session_id))

    def keep_counts(self, counts: SessionCounts) -> None:
        """See `StaffDesk.keep_counts`."""
        with self.transaction() as transaction:
            transaction.put_counts(merged(transaction.kept_counts(counts.session_id), counts))


def _write_out(transaction: Transaction, occupancy: Occupancy) -> int:
    """Record what staff have written for each person who is addressed; return how many messages are new."""
    session_id, announcement = occupancy.terms.session_id, occupancy.announcement
    if announcement is None:
        return 0
    people = [each for each in transaction.roster(session_id) if is_addressed(each, announcement)]
    told = (notify(transaction, occupancy, each, news_of_announcement(announcement, each)) for each in people)
    new = sum(told)
    transaction.put_announcement(session_id, None)
    return new
