# SPDX-License-Identifier: AGPL-3.0-or-later
"""A store in plain Python: what the port means, as simply as it can be said.

For tests of what uses a store; and one suite and one state machine hold the databases against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import count

from register.domain.announcements import Announcement
from register.domain.counts import SessionCounts
from register.domain.errors import UnknownSession
from register.domain.identity import hash_of
from register.domain.messages import Message
from register.domain.model import (
    Kind,
    Notice,
    Occupancy,
    Registration,
    SessionTerms,
    State,
    Tally,
    roster_of,
)
from register.domain.notifications import number_after_erasing
from register.domain.outcome import Outcome
from register.domain.rate_limits import Limit
from register.domain.trail import TrailEntry
from register.stores.deliveries import KEPT_AFTER_ERASING, KEPT_AFTER_SENDING, Delivery, left_by_erasure
from register.stores.errors import StillActive, StoreError
from register.stores.memory_desk import MemoryDesk
from register.stores.memory_outbox import MemoryOutbox, MemoryWishes
from register.stores.transaction import Transaction, current
from register.stores.transactional import TransactionalStore


class MemoryStore(TransactionalStore, MemoryOutbox, MemoryWishes, MemoryDesk):
    """`register.stores.Store` in dictionaries, for one thread. A verb checks before it writes, so nothing is undone."""

    def __init__(self) -> None:
        self.occupancies: dict[str, Occupancy] = {}
        self.registrations: dict[tuple[str, str], Registration] = {}
        self.tallies: dict[tuple[str, str], Tally] = {}
        self.trails: dict[tuple[str, str], TrailEntry] = {}
        MemoryOutbox.__init__(self)
        MemoryWishes.__init__(self)
        MemoryDesk.__init__(self)
        self.hits: dict[str, tuple[datetime, ...]] = {}
        self.hits_expire: dict[str, datetime] = {}
        self._queue_numbers = count(1)

    def health(self) -> str:
        """See `Store.health`."""
        return f"in memory, {len(self.occupancies)} sessions"

    def damaged(self) -> list[StoreError]:
        """See `Store.damaged`."""
        return []

    def close(self) -> None:
        """Nothing is open."""

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """See `TransactionalStore.transaction`."""
        yield _Transaction(self)

    # Reading

    def session(self, session_id: str) -> Occupancy:
        """See `Sessions.session`."""
        if session_id not in self.occupancies:
            raise UnknownSession(session_id)
        return self.occupancies[session_id]

    def sessions(self, after: datetime) -> list[Occupancy]:
        """See `Sessions.sessions`."""
        found = [occupancy for occupancy in self.occupancies.values() if occupancy.terms.ends > after]
        return sorted(found, key=lambda occupancy: (occupancy.terms.starts, occupancy.terms.session_id))

    def registration(self, session_id: str, registration_id: str) -> Registration | None:
        """See `Registrations.registration`."""
        found = self.registrations.get((session_id, registration_id))
        return current(found, lambda identity: self._active(session_id, identity))

    def place(self, registration: Registration) -> int | None:
        """See `Registrations.place`."""
        line = [waiting.registration_id for waiting in self._line(registration.session_id)]
        found = registration.registration_id in line
        return line.index(registration.registration_id) + 1 if found else None

    def roster(self, session_id: str) -> list[Registration]:
        """See `Registrations.roster`."""
        self.session(session_id)
        return roster_of(self._in(session_id))

    def registrations_of(self, email: str) -> list[Registration]:
        """See `Registrations.registrations_of`."""
        return self.registrations_of_hash(hash_of(email))

    def registrations_of_hash(self, email_hash: str) -> list[Registration]:
        """See `Registrations.registrations_of_hash`."""
        found = [each for each in self.registrations.values() if each.person.email_hash == email_hash]
        return sorted(found, key=lambda each: (each.session_id, each.registration_id))

    def tally(self, session_id: str, email_hash: str) -> Tally:
        """See `Registrations.tally`."""
        return self.tallies.get((session_id, email_hash), Tally())

    def trail(self, session_id: str) -> list[TrailEntry]:
        """See `Registrations.trail`."""
        found = [entry for entry in self.trails.values() if entry.session_id == session_id]
        return sorted(found, key=lambda entry: (entry.when, entry.entry_id))

    # Keeping house

    def bounced(self, email: str, problem: str, *, now: datetime) -> int:  # noqa: ARG002 - the port's
        """See `Registrations.bounced`."""
        found = self.registrations_of(email)
        for each in found:
            self.registrations[each.session_id, each.registration_id] = replace(each, bounced=problem)
        return len(found)

    def erase(self, email: str, *, now: datetime) -> int:
        """See `Registrations.erase`."""
        found = self.registrations_of(email)
        if any(each.is_active and self.session(each.session_id).terms.ends > now for each in found):
            raise StillActive
        email_hash = hash_of(email)
        for key in [key for key in self.tallies if key[1] == email_hash]:
            last, session_id = self.tallies.pop(key).last, key[0]
            if known := self.occupancies.get(session_id):
                theirs = [each for each in found if each.session_id == session_id]
                highest = number_after_erasing(known.highest_erased, last, theirs, now)
                self.occupancies[session_id] = replace(known, highest_erased=highest)
        for each in found:
            del self.registrations[each.session_id, each.registration_id]
            self._delete_trail(each.session_id, each.registration_id)
            known = self.occupancies[each.session_id]
            self.occupancies[each.session_id] = replace(
                known,
                confirmed=known.confirmed - (each.state is State.CONFIRMED),
                waiting=known.waiting - (each.state is State.WAITLISTED),
            )
        left = {
            each.message.key: each
            for session_id in {key.session_id for key in self.outbox}
            for each in left_by_erasure(self._to((session_id, email_hash)), now)
        }
        for message_key in [key for key in self.outbox if key.email_hash == email_hash]:
            del self.outbox[message_key]
        self.outbox |= left
        self.left_until = dict.fromkeys(left, now + KEPT_AFTER_ERASING) | self.left_until
        for wish in self.wishes_of(email):
            self.delete_wish(wish)
        return len(found)

    def purge(self, *, now: datetime) -> int:
        """See `Store.purge`."""
        week_ago = now - KEPT_AFTER_SENDING
        expired = {key for key, known in self.occupancies.items() if known.terms.expires <= now}
        before = self._rows()
        for key, delivery in list(self.outbox.items()):
            is_old = delivery.due is None and delivery.message.recorded <= week_ago
            withdrawn = key.session_id not in self.occupancies
            sent_long_ago = delivery.sent is not None and delivery.sent <= week_ago
            erased_long_ago = key in self.left_until and self.left_until[key] <= now
            if key.session_id in expired or sent_long_ago or erased_long_ago or (withdrawn and is_old):
                del self.outbox[key]
        for session_id in expired:
            self._delete(session_id)
        for wish in [wish for wish in self.wished.values() if wish.expires <= now]:
            self.delete_wish(wish)
        for limit_key in [key for key, expires in self.hits_expire.items() if expires <= now]:
            del self.hits[limit_key], self.hits_expire[limit_key]
        return before - self._rows()

    def _rows(self) -> int:
        people = len(self.registrations) + len(self.tallies) + len(self.trails)
        return len(self.occupancies) + people + len(self.outbox) + len(self.hits) + len(self.wished)

    def _delete(self, session_id: str) -> None:
        del self.occupancies[session_id]
        for key in [key for key in self.registrations if key[0] == session_id]:
            del self.registrations[key]
        for key in [key for key in self.tallies if key[0] == session_id]:
            del self.tallies[key]
        self._delete_trail(session_id)

    def _delete_trail(self, session_id: str, registration_id: str | None = None) -> None:
        """Delete what staff did about a session, or about one of its registrations."""
        for entry in self.trail(session_id):
            if registration_id in {None, entry.registration_id}:
                del self.trails[session_id, entry.entry_id]

    def _in(self, session_id: str) -> list[Registration]:
        return [each for each in self.registrations.values() if each.session_id == session_id]

    def _active(self, session_id: str, identity: str) -> Registration | None:
        active = (each for each in self._in(session_id) if each.is_active)
        return next((each for each in active if each.person.identity == identity), None)

    def _line(self, session_id: str) -> list[Registration]:
        waiting = [each for each in self._in(session_id) if each.state is State.WAITLISTED]
        return sorted(waiting, key=lambda each: each.queue_number or 0)


class _Transaction:
    """`Transaction` in dictionaries."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self.occupancy, self.roster, self.place = store.session, store.roster, store.place
        self.tally = store.tally

    def find_occupancy(self, session_id: str) -> Occupancy | None:
        return self._store.occupancies.get(session_id)

    def registration(self, session_id: str, registration_id: str) -> Registration | None:
        return self._store.registrations.get((session_id, registration_id))

    def active_registration(self, session_id: str, identity: str) -> Registration | None:
        return self._store._active(session_id, identity)

    def first_in_line(self, session_id: str) -> Registration | None:
        return next(iter(self._store._line(session_id)), None)

    def recorded(self, registration: Registration, kind: Kind) -> list[datetime]:
        about = registration.session_id, registration.person.email_hash, registration.registration_id, kind
        return [each.message.recorded for key, each in self._store.outbox.items() if key[:4] == about]

    def draw_queue_number(self, session_id: str) -> int:  # noqa: ARG002 - one row of numbers does for all
        return next(self._store._queue_numbers)

    def count(self, limits: Sequence[Limit], now: datetime) -> None:
        hit = {limit.key: limit.hit(self._store.hits.get(limit.key, ()), now) for limit in limits}
        self._store.hits |= hit
        self._store.hits_expire |= {limit.key: limit.expires(hit[limit.key]) for limit in limits}

    def write(self, outcome: Outcome) -> bool:
        store = self._store
        if any(message.key in store.outbox for message in outcome.messages):
            return False
        known = store.session(outcome.session_id)
        store.occupancies[outcome.session_id] = replace(
            known, confirmed=known.confirmed + outcome.confirmed, waiting=known.waiting + outcome.waiting
        )
        for change in outcome.registrations:
            store.registrations[outcome.session_id, change.after.registration_id] = change.after
        for tally in outcome.tallies:
            store.tallies[outcome.session_id, tally.email_hash] = tally.after
        for message in outcome.messages:
            store.outbox[message.key] = Delivery(message, due=message.recorded)
        for entry in outcome.trail:
            store.trails[entry.session_id, entry.entry_id] = entry
        return True

    def put_session(self, terms: SessionTerms, notice: Notice | None) -> None:
        known = self._store.occupancies.get(terms.session_id) or Occupancy(terms)
        self._store.occupancies[terms.session_id] = replace(known, terms=terms, notice=notice)

    def clear_notice(self, session_id: str) -> None:
        known = self._store.session(session_id)
        self._store.occupancies[session_id] = replace(known, notice=None)

    def is_announced(self, session_id: str, occasion: str) -> bool:
        return (session_id, occasion) in self._store.trails

    def put_announcement(self, session_id: str, announcement: Announcement | None) -> None:
        known = self._store.session(session_id)
        self._store.occupancies[session_id] = replace(known, announcement=announcement)

    def put_message(self, message: Message, expires: datetime) -> bool:
        if message.key in self._store.outbox:
            return False
        self._store.outbox[message.key] = Delivery(message, due=message.recorded)
        self._store.left_until[message.key] = expires
        return True

    def kept_counts(self, session_id: str) -> SessionCounts | None:
        return self._store.kept_counts.get(session_id)

    def put_counts(self, counts: SessionCounts) -> None:
        self._store.kept_counts[counts.session_id] = counts

    def set_reminded(self, session_id: str, starts: datetime | None) -> None:
        known = self._store.session(session_id)
        self._store.occupancies[session_id] = replace(known, reminded=starts)

    def delete_session(self, session_id: str) -> None:
        self._store._delete(session_id)
