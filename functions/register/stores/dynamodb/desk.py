# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff write, what they are told, and what is kept for them in DynamoDB."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from register.domain import outcomes
from register.domain.announcements import Announcement
from register.domain.counts import SessionCounts, merged
from register.domain.errors import SessionOver
from register.domain.messages import Message
from register.domain.model import Occupancy, Registration, Tally
from register.domain.notifications import is_addressed, news_of_announcement
from register.domain.outcome import Outcome
from register.domain.staff_messages import KEPT
from register.domain.trail import TrailAction, TrailEntry
from register.stores.desk import StaffAccount
from register.stores.desk_records import ANNOUNCEMENT, announcement_values
from register.stores.dynamodb.client import Unmet
from register.stores.dynamodb.items import account, counts_item, message_item, trail_item
from register.stores.dynamodb.items import counts as counts_of
from register.stores.dynamodb.keys import COUNTS, counts_key, session_key, staff_key, trail_key, unpack
from register.stores.dynamodb.writing import ABSENT, Writing
from register.stores.fields import readable
from register.stores.records import Value

_PUT = "SET " + ", ".join(f"#{name} = :{name}" for name in ANNOUNCEMENT)
_NONE_PENDING = f"attribute_exists(#pk) AND attribute_not_exists(#{ANNOUNCEMENT[0]})"
_CLEAR = "REMOVE " + ", ".join(f"#{name}" for name in ANNOUNCEMENT)
_SAME_PENDING = f"#{ANNOUNCEMENT[0]} = :occasion"
_AS_READ = "#erased = :erased AND #people_json = :people_json AND #groups_json = :groups_json"
_RAISE = "ADD #session_generation :session_generation, #feed_generation :feed_generation"


class DynamoDBDesk(Writing):
    """`register.stores.StaffDesk` in a table."""

    def staff_account(self, email_hash: str) -> StaffAccount:
        """See `StaffDesk.staff_account`."""
        item = self.table.get(staff_key(email_hash))
        return StaffAccount() if item is None else account(item)

    def end_staff_sessions(self, email_hash: str) -> int:
        """See `StaffDesk.end_staff_sessions`."""
        return self._raised(email_hash, session_generation=1).session_generation

    def new_staff_feed(self, email_hash: str) -> int:
        """See `StaffDesk.new_staff_feed`."""
        return self._raised(email_hash, feed_generation=1).feed_generation

    def _raised(
        self, email_hash: str, *, session_generation: int = 0, feed_generation: int = 0
    ) -> StaffAccount:
        # Where the answer is lost it may be raised twice: what was given out before is dead all the same.
        by: dict[str, Value] = {"session_generation": session_generation, "feed_generation": feed_generation}
        change = self.table.update(staff_key(email_hash), _RAISE, "", **by)
        return account(self.table.write(change, returns="ALL_NEW"))

    def record(self, messages: Sequence[Message]) -> int:
        """See `StaffDesk.record`."""
        return sum(map(self._record, messages))

    def _record(self, message: Message) -> bool:
        try:
            # A transaction for its token: where the answer was lost it is new all the same.
            self.table.transact(self.table.put(message_item(message, message.recorded + KEPT), ABSENT))
        except Unmet:
            return False
        return True

    def announce(self, session_id: str, announcement: Announcement, *, now: datetime, staff: str) -> bool:
        """See `StaffDesk.announce`."""
        entry = TrailEntry(session_id, announcement.occasion, now, staff, TrailAction.ANNOUNCED)
        values = {
            name: value for name, value in announcement_values(announcement).items() if value is not None
        }
        for _ in self.table.rounds(session_id):
            occupancy, [known] = self._read(session_id, trail_key(session_id, entry.entry_id))
            if known is not None:
                return False
            if occupancy.terms.ends <= now:
                raise SessionOver(session_id, occupancy.terms.ends)
            if occupancy.announcement is not None:
                self.write_out_announcement(session_id)
                continue
            try:
                self.table.transact(
                    self.table.update(session_key(session_id), _PUT, _NONE_PENDING, **values),
                    self.table.put(trail_item(entry, occupancy.terms.expires), ABSENT),
                )
            except Unmet:
                continue  # another one came in between, or this one was sent twice: read again
            return True
        raise AssertionError  # rounds() has raised

    def write_out_announcement(self, session_id: str) -> int:
        """See `StaffDesk.write_out_announcement`."""
        announcement = self.session(session_id).announcement
        if announcement is None:
            return 0

        def outcome_of(stored: Occupancy, known: Registration, tally: Tally) -> Outcome | None:
            # A change of the session holds it up no more than a change of the person: it tells of neither.
            if stored.announcement != announcement or not is_addressed(known, announcement):
                return None
            return outcomes.notified(stored, known, tally, news_of_announcement(announcement, known))

        new = sum(
            self._notify(session_id, each.registration_id, outcome_of)
            for each in self.roster(session_id)
            if is_addressed(each, announcement)
        )
        with suppress(Unmet):  # somebody else has written it out at the same time
            clear = self.table.update(
                session_key(session_id), _CLEAR, _SAME_PENDING, occasion=announcement.occasion
            )
            self.table.write(clear)
        return new

    def keep_counts(self, counts: SessionCounts) -> None:
        """See `StaffDesk.keep_counts`."""
        for _ in self.table.rounds(counts.session_id):
            item = self.table.get(counts_key(counts.session_id))
            if item is None:
                put = self.table.put(counts_item(counts), ABSENT)
            else:
                whole = counts_item(merged(counts_of(item), counts))
                put = self.table.put(whole, _AS_READ, **unpack(item))
            try:
                self.table.write(put)
            except Unmet:
                continue  # somebody has counted at the same time: read again
            return
        raise AssertionError  # rounds() has raised

    def counts(self, after: datetime) -> list[SessionCounts]:
        """See `StaffDesk.counts`."""
        found = readable(counts_of, self.table.query("#pk = :counts", counts=COUNTS))
        wanted = [each for each in found if each.starts >= after]
        return sorted(wanted, key=lambda each: (each.starts, each.session_id))
