# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which email is due, to whom, and what it must hold to be written later. All instants are in UTC."""

from __future__ import annotations

from datetime import datetime, timedelta

from register.domain.model import Kind, Message, Notice, Occupancy, Registration, SessionTerms, State
from schedule.model import Status

REMINDER_BEFORE = timedelta(days=1)
"""How long before the start the reminder goes out."""


REPEAT_AFTER = timedelta(hours=1)
"""A repeated sign-up and a lost mail bring the same mail again at most this often."""


_ENDINGS = frozenset({Kind.CANCELLATION, Kind.SESSION_CANCELLATION})


def reminder_due(occupancy: Occupancy, now: datetime) -> bool:
    """Whether the reminders of a session are to be written."""
    terms = occupancy.terms
    soon = terms.starts - REMINDER_BEFORE <= now < terms.starts
    return soon and terms.status is Status.SCHEDULED and occupancy.reminded != terms.starts


def is_reminded(registration: Registration, terms: SessionTerms) -> bool:
    """Whether a person gets the reminder; not who has just had the confirmation."""
    return registration.state is State.CONFIRMED and registration.since < terms.starts - REMINDER_BEFORE


def state_mail(registration: Registration, terms: SessionTerms, now: datetime) -> Message:
    """Return the mail that tells who has a seat or waits how things stand; the same one within an hour."""
    kind = Kind.CONFIRMATION if registration.state is State.CONFIRMED else Kind.WAITING_LIST
    hour = str(int(now.timestamp() // REPEAT_AFTER.total_seconds()))
    return mail(kind, registration, terms, hour, now)


def promotion_mail(registration: Registration, terms: SessionTerms, now: datetime) -> Message:
    """Return the mail to who has got a seat from the waiting list, which happens once to a registration."""
    return mail(Kind.PROMOTION, registration, terms, "once", now)


def cancellation_mail(registration: Registration, terms: SessionTerms, now: datetime) -> Message:
    """Return the mail to who cancels this seat or place, which happens once to a registration."""
    return mail(Kind.CANCELLATION, registration, terms, "once", now)


def reminder_mail(registration: Registration, terms: SessionTerms, now: datetime) -> Message:
    """Return the reminder; a session that is moved afterward gets another."""
    return mail(Kind.REMINDER, registration, terms, str(int(terms.starts.timestamp())), now)


def is_stale(message: Message, now: datetime) -> bool:
    """Whether a mail is of no use any more: the reminder of what has begun, by the start in its occasion."""
    return message.kind is Kind.REMINDER and int(message.occasion) <= now.timestamp()


def notice_mail(registration: Registration, terms: SessionTerms, notice: Notice) -> Message:
    """Return the mail that tells one person about a change."""
    return mail(notice.kind, registration, terms, str(terms.revision), notice.recorded, before=notice.before)


def mail(
    kind: Kind,
    registration: Registration,
    terms: SessionTerms,
    occasion: str,
    now: datetime,
    *,
    before: str | None = None,
) -> Message:
    """Return a mail, with the link to join for who has a seat in a session that takes place, and for nobody else."""
    joins = registration.state is State.CONFIRMED and kind not in _ENDINGS
    return Message(
        session_id=terms.session_id,
        identity=registration.identity,
        registration_id=registration.registration_id,
        kind=kind,
        occasion=occasion,
        name=registration.person.name,
        email=registration.person.email,
        language=registration.person.language,
        state=registration.state,
        recorded=now,
        details=terms.details,
        join_url=terms.join_url if joins else None,
        before=before,
    )
