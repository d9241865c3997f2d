# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the DynamoDB store reads, and what it remembers of sessions between two calls."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime

from register.domain.errors import UnknownSession
from register.domain.model import Message, Occupancy, Registration, SessionTerms, State, address_of
from register.stores.dynamodb.client import Table, Unmet
from register.stores.dynamodb.items import (
    SESSIONS,
    Item,
    key,
    message_item,
    occupancy,
    registration,
    registration_key,
    session_key,
    waiting_key,
)

REMEMBERED = 256
"""How many sessions are kept in memory; their details are a few KB each."""

# Conditions that several verbs write under.
SAME_TERMS = "#terms = :fingerprint"
UNCHANGED = "#registration_id = :registration_id AND #state = :state"
ABSENT = "attribute_not_exists(#pk)"

_ORDER = (State.CONFIRMED, State.WAITLISTED, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Known:
    """What was last seen of a session. `fingerprint` changes whenever the terms does; `full` is only a guess."""

    terms: SessionTerms
    fingerprint: str
    full: bool


class Reading:
    """The port's verbs that change nothing."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._known: dict[str, Known] = {}
        self._lock = threading.Lock()

    def health(self) -> str:
        """See `Store.health`."""
        self.table.get(key("S#", "META"), tries=2)
        return f"DynamoDB, table {self.table.name}"

    def session(self, session_id: str) -> Occupancy:
        """See `Store.session`."""
        item = self.table.get(session_key(session_id))
        if item is None:
            self._forget(session_id)
            raise UnknownSession(session_id)
        return occupancy(item)

    def sessions(self, after: datetime) -> list[Occupancy]:
        """See `Store.sessions`."""
        keys = self.table.keys_in("gsi2", "#gsi2pk = :sessions", sessions=SESSIONS)
        found = [occupancy(item) for item in self.table.fetch(keys)]
        # Time to live comes late, and what is past may be there still.
        current = [one for one in found if one.terms.ends > after]
        return sorted(current, key=lambda one: (one.terms.starts, one.terms.session_id))

    def registration(self, session_id: str, identity: str) -> Registration | None:
        """See `Store.registration`."""
        item = self.table.get(registration_key(session_id, identity))
        return None if item is None else registration(item)

    def place(self, registration: Registration) -> int | None:
        """See `Store.place`."""
        now = self.registration(registration.session_id, registration.identity)
        return None if now is None else self._place(now)

    def roster(self, session_id: str) -> list[Registration]:
        """See `Store.roster`."""
        items = self.table.query(
            "#pk = :pk AND #sk BETWEEN :meta AND :last", pk=f"S#{session_id}", meta="META", last="R$"
        )
        if not items or items[0]["sk"]["S"] != "META":
            raise UnknownSession(session_id)
        found = [registration(item) for item in items[1:]]
        return sorted(
            found, key=lambda one: (_ORDER.index(one.state), one.queue_number or 0, one.since, one.identity)
        )

    def registrations_of(self, email: str) -> list[Registration]:
        """See `Store.registrations_of`."""
        found = [registration(item) for item in self.table.fetch(self._keys_of(email, "R#"))]
        return sorted(found, key=lambda one: (one.session_id, one.identity))

    def _keys_of(self, email: str, kind: str) -> list[Item]:
        """Return the keys of the registrations (`R#`) or the messages (`O#`) of an address."""
        keys = self.table.keys_in("gsi1", "#gsi1pk = :address", address=f"P#{address_of(email)}")
        return [one for one in keys if one["pk" if kind == "O#" else "sk"]["S"].startswith(kind)]

    def _place(self, registration: Registration) -> int | None:
        """Count how many wait up to somebody who was just read."""
        if registration.state is not State.WAITLISTED or registration.queue_number is None:
            return None
        first, last = (
            waiting_key(registration.session_id, queue_number)["sk"]["S"]
            for queue_number in (0, registration.queue_number)
        )
        line = "#pk = :pk AND #sk BETWEEN :first AND :last"
        counted = self.table.count(line, pk=f"S#{registration.session_id}", first=first, last=last)
        # Whoever has got a seat since the registration was read was the first.
        return max(1, counted)

    def _both(self, session_id: str, identity: str) -> tuple[Occupancy, Registration | None]:
        """Return a session and a registration as they are now. Raises UnknownSession."""
        keys = [session_key(session_id), registration_key(session_id, identity)]
        found = {item["sk"]["S"]: item for item in self.table.fetch(keys)}
        if "META" not in found:
            self._forget(session_id)
            raise UnknownSession(session_id)
        item = found.get(f"R#{identity}")
        return occupancy(found["META"]), None if item is None else registration(item)

    def _record(self, message: Message, about: Registration, known: Known) -> bool:
        """Put a mail into the outbox, unless it is there: then False.

        Raises Unmet if the registration or the session is no longer what the mail says.
        """
        try:
            self.table.transact(
                self.table.check(session_key(message.session_id), SAME_TERMS, fingerprint=known.fingerprint),
                self.table.check(
                    registration_key(message.session_id, message.identity),
                    UNCHANGED,
                    registration_id=about.registration_id,
                    state=about.state,
                ),
                self.table.put(message_item(message, known.terms.expires), ABSENT),
            )
        except Unmet as unmet:
            if set(unmet.items) != {2}:
                raise
            return False
        return True

    def _remember(self, stored: Occupancy) -> Known:
        """Keep what was seen of a session, so that the next sign-up needs no read."""
        full = stored.waiting > 0 or stored.confirmed >= stored.terms.capacity
        known = Known(stored.terms, stored.terms.fingerprint, full)
        with self._lock:
            self._known.pop(stored.terms.session_id, None)
            if len(self._known) >= REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[stored.terms.session_id] = known
        return known

    def _forget(self, session_id: str) -> None:
        with self._lock:
            self._known.pop(session_id, None)
