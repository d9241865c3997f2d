# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every client's calendar equals the roster, as soon as nothing about a session is on its way to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from register.domain.model import State
from register.domain.rules import may_join
from register.domain.snapshot import read
from register.stores.deliveries import OVERTAKEN, Delivery
from schedule.invitations import uid
from schedule.model import Status
from tests.simulation.laws.base import hold
from tests.simulation.laws.emails import name_of
from tests.support.calendar_client import Event

if TYPE_CHECKING:
    from tests.simulation.laws.sessions import Seen, Sessions
    from tests.simulation.world import World


class Calendars:
    """The law of calendars."""

    def __init__(self, world: World, sessions: Sessions) -> None:
        self._world, self._sessions = world, sessions
        self._left: dict[tuple[str, str], str] = {}
        """The name of the cancellation that an erasure has left to be sent, by address and session."""
        self._over: set[tuple[str, str]] = set()
        """What was over when it was erased: its event stays, though a clock that is set back may call it to come."""

    def erased(self, email: str) -> None:
        """All is erased but what is still to be sent: once it has arrived, the calendars are right."""
        now = self._world.time()
        self._over |= {
            (email, name) for name, seen in self._sessions.seen.items() if seen.occupancy.terms.ends <= now
        }
        for each in self._world.place.look.messages_of(email):
            if each.message.method is not None:
                self._left[email, each.message.session_id] = name_of(each.message)

    def check(self, emails: Iterable[str]) -> None:
        """Look at the calendars of these addresses."""
        for email in emails:
            by_session: dict[str, list[Delivery]] = defaultdict(list)
            for each in self._world.place.look.messages_of(email):
                by_session[each.message.session_id].append(each)
            for session_id, seen in self._sessions.seen.items():
                if self._has_heard(email, session_id, by_session[session_id]):
                    self._compare(email, session_id, seen)

    def _has_heard(self, email: str, session_id: str, deliveries: list[Delivery]) -> bool:
        """Whether all that was said to a calendar about a session has reached it."""
        if any(each.due is not None for each in deliveries):
            return False
        asked = [each for each in deliveries if each.message.method is not None]
        if not asked:
            if (email, session_id) in self._over:
                return False
            left = self._left.get((email, session_id))
            if left is None:
                # A mailbox may have refused the cancellation, of which nothing is known any more once it is erased.
                erased = (email, session_id) in self._world.erased
                return not (erased and self._world.server.refusals[email])
            return self._world.server.copies[left] > 0
        newest = max(asked, key=lambda each: each.message.number)
        arrived = self._world.server.copies[name_of(newest.message)] > 0
        # What is refused or given up cannot be helped. What is overtaken can: something newer has said the same.
        return arrived or (newest.sent is not None and newest.problem == OVERTAKEN)

    def _compare(self, email: str, session_id: str, seen: Seen) -> None:
        self._world.done["look at a calendar"] += 1
        terms = seen.occupancy.terms
        if terms.ends <= self._world.time():
            return  # it is kept as it was
        name = uid(session_id)
        due = Event(name, terms.starts, terms.ends, self._location(seen))
        has_seat = seen.seats(email) > 0 and terms.status is Status.SCHEDULED
        for client in self._world.recipients[email].calendars:
            found = client.events.get(name)
            same = found is None if not has_seat else found is not None and _same(found, due)
            expected = due if has_seat else None
            words = f"{email}, {type(client).__name__}: {session_id} is {found}, should be {expected}"
            hold("calendars", same, words)

    def _location(self, seen: Seen) -> str:
        terms = seen.occupancy.terms
        if terms.join_url is not None and may_join(State.CONFIRMED, terms.status):
            return terms.join_url
        place = read(terms.snapshot_json).session.location
        return "" if place is None else place.en


def _same(found: Event, due: Event) -> bool:
    """Whether two events are at the same time and, where the place is in no language, at the same place."""
    if (found.starts, found.ends) != (due.starts, due.ends):
        return False
    return not due.location.startswith("https:") or found.location == due.location
