# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which email is due, to whom, and what it must hold to be written later. All instants are in UTC."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from register.domain.announcements import AnnouncedTo, Announcement
from register.domain.messages import Message, Method
from register.domain.model import ChangedBy, Kind, Notice, Occupancy, Registration, SessionTerms, State, Tally
from register.domain.rules import may_join
from schedule.model import Status

REMINDER_BEFORE = timedelta(days=1)
"""How long before the start the reminder goes out."""

REPEAT_AFTER = timedelta(hours=1)
"""A repeated sign-up and a lost email bring the same email again at the earliest this long after the last."""

ONCE = "once"
"""The occasion of what happens once to a registration."""

EACH = ""
"""The occasion of what may happen again at once: the message's own number takes its place."""

FIRST_INSTANT = datetime(2020, 1, 1, tzinfo=UTC)
"""The instant that number 0 stands for."""

_INVITING = frozenset({Kind.CONFIRMATION, Kind.PROMOTION, Kind.CHANGE, Kind.LINK, Kind.CORRECTION})


@dataclass(frozen=True, slots=True)
class News:
    """What one message tells one person."""

    kind: Kind
    occasion: str
    """Tells two emails of a kind apart."""
    recorded: datetime
    changed_by: ChangedBy
    before_snapshot_json: str | None = None
    """The session's snapshot before a change."""
    place: int | None = None
    """In the line, of somebody who waits; for reminders alone."""
    other_snapshot_json: str | None = None
    """The snapshot of the other session of a move."""
    subject: str | None = None
    """What staff have written, as of `body`: of announcements alone."""
    body: str | None = None


def news_of_sign_up(registration: Registration, now: datetime) -> News:
    """Return what answers a sign-up: a seat, or a place in the line.

    It may come again and again, if it was not `recorded_lately`.
    """
    confirmed = registration.state is State.CONFIRMED
    kind = Kind.CONFIRMATION if confirmed else Kind.WAITING_LIST
    return News(kind, str(int(now.timestamp())), now, registration.changed_by)


def news_of_notice(notice: Notice, terms: SessionTerms) -> News:
    """Return what tells somebody of a change of the session."""
    revision = str(terms.revision)
    return News(notice.kind, revision, notice.recorded, ChangedBy.SCHEDULE, notice.before_snapshot_json)


def news_of_reminder(terms: SessionTerms, now: datetime, place: int | None) -> News:
    """Return what reminds somebody, who may wait; a session that is moved afterward reminds again."""
    starts = str(int(terms.starts.timestamp()))
    return News(Kind.REMINDER, starts, now, ChangedBy.SCHEDULE, place=place)


def news_of_announcement(announcement: Announcement, registration: Registration) -> News:
    """Return what tells somebody what staff have written, in their language."""
    subject, body = announcement.text_for(registration.person.language)
    occasion, recorded = announcement.occasion, announcement.recorded
    return News(Kind.ANNOUNCEMENT, occasion, recorded, ChangedBy.STAFF, subject=subject, body=body)


def next_number(tally: Tally, highest_erased: int, now: datetime) -> int:
    """Return the number of the next message to an email address in a session.

    It rises although clocks are set back and although what was sent before has been erased; that it is the time
    otherwise makes it a DTSTAMP, and keeps it ahead of a session's revision, which stands in the feeds.
    """
    return max(tally.last + 1, highest_erased + 1, number_at(now))


def number_at(now: datetime) -> int:
    """Return the number of a message that follows no other."""
    return int((now - FIRST_INSTANT).total_seconds())


def number_after_erasing(
    highest_erased: int, last: int, registrations: Iterable[Registration], now: datetime
) -> int:
    """Return the number that a session keeps of people who are erased: no message and no change has a higher one.

    `last` is that of the newest message to them. That they are gone is a change, too.
    """
    changes = [number_at(max(now, each.changed)) for each in registrations]
    return max(highest_erased, last, *changes)


