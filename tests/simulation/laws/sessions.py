# SPDX-License-Identifier: AGPL-3.0-or-later
"""Seats, the line, and that each change is told: looked at by what has changed since the last look."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from register.domain.announcements import Announcement
from register.domain.errors import UnknownSession
from register.domain.model import ChangedBy, Kind, Occupancy, Registration, SessionTerms, State
from register.domain.notifications import REMINDER_BEFORE, is_addressed
from register.domain.snapshot import read
from schedule.model import Status
from tests.simulation.laws.base import LINE_CLOSES_BEFORE, hold

if TYPE_CHECKING:
    from tests.simulation.laws.emails import Emails
    from tests.simulation.world import World

_ENTERED = {State.CONFIRMED: (Kind.CONFIRMATION, Kind.PROMOTION), State.WAITLISTED: (Kind.WAITING_LIST,)}
_ONCE_EVERY = timedelta(hours=8)
"""How long after the reminders are due the server has swept, whatever it went through."""


@dataclass(frozen=True)
class Seen:
    """A session as it was at the last look."""

    occupancy: Occupancy
    people: dict[str, Registration]
    line: tuple[str, ...]

    def seats(self, email: str) -> int:
        """Return how many seats an address has."""
        people = self.people.values()
        return sum(each.person.email == email and each.state is State.CONFIRMED for each in people)


class Sessions:
    """The laws of sessions."""

    def __init__(self, world: World, emails: Emails) -> None:
        self._world, self._emails = world, emails
        self.seen: dict[str, Seen] = {}
        self._entered: dict[str, datetime] = {}
        """When people really came into their state, or to their address, whatever the clock of the process said."""

    def check(self, session_id: str) -> None:
        """Look at one session."""
        self._world.done["look at a session"] += 1
        store = self._world.place.look
        try:
            occupancy, roster = store.session(session_id), store.roster(session_id)
        except UnknownSession:
            before = self.seen.pop(session_id, None)
            lost = [] if before is None else [each for each in before.people.values() if each.is_active]
            hold("withdrawn", not lost, f"{session_id} has gone with {len(lost)} people in it")
            return
        now = Seen(
            occupancy,
            {each.registration_id: each for each in roster},
            tuple(each.registration_id for each in roster if each.state is State.WAITLISTED),
        )
        before = self.seen.get(session_id)
        self.seen[session_id] = now
        self._seats(before, now)
        self._line(before, now)
        self._told(before, now)

    def announced(self, session_id: str, announcement: Announcement) -> None:
        """Whoever staff write to, and was and is among them, gets it; `Emails` sees that it comes once."""
        store = self._world.place.look
        left = store.session(session_id).announcement
        hold("announced", left is None, f"{session_id}: {left and left.occasion} is not written out")
        seen = self.seen.get(session_id)
        for each in store.roster(session_id):
            before = seen and seen.people.get(each.registration_id)
            if before and is_addressed(before, announcement) and is_addressed(each, announcement):
                self._emails.expect(each, Kind.ANNOUNCEMENT, occasion=announcement.occasion)

    def _seats(self, before: Seen | None, now: Seen) -> None:
        """No more are confirmed than there are seats, but for a cut; nobody waits beside a free seat."""
        occupancy = now.occupancy
        terms, confirmed = occupancy.terms, occupancy.confirmed
        states = [each.state for each in now.people.values()]
        counted = states.count(State.CONFIRMED), states.count(State.WAITLISTED)
        stored = confirmed, occupancy.waiting
        hold("counts", stored == counted, f"{terms.session_id}: stored are {stored}, counted {counted}")
        kept = before.occupancy.confirmed if before else 0
        words = f"{terms.session_id}: {confirmed} have a seat, of {terms.capacity}"
        hold("seats", confirmed <= max(terms.capacity, kept), f"{words}; {kept} had one before")
        gives = terms.status is Status.SCHEDULED and not self._is_closed(now)
        idle = gives and confirmed < terms.capacity and occupancy.waiting > 0
        hold("free seats", not idle, f"{words}, and {occupancy.waiting} wait")

    def _line(self, before: Seen | None, now: Seen) -> None:
        """Who came first gets a seat first, and nobody is overtaken."""
        if before is None:
            return
        session_id = now.occupancy.terms.session_id
        still = tuple(each for each in before.line if each in now.line)
        hold("order", now.line[: len(still)] == still, f"{session_id}: the line was {still}, is {now.line}")
        if self._is_closed(now):
            joined = set(now.line) - set(before.people)
            hold("closed", not joined, f"{session_id}: {len(joined)} have joined a line that is closed")
            return  # staff seat whom they like
        stayed = [each for each in before.line if each in now.people and now.people[each].is_active]
        seated = [now.people[each].state is State.CONFIRMED for each in stayed]
        in_order = seated == sorted(seated, reverse=True)
        hold("order", in_order, f"{session_id}: seats were given within the line: {seated}")
        if now.line:
            place = self._world.place.look.place(now.people[now.line[-1]])
            hold(
                "order",
                place == len(now.line),
                f"{session_id}: the last of {len(now.line)} is number {place}",
            )

    def _is_closed(self, now: Seen) -> bool:
        """Whether nobody waits for a seat any more who would hear of it in time."""
        return self._world.time() >= now.occupancy.terms.starts - LINE_CLOSES_BEFORE

    def _told(self, before: Seen | None, now: Seen) -> None:
        """Whatever has changed for somebody, an email about it is recorded."""
        known = before.people if before else {}
        for registration_id, registration in now.people.items():
            old = known.get(registration_id)
            if old is None or old.state is not registration.state:
                self._entered[registration_id] = self._world.clock.now
            if old is None and registration.is_active:
                self._entry(registration)
            elif old is not None and old.state is not registration.state:
                promoted = registration.state is State.CONFIRMED
                self._entry(registration) if promoted else self._exit(registration)
            if old is not None and old.person != registration.person:
                self._emails.expect(registration, Kind.CORRECTION)
                if old.person.email != registration.person.email:
                    self._emails.expect(old, Kind.ADDRESS_CHANGED)
                    # What went to the address before, as a reminder, is not sent again: the correction says it all.
                    self._entered[registration_id] = self._world.clock.now
        people = {each.person.identity for each in now.people.values()}
        for registration_id, old in known.items():
            if not old.is_active or registration_id in now.people:
                continue
            if (old.person.email, old.session_id) in self._world.erased:
                continue
            # Of two canceled sign-ups of one person a roster has the newer one, by a clock that may be wrong.
            words = f"{old.session_id}: {registration_id} has gone"
            hold("roster", old.person.identity in people, words)
            self._exit(replace(old, state=State.CANCELLED))
        if before is not None:
            self._told_of_change(before, now)

    def _entry(self, registration: Registration) -> None:
        """Somebody has a seat or a place in the line now."""
        told = self._emails.expect(registration, *_ENTERED[registration.state])
        follows = told.kind is Kind.PROMOTION and told.changed_by is ChangedBy.SCHEDULE
        by = told.changed_by if follows else self._world.acting
        hold("by whom", told.changed_by is by, f"{told.label}: by {told.changed_by}, and it was {by}")

    def _exit(self, registration: Registration) -> None:
        """Somebody has neither any more."""
        told, by = self._emails.expect(registration, Kind.CANCELLATION), self._world.acting
        hold("by whom", told.changed_by is by, f"{told.label}: by {told.changed_by}, and it was {by}")

    def _told_of_change(self, before: Seen, now: Seen) -> None:
        old, new = before.occupancy.terms, now.occupancy.terms
        hold("notice", now.occupancy.notice is None, f"{new.session_id}: not everybody is told")
        changed = {name for name, fact in _facts(old).items() if _facts(new)[name] != fact}
        if not changed or max(old.ends, new.ends) <= self._world.time():
            return
        if new.status is Status.CANCELLED and "status" not in changed:
            return
        kind = Kind.LINK if changed == {"link"} and old.join_url is None else Kind.CHANGE
        if new.status is Status.CANCELLED:
            kind = Kind.SESSION_CANCELLATION
        for registration_id, was in before.people.items():
            known = now.people.get(registration_id)
            if known is None or not (was.is_active and known.is_active):
                continue
            if was.state is State.CONFIRMED or changed != {"link"}:
                self._emails.expect(known, kind, occasion=str(new.revision))

    def everybody_was_reminded(self) -> None:
        """Each person who had a seat a day before, by any clock, is reminded of it."""
        for seen in self.seen.values():
            terms = seen.occupancy.terms
            due = terms.starts - REMINDER_BEFORE + _ONCE_EVERY <= self._world.time() < terms.starts
            if not due or terms.status is not Status.SCHEDULED:
                continue
            for each in seen.people.values():
                since = max(each.since, self._entered[each.registration_id])
                if each.is_active and since < terms.starts - REMINDER_BEFORE:
                    self._emails.expect(each, Kind.REMINDER, occasion=str(int(terms.starts.timestamp())))


def _facts(terms: SessionTerms) -> dict[str, object]:
    """Return what people are told about when it changes."""
    session = read(terms.snapshot_json).session
    return {
        "status": terms.status,
        "time": (terms.starts, terms.ends),
        "place": (session.format, session.location),
        "link": terms.join_url,
    }
