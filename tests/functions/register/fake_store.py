# SPDX-License-Identifier: AGPL-3.0-or-later
"""A store in plain Python: what the rules mean, as simply as they can be said.

Tests of what uses a store use it instead of a database; the state machine holds the real stores against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from register.domain.errors import SessionOver, TooManyNames, UnknownRegistration, UnknownSession
from register.domain.model import (
    Message,
    Notice,
    Occupancy,
    Person,
    Registration,
    SessionTerms,
    SignedUp,
    State,
    normalized_email,
)
from register.domain.notifications import (
    cancellation_mail,
    is_reminded,
    notice_mail,
    promotion_mail,
    reminder_due,
    reminder_mail,
    state_mail,
)
from register.domain.rate_limits import Limit
from register.domain.rules import (
    NAMES_FOR_ONE_ADDRESS,
    is_affected,
    passes_seat_on,
    promotion_due,
    refusal,
    state_for_next,
)
from register.stores import KEPT_AFTER_SENDING, Conflict, Delivery, StoreError, held_back

Key = tuple[str, str, str, str, str]


def key_of(message: Message) -> Key:
    """Return what makes a message one of its own."""
    return (message.session_id, message.identity, message.registration_id, message.kind, message.occasion)


class FakeStore:
    """Implements `register.stores.Store`; nothing in it is atomic, and nothing needs to be."""

    def __init__(self) -> None:
        self.standings: dict[str, Occupancy] = {}
        self.registrations: dict[tuple[str, str], Registration] = {}
        self.outbox: dict[Key, Delivery] = {}
        self.leases: dict[Key, datetime] = {}
        self.counts: dict[tuple[str, int], tuple[int, datetime]] = {}
        self.queue_numbers: dict[str, int] = {}

    def health(self) -> str:
        return "fake"

    def session(self, session_id: str) -> Occupancy:
        if session_id not in self.standings:
            raise UnknownSession(session_id)
        return self.standings[session_id]

    def sessions(self, after: datetime) -> list[Occupancy]:
        found = [one for one in self.standings.values() if one.terms.ends > after]
        return sorted(found, key=lambda one: (one.terms.starts, one.terms.session_id))

    def registration(self, session_id: str, identity: str) -> Registration | None:
        return self.registrations.get((session_id, identity))

    def place(self, registration: Registration) -> int | None:
        line = self._line(registration.session_id)
        ids = [one.identity for one in line]
        return ids.index(registration.identity) + 1 if registration.identity in ids else None

    def roster(self, session_id: str) -> list[Registration]:
        self.session(session_id)
        everybody = [one for one in self.registrations.values() if one.session_id == session_id]
        confirmed = [one for one in everybody if one.state is State.CONFIRMED]
        cancelled = [one for one in everybody if one.state is State.CANCELLED]

        def by_time(one: Registration) -> tuple[datetime, str]:
            return one.since, one.identity

        return [*sorted(confirmed, key=by_time), *self._line(session_id), *sorted(cancelled, key=by_time)]

    def registrations_of(self, email: str) -> list[Registration]:
        found = [one for one in self.registrations.values() if same_address(one.person.email, email)]
        return sorted(found, key=lambda one: (one.session_id, one.identity))

    def messages_of(self, email: str) -> list[Delivery]:
        found = [one for one in self.outbox.values() if same_address(one.message.email, email)]
        return sorted(found, key=lambda one: (one.message.recorded, one.message.key))

    def sign_up(
        self,
        session_id: str,
        person: Person,
        *,
        registration_id: str,
        now: datetime,
        limits: Sequence[Limit] = (),
        late: bool = False,
    ) -> SignedUp:
        occupancy = self.session(session_id)
        if refused := refusal(occupancy.terms, now, late=late):
            raise refused
        known = self.registration(session_id, person.identity)
        if known is None or known.state is State.CANCELLED:
            self._refuse_too_many_names(session_id, person)
            self._count(limits, now)
            queue_number = None
            state = state_for_next(occupancy)
            if state is State.WAITLISTED:
                queue_number = self.queue_numbers[session_id] = self.queue_numbers.get(session_id, 0) + 1
            known = Registration(
                session_id, person.identity, registration_id, state, person, now, now, queue_number
            )
            self.registrations[session_id, person.identity] = known
            self._count_states(session_id)
            repeated = False
        else:
            self._count(limits, now)
            repeated = True
        self._record(state_mail(known, occupancy.terms, now))
        return SignedUp(known, self.place(known), repeated)

    def cancel(self, session_id: str, identity: str, registration_id: str, *, now: datetime) -> Registration:
        occupancy = self.session(session_id)
        known = self.registration(session_id, identity)
        if known is None or known.registration_id != registration_id:
            raise UnknownRegistration(session_id)
        if known.state is State.CANCELLED:
            return known
        if occupancy.terms.ends <= now:
            raise SessionOver(session_id, occupancy.terms.ends)
        gone = replace(known, state=State.CANCELLED, since=now, queue_number=None)
        self.registrations[session_id, identity] = gone
        self._record(cancellation_mail(known, occupancy.terms, now))
        if known.state is State.CONFIRMED and passes_seat_on(occupancy, now):
            self._promote(occupancy, now)
        self._count_states(session_id)
        return gone

    def promote_one(self, session_id: str, *, now: datetime) -> bool:
        occupancy = self.session(session_id)
        if not promotion_due(occupancy, now):
            return False
        self._promote(occupancy, now)
        self._count_states(session_id)
        return True

    def resend(self, session_id: str, identity: str, *, now: datetime, limits: Sequence[Limit] = ()) -> bool:
        terms = self.session(session_id).terms
        known = self.registration(session_id, identity)
        if known is None or known.state is State.CANCELLED:
            raise UnknownRegistration(session_id)
        self._count(limits, now)
        return self._record(state_mail(known, terms, now))

    def count(self, limits: Sequence[Limit], *, now: datetime) -> None:
        self._count(limits, now)

    def sync_session(self, terms: SessionTerms, notice: Notice | None, *, expected: Occupancy | None) -> None:
        stored = self.standings.get(terms.session_id)
        if (stored and (stored.terms, stored.notice)) != (expected and (expected.terms, expected.notice)):
            raise Conflict(terms.session_id)
        if stored and stored.notice:
            raise Conflict(terms.session_id)
        if stored:
            self.standings[terms.session_id] = replace(stored, terms=terms, notice=notice)
        else:
            self.standings[terms.session_id] = Occupancy(terms, notice=notice)

    def withdraw(self, session_id: str) -> bool:
        occupancy = self.session(session_id)
        if occupancy.confirmed or occupancy.waiting:
            return False
        del self.standings[session_id]
        for one in [key for key in self.registrations if key[0] == session_id]:
            del self.registrations[one]
        return True

    def write_out_notice(self, session_id: str) -> int:
        occupancy = self.session(session_id)
        notice = occupancy.notice
        if notice is None:
            return 0
        told = [one for one in self.roster(session_id) if is_affected(one, notice)]
        new = sum(self._record(notice_mail(one, occupancy.terms, notice)) for one in told)
        self.standings[session_id] = replace(occupancy, notice=None)
        return new

    def write_reminders(self, session_id: str, *, now: datetime) -> int:
        occupancy = self.session(session_id)
        if not reminder_due(occupancy, now):
            return 0
        terms = occupancy.terms
        due = [one for one in self.roster(session_id) if is_reminded(one, terms)]
        new = sum(self._record(reminder_mail(one, terms, now)) for one in due)
        self.standings[session_id] = replace(occupancy, reminded=terms.starts)
        return new

    def claim(self, *, now: datetime, lease: timedelta, most: int) -> list[Delivery]:
        due = [one for one in self.pending() if one.due is not None and one.due <= now]
        free = [
            one
            for one in due
            if self.leases.get(key_of(one.message), now) <= now
            and not held_back(one.message, self.outbox.values())
        ][:most]
        for one in free:
            self.leases[key_of(one.message)] = now + lease
        return free

    def claim_one(
        self,
        session_id: str,
        identity: str,
        registration_id: str,
        kind: str,
        occasion: str,
        *,
        now: datetime,
        lease: timedelta,
    ) -> Delivery | None:
        key = (session_id, identity, registration_id, kind, occasion)
        one = self.outbox.get(key)
        if one is None or one.due is None or one.due > now or self.leases.get(key, now) > now:
            return None
        if held_back(one.message, self.outbox.values()):
            return None
        self.leases[key] = now + lease
        return one

    def settle_sent(self, message: Message, *, now: datetime) -> None:
        self._settle(message, due=None, sent=now)

    def settle_later(self, message: Message, *, due: datetime, problem: str, counted: bool = True) -> None:
        known = self.outbox.get(key_of(message))
        if known and known.sent is None:
            attempts = known.attempts + counted if known.due is not None else 0
            self._settle(message, due=due, problem=problem, attempts=attempts)

    def settle_failed(self, message: Message, *, now: datetime, problem: str) -> None:  # noqa: ARG002 - the port's
        known = self.outbox.get(key_of(message))
        if known and known.sent is None:
            self._settle(message, due=None, problem=problem, attempts=known.attempts + 1)

    def bounced(self, email: str, problem: str, *, now: datetime) -> int:  # noqa: ARG002 - the port's
        found = self.registrations_of(email)
        for one in found:
            self.registrations[one.session_id, one.identity] = replace(one, bounced=problem)
        return len(found)

    def pending(self) -> list[Delivery]:
        found = [(one.due, one.message.key, one) for one in self.outbox.values() if one.due is not None]
        return [one for _, _, one in sorted(found, key=lambda row: row[:2])]

    def failed(self) -> list[Delivery]:
        found = [one for one in self.outbox.values() if one.due is None and one.sent is None]
        return sorted(found, key=lambda one: (one.message.recorded, one.message.key))

    def erase(self, email: str, *, now: datetime) -> int:
        found = self.registrations_of(email)
        active = [one.session_id for one in found if one.state is not State.CANCELLED]
        if any(self.standings[one].terms.ends > now for one in active):
            raise StoreError("something is active still; cancel it first")
        for one in found:
            del self.registrations[one.session_id, one.identity]
        for key in [key for key, one in self.outbox.items() if same_address(one.message.email, email)]:
            del self.outbox[key]
        return len(found)

    def purge(self, *, now: datetime) -> int:
        sessions = [key for key, one in self.standings.items() if one.terms.expires <= now]
        registrations = [key for key in self.registrations if key[0] in sessions]
        limits = [key for key, (_, expires) in self.counts.items() if expires <= now]
        sent = [key for key, one in self.outbox.items() if one.sent and one.sent + KEPT_AFTER_SENDING <= now]
        week_ago = now - KEPT_AFTER_SENDING
        stale = [
            key
            for key, one in self.outbox.items()
            if key not in sent
            and (
                key[0] in sessions
                or (one.due is None and one.message.recorded <= week_ago and key[0] not in self.standings)
            )
        ]
        for key in sessions:
            del self.standings[key]
        for pair in registrations:
            del self.registrations[pair]
        for window in limits:
            del self.counts[window]
        for message in [*sent, *stale]:
            del self.outbox[message]
        return len(sessions) + len(registrations) + len(limits) + len(sent) + len(stale)

    def close(self) -> None:
        """Nothing is open."""

    def _line(self, session_id: str) -> list[Registration]:
        waiting = [
            one
            for one in self.registrations.values()
            if one.session_id == session_id and one.state is State.WAITLISTED
        ]
        return sorted(waiting, key=lambda one: one.queue_number or 0)

    def _refuse_too_many_names(self, session_id: str, person: Person) -> None:
        active = [
            one
            for one in self.registrations_of(person.email)
            if one.session_id == session_id and one.state is not State.CANCELLED
        ]
        if len(active) >= NAMES_FOR_ONE_ADDRESS:
            raise TooManyNames(session_id, NAMES_FOR_ONE_ADDRESS)

    def _count(self, limits: Sequence[Limit], now: datetime) -> None:
        counts = {(one.key, one.window_of(now)): one for one in limits}
        for key, one in counts.items():
            if self.counts.get(key, (0, now))[0] >= one.most:
                raise one.reached()
        for key, one in counts.items():
            self.counts[key] = (self.counts.get(key, (0, now))[0] + 1, one.expires(now))

    def _count_states(self, session_id: str) -> None:
        states = [one.state for one in self.registrations.values() if one.session_id == session_id]
        self.standings[session_id] = replace(
            self.standings[session_id],
            confirmed=states.count(State.CONFIRMED),
            waiting=states.count(State.WAITLISTED),
        )

    def _promote(self, occupancy: Occupancy, now: datetime) -> None:
        first = self._line(occupancy.terms.session_id)[0]
        seated = replace(first, state=State.CONFIRMED, since=now, queue_number=None)
        self.registrations[first.session_id, first.identity] = seated
        self._record(promotion_mail(seated, occupancy.terms, now))

    def _record(self, message: Message) -> bool:
        key = key_of(message)
        if key in self.outbox:
            return False
        self.outbox[key] = Delivery(message, due=message.recorded)
        return True

    def _settle(self, message: Message, **changes: object) -> None:
        key = key_of(message)
        if key in self.outbox:
            self.outbox[key] = replace(self.outbox[key], **changes)
            self.leases.pop(key, None)


def same_address(one: str, other: str) -> bool:
    """Whether two ways to write an address mean the same."""
    return normalized_email(one) == normalized_email(other)
