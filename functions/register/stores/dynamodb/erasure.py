# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is known of one email address in DynamoDB, and how all of it goes.

An erasure may be repeated after a crash: messages go first, then each session's part in one transaction, so that
the registrations by which the rest is found go together with it. What somebody with the same address signs up for
meanwhile stays.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from datetime import datetime

from register.domain.identity import hash_of
from register.domain.model import Occupancy, Registration, State, Tally
from register.domain.notifications import number_after_erasing
from register.stores.deliveries import KEPT_AFTER_ERASING, Delivery, left_by_erasure
from register.stores.dynamodb.client import Unmet
from register.stores.dynamodb.expressions import Action
from register.stores.dynamodb.items import delivery, occupancy, tally
from register.stores.dynamodb.keys import (
    identity_key,
    message_key,
    outbox_partition,
    read_message_key,
    registration_key,
    seconds,
    session_key,
    tally_key,
    trail_key,
    waiting_key,
)
from register.stores.dynamodb.reading import Reading, registrations_in
from register.stores.errors import StillActive
from register.stores.fields import instant
from register.stores.records import Value

AT_ONCE = 25
"""How many registrations of one address go in one transaction; each may take three items of the hundred."""

# A second erasure keeps nothing longer.
_LEAVE = (
    "SET #name = :name, #changed_by = :by, #due = :due, #gsi2sk = :due, "
    "#expires = if_not_exists(#left_until, :expires), #left_until = if_not_exists(#left_until, :expires) "
    "REMOVE #other_snapshot_json"
)
_AS_TRIED, _NEVER_TRIED = "attribute_not_exists(#pk) OR #tried = :tried", "attribute_not_exists(#tried)"
_STILL_TO_BE_SENT = "attribute_exists(#due) AND attribute_not_exists(#sent)"