def instant_of(number: int) -> datetime:
    """Return the instant that a message's number stands for."""
    return FIRST_INSTANT + timedelta(seconds=number)


def method_of(kind: Kind, state: State, status: Status) -> Method | None:
    """Return what an email does to a calendar; for a seat that is given up, `outcomes` knows what else counts.

    Only people with a seat have an event there. A reminder leaves it alone: it would come as one more invitation.
    So does what staff write.
    """
    if state is not State.CONFIRMED or kind is Kind.ANNOUNCEMENT:
        return None
    if status is Status.CANCELLED or kind.ends:
        return Method.CANCEL
    return Method.REQUEST if kind in _INVITING else None


def reminder_due(occupancy: Occupancy, now: datetime) -> bool:
    """Whether the reminders of a session are to be written."""
    terms = occupancy.terms
    soon = terms.starts - REMINDER_BEFORE <= now < terms.starts
    return soon and terms.status is Status.SCHEDULED and occupancy.reminded != terms.starts


def reminded_too_soon(occupancy: Occupancy, now: datetime) -> bool:
    """Whether reminders are written for a start that is more than a day away: the clock was ahead, and is set back.

    They are due once more then, for people who have signed up since, and at addresses that were corrected since;
    no address gets a second one.
    """
    return occupancy.reminded == occupancy.terms.starts and now < occupancy.terms.starts - REMINDER_BEFORE


def is_reminded(registration: Registration, terms: SessionTerms) -> bool:
    """Whether a person gets the reminder; not somebody who has just been told how things stand."""
    return registration.is_active and registration.since < terms.starts - REMINDER_BEFORE


def is_stale(message: Message, now: datetime) -> bool:
    """Whether an email is of no use any more: the reminder of what has begun, by the start in its occasion."""
    return message.kind is Kind.REMINDER and int(message.occasion) <= now.timestamp()


def is_affected(registration: Registration, notice: Notice) -> bool:
    """Whether a change concerns a registration.

    Also one that is newer than the change: clocks differ, and an email too many is better than one too few.
    """
    return registration.state is State.CONFIRMED or (
        registration.state is State.WAITLISTED and notice.to_waiting
    )


def is_addressed(registration: Registration, announcement: Announcement) -> bool:
    """Whether somebody gets what staff have written: by the state that they are in when it is written out."""
    to = announcement.to
    return (registration.state is State.CONFIRMED and to is not AnnouncedTo.WAITING) or (
        registration.state is State.WAITLISTED and to is not AnnouncedTo.CONFIRMED
    )


def recorded_lately(recorded: Iterable[datetime], now: datetime) -> bool:
    """Whether one of the emails that answer a sign-up, by when they were recorded, is too new for one more.

    Also one that seems to come from the hour ahead: clocks differ and are set back.
    """
    return any(abs(now - instant) < REPEAT_AFTER for instant in recorded)


def message(
    news: News, registration: Registration, terms: SessionTerms, *, number: int, method: Method | None
) -> Message:
    """Return a message, with the link to join for somebody with a seat in a session that takes place.

    About an erasure, and to an address that was corrected, it has the address alone.
    """
    nameless = news.changed_by is ChangedBy.ERASURE or news.kind is Kind.ADDRESS_CHANGED
    joins = may_join(registration.state, terms.status) and not news.kind.ends
    return Message(
        session_id=terms.session_id,
        registration_id=registration.registration_id,
        kind=news.kind,
        occasion=str(number) if news.occasion == EACH else news.occasion,
        number=number,
        method=method,
        name="" if nameless else registration.person.name,
        email=registration.person.email,
        language=registration.person.language,
        state=registration.state,
        changed_by=news.changed_by,
        recorded=news.recorded,
        snapshot_json=terms.snapshot_json,
        join_url=terms.join_url if joins else None,
        before_snapshot_json=news.before_snapshot_json,
        place=news.place,
        link_generation=registration.link_generation,
        other_snapshot_json=news.other_snapshot_json,
        besides=registration.besides,
        subject=news.subject,
        body=news.body,
    )
