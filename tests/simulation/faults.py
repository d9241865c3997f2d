# SPDX-License-Identifier: AGPL-3.0-or-later
"""Faults of the product, made on purpose: each sits in the store, at the port; all else is the real part."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from register.domain.errors import UnknownSession
from register.domain.messages import Message, Method
from register.domain.model import ChangedBy, Kind, Occupancy, Registration
from register.domain.notifications import FIRST_INSTANT
from register.domain.outcome import Outcome
from register.domain.snapshot import read
from register.mail.policy import may_be_sent
from register.stores.deliveries import OVERTAKEN, Delivery, DeliveryFault
from register.stores.sqlite.store import SQLiteStore
from register.stores.sqlite.transaction import SQLiteTransaction

# Faults of transactions


class _Seats(SQLiteTransaction):
    """Another number of seats than there is."""

    more = 0

    def occupancy(self, session_id: str) -> Occupancy:
        found = super().occupancy(session_id)
        return replace(found, terms=replace(found.terms, capacity=found.terms.capacity + self.more))


class _OneSeatMore(_Seats):
    more = 1


class _OneSeatLess(_Seats):
    more = -1


class _LastInLine(SQLiteTransaction):
    def first_in_line(self, session_id: str) -> Registration | None:
        condition = "state = 'waitlisted' ORDER BY queue_number DESC LIMIT 1"
        return self._registration(condition, session_id)


class _NobodyInLine(SQLiteTransaction):
    def first_in_line(self, session_id: str) -> Registration | None:  # noqa: ARG002 - the port's
        return None


class _FrontOfTheLine(SQLiteTransaction):
    def draw_queue_number(self, session_id: str) -> int:
        return 1_000_000 - super().draw_queue_number(session_id)


def _telling(tell: Callable[[Message], Message | None]) -> type[SQLiteTransaction]:
    """Return a transaction that records what is made of each message."""

    class Telling(SQLiteTransaction):
        def write(self, outcome: Outcome) -> bool:
            told = [made for message in outcome.messages if (made := tell(message)) is not None]
            return super().write(replace(outcome, messages=tuple(told)))

    return Telling


def _cancellation(method: Method | None) -> Callable[[Message], Message]:
    def tell(message: Message) -> Message:
        return replace(message, method=method) if message.kind is Kind.CANCELLATION else message

    return tell


def _by_the_clock(message: Message) -> Message:
    return replace(message, number=int((message.recorded - FIRST_INSTANT).total_seconds()))


def _by_the_person(message: Message) -> Message:
    return replace(message, changed_by=ChangedBy.PERSON)


def _not_all(message: Message) -> Message | None:
    return None if message.kind is Kind.CHANGE and message.registration_id[0] in "0123" else message


def _transacting(kind: type[SQLiteTransaction]) -> type[SQLiteStore]:
    """Return a store with such transactions."""

    class Store(SQLiteStore):
        @contextmanager
        def transaction(self) -> Iterator[SQLiteTransaction]:
            with self.database.write() as connection:
                yield kind(connection)

    return Store


# Faults of verbs


class _NeverAgain(SQLiteStore):
    def settle_later(self, message: Message, **named: Any) -> None:
        self.settle_failed(message, now=named["due"], problem=named["problem"], fault=named["fault"])


class _UnknownAtOnce(SQLiteStore):
    def settle_later(self, message: Message, **named: Any) -> None:
        unknown = named["fault"] is DeliveryFault.UNKNOWN
        changes = (
            {"fault": DeliveryFault.MESSAGE, "due": named["due"] - timedelta(hours=4)} if unknown else {}
        )
        super().settle_later(message, **named | changes)


class _LongAfterAnOutage(SQLiteStore):
    def settle_later(self, message: Message, **named: Any) -> None:
        server = named["fault"] is DeliveryFault.SERVER
        super().settle_later(message, **named | {"due": named["due"] + timedelta(hours=2) * server})


class _SettledBeforeSending(SQLiteStore):
    def claim(self, *, now: datetime, **named: Any) -> Delivery | None:
        taken = super().claim(now=now, **named)
        if taken is not None:
            self.settle_sent(taken.message, now=now)
        return taken


class _NewestFirst(SQLiteStore):
    def claim(self, **named: Any) -> Delivery | None:
        taken = super().claim(**named)
        if taken is None or taken.message.kind.for_staff:
            return taken
        there = (each.message for each in self.messages_of(taken.message.email) if each.due is not None)
        here = [message for message in there if message.session_id == taken.message.session_id]
        return replace(taken, message=max(here, key=lambda message: message.number))


class _OvertakenByAnything(SQLiteStore):
    def claim(self, *, now: datetime, **named: Any) -> Delivery | None:
        pending = self.pending()
        for each in pending:
            newer = any(
                other.message.key[:2] == each.message.key[:2] and other.message.number > each.message.number
                for other in pending
            )
            if newer and each.fault is DeliveryFault.UNKNOWN and not each.is_taken(now):
                self.settle_sent(each.message, now=now, instead=OVERTAKEN)
        return super().claim(now=now, **named)


class _NeverOver(SQLiteStore):
    in_hand: str | None = None
    """The session of what was taken, of which delivery, which asks next, shall not hear that it is over."""

    def session(self, session_id: str) -> Occupancy:
        asked, self.in_hand = self.in_hand, None
        if session_id == asked:
            raise UnknownSession(session_id)
        return super().session(session_id)

    def claim(self, *, now: datetime, **named: Any) -> Delivery | None:
        taken = super().claim(now=now, **named)
        if taken is not None and taken.message.kind.for_staff:
            return taken  # which says nothing of a session by itself
        asks = taken and may_be_sent(taken) and taken.message.method is not Method.CANCEL
        self.in_hand = taken.message.session_id if taken and asks else None
        if taken is None or read(taken.message.snapshot_json).session.period.end > now:
            return taken
        later = re.sub(r'"end":"2027', '"end":"2029', taken.message.snapshot_json)
        return replace(taken, message=replace(taken.message, snapshot_json=later))


class _NoReminders(SQLiteStore):
    def write_reminders(self, session_id: str, *, now: datetime) -> int:  # noqa: ARG002 - the port's
        return 0


class _NoticeCutShort(SQLiteStore):
    def write_out_notice(self, session_id: str) -> int:
        with self.transaction() as transaction:
            transaction.clear_notice(session_id)
        return 0


class _AnnouncementCutShort(SQLiteStore):
    def write_out_announcement(self, session_id: str) -> int:
        with self.transaction() as transaction:
            transaction.put_announcement(session_id, None)
        return 0


class _AnnouncementLeft(SQLiteStore):
    def write_out_announcement(self, session_id: str) -> int:  # noqa: ARG002 - the port's
        return 0


class _WithdrawnWithPeople(SQLiteStore):
    def withdraw(self, session_id: str) -> bool:
        with self.transaction() as transaction:
            transaction.delete_session(session_id)
        return True

    def sessions(self, after: datetime) -> list[Occupancy]:
        return [replace(each, confirmed=0, waiting=0) for each in super().sessions(after)]


class _EmailsStay(SQLiteStore):
    def purge(self, *, now: datetime) -> int:
        with self.database.write() as connection:
            connection.execute("CREATE TEMP TABLE kept AS SELECT * FROM messages")
        purged = super().purge(now=now)
        with self.database.write() as connection:
            connection.execute("INSERT OR IGNORE INTO messages SELECT * FROM kept")
            connection.execute("DROP TABLE kept")
        return purged


class _TheLogStays(SQLiteStore):
    def purge(self, *, now: datetime) -> int:
        self.database.scrub = lambda: None
        return super().purge(now=now)


FAULTS: dict[str, Callable[..., SQLiteStore]] = {
    "one seat more than there is": _transacting(_OneSeatMore),
    "one seat less than there is": _transacting(_OneSeatLess),
    "the last in the line is promoted": _transacting(_LastInLine),
    "nobody is promoted": _transacting(_NobodyInLine),
    "whoever comes last is first in the line": _transacting(_FrontOfTheLine),
    "no CANCEL for the last seat": _transacting(_telling(_cancellation(None))),
    "always a CANCEL": _transacting(_telling(_cancellation(Method.CANCEL))),
    "numbers by the clock alone": _transacting(_telling(_by_the_clock)),
    "told as if everybody had done it themselves": _transacting(_telling(_by_the_person)),
    "some are not told of a change": _transacting(_telling(_not_all)),
    "notices are cleared, not written out": _NoticeCutShort,
    "announcements are cleared, not written out": _AnnouncementCutShort,
    "announcements stay until the next sweep": _AnnouncementLeft,
    "no reminders": _NoReminders,
    "never a second try": _NeverAgain,
    "what may have arrived is tried again at once": _UnknownAtOnce,
    "two more hours after an outage": _LongAfterAnOutage,
    "settled before it is sent": _SettledBeforeSending,
    "newest first": _NewestFirst,
    "overtaken by what says nothing to the calendar": _OvertakenByAnything,
    "sent although it is over": _NeverOver,
    "withdrawn with people in it": _WithdrawnWithPeople,
    "emails are kept for good": _EmailsStay,
    "the write-ahead log is never emptied": _TheLogStays,
}
