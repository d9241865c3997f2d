# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the schedule's changes mean for the DynamoDB store: a session's state in one write, then one email a person.

A transaction holds a hundred items, so nothing fans out inside one. Each step may be repeated after a crash:
what is there already is not written again, and what says that there is work is cleared last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime

from register.domain import outcomes
from register.domain.errors import UnknownSession
from register.domain.model import Notice, Occupancy, Registration, SessionTerms, State, Tally
from register.domain.notifications import (
    News,
    is_affected,
    is_reminded,
    news_of_notice,
    news_of_reminder,
    reminded_too_soon,
    reminder_due,
)
from register.domain.outcome import Outcome
from register.stores.deliveries import KEPT_AFTER_SENDING
from register.stores.dynamodb.client import Unmet
from register.stores.dynamodb.items import FIRST_COUNTS, message_record, occupancy, terms_values
from register.stores.dynamodb.keys import FAILED, SESSIONS, Item, pack, seconds, session_key
from register.stores.dynamodb.reading import registrations_in
from register.stores.dynamodb.writing import ABSENT, Writing
from register.stores.errors import Conflict
from register.stores.fields import instant
from register.stores.records import NOTICE, Value, notice_values

_SAME_TERMS = "#fingerprint = :fingerprint"
_NO_NOTICE = f"{_SAME_TERMS} AND attribute_not_exists(#notice_kind)"
_NOBODY = "#confirmed = :none AND #waiting = :none"
_CLEAR = "REMOVE " + ", ".join(f"#{name}" for name in (*NOTICE, "renew"))
# While a notice is there, nothing puts other terms in place, so this is the notice that was written out.
_SAME_NOTICE = f"{_SAME_TERMS} AND #notice_kind = :kind AND #notice_recorded = :recorded"


