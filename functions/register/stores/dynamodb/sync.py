# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the schedule's changes mean for the DynamoDB store: a session's state in one write, then one mail a person.

A transaction holds a hundred items, so nothing fans out inside one. Each step may be repeated after a crash:
what is there already is not written again, and what says that there is work is cleared last.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from register.domain.errors import UnknownSession
from register.domain.model import Message, Notice, Occupancy, Registration, SessionTerms, State
from register.domain.notifications import is_reminded, notice_mail, reminder_due, reminder_mail
from register.domain.rules import is_affected
from register.stores import Conflict
from register.stores.dynamodb.client import Unmet
from register.stores.dynamodb.items import (
    NOTICE,
    SESSIONS,
    Item,
    Value,
    instant,
    notice_values,
    occupancy,
    pack,
    registration,
    seconds,
    session_key,
    terms_values,
)
from register.stores.dynamodb.reading import ABSENT, SAME_TERMS, Known, Reading

_AS_PLANNED = f"{SAME_TERMS} AND attribute_not_exists(#notice_kind)"
_NOBODY = "#confirmed = :none AND #waiting = :none"
_CLEAR = "REMOVE " + ", ".join(f"#{name}" for name in (*NOTICE, "renew"))
# While a notice is there, nothing puts another terms in place, so this is the notice that was written out.
_SAME_NOTICE = f"{SAME_TERMS} AND #notice_kind = :kind AND #notice_recorded = :recorded"
_NO_NOTICE = f"{SAME_TERMS} AND attribute_not_exists(#notice_kind)"


class Syncs(Reading):
    """The port's verbs about sessions."""

    def sync_session(self, terms: SessionTerms, notice: Notice | None, *, expected: Occupancy | None) -> None:
        """See `Store.sync_session`."""
        values = terms_values(terms) | ({} if notice is None else notice_values(notice))
        key = session_key(terms.session_id)
        if expected is None:
            new: dict[str, Value | None] = {"confirmed": 0, "waiting": 0, "queue_number": 0}
            action = self.table.put(key | pack(values | new), ABSENT)
        else:
            if expected.notice is not None:
                raise Conflict(terms.session_id)
            if expected.terms.expires != terms.expires:
                values["renew"] = True
            given = {name: value for name, value in values.items() if value is not None}
            change = "SET " + ", ".join(f"#{name} = :{name}" for name in given)
            missing = [f"#{name}" for name in values if name not in given]
            change += f" REMOVE {', '.join(missing)}" if missing else ""
            action = self.table.update(
                key, change, _AS_PLANNED, fingerprint=expected.terms.fingerprint, **given
            )
        try:
            # A transaction although it is one item: only these have a token, and a lost answer is no conflict.
            self.table.transact(action)
        except Unmet:
            raise Conflict(terms.session_id) from None
        finally:
            self._forget(terms.session_id)
        if "renew" in values and notice is None:
            with suppress(UnknownSession):  # it has been withdrawn at once
                self.write_out_notice(terms.session_id)

    def withdraw(self, session_id: str) -> bool:
        """See `Store.withdraw`."""
        try:
            self.table.transact(self.table.delete(session_key(session_id), _NOBODY, none=0))
        except Unmet as unmet:
            if not unmet.items[0]:
                raise UnknownSession(session_id) from None
            return False
        finally:
            self._forget(session_id)
        # A crash here leaves cancelled registrations to the time to live.
        for item in self.table.query("#pk = :pk", pk=f"S#{session_id}"):
            sk, key = item["sk"]["S"], {"pk": item["pk"], "sk": item["sk"]}
            try:
                if sk.startswith("R#"):
                    self.table.write(self.table.delete(key, "#state = :cancelled", cancelled=State.CANCELLED))
                elif sk.startswith("E#"):
                    self.table.write(self.table.delete(key, "#n <= :none", none=0))
            except Unmet:
                continue  # the session is there anew, and somebody has signed up
        return True

    def write_out_notice(self, session_id: str) -> int:
        """See `Store.write_out_notice`."""
        items = self.table.query("#pk = :pk", pk=f"S#{session_id}")
        meta = next((item for item in items if item["sk"]["S"] == "META"), None)
        if meta is None:
            raise UnknownSession(session_id)
        stored = occupancy(meta)
        notice, terms = stored.notice, stored.terms
        if notice is None and "renew" not in meta:
            return 0
        new = 0
        for item in items:
            if item is not meta:
                self._renew(item, terms.expires)
            if notice is not None and item["sk"]["S"].startswith("R#"):
                told = self._write(
                    registration(item),
                    stored,
                    lambda one: is_affected(one, notice),
                    lambda one: notice_mail(one, terms, notice),
                )
                new += told
        if notice is None:
            clear = self.table.update(
                session_key(session_id), _CLEAR, _NO_NOTICE, fingerprint=terms.fingerprint
            )
        else:
            clear = self.table.update(
                session_key(session_id),
                _CLEAR,
                _SAME_NOTICE,
                fingerprint=terms.fingerprint,
                kind=notice.kind,
                recorded=instant(notice.recorded),
            )
        with suppress(Unmet):  # somebody else has written it out at the same time
            self.table.write(clear)
        return new

    def write_reminders(self, session_id: str, *, now: datetime) -> int:
        """See `Store.write_reminders`."""
        stored = self.session(session_id)
        terms = stored.terms
        if not reminder_due(stored, now):
            return 0
        new = 0
        try:
            for one in self.roster(session_id):
                new += self._write(
                    one,
                    stored,
                    lambda one: is_reminded(one, terms),
                    lambda one: reminder_mail(one, terms, now),
                )
            change = "SET #reminded = :starts"
            values = {"fingerprint": terms.fingerprint, "starts": instant(terms.starts)}
            self.table.write(self.table.update(session_key(session_id), change, SAME_TERMS, **values))
        except Unmet:
            pass  # a sync came in between: the next run goes by the new start
        return new

    def purge(self, *, now: datetime) -> int:  # noqa: ARG002 - the port's
        """See `Store.purge`. Time to live deletes; this lets stay what a crash has left to expire too early."""
        keys = self.table.keys_in("gsi2", "#gsi2pk = :sessions", sessions=SESSIONS)
        for item in self.table.fetch(keys):
            if "renew" in item and "notice_kind" not in item:
                with suppress(UnknownSession):
                    self.write_out_notice(item["pk"]["S"].removeprefix("S#"))
        return 0

    def _write(
        self,
        one: Registration,
        stored: Occupancy,
        concerns: Callable[[Registration], bool],
        mail: Callable[[Registration], Message],
    ) -> bool:
        """Record a mail to one person if it still concerns them. Raises Unmet if the session has changed."""
        known = Known(stored.terms, stored.terms.fingerprint, full=False)
        current: Registration | None = one
        for _ in self.table.rounds(one.session_id):
            if current is None or not concerns(current):
                return False
            try:
                return self._record(mail(current), current, known)
            except Unmet as unmet:
                if 0 in unmet.items:
                    raise
                current = self.registration(one.session_id, one.identity)
        raise AssertionError  # rounds() has raised

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
