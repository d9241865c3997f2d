# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the DynamoDB store reads. All reads of the table itself are consistent; indexes lag."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from register.domain.errors import UnknownSession
from register.domain.identity import hash_of
from register.domain.messages import MessageKey
from register.domain.model import Kind, Occupancy, Registration, State, Tally, roster_of
from register.domain.trail import TrailEntry
from register.stores.dynamodb.client import Table
from register.stores.dynamodb.items import (
    delivery,
    occupancy,
    registration,
    registration_id_in,
    tally,
    trail_entry,
)
from register.stores.dynamodb.keys import (
    SESSIONS,
    Item,
    identity_key,
    key,
    message_key,
    read_message_key,
    read_wish_id,
    registration_key,
    session_key,
    tally_key,
    unpack,
    waiting_key,
)
from register.stores.fields import readable
from register.stores.transaction import current

_KINDS: Mapping[str, Callable[[str, str], bool]] = {
    "R#": lambda _, sk: sk.startswith("R#"),
    "E#": lambda _, sk: sk.startswith("E#"),
    "O#": lambda pk, sk: read_message_key(pk, sk) is not None,
    "O#WISH#": lambda pk, _: read_wish_id(pk) is not None,
}


class Reading:
    """The port's verbs that change nothing."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def health(self) -> str:
        """See `Store.health`."""
        self.table.get(key("S#", "META"), tries=2)
        return f"DynamoDB, table {self.table.name}"

    def session(self, session_id: str) -> Occupancy:
        """See `Sessions.session`."""
        item = self.table.get(session_key(session_id))
        if item is None:
            raise UnknownSession(session_id)
        return occupancy(item)

    def sessions(self, after: datetime) -> list[Occupancy]:
        """See `Sessions.sessions`."""
        keys = self.table.keys_in("gsi2", "#gsi2pk = :sessions", sessions=SESSIONS)
        found = readable(occupancy, self.table.fetch(keys))
        # Time to live comes late, and what is past may still be there.
        current_ones = [session for session in found if session.terms.ends > after]
        return sorted(current_ones, key=lambda session: (session.terms.starts, session.terms.session_id))

    def registration(self, session_id: str, registration_id: str) -> Registration | None:
        """See `Registrations.registration`."""
        return self._current(self._registration(session_id, registration_id))

    def place(self, registration: Registration) -> int | None:
        """See `Registrations.place`."""
        now = self._registration(registration.session_id, registration.registration_id)
        return None if now is None else self._place(now)

    def roster(self, session_id: str) -> list[Registration]:
        """See `Registrations.roster`."""
        items = self.table.query(
            "#pk = :pk AND #sk BETWEEN :meta AND :last", pk=f"S#{session_id}", meta="META", last="R$"
        )
        if not items or items[0]["sk"]["S"] != "META":
            raise UnknownSession(session_id)
        return roster_of(registrations_in(items))

    def registrations_of(self, email: str) -> list[Registration]:
        """See `Registrations.registrations_of`."""
        return self.registrations_of_hash(hash_of(email))

    def registrations_of_hash(self, email_hash: str) -> list[Registration]:
        """See `Registrations.registrations_of_hash`."""
        found = registrations_in(self.table.fetch(self._keys_of_hash(email_hash, "R#")))
        # The index may lag behind a correction.
        own = (each for each in found if each.person.email_hash == email_hash)
        return sorted(own, key=lambda each: (each.session_id, each.registration_id))

    def tally(self, session_id: str, email_hash: str) -> Tally:
        """See `Registrations.tally`."""
        return tally(self.table.get(tally_key(session_id, email_hash)))

    def trail(self, session_id: str) -> list[TrailEntry]:
        """See `Registrations.trail`."""
        items = self.table.query("#pk = :pk AND begins_with(#sk, :trail)", pk=f"S#{session_id}", trail="T#")
        return sorted(map(trail_entry, items), key=lambda entry: (entry.when, entry.entry_id))

    def _keys_of(self, email: str, kind: str) -> list[Item]:
        """Return an address's keys of registrations (`R#`), counts (`E#`), messages (`O#`) or wishes (`O#WISH#`)."""
        return self._keys_of_hash(hash_of(email), kind)

    def _keys_of_hash(self, email_hash: str, kind: str) -> list[Item]:
        keys = self.table.keys_in("gsi1", "#gsi1pk = :person", person=f"P#{email_hash}")
        return [each for each in keys if _KINDS[kind](each["pk"]["S"], each["sk"]["S"])]

    def _registration(self, session_id: str, registration_id: str) -> Registration | None:
        item = self.table.get(registration_key(session_id, registration_id))
        return None if item is None else registration(item)

    def _recorded(self, registration: Registration, kind: Kind) -> list[datetime]:
        """Return when the messages of a kind to somebody were recorded."""
        about = registration.session_id, registration.person.email_hash, registration.registration_id
        of_any_occasion = unpack(message_key(MessageKey(*about, kind, occasion="")))
        found = self.table.query("#pk = :pk AND begins_with(#sk, :sk)", **of_any_occasion)
        return [delivery(item).message.recorded for item in found]

    def _current(self, found: Registration | None) -> Registration | None:
        """Return a registration, unless the same person has another one by now."""
        return current(found, lambda identity: self._active(found.session_id if found else "", identity))

    def _active(self, session_id: str, identity: str) -> Registration | None:
        """Return the seat or the place that a person has."""
        item = self.table.get(identity_key(session_id, identity))
        return None if item is None else self._registration(session_id, registration_id_in(item))

    def _first_in_line(self, session_id: str) -> Registration | None:
        """Return the first person who waits; None also if the line has changed between the two reads."""
        line = self.table.pages(
            "#pk = :pk AND begins_with(#sk, :line)", "", 1, pk=f"S#{session_id}", line="W#"
        )
        for item in next(line):
            first = self._registration(session_id, registration_id_in(item))
            if first is not None and first.state is State.WAITLISTED:
                return first
        return None

    def _place(self, registration: Registration) -> int | None:
        """Count how many wait up to somebody who was just read."""
        if registration.state is not State.WAITLISTED or registration.queue_number is None:
            return None
        ends = (waiting_key("", number)["sk"]["S"] for number in (0, registration.queue_number))
        first, last = ends
        line = "#pk = :pk AND #sk BETWEEN :first AND :last"
        counted = self.table.count(line, pk=f"S#{registration.session_id}", first=first, last=last)
        # Whoever has got a seat since the registration was read was the first.
        return max(1, counted)

    def _read(self, session_id: str, *keys: Item) -> tuple[Occupancy, list[Item | None]]:
        """Return a session and items of it as they are now. Raises UnknownSession."""
        wanted = [session_key(session_id), *keys]
        found = {(item["pk"]["S"], item["sk"]["S"]): item for item in self.table.fetch(wanted)}
        session, *items = (found.get((each["pk"]["S"], each["sk"]["S"])) for each in wanted)
        if session is None:
            raise UnknownSession(session_id)
        return occupancy(session), items

    def _tallies(self, session_id: str, people: Iterable[Registration]) -> dict[str, Tally]:
        """Return the counts of people's email addresses, by hash."""
        hashes = sorted({each.person.email_hash for each in people})
        found = {
            item["sk"]["S"]: item
            for item in self.table.fetch([tally_key(session_id, each) for each in hashes])
        }
        return {each: tally(found.get(f"E#{each}")) for each in hashes}


def registrations_in(items: Iterable[Item]) -> list[Registration]:
    """Return the registrations among the items of a session."""
    return [registration(item) for item in items if item["sk"]["S"].startswith("R#")]
