# SPDX-License-Identifier: AGPL-3.0-or-later
"""An outcome as the writes of one transaction, each under the condition that what was read still holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from register.domain.messages import MessageKey
from register.domain.model import Occupancy, Registration, State, Tally
from register.domain.outcome import Outcome, RegistrationChange, TallyChange
from register.stores.dynamodb.client import Unmet
from register.stores.dynamodb.expressions import Action
from register.stores.dynamodb.items import (
    message_item,
    registration_item,
    registration_values,
    trail_item,
)
from register.stores.dynamodb.items import registration as registration_of
from register.stores.dynamodb.keys import (
    identity_key,
    message_key,
    pack,
    registration_key,
    seconds,
    session_key,
    tally_key,
    waiting_key,
)
from register.stores.dynamodb.reading import Reading
from register.stores.records import Value

# The terms have status and closing time in them; the other number keeps the numbers of messages rising.
SAME_SESSION = "#fingerprint = :fingerprint AND #highest_erased = :highest_erased"
ABSENT = "attribute_not_exists(#pk)"
# What is asked for by a link or a receipt holds only while that has its power, and a tick beside what was seen.
_AS_READ = ("state", "name", "email", "link_generation", "used_link", "attended")
_SAME_TALLY = "#active = :active_before AND #seats = :seats_before AND #last = :last_before"
_MINE = "#registration_id = :registration_id"
_COUNT = "ADD #confirmed :confirmed, #waiting :waiting"


class Writes(NamedTuple):
    """What is to be written of one session."""

    occupancy: Occupancy
    """As it was read."""
    outcome: Outcome
    condition: str = ""
    """What else must hold of the session."""


class Writing(Reading):
    """Writes outcomes."""

    def _write(self, occupancy: Occupancy, outcome: Outcome, condition: str = "") -> None:
        """Write all of an outcome; `condition` is what else must hold of the session. Raises Unmet."""
        self.table.transact(*self._actions(occupancy, outcome, condition))

    def _actions(self, occupancy: Occupancy, outcome: Outcome, condition: str = "") -> list[Action]:
        return [self._session(occupancy, outcome, condition), *self._beside_session(occupancy, outcome)]

    def _beside_session(self, occupancy: Occupancy, outcome: Outcome) -> list[Action]:
        """Return the writes of an outcome but for that of the session.

        They alone do for a tick, which counts nothing there: many at once would only hold up one another.
        """
        terms, actions = occupancy.terms, list[Action]()
        for change in outcome.registrations:
            actions += self._registration_actions(change, occupancy)
        actions += [
            self._tally(change, terms.session_id, seconds(terms.expires)) for change in outcome.tallies
        ]
        actions += [
            self.table.put(message_item(message, terms.expires), ABSENT) for message in outcome.messages
        ]
        # Without a condition: an entry that is there already is this one.
        actions += [self.table.put(trail_item(entry, terms.expires)) for entry in outcome.trail]
        return actions

    def _session(self, occupancy: Occupancy, outcome: Outcome, condition: str) -> Action:
        where = f"{SAME_SESSION} AND {condition}" if condition else SAME_SESSION
        values = held(occupancy) | {"none": 0}
        key = session_key(outcome.session_id)
        if not outcome.confirmed and not outcome.waiting:
            return self.table.check(key, where, **values)
        changes = {"confirmed": outcome.confirmed, "waiting": outcome.waiting}
        return self.table.update(key, _COUNT, where, **changes, **values)

    def _registration_actions(self, change: RegistrationChange, occupancy: Occupancy) -> list[Action]:
        before, after, expires = change.before, change.after, occupancy.terms.expires
        if before is None:
            return [self.table.put(registration_item(after, expires), ABSENT), *self._enter(after, expires)]
        key = registration_key(after.session_id, after.registration_id)
        old, new = registration_values(before), registration_values(after)
        as_read = {name: value for name in _AS_READ if (value := old[name]) is not None}
        unchanged = " AND ".join(
            f"#{name} = :{name}" if name in as_read else f"attribute_not_exists(#{name})" for name in _AS_READ
        )
        if after == before:
            return [self.table.check(key, unchanged, **as_read)]
        into = {f"new_{name}": value for name, value in new.items() if value not in (None, old[name])}
        gone = [f"#{name}" for name, value in new.items() if value is None and old[name] is not None]
        to_do = "SET " + ", ".join(f"#{name.removeprefix('new_')} = :{name}" for name in into)
        to_do += f" REMOVE {', '.join(gone)}" if gone else ""
        changed = self.table.update(key, to_do, unchanged, **as_read, **into)
        return [changed, *self._leave(before, after), *self._rename(before, after, expires)]

    def _enter(self, new: Registration, expires: datetime) -> list[Action]:
        """Return the writes beside a new registration: the identity, and the place in the line."""
        values = pack({"registration_id": new.registration_id, "expires": seconds(expires)})
        entered = [self.table.put(identity_key(new.session_id, new.person.identity) | values, ABSENT)]
        if new.queue_number is not None:
            entered.append(self.table.put(waiting_key(new.session_id, new.queue_number) | values))
        return entered

    def _rename(self, before: Registration, after: Registration, expires: datetime) -> list[Action]:
        """Return the writes beside a registration whose name or email address was corrected."""
        if not after.is_active or after.person.identity == before.person.identity:
            return []
        values = pack({"registration_id": after.registration_id, "expires": seconds(expires)})
        old, new = (identity_key(each.session_id, each.person.identity) for each in (before, after))
        return [
            self.table.delete(old, _MINE, registration_id=before.registration_id),
            self.table.put(new | values, ABSENT),
        ]

    def _leave(self, before: Registration, after: Registration) -> list[Action]:
        """Return the removals beside a registration that leaves the line or is canceled."""
        left = []
        if before.queue_number is not None and after.state is not State.WAITLISTED:
            left.append(waiting_key(before.session_id, before.queue_number))
        if not after.is_active:
            left.append(identity_key(before.session_id, before.person.identity))
        return [self.table.delete(key, _MINE, registration_id=before.registration_id) for key in left]

    def _tally(self, change: TallyChange, session_id: str, expires: int) -> Action:
        """Return the write of an email address's counts, under the condition that they are as they were read."""
        values: dict[str, Value] = {
            "active": change.after.active,
            "seats": change.after.seats,
            "last": change.after.last,
            "expires": expires,
            "gsi1pk": f"P#{change.email_hash}",
        }
        key = tally_key(session_id, change.email_hash)
        before = {f"{name}_before": getattr(change.before, name) for name in ("active", "seats", "last")}
        if change.before == Tally():
            return self.table.put(key | pack(values), ABSENT)
        if change.after == Tally():  # of people without email, who have no messages to number
            return self.table.delete(key, _SAME_TALLY, **before)
        change_to = "SET " + ", ".join(f"#{name} = :{name}" for name in values)
        return self.table.update(key, change_to, _SAME_TALLY, **values, **before)

    def _notify(
        self,
        session_id: str,
        registration_id: str,
        outcome_of: Callable[[Occupancy, Registration, Tally], Outcome | None],
    ) -> bool:
        """Record a message to one person, from what is stored by then; False if there is none to record.

        `outcome_of` returns None where there is nothing (any more) to say. Raises UnknownSession.
        """
        for _ in self.table.rounds(session_id):
            occupancy, [item] = self._read(session_id, registration_key(session_id, registration_id))
            if item is None:
                return False
            known = registration_of(item)
            tallies = self._tallies(session_id, [known])
            outcome = outcome_of(occupancy, known, tallies[known.person.email_hash])
            if outcome is None or not outcome.messages or self._is_there(outcome.messages[0].key):
                return False
            try:
                self._write(occupancy, outcome)
            except Unmet:
                continue  # something has changed meanwhile: read again
            return True
        raise AssertionError  # rounds() has raised

    def _is_there(self, key: MessageKey) -> bool:
        return self.table.get(message_key(key)) is not None


def held(occupancy: Occupancy) -> dict[str, Value]:
    """Return the values of `SAME_SESSION`."""
    return {"fingerprint": occupancy.terms.fingerprint, "highest_erased": occupancy.highest_erased}