class Erasure(Reading):
    """The port's verbs about one email address."""

    def bounced(self, email: str, problem: str, *, now: datetime) -> int:  # noqa: ARG002 - the port's
        """See `Registrations.bounced`."""
        number, values = 0, {"problem": problem, "person": f"P#{hash_of(email)}"}
        for key in self._keys_of(email, "R#"):
            mark = self.table.update(key, "SET #bounced = :problem", "#gsi1pk = :person", **values)
            try:
                self.table.write(mark)
            except Unmet:
                continue  # the index has not heard yet that it is gone, or corrected
            number += 1
        return number

    def erase(self, email: str, *, now: datetime) -> int:
        """See `Registrations.erase`."""
        email_hash = hash_of(email)
        found: dict[str, list[Registration]] = defaultdict(list)
        for each in self.registrations_of(email):
            found[each.session_id].append(each)
        sessions = {
            item["pk"]["S"]: occupancy(item) for item in self.table.fetch(list(map(session_key, found)))
        }
        for session_id, people in found.items():
            session = sessions.get(f"S#{session_id}")
            if session is not None and session.terms.ends > now and any(each.is_active for each in people):
                raise StillActive
        for key in self._keys_of(email, "O#WISH#"):
            self.table.write(self.table.delete(key))
        for _ in self.table.rounds("erasing"):
            with suppress(Unmet):  # somebody has just begun to send what is deleted
                self._erase_messages(email, email_hash, found, now)
                break
        # After a correction an address has counts where no registration is its own any more.
        for key in self._keys_of(email, "E#"):
            found.setdefault(key["pk"]["S"].removeprefix("S#"), [])
        return sum(
            self._erase_people(session_id, email_hash, people[start : start + AT_ONCE], now)
            for session_id, people in found.items()
            for start in range(0, max(1, len(people)), AT_ONCE)
        )

    def _erase_messages(
        self, email: str, email_hash: str, found: dict[str, list[Registration]], now: datetime
    ) -> None:
        """Delete the messages of these registrations, and of those that are gone, but for what is left of them.

        Raises Unmet if one has been taken since it was read.
        """
        keys = {(key["pk"]["S"], key["sk"]["S"]): key for key in self._keys_of(email, "O#")}
        for session_id in found:  # the index may lag, the table does not
            for item in self.table.query("#pk = :pk", pk=outbox_partition(session_id, email_hash)):
                keys[item["pk"]["S"], item["sk"]["S"]] = {"pk": item["pk"], "sk": item["sk"]}
        ours = {(each.session_id, each.registration_id) for people in found.values() for each in people}
        by_session: dict[str, list[Delivery]] = defaultdict(list)
        for item in self.table.fetch([key for at, key in keys.items() if read_message_key(*at)]):
            each = delivery(item)
            known = (each.message.session_id, each.message.registration_id)
            stored = None if known in ours else self._registration(*known)
            if stored is None or stored.person.email_hash != email_hash:  # gone, or corrected
                by_session[each.message.session_id].append(each)
        for deliveries in by_session.values():
            left = {each.message.key: each for each in left_by_erasure(deliveries, now)}
            # First what stays: what is deleted may be in somebody's hand, and holds it back until then.
            kept = {key for key, each in left.items() if self._leave_address(each, now)}
            for each in deliveries:
                if each.message.key not in kept:
                    tried = each.tried and instant(each.tried)
                    key, values = message_key(each.message.key), {"tried": tried} if tried else {}
                    self.table.write(self.table.delete(key, _AS_TRIED if tried else _NEVER_TRIED, **values))

    def _leave_address(self, left: Delivery, now: datetime) -> bool:
        """Leave the address alone of a message; False if it has been sent since it was read."""
        due, expires = instant(left.due or now), seconds(now + KEPT_AFTER_ERASING)
        values: dict[str, Value] = {
            "name": "",
            "by": left.message.changed_by.value,
            "due": due,
            "expires": expires,
        }
        leave = self.table.update(message_key(left.message.key), _LEAVE, _STILL_TO_BE_SENT, **values)
        try:
            self.table.write(leave)
        except Unmet:
            return False
        return True

    def _erase_people(
        self, session_id: str, email_hash: str, people: list[Registration], now: datetime
    ) -> int:
        """Delete these registrations with all that stands for them, as they were read; return how many are gone.

        One that has been corrected to another address meanwhile stays. Raises StillActive.
        """
        keys = [
            session_key(session_id),
            tally_key(session_id, email_hash),
            *(registration_key(session_id, each.registration_id) for each in people),
        ]
        for _ in self.table.rounds(session_id):
            items = {item["sk"]["S"]: item for item in self.table.fetch(keys)}
            by_now = {each.registration_id: each for each in registrations_in(items.values())}
            there = [each for each in people if _is_theirs(by_now.get(each.registration_id), email_hash)]
            gone = [each for each in people if each.registration_id not in by_now]
            if any(each.state is not by_now[each.registration_id].state for each in there):
                raise StillActive
            counts, meta = tally(items.get(f"E#{email_hash}")), items.get("META")
            if not there and (counts == Tally() or counts.active):
                return len(gone)
            session = None if meta is None else occupancy(meta)
            # Whatever is done about them from here on changes the registration or the counts, and so is seen.
            self._erase_trail(session_id, {each.registration_id for each in there})
            try:
                self.table.transact(
                    *(action for each in there for action in self._gone(by_now[each.registration_id])),
                    *self._counts_without(session_id, there, counts, session, email_hash, now),
                )
            except Unmet:
                continue  # a message, a sign-up or a sync came in between: read again
            return len(gone) + len(there)
        raise AssertionError  # rounds() has raised

    def _erase_trail(self, session_id: str, registration_ids: set[str]) -> None:
        """Delete what staff did about these registrations."""
        for entry in self.trail(session_id):
            if entry.registration_id in registration_ids:
                self.table.write(self.table.delete(trail_key(session_id, entry.entry_id)))

    def _gone(self, each: Registration) -> list[Action]:
        """Return the removals of one registration."""
        key = registration_key(each.session_id, each.registration_id)
        as_read = {"state": each.state, "email": each.person.email, "changed": instant(each.changed)}
        held = "#state = :state AND #email = :email AND #changed = :changed"
        gone = [self.table.delete(key, held, **as_read)]
        beside = [identity_key(each.session_id, each.person.identity)] if each.is_active else []
        if each.queue_number is not None:
            beside.append(waiting_key(each.session_id, each.queue_number))
        mine = {"mine": each.registration_id}
        return gone + [self.table.delete(key, "#registration_id = :mine", **mine) for key in beside]

    def _counts_without(
        self,
        session_id: str,
        gone: list[Registration],
        counts: Tally,
        session: Occupancy | None,
        email_hash: str,
        now: datetime,
    ) -> list[Action]:
        """Return the writes of the counts; the session keeps the number of the last message, and of the last change."""
        if counts == Tally():
            return []
        seats = sum(each.state is State.CONFIRMED for each in gone)
        waiting = sum(each.state is State.WAITLISTED for each in gone)
        active = seats + waiting
        key, as_read = tally_key(session_id, email_hash), {"last": counts.last, "before": counts.active}
        held = "#last = :last AND #active = :before"
        if counts.active > active:  # somebody else with this address is signed up
            left = {"active": counts.active - active, "seats": counts.seats - seats}
            change = "SET #active = :active, #seats = :seats"
            actions = [self.table.update(key, change, held, **left, **as_read)]
        else:
            actions = [self.table.delete(key, held, **as_read)]
        if session is not None:
            highest = number_after_erasing(session.highest_erased, counts.last, gone, now)
            change = "SET #highest_erased = :highest ADD #confirmed :seats, #waiting :waiting"
            values = {"highest": highest, "seats": -seats, "waiting": -waiting}
            same = "#highest_erased = :before"
            actions.append(
                self.table.update(
                    session_key(session_id), change, same, before=session.highest_erased, **values
                )
            )
        return actions


def _is_theirs(registration: Registration | None, email_hash: str) -> bool:
    """Whether a registration is there, and still has this email address."""
    return registration is not None and registration.person.email_hash == email_hash