class Syncs(Writing):
    """The port's verbs about sessions."""

    def sync_session(self, terms: SessionTerms, notice: Notice | None, *, expected: Occupancy | None) -> None:
        """See `Sessions.sync_session`."""
        values = terms_values(terms) | ({} if notice is None else notice_values(notice))
        key = session_key(terms.session_id)
        if expected is None:
            action = self.table.put(key | pack({**values, **FIRST_COUNTS}), ABSENT)
        else:
            if expected.notice is not None:
                raise Conflict(terms.session_id)
            if expected.terms.expires != terms.expires:
                values["renew"] = True
            given = {name: value for name, value in values.items() if value is not None}
            given["before"] = expected.terms.fingerprint
            change = "SET " + ", ".join(f"#{name} = :{name}" for name in given if name != "before")
            missing = [f"#{name}" for name in values if name not in given]
            change += f" REMOVE {', '.join(missing)}" if missing else ""
            planned = "#fingerprint = :before AND attribute_not_exists(#notice_kind)"
            action = self.table.update(key, change, planned, **given)
        try:
            # A transaction although it is one item: only these have a token, and a lost answer is no conflict.
            self.table.transact(action)
        except Unmet:
            raise Conflict(terms.session_id) from None
        if "renew" in values and notice is None:
            with suppress(UnknownSession):  # it has been withdrawn at once
                self.write_out_notice(terms.session_id)

    def withdraw(self, session_id: str) -> bool:
        """See `Sessions.withdraw`."""
        try:
            self.table.transact(self.table.delete(session_key(session_id), _NOBODY, none=0))
        except Unmet as unmet:
            if not unmet.items[0]:
                raise UnknownSession(session_id) from None
            return False
        # A crash here leaves canceled registrations to the time to live.
        for item in self.table.query("#pk = :pk", pk=f"S#{session_id}"):
            sk, key = item["sk"]["S"], {"pk": item["pk"], "sk": item["sk"]}
            with suppress(Unmet):  # the session is there anew, and somebody has signed up
                if sk.startswith("R#"):
                    self.table.write(self.table.delete(key, "#state = :cancelled", cancelled=State.CANCELLED))
                elif sk.startswith("E#"):
                    self.table.write(self.table.delete(key, "#active = :none", none=0))
                elif sk.startswith("T#"):
                    self.table.write(self.table.delete(key))
        return True

    def write_out_notice(self, session_id: str) -> int:
        """See `Sessions.write_out_notice`."""
        items = self.table.query("#pk = :pk", pk=f"S#{session_id}")
        meta = next((item for item in items if item["sk"]["S"] == "META"), None)
        if meta is None:
            raise UnknownSession(session_id)
        stored = occupancy(meta)
        notice, terms = stored.notice, stored.terms
        if notice is None and "renew" not in meta:
            return 0
        for item in items:
            if item is not meta:
                self._renew(item, terms.expires)
        if notice is None:
            self._clear(session_id, _NO_NOTICE, fingerprint=terms.fingerprint)
            return 0
        new = self._tell_everybody(
            registrations_in(items),
            terms,
            lambda known: is_affected(known, notice),
            lambda _: news_of_notice(notice, terms),
        )
        self._clear(
            session_id,
            _SAME_NOTICE,
            fingerprint=terms.fingerprint,
            kind=notice.kind,
            recorded=instant(notice.recorded),
        )
        return new

    def write_reminders(self, session_id: str, *, now: datetime) -> int:
        """See `Sessions.write_reminders`."""
        stored = self.session(session_id)
        terms = stored.terms
        if reminded_too_soon(stored, now):
            with suppress(Unmet):  # a sync came in between: the next run goes by the new start
                self.table.write(
                    self.table.update(
                        session_key(session_id),
                        "REMOVE #reminded",
                        _SAME_TERMS,
                        fingerprint=terms.fingerprint,
                    )
                )
        if not reminder_due(stored, now):
            return 0
        new = self._tell_everybody(
            self.roster(session_id),
            terms,
            lambda known: is_reminded(known, terms),
            lambda known: news_of_reminder(terms, now, self._place(known)),
        )
        values = {"fingerprint": terms.fingerprint, "starts": instant(terms.starts)}
        with suppress(Unmet):  # a sync came in between: the next run goes by the new start
            self.table.write(
                self.table.update(session_key(session_id), "SET #reminded = :starts", _SAME_TERMS, **values)
            )
        return new

    def purge(self, *, now: datetime) -> int:
        """See `Store.purge`. Time to live deletes; this lets what a crash has left to expire too early stay.

        And it deletes what failed for good a week ago where the session is withdrawn: that expires with the session.
        """
        keys = self.table.keys_in("gsi2", "#gsi2pk = :sessions", sessions=SESSIONS)
        for item in self.table.fetch(keys):
            if "renew" in item and "notice_kind" not in item:
                with suppress(UnknownSession):
                    self.write_out_notice(item["pk"]["S"].removeprefix("S#"))
        given_up = self._given_up(now - KEPT_AFTER_SENDING)
        partitions = self.table.fetch([session_key(session_id) for session_id in given_up])
        there = {item["pk"]["S"].removeprefix("S#") for item in partitions}
        withdrawn = [key for session_id, keys in given_up.items() if session_id not in there for key in keys]
        for key in withdrawn:
            self.table.write(self.table.delete(key))
        return len(withdrawn)

    def _given_up(self, until: datetime) -> dict[str, list[Item]]:
        """Return the keys of the messages that were given up, by their session; `until` is when they were recorded."""
        found: dict[str, list[Item]] = defaultdict(list)
        for item in self.table.fetch(self.table.keys_in("gsi2", "#gsi2pk = :failed", failed=FAILED)):
            record = message_record(item)
            if record.values.get("gsi2pk") == FAILED and record.moment("recorded") <= until:
                found[record.text("session_id")].append({"pk": item["pk"], "sk": item["sk"]})
        return found

    def _tell_everybody(
        self,
        people: Iterable[Registration],
        terms: SessionTerms,
        concerns: Callable[[Registration], bool],
        news_for: Callable[[Registration], News],
    ) -> int:
        """Record a message for each person whom something concerns; return how many are new.

        Only while the terms are these: what a sync has put in place meanwhile has a notice of its own.
        """

        def outcome_of(stored: Occupancy, known: Registration, tally: Tally) -> Outcome | None:
            if stored.terms != terms or not concerns(known):
                return None
            return outcomes.notified(stored, known, tally, news_for(known))

        return sum(
            self._notify(terms.session_id, person.registration_id, outcome_of)
            for person in people
            if concerns(person)
        )

    def _clear(self, session_id: str, condition: str, **values: Value) -> None:
        """Keep that a notice is written out, if it still is this one."""
        with suppress(Unmet):  # somebody else has written it out at the same time
            self.table.write(self.table.update(session_key(session_id), _CLEAR, condition, **values))

    def _renew(self, item: Item, expires: datetime) -> None:
        """Let an item stay as long as its session's people are kept: time to live would lose who has a seat."""
        if item.get("expires") == {"N": str(seconds(expires))}:
            return
        key = {"pk": item["pk"], "sk": item["sk"]}
        renew = self.table.update(
            key, "SET #expires = :expires", "attribute_exists(#pk)", expires=seconds(expires)
        )
        with suppress(Unmet):  # it has gone meanwhile
            self.table.write(renew)
